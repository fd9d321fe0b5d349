//! Device keys that are shown with a name: as they are, or as a salted hash.
//!
//! The account's password opens nothing here. Who tries it hears so, after it was verified as on
//! signing in and under the same throttle, so that this door tells no more than that one. Of a salted
//! hash nobody can say what it is made of: where no device key makes it, the answer is the same for
//! every name.

use hexachord_contracts::{
    authentication::{AuthenticationError, DeviceProof, IdentifyDevice, Identity, Origin, Secret},
    ids::DeviceKeyId,
};
use md5::{Digest, Md5};

use crate::{
    device_keys,
    mirror::{Found, SealedKey},
    names::Username,
    passwords::Verdict,
    resources::Shared,
    service::Authentication,
    tokens::{self, DEVICE_KEY, TokenHash},
};

/// Apps take a few characters.
const LONGEST_SALT: usize = 256;
/// Keys that a salted hash is compared with, so that the time does not tell whether there is an account of
/// a name, and which has keys.
const TRIED: usize = device_keys::MOST;

impl Authentication {
    pub(crate) async fn identify_device(
        &self,
        call: IdentifyDevice,
    ) -> Result<Identity, AuthenticationError> {
        let IdentifyDevice { username, proof, origin } = call;
        // What cannot be a username is nobody's.
        let name = Username::parse(&username).ok().map(|name| name.folded);
        let name = name.as_deref();
        match proof {
            DeviceProof::Secret(secret) => self.by_secret(name, &secret, &origin).await,
            DeviceProof::Salted { token, salt } => self.by_salted(name, &token, &salt, &origin),
        }
    }

    async fn by_secret(
        &self,
        name: Option<&str>,
        secret: &Secret,
        origin: &Origin,
    ) -> Result<Identity, AuthenticationError> {
        let token = tokens::hash(secret.reveal());
        if let Some(identity) = self.use_key_of(name, &token) {
            return Ok(identity);
        }
        if secret.reveal().starts_with(DEVICE_KEY) {
            return Err(self.no_key(token, origin, AuthenticationError::WrongPassword));
        }
        let stored = name.and_then(|name| {
            let mirror = self.shared.mirror();
            let (_, row) = mirror.account_named(name).filter(|(_, row)| row.enabled)?;
            Some(row.password_hash.clone())
        });
        let guess = guess(name, secret, stored.as_deref());
        if self.shared.throttle.is_repeated(&guess, &origin.address) {
            return Err(AuthenticationError::WrongPassword);
        }
        let is_known = stored.is_some();
        let attempt = async {
            let verdict = self.passwords.verify(secret, stored, self.shared.random()).await?;
            match verdict {
                Verdict::Right { .. } if is_known => Err(AuthenticationError::DeviceKeyNeeded),
                _ => Err(AuthenticationError::WrongPassword),
            }
        };
        let outcome = self.throttled(name, origin, attempt).await;
        if outcome == Err(AuthenticationError::WrongPassword) {
            self.shared.throttle.remember(guess, &origin.address);
        }
        outcome
    }

    fn by_salted(
        &self,
        name: Option<&str>,
        token: &Secret,
        salt: &Secret,
        origin: &Origin,
    ) -> Result<Identity, AuthenticationError> {
        let shown = token.reveal().to_ascii_lowercase();
        // What no app sends is hashed with no key.
        let may_fit = shown.len() == 32 && salt.reveal().len() <= LONGEST_SALT;
        let keys = if may_fit {
            let mirror = self.shared.mirror();
            let account = name.and_then(|name| mirror.account_named(name)).map(|(id, _)| id);
            with_decoys(mirror.sealed_device_keys(account), &self.decoy)
        } else {
            Vec::new()
        };
        let mut fitting = keys.into_iter().filter_map(|(hash, id, sealed)| {
            let secret = self.shared.key.reveal(id, &sealed)?;
            let made = salted(&secret, salt);
            (blake3::hash(made.as_bytes()) == blake3::hash(shown.as_bytes())).then_some(hash)
        });
        if let Some(identity) = fitting.next().and_then(|hash| self.use_key_of(name, &hash)) {
            return Ok(identity);
        }
        let guess = tokens::hash(&shown);
        Err(self.no_key(guess, origin, AuthenticationError::DeviceKeyNeeded))
    }

    /// The key of this hash, if it is of the account of this name and good.
    fn use_key_of(&self, name: Option<&str>, token: &TokenHash) -> Option<Identity> {
        {
            let mirror = self.shared.mirror();
            let (account, _) = mirror.account_named(name?)?;
            mirror.owner_of_device_key(token).filter(|owner| *owner == account)?;
        }
        match self.use_credential(token, self.now()) {
            Found::Good(identity) => Some(identity),
            Found::Useless | Found::Unknown => None,
        }
    }

    /// What to answer to what is no device key: `refusal`, or to wait.
    fn no_key(
        &self,
        guess: TokenHash,
        origin: &Origin,
        refusal: AuthenticationError,
    ) -> AuthenticationError {
        let now = self.now().steady;
        match self.shared.throttle.wrong_credential(guess, &origin.address, now) {
            AuthenticationError::InvalidCredential => refusal,
            throttled => throttled,
        }
    }
}

/// A key that nobody has.
pub(crate) fn decoy(shared: &Shared) -> SealedKey {
    let (id, secret) = (DeviceKeyId(shared.random_id()), tokens::device_key(shared.random()));
    (tokens::hash(secret.reveal()), id, shared.key.seal(id, &secret, shared.random()))
}

fn with_decoys(mut keys: Vec<SealedKey>, decoy: &SealedKey) -> Vec<SealedKey> {
    keys.resize(keys.len().max(TRIED), decoy.clone());
    keys
}

/// What tells a guess from others. With another password of the account it is another one, since it
/// may be right then; and the salt in what is stored keeps what was guessed from being found out.
fn guess(name: Option<&str>, secret: &Secret, stored: Option<&str>) -> TokenHash {
    let mut hasher = blake3::Hasher::new();
    for part in [name.unwrap_or_default(), secret.reveal(), stored.unwrap_or_default()] {
        hasher.update(&part.len().to_le_bytes()).update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// What an app makes of a secret and a salt.
fn salted(secret: &Secret, salt: &Secret) -> String {
    let hash = Md5::new().chain_update(secret.reveal()).chain_update(salt.reveal());
    format!("{:032x}", u128::from_be_bytes(hash.finalize().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_keys_are_tried_for_every_name() {
        let key = |n: u8| ([n; 32], DeviceKeyId(n.into()), vec![n; 60]);
        let decoy = key(9);
        for count in [0, 1, 8, 100] {
            let keys: Vec<SealedKey> = (0..count).map(key).collect();
            let tried = with_decoys(keys.clone(), &decoy);
            assert_eq!(tried.len(), TRIED, "of {count} keys");
            assert!(tried.starts_with(&keys), "one's own come first");
            assert!(tried[keys.len()..].iter().all(|tried| *tried == decoy));
        }
    }

    /// The sample of Subsonic's documentation.
    #[test]
    fn a_secret_is_salted_as_apps_do_it() {
        let token = salted(&Secret::new("sesame"), &Secret::new("c19b2d"));
        assert_eq!(token, "26719a1196d2a940705a59634eb18eab");
    }
}
