//! Lists of tracks, albums, artists and genres, and of which revision they are.

use std::sync::Arc;

use hexachord_contracts::{
    Context,
    catalog::{
        Album, Artist, Decade, Genre, GetRevision, Letters, ListAlbumLetters, ListAlbums,
        ListArtistLetters, ListArtists, ListDecades, ListGenres, ListTracks, Track,
    },
    page::{Page, Window},
};
use tokio::time::{Instant, timeout_at};

use super::{Catalog, Refusable, wait};
use crate::browse::{self, Counted, Revision, Viewer};

impl Catalog {
    fn counted(&self) -> Counted {
        Counted { outbox: Arc::clone(&self.outbox), remembered: Arc::clone(&self.remembered) }
    }

    pub(super) async fn list_tracks(
        &self,
        call: ListTracks,
        context: Context,
    ) -> Refusable<Window<Track>> {
        self.browse(browse::list_tracks(&call, Viewer::of(&context)?, self.counted())?).await
    }

    pub(super) async fn list_albums(
        &self,
        call: ListAlbums,
        context: Context,
    ) -> Refusable<Window<Album>> {
        self.browse(browse::list_albums(&call, Viewer::of(&context)?, self.counted())?).await
    }

    pub(super) async fn list_artists(
        &self,
        call: ListArtists,
        context: Context,
    ) -> Refusable<Window<Artist>> {
        self.browse(browse::list_artists(&call, Viewer::of(&context)?, self.counted())?).await
    }

    pub(super) async fn list_genres(
        &self,
        call: ListGenres,
        context: Context,
    ) -> Refusable<Page<Genre>> {
        self.read(browse::list_genres(&call, Viewer::of(&context)?)?).await
    }

    pub(super) async fn list_artist_letters(
        &self,
        _: ListArtistLetters,
        context: Context,
    ) -> Refusable<Letters> {
        self.read(browse::list_artist_letters(Viewer::of(&context)?, self.counted())).await
    }

    pub(super) async fn list_album_letters(
        &self,
        call: ListAlbumLetters,
        context: Context,
    ) -> Refusable<Letters> {
        self.read(browse::list_album_letters(&call, Viewer::of(&context)?, self.counted())).await
    }

    pub(super) async fn list_decades(
        &self,
        _: ListDecades,
        context: Context,
    ) -> Refusable<Vec<Decade>> {
        self.read(browse::list_decades(Viewer::of(&context)?, self.counted())).await
    }

    pub(super) async fn get_revision(
        &self,
        call: GetRevision,
        context: Context,
    ) -> Refusable<String> {
        let viewer = Viewer::of(&context)?;
        let until = Instant::now() + wait(call.wait_ms, &context);
        // One too many is answered at once: those who wait leave places to those who browse.
        let place = self.waiting.try_acquire();
        let mut commits = self.store.commits();
        loop {
            commits.mark_unchanged();
            let (outbox, access) = (Arc::clone(&self.outbox), viewer.access().clone());
            let told = self.read(move |read| Ok(Ok(Revision::read(read, &outbox)?.told(&access))));
            let told = told.await?;
            if place.is_err() || call.changed_from.as_ref() != Some(&told) {
                return Ok(told);
            }
            let news = async {
                tokio::select! {
                    news = commits.changed() => news.is_ok(),
                    () = self.retired.cancelled() => false,
                }
            };
            if !timeout_at(until, news).await.unwrap_or(false) {
                return Ok(told);
            }
        }
    }
}
