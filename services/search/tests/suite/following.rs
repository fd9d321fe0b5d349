//! What changes is found soon, and what is gone is not.

use std::sync::atomic::Ordering;

use hexachord_contracts::{
    catalog::CatalogChange,
    ids::{AccountId, AlbumId, ArtistId, TrackId},
    item::ItemId,
    profile::{Annotation, ProfileChange},
};

use crate::{
    house::House,
    music::{HOME, STUDIO, album, artist, missing, playlist, titled, told, track},
};

#[tokio::test]
async fn new_retagged_missing_and_gone() {
    let house = House::new([]).await;
    assert_eq!(house.tracks("help").await, [0; 0]);
    let help = track(1, "Help!", "The Beatles", "Help!");
    house.tell([told(help.clone())]).await;
    assert_eq!(house.tracks("help").await, [1]);

    let mut retagged = help.clone();
    retagged.title = "Yesterday".to_owned();
    retagged.album.title = "Love Songs".to_owned();
    house.tell([told(retagged)]).await;
    assert_eq!(house.tracks("help").await, [0; 0]);
    assert_eq!(house.tracks("yesterday songs").await, [1]);

    house.tell([told(missing(help.clone()))]).await;
    assert_eq!(house.tracks("help").await, [0; 0]);
    assert_eq!(house.tracks("yesterday").await, [0; 0]);
    house.tell([told(help)]).await;
    assert_eq!(house.tracks("help").await, [1]);
    house.tell([CatalogChange::TrackGone(TrackId(1))]).await;
    assert_eq!(house.tracks("help").await, [0; 0]);
    assert_eq!(house.index().await.documents, 0);
}

#[tokio::test]
async fn albums_and_artists_change_in_one_library() {
    let catalog = [
        album(1, &[(HOME, "Abbey Road"), (STUDIO, "Abbey Road")], "The Beatles"),
        artist(2, &[HOME, STUDIO], "The Beatles", "Beatles, The"),
    ];
    let house = House::new(catalog).await;
    assert_eq!(house.index().await.documents, 4);
    house.tell([album(1, &[(STUDIO, "Abbey Road (Takes)")], "The Beatles")]).await;
    assert_eq!(house.index().await.documents, 3);
    assert_eq!(house.find("abbey road takes").await.albums, [AlbumId(1)]);
    house
        .tell([CatalogChange::AlbumGone(AlbumId(1)), CatalogChange::ArtistGone(ArtistId(2))])
        .await;
    assert_eq!(house.index().await.documents, 0);
}

#[tokio::test]
async fn many_pages_of_changes() {
    let house = House::new((0..1200).map(|n| titled(n, &format!("First {n}")))).await;
    assert_eq!(house.index().await.documents, 1200);
    house.tell((600..1900).map(|n| titled(n, &format!("Second {n}")))).await;
    assert_eq!(house.index().await.documents, 1900);
    assert_eq!(house.tracks("first 599").await, [599]);
    assert_eq!(house.tracks("first 600").await, [0; 0]);
    assert_eq!(house.tracks("second 1899").await, [1899]);
}

#[tokio::test]
async fn what_is_nothing_to_search_moves_the_cursor() {
    let house = House::with_playlists([], [playlist(1, 1, true, "One")]).await;
    let of = |track| ProfileChange::Annotation {
        account: AccountId(1),
        annotation: Annotation { plays: 1, ..Annotation::none(ItemId::Track(TrackId(track))) },
    };
    for count in [1, 600, 1700] {
        house.profile.tell((0..count).map(of));
        house.settled().await;
    }
    assert_eq!(house.index().await.documents, 1);
    let house = house.restarted(|_| {}).await;
    assert_eq!(house.index().await.documents, 1);
    // What is liked is in memory only: it is told at every start.
    assert_eq!(house.profile.snapshots.load(Ordering::Relaxed), 1 + 2);
}

#[tokio::test]
async fn another_incarnation_and_another_start_go_on() {
    let house = House::new([titled(1, "One")]).await;
    let house = house.reborn().await;
    house.tell([titled(2, "Two")]).await;
    assert_eq!(house.tracks("two").await, [2]);
    let house = house.restarted(|house| house.catalog.tell([titled(3, "Three")])).await;
    assert_eq!(house.tracks("one").await, [1]);
    assert_eq!(house.tracks("three").await, [3]);
    let snapshots = &house.catalog.snapshots;
    assert_eq!(snapshots.load(Ordering::Relaxed), 1, "nothing was told anew");
    house.restarted(|_| {}).await;
}
