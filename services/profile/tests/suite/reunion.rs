//! A copy that became the track that it was copied from.

use std::time::Duration;

use hexachord_contracts::{
    Timestamp,
    catalog::CatalogChange,
    ids::TrackId,
    profile::{GetPlaylist, ListPlays, SetFavourite, SetRating},
};

use crate::{
    house::{ANNA, BEN, House, NOW, album, artist, both_ways, heard, listener, minutes_ago, track},
    songs::{MINUTES_2, Song},
};

/// The catalog tells that the second song is the first one now.
async fn reunite(house: &House, since: Timestamp) {
    house.catalog.forget_quietly(2);
    let (from, to) = (TrackId(2), TrackId(1));
    house.catalog.feed.tell([CatalogChange::TrackBecame { from, to, since }]);
    house.is_up_to_date().await;
}

#[tokio::test]
async fn what_was_done_with_the_copy_was_done_with_the_track() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).library(2), Song::new(3)]).await;
        let (anna, ben) = (listener(ANNA), listener(BEN));
        house.play(&anna, 1, minutes_ago(9)).await;
        house.play(&anna, 2, minutes_ago(5)).await;
        house.play(&ben, 2, minutes_ago(4)).await;
        // It does not count, but is in the history.
        house.ask(&ben, heard(2, minutes_ago(3), 1)).await.unwrap();
        house.ask(&anna, SetFavourite { item: track(2), favourite: true }).await.unwrap();
        house.ask(&anna, SetRating { item: track(1), rating: 5 }).await.unwrap();
        house.ask(&anna, SetRating { item: track(2), rating: 1 }).await.unwrap();
        house.ask(&ben, SetRating { item: track(2), rating: 2 }).await.unwrap();
        let list = house.playlist(&anna, "list", &[2, 3, 1, 2]).await;

        reunite(&house, minutes_ago(6)).await;
        let of_anna = house.annotation(&anna, track(1)).await;
        assert_eq!((of_anna.plays, of_anna.last_played_at), (2, Some(minutes_ago(5))));
        assert_eq!((of_anna.favourite_since, of_anna.rating), (Some(NOW), Some(5)));
        let of_ben = house.annotation(&ben, track(1)).await;
        assert_eq!((of_ben.plays, of_ben.rating), (1, Some(2)));
        for item in [album(1), artist(1)] {
            assert_eq!(house.annotation(&anna, item).await.plays, 2, "{item}");
            assert_eq!(house.annotation(&ben, item).await.plays, 1, "{item}");
        }
        for (who, plays) in [(&anna, 2), (&ben, 2)] {
            let history = house.pages(who, 5, |paging| ListPlays { paging }).await;
            assert_eq!(history.len(), plays);
            assert!(history.iter().all(|play| play.track == TrackId(1)));
            assert!(house.annotation(who, track(2)).await.is_none());
        }
        assert_eq!(house.entries(&anna, &list).await, [(0, 1), (1, 3), (2, 1), (3, 1)]);
        let seen = house.ask(&anna, GetPlaylist { playlist: list.id }).await.unwrap();
        assert_eq!((seen.track_count, seen.duration_ms), (4, 4 * MINUTES_2));
    })
    .await;
}

#[tokio::test]
async fn it_may_be_told_again_and_of_strangers() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2)]).await;
        let anna = listener(ANNA);
        house.play(&anna, 2, NOW).await;
        reunite(&house, NOW).await;
        let (from, to, since) = (TrackId(2), TrackId(1), NOW);
        let other = CatalogChange::TrackBecame { from: TrackId(77), to: TrackId(78), since };
        house.catalog.feed.tell([CatalogChange::TrackBecame { from, to, since }, other]);
        house.is_up_to_date().await;
        assert_eq!(house.annotation(&anna, track(1)).await.plays, 1);
        house.clock.advance(Duration::from_mins(3));
        house.play(&anna, 1, house.clock.now()).await;
        assert_eq!(house.annotation(&anna, track(1)).await.plays, 2);
    })
    .await;
}
