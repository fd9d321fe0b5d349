//! The end of an account: nothing is left of it, and nothing of others is touched.

use std::sync::atomic::Ordering;

use hexachord_contracts::{
    ids::TrackId,
    profile::{
        CreateShare, GetPlaylist, Picture, PostMessage, ProfileError, SavePlayQueue, SetAvatar,
        SetBookmark, SetFavourite, SetRating,
    },
};
use hexachord_storage::Store;
use redb::{ReadableTableMetadata, TableHandle};

use crate::{
    house::{
        ANNA, BEN, House, NOW, album, artist, both_ways, heard, ids, listener, minutes_ago,
        not_found, refused, track,
    },
    import,
    songs::Song,
};

/// Rows of each table that is about accounts, but for the feed.
async fn rows(store: &Store) -> Vec<(String, u64)> {
    let rows = store.read(|read| {
        let mut rows = Vec::new();
        for table in read.list_tables()? {
            let name = table.name().to_owned();
            let of_others = [
                "meta",
                "outbox",
                "outbox-epochs",
                "followed",
                "tracks",
                "groups",
                "members",
                "artist_tracks",
                "stations",
                "station_order",
            ];
            if !of_others.contains(&name.as_str()) {
                rows.push((name, read.open_untyped_table(table)?.len()?));
            }
        }
        Ok(rows)
    });
    rows.await.unwrap()
}

/// Something of every kind.
async fn live(house: &House, id: u64) {
    let who = listener(id);
    for minutes in 0..5 {
        house.play(&who, 1, minutes_ago(minutes)).await;
    }
    house.ask(&who, heard(2, NOW, 1)).await.unwrap();
    for item in [track(1), track(3), album(1), artist(1)] {
        house.ask(&who, SetFavourite { item, favourite: true }).await.unwrap();
        house.ask(&who, SetRating { item, rating: 4 }).await.unwrap();
    }
    house.ask(&who, SetRating { item: album(2), rating: 2 }).await.unwrap();
    house.playlist(&who, "private", &[1, 2]).await;
    house.public_playlist(&who, "public", &[]).await;
    for id in [1, 2] {
        let comment = String::new();
        let mark = SetBookmark { track: TrackId(id), position_ms: 1, comment };
        house.ask(&who, mark).await.unwrap();
        house.ask(&who, PostMessage { text: "hello".to_owned() }).await.unwrap();
        let (items, description) = (vec![track(id)], String::new());
        let share = CreateShare { items, playlists: vec![], description, expires_at: None };
        house.ask(&who, share).await.unwrap();
    }
    let (tracks, client) = (ids(&[1, 2]), String::new());
    let queue = SavePlayQueue { tracks, current: Some(0), position_ms: 0, client };
    house.ask(&who, queue).await.unwrap();
    let picture = Picture(vec![0xff, 0xd8, 0xff]);
    house.ask(&who, SetAvatar { picture }).await.unwrap();
    import::everything(house, id).await;
}

async fn music(house: &House) {
    house.scan([Song::new(1), Song::new(2), Song::new(3).album(2).artists(&[2])]).await;
}

#[tokio::test]
async fn no_row_is_left() {
    both_ways(async |house| {
        music(&house).await;
        live(&house, BEN).await;
        let before = rows(&house.store).await;
        assert!(before.iter().all(|(_, rows)| *rows > 0), "{before:?}");
        assert_eq!(before.len(), 22, "a new table is about accounts, or named above");
        live(&house, ANNA).await;
        assert_ne!(rows(&house.store).await, before);
        house.accounts.remove(ANNA);
        house.is_up_to_date().await;
        let mut expected = before;
        for (table, rows) in &mut expected {
            *rows -= u64::from(table == "accounts");
        }
        assert_eq!(rows(&house.store).await, expected);
        assert_eq!(
            refused(house.ask(&listener(ANNA), heard(1, NOW, 1)).await),
            ProfileError::Forbidden
        );
        assert_eq!(rows(&house.store).await, expected, "a late call leaves nothing behind");
        assert_eq!(house.annotation(&listener(BEN), track(1)).await.plays, 5);
        house.accounts.remove(BEN);
        house.is_up_to_date().await;
        assert!(rows(&house.store).await.iter().all(|(_, rows)| *rows == 0));
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_without_an_account_removes_it() {
    both_ways(async |house| {
        music(&house).await;
        live(&house, ANNA).await;
        let list = house.public_playlist(&listener(ANNA), "mine", &[]).await;
        house.accounts.remove_quietly(ANNA);
        house.accounts.feed.begin_anew();
        house.is_up_to_date().await;
        let left = rows(&house.store).await;
        let left: Vec<_> = left.iter().filter(|(_, rows)| *rows > 0).collect();
        assert_eq!(left, [&("accounts".to_owned(), 1)]);
        let get = GetPlaylist { playlist: list.id };
        assert_eq!(refused(house.ask(&listener(BEN), get).await), not_found("playlist"));
    })
    .await;
}

#[tokio::test]
async fn many_rows_go_too() {
    both_ways(async |house| {
        music(&house).await;
        // More than one transaction removes.
        let mut plays = tokio::task::JoinSet::new();
        for part in 0..20 {
            let client = house.client.clone();
            plays.spawn(async move {
                for n in 0..150 {
                    let call = heard(1, minutes_ago(part * 150 + n), 90_000);
                    client.call(&listener(ANNA), call).await.unwrap();
                }
            });
        }
        plays.join_all().await;
        assert_eq!(house.annotation(&listener(ANNA), track(1)).await.plays, 3_000);
        house.accounts.remove(ANNA);
        house.is_up_to_date().await;
        let left = rows(&house.store).await;
        assert_eq!(left.iter().map(|(_, rows)| rows).sum::<u64>(), 1, "{left:?}");
    })
    .await;
}

#[tokio::test]
async fn an_account_that_cannot_be_asked_about_waits() {
    both_ways(async |house| {
        music(&house).await;
        house.accounts.put_quietly(9, "Nina");
        house.accounts.is_down.store(true, Ordering::Relaxed);
        let nina = listener(9);
        assert_eq!(refused(house.ask(&nina, heard(1, NOW, 1)).await), ProfileError::Busy);
        house.accounts.is_down.store(false, Ordering::Relaxed);
        house.ask(&nina, heard(1, NOW, 1)).await.unwrap();
        let stranger = listener(77);
        assert_eq!(refused(house.ask(&stranger, heard(1, NOW, 1)).await), ProfileError::Forbidden);
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_removed_while_it_is_asked_about_leaves_nothing() {
    both_ways(async |house| {
        music(&house).await;
        let before = rows(&house.store).await;
        house.accounts.put_quietly(9, "Nina");
        house.accounts.asked_is_removed.store(true, Ordering::Relaxed);
        let late = house.ask(&listener(9), heard(1, NOW, 90_000)).await;
        assert_eq!(refused(late), ProfileError::Forbidden);
        assert_eq!(rows(&house.store).await, before);
    })
    .await;
}
