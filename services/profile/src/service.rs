//! One incarnation of the service: which method answers which call, and how calls read and write.

use std::sync::Arc;

use hexachord_contracts::{
    BoxError, Client, Clock, Context, Service, authentication::Authentication,
    background::Background, catalog::Catalog, profile as contract, profile::Request,
};
use hexachord_storage::{Outbox, Store};
use redb::ReadTransaction;
use tokio_util::sync::CancellationToken;

use crate::{
    errors::{Answer, Refusable, Stop, refusal},
    follow,
    resources::Resources,
    store::{Change, Known},
};

pub struct Profile {
    pub(crate) resources: Resources,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) outbox: Outbox,
    pub(crate) authentication: Client<Authentication>,
    pub(crate) catalog: Client<Catalog>,
    background: Background,
    /// Ends whoever waits for news.
    pub(crate) retired: CancellationToken,
}

impl Profile {
    /// Builds an incarnation, which begins to follow the catalog and the accounts. Must be called
    /// inside a runtime.
    #[expect(clippy::unused_async, reason = "every service is built by a future")]
    pub async fn new(
        resources: Resources,
        authentication: Client<Authentication>,
        catalog: Client<Catalog>,
    ) -> Result<Self, BoxError> {
        let (store, clock) = (resources.store.clone(), resources.clock.clone());
        let outbox = Outbox::new(store.clone());
        let background = Background::default();
        follow::accounts(&background, &store, &authentication);
        follow::catalog(&background, &store, &catalog);
        let retired = CancellationToken::new();
        Ok(Self { resources, store, clock, outbox, authentication, catalog, background, retired })
    }

    /// Reads off the runtime; a failure of the store becomes a refusal.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&ReadTransaction) -> Answer<T> + Send + 'static,
    ) -> Refusable<T> {
        self.store.read(job).await.map_err(refusal)?
    }

    /// Changes the facts: what is answered is durable. `work` decides inside the transaction, before
    /// it inserts anything, and runs again when other services had to be asked about what it met.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl Fn(&mut Change<'_>) -> Result<T, Stop> + Clone + Send + 'static,
    ) -> Refusable<T> {
        let mut known = Known::default();
        loop {
            let (work, so_far) = (work.clone(), known.clone());
            let written = self.store.write(move |write| {
                let mut change = Change::begin(write, so_far.clone())?;
                match work(&mut change) {
                    Ok(answer) => {
                        change.finish()?;
                        Ok(Ok(answer))
                    }
                    Err(Stop::Failed(error)) => Err(error),
                    Err(stop) => Ok(Err(stop)),
                }
            });
            match written.await.map_err(refusal)? {
                Ok(answer) => return Ok(answer),
                Err(Stop::Refused(error)) => return Err(error),
                Err(Stop::Failed(error)) => return Err(refusal(error)),
                Err(Stop::Unknown(items)) => known = self.ask_catalog(context, items).await?,
                Err(Stop::Stranger(account)) => self.ask_authentication(context, account).await?,
            }
        }
    }
}

impl Service for Profile {
    type Contract = contract::Profile;

    async fn handle(self: Arc<Self>, request: Request) {
        match request {
            Request::RecordPlay(ask) => ask.answer(|call, by| self.record_play(call, by)).await,
            Request::RecordPlays(ask) => ask.answer(|call, by| self.record_plays(call, by)).await,
            Request::ListPlays(ask) => ask.answer(|call, by| self.list_plays(call, by)).await,
            Request::ListTop(ask) => ask.answer(|call, by| self.list_top(call, by)).await,
            Request::GetStatistics(ask) => ask.answer(|c, by| self.get_statistics(c, by)).await,
            Request::SetFavourite(ask) => ask.answer(|call, by| self.set_favourite(call, by)).await,
            Request::SetFavourites(ask) => ask.answer(|c, by| self.set_favourites(c, by)).await,
            Request::ListFavourites(ask) => ask.answer(|c, by| self.list_favourites(c, by)).await,
            Request::SetRating(ask) => ask.answer(|call, by| self.set_rating(call, by)).await,
            Request::ListAnnotated(ask) => ask.answer(|c, by| self.list_annotated(c, by)).await,
            Request::ListTopOfArtist(ask) => {
                ask.answer(|c, by| self.list_top_of_artist(c, by)).await;
            }
            Request::GetAnnotations(ask) => ask.answer(|c, by| self.get_annotations(c, by)).await,
            Request::GetMarks(ask) => ask.answer(|call, by| self.get_marks(call, by)).await,
            Request::CreatePlaylist(ask) => ask.answer(|c, by| self.create_playlist(c, by)).await,
            Request::ListPlaylists(ask) => ask.answer(|c, by| self.list_playlists(c, by)).await,
            Request::GetPlaylist(ask) => ask.answer(|call, by| self.get_playlist(call, by)).await,
            Request::GetPlaylists(ask) => ask.answer(|call, by| self.get_playlists(call, by)).await,
            Request::ListEntries(ask) => ask.answer(|call, by| self.list_entries(call, by)).await,
            Request::UpdatePlaylist(ask) => ask.answer(|c, by| self.update_playlist(c, by)).await,
            Request::EditPlaylist(ask) => ask.answer(|call, by| self.edit_playlist(call, by)).await,
            Request::RemovePlaylist(ask) => ask.answer(|c, by| self.remove_playlist(c, by)).await,
            Request::AddToPlaylist(ask) => ask.answer(|c, by| self.add_to_playlist(c, by)).await,
            Request::MoveInPlaylist(ask) => ask.answer(|c, by| self.move_in_playlist(c, by)).await,
            Request::RemoveFromPlaylist(ask) => {
                ask.answer(|call, by| self.remove_from_playlist(call, by)).await;
            }
            Request::ReplaceInPlaylist(ask) => {
                ask.answer(|call, by| self.replace_in_playlist(call, by)).await;
            }
            Request::SetBookmark(ask) => ask.answer(|call, by| self.set_bookmark(call, by)).await,
            Request::RemoveBookmark(ask) => ask.answer(|c, by| self.remove_bookmark(c, by)).await,
            Request::ListBookmarks(ask) => ask.answer(|c, by| self.list_bookmarks(c, by)).await,
            Request::SavePlayQueue(ask) => ask.answer(|c, by| self.save_play_queue(c, by)).await,
            Request::GetPlayQueue(ask) => ask.answer(|c, by| self.get_play_queue(c, by)).await,
            Request::ReportPlayback(ask) => ask.answer(|c, by| self.report_playback(c, by)).await,
            Request::ListNowPlaying(ask) => ask.answer(|c, by| self.list_now_playing(c, by)).await,
            Request::AwaitListening(ask) => {
                ask.answer_while_wanted(|call, by| self.await_listening(call, by)).await;
            }
            Request::AddRadioStation(ask) => {
                ask.answer(|call, by| self.add_radio_station(call, by)).await;
            }
            Request::UpdateRadioStation(ask) => {
                ask.answer(|call, by| self.update_radio_station(call, by)).await;
            }
            Request::RemoveRadioStation(ask) => {
                ask.answer(|call, by| self.remove_radio_station(call, by)).await;
            }
            Request::ListRadioStations(ask) => {
                ask.answer(|call, by| self.list_radio_stations(call, by)).await;
            }
            Request::GetRadioStation(ask) => {
                ask.answer(|call, by| self.get_radio_station(call, by)).await;
            }
            Request::PostMessage(ask) => ask.answer(|call, by| self.post_message(call, by)).await,
            Request::ListMessages(ask) => ask.answer(|call, by| self.list_messages(call, by)).await,
            Request::CreateShare(ask) => ask.answer(|call, by| self.create_share(call, by)).await,
            Request::ListShares(ask) => ask.answer(|call, by| self.list_shares(call, by)).await,
            Request::UpdateShare(ask) => ask.answer(|call, by| self.update_share(call, by)).await,
            Request::RemoveShare(ask) => ask.answer(|call, by| self.remove_share(call, by)).await,
            Request::OpenShare(ask) => ask.answer(|call, by| self.open_share(call, by)).await,
            Request::FindShared(ask) => ask.answer(|call, by| self.find_shared(call, by)).await,
            Request::SetAvatar(ask) => ask.answer(|call, by| self.set_avatar(call, by)).await,
            Request::RemoveAvatar(ask) => ask.answer(|call, by| self.remove_avatar(call, by)).await,
            Request::GetAvatar(ask) => ask.answer(|call, by| self.get_avatar(call, by)).await,
            Request::ImportHistory(ask) => ask.answer(|c, by| self.import_history(c, by)).await,
            Request::ImportPlaylist(ask) => ask.answer(|c, by| self.import_playlist(c, by)).await,
            Request::FollowProfile(ask) => {
                ask.answer_while_wanted(|call, by| self.follow_profile(call, by)).await;
            }
            Request::ProfileSnapshot(ask) => ask.answer(|c, by| self.profile_snapshot(c, by)).await,
        }
    }

    fn retire(&self) {
        self.background.retire();
        self.outbox.retire();
        self.retired.cancel();
    }
}
