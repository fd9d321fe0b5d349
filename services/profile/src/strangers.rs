//! What the projections do not know yet: they lag behind a scan and a new account by a moment, so
//! the services that own the facts are asked before a caller is refused.

use hexachord_contracts::{
    CallError, Caller, Context,
    authentication::{AuthenticationError, GetAccount},
    catalog::{CatalogError, GetAlbums, GetArtists, GetTracks},
    ids::{AccountId, TrackId},
    item::ItemId,
    page::Paging,
    profile::ProfileError,
};

use redb::ReadTransaction;

use crate::{
    errors::{Refusable, refusal},
    follow,
    service::Profile,
    store::{Change, FOLLOWED, FollowRow, Known, record},
};

impl Profile {
    /// Asks the catalog, as the caller, about items that a call met.
    pub(crate) async fn ask_catalog(
        &self,
        context: &Context,
        items: Vec<ItemId>,
    ) -> Refusable<Known> {
        let mut known = Known { asked: true, ..Known::default() };
        let mut tracks = Vec::new();
        for item in items {
            let is_seen = match item {
                ItemId::Track(id) => {
                    tracks.push(id);
                    continue;
                }
                ItemId::Album(id) => {
                    let found = self.catalog.call(context, GetAlbums { albums: vec![id] }).await;
                    found.map_err(unanswered)?.iter().any(Option::is_some)
                }
                ItemId::Artist(id) => {
                    let found = self.catalog.call(context, GetArtists { artists: vec![id] }).await;
                    found.map_err(unanswered)?.iter().any(Option::is_some)
                }
            };
            if is_seen {
                known.seen.insert(item);
            }
        }
        self.meet_tracks(context, tracks).await?;
        Ok(known)
    }

    /// Takes tracks of the catalog into the projection, in their order, until one is not found.
    async fn meet_tracks(&self, context: &Context, tracks: Vec<TrackId>) -> Refusable<()> {
        for tracks in tracks.chunks(Paging::MOST as usize) {
            let call = GetTracks { tracks: tracks.to_vec() };
            let found = self.catalog.call(context, call).await.map_err(unanswered)?;
            let all_found = found.iter().all(Option::is_some);
            let met = self.store.write(move |write| {
                let mut change = Change::begin(write, Known::default())?;
                for track in found.iter().flatten() {
                    follow::meet_track(&mut change, track)?;
                }
                change.finish()
            });
            met.await.map_err(refusal)?;
            if !all_found {
                break;
            }
        }
        Ok(())
    }

    /// Asks authentication whether there is such an account: it may be new, or gone. What it says
    /// is not kept when news of accounts came meanwhile: the account may be gone by now.
    pub(crate) async fn ask_authentication(
        &self,
        context: &Context,
        account: AccountId,
    ) -> Refusable<()> {
        let followed =
            |read: &ReadTransaction| record(&read.open_table(FOLLOWED)?, &follow::ACCOUNTS);
        let before: Option<FollowRow> = self.store.read(followed).await.map_err(refusal)?;
        let before = before.unwrap_or_default();
        let by_itself = Context { caller: Caller::System, ..context.clone() };
        let found = self.authentication.call(&by_itself, GetAccount { account }).await;
        let found = found.map_err(|error| match error {
            CallError::Refused(AuthenticationError::NotFound { .. }) => ProfileError::Forbidden,
            _ => ProfileError::Busy,
        })?;
        let met = self.store.write(move |write| {
            let mut change = Change::begin(write, Known::default())?;
            if change.followed(follow::ACCOUNTS)? == before {
                follow::meet_account(&mut change, &found)?;
            }
            change.finish()
        });
        met.await.map_err(refusal)
    }
}

/// 'Not found' would be a lie while the catalog cannot be asked.
fn unanswered(error: CallError<CatalogError>) -> ProfileError {
    match error {
        CallError::Refused(CatalogError::Forbidden) => ProfileError::Forbidden,
        CallError::Refused(CatalogError::Storage(text)) => ProfileError::Storage(text),
        _ => ProfileError::Busy,
    }
}
