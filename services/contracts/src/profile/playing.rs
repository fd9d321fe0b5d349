//! What is played at the moment: reports of players, and who listens to what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Timestamp,
    ids::{AccountId, TrackId},
};

/// What a player does with a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaybackState {
    /// It is about to play: a new listening, also to the same track.
    Starting,
    Playing,
    Paused,
    Stopped,
}

/// A player tells what it does now. It is kept in memory only: a restart forgets it.
///
/// What was heard is the time that passed between the reports of a device, not the way between their
/// positions, so a seek is not heard. Once it is enough for a play (see
/// [`RecordPlay`](super::RecordPlay)), one is recorded, with all that is heard of it later. A play that the
/// same device records by itself ([`RecordPlay`](super::RecordPlay) with this `device`) about then is the
/// same one, whichever comes first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReportPlayback {
    pub track: TrackId,
    /// What the client calls itself, cut to 200 characters: it plays one track at a time.
    pub device: String,
    /// At most 30 days.
    pub position_ms: u64,
    pub state: PlaybackState,
    /// Thousandths of the usual speed: at most [`ReportPlayback::FASTEST`].
    pub rate_permille: u32,
    /// False: nothing is recorded because of this report.
    pub count: bool,
}

impl ReportPlayback {
    pub const USUAL_RATE: u32 = 1_000;
    pub const FASTEST: u32 = 16_000;
}

/// What everybody plays now, the latest report first, of the tracks that the caller may see. What
/// nothing is heard of any more has ended by itself: 30 seconds after the track must be over, half an
/// hour after a pause began.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListNowPlaying {}

impl ListNowPlaying {
    /// So many are told.
    pub const MOST: usize = 500;
}

/// The program: what of listeners changed, for those who tell them. With `changed_from` (a `revision` seen
/// before) it waits up to `wait_ms` until something did.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct AwaitListening {
    pub changed_from: Option<u64>,
    pub wait_ms: u64,
}

/// What changed since a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListeningNews {
    pub revision: u64,
    /// Who plays what is not as it was: somebody began, ended, paused or went on, or jumped.
    pub now_playing: bool,
    /// Accounts that saved or removed their queue; `None`: nobody remembers, it may be any.
    pub queues: Option<Vec<AccountId>>,
}

/// A track that somebody listens to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NowPlaying {
    pub account: AccountId,
    pub username: String,
    pub track: TrackId,
    pub device: String,
    pub state: PlaybackState,
    /// Where it must be by now.
    pub position_ms: u64,
    /// Thousandths of the usual speed.
    pub rate_permille: u32,
    pub started_at: Timestamp,
    pub reported_at: Timestamp,
}
