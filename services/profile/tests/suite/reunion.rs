//! A copy that became the track that it was copied from.

use std::time::Duration;

use hexachord_contracts::{
    Timestamp,
    catalog::CatalogChange,
    ids::{AccountId, TrackId},
    profile::{
        CreateShare, GetPlayQueue, GetPlaylist, ImportHistory, ImportedFact, ListBookmarks,
        ListPlays, ListShares, SavePlayQueue, SetBookmark, SetFavourite, SetRating, Share, Taken,
    },
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, album, artist, both_ways, heard, ids, limited, listener,
        minutes_ago, system, track,
    },
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

#[tokio::test]
async fn totals_are_right_when_the_track_changes_along_with_it() {
    both_ways(async |house| {
        let long = 2 * MINUTES_2;
        house.scan([Song::new(1), Song::new(2), Song::new(3).library(2)]).await;
        let anna = listener(ANNA);
        let list = house.playlist(&anna, "list", &[1, 2, 3]).await;
        house.catalog.forget_quietly(2);
        let song = Song::new(1).library(2).lasting(long);
        house.catalog.scan_quietly(song.clone());
        let (from, to) = (TrackId(2), TrackId(1));
        let track = CatalogChange::Track(Box::new(song.track()));
        let became = CatalogChange::TrackBecame { from, to, since: NOW };
        house.catalog.feed.tell([track, became]);
        house.is_up_to_date().await;
        let seen = house.ask(&anna, GetPlaylist { playlist: list.id }).await.unwrap();
        assert_eq!((seen.track_count, seen.duration_ms), (3, 2 * long + MINUTES_2));
        let who = limited(ANNA, &[1]);
        let seen = house.ask(&who, GetPlaylist { playlist: list.id }).await.unwrap();
        assert_eq!((seen.track_count, seen.duration_ms), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_was_imported_of_the_copy_was_imported_of_the_track() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2)]).await;
        let import = async |id: u64, of_plays: u32| {
            let facts = vec![
                ImportedFact::Plays { track: TrackId(id), plays: of_plays, last_played_at: NOW },
                ImportedFact::Favourite { item: track(id), since: Some(NOW) },
                ImportedFact::Rating { item: track(id), rating: 3 },
            ];
            let (account, source) = (AccountId(ANNA), "elsewhere".to_owned());
            let call = ImportHistory { account, source, facts, dry_run: false };
            house.ask(&system(), call).await.unwrap()
        };
        let anna = listener(ANNA);
        assert_eq!(import(2, 7).await, [Taken::New; 3]);
        house.ask(&anna, SetFavourite { item: track(2), favourite: false }).await.unwrap();
        house.ask(&anna, SetRating { item: track(2), rating: 5 }).await.unwrap();
        reunite(&house, NOW).await;
        assert_eq!(import(1, 7).await, [Taken::Known, Taken::Kept, Taken::Kept]);
        assert_eq!(import(1, 9).await[0], Taken::Changed);
        let now = house.annotation(&anna, track(1)).await;
        assert_eq!((now.plays, now.favourite_since, now.rating), (9, None, Some(5)));
    })
    .await;
}

#[tokio::test]
async fn bookmarks_queues_and_shares_go_along() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2), Song::new(3)]).await;
        let (anna, ben) = (listener(ANNA), listener(BEN));
        for (who, id, position_ms) in [(&anna, 1, 5), (&anna, 2, 6), (&ben, 2, 7)] {
            let mark = SetBookmark { track: TrackId(id), position_ms, comment: String::new() };
            house.ask(who, mark).await.unwrap();
        }
        let (tracks, client) = (ids(&[2, 3, 2]), String::new());
        let queue = SavePlayQueue { tracks, current: Some(2), position_ms: 8, client };
        house.ask(&anna, queue).await.unwrap();
        let (items, description) = (vec![track(3), track(2)], String::new());
        let share = CreateShare { items, playlists: vec![], description, expires_at: None };
        let share = house.ask(&anna, share).await.unwrap();

        reunite(&house, NOW).await;
        for (who, position_ms) in [(&anna, 5), (&ben, 7)] {
            let list = house.pages(who, 5, |paging| ListBookmarks { paging }).await;
            let list: Vec<_> = list.iter().map(|it| (it.track.0, it.position_ms)).collect();
            assert_eq!(list, [(1, position_ms)], "what was said of the track itself counts more");
        }
        let queue = house.ask(&anna, GetPlayQueue {}).await.unwrap().unwrap();
        assert_eq!((queue.tracks, queue.current, queue.position_ms), (ids(&[1, 3, 1]), 2, 8));
        let shares = house.pages(&anna, 5, |paging| ListShares { paging }).await;
        assert_eq!(shares, [Share { items: vec![track(3), track(1)], ..share }]);
    })
    .await;
}
