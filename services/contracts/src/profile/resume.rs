//! Where an account goes on: bookmarks in tracks, and the queue that it plays.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, ids::TrackId, page::Paging};

/// Tracks of one queue: it stays below the size of a message.
pub const MOST_QUEUED: usize = 10_000;

/// Where to go on in a track, in place of the bookmark that is there.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetBookmark {
    pub track: TrackId,
    /// At most 30 days.
    pub position_ms: u64,
    /// At most 2,000 characters.
    pub comment: String,
}

/// Refused when there is none. It need not be seen: the track may be gone meanwhile.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveBookmark {
    pub track: TrackId,
}

/// The latest change first; also those of missing tracks.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListBookmarks {
    pub paging: Paging,
}

/// The queue of the account from now on; without tracks there is none any more.
///
/// A client may not know yet that a track is gone: what the account may not see is kept at its place
/// and not told, until it is there again.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavePlayQueue {
    /// At most [`MOST_QUEUED`]; doubled ones are welcome.
    pub tracks: Vec<TrackId>,
    /// Which of them is played, counted from 0. Only absent without tracks.
    pub current: Option<u32>,
    /// Where that one is: at most 30 days.
    pub position_ms: u64,
    /// What the client calls itself; cut to 200 characters.
    pub client: String,
}

/// The queue that was saved last; `None` when there is none, or nothing of it can be seen.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetPlayQueue {}

/// Where somebody wants to go on in a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bookmark {
    pub track: TrackId,
    pub position_ms: u64,
    pub comment: String,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

/// What an account plays, as it can be seen now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlayQueue {
    /// Never empty.
    pub tracks: Vec<TrackId>,
    /// Which of them is played, counted from 0: still the same one when others are gone. When it is
    /// gone itself, the one behind it, else the last.
    pub current: u32,
    /// 0 when another track took the place of the one that was played.
    pub position_ms: u64,
    pub changed_at: Timestamp,
    /// The client that saved it.
    pub changed_by: String,
}
