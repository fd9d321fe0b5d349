//! The queue that one plays, from one app to the next: with its song told by id, or by index.

use std::collections::HashSet;

use hexachord_contracts::{
    Timestamp,
    ids::TrackId,
    profile::{GetPlayQueue, SavePlayQueue},
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::{Failure, Names},
    filling,
    model::Child,
};

const NAMES: &Names =
    &[("track_ids", "id"), ("current", "currentIndex"), ("position_ms", "position")];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Queue<'a> {
    /// The id of the song that is played…
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<String>,
    /// …or its place, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_index: Option<usize>,
    /// Milliseconds.
    position: u64,
    username: &'a str,
    changed: Timestamp,
    changed_by: String,
    entry: Vec<Child>,
}

pub(super) async fn get(call: &Call) -> Outcome {
    let queue = read(call).await?;
    call.answer("playQueue", &Queue { current_index: None, ..queue })
}

pub(super) async fn get_by_index(call: &Call) -> Outcome {
    let queue = read(call).await?;
    call.answer("playQueueByIndex", &Queue { current: None, ..queue })
}

/// Both ways to tell what is played. Who has saved nothing has an empty queue of long ago.
async fn read(call: &Call) -> Result<Queue<'_>, Failure> {
    let username = call.username()?;
    let Some(saved) = call.edge.profile.call(call.context(), GetPlayQueue {}).await? else {
        return Ok(Queue {
            current: None,
            current_index: None,
            position: 0,
            username,
            changed: Timestamp::default(),
            changed_by: String::new(),
            entry: Vec::new(),
        });
    };
    let tracks = filling::fetch_tracks(&call.edge, call.context(), &saved.tracks).await?;
    // The catalog may know already that some are gone.
    let found: HashSet<TrackId> = tracks.iter().map(|track| track.id).collect();
    let place = saved.current as usize;
    let before = saved.tracks.iter().take(place).filter(|track| found.contains(track)).count();
    let is_there = saved.tracks.get(place).is_some_and(|track| found.contains(track));
    let current_index = tracks.len().checked_sub(1).map(|last| before.min(last));
    let current = current_index.and_then(|index| tracks.get(index)).map(|it| it.id.to_string());
    Ok(Queue {
        current,
        current_index,
        position: if is_there { saved.position_ms } else { 0 },
        username,
        changed: saved.changed_at,
        changed_by: saved.changed_by,
        entry: filling::songs(&call.edge, call.context(), tracks).await?,
    })
}

/// `current` is one of the songs; the first of them that are the same.
pub(super) async fn save(call: &Call) -> Outcome {
    let tracks: Vec<TrackId> = call.parameters.ids("id")?;
    let mut place = None;
    if !tracks.is_empty() {
        let current: Option<TrackId> = call.parameters.required("current")?.parse().ok();
        place = tracks.iter().position(|track| Some(*track) == current);
        if place.is_none() {
            return Err(Failure::wrong("current", "must be the id of one of the songs"));
        }
    }
    let place = place.map(|place| u32::try_from(place).unwrap_or(u32::MAX));
    store(call, tracks, place).await
}

pub(super) async fn save_by_index(call: &Call) -> Outcome {
    let tracks: Vec<TrackId> = call.parameters.ids("id")?;
    let mut place = None;
    if !tracks.is_empty() {
        call.parameters.required("currentIndex")?;
        place = call.parameters.number("currentIndex")?;
    }
    store(call, tracks, place).await
}

/// Without songs there is no queue any more.
async fn store(call: &Call, tracks: Vec<TrackId>, current: Option<u32>) -> Outcome {
    let position_ms = call.parameters.number("position")?.unwrap_or(0);
    let save = SavePlayQueue { tracks, current, position_ms, client: call.device() };
    let saved = call.edge.profile.call(call.context(), save).await;
    saved.map_err(|error| Failure::named(error, NAMES))?;
    call.done()
}
