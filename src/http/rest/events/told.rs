//! What the events say.

use axum::response::sse::Event;
use hexachord_contracts::{Page, Timestamp, catalog::ScanState, profile::PlayQueue};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::playing::PlayingTrack;
use crate::http::credential::Who;

/// The data of one event; its name says which.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Told {
    /// `hello`
    Hello {
        /// Of the server.
        version: &'static str,
        /// The revision of one's lists; `null` while the catalog is away.
        library: Option<String>,
    },
    /// `library`
    Library {
        /// As lists tell it.
        revision: String,
    },
    /// `services`
    Services {
        /// Names of services that do not answer now.
        away: Vec<&'static str>,
    },
    /// `queue`
    Queue(QueueNews),
    /// `now_playing`
    NowPlaying(Page<PlayingTrack>),
    /// `scan`
    Scan(Box<ScanState>),
}

/// The queue that one saved last, without its tracks; without a queue everything is empty.
#[derive(Serialize, ToSchema)]
pub(super) struct QueueNews {
    track_count: u32,
    /// Which of them is played, counted from 0.
    current: Option<u32>,
    position_ms: u64,
    changed_at: Option<Timestamp>,
    /// The client that saved it.
    changed_by: Option<String>,
}

impl QueueNews {
    pub(super) fn of(queue: Option<PlayQueue>) -> Self {
        let track_count = queue.as_ref().map_or(0, |queue| queue.tracks.len());
        Self {
            track_count: u32::try_from(track_count).unwrap_or(u32::MAX),
            current: queue.as_ref().map(|queue| queue.current),
            position_ms: queue.as_ref().map_or(0, |queue| queue.position_ms),
            changed_at: queue.as_ref().map(|queue| queue.changed_at),
            changed_by: queue.map(|queue| queue.changed_by),
        }
    }
}

impl Told {
    pub(super) fn hello(library: Option<String>) -> Self {
        Self::Hello { version: env!("CARGO_PKG_VERSION"), library }
    }

    /// May somebody hear it?
    pub(super) fn is_for(&self, who: &Who) -> bool {
        !matches!(self, Self::Scan(_)) || who.context.may_administer()
    }

    pub(super) fn event(&self) -> Event {
        let name = match self {
            Self::Hello { .. } => "hello",
            Self::Library { .. } => "library",
            Self::Services { .. } => "services",
            Self::Queue(_) => "queue",
            Self::NowPlaying(_) => "now_playing",
            Self::Scan(_) => "scan",
        };
        // All of it is plain data, which has a JSON form.
        Event::default().event(name).json_data(self).unwrap_or_default()
    }
}
