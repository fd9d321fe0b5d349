//! Adding, moving and removing: positions, their limits, and that both agree with a plain list.

use hexachord_contracts::{
    ids::PlaylistId,
    profile::{AddToPlaylist, MoveInPlaylist, Playlist, RemoveFromPlaylist, ReplaceInPlaylist},
};
use proptest::{prelude::*, test_runner::RngSeed};

use crate::{
    house::{ANNA, Answer, House, both_ways, ids, invalid, invalid_field, limited, listener},
    songs::{MINUTES_2, Song},
};

async fn add(house: &House, id: PlaylistId, tracks: &[u64], at: Option<u32>) -> Answer<Playlist> {
    let call = AddToPlaylist { playlist: id, tracks: ids(tracks), at, revision: None };
    house.ask(&listener(ANNA), call).await
}

async fn shift(house: &House, id: PlaylistId, from: u32, count: u32, to: u32) -> Answer<Playlist> {
    let call = MoveInPlaylist { playlist: id, from, count, to, revision: None };
    house.ask(&listener(ANNA), call).await
}

async fn remove(house: &House, id: PlaylistId, positions: &[u32]) -> Answer<Playlist> {
    let positions = positions.to_vec();
    let call = RemoveFromPlaylist { playlist: id, positions, revision: None };
    house.ask(&listener(ANNA), call).await
}

async fn replace(house: &House, id: PlaylistId, tracks: &[u64]) -> Answer<Playlist> {
    let call = ReplaceInPlaylist { playlist: id, name: None, tracks: ids(tracks), revision: None };
    house.ask(&listener(ANNA), call).await
}

async fn tracks(house: &House, list: &Playlist) -> Vec<u64> {
    house.entries(&listener(ANNA), list).await.into_iter().map(|(_, track)| track).collect()
}

#[tokio::test]
async fn tracks_stand_where_they_were_put() {
    both_ways(async |house| {
        house.scan((1..=9).map(Song::new)).await;
        let list = house.playlist(&listener(ANNA), "list", &[1, 2, 3]).await;
        add(&house, list.id, &[4], None).await.unwrap();
        add(&house, list.id, &[5, 5], Some(0)).await.unwrap();
        add(&house, list.id, &[6], Some(6)).await.unwrap();
        assert_eq!(tracks(&house, &list).await, [5, 5, 1, 2, 3, 4, 6]);
        shift(&house, list.id, 0, 2, 5).await.unwrap();
        assert_eq!(tracks(&house, &list).await, [1, 2, 3, 4, 6, 5, 5]);
        shift(&house, list.id, 4, 3, 1).await.unwrap();
        assert_eq!(tracks(&house, &list).await, [1, 6, 5, 5, 2, 3, 4]);
        let moved = shift(&house, list.id, 2, 1, 3).await.unwrap();
        assert_eq!(tracks(&house, &list).await, [1, 6, 5, 5, 2, 3, 4]);
        let same = shift(&house, list.id, 0, 7, 0).await.unwrap();
        assert_eq!(same, moved, "nothing moved: no new revision");
        let same = add(&house, list.id, &[], Some(0)).await.unwrap();
        assert_eq!(same, moved);
        let left = remove(&house, list.id, &[6, 0, 2, 0]).await.unwrap();
        assert_eq!(tracks(&house, &list).await, [6, 5, 2, 3]);
        assert_eq!((left.track_count, left.duration_ms), (4, 4 * MINUTES_2));
    })
    .await;
}

#[tokio::test]
async fn positions_out_of_range_are_named() {
    both_ways(async |house| {
        house.scan((1..=9).map(Song::new)).await;
        let anna = listener(ANNA);
        let list = house.playlist(&anna, "list", &[1, 2, 3]).await;
        let id = list.id;
        for (answer, field) in [
            (add(&house, id, &[1], Some(4)).await, "at"),
            (shift(&house, id, 3, 1, 0).await, "from"),
            (shift(&house, id, 1, 3, 0).await, "count"),
            (shift(&house, id, 0, u32::MAX, 0).await, "count"),
            (shift(&house, id, 0, 2, 2).await, "to"),
            (shift(&house, id, u32::MAX, u32::MAX, u32::MAX).await, "from"),
            (remove(&house, id, &[0, 3]).await, "positions[1]"),
        ] {
            let (named, reason) = invalid(answer);
            assert_eq!(named, field);
            assert_eq!(reason, "is out of range: the playlist has 3 entries");
        }
        assert_eq!(invalid_field(shift(&house, id, 0, 0, 0).await), "count");
        assert_eq!(invalid_field(remove(&house, id, &[]).await), "positions");
        assert_eq!(tracks(&house, &list).await, [1, 2, 3]);
        let empty = house.playlist(&anna, "empty", &[]).await.id;
        assert_eq!(invalid_field(shift(&house, empty, 0, 1, 0).await), "from");
        let one = house.playlist(&anna, "one", &[1]).await.id;
        let reason = invalid(remove(&house, one, &[1]).await).1;
        assert_eq!(reason, "is out of range: the playlist has 1 entry");
    })
    .await;
}

#[tokio::test]
async fn positions_are_those_of_the_whole_playlist() {
    both_ways(async |house| {
        house.scan((1..=6).map(|id| Song::new(id).library(1 + id % 2))).await;
        let list = house.playlist(&listener(ANNA), "list", &[1, 2, 3, 4, 5, 6]).await;
        let even = limited(ANNA, &[1]);
        assert_eq!(house.entries(&even, &list).await, [(1, 2), (3, 4), (5, 6)]);
        let positions = vec![3];
        let call = RemoveFromPlaylist { playlist: list.id, positions, revision: None };
        let left = house.ask(&even, call).await.unwrap();
        assert_eq!((left.track_count, left.duration_ms), (2, 2 * MINUTES_2));
        assert_eq!(tracks(&house, &list).await, [1, 2, 3, 5, 6]);
    })
    .await;
}

#[derive(Debug, Clone)]
enum Edit {
    Add(Vec<u64>, Option<u32>),
    Move(u32, u32, u32),
    Remove(Vec<u32>),
    Replace(Vec<u64>),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let place = 0..12_u32;
    let edit = prop_oneof![
        (prop::collection::vec(1..=4_u64, 0..5), prop::option::of(place.clone()))
            .prop_map(|(tracks, at)| Edit::Add(tracks, at)),
        (place.clone(), 1..5_u32, place.clone()).prop_map(|(from, n, to)| Edit::Move(from, n, to)),
        prop::collection::vec(place, 1..4).prop_map(Edit::Remove),
        prop::collection::vec(1..=4_u64, 0..5).prop_map(Edit::Replace),
    ];
    prop::collection::vec(edit, 1..12)
}

/// The edit on a plain list; `None` when it does not fit.
fn on_a_list(list: &[u64], edit: &Edit) -> Option<Vec<u64>> {
    let mut list = list.to_vec();
    match edit {
        Edit::Add(tracks, at) => {
            let at = at.map_or(list.len(), |at| at as usize);
            let tail = list.get(at..)?.to_vec();
            list.truncate(at);
            list.extend(tracks.iter().chain(&tail));
        }
        Edit::Move(from, count, to) => {
            let (from, count, to) = (*from as usize, *count as usize, *to as usize);
            let moved: Vec<u64> = list.get(from..from + count)?.to_vec();
            list.drain(from..from + count);
            let tail = list.get(to..)?.to_vec();
            list.truncate(to);
            list.extend(moved.iter().chain(&tail));
        }
        Edit::Remove(positions) => {
            let kept = |(n, track): (usize, &u64)| {
                (!positions.iter().any(|position| *position as usize == n)).then_some(*track)
            };
            if positions.iter().any(|position| *position as usize >= list.len()) {
                return None;
            }
            list = list.iter().enumerate().filter_map(kept).collect();
        }
        Edit::Replace(tracks) => list.clone_from(tracks),
    }
    Some(list)
}

async fn agrees(house: &House, edits: &[Edit]) {
    let list = house.playlist(&listener(ANNA), "list", &[]).await;
    let mut expected = Vec::new();
    for edit in edits {
        let answer = match edit {
            Edit::Add(tracks, at) => add(house, list.id, tracks, *at).await,
            Edit::Move(from, count, to) => shift(house, list.id, *from, *count, *to).await,
            Edit::Remove(positions) => remove(house, list.id, positions).await,
            Edit::Replace(tracks) => replace(house, list.id, tracks).await,
        };
        let fits = on_a_list(&expected, edit);
        assert_eq!(answer.is_ok(), fits.is_some(), "{edit:?} on {expected:?}: {answer:?}");
        expected = fits.unwrap_or(expected);
        assert_eq!(tracks(house, &list).await, expected, "{edit:?}");
        let Ok(playlist) = answer else { continue };
        let duration: u64 = expected.iter().map(|track| track * 1_000).sum();
        assert_eq!(playlist.track_count as usize, expected.len());
        assert_eq!(playlist.duration_ms, duration);
    }
}

#[test]
fn edits_agree_with_a_plain_list() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let house = runtime.block_on(async {
        let house = House::at(hexachord_profile::open_memory_store(1).unwrap(), 0).await;
        house.scan((1..=4).map(|id| Song::new(id).lasting(id * 1_000).library(id % 2))).await;
        house
    });
    let config = ProptestConfig {
        cases: 48,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    };
    proptest!(config, |(edits in edits())| {
        runtime.block_on(agrees(&house, &edits));
    });
}
