//! Favourites, ratings, and what is told of items.

use std::{sync::atomic::Ordering, time::Duration};

use hexachord_contracts::{
    item::ItemKind,
    page::Paging,
    profile::{
        Annotation, GetAnnotations, ListFavourites, ListPlays, ListTop, ProfileError, SetFavourite,
        SetRating,
    },
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, album, anonymous, artist, both_ways, invalid_field, limited,
        listener, not_found, refused, system, track,
    },
    songs::Song,
};

fn love(item: hexachord_contracts::item::ItemId) -> SetFavourite {
    SetFavourite { item, favourite: true }
}

#[tokio::test]
async fn an_item_is_loved_once() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        for item in [track(1), album(1), artist(1)] {
            let since = house.clock.now();
            let loved = Annotation { favourite_since: Some(since), ..Annotation::none(item) };
            assert_eq!(house.ask(&anna, love(item)).await.unwrap(), loved);
            house.clock.advance(Duration::from_secs(1));
            assert_eq!(house.ask(&anna, love(item)).await.unwrap(), loved, "it stays as it was");
            for _ in 0..2 {
                let no_more = SetFavourite { item, favourite: false };
                assert!(house.ask(&anna, no_more).await.unwrap().is_none());
            }
            assert_eq!(house.annotation(&anna, item).await, Annotation::none(item));
        }
    })
    .await;
}

#[tokio::test]
async fn favourites_come_latest_first_by_kind_and_access() {
    both_ways(async |house| {
        let songs = (1..=8).map(|id| Song::new(id).library(1 + id % 2).album(id).artists(&[id]));
        house.scan(songs).await;
        let anna = listener(ANNA);
        let mut expected = Vec::new();
        for id in 1..=8 {
            for item in [track(id), album(id), artist(id)] {
                house.ask(&anna, love(item)).await.unwrap();
                expected.insert(0, item);
                house.clock.advance(Duration::from_millis(1));
            }
        }
        house.ask(&listener(BEN), love(track(1))).await.unwrap();
        let kinds = [None, Some(ItemKind::Track), Some(ItemKind::Album), Some(ItemKind::Artist)];
        for kind in kinds {
            for (who, step) in [(&anna, 1), (&limited(ANNA, &[1]), 2)] {
                let list = |paging| ListFavourites { kind, paging };
                let found = house.pages(who, 3, list).await;
                let mut seen = expected.clone();
                seen.retain(|item| kind.is_none_or(|kind| item.kind() == kind));
                seen.retain(|item| item.number() % step == 0);
                assert_eq!(found.iter().map(|item| item.item).collect::<Vec<_>>(), seen);
                assert!(found.is_sorted_by_key(|item| std::cmp::Reverse(item.since)));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn ratings_are_one_to_five_or_none() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        for item in [track(1), album(1), artist(1)] {
            let rate = |rating| SetRating { item, rating };
            for rating in [1, 5] {
                let told = house.ask(&anna, rate(rating)).await.unwrap();
                assert_eq!(told, Annotation { rating: Some(rating), ..Annotation::none(item) });
            }
            assert_eq!(invalid_field(house.ask(&anna, rate(6)).await), "rating");
            assert_eq!(house.annotation(&anna, item).await.rating, Some(5));
            assert!(house.annotation(&listener(BEN), item).await.is_none());
            assert!(house.ask(&anna, rate(0)).await.unwrap().is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn annotations_come_in_the_order_asked_and_hide_what_is_hidden() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).library(2).album(2).artists(&[2])]).await;
        let anna = listener(ANNA);
        for item in [track(1), track(2), album(2), artist(2)] {
            house.ask(&anna, love(item)).await.unwrap();
        }
        let items = [track(2), artist(2), track(7), track(1), album(2), track(2)];
        let told = house.annotations(&anna, &items).await;
        assert_eq!(told.iter().map(|told| told.item).collect::<Vec<_>>(), items);
        let loved: Vec<_> = told.iter().map(|told| told.favourite_since.is_some()).collect();
        assert_eq!(loved, [true, true, false, true, true, true]);
        let told = house.annotations(&limited(ANNA, &[1]), &items).await;
        let loved: Vec<_> = told.iter().map(|told| told.favourite_since.is_some()).collect();
        assert_eq!(loved, [false, false, false, true, false, false]);
        let many = vec![track(1); 501];
        let refusal = house.ask(&anna, GetAnnotations { items: many }).await;
        assert_eq!(invalid_field(refusal), "items");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_seen_is_not_found() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let other = limited(ANNA, &[2]);
        for (item, kind) in [(track(1), "track"), (album(1), "album"), (artist(1), "artist")] {
            for favourite in [true, false] {
                let call = SetFavourite { item, favourite };
                assert_eq!(refused(house.ask(&other, call).await), not_found(kind));
            }
            let call = SetRating { item, rating: 3 };
            assert_eq!(refused(house.ask(&other, call).await), not_found(kind));
        }
        for (item, kind) in [(track(9), "track"), (album(9), "album"), (artist(9), "artist")] {
            assert_eq!(refused(house.ask(&listener(ANNA), love(item)).await), not_found(kind));
        }
    })
    .await;
}

#[tokio::test]
async fn items_that_the_feed_has_not_told_are_asked_for() {
    both_ways(async |house| {
        house.catalog.scan_quietly(Song::new(1));
        let (anna, other) = (listener(ANNA), limited(BEN, &[2]));
        for (item, kind) in [(track(1), "track"), (album(1), "album"), (artist(1), "artist")] {
            assert_eq!(refused(house.ask(&other, love(item)).await), not_found(kind));
            house.catalog.is_down.store(true, Ordering::Relaxed);
            assert_eq!(refused(house.ask(&anna, love(item)).await), ProfileError::Busy);
            house.catalog.is_down.store(false, Ordering::Relaxed);
            let loved = house.ask(&anna, love(item)).await.unwrap();
            assert_eq!(loved.favourite_since, Some(NOW));
        }
        let asked = house.catalog.asked.load(Ordering::Relaxed);
        house.play(&anna, 1, NOW).await;
        assert_eq!(house.catalog.asked.load(Ordering::Relaxed), asked, "the track was taken in");
        house.scan([Song::new(1)]).await;
        let all = |paging| ListFavourites { kind: None, paging };
        assert_eq!(house.pages(&anna, 10, all).await.len(), 3);
    })
    .await;
}

async fn forbidden(house: &House, who: &hexachord_contracts::Context) {
    let paging = Paging::default;
    let forbidden = ProfileError::Forbidden;
    assert_eq!(refused(house.ask(who, love(track(1))).await), forbidden);
    let call = SetRating { item: track(1), rating: 1 };
    assert_eq!(refused(house.ask(who, call).await), forbidden);
    let call = GetAnnotations { items: vec![] };
    assert_eq!(refused(house.ask(who, call).await), forbidden);
    let call = ListFavourites { kind: None, paging: paging() };
    assert_eq!(refused(house.ask(who, call).await), forbidden);
    assert_eq!(refused(house.ask(who, ListPlays { paging: paging() }).await), forbidden);
    let call = ListTop { kind: ItemKind::Track, paging: paging(), between: None };
    assert_eq!(refused(house.ask(who, call).await), forbidden);
    let call = crate::house::heard(1, NOW, 1);
    assert_eq!(refused(house.ask(who, call).await), forbidden);
    let call = crate::house::new_playlist("x", true, &[]);
    assert_eq!(refused(house.ask(who, call).await), forbidden);
}

#[tokio::test]
async fn only_accounts_have_a_profile() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        forbidden(&house, &anonymous()).await;
        forbidden(&house, &system()).await;
    })
    .await;
}
