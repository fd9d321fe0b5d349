//! What outlives an incarnation and the program, and what an end does.

use std::{sync::Arc, time::Duration};

use hexachord_contracts::{
    CallError, Context, Service,
    feed::Changes,
    ids::TrackId,
    item::ItemKind,
    mailbox,
    profile::{
        AddRadioStation, CreateShare, FollowProfile, GetAvatar, GetPlayQueue, GetPlaylist,
        ListBookmarks, ListMessages, ListPlays, ListRadioStations, ListShares, ListTop, Picture,
        PostMessage, Profile as Contract, ProfileError, ProfileSnapshot, SavePlayQueue, SetAvatar,
        SetBookmark,
    },
};
use hexachord_profile::Profile;

use crate::{
    accounts, catalog,
    house::{
        ANNA, House, NOW, PATIENCE, administrator, both_ways, both_ways_on_disk, heard, ids,
        limited, listener, minutes_ago, system, track,
    },
    songs::Song,
};

/// All that Anna is told, as text.
async fn everything(house: &House) -> String {
    let anna = listener(ANNA);
    let plays = house.pages(&anna, 3, |paging| ListPlays { paging }).await;
    let top = house
        .pages(&anna, 3, |paging| ListTop { kind: ItemKind::Artist, paging, between: None })
        .await;
    let all = ProfileSnapshot { after: None, limit: 500 };
    let all = house.ask(&system(), all).await.unwrap();
    let bookmarks = house.pages(&anna, 3, |paging| ListBookmarks { paging }).await;
    let queue = house.ask(&anna, GetPlayQueue {}).await.unwrap();
    let shares = house.pages(&anna, 3, |paging| ListShares { paging }).await;
    let messages = house.pages(&anna, 3, |paging| ListMessages { since: None, paging }).await;
    let stations = house.pages(&anna, 3, |paging| ListRadioStations { paging }).await;
    let avatar = house.ask(&anna, GetAvatar { account: anna.account().unwrap() }).await.unwrap();
    assert!(avatar.is_some());
    let together = [bookmarks.len(), shares.len(), messages.len(), stations.len()];
    assert_eq!((together, queue.is_some()), ([1; 4], true));
    format!(
        "{plays:?} {top:?} {all:?} {bookmarks:?} {queue:?} {shares:?} {messages:?} {stations:?} {avatar:?}"
    )
}

async fn live(house: &House) {
    house.scan([Song::new(1), Song::new(2).library(2)]).await;
    let anna = listener(ANNA);
    for minutes in 0..4 {
        house.play(&anna, 1, minutes_ago(minutes)).await;
    }
    house.playlist(&anna, "list", &[1, 2, 1]).await;
    let mark = SetBookmark { track: TrackId(1), position_ms: 1, comment: String::new() };
    house.ask(&anna, mark).await.unwrap();
    let (tracks, client) = (ids(&[1, 2]), String::new());
    let queue = SavePlayQueue { tracks, current: Some(1), position_ms: 0, client };
    house.ask(&anna, queue).await.unwrap();
    let picture = Picture(vec![0xff, 0xd8, 0xff]);
    house.ask(&anna, SetAvatar { picture }).await.unwrap();
    house.ask(&anna, PostMessage { text: "hello".to_owned() }).await.unwrap();
    let (items, description) = (vec![track(1)], String::new());
    let share = CreateShare { items, playlists: vec![], description, expires_at: None };
    house.ask(&anna, share).await.unwrap();
    let (name, stream_url) = ("One".to_owned(), "http://radio.example/".to_owned());
    let station = AddRadioStation { name, stream_url, home_page_url: None };
    house.ask(&administrator(ANNA), station).await.unwrap();
}

#[tokio::test]
async fn a_new_incarnation_knows_everything() {
    both_ways(async |house| {
        live(&house).await;
        let before = everything(&house).await;
        let newer = house.incarnate().await;
        // Both at once, as while the older one drains.
        assert_eq!(everything(&house).await, before);
        let house = House { client: newer, ..house };
        assert_eq!(everything(&house).await, before);
        house.scan([Song::new(3)]).await;
        house.play(&listener(ANNA), 3, NOW).await;
        let top = house.pages(&limited(ANNA, &[1]), 9, |paging| ListPlays { paging }).await;
        assert_eq!(top.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_reopened_store_knows_everything() {
    both_ways_on_disk(async |way, folder| {
        let house = House::on_disk(folder.path(), way).await;
        live(&house).await;
        let before = everything(&house).await;
        let (catalog, accounts) = (Arc::clone(&house.catalog), Arc::clone(&house.accounts));
        house.close().await;

        let store = hexachord_profile::open_store(folder.path().join("profile.redb"), 2).unwrap();
        let house = House::over(store, way, catalog, accounts).await;
        assert_eq!(everything(&house).await, before);
        let asked = house.catalog.asked.load(std::sync::atomic::Ordering::Relaxed);
        house.play(&listener(ANNA), 1, minutes_ago(20)).await;
        assert_eq!(house.catalog.asked.load(std::sync::atomic::Ordering::Relaxed), asked);
        house.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_end_answers_who_waits_for_news() {
    both_ways(async |house| {
        let snapshot = ProfileSnapshot { after: None, limit: 1 };
        let after = house.ask(&system(), snapshot).await.unwrap().head;
        let [catalog, _] =
            hexachord_contracts::harness::both_ways(catalog::Serving(Arc::clone(&house.catalog)));
        let [accounts, _] =
            hexachord_contracts::harness::both_ways(accounts::Serving(Arc::clone(&house.accounts)));
        let resources = house.resources.clone();
        let service = Profile::new(resources, accounts.client, catalog.client).await.unwrap();
        let service = Arc::new(service);
        let (client, mut inbox) = mailbox::<Contract>(1);
        let who = Context::system(Duration::from_mins(10));
        let waiting = client.call(&who, FollowProfile { after, limit: 1, wait_ms: 600_000 });
        let serving = async {
            let request = inbox.recv().await.unwrap();
            let answering = Arc::clone(&service).handle(request);
            tokio::join!(answering, async {
                tokio::task::yield_now().await;
                service.retire();
            });
        };
        let both = async { tokio::join!(waiting, serving) };
        let (answer, ()) = tokio::time::timeout(PATIENCE, Box::pin(both)).await.unwrap();
        assert_eq!(answer.unwrap(), Changes::Page { items: vec![], cursor: after });
    })
    .await;
}

#[tokio::test]
async fn a_closed_store_is_a_refusal_and_no_panic() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let list = house.playlist(&listener(ANNA), "list", &[]).await;
        let resources = house.resources.clone();
        tokio::task::spawn_blocking(move || resources.close()).await.unwrap();
        let read = house.ask(&listener(ANNA), GetPlaylist { playlist: list.id }).await;
        assert!(matches!(read, Err(CallError::Refused(ProfileError::Storage(_)))), "{read:?}");
        let write = house.ask(&listener(ANNA), heard(1, NOW, 1)).await;
        assert!(matches!(write, Err(CallError::Refused(ProfileError::Storage(_)))), "{write:?}");
    })
    .await;
}

#[tokio::test]
async fn writers_share_commits() {
    both_ways_on_disk(async |way, folder| {
        let house = House::on_disk(folder.path(), way).await;
        house.scan([Song::new(1)]).await;
        let commits = house.store.commits();
        let before = *commits.borrow();
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..32 {
            let client = house.client.clone();
            writers.spawn(async move {
                for n in 0..8 {
                    let call = heard(1, minutes_ago(writer * 8 + n), 90_000);
                    client.call(&listener(ANNA), call).await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let made = *commits.borrow() - before;
        assert!(made <= 128, "256 plays took {made} commits");
        assert_eq!(house.annotation(&listener(ANNA), track(1)).await.plays, 256);
        house.close().await;
    })
    .await;
}
