//! Device keys: named secrets for players that cannot sign in.

use hexachord_contracts::{
    Context,
    authentication::{
        AuthenticationError, CreateDeviceKey, DeviceKey, NewDeviceKey, RevokeDeviceKey,
    },
    ids::{AccountId, DeviceKeyId},
};

use crate::{
    names::{invalid, label},
    service::{Authentication, administrators_only, no_such},
    store::DeviceKeyRow,
    tokens,
};

/// Device keys an account may have.
pub(crate) const MOST: usize = 100;

impl Authentication {
    pub(crate) async fn create_device_key(
        &self,
        call: CreateDeviceKey,
        context: Context,
    ) -> Result<NewDeviceKey, AuthenticationError> {
        let owner = self.owner_of_new_key(call.account, &context)?;
        let label = label(&call.label)?;
        let id = DeviceKeyId(self.shared.random_id());
        let secret = tokens::device_key(self.shared.random());
        let created_at = self.now().wall;
        let row = DeviceKeyRow {
            token: tokens::hash(secret.reveal()),
            label: label.clone(),
            sealed: self.shared.key.seal(id, &secret, self.shared.random()),
            created_at,
            last_used_at: None,
        };
        let kept = self.shared.change(move |change| {
            if change.account(owner)?.is_none() {
                return Err(no_such("account").into());
            }
            if change.device_keys(owner)?.len() >= MOST {
                let reason = "the account has 100 device keys: revoke one that it does not use";
                return Err(invalid("label", reason).into());
            }
            Ok(change.put_device_key(owner, id, row.clone())?)
        });
        kept.await?;
        Ok(NewDeviceKey { id, label, created_at, secret })
    }

    fn owner_of_new_key(
        &self,
        named: Option<AccountId>,
        context: &Context,
    ) -> Result<AccountId, AuthenticationError> {
        match named {
            Some(account) if context.account() == Some(account) => Ok(self.asker(context)?.0),
            Some(account) => administrators_only(context).map(|()| account),
            None if context.account().is_none() && context.may_administer() => {
                Err(invalid("account", "say for which account the device key is"))
            }
            None => Ok(self.asker(context)?.0),
        }
    }

    pub(crate) fn list_device_keys(
        &self,
        context: &Context,
    ) -> Result<Vec<DeviceKey>, AuthenticationError> {
        let (account, _) = self.asker(context)?;
        Ok(self.shared.mirror().device_keys(account))
    }

    pub(crate) async fn revoke_device_key(
        &self,
        call: RevokeDeviceKey,
        context: Context,
    ) -> Result<(), AuthenticationError> {
        let (account, _) = self.asker(&context)?;
        let ended = self.shared.change(move |change| Ok(change.end_device_key(account, call.key)?));
        if ended.await? { Ok(()) } else { Err(no_such("device key")) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hexachord_contracts::{
        Clock, Context, LibraryAccess, Role,
        authentication::{CreateAccount, CreateDeviceKey, Secret},
    };
    use rand::{SeedableRng, rngs::StdRng};

    use crate::{
        Authentication, PasswordCost, Resources, SecretKey, Settings, open_memory_store,
        store::{Effect, load},
    };

    #[tokio::test]
    async fn what_is_stored_reveals_the_key() {
        let cost = PasswordCost { memory_kib: 8, passes: 1 };
        let settings = Settings { password_cost: cost, ..Settings::default() };
        let store = open_memory_store(1).unwrap();
        let key = Arc::new(SecretKey::new([7; 32]));
        let hashers = Arc::new(settings.hashers().unwrap());
        let rng = StdRng::seed_from_u64(1);
        let resources =
            Resources::new(store.clone(), hashers, Arc::clone(&key), Clock::default(), rng);
        let service = Authentication::new(settings, resources).await.unwrap();
        let system = || Context::system(std::time::Duration::from_secs(10));
        let (role, libraries) = (Role::Listener, LibraryAccess::All);
        let (username, password) = ("anna".to_owned(), Secret::new("correct horse"));
        let anna = CreateAccount { username, password, role, libraries };
        let anna = service.create_account(anna, system()).await.unwrap();
        let ask = CreateDeviceKey { label: "phone".to_owned(), account: Some(anna.id) };
        let made = service.create_device_key(ask, system()).await.unwrap();

        let (facts, _) = store.read(load).await.unwrap();
        let rows = facts.iter().filter_map(|fact| match fact {
            Effect::DeviceKey(account, id, row) => Some((*account, *id, row)),
            _ => None,
        });
        let [(account, id, row)] = rows.collect::<Vec<_>>()[..] else { panic!("not one key") };
        assert_eq!((account, id), (anna.id, made.id));
        assert_eq!(key.reveal(id, &row.sealed), Some(made.secret));
        assert_eq!(SecretKey::new([8; 32]).reveal(id, &row.sealed), None);
    }
}
