//! Whatever happens, the books agree with a recount of the plays.

use std::collections::{BTreeMap, BTreeSet};

use hexachord_contracts::{
    ids::{AlbumId, ArtistId, LibraryId, PlayId, TrackId},
    profile::TopItem,
};
use hexachord_storage::{Record, Store};
use proptest::{prelude::*, test_runner::RngSeed};
use redb::ReadTransaction;

use super::*;
use crate::store::{
    ANNOTATIONS, AccountRow, FAVOURITES, Known, PLAYS, PlayRow, Removed, TOP, TrackRow,
    keys::{favourite_keys, item, read_play, read_top, top_key},
    open_memory_store, record,
    tables::{LISTENERS, MEMBERS, OPINIONS, PLAYED, TRACKS},
};

#[derive(Debug, Clone)]
enum Step {
    Play { account: u64, track: u64, at: i64 },
    Retag { track: u64, album: u64, artists: BTreeSet<u64>, missing: bool },
    Forget { track: u64 },
    Reunite { from: u64, to: u64 },
    Love { account: u64, item: (u8, u64), since: Option<i64> },
    Rate { account: u64, item: (u8, u64), rating: Option<u8> },
    Remove { account: u64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (account, track, group) = (1..=3_u64, 1..=4_u64, 1..=3_u64);
    let artists = prop::collection::btree_set(1..=4_u64, 1..=3);
    let any_item = (0..=2_u8, 1..=3_u64);
    let step = prop_oneof![
        6 => (account.clone(), track.clone(), -5..5_i64)
            .prop_map(|(account, track, at)| Step::Play { account, track, at }),
        3 => (track.clone(), group, artists, prop::bool::weighted(0.2)).prop_map(
            |(track, album, artists, missing)| Step::Retag { track, album, artists, missing },
        ),
        1 => track.clone().prop_map(|track| Step::Forget { track }),
        1 => (track.clone(), track).prop_filter_map("another track", |(from, to)| {
            (from != to).then_some(Step::Reunite { from, to })
        }),
        1 => (account.clone(), any_item.clone(), prop::option::of(-5..5_i64))
            .prop_map(|(account, item, since)| Step::Love { account, item, since }),
        1 => (account.clone(), any_item, prop::option::of(1..=5_u8))
            .prop_map(|(account, item, rating)| Step::Rate { account, item, rating }),
        1 => account.prop_map(|account| Step::Remove { account }),
    ];
    prop::collection::vec(step, 1..60)
}

fn take(change: &mut Change<'_>, step: &Step, n: u64) -> Result<(), StoreError> {
    match step.clone() {
        Step::Play { account, track, at } => {
            let (account, track) = (AccountId(account), TrackId(track));
            let at = Timestamp::from_millis(at);
            let device = String::new();
            let name = AccountRow { username: String::new(), round: 0 };
            change.put_account(account, &name)?;
            let row = PlayRow { track, listened_ms: 1, counted: true, source: None, device };
            change.put_play(account, PlayId(n), at, &row)?;
            change.count_play(account, track, at)
        }
        Step::Retag { track, album, artists, missing } => {
            let row = TrackRow {
                library: LibraryId(1),
                album: AlbumId(album),
                artists: artists.into_iter().map(ArtistId).collect(),
                duration_ms: 1,
                gone: false,
                missing,
                round: 1,
            };
            change.put_track(TrackId(track), &row)
        }
        Step::Forget { track } => change.forget_track(TrackId(track)),
        Step::Reunite { from, to } => {
            change.reunite(TrackId(from), TrackId(to), Timestamp::from_millis(-5))
        }
        Step::Love { account, item: (kind, id), since } => {
            let (account, item) = (AccountId(account), item(kind, id)?);
            let favourite_since = since.map(Timestamp::from_millis);
            let row = AnnotationRow { favourite_since, ..change.annotation(account, item)? };
            change.put_annotation(account, item, row)
        }
        Step::Rate { account, item: (kind, id), rating } => {
            let (account, item) = (AccountId(account), item(kind, id)?);
            let row = AnnotationRow { rating, ..change.annotation(account, item)? };
            change.put_annotation(account, item, row)
        }
        Step::Remove { account } => {
            while change.remove_account(AccountId(account))? == Removed::Some {}
            Ok(())
        }
    }
}

type Counts = BTreeMap<(AccountId, ItemId), (u32, Timestamp)>;

/// Counts every play anew: of its track, and of what the track is of now.
fn recounted(read: &ReadTransaction) -> Result<Counts, StoreError> {
    let tracks = read.open_table(TRACKS)?;
    let mut counts = Counts::new();
    for entry in read.open_table(PLAYS)?.iter()? {
        let (key, row) = entry?;
        let account = u64::from_be_bytes(*key.value().first_chunk().unwrap());
        let (at, _) = read_play(key.value())?;
        let track = PlayRow::from_bytes(row.value())?.track;
        let groups: Option<TrackRow> = record(&tracks, &track.0)?;
        let groups = groups.map(|row| row.groups()).unwrap_or_default();
        for item in groups.into_iter().chain([ItemId::Track(track)]) {
            let count = counts.entry((AccountId(account), item)).or_insert((0, at));
            *count = (count.0 + 1, count.1.max(at));
        }
    }
    Ok(counts)
}

fn the_books_agree(read: &ReadTransaction) -> Result<(), StoreError> {
    let recounted = recounted(read)?;
    let (mut counted, mut top, mut favourites) = (Counts::new(), BTreeSet::new(), BTreeSet::new());
    let mut opinions = BTreeSet::new();
    for entry in read.open_table(ANNOTATIONS)?.iter()? {
        let (key, row) = entry?;
        let (account, kind, id) = key.value();
        let (account, item) = (AccountId(account), item(kind, id)?);
        let row = AnnotationRow::from_bytes(row.value())?;
        assert_ne!(row, AnnotationRow::default(), "an empty row is none");
        if let Some(last) = row.last_played_at {
            counted.insert((account, item), (row.plays, last));
        }
        top.extend(top_key(account, item, &row));
        if row.is_opinion() {
            opinions.insert((kind, id, account.0));
        }
        let since = row.favourite_since;
        favourites.extend(since.into_iter().flat_map(|since| favourite_keys(account, item, since)));
    }
    assert_eq!(counted, recounted);
    let keys = |table: TableOf| -> Result<BTreeSet<Vec<u8>>, StoreError> {
        read.open_table(table)?.iter()?.map(|entry| Ok(entry?.0.value().to_vec())).collect()
    };
    assert_eq!(keys(TOP)?, top);
    assert_eq!(keys(FAVOURITES)?, favourites);
    for key in keys(TOP)? {
        let account = AccountId(u64::from_be_bytes(*key.first_chunk().unwrap()));
        let TopItem { item, plays, last_played_at } = read_top(&key)?;
        assert_eq!(recounted.get(&(account, item)), Some(&(plays, last_played_at)));
    }
    let kept = read.open_table(OPINIONS)?;
    let kept: Result<_, StoreError> = kept.iter()?.map(|entry| Ok(entry?.0.value())).collect();
    assert_eq!(opinions, kept?);
    members_agree(read)?;
    let of_tracks = recounted.keys().filter(|(_, item)| matches!(item, ItemId::Track(_)));
    assert_eq!(read.open_table(LISTENERS)?.iter()?.count(), of_tracks.count());
    Ok(())
}

fn members_agree(read: &ReadTransaction) -> Result<(), StoreError> {
    let mut members = BTreeMap::new();
    for entry in read.open_table(TRACKS)?.iter()? {
        let row = TrackRow::from_bytes(entry?.1.value())?;
        for item in row.shown() {
            *members.entry((kind_number(item.kind()), item.number())).or_insert(0) += 1;
        }
    }
    let kept = read.open_table(MEMBERS)?;
    let kept = kept.iter()?.map(|entry| entry.map(|(item, count)| (item.value(), count.value())));
    assert_eq!(kept.collect::<Result<BTreeMap<_, _>, _>>()?, members);
    Ok(())
}

type TableOf = redb::TableDefinition<'static, &'static [u8], ()>;

fn run(store: &Store, steps: &[Step]) -> Result<(), StoreError> {
    for (n, step) in (0..).zip(steps) {
        let step = step.clone();
        store.write_blocking(move |write| {
            let mut change = Change::begin(write, Known::default())?;
            take(&mut change, &step, n)?;
            change.finish()
        })?;
        store.read_blocking(the_books_agree)?;
    }
    let end = |change: &mut Change<'_>| -> Result<(), StoreError> {
        for account in 1..=3 {
            while change.remove_account(AccountId(account))? == Removed::Some {}
        }
        Ok(())
    };
    store.write_blocking(move |write| {
        let mut change = Change::begin(write, Known::default())?;
        end(&mut change)?;
        change.finish()
    })?;
    store.read_blocking(|read| {
        assert_eq!(read.open_table(PLAYED)?.iter()?.count(), 0);
        assert_eq!(read.open_table(LISTENERS)?.iter()?.count(), 0);
        assert_eq!(read.open_table(TOP)?.iter()?.count(), 0);
        Ok(())
    })
}

#[test]
fn the_lists_always_equal_a_recount_of_the_plays() {
    let config = ProptestConfig {
        cases: 64,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in steps())| {
        let store = open_memory_store(1).unwrap();
        run(&store, &steps).unwrap();
        store.close();
    });
}
