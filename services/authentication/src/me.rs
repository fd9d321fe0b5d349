//! What an account asks and changes of itself.

use hexachord_contracts::{
    Context,
    authentication::{Account, AuthenticationError, ChangePassword},
};

use crate::{
    passwords::{NewPassword, Verdict},
    service::Authentication,
};

impl Authentication {
    pub(crate) fn get_me(&self, context: &Context) -> Result<Account, AuthenticationError> {
        self.asker(context).map(|(id, row)| row.account(id))
    }

    pub(crate) async fn change_password(
        &self,
        call: ChangePassword,
        context: Context,
    ) -> Result<(), AuthenticationError> {
        let (id, row) = self.asker(&context)?;
        let new = NewPassword::parse("new", &call.new)?;
        let stored = row.password_hash;
        let attempt = async {
            let salt = self.shared.random();
            let verdict = self.passwords.verify(&call.current, Some(stored.clone()), salt).await?;
            if matches!(verdict, Verdict::Wrong) {
                return Err(AuthenticationError::WrongPassword);
            }
            let hash = self.passwords.hash(new, self.shared.random()).await?;
            let keep = call.keep;
            let changed = self.shared.change(move |change| {
                let known = change.account(id)?.filter(|row| row.password_hash == stored);
                let mut row = known.ok_or(AuthenticationError::WrongPassword)?;
                row.password_hash = hash.clone();
                change.put_account(id, row)?;
                change.end_sessions(id, keep)?;
                Ok(())
            });
            changed.await
        };
        self.throttled(Some(&row.folded), &call.origin, attempt).await
    }
}
