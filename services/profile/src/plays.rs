//! Plays: what was heard, whether it counts, and the lists of it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use hexachord_contracts::{
    Context, Timestamp,
    ids::{AccountId, PlayId, TrackId},
    item::ItemId,
    page::Page,
    profile::{
        ListPlays, ListTop, Play, ProfileError, RecordPlay, RecordPlays, RecordedPlay, TopItem,
    },
};
use hexachord_storage::{Record, StoreError};

use crate::{
    errors::{Refusable, Stop, invalid},
    page::{Asked, at_most_a_page},
    service::Profile,
    store::{
        Change, PLAYS, PlayRow, Projection, TOP, kind_number, plays_prefix, read_play, read_top,
        top_prefix,
    },
    texts,
    viewer::Listener,
};

/// Clocks of clients differ by so much.
pub(crate) const AHEAD: Duration = Duration::from_mins(5);
pub(crate) const LONGEST_PLAY_MS: u64 = 24 * 60 * 60 * 1000;
/// Between two tellings of one play, its clients' clocks apart.
const APART: Duration = Duration::from_mins(2);
/// Pauses within a play, at most, that is told of twice.
const PAUSES: Duration = Duration::from_hours(1);
/// So much of any track counts.
const FOUR_MINUTES_MS: u64 = 240_000;
const LONGEST_SOURCE: usize = 200;
const LONGEST_ID: usize = 64;

/// Of the cursors; those of the most played follow, one for each kind.
const PLAYS_LIST: u8 = 1;
const TOP_LIST: u8 = 2;

/// Who told of a play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A client, once it had been heard.
    Client,
    /// What a player reported as it went came to a play.
    Report,
}

impl Profile {
    pub(crate) async fn record_play(
        &self,
        call: RecordPlay,
        context: Context,
    ) -> Refusable<RecordedPlay> {
        let listener = Listener::of(&context)?;
        self.record(&context, &listener, Origin::Client, call).await
    }

    pub(crate) async fn record_plays(
        &self,
        call: RecordPlays,
        context: Context,
    ) -> Refusable<Vec<RecordedPlay>> {
        let listener = Listener::of(&context)?;
        at_most_a_page("plays", call.plays.len())?;
        let now = self.clock.now();
        let plays = call.plays.into_iter().map(|play| {
            let play = tidy(play, now)?;
            Ok((play_id(listener.account, &play), play))
        });
        let plays: Arc<[_]> = plays.collect::<Refusable<Vec<_>>>()?.into();
        self.change(&context, move |change| {
            // What is not known is asked for together.
            let tracks = plays.iter().map(|(_, play)| ItemId::Track(play.track));
            change.require_account(listener.account)?;
            change.require_all_seen(&listener.access, &tracks.collect::<Vec<_>>())?;
            check_ids(change, listener.account, &plays)?;
            let record = |(id, play): &(PlayId, RecordPlay)| {
                record_play(change, &listener, Origin::Client, *id, play)
            };
            plays.iter().map(record).collect()
        })
        .await
    }

    /// Records a play that somebody told of.
    pub(crate) async fn record(
        &self,
        context: &Context,
        listener: &Listener,
        origin: Origin,
        call: RecordPlay,
    ) -> Refusable<RecordedPlay> {
        let call = tidy(call, self.clock.now())?;
        let id = match origin {
            Origin::Client => play_id(listener.account, &call),
            Origin::Report => reported_play_id(listener.account, call.started_at, &call),
        };
        let (listener, call) = (listener.clone(), Arc::new(call));
        self.change(context, move |change| record_play(change, &listener, origin, id, &call)).await
    }

    pub(crate) async fn list_plays(
        &self,
        call: ListPlays,
        context: Context,
    ) -> Refusable<Page<Play>> {
        let Listener { account, access } = Listener::of(&context)?;
        let asked = Asked::new(PLAYS_LIST, vec![plays_prefix(account)], false, &call.paging)?;
        self.read(move |read| {
            let projection = Projection::open(read, access)?;
            let page = asked.read(&read.open_table(PLAYS)?, |key, row| {
                let row = PlayRow::from_bytes(row)?;
                let seen = projection.sees(ItemId::Track(row.track))?;
                let (started_at, id) = read_play(key)?;
                Ok(seen.then(|| play(id, started_at, row)))
            });
            page.map(Ok)
        })
        .await
    }

    pub(crate) async fn list_top(
        &self,
        call: ListTop,
        context: Context,
    ) -> Refusable<Page<TopItem>> {
        let Listener { account, access } = Listener::of(&context)?;
        if let Some(between) = call.between {
            return self.list_top_between(call.kind, between, call.paging, context).await;
        }
        let (list, prefix) = (TOP_LIST + kind_number(call.kind), top_prefix(account, call.kind));
        let asked = Asked::new(list, vec![prefix], false, &call.paging)?;
        self.read(move |read| {
            let projection = Projection::open(read, access)?;
            let page = asked.read(&read.open_table(TOP)?, |key, ()| {
                let top = read_top(key)?;
                Ok(projection.sees(top.item)?.then_some(top))
            });
            page.map(Ok)
        })
        .await
    }
}

/// The play's id follows from what makes two reports one play.
fn play_id(account: AccountId, call: &RecordPlay) -> PlayId {
    match &call.id {
        Some(id) => hashed(account, &[b"id", id.as_bytes()]),
        None => unnamed_play_id(account, call.track, call.started_at),
    }
}

/// The id of a play that is known by its track and its start.
pub(crate) fn unnamed_play_id(account: AccountId, track: TrackId, started_at: Timestamp) -> PlayId {
    let (track, started_at) = (track.0.to_le_bytes(), started_at.as_millis().to_le_bytes());
    hashed(account, &[b"at", &track, &started_at])
}

/// The id of a play of this track on this device that reports came to.
fn reported_play_id(account: AccountId, started_at: Timestamp, call: &RecordPlay) -> PlayId {
    let (track, started_at) = (call.track.0.to_le_bytes(), started_at.as_millis().to_le_bytes());
    hashed(account, &[b"report", &track, &started_at, call.device.as_bytes()])
}

fn hashed(account: AccountId, parts: &[&[u8]]) -> PlayId {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&account.0.to_le_bytes());
    for part in parts {
        hasher.update(part);
    }
    let mut bytes = [0; 8];
    hasher.finalize_xof().fill(&mut bytes);
    PlayId(u64::from_le_bytes(bytes))
}

/// Refuses, before anything is written, the id of a play of another track.
fn check_ids(
    change: &Change<'_>,
    account: AccountId,
    plays: &[(PlayId, RecordPlay)],
) -> Result<(), Stop> {
    let mut told = HashMap::new();
    for (id, play) in plays {
        let known = match told.insert(*id, play.track) {
            None => change.play(account, *id)?.map(|(_, row)| row.track),
            known => known,
        };
        if known.is_some_and(|track| track != play.track) {
            return Err(another_track().into());
        }
    }
    Ok(())
}

fn another_track() -> ProfileError {
    invalid("id", "is that of a play of another track")
}

/// The call within its limits.
fn tidy(call: RecordPlay, now: Timestamp) -> Refusable<RecordPlay> {
    if call.started_at > now.plus(AHEAD) {
        return Err(invalid("started_at", "lies in the future: check the clock of the player"));
    }
    if call.listened_ms > LONGEST_PLAY_MS {
        return Err(invalid("listened_ms", "is more than a day"));
    }
    let source = call.source.filter(|source| !source.is_empty());
    if source.as_ref().is_some_and(|source| source.chars().count() > LONGEST_SOURCE) {
        return Err(invalid("source", format!("has more than {LONGEST_SOURCE} characters")));
    }
    let is_named = |id: &String| (1..=LONGEST_ID).contains(&id.chars().count());
    if !call.id.as_ref().is_none_or(is_named) {
        return Err(invalid("id", format!("must have 1 to {LONGEST_ID} characters")));
    }
    let device = texts::device(&call.device);
    Ok(RecordPlay { source, device, ..call })
}

/// Half of the track, if its length is known, or four minutes.
pub(crate) fn counts(listened_ms: u64, duration_ms: u64) -> bool {
    let is_half = duration_ms > 0 && listened_ms.saturating_mul(2) >= duration_ms;
    is_half || listened_ms >= FOUR_MINUTES_MS
}

fn record_play(
    change: &mut Change<'_>,
    listener: &Listener,
    origin: Origin,
    id: PlayId,
    call: &RecordPlay,
) -> Result<RecordedPlay, Stop> {
    let account = listener.account;
    change.require_account(account)?;
    change.require_seen(&listener.access, ItemId::Track(call.track))?;
    let duration_ms = change.track(call.track)?.map_or(0, |row| row.duration_ms);
    let id = match change.play(account, id)? {
        Some(_) => id,
        None => twin(change, account, origin, call, duration_ms)?.unwrap_or(id),
    };
    let told = change.play(account, id)?;
    let new = told.is_none();
    let (started_at, old) = told.unwrap_or_else(|| (call.started_at, first_report(call)));
    if old.track != call.track {
        return Err(another_track().into());
    }
    let listened_ms = old.listened_ms.max(call.listened_ms);
    let counted = old.counted || counts(listened_ms, duration_ms);
    let row = PlayRow { listened_ms, counted, ..old.clone() };
    if new || row != old {
        change.put_play(account, id, started_at, &row)?;
    }
    if row.counted && !old.counted {
        change.count_play(account, row.track, started_at)?;
    }
    Ok(RecordedPlay { play: play(id, started_at, row), new })
}

/// The play that the other origin told of before: of the same track on the same device, about then. Some
/// clients name the time at which they were done as that of the play.
fn twin(
    change: &Change<'_>,
    account: AccountId,
    origin: Origin,
    call: &RecordPlay,
    duration_ms: u64,
) -> Result<Option<PlayId>, StoreError> {
    let at = call.started_at;
    let before = |time: Timestamp, by: Duration| {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(time.as_millis().saturating_sub(by))
    };
    let whole = Duration::from_millis(duration_ms).saturating_add(PAUSES);
    let (from, to) = match origin {
        Origin::Client => (before(at, whole), at.plus(APART)),
        Origin::Report => (before(at, APART), at.plus(whole)),
    };
    let mut twins = Vec::new();
    for (id, started_at, row) in change.plays_between(account, from, to)? {
        let is_reported = id == reported_play_id(account, started_at, call);
        let is_same = row.track == call.track && row.device == call.device;
        if is_same && is_reported == (origin == Origin::Client) {
            twins.push((started_at.as_millis().abs_diff(at.as_millis()), id));
        }
    }
    Ok(twins.into_iter().min_by_key(|(apart, _)| *apart).map(|(_, id)| id))
}

/// A play of which nothing is known but this call.
fn first_report(call: &RecordPlay) -> PlayRow {
    PlayRow {
        track: call.track,
        listened_ms: 0,
        counted: false,
        source: call.source.clone(),
        device: call.device.clone(),
    }
}

fn play(id: PlayId, started_at: Timestamp, row: PlayRow) -> Play {
    let PlayRow { track, listened_ms, counted, source, device } = row;
    Play { id, track, started_at, listened_ms, counted, source, device }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_track_or_four_minutes_count() {
        for (listened, duration, counted) in [
            (0, 0, false),
            (239_999, 0, false),
            (240_000, 0, true),
            (100, 200, true),
            (99, 199, false),
            (100, 199, true),
            (0, 1, false),
            (1, 1, true),
            (239_999, 3_600_000, false),
            (240_000, 3_600_000, true),
        ] {
            assert_eq!(counts(listened, duration), counted, "{listened} of {duration}");
        }
    }
}
