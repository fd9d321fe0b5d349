//! The calls of the catalog. Browsing needs an account or the program; the rest says who may ask.

use serde::{Deserialize, Serialize};

use super::types::CoverOf;
use crate::{
    feed::FeedCursor,
    ids::{AlbumId, ArtistId, GenreId, TrackId},
    page::{Paging, Sort, sorts},
};

sorts!(
    /// Orders of a list of tracks.
    TrackSort, "title, artist, album, year, added" {
        Title = "title", Artist = "artist", Album = "album", Year = "year", Added = "added"
    }
);
sorts!(
    /// Orders of a list of albums.
    AlbumSort, "title, artist, year, added" {
        Title = "title", Artist = "artist", Year = "year", Added = "added"
    }
);
sorts!(
    /// Orders of a list of artists.
    ArtistSort, "name" { Name = "name" }
);
sorts!(
    /// Orders of a list of genres.
    GenreSort, "name" { Name = "name" }
);

/// All tracks that the caller may see and that are not missing; at most one filter is given.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListTracks {
    pub paging: Paging,
    pub sort: Sort<TrackSort>,
    pub filter: Option<Filter>,
    /// Begins so many rows further on, for those who count rows.
    #[serde(default)]
    pub skip: u32,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListAlbums {
    pub paging: Paging,
    pub sort: Sort<AlbumSort>,
    pub filter: Option<Filter>,
    /// As in [`ListTracks`].
    #[serde(default)]
    pub skip: u32,
    /// Only of these years.
    #[serde(default)]
    pub years: Option<Years>,
}

/// From one year to another, with both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Years {
    pub first: i32,
    pub last: i32,
}

impl Years {
    pub fn contains(self, year: Option<i32>) -> bool {
        year.is_some_and(|year| (self.first..=self.last).contains(&year))
    }
}

/// Only what is of this artist or genre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    Artist(ArtistId),
    Genre(GenreId),
}

/// Artists with something to play: those of tracks and of albums, but not those who only took part
/// otherwise.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListArtists {
    pub paging: Paging,
    pub sort: Sort<ArtistSort>,
    /// As in [`ListTracks`].
    #[serde(default)]
    pub skip: u32,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListGenres {
    pub paging: Paging,
    pub sort: Sort<GenreSort>,
}

/// Where the letters of the list of artists by name begin.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListArtistLetters {}

/// Where the letters of a list of albums by title begin.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListAlbumLetters {
    pub filter: Option<Filter>,
    pub years: Option<Years>,
}

/// The decades that albums or tracks are of, the first one first: of what has no year nothing is told.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListDecades {}

/// The artist of this name, as the catalog compares names: without case and white space around them.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindArtist {
    pub name: String,
}

/// [`FindArtist`] for genres.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindGenre {
    pub name: String,
}

/// Tracks by chance that the caller may see and that are not missing, each at most once.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PickTracks {
    /// 1 to [`Paging::MOST`].
    pub limit: u32,
    pub filter: Option<Filter>,
    pub years: Option<Years>,
    /// The same seed picks the same of the same library.
    pub seed: u64,
}

/// [`PickTracks`] for albums.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PickAlbums {
    pub limit: u32,
    pub seed: u64,
}

/// Also a missing track: it is shown greyed where someone kept it.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetTrack {
    pub track: TrackId,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct GetAlbum {
    pub album: AlbumId,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct GetArtist {
    pub artist: ArtistId,
}

/// Fills in a list that another service ordered; `None` for what the caller may not see. At most
/// [`Paging::MOST`] ids.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetTracks {
    pub tracks: Vec<TrackId>,
}

/// [`GetTracks`] for albums.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetAlbums {
    pub albums: Vec<AlbumId>,
}

/// [`GetTracks`] for artists.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetArtists {
    pub artists: Vec<ArtistId>,
}

/// Where the bytes are; refused for a missing track.
#[derive(Debug, Serialize, Deserialize)]
pub struct Locate {
    pub track: TrackId,
}

/// Where in its library the file of each of these is, with `/` between folders; missing ones too, and
/// `None` for what the caller may not see. At most [`Paging::MOST`] ids.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetPaths {
    pub tracks: Vec<TrackId>,
}

/// A square JPEG of at most `size` pixels a side, or the picture as it was found.
#[derive(Debug, Serialize, Deserialize)]
pub struct LocateCover {
    pub of: CoverOf,
    pub size: Option<u32>,
}

/// Those that the caller may see.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListLibraries {}

/// Since when what an account may see is as it is: a later time than was answered before says that it
/// may be another. Another one after each start.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetChanged {}

/// The revision of the caller's lists ([`Window::revision`](crate::page::Window::revision)). With
/// `changed_from` (one that was seen before) it waits up to `wait_ms` until there is another one.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct GetRevision {
    pub changed_from: Option<String>,
    pub wait_ms: u64,
}

/// Administrators and the program: looks through all libraries. One such scan runs at a time: while
/// one does, this answers its state (which tells what was asked of it) and begins no other. Changes
/// that are being looked at without being asked for give way to it, and go on behind it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct StartScan {
    /// Reads every file again.
    pub full: bool,
    /// Believes that what is gone is gone, however much it is: a library that vanished for the most
    /// part, that is empty, or that is on another disk. Not one whose folder cannot be read.
    #[serde(default)]
    pub accept_losses: bool,
}

/// Administrators and the program: what was read so far stays.
#[derive(Debug, Serialize, Deserialize)]
pub struct CancelScan {}

/// Administrators and the program: the state now. With `changed_from` (a `revision` seen before)
/// it waits up to `wait_ms` until there is another one.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct GetScan {
    pub changed_from: Option<u64>,
    pub wait_ms: u64,
}

/// Administrators and the program: files that could not be read, by path.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListUnreadable {
    pub paging: Paging,
}

/// Other services: what changed after `after`; waits up to `wait_ms` when nothing did.
#[derive(Debug, Serialize, Deserialize)]
pub struct FollowCatalog {
    pub after: FeedCursor,
    pub limit: u32,
    pub wait_ms: u64,
}

/// Other services: everything there is, in pages.
#[derive(Debug, Serialize, Deserialize)]
pub struct CatalogSnapshot {
    pub after: Option<String>,
    pub limit: u32,
}
