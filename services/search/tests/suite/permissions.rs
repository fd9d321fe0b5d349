//! Who finds what: a limit counts only what the caller may see.

use hexachord_contracts::{
    CallError, Caller, LibraryAccess, Role,
    catalog::CatalogChange,
    ids::{AccountId, AlbumId},
    profile::ProfileChange,
    search::{GetIndex, SearchError},
};

use crate::{
    house::{House, as_caller, listener, only},
    music::{HOME, STUDIO, album, artist, playlist, titled, told, track},
};

#[tokio::test]
async fn only_libraries_that_the_caller_may_see() {
    let mut catalog: Vec<CatalogChange> = (0..100).map(|n| titled(n, "Take Five")).collect();
    let mut elsewhere = track(500, "Take Five Hundred Longer", "", "");
    elsewhere.library = STUDIO;
    catalog.push(told(elsewhere));
    catalog.push(artist(1, &[HOME, STUDIO], "Five", "Five"));
    catalog.push(artist(2, &[HOME], "Five Stars", "Five Stars"));
    let house = House::new(catalog).await;
    let tracks = async |libraries, limit| {
        let found = house.try_find(listener(1, libraries), "take five", limit).await;
        found.unwrap().tracks.into_iter().map(|id| id.0).collect::<Vec<_>>()
    };
    assert_eq!(tracks(only(&[STUDIO]), 1).await, [500], "a hundred better ones are not seen");
    assert_eq!(tracks(only(&[HOME]), 100).await.len(), 100);
    assert_eq!(tracks(LibraryAccess::All, 1).await, [0]);
    assert_eq!(tracks(only(&[]), 100).await, [0; 0]);
    assert_eq!(tracks(only(&[HOME, STUDIO]), 3).await, [0, 1, 2]);

    let artists = async |libraries| house.find_as(listener(1, libraries), "five").await.artists;
    assert_eq!(artists(only(&[STUDIO])).await.len(), 1);
    assert_eq!(artists(only(&[HOME, STUDIO])).await.len(), 2, "each of them once");
    assert_eq!(artists(only(&[])).await.len(), 0);
}

#[tokio::test]
async fn a_title_in_another_library_finds_nothing() {
    let house = House::new([
        album(1, &[(HOME, "The Remasters"), (STUDIO, "Unreleased Sessions")], "Somebody"),
        album(2, &[(STUDIO, "Sessions at Work")], "Somebody"),
    ]);
    let house = house.await;
    let albums = async |libraries: &[_], query| {
        house.find_as(listener(1, only(libraries)), query).await.albums
    };
    assert_eq!(albums(&[HOME], "unreleased").await, []);
    assert_eq!(albums(&[HOME], "sessions").await, []);
    assert_eq!(albums(&[HOME], "remasters").await, [AlbumId(1)]);
    assert_eq!(albums(&[STUDIO], "unreleased").await, [AlbumId(1)]);
    assert_eq!(albums(&[STUDIO], "sessions").await, [AlbumId(2), AlbumId(1)]);
    assert_eq!(albums(&[HOME, STUDIO], "somebody").await, [AlbumId(1), AlbumId(2)]);
}

#[tokio::test]
async fn playlists_of_the_caller_and_public_ones() {
    let playlists = [
        playlist(1, 7, false, "Morning of seven"),
        playlist(2, 8, false, "Morning of eight"),
        playlist(3, 8, true, "Morning for all of us"),
    ];
    let house = House::with_playlists([], playlists).await;
    let found = async |caller| {
        let found = house.find_as(caller, "morning").await;
        found.playlists.into_iter().map(|id| id.0).collect::<Vec<_>>()
    };
    assert_eq!(found(listener(7, only(&[]))).await, [1, 3]);
    assert_eq!(found(listener(8, only(&[]))).await, [2, 3]);
    assert_eq!(found(listener(9, LibraryAccess::All)).await, [3]);
    let administrator = Caller::Account {
        id: AccountId(9),
        role: Role::Administrator,
        libraries: LibraryAccess::All,
    };
    assert_eq!(found(administrator).await, [3]);
    assert_eq!(found(Caller::System).await, [1, 2, 3]);

    // One becomes private, one is removed, an account is gone with all of its.
    house.profile.tell([playlist(3, 8, false, "Morning for all of us")]);
    house.settled().await;
    assert_eq!(found(listener(7, only(&[]))).await, [1]);
    house.profile.tell([ProfileChange::AccountGone(AccountId(8))]);
    house.settled().await;
    assert_eq!(found(Caller::System).await, [1]);
    house.profile.tell([ProfileChange::PlaylistGone(hexachord_contracts::ids::PlaylistId(1))]);
    house.settled().await;
    assert_eq!(found(Caller::System).await, [0; 0]);
}

#[tokio::test]
async fn who_may_ask() {
    let house = House::new([]).await;
    let refused = house.try_find(Caller::Anonymous, "x", 1).await;
    assert_eq!(refused, Err(CallError::Refused(SearchError::Forbidden)));
    for reached in &house.ways {
        for caller in [Caller::Anonymous, listener(1, LibraryAccess::All)] {
            let state = reached.client.call(&as_caller(caller), GetIndex {}).await;
            assert_eq!(state, Err(CallError::Refused(SearchError::Forbidden)), "{}", reached.way);
        }
    }
}
