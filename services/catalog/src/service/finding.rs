//! What is found by its name, or by chance.

use hexachord_contracts::{
    Context,
    catalog::{Album, Artist, FindArtist, FindGenre, Genre, PickAlbums, PickTracks, Track},
};

use super::{Catalog, Refusable};
use crate::browse::{self, Viewer};

impl Catalog {
    pub(super) async fn find_artist(
        &self,
        call: FindArtist,
        context: Context,
    ) -> Refusable<Artist> {
        let viewer = Viewer::of(&context)?;
        self.browse(move |read| browse::find_artist(read, &viewer, &call.name)).await
    }

    pub(super) async fn find_genre(&self, call: FindGenre, context: Context) -> Refusable<Genre> {
        let viewer = Viewer::of(&context)?;
        self.read(move |read| browse::find_genre(read, &viewer, &call.name)).await
    }

    pub(super) async fn pick_tracks(
        &self,
        call: PickTracks,
        context: Context,
    ) -> Refusable<Vec<Track>> {
        self.browse(browse::pick_tracks(&call, Viewer::of(&context)?)?).await
    }

    pub(super) async fn pick_albums(
        &self,
        call: PickAlbums,
        context: Context,
    ) -> Refusable<Vec<Album>> {
        self.browse(browse::pick_albums(&call, Viewer::of(&context)?)?).await
    }
}
