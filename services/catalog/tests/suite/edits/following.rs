//! More tracks than one transaction takes.

use std::time::Duration;

use hexachord_catalog::{Settings, TrackWithoutFile, add_tracks_without_files, open_store};
use hexachord_contracts::{
    Caller, Context, RequestId, Timestamp,
    catalog::{ListGenres, PutEdits},
};

use super::{genre, put};
use crate::house::{House, context};

/// Asked once: between two ways there may be news.
async fn genres(house: &House) -> Vec<(String, u32)> {
    let context = context(Caller::System);
    let page = house.ways[0].client.call(&context, ListGenres::default()).await.unwrap();
    page.items.into_iter().map(|genre| (genre.name, genre.track_count)).collect()
}

#[tokio::test]
async fn many_tracks_follow_and_an_incarnation_goes_on_with_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_store(folder.path().join("catalog.redb"), 1).unwrap();
    let track = |number: u32| TrackWithoutFile {
        title: format!("{number:04}"),
        artist: "Hexa".to_owned(),
        album: "Numbers".to_owned(),
        genre: "Rock".to_owned(),
        year: 1026,
        number,
        duration_ms: 1,
    };
    let (adding, tracks) = (store.clone(), (0..2500).map(track).collect());
    let now = Timestamp::from_millis(1_800_000_000_000);
    let add = move || add_tracks_without_files(&adding, "Music", tracks, now);
    tokio::task::spawn_blocking(add).await.unwrap().unwrap();
    store.close();
    drop(store);
    let mut house = House::over(folder, Settings::default()).await;
    house.reopen(&["Music"]).await;
    put(&house, vec![genre("Rock", &["Roll"])]).await;
    assert_eq!(genres(&house).await, [("Roll".to_owned(), 2500)]);
    // With too little time to wait the edit stands, and its tracks follow.
    let hurried = Context::new(RequestId(1), Caller::System, Duration::from_millis(99));
    let call = PutEdits { edits: vec![genre("Rock", &["Stone"])] };
    drop(house.ways[0].client.call(&hurried, call).await);
    house.reopen(&["Music"]).await;
    for _ in 0..1000 {
        if genres(&house).await == [("Stone".to_owned(), 2500)] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?}", genres(&house).await);
}
