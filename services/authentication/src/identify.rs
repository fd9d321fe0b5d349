//! Whose credential is this? Asked with every request, answered from memory.

use std::sync::Arc;

use hexachord_contracts::{
    authentication::{AuthenticationError, Identify, Identity},
    steady::Moment,
};

use crate::{
    mirror::Found,
    service::Authentication,
    tokens::{self, TokenHash},
};

impl Authentication {
    pub(crate) fn identify(&self, call: &Identify) -> Result<Identity, AuthenticationError> {
        let token = tokens::hash(call.credential.reveal());
        let now = self.now();
        match self.use_credential(&token, now) {
            // Who has a good credential is not guessing, whatever else came from the address.
            Found::Good(identity) => Ok(identity),
            Found::Useless => Err(AuthenticationError::InvalidCredential),
            Found::Unknown => {
                let address = &call.origin.address;
                Err(self.shared.throttle.wrong_credential(token, address, now.steady))
            }
        }
    }

    /// Looks a credential up, and notes that it was used.
    pub(crate) fn use_credential(&self, token: &TokenHash, now: Moment) -> Found {
        let (found, write) = {
            let mut mirror = self.shared.mirror();
            let found = mirror.use_credential(token, now, &self.settings);
            (found, mirror.is_time_to_write_uses(now))
        };
        if write {
            self.write_uses_by_itself();
        }
        found
    }

    /// Writes when credentials were used; nobody waits for it.
    pub(crate) fn write_uses_by_itself(&self) {
        let shared = Arc::clone(&self.shared);
        let settings = self.settings;
        self.tasks.spawn(async move { shared.write_uses(settings).await });
    }
}
