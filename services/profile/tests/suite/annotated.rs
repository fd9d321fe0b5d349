//! Items by what listeners have to do with them.

use hexachord_contracts::{
    ids::ArtistId,
    item::{ItemId, ItemKind},
    profile::{AnnotatedBy, ListAnnotated, ListTopOfArtist, ProfileError, SetFavourite, SetRating},
};

use crate::{
    house::{
        ANNA, BEN, House, album, anonymous, both_ways, heard, invalid_field, limited, listener,
        minutes_ago, refused,
    },
    songs::Song,
};

fn list(kind: ItemKind, by: AnnotatedBy, skip: u32, limit: u32) -> ListAnnotated {
    ListAnnotated { kind, by, skip, limit }
}

/// Song n is of album n; those of even numbers are in the second library.
async fn heard_house(house: &House) {
    let songs = (1..=4).map(|id| Song::new(id).library(1 + (id + 1) % 2).album(id));
    house.scan(songs).await;
    let anna = listener(ANNA);
    for (minutes, song) in [(9, 1), (8, 1), (7, 2), (3, 3), (2, 1), (1, 2)] {
        house.ask(&anna, heard(song, minutes_ago(minutes), 300_000)).await.unwrap();
    }
    house.ask(&listener(BEN), heard(3, minutes_ago(1), 300_000)).await.unwrap();
    for (song, rating) in [(3, 5), (1, 4), (2, 4)] {
        house.ask(&anna, SetRating { item: album(song), rating }).await.unwrap();
    }
    for song in [2, 4] {
        let love = SetFavourite { item: album(song), favourite: true };
        house.ask(&anna, love).await.unwrap();
        house.clock.advance(std::time::Duration::from_secs(1));
    }
}

#[tokio::test]
async fn albums_come_in_every_order_and_from_any_row_on() {
    both_ways(async |house| {
        heard_house(&house).await;
        let orders = [
            (AnnotatedBy::Plays, vec![1, 2, 3]),
            (AnnotatedBy::LastPlayed, vec![2, 1, 3]),
            (AnnotatedBy::Rating, vec![3, 1, 2]),
            (AnnotatedBy::Favourite, vec![4, 2]),
        ];
        for (by, expected) in orders {
            let expected: Vec<ItemId> = expected.into_iter().map(album).collect();
            let items = async |who, skip, limit| {
                let call = list(ItemKind::Album, by, skip, limit);
                let annotations = house.ask(&who, call).await.unwrap();
                annotations.iter().map(|annotation| annotation.item).collect::<Vec<_>>()
            };
            assert_eq!(items(listener(ANNA), 0, 500).await, expected, "{by:?}");
            for skip in 0..=4 {
                let rest: Vec<_> = expected.iter().skip(skip).take(1).copied().collect();
                assert_eq!(items(listener(ANNA), u32::try_from(skip).unwrap(), 1).await, rest);
            }
            // Who sees the first library alone counts rows of it alone.
            let seen: Vec<_> = expected.into_iter().filter(|item| item.number() % 2 == 1).collect();
            assert_eq!(items(limited(ANNA, &[1]), 0, 500).await, seen, "{by:?}");
            assert_eq!(items(limited(ANNA, &[1]), 1, 500).await, seen.get(1..).unwrap_or(&[]));
        }
        let ben = listener(BEN);
        let nothing = house.ask(&ben, list(ItemKind::Album, AnnotatedBy::Rating, 0, 9)).await;
        assert_eq!(nothing.unwrap(), []);
        for limit in [0, 501] {
            let call = list(ItemKind::Track, AnnotatedBy::Plays, 0, limit);
            assert_eq!(invalid_field(house.ask(&listener(ANNA), call).await), "limit");
        }
        refused(house.ask(&anonymous(), list(ItemKind::Track, AnnotatedBy::Plays, 0, 1)).await);
    })
    .await;
}

#[tokio::test]
async fn the_tracks_of_an_artist_come_by_the_plays_of_everybody() {
    both_ways(async |house| {
        heard_house(&house).await;
        house.scan([Song::new(5).missing(), Song::new(6).artists(&[2])]).await;
        let top = async |who, limit| {
            let call = ListTopOfArtist { artist: ArtistId(1), limit };
            let listed = house.ask(&who, call).await.unwrap();
            listed.iter().map(|one| (one.track.0, one.plays)).collect::<Vec<_>>()
        };
        assert_eq!(top(listener(BEN), 500).await, [(1, 3), (2, 2), (3, 2), (4, 0)]);
        assert_eq!(top(listener(BEN), 2).await, [(1, 3), (2, 2)]);
        assert_eq!(top(limited(BEN, &[1]), 500).await, [(1, 3), (3, 2)]);
        house.ask(&listener(BEN), heard(2, minutes_ago(20), 300_000)).await.unwrap();
        house.ask(&listener(BEN), heard(2, minutes_ago(10), 300_000)).await.unwrap();
        assert_eq!(top(listener(ANNA), 1).await, [(2, 4)]);
        // It is found to be of somebody else.
        house.scan([Song::new(2).library(2).album(2).artists(&[2])]).await;
        assert_eq!(top(listener(ANNA), 500).await, [(1, 3), (3, 2), (4, 0)]);

        let of = |artist, limit| ListTopOfArtist { artist: ArtistId(artist), limit };
        for hidden in [
            house.ask(&limited(BEN, &[3]), of(1, 5)).await,
            house.ask(&listener(BEN), of(99, 5)).await,
        ] {
            assert_eq!(refused(hidden), ProfileError::NotFound { what: "artist".to_owned() });
        }
        for limit in [0, 501] {
            assert_eq!(invalid_field(house.ask(&listener(ANNA), of(1, limit)).await), "limit");
        }
        assert_eq!(refused(house.ask(&anonymous(), of(1, 5)).await), ProfileError::Forbidden);
    })
    .await;
}
