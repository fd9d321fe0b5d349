//! Two who edit at once, and a playlist as long as can be.

use hexachord_contracts::{
    ids::{PlaylistId, TrackId},
    page::Paging,
    profile::{
        AddToPlaylist, GetPlaylist, ListEntries, MOST_AT_ONCE, MOST_ENTRIES, MoveInPlaylist,
        ProfileError, RemoveFromPlaylist,
    },
};

use crate::{
    house::{
        ANNA, House, both_ways, ids, invalid, invalid_field, limited, listener, new_playlist,
        refused,
    },
    songs::{MINUTES_2, Song},
};

fn add(playlist: PlaylistId, tracks: &[u64], at: Option<u32>) -> AddToPlaylist {
    AddToPlaylist { playlist, tracks: ids(tracks), at, revision: None }
}

#[tokio::test]
async fn an_edit_of_an_older_revision_is_refused() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        let list = house.playlist(&anna, "list", &[1, 1]).await;
        let revision = Some(list.revision);
        let call = || AddToPlaylist { revision, ..add(list.id, &[1], None) };
        assert_eq!(house.ask(&anna, call()).await.unwrap().revision, 2);
        let changed = ProfileError::Changed { revision: 2 };
        assert_eq!(refused(house.ask(&anna, call()).await), changed);
        let shift = MoveInPlaylist { playlist: list.id, from: 0, count: 1, to: 1, revision };
        assert_eq!(refused(house.ask(&anna, shift).await), changed);
        let remove = RemoveFromPlaylist { playlist: list.id, positions: vec![0], revision };
        assert_eq!(refused(house.ask(&anna, remove).await), changed);
        assert_eq!(house.entries(&anna, &list).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn edits_at_once_are_all_made() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        let list = house.playlist(&anna, "list", &[]).await;
        let mut edits = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let (client, anna) = (house.client.clone(), anna.clone());
            let call = add(list.id, &[1], Some(0));
            edits.spawn(async move { client.call(&anna, call).await.unwrap().revision });
        }
        let mut revisions = edits.join_all().await;
        revisions.sort_unstable();
        assert!(revisions.into_iter().eq(2..34));
        let seen = house.ask(&anna, GetPlaylist { playlist: list.id }).await.unwrap();
        assert_eq!((seen.track_count, seen.duration_ms), (32, 32 * MINUTES_2));
    })
    .await;
}

/// What stands at some positions.
async fn at(house: &House, playlist: PlaylistId, positions: &[usize]) -> Vec<u64> {
    let call = |paging| ListEntries { playlist, paging };
    let entries = house.pages(&listener(ANNA), Paging::MOST, call).await;
    assert!(entries.iter().zip(0..).all(|(entry, position)| entry.position == position));
    positions.iter().map(|position| entries[*position].track.0).collect()
}

#[tokio::test]
async fn a_playlist_as_long_as_can_be() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2), Song::new(3), Song::new(4).library(2)]).await;
        let anna = listener(ANNA);
        let part = vec![1; MOST_AT_ONCE];
        let list = house.playlist(&anna, "long", &part).await;
        for _ in 0..2 {
            house.ask(&anna, add(list.id, &part, None)).await.unwrap();
        }
        let mut ends = part.clone();
        ends[0] = 2;
        ends[MOST_AT_ONCE - 1] = 3;
        let full = house.ask(&anna, add(list.id, &ends, None)).await.unwrap();
        let (count, end) = (u32::try_from(MOST_ENTRIES).unwrap(), MOST_ENTRIES - 1);
        assert_eq!((full.track_count, full.duration_ms), (count, u64::from(count) * MINUTES_2));
        let (field, reason) = invalid(house.ask(&anna, add(list.id, &[1], Some(0))).await);
        assert_eq!(field, "tracks");
        assert!(reason.contains("100000"), "{reason}");
        assert_eq!(at(&house, list.id, &[0, 75_000, end]).await, [1, 2, 3]);

        let to =
            |from, count, to| MoveInPlaylist { playlist: list.id, from, count, to, revision: None };
        house.ask(&anna, to(count - 1, 1, 0)).await.unwrap();
        assert_eq!(at(&house, list.id, &[0, 1, 75_001, end]).await, [3, 1, 2, 1]);
        house.ask(&anna, to(0, 1, count - 1)).await.unwrap();
        assert_eq!(at(&house, list.id, &[0, 75_000, end]).await, [1, 2, 3]);
        let positions = vec![0, count - 1, 0];
        let remove = RemoveFromPlaylist { playlist: list.id, positions, revision: None };
        let shorter = house.ask(&anna, remove).await.unwrap();
        assert_eq!(shorter.track_count, count - 2);
        assert_eq!(at(&house, list.id, &[0, 74_999, end - 2]).await, [1, 2, 1]);

        house.ask(&anna, add(list.id, &[4], Some(50_000))).await.unwrap();
        let other = limited(ANNA, &[2]);
        assert_eq!(house.entries(&other, &list).await, [(50_000, 4)]);
        let all = RemoveFromPlaylist {
            playlist: list.id,
            positions: (0..count - 1).collect(),
            revision: None,
        };
        let empty = house.ask(&anna, all).await.unwrap();
        assert_eq!((empty.track_count, empty.duration_ms), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn too_much_for_one_call() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        let list = house.playlist(&anna, "list", &[1]).await;
        let many = vec![1; MOST_AT_ONCE + 1];
        assert_eq!(invalid_field(house.ask(&anna, add(list.id, &many, None)).await), "tracks");
        let created = house.ask(&anna, new_playlist("new", false, &many)).await;
        assert_eq!(invalid_field(created), "tracks");
        let positions = vec![0; MOST_ENTRIES + 1];
        let call = RemoveFromPlaylist { playlist: list.id, positions, revision: None };
        assert_eq!(invalid_field(house.ask(&anna, call).await), "positions");
        // Tracks that nobody knows cost one question, not one for each page of them.
        let unknown = AddToPlaylist {
            tracks: (2..=MOST_AT_ONCE as u64).map(TrackId).collect(),
            ..add(list.id, &[], None)
        };
        assert_eq!(invalid_field(house.ask(&anna, unknown).await), "tracks[0]");
        assert_eq!(house.catalog.asked.load(std::sync::atomic::Ordering::Relaxed), 1);
    })
    .await;
}
