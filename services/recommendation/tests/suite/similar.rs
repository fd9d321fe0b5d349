//! Tracks like a track.

use hexachord_contracts::{ids::ArtistId, recommendation::Reason};

use crate::house::{both_ways, ids, track};

#[tokio::test]
async fn by_artist_then_genre_and_not_only_of_the_album() {
    both_ways(async |mut house| {
        for id in 1..=10 {
            house.catalog.put(track(id, "of the album", 1, 1, &["Jazz"], Some(1960)));
        }
        for id in 11..=12 {
            house.catalog.put(track(id, "of the artist", 1, 2, &["Jazz"], Some(1960)));
        }
        for id in 13..=20 {
            house.catalog.put(track(id, "of the genre", id, id, &["Jazz"], Some(1960)));
        }
        for id in 21..=40 {
            house.catalog.put(track(id, "other", id, id, &["Techno"], Some(2000)));
        }
        house.run().await;
        let answer = house.similar(1, 5, 50).await;
        let found = ids(&answer);
        assert!(!found.contains(&5), "not itself");
        let of_album = found.iter().filter(|id| **id <= 10).count();
        assert_eq!(of_album, 3, "{found:?}");
        assert!(found.iter().all(|id| *id <= 20), "the rest is not like it: {found:?}");
        assert_eq!(found.len(), 3 + 2 + 8);
        assert!(answer.is_sorted_by(|one, next| one.score >= next.score));
        let by_artist = &answer[..5];
        for one in by_artist {
            let name = "artist 1".to_owned();
            assert_eq!(one.reason, Reason::Artist { artist: ArtistId(1), name });
        }
        for one in &answer[5..] {
            assert_eq!(one.reason, Reason::Genre { genre: "Jazz".to_owned() });
        }
    })
    .await;
}

#[tokio::test]
async fn played_together_by_the_same_people() {
    both_ways(async |mut house| {
        house.two_groups();
        house.run().await;
        house.trained().await;
        let answer = house.similar(1, 7, 10).await;
        assert!(!answer.is_empty());
        for one in &answer {
            assert_eq!(one.track.0 % 2, 1, "{answer:?}");
            let Reason::PlayedTogether { track, title } = &one.reason else {
                panic!("nothing is written on it: {one:?}");
            };
            assert_eq!((track.0, title.as_str()), (7, "track 7"));
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_like_a_track_of_which_nothing_is_known() {
    both_ways(async |mut house| {
        for id in 1..=5 {
            let mut bare = track(id, "bare", 1, 1, &[], None);
            bare.artists.clear();
            bare.album_artists.clear();
            house.catalog.put(bare);
        }
        house.played(1, 1, 1);
        house.run().await;
        assert_eq!(house.similar(1, 1, 10).await, []);
        let answer = house.recommend(1, 10).await;
        assert_eq!(answer.len(), 5);
        assert!(answer.iter().all(|one| one.reason == Reason::NewInLibrary));
    })
    .await;
}
