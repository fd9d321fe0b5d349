//! The pictures that accounts show of themselves.

use std::sync::Arc;

use hexachord_contracts::{
    Context,
    ids::AccountId,
    profile::{Avatar, GetAvatar, Picture, ProfileError, RemoveAvatar, SetAvatar},
};

use crate::{
    errors::{Refusable, invalid, no_such},
    service::Profile,
    store::{ACCOUNTS, AVATARS, AccountRow, AvatarRow, record},
    viewer::{Listener, Viewer},
};

/// How every JPEG begins.
const JPEG: [u8; 3] = [0xff, 0xd8, 0xff];

impl Profile {
    pub(crate) async fn set_avatar(&self, call: SetAvatar, context: Context) -> Refusable<()> {
        let Listener { account, .. } = Listener::of(&context)?;
        let Picture(picture) = call.picture;
        if picture.len() > Picture::MOST_BYTES {
            return Err(invalid("picture", format!("has more than {} bytes", Picture::MOST_BYTES)));
        }
        if !picture.starts_with(&JPEG) {
            return Err(invalid("picture", "must be a JPEG"));
        }
        let row = Arc::new(AvatarRow { picture, changed_at: self.clock.now() });
        self.change(&context, move |change| {
            change.require_account(account)?;
            Ok(change.put_avatar(account, &row)?)
        })
        .await
    }

    pub(crate) async fn remove_avatar(&self, _: RemoveAvatar, context: Context) -> Refusable<()> {
        let Listener { account, .. } = Listener::of(&context)?;
        self.change(&context, move |change| {
            let was_there = change.remove_avatar(account)?;
            was_there.then_some(()).ok_or_else(|| no_such("avatar").into())
        })
        .await
    }

    pub(crate) async fn get_avatar(
        &self,
        call: GetAvatar,
        context: Context,
    ) -> Refusable<Option<Avatar>> {
        Viewer::of(&context)?;
        let known = self.avatar_of(call.account).await;
        let Err(ProfileError::NotFound { .. }) = known else { return known };
        // It may be new.
        self.ask_authentication(&context, call.account).await.map_err(|error| match error {
            ProfileError::Forbidden => no_such("account"),
            error => error,
        })?;
        self.avatar_of(call.account).await
    }

    async fn avatar_of(&self, account: AccountId) -> Refusable<Option<Avatar>> {
        self.read(move |read| {
            let known: Option<AccountRow> = record(&read.open_table(ACCOUNTS)?, &account.0)?;
            if known.is_none() {
                return Ok(Err(no_such("account")));
            }
            let row: Option<AvatarRow> = record(&read.open_table(AVATARS)?, &account.0)?;
            Ok(Ok(row.map(AvatarRow::avatar)))
        })
        .await
    }
}
