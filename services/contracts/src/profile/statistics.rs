//! What an account listened to in some time, counted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Timestamp;

/// From one moment on, until before another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Between {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// What the account listened to in a time, of the tracks that it may see now. All its plays of that time
/// are looked through once.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetStatistics {
    /// At most [`GetStatistics::MOST_DAYS`], as the clock of the listener has them.
    pub between: Between,
    /// How far the clock of the listener is ahead of UTC: at most [`GetStatistics::FARTHEST_ZONE`] minutes,
    /// to either side.
    pub zone_minutes: i32,
}

impl GetStatistics {
    pub const MOST_DAYS: usize = 400;
    pub const FARTHEST_ZONE: i32 = 18 * 60;
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Statistics {
    #[serde(flatten)]
    pub total: Listened,
    /// Different tracks with plays that counted, and their albums and artists.
    pub tracks: u64,
    pub albums: u64,
    pub artists: u64,
    /// Every day of the time, also those without plays.
    pub days: Vec<DayListened>,
    /// Hours of the week in which something was heard, from the first of Monday on.
    pub hours: Vec<HourListened>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Listened {
    /// Plays that counted.
    pub plays: u64,
    /// Also of what did not count.
    pub listened_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayListened {
    /// As `2026-11-27`.
    #[schema(format = "date")]
    pub day: String,
    #[serde(flatten)]
    pub listened: Listened,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HourListened {
    /// 1: Monday, 7: Sunday.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
    #[serde(flatten)]
    pub listened: Listened,
}
