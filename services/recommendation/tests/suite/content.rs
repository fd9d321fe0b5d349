//! Somebody alone: by what is written on the tracks.

use std::time::Duration;

use hexachord_contracts::{
    ids::{AlbumId, ArtistId},
    item::ItemId,
    profile::Annotation,
    recommendation::Reason,
};

use crate::house::{House, NOW, both_ways, ids, nothing, track};

#[tokio::test]
async fn a_newcomer_hears_the_newest_albums() {
    both_ways(async |mut house| {
        for id in 1..=30_u64 {
            // Three tracks an album; album 10 is the newest.
            let album = id.div_ceil(3);
            let mut added = track(id, "x", album, album, &["Rock"], None);
            added.added_at = NOW.plus(Duration::from_hours(album));
            house.catalog.put(added);
        }
        house.run().await;
        let answer = house.recommend(1, 10).await;
        assert_eq!(ids(&answer), [28, 25, 22, 19, 16, 13, 10, 7, 4, 1]);
        assert!(answer.iter().all(|one| one.reason == Reason::NewInLibrary));
        assert!(answer.is_sorted_by(|one, next| one.score >= next.score));
        assert_eq!(house.recommend(1, 500).await.len(), 30);
    })
    .await;
}

/// Three genres of three decades, each with four artists of five tracks.
fn three_genres(house: &House) {
    for id in 1..=60 {
        let artist = 1 + (id - 1) / 5;
        let (genre, year) = [("Jazz", 1961), ("Techno", 1994), ("Folk", 1975)]
            [usize::try_from((artist - 1) / 4).expect("one of three")];
        house.catalog.put(track(id, &format!("t{id}"), artist, artist, &[genre], Some(year)));
    }
}

#[tokio::test]
async fn one_listener_hears_more_of_what_it_plays() {
    both_ways(async |mut house| {
        three_genres(&house);
        // Tracks 21 to 40 are Techno; two artists of it.
        for id in [21, 22, 26] {
            house.played(1, id, 4);
        }
        house.run().await;
        let answer = house.recommend(1, 8).await;
        assert!(ids(&answer).iter().all(|id| (21..=40).contains(id)), "{answer:?}");
        assert!(answer.is_sorted_by(|one, next| one.score >= next.score));
        for one in &answer {
            let artist = 1 + (one.track.0 - 1) / 5;
            match &one.reason {
                Reason::Artist { artist: ArtistId(id), name } => {
                    assert_eq!((*id, name), (artist, &format!("artist {artist}")));
                    assert!([5, 6].contains(id), "of an artist that was heard");
                }
                Reason::Genre { genre } => assert_eq!(genre, "Techno"),
                other => panic!("nobody else listens: {other:?}"),
            }
        }
        // Nobody to learn from.
        let model = house.model().await;
        assert_eq!((model.trained_at, model.factors, model.quality), (None, 0, None));
        assert_eq!((model.tracks, model.listeners, model.interactions), (60, 1, 3));
    })
    .await;
}

#[tokio::test]
async fn years_alone_are_a_reason() {
    both_ways(async |mut house| {
        for id in 1..=20 {
            let year = if id <= 10 { 1985 } else { 2015 };
            house.catalog.put(track(id, "x", id, id, &[], Some(year)));
        }
        house.played(1, 1, 2);
        house.run().await;
        let answer = house.recommend(1, 5).await;
        let fresh = answer.iter().filter(|one| one.track.0 != 1);
        for one in fresh {
            assert!(one.track.0 <= 10);
            assert_eq!(one.reason, Reason::Decade { decade: 1980 });
        }
    })
    .await;
}

#[tokio::test]
async fn bad_ratings_pull_down_and_keep_out() {
    both_ways(async |mut house| {
        three_genres(&house);
        house.played(1, 1, 3);
        house.played(1, 21, 3);
        for id in [2, 3, 4, 7] {
            house.annotate(1, Annotation { rating: Some(1), plays: 9, ..nothing(id) });
        }
        house.run().await;
        let answer = house.recommend(1, 500).await;
        assert_eq!(answer.len(), 56, "what was rated down is left out");
        let ids = ids(&answer);
        assert!([2, 3, 4, 7].iter().all(|id| !ids.contains(id)));
        let place = |id| ids.iter().position(|known| *known == id).expect("it is there");
        assert!(place(22) < place(5), "the artist of the others is spoken against");
        let similar = crate::house::ids(&house.similar(1, 1, 500).await);
        assert!([2, 3, 4, 7].iter().all(|id| !similar.contains(id)));
    })
    .await;
}

#[tokio::test]
async fn albums_and_artists_that_are_loved_speak_for_their_tracks() {
    both_ways(async |mut house| {
        three_genres(&house);
        let loved = |item| Annotation { favourite_since: Some(NOW), ..Annotation::none(item) };
        house.annotate(1, loved(ItemId::Artist(ArtistId(9))));
        house.annotate(2, loved(ItemId::Album(AlbumId(5))));
        house.run().await;
        let by_artist = house.recommend(1, 1).await;
        assert!((41..=45).contains(&by_artist[0].track.0), "{by_artist:?}");
        let by_album = house.recommend(2, 2).await;
        assert!(ids(&by_album).iter().all(|id| (21..=25).contains(id)), "{by_album:?}");
    })
    .await;
}

#[tokio::test]
async fn what_was_heard_lately_comes_last_and_comes_back() {
    both_ways(async |mut house| {
        three_genres(&house);
        for id in 21..=40 {
            house.played_now(1, id, 1);
        }
        house.run().await;
        let lately: Vec<u64> = (21..=40).collect();
        let first = ids(&house.recommend(1, 16).await);
        assert!(first.iter().all(|id| !lately.contains(id)), "{first:?}");
        let all = ids(&house.recommend(1, 60).await);
        assert_eq!(all.len(), 60, "when everything was heard it is still answered");

        house.clock.advance(Duration::from_hours(24 * 60));
        let first = ids(&house.recommend(1, 8).await);
        assert!(first.iter().all(|id| lately.contains(id)), "{first:?}");
    })
    .await;
}

#[tokio::test]
async fn a_row_is_not_of_one_album_or_artist() {
    both_ways(async |mut house| {
        three_genres(&house);
        house.played(1, 1, 30);
        house.run().await;
        let answer = ids(&house.recommend(1, 20).await);
        for artist in 1..=12 {
            let of_artist = answer.iter().filter(|id| 1 + (**id - 1) / 5 == artist).count();
            assert!(of_artist <= 2, "each artist has one album: {answer:?}");
        }
    })
    .await;
}
