//! What an account listened to in some time: one pass over its plays of that time, on a reader's thread.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet, hash_map::Entry},
};

use hexachord_contracts::{
    Context, Timestamp,
    ids::TrackId,
    item::{ItemId, ItemKind},
    page::{Page, Paging},
    profile::{
        Between, DayListened, GetStatistics, HourListened, Listened, ProfileError, Statistics,
        TopItem,
    },
};
use hexachord_storage::{Record, StoreError};
use redb::ReadTransaction;

use crate::{
    errors::{Refusable, invalid},
    page::{limit_of, read_cursor, write_cursor},
    service::Profile,
    store::{PLAYS, PlayRow, Projection, TrackRow, kind_number, plays_within, read_play},
    viewer::Listener,
};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Of the cursors: behind those of lists that stand in a table, one for each kind.
const TOP_BETWEEN_LIST: u8 = 64;

impl Profile {
    pub(crate) async fn get_statistics(
        &self,
        call: GetStatistics,
        context: Context,
    ) -> Refusable<Statistics> {
        let listener = Listener::of(&context)?;
        let GetStatistics { between, zone_minutes } = call;
        let mut calendar = Calendar::of(between, zone_minutes)?;
        self.read(move |read| {
            let groups = |_: TrackId, row: TrackRow| (row.album, row.artists);
            let tallies = heard(read, listener, between, groups, |at, row| calendar.add(at, row))?;
            let counted = || tallies.iter().filter(|tally| tally.plays > 0);
            let albums: HashSet<_> = counted().map(|tally| tally.of.0).collect();
            let artists: HashSet<_> = counted().flat_map(|tally| &tally.of.1).collect();
            let statistics = calendar.told();
            Ok(Ok(Statistics {
                tracks: counted().count() as u64,
                albums: albums.len() as u64,
                artists: artists.len() as u64,
                ..statistics
            }))
        })
        .await
    }

    /// [`ListTop`](hexachord_contracts::profile::ListTop) of a time.
    pub(crate) async fn list_top_between(
        &self,
        kind: ItemKind,
        between: Between,
        paging: Paging,
        context: Context,
    ) -> Refusable<Page<TopItem>> {
        let listener = Listener::of(&context)?;
        check(between)?;
        let limit = limit_of(&paging)?;
        let mark = (TOP_BETWEEN_LIST + kind_number(kind)) << 1;
        let skip = paging.cursor.map(|cursor| read_place(mark, &cursor, between)).transpose()?;
        let skip = skip.unwrap_or(0);
        self.read(move |read| {
            let projection = Projection::open(read, listener.access.clone())?;
            let items = |id: TrackId, row: TrackRow| match kind {
                ItemKind::Track => vec![ItemId::Track(id)],
                _ => row.groups().into_iter().filter(|item| item.kind() == kind).collect(),
            };
            let mut top = by_item(heard(read, listener, between, items, |_, _| {})?);
            top.sort_unstable_by_key(|top| Reverse((top.plays, top.last_played_at, top.item)));
            let (mut items, mut to_skip, mut next_cursor) = (Vec::new(), skip, None);
            for top in top {
                if !projection.sees(top.item)? {
                    continue;
                }
                if to_skip > 0 {
                    to_skip -= 1;
                } else if items.len() < limit {
                    items.push(top);
                } else {
                    next_cursor = Some(write_place(mark, skip.saturating_add(limit), between));
                    break;
                }
            }
            Ok(Ok(Page { items, next_cursor }))
        })
        .await
    }
}

fn check(between: Between) -> Result<(), ProfileError> {
    if between.until <= between.from {
        return Err(invalid("until", "must lie behind `from`"));
    }
    Ok(())
}

/// A place in a list that stands in no table, and the time that it is of.
fn write_place(mark: u8, skip: usize, between: Between) -> String {
    let Between { from, until } = between;
    let numbers =
        [skip as u64, from.as_millis().cast_unsigned(), until.as_millis().cast_unsigned()];
    write_cursor(mark, &numbers.map(u64::to_be_bytes).concat())
}

fn read_place(mark: u8, cursor: &str, between: Between) -> Refusable<usize> {
    let not_its = || invalid("cursor", "use the next_cursor of a page of this list and time");
    let bytes = read_cursor(mark, cursor).map_err(|_other| not_its())?;
    let (skip, _) = bytes.split_first_chunk().ok_or_else(not_its)?;
    let skip = usize::try_from(u64::from_be_bytes(*skip)).map_err(|_other| not_its())?;
    let is_its = write_place(mark, skip, between) == cursor;
    is_its.then_some(skip).ok_or_else(not_its)
}

/// What was heard of one track.
struct Tally<K> {
    /// What is kept of the track.
    of: K,
    /// Those that counted.
    plays: u32,
    /// When the last one of them started.
    last: Timestamp,
}

/// Looks through the plays of a time: `each` is told when one started, and what is known of it. Only of
/// tracks that the listener may see; `keep` says what is kept of each.
fn heard<K>(
    read: &ReadTransaction,
    Listener { account, access }: Listener,
    between: Between,
    keep: impl Fn(TrackId, TrackRow) -> K,
    mut each: impl FnMut(Timestamp, &PlayRow),
) -> Result<Vec<Tally<K>>, StoreError> {
    let projection = Projection::open(read, access)?;
    let mut seen: HashMap<TrackId, Option<Tally<K>>> = HashMap::new();
    let (first, end) = plays_within(account, between);
    for entry in read.open_table(PLAYS)?.range(first.as_slice()..end.as_slice())? {
        let (key, row) = entry?;
        let (started_at, _) = read_play(key.value())?;
        let row = PlayRow::from_bytes(row.value())?;
        let tally = match seen.entry(row.track) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let track = projection.track(row.track)?;
                let of = track.map(|track| keep(row.track, track));
                unknown.insert(of.map(|of| Tally { of, plays: 0, last: started_at }))
            }
        };
        let Some(tally) = tally else { continue };
        if row.counted {
            // The latest play comes first.
            tally.last = if tally.plays == 0 { started_at } else { tally.last };
            tally.plays += 1;
        }
        each(started_at, &row);
    }
    Ok(seen.into_values().flatten().collect())
}

/// Plays that counted, of each item that tracks count for.
fn by_item(tallies: Vec<Tally<Vec<ItemId>>>) -> Vec<TopItem> {
    let mut top: HashMap<ItemId, TopItem> = HashMap::new();
    for tally in tallies.into_iter().filter(|tally| tally.plays > 0) {
        for item in tally.of {
            let none = TopItem { item, plays: 0, last_played_at: tally.last };
            let top = top.entry(item).or_insert(none);
            top.plays = top.plays.saturating_add(tally.plays);
            top.last_played_at = top.last_played_at.max(tally.last);
        }
    }
    top.into_values().collect()
}

/// Days and hours as the listener's clock has them.
struct Calendar {
    zone_ms: i64,
    /// Since 1970.
    first_day: i64,
    days: Vec<Listened>,
    /// Of the week, from Monday on.
    hours: [Listened; 7 * 24],
    total: Listened,
}

impl Calendar {
    fn of(between: Between, zone_minutes: i32) -> Refusable<Self> {
        check(between)?;
        if !(-GetStatistics::FARTHEST_ZONE..=GetStatistics::FARTHEST_ZONE).contains(&zone_minutes) {
            let reason = format!("must be within {} minutes", GetStatistics::FARTHEST_ZONE);
            return Err(invalid("zone_minutes", reason));
        }
        let zone_ms = i64::from(zone_minutes) * MINUTE_MS;
        let day = |at_ms: i64| (at_ms + zone_ms).div_euclid(DAY_MS);
        let first_day = day(between.from.as_millis());
        let count = day(between.until.as_millis() - 1) - first_day + 1;
        let count = usize::try_from(count).ok().filter(|count| *count <= GetStatistics::MOST_DAYS);
        let too_many = || {
            invalid(
                "until",
                format!("lies more than {} days behind `from`", GetStatistics::MOST_DAYS),
            )
        };
        let days = vec![Listened::default(); count.ok_or_else(too_many)?];
        let (hours, total) = ([Listened::default(); 7 * 24], Listened::default());
        Ok(Self { zone_ms, first_day, days, hours, total })
    }

    fn add(&mut self, started_at: Timestamp, row: &PlayRow) {
        let hour = (started_at.as_millis() + self.zone_ms).div_euclid(HOUR_MS);
        let day = hour.div_euclid(24) - self.first_day;
        // The first of January 1970 was a Thursday.
        let hour_of_week = (hour + 3 * 24).rem_euclid(7 * 24);
        let place = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        let of_day = self.days.get_mut(place(day));
        let of_hour = self.hours.get_mut(place(hour_of_week));
        for listened in of_day.into_iter().chain(of_hour).chain([&mut self.total]) {
            listened.plays += u64::from(row.counted);
            listened.listened_ms = listened.listened_ms.saturating_add(row.listened_ms);
        }
    }

    /// Without what is not counted by days and hours.
    fn told(self) -> Statistics {
        let name = |day: i64| {
            let text = Timestamp::from_millis(day * DAY_MS).to_string();
            text.split('T').next().unwrap_or_default().to_owned()
        };
        let days = (self.first_day..).zip(self.days);
        let days = days.map(|(day, listened)| DayListened { day: name(day), listened });
        let hours = (1..=7).flat_map(|weekday| (0..24).map(move |hour| (weekday, hour)));
        let hours = hours.zip(self.hours).filter(|(_, listened)| *listened != Listened::default());
        let hours =
            hours.map(|((weekday, hour), listened)| HourListened { weekday, hour, listened });
        Statistics {
            total: self.total,
            days: days.collect(),
            hours: hours.collect(),
            ..Statistics::default()
        }
    }
}
