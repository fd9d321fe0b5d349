//! What the others may ask profile: playlists, favourites, ratings, plays, and lists by them.
//!
//! It owns what listeners do with music. All calls but the feed are about the account that asks.
//! Lists are ordered and paged here, from a projection of the catalog, and hold only what the
//! caller may see; the edge asks the catalog to fill them in.

mod calls;
mod error;
mod import;
mod types;

pub use calls::*;
pub use error::ProfileError;
pub use import::*;
pub use types::*;

use crate::{feed, follow::feed_of, page::Page};

contract!("profile", Profile, ProfileError {
    RecordPlay => RecordedPlay,
    ListPlays => Page<Play>,
    ListTop => Page<TopItem>,
    SetFavourite => Annotation,
    ListFavourites => Page<Favourite>,
    SetRating => Annotation,
    GetAnnotations => Vec<Annotation>,
    ListAnnotated => Vec<Annotation>,
    CountPlays => Vec<u32>,
    CreatePlaylist => Playlist,
    ListPlaylists => Page<Playlist>,
    GetPlaylist => Playlist,
    GetPlaylists => Vec<Option<Playlist>>,
    ListEntries => Page<PlaylistEntry>,
    UpdatePlaylist => Playlist,
    RemovePlaylist => (),
    AddToPlaylist => Playlist,
    MoveInPlaylist => Playlist,
    RemoveFromPlaylist => Playlist,
    ReplaceInPlaylist => Playlist,
    ImportHistory => Vec<Taken>,
    ImportPlaylist => ImportedPlaylist,
    FollowProfile => feed::Changes<ProfileChange>,
    ProfileSnapshot => feed::Snapshot<ProfileChange>,
});

feed_of!(Profile, ProfileChange, FollowProfile, ProfileSnapshot);
