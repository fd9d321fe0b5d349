//! What is found by its name, or by chance; and where it lies.

use hexachord_contracts::{
    Context,
    catalog::{
        Album, Artist, FindArtist, FindGenre, Genre, GetPaths, PickAlbums, PickTracks, Track,
    },
};
use hexachord_storage::StoreError;

use super::{Catalog, Refusable, at_most_a_page};
use crate::browse::{self, Tracks, Viewer};

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

    pub(super) async fn get_paths(
        &self,
        call: GetPaths,
        context: Context,
    ) -> Refusable<Vec<Option<String>>> {
        let viewer = Viewer::of(&context)?;
        at_most_a_page("tracks", call.tracks.len())?;
        self.read(move |read| {
            let tracks = Tracks::open(read, viewer)?;
            let path = |id: &_| {
                let row = tracks.row(*id)?;
                Ok(row.map(|row| String::from_utf8_lossy(&row.path).into_owned()))
            };
            call.tracks.iter().map(path).collect::<Result<_, StoreError>>().map(Ok)
        })
        .await
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
