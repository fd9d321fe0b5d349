//! Bookmarks: one for each track, the latest change first, of what can be seen.

use std::time::Duration;

use hexachord_contracts::{
    Context,
    ids::TrackId,
    item::ItemId,
    page::Paging,
    profile::{
        Bookmark, BookmarkAt, GetMarks, ListBookmarks, ProfileError, RemoveBookmark, SetBookmark,
        SetRating,
    },
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, album, anonymous, both_ways, invalid_field, limited, listener,
        not_found, refused, system, track,
    },
    songs::Song,
};

fn mark(track: u64, position_ms: u64, comment: &str) -> SetBookmark {
    SetBookmark { track: TrackId(track), position_ms, comment: comment.to_owned() }
}

async fn tracks(house: &House, who: &Context) -> Vec<u64> {
    let all = house.pages(who, 2, |paging| ListBookmarks { paging }).await;
    all.iter().map(|bookmark| bookmark.track.0).collect()
}

#[tokio::test]
async fn a_bookmark_is_set_changed_and_removed() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2), Song::new(3)]).await;
        let (anna, ben) = (listener(ANNA), listener(BEN));
        let first = house.ask(&anna, mark(1, 9_000, " hé\nre ")).await.unwrap();
        let expected = Bookmark {
            track: TrackId(1),
            position_ms: 9_000,
            comment: " hé\nre ".to_owned(),
            created_at: NOW,
            changed_at: NOW,
        };
        assert_eq!(first, expected);
        house.clock.advance(Duration::from_secs(1));
        house.ask(&anna, mark(2, 0, "")).await.unwrap();
        house.clock.advance(Duration::from_secs(1));
        house.ask(&anna, mark(3, 5, "")).await.unwrap();
        assert_eq!(tracks(&house, &anna).await, [3, 2, 1]);
        house.clock.advance(Duration::from_secs(1));
        let moved = house.ask(&anna, mark(1, 10_000, "")).await.unwrap();
        assert_eq!((moved.created_at, moved.changed_at), (NOW, house.clock.now()));
        assert_eq!(tracks(&house, &anna).await, [1, 3, 2], "one a track, by its last change");
        let all = house.pages(&anna, 500, |paging| ListBookmarks { paging }).await;
        assert_eq!(all[0], moved);

        assert_eq!(tracks(&house, &ben).await, [0; 0], "they are one's own");
        let remove = |track| RemoveBookmark { track: TrackId(track) };
        assert_eq!(refused(house.ask(&ben, remove(1)).await), not_found("bookmark"));
        house.ask(&anna, remove(3)).await.unwrap();
        assert_eq!(refused(house.ask(&anna, remove(3)).await), not_found("bookmark"));
        assert_eq!(tracks(&house, &anna).await, [1, 2]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).library(2)]).await;
        let anna = limited(ANNA, &[1]);
        for track in [2, 9] {
            let refusal = refused(house.ask(&anna, mark(track, 1, "")).await);
            assert_eq!(refusal, not_found("track"));
        }
        let month = 30 * 24 * 60 * 60 * 1000;
        house.ask(&anna, mark(1, month, &"ü".repeat(2_000))).await.unwrap();
        assert_eq!(invalid_field(house.ask(&anna, mark(1, month + 1, "")).await), "position_ms");
        let long = "ü".repeat(2_001);
        assert_eq!(invalid_field(house.ask(&anna, mark(1, 1, &long)).await), "comment");
        for who in [system(), anonymous()] {
            assert_eq!(refused(house.ask(&who, mark(1, 1, "")).await), ProfileError::Forbidden);
            let list = ListBookmarks { paging: Paging::default() };
            assert_eq!(refused(house.ask(&who, list).await), ProfileError::Forbidden);
        }
        let late = house.ask(&listener(77), mark(1, 1, "")).await;
        assert_eq!(refused(late), ProfileError::Forbidden, "nobody has this account");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_seen_is_not_lost() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).library(2), Song::new(3), Song::new(4)]).await;
        let anna = listener(ANNA);
        for track in 1..=4 {
            house.ask(&anna, mark(track, 1, "")).await.unwrap();
        }
        house.scan([Song::new(3).missing()]).await;
        house.catalog.forget(4);
        house.is_up_to_date().await;
        assert_eq!(tracks(&house, &anna).await.len(), 3, "a missing track keeps its bookmark");
        assert_eq!(tracks(&house, &limited(ANNA, &[2])).await, [2]);
        house.scan([Song::new(4)]).await;
        assert_eq!(tracks(&house, &anna).await.len(), 4, "it is back with its track");
        // A track that the feed has not told of yet can be marked, too.
        house.catalog.scan_quietly(Song::new(5));
        house.ask(&anna, mark(5, 1, "")).await.unwrap();
        // One that is gone can be forgotten.
        house.catalog.forget(4);
        house.is_up_to_date().await;
        house.ask(&anna, RemoveBookmark { track: TrackId(4) }).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn bookmarks_stand_beside_the_tracks_of_a_page() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).library(2), Song::new(3)]).await;
        let anna = listener(ANNA);
        let marks = |items: &[ItemId]| GetMarks { items: items.to_vec() };
        let items = [track(3), album(1), track(2), track(9), track(1)];
        let none = house.ask(&anna, marks(&items)).await.unwrap();
        assert_eq!((none.bookmarks.len(), none.annotations.len()), (0, 5));
        for (id, position_ms) in [(1, 10), (2, 20)] {
            house.ask(&anna, mark(id, position_ms, "words")).await.unwrap();
        }
        house.ask(&anna, SetRating { item: track(3), rating: 4 }).await.unwrap();
        let told = house.ask(&anna, marks(&items)).await.unwrap();
        let at = |track, position_ms| BookmarkAt { track: TrackId(track), position_ms };
        assert_eq!(told.bookmarks, [at(2, 20), at(1, 10)], "in the order of the page");
        assert_eq!(told.annotations, house.annotations(&anna, &items).await);
        assert_eq!(told.annotations[0].rating, Some(4));
        let seen = house.ask(&limited(ANNA, &[1]), marks(&items)).await.unwrap();
        assert_eq!(seen.bookmarks, [at(1, 10)], "of what can be seen");
        let others = house.ask(&listener(BEN), marks(&items)).await.unwrap();
        assert_eq!(others.bookmarks, []);
        assert_eq!(invalid_field(house.ask(&anna, marks(&[track(1); 501])).await), "items");
        for who in [system(), anonymous()] {
            let refusal = refused(house.ask(&who, marks(&items)).await);
            assert_eq!(refusal, ProfileError::Forbidden);
        }
    })
    .await;
}
