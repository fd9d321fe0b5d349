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
    let named = call.parameters.songs("id")?;
    let mut place = None;
    if !named.is_empty() {
        let texts: Vec<&str> = call.parameters.all("id").filter(|text| !text.is_empty()).collect();
        let current = call.parameters.required("current")?;
        place = texts.iter().position(|text| *text == current);
        if place.is_none() {
            return Err(Failure::wrong("current", "must be the id of one of the songs"));
        }
    }
    store_songs(call, named, place).await
}

pub(super) async fn save_by_index(call: &Call) -> Outcome {
    let named = call.parameters.songs("id")?;
    let mut place = None;
    if !named.is_empty() {
        call.parameters.required("currentIndex")?;
        place = call.parameters.number("currentIndex")?;
    }
    store_songs(call, named, place).await
}

/// Queues hold songs: episodes of podcasts are left out, and behind one that is played the next song
/// begins. Where there are only episodes, the queue stays as it is.
async fn store_songs(call: &Call, named: Vec<Option<TrackId>>, place: Option<usize>) -> Outcome {
    let tracks: Vec<TrackId> = named.iter().flatten().copied().collect();
    if tracks.is_empty() && !named.is_empty() {
        return call.done();
    }
    let left_out = |place: usize| named.iter().take(place).filter(|song| song.is_none()).count();
    let current = place.map(|place| match named.get(place) {
        None => place - left_out(place),
        Some(_) => (place - left_out(place)).min(tracks.len().saturating_sub(1)),
    });
    let is_song = place.is_none_or(|place| !matches!(named.get(place), Some(None)));
    let position_ms = call.parameters.number("position")?.unwrap_or(0);
    let position_ms = if is_song { position_ms } else { 0 };
    let current = current.map(|place| u32::try_from(place).unwrap_or(u32::MAX));
    let save = SavePlayQueue { tracks, current, position_ms, client: call.device() };
    let saved = call.edge.profile.call(call.context(), save).await;
    saved.map_err(|error| Failure::named(error, NAMES))?;
    call.done()
}
