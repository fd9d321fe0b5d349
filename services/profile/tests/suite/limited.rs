//! Pages of a playlist: for who sees a part of it, and while it changes.

use hexachord_contracts::{
    page::Paging,
    profile::{
        AddToPlaylist, ListEntries, MoveInPlaylist, ProfileError, RemoveFromPlaylist,
        UpdatePlaylist,
    },
};

use crate::{
    house::{ANNA, BEN, both_ways, ids, invalid_field, limited, listener, refused},
    songs::Song,
};

#[tokio::test]
async fn a_page_of_entries_counts_what_is_seen() {
    both_ways(async |house| {
        house.scan((1..=9).map(|id| Song::new(id).library(1 + id % 3))).await;
        let tracks: Vec<u64> = (1..=9).chain(1..=9).collect();
        let list = house.playlist(&listener(ANNA), "list", &tracks).await;
        let call = |paging| ListEntries { playlist: list.id, paging };
        for limit in [1, 2, 5, 500] {
            for (who, library) in [(limited(ANNA, &[1]), 0), (limited(ANNA, &[2]), 1)] {
                let seen = house.pages(&who, limit, call).await;
                let expected = (0..).zip(&tracks).filter(|(_, track)| **track % 3 == library);
                let seen = seen.iter().map(|entry| (entry.position, entry.track.0));
                assert!(seen.eq(expected.map(|(position, track)| (position, *track))));
            }
        }
        let anna = listener(ANNA);
        for cursor in ["", "x", "QQ", "QQAAAAAA"] {
            let paging = Paging { limit: 1, cursor: Some(cursor.to_owned()) };
            assert_eq!(invalid_field(house.ask(&anna, call(paging)).await), "cursor");
        }
        for limit in [0, 501] {
            let call = call(Paging::first(limit));
            assert_eq!(invalid_field(house.ask(&anna, call).await), "limit");
        }
    })
    .await;
}

#[tokio::test]
async fn no_page_skips_or_repeats_a_track_after_a_change() {
    both_ways(async |house| {
        house.scan((1..=9).map(Song::new)).await;
        let (anna, ben) = (listener(ANNA), listener(BEN));
        let list = house.public_playlist(&anna, "list", &[1, 2, 3]).await.id;
        let page = |cursor| ListEntries { playlist: list, paging: Paging { limit: 2, cursor } };
        let add =
            |track, at| AddToPlaylist { playlist: list, tracks: ids(&[track]), at, revision: None };
        let first = house.ask(&ben, page(None)).await.unwrap().next_cursor;
        assert!(first.is_some());
        // What leaves everything where it was.
        house.ask(&anna, add(4, None)).await.unwrap();
        let rename = UpdatePlaylist {
            playlist: list,
            name: Some("new".to_owned()),
            description: None,
            public: None,
        };
        house.ask(&anna, rename).await.unwrap();
        let rest = house.ask(&ben, page(first.clone())).await.unwrap();
        assert_eq!(rest.items.iter().map(|entry| entry.track.0).collect::<Vec<_>>(), [3, 4]);

        let mut cursor = first;
        for (n, revision) in (0..3).zip(4..) {
            match n {
                0 => house.ask(&anna, add(5, Some(0))).await,
                1 => {
                    let (from, count, to) = (0, 1, 3);
                    let revision = None;
                    let shift = MoveInPlaylist { playlist: list, from, count, to, revision };
                    house.ask(&anna, shift).await
                }
                _ => {
                    let positions = vec![0];
                    let call = RemoveFromPlaylist { playlist: list, positions, revision: None };
                    house.ask(&anna, call).await
                }
            }
            .unwrap();
            let late = house.ask(&ben, page(cursor)).await;
            assert_eq!(refused(late), ProfileError::Changed { revision });
            cursor = house.ask(&ben, page(None)).await.unwrap().next_cursor;
            assert_eq!(house.ask(&ben, page(cursor.clone())).await.unwrap().items.len(), 2);
        }
    })
    .await;
}
