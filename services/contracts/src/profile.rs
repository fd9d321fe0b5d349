//! What the others may ask profile: playlists, favourites, ratings, plays, and lists by them; queues,
//! bookmarks, shares, avatars, and what is played now; what everybody has together: radio stations and messages.
//!
//! It owns what listeners do with music. All calls but the feed are about the account that asks.
//! Lists are ordered and paged here, from a projection of the catalog, and hold only what the
//! caller may see; the edge asks the catalog to fill them in.

mod avatars;
mod calls;
mod error;
mod house;
mod import;
mod playing;
mod resume;
mod shares;
mod statistics;
mod types;

pub use avatars::*;
pub use calls::*;
pub use error::ProfileError;
pub use house::*;
pub use import::*;
pub use playing::*;
pub use resume::*;
pub use shares::*;
pub use statistics::*;
pub use types::*;

use crate::{feed, follow::feed_of, page::Page};

contract!("profile", Profile, ProfileError {
    RecordPlay => RecordedPlay,
    RecordPlays => Vec<RecordedPlay>,
    ListPlays => Page<Play>,
    ListTop => Page<TopItem>,
    GetStatistics => Statistics,
    SetFavourite => Annotation,
    SetFavourites => Vec<Annotation>,
    ListFavourites => Page<Favourite>,
    SetRating => Annotation,
    GetAnnotations => Vec<Annotation>,
    GetMarks => Marks,
    ListAnnotated => Vec<Annotation>,
    ListTopOfArtist => Vec<TrackPlays>,
    CreatePlaylist => Playlist,
    ListPlaylists => Page<Playlist>,
    GetPlaylist => Playlist,
    GetPlaylists => Vec<Option<Playlist>>,
    ListEntries => Page<PlaylistEntry>,
    UpdatePlaylist => Playlist,
    EditPlaylist => Playlist,
    RemovePlaylist => (),
    AddToPlaylist => Playlist,
    MoveInPlaylist => Playlist,
    RemoveFromPlaylist => Playlist,
    ReplaceInPlaylist => Playlist,
    SetBookmark => Bookmark,
    RemoveBookmark => (),
    ListBookmarks => Page<Bookmark>,
    SavePlayQueue => Option<PlayQueue>,
    GetPlayQueue => Option<PlayQueue>,
    ReportPlayback => Option<RecordedPlay>,
    ListNowPlaying => Vec<NowPlaying>,
    AwaitListening => ListeningNews,
    AddRadioStation => RadioStation,
    UpdateRadioStation => RadioStation,
    RemoveRadioStation => (),
    ListRadioStations => Page<RadioStation>,
    GetRadioStation => RadioStation,
    PostMessage => ChatMessage,
    ListMessages => Page<ChatMessage>,
    CreateShare => Share,
    ListShares => Page<Share>,
    UpdateShare => Share,
    RemoveShare => (),
    OpenShare => OpenedShare,
    FindShared => FoundShared,
    SetAvatar => (),
    RemoveAvatar => (),
    GetAvatar => Option<Avatar>,
    ImportHistory => Vec<Taken>,
    ImportPlaylist => ImportedPlaylist,
    FollowProfile => feed::Changes<ProfileChange>,
    ProfileSnapshot => feed::Snapshot<ProfileChange>,
});

feed_of!(Profile, ProfileChange, FollowProfile, ProfileSnapshot);
