//! Albums and artists that are renamed, merged and split: stars and ratings go along.

use std::time::Duration;

use hexachord_contracts::{
    Context,
    catalog::{CatalogChange, Track},
    feed::{Changes, FeedCursor},
    item::ItemId,
    profile::{
        Annotation, FollowProfile, ListFavourites, ProfileChange, ProfileSnapshot, SetFavourite,
        SetRating,
    },
};

use crate::{
    house::{ANNA, BEN, House, NOW, album, artist, both_ways, listener, system},
    songs::Song,
};

async fn love(house: &House, who: &Context, item: ItemId) {
    house.ask(who, SetFavourite { item, favourite: true }).await.unwrap();
}

async fn rate(house: &House, who: &Context, item: ItemId, rating: u8) {
    house.ask(who, SetRating { item, rating }).await.unwrap();
}

/// Is it loved, and how is it rated?
async fn opinion(house: &House, who: &Context, item: ItemId) -> (bool, Option<u8>) {
    let Annotation { favourite_since, rating, .. } = house.annotation(who, item).await;
    (favourite_since.is_some(), rating)
}

async fn favourites(house: &House, who: &Context) -> Vec<ItemId> {
    let list = |paging| ListFavourites { kind: None, paging };
    house.pages(who, 2, list).await.iter().map(|favourite| favourite.item).collect()
}

/// Songs of an album that Anna loves and rated, and Ben rated.
async fn album_of(house: &House, songs: &[Song]) -> (Context, Context) {
    house.scan(songs.to_vec()).await;
    let (anna, ben) = (listener(ANNA), listener(BEN));
    love(house, &anna, album(1)).await;
    rate(house, &anna, album(1), 4).await;
    rate(house, &ben, album(1), 2).await;
    (anna, ben)
}

#[tokio::test]
async fn a_renamed_album_is_still_loved() {
    both_ways(async |house| {
        let songs = [1, 2, 3].map(Song::new);
        let (anna, ben) = album_of(&house, &songs).await;
        house.clock.advance(Duration::from_secs(9));
        house.scan(songs.clone().map(|song| song.album(2))).await;
        assert_eq!(opinion(&house, &anna, album(2)).await, (true, Some(4)));
        assert_eq!(opinion(&house, &ben, album(2)).await, (false, Some(2)));
        assert_eq!(house.annotation(&anna, album(2)).await.favourite_since, Some(NOW));
        assert_eq!(favourites(&house, &anna).await, [album(2)], "it stands there once");
        // Somebody changes the mind, and the tags are turned back.
        rate(&house, &ben, album(2), 5).await;
        house.scan(songs).await;
        assert_eq!(opinion(&house, &anna, album(1)).await, (true, Some(4)));
        assert_eq!(favourites(&house, &anna).await, [album(1)]);
        assert_eq!(opinion(&house, &ben, album(1)).await, (false, Some(2)), "as it was said of it");
    })
    .await;
}

#[tokio::test]
async fn merged_albums_keep_what_was_said_of_each() {
    both_ways(async |house| {
        let songs = [Song::new(1), Song::new(2), Song::new(3).album(2)];
        let (anna, ben) = album_of(&house, &songs).await;
        rate(&house, &anna, album(2), 1).await;
        house.scan([Song::new(1).album(2)]).await;
        assert_eq!(opinion(&house, &anna, album(2)).await, (false, Some(1)), "not all of it yet");
        assert_eq!(opinion(&house, &ben, album(2)).await, (false, None));
        house.scan([Song::new(2).album(2)]).await;
        assert_eq!(opinion(&house, &anna, album(2)).await, (true, Some(1)));
        assert_eq!(opinion(&house, &ben, album(2)).await, (false, Some(2)));
        assert_eq!(favourites(&house, &anna).await, [album(2)]);
    })
    .await;
}

#[tokio::test]
async fn both_parts_of_a_split_album_are_loved() {
    both_ways(async |house| {
        let songs = [1, 2, 3, 4].map(Song::new);
        let (anna, ben) = album_of(&house, &songs).await;
        house.scan([Song::new(1).album(2), Song::new(2).album(3)]).await;
        for part in [1, 2, 3].map(album) {
            assert_eq!(opinion(&house, &anna, part).await, (true, Some(4)), "{part}");
            assert_eq!(opinion(&house, &ben, part).await, (false, Some(2)), "{part}");
        }
        // What is said of a part from now on is its own.
        house.ask(&anna, SetFavourite { item: album(2), favourite: false }).await.unwrap();
        house.scan([Song::new(3).album(2)]).await;
        assert_eq!(opinion(&house, &anna, album(2)).await, (false, Some(4)));
    })
    .await;
}

#[tokio::test]
async fn a_missing_track_holds_no_album() {
    both_ways(async |house| {
        let songs = [Song::new(1), Song::new(2), Song::new(3).album(2)];
        let (anna, _) = album_of(&house, &songs).await;
        let missing = Track { missing_since: Some(NOW), ..songs[1].track() };
        house.catalog.feed.tell([CatalogChange::Track(Box::new(missing))]);
        house.scan([Song::new(1).album(2)]).await;
        assert_eq!(opinion(&house, &anna, album(2)).await, (true, Some(4)));
        // It is back under other tags: its album begins with it.
        house.scan([Song::new(2).album(5)]).await;
        assert_eq!(opinion(&house, &anna, album(5)).await, (true, Some(4)));
    })
    .await;
}

#[tokio::test]
async fn a_renamed_artist_is_still_loved() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2), Song::new(3).artists(&[2])]).await;
        let anna = listener(ANNA);
        love(&house, &anna, artist(1)).await;
        // One track may be a correction.
        house.scan([Song::new(1).artists(&[7])]).await;
        assert_eq!(opinion(&house, &anna, artist(7)).await, (false, None));
        house.scan([Song::new(2).artists(&[2])]).await;
        assert_eq!(opinion(&house, &anna, artist(2)).await, (true, None), "merged");
        assert_eq!(opinion(&house, &anna, artist(7)).await, (false, None));
        assert_eq!(favourites(&house, &anna).await, [artist(2)]);
        house.scan([2, 3].map(|id| Song::new(id).artists(&[9]))).await;
        assert_eq!(favourites(&house, &anna).await, [artist(9)], "renamed");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_the_heir_of_two() {
    both_ways(async |house| {
        house.scan([Song::new(1).artists(&[1]), Song::new(2).artists(&[3, 4])]).await;
        let anna = listener(ANNA);
        love(&house, &anna, artist(1)).await;
        love(&house, &anna, artist(3)).await;
        // One name is parted into two, two become one.
        house.scan([Song::new(1).artists(&[5, 6]), Song::new(2).artists(&[7])]).await;
        for id in [5, 6, 7] {
            assert_eq!(opinion(&house, &anna, artist(id)).await, (false, None), "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_rebuilt_catalog_makes_no_heirs_but_those_of_a_retag() {
    both_ways(async |house| {
        let songs = [Song::new(1), Song::new(2), Song::new(3).album(2), Song::new(4).album(3)];
        let (anna, _) = album_of(&house, &songs).await;
        love(&house, &anna, artist(1)).await;
        house.catalog.feed.begin_anew();
        house.is_up_to_date().await;
        assert_eq!(favourites(&house, &anna).await, [album(1), artist(1)]);
        for id in [1, 2] {
            house.catalog.scan_quietly(Song::new(id).album(9));
        }
        house.catalog.feed.begin_anew();
        house.is_up_to_date().await;
        assert_eq!(favourites(&house, &anna).await, [album(9), artist(1)]);
        for other in [2, 3].map(album) {
            assert_eq!(opinion(&house, &anna, other).await, (false, None));
        }
    })
    .await;
}

#[tokio::test]
async fn followers_hear_of_what_was_inherited() {
    both_ways(async |house| {
        let (anna, _) = album_of(&house, &[Song::new(1)]).await;
        let snapshot = ProfileSnapshot { after: None, limit: 100 };
        let head: FeedCursor = house.ask(&system(), snapshot).await.unwrap().head;
        house.scan([Song::new(1).album(2)]).await;
        let expected = house.annotation(&anna, album(2)).await;
        let follow = FollowProfile { after: head, limit: 100, wait_ms: 0 };
        let Changes::Page { items, .. } = house.ask(&system(), follow).await.unwrap() else {
            panic!("the feed goes on");
        };
        let told = items.iter().any(|change| {
            matches!(change, ProfileChange::Annotation { annotation, account }
                if *annotation == expected && account.0 == ANNA)
        });
        assert!(told, "{items:?}");
    })
    .await;
}
