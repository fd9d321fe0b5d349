//! The projection of the catalog: it catches up, items move, vanish and come back.

use std::sync::atomic::Ordering;

use hexachord_contracts::{
    catalog::{CatalogChange, Track},
    item::ItemKind,
    profile::{GetPlaylist, ListTop, ProfileError, SetFavourite},
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, album, artist, both_ways, heard, limited, listener, minutes_ago,
        new_playlist, refused, track,
    },
    songs::{MINUTES_2, Song},
};

async fn plays(
    house: &House,
    who: &hexachord_contracts::Context,
    item: hexachord_contracts::item::ItemId,
) -> u32 {
    house.annotation(who, item).await.plays
}

#[tokio::test]
async fn counts_move_with_a_retag() {
    both_ways(async |house| {
        let (one, two) = (Song::new(1).artists(&[1, 2]), Song::new(2));
        house.scan([one.clone(), two.clone()]).await;
        let (anna, ben) = (listener(ANNA), listener(BEN));
        house.play(&anna, 1, minutes_ago(1)).await;
        house.play(&anna, 2, minutes_ago(2)).await;
        house.play(&ben, 1, minutes_ago(3)).await;
        house.scan([one.clone().album(7).artists(&[3, 2])]).await;
        for (item, of_anna, of_ben) in [
            (track(1), 1, 1),
            (album(1), 1, 0),
            (album(7), 1, 1),
            (artist(1), 1, 0),
            (artist(2), 1, 1),
            (artist(3), 1, 1),
        ] {
            assert_eq!(plays(&house, &anna, item).await, of_anna, "{item} of Anna");
            assert_eq!(plays(&house, &ben, item).await, of_ben, "{item} of Ben");
        }
        let last = house.annotation(&anna, album(1)).await.last_played_at;
        assert_eq!(last, Some(minutes_ago(2)), "the last play left with its track");
        house.scan([one.artists(&[1, 2])]).await;
        assert_eq!(plays(&house, &anna, album(1)).await, 2);
        assert!(house.annotation(&anna, album(7)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_track_is_hidden_until_it_comes_back() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2)]).await;
        let anna = listener(ANNA);
        house.play(&anna, 1, NOW).await;
        house.play(&anna, 2, NOW).await;
        let list = house.playlist(&anna, "list", &[1, 2, 1]).await;
        assert_eq!((list.track_count, list.duration_ms), (3, 3 * MINUTES_2));
        let get = || GetPlaylist { playlist: list.id };
        house.catalog.forget(1);
        house.is_up_to_date().await;
        assert!(house.annotation(&anna, track(1)).await.is_none());
        assert_eq!(plays(&house, &anna, album(1)).await, 1);
        assert_eq!(house.entries(&anna, &list).await, [(1, 2)]);
        let seen = house.ask(&anna, get()).await.unwrap();
        assert_eq!((seen.track_count, seen.duration_ms), (1, MINUTES_2));
        house.scan([Song::new(1).lasting(1)]).await;
        assert_eq!(plays(&house, &anna, track(1)).await, 1);
        assert_eq!(plays(&house, &anna, album(1)).await, 2);
        assert_eq!(house.entries(&anna, &list).await.len(), 3);
        let seen = house.ask(&anna, get()).await.unwrap();
        assert_eq!((seen.track_count, seen.duration_ms), (3, MINUTES_2 + 2));
        house.scan([Song::new(1).library(5)]).await;
        let seen = house.ask(&limited(ANNA, &[5]), get()).await.unwrap();
        assert_eq!((seen.track_count, seen.duration_ms), (2, 2 * MINUTES_2));
    })
    .await;
}

#[tokio::test]
async fn a_playlist_loses_no_track_but_the_forgotten_one() {
    both_ways(async |house| {
        // Ids that end alike.
        let alike = [1, 1 + (1 << 16), 1 + (1 << 32)];
        house.scan(alike.map(Song::new)).await;
        let anna = listener(ANNA);
        let list = house.playlist(&anna, "list", &[alike[0], alike[1], alike[1], alike[2]]).await;
        house.catalog.forget(alike[1]);
        house.is_up_to_date().await;
        let seen = house.ask(&anna, GetPlaylist { playlist: list.id }).await.unwrap();
        assert_eq!((seen.track_count, seen.duration_ms), (2, 2 * MINUTES_2));
        assert_eq!(house.entries(&anna, &list).await, [(0, alike[0]), (3, alike[2])]);
    })
    .await;
}

#[tokio::test]
async fn a_missing_track_is_played_loved_and_listed() {
    both_ways(async |house| {
        let missing = Track { missing_since: Some(NOW), ..Song::new(1).track() };
        house.scan([Song::new(1)]).await;
        house.catalog.feed.tell([CatalogChange::Track(Box::new(missing))]);
        house.is_up_to_date().await;
        let anna = listener(ANNA);
        house.play(&anna, 1, NOW).await;
        let love = SetFavourite { item: track(1), favourite: true };
        assert_eq!(house.ask(&anna, love).await.unwrap().plays, 1);
        let list = house.playlist(&anna, "list", &[1]).await;
        assert_eq!(house.entries(&anna, &list).await, [(0, 1)]);
        assert_eq!(list.track_count, 1);
    })
    .await;
}

#[tokio::test]
async fn a_rebuilt_catalog_is_read_from_its_snapshot() {
    both_ways(async |house| {
        // More than a page of a snapshot, and than one sweep.
        house.scan((1..=2_500).map(|id| Song::new(id).album(id % 50))).await;
        let anna = listener(ANNA);
        for id in [1, 51, 2_500] {
            house.play(&anna, id, NOW).await;
        }
        for id in (2..=2_500).filter(|id| *id != 51) {
            house.catalog.forget_quietly(id);
        }
        house.catalog.scan_quietly(Song::new(51).album(60));
        house.catalog.scan_quietly(Song::new(3_000).album(61));
        house.catalog.feed.begin_anew();
        house.is_up_to_date().await;
        let asked = house.catalog.asked.load(Ordering::Relaxed);
        house.play(&anna, 3_000, NOW).await;
        assert_eq!(house.catalog.asked.load(Ordering::Relaxed), asked);
        let top = house
            .pages(&anna, 5, |paging| ListTop { kind: ItemKind::Track, paging, between: None })
            .await;
        let mut top: Vec<_> = top.iter().map(|top| top.item.number()).collect();
        top.sort_unstable();
        assert_eq!(top, [1, 51, 3_000]);
        for (item, expected) in [(album(1), 1), (album(60), 1), (album(0), 0), (artist(1), 3)] {
            assert_eq!(plays(&house, &anna, item).await, expected, "{item}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_playlist_of_new_tracks_asks_the_catalog_in_pages() {
    both_ways(async |house| {
        for id in 1..=1_100 {
            house.catalog.scan_quietly(Song::new(id).library(1 + id / 1_100));
        }
        let anna = listener(ANNA);
        let tracks: Vec<_> = (1..=1_100).collect();
        house.catalog.is_down.store(true, Ordering::Relaxed);
        let error = refused(house.ask(&anna, new_playlist("new", false, &tracks)).await);
        assert_eq!(error, ProfileError::Busy);
        let error = refused(house.ask(&anna, heard(1, NOW, 1)).await);
        assert_eq!(error, ProfileError::Busy);
        house.catalog.is_down.store(false, Ordering::Relaxed);
        let error = crate::house::invalid(
            house.ask(&limited(ANNA, &[1]), new_playlist("new", false, &tracks)).await,
        );
        assert_eq!(error, ("tracks[1099]".to_owned(), "no such track".to_owned()));
        assert_eq!(house.catalog.asked.load(Ordering::Relaxed), 3);
        assert_eq!(house.playlist(&anna, "new", &tracks).await.track_count, 1_100);
        assert_eq!(house.catalog.asked.load(Ordering::Relaxed), 4, "the others are known");
    })
    .await;
}
