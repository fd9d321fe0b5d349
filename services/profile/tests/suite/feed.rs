//! The feed of listeners, as another service follows it.

use std::{collections::BTreeMap, time::Duration};

use hexachord_contracts::{
    Context,
    feed::{Changes, FeedCursor},
    ids::{AccountId, PlaylistId},
    item::ItemId,
    profile::{
        AddToPlaylist, Annotation, FollowProfile, Playlist, ProfileChange, ProfileError,
        ProfileSnapshot, RemovePlaylist, SetFavourite, SetRating,
    },
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, album, anonymous, artist, both_ways, heard, ids, invalid_field,
        limited, listener, minutes_ago, refused, system, track,
    },
    songs::{MINUTES_2, Song},
};

/// What a follower keeps.
#[derive(Debug, Default, PartialEq, Eq)]
struct Kept {
    playlists: BTreeMap<PlaylistId, Playlist>,
    annotations: BTreeMap<(AccountId, ItemId), Annotation>,
}

impl Kept {
    fn take(&mut self, items: Vec<ProfileChange>) {
        for item in items {
            match item {
                ProfileChange::Playlist(playlist) => {
                    self.playlists.insert(playlist.id, *playlist);
                }
                ProfileChange::PlaylistGone(id) => drop(self.playlists.remove(&id)),
                ProfileChange::Annotation { account, annotation } if annotation.is_none() => {
                    self.annotations.remove(&(account, annotation.item));
                }
                ProfileChange::Annotation { account, annotation } => {
                    self.annotations.insert((account, annotation.item), annotation);
                }
                ProfileChange::AccountGone(account) => {
                    self.playlists.retain(|_, playlist| playlist.owner != account);
                    self.annotations.retain(|(owner, _), _| *owner != account);
                }
            }
        }
    }
}

async fn follow(
    house: &House,
    after: FeedCursor,
    wait_ms: u64,
) -> (Vec<ProfileChange>, FeedCursor) {
    let call = FollowProfile { after, limit: 500, wait_ms };
    match house.ask(&system(), call).await.unwrap() {
        Changes::Page { items, cursor } => (items, cursor),
        Changes::StartOver => panic!("has to start over"),
    }
}

async fn snapshot(house: &House, limit: u32) -> (Kept, FeedCursor) {
    let (mut kept, mut after, mut first) = (Kept::default(), None, None);
    loop {
        let page = house.ask(&system(), ProfileSnapshot { after, limit }).await.unwrap();
        assert_eq!(*first.get_or_insert(page.head), page.head);
        assert!(page.items.len() <= limit as usize);
        kept.take(page.items);
        after = page.next;
        if after.is_none() {
            return (kept, page.head);
        }
    }
}

async fn head(house: &House) -> FeedCursor {
    snapshot(house, 500).await.1
}

#[tokio::test]
async fn plays_favourites_and_ratings_are_told_as_they_are_now() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let (anna, start) = (listener(ANNA), head(&house).await);
        house.ask(&anna, heard(1, minutes_ago(9), 1)).await.unwrap();
        assert_eq!(follow(&house, start, 0).await, (vec![], start), "it did not count");
        house.play(&anna, 1, NOW).await;
        house.ask(&anna, SetRating { item: track(1), rating: 5 }).await.unwrap();
        house.ask(&anna, SetFavourite { item: album(1), favourite: true }).await.unwrap();
        let (news, cursor) = follow(&house, start, 0).await;
        let mut expected = Vec::new();
        // Once each, at the place of its last change.
        for item in [artist(1), track(1), album(1)] {
            let annotation = house.annotation(&anna, item).await;
            expected.push(ProfileChange::Annotation { account: AccountId(ANNA), annotation });
        }
        assert_eq!(news, expected);
        house.ask(&anna, SetRating { item: track(1), rating: 5 }).await.unwrap();
        assert_eq!(follow(&house, cursor, 0).await.0, [], "nothing changed");
    })
    .await;
}

#[tokio::test]
async fn playlists_are_told_as_their_owner_sees_them() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).library(2)]).await;
        let (anna, start) = (listener(ANNA), head(&house).await);
        let list = house.playlist(&anna, "list", &[1, 2]).await;
        let tracks = ids(&[1]);
        let add = AddToPlaylist { playlist: list.id, tracks, at: None, revision: None };
        let seen = house.ask(&limited(ANNA, &[1]), add).await.unwrap();
        assert_eq!(seen.track_count, 2);
        let (news, cursor) = follow(&house, start, 0).await;
        let full = Playlist { track_count: 3, duration_ms: 3 * MINUTES_2, ..seen };
        assert_eq!(news, [ProfileChange::Playlist(Box::new(full.clone()))]);
        house.accounts.put(ANNA, "Annabel");
        house.is_up_to_date().await;
        let (news, cursor) = follow(&house, cursor, 0).await;
        let full = Playlist { owner_name: "Annabel".to_owned(), ..full };
        assert_eq!(news, [ProfileChange::Playlist(Box::new(full))]);
        house.ask(&anna, RemovePlaylist { playlist: list.id }).await.unwrap();
        let gone = [ProfileChange::PlaylistGone(list.id)];
        assert_eq!(follow(&house, cursor, 0).await.0, gone);
        assert_eq!(follow(&house, start, 0).await.0, gone);
    })
    .await;
}

/// What two listeners may do next.
async fn something(house: &House, step: u64) {
    let who = listener(1 + step % 2);
    let (song, name) = (1 + step % 5, format!("list {step}"));
    match step % 7 {
        0 => {
            house.play(&who, song, minutes_ago(i64::try_from(step).unwrap())).await;
        }
        1 => {
            let call = SetFavourite { item: track(song), favourite: !step.is_multiple_of(3) };
            house.ask(&who, call).await.unwrap();
        }
        2 => {
            let rating = u8::try_from(step % 6).unwrap();
            house.ask(&who, SetRating { item: album(1), rating }).await.unwrap();
        }
        3 | 4 => {
            house.playlist(&who, &name, &[1, 2]).await;
        }
        5 => house.scan([Song::new(song).album(1 + step % 2)]).await,
        _ => {
            let (kept, _) = snapshot(house, 500).await;
            let mine = |list: &&Playlist| Some(list.owner) == who.account();
            if let Some(list) = kept.playlists.values().find(mine) {
                house.ask(&who, RemovePlaylist { playlist: list.id }).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_snapshot_and_what_follows_is_the_state() {
    both_ways(async |house| {
        house.scan((1..=5).map(Song::new)).await;
        let (mut follower, mut cursor) = snapshot(&house, 3).await;
        assert_eq!(follower, Kept::default());
        for step in 0..60 {
            something(&house, step).await;
            if step % 9 == 0 {
                let news = follow(&house, cursor, 0).await;
                follower.take(news.0);
                cursor = news.1;
            }
        }
        let news = follow(&house, cursor, 0).await;
        follower.take(news.0);
        for limit in [1, 4, 500] {
            let (state, head) = snapshot(&house, limit).await;
            assert_eq!(follower, state);
            assert_eq!(head, news.1);
            assert!(!state.playlists.is_empty() && !state.annotations.is_empty());
        }
        house.accounts.remove(ANNA);
        house.is_up_to_date().await;
        let (gone, _) = follow(&house, news.1, 0).await;
        let (last, playlists) = gone.split_last().unwrap();
        assert_eq!(*last, ProfileChange::AccountGone(AccountId(ANNA)));
        let is_gone = |change: &ProfileChange| matches!(change, ProfileChange::PlaylistGone(_));
        assert!(!playlists.is_empty() && playlists.iter().all(is_gone));
        follower.take(gone);
        assert_eq!(follower, snapshot(&house, 2).await.0);
        assert!(follower.annotations.keys().all(|(account, _)| account.0 == BEN));
    })
    .await;
}

#[tokio::test]
async fn an_account_that_came_back_is_not_lost() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let (anna, start) = (listener(ANNA), head(&house).await);
        house.play(&anna, 1, NOW).await;
        house.accounts.remove(ANNA);
        house.is_up_to_date().await;
        house.accounts.put(ANNA, "Anna");
        house.is_up_to_date().await;
        house.play(&anna, 1, NOW).await;
        let mut follower = Kept::default();
        follower.take(follow(&house, start, 0).await.0);
        assert_eq!(follower, snapshot(&house, 9).await.0);
        assert_eq!(follower.annotations.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_follower_that_waits_hears_at_once() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let start = head(&house).await;
        let (anna, call) = (listener(ANNA), SetRating { item: track(1), rating: 1 });
        let (told, done) = tokio::join!(follow(&house, start, 25_000), house.ask(&anna, call));
        assert_eq!((told.0.len(), done.is_ok()), (1, true));
    })
    .await;
}

#[tokio::test]
async fn a_wait_ends_before_the_callers_deadline() {
    both_ways(async |house| {
        let after = head(&house).await;
        let call = FollowProfile { after, limit: 1, wait_ms: u64::MAX };
        let answer = house.ask(&Context::system(Duration::from_millis(600)), call).await;
        assert_eq!(answer.unwrap(), Changes::Page { items: vec![], cursor: after });
    })
    .await;
}

#[tokio::test]
async fn cursors_and_places_of_another_store_are_refused() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let head = head(&house).await;
        let other = FeedCursor { epoch: head.epoch + 1, ..head };
        let ahead = FeedCursor { sequence: head.sequence + 1, ..head };
        for after in [other, ahead] {
            let call = FollowProfile { after, limit: 1, wait_ms: 10_000 };
            assert_eq!(house.ask(&system(), call).await.unwrap(), Changes::StartOver);
        }
        for after in ["", "x", "!", "AAAA"] {
            let call = ProfileSnapshot { after: Some(after.to_owned()), limit: 1 };
            assert_eq!(invalid_field(house.ask(&system(), call).await), "after");
        }
        for who in [anonymous(), listener(ANNA), crate::house::administrator(ANNA)] {
            let call = FollowProfile { after: head, limit: 1, wait_ms: 0 };
            assert_eq!(refused(house.ask(&who, call).await), ProfileError::Forbidden);
            let call = ProfileSnapshot { after: None, limit: 1 };
            assert_eq!(refused(house.ask(&who, call).await), ProfileError::Forbidden);
        }
    })
    .await;
}
