//! Who may see what: permission is inside the query, so a limit counts what the caller sees.

use hexachord_contracts::{
    CallError, Caller, LibraryAccess, Role,
    catalog::{
        AlbumSort, CancelScan, CatalogError, CatalogSnapshot, CoverOf, Filter, FollowCatalog,
        GetAlbum, GetArtist, GetScan, GetTrack, GetTracks, ListAlbums, ListArtists, ListGenres,
        ListLibraries, ListTracks, ListUnreadable, Locate, LocateCover, StartScan,
    },
    feed::FeedCursor,
    page::{Paging, Sort},
};
use hexachord_fixtures::Tags;

use crate::house::{House, account, flac, listener, tags};

/// Ten tracks in each of two libraries, in turns by title; an album and an artist in both.
async fn two_libraries() -> House {
    let house = House::with(&["Hers", "His"]).await;
    for number in 0..20_u32 {
        let library = if number % 2 == 0 { "Hers" } else { "His" };
        let title = format!("{number:02}");
        let own = Tags {
            genres: vec![library.into()],
            ..tags(library, &format!("Album {title}"), 1, &title)
        };
        let shared = Tags { genres: vec!["Rock".into()], ..tags("Both", "Shared", number, &title) };
        let chosen = if number < 16 { own } else { shared };
        house.put(&format!("{library}/{title}.flac"), flac(number.into()), &chosen);
    }
    house.scan().await;
    house
}

#[tokio::test]
async fn a_page_is_full_of_what_the_caller_sees() {
    let house = two_libraries().await;
    let hers = house.library("Hers").await;
    let paging = || Paging::first(5);
    let she = || listener(&[hers]);
    let tracks = house.ask_as(she(), || ListTracks { paging: paging(), ..ListTracks::default() });
    let page = tracks.await.unwrap();
    let titles: Vec<&str> = page.items.iter().map(|track| track.title.as_str()).collect();
    assert_eq!(titles, ["00", "02", "04", "06", "08"]);
    let paging = || Paging { limit: 5, cursor: page.next_cursor.clone() };
    let rest = house.ask_as(she(), || ListTracks { paging: paging(), ..ListTracks::default() });
    let rest = rest.await.unwrap();
    assert_eq!((rest.items.len(), rest.next_cursor), (5, None));
    let albums =
        house.ask_as(she(), || ListAlbums { paging: Paging::first(9), ..ListAlbums::default() });
    let albums = albums.await.unwrap();
    assert_eq!((albums.items.len(), albums.next_cursor), (9, None));
}

#[tokio::test]
async fn counts_are_of_what_the_caller_sees() {
    let house = two_libraries().await;
    let (hers, his) = (house.library("Hers").await, house.library("His").await);
    let everyone = [
        (Caller::System, 4, 17),
        (listener(&[hers]), 2, 9),
        (listener(&[his]), 2, 9),
        (listener(&[hers, his]), 4, 17),
        (account(Role::Administrator, LibraryAccess::All), 4, 17),
        (listener(&[]), 0, 0),
    ];
    for (caller, shared_tracks, albums) in everyone {
        let page = house.ask_as(caller.clone(), ListAlbums::default).await.unwrap();
        assert_eq!(page.items.len(), albums);
        let shared = page.items.iter().find(|album| album.title == "Shared");
        assert_eq!(shared.map_or(0, |album| album.track_count), shared_tracks);
        let page = house.ask_as(caller.clone(), ListArtists::default).await.unwrap();
        let both = page.items.iter().find(|artist| artist.name == "Both");
        // An album in two libraries is one album.
        let wanted = (shared_tracks > 0).then_some((shared_tracks, 1));
        assert_eq!(both.map(|artist| (artist.track_count, artist.album_count)), wanted);
        let page = house.ask_as(caller.clone(), ListGenres::default).await.unwrap();
        let rock = page.items.iter().find(|genre| genre.name == "Rock");
        assert_eq!(rock.map(|genre| (genre.track_count, genre.album_count)), wanted);
        assert_eq!(
            house.ask_as(caller, || ListLibraries {}).await.unwrap().len(),
            match shared_tracks {
                4 => 2,
                2 => 1,
                _ => 0,
            }
        );
    }
}

#[tokio::test]
async fn what_is_not_seen_is_not_found() {
    let house = two_libraries().await;
    let hers = house.library("Hers").await;
    let his = house.track("01").await;
    let she = || listener(&[hers]);
    let (artist, album) = (his.artists[0].id, his.album.id);
    let refused = [
        house.ask_as(she(), || GetTrack { track: his.id }).await.err(),
        house.ask_as(she(), || Locate { track: his.id }).await.err(),
        house.ask_as(she(), || GetAlbum { album }).await.err(),
        house.ask_as(she(), || GetArtist { artist }).await.err(),
        house.ask_as(she(), || LocateCover { of: CoverOf::Track(his.id), size: None }).await.err(),
        house
            .ask_as(she(), || ListTracks {
                filter: Some(Filter::Artist(artist)),
                ..ListTracks::default()
            })
            .await
            .err(),
        house
            .ask_as(she(), || ListAlbums {
                filter: Some(Filter::Artist(artist)),
                ..ListAlbums::default()
            })
            .await
            .err(),
    ];
    for refusal in refused {
        assert!(
            matches!(refusal, Some(CallError::Refused(CatalogError::NotFound { .. }))),
            "{refusal:?}"
        );
    }
    let many = house.ask_as(she(), || GetTracks { tracks: vec![his.id] }).await.unwrap();
    assert_eq!(many, [None]);
    // What both have shows her part only.
    let shared = house.track("17").await;
    let album = house.ask_as(she(), || GetAlbum { album: shared.album.id }).await.unwrap();
    let titles: Vec<&str> = album.tracks.iter().map(|track| track.title.as_str()).collect();
    assert_eq!(titles, ["16", "18"]);
}

#[tokio::test]
async fn listeners_may_not_administer_and_nobody_may_not_browse() {
    let house = House::with(&["Music"]).await;
    let forbidden = |refused: Option<CallError<CatalogError>>| {
        assert_eq!(refused, Some(CallError::Refused(CatalogError::Forbidden)));
    };
    let everything = || account(Role::Listener, LibraryAccess::All);
    forbidden(house.ask_as(everything(), StartScan::default).await.err());
    forbidden(house.ask_as(everything(), || CancelScan {}).await.err());
    forbidden(house.ask_as(everything(), GetScan::default).await.err());
    let unreadable = || ListUnreadable { paging: Paging::default() };
    forbidden(house.ask_as(everything(), unreadable).await.err());
    forbidden(house.ask_as(Caller::Anonymous, ListTracks::default).await.err());
    forbidden(house.ask_as(Caller::Anonymous, || ListLibraries {}).await.err());
    let administrator = || account(Role::Administrator, LibraryAccess::All);
    let after = FeedCursor { epoch: 1, sequence: 0 };
    let follow = || FollowCatalog { after, limit: 1, wait_ms: 0 };
    forbidden(house.ask_as(administrator(), follow).await.err());
    let snapshot = || CatalogSnapshot { after: None, limit: 1 };
    forbidden(house.ask_as(administrator(), snapshot).await.err());
    assert!(house.ask_as(administrator(), GetScan::default).await.is_ok());
}

#[tokio::test]
async fn an_album_in_two_libraries_is_called_as_it_is_tagged_where_the_caller_looks() {
    let house = House::with(&["Hers", "His"]).await;
    let ids = [house.library("Hers").await, house.library("His").await];
    // One album and one artist in two spellings; the disc is the same by its title.
    for (number, (library, artist, title)) in
        [("Hers", "Nina", "SHARED"), ("His", "NINA", "Shared")].into_iter().enumerate()
    {
        let number = u64::try_from(number).unwrap();
        let own =
            Tags { genres: vec![format!("Genre of {library}")], ..tags(artist, title, 1, library) };
        house.put(&format!("{library}/1.flac"), flac(number), &own);
    }
    house.scan().await;
    let seen_by = [(vec![ids[0]], "SHARED", "Nina"), (vec![ids[1]], "Shared", "NINA")];
    for (libraries, title, name) in seen_by {
        let caller = || listener(&libraries);
        let mut albums = Vec::new();
        for by in [AlbumSort::Title, AlbumSort::Artist, AlbumSort::Year, AlbumSort::Added] {
            let sort = Sort { by, descending: false };
            let page = house.ask_as(caller(), || ListAlbums { sort, ..ListAlbums::default() });
            let page = page.await.unwrap();
            assert_eq!(page.items.len(), 1, "{by:?}");
            albums.extend(page.items);
        }
        let artists = house.ask_as(caller(), ListArtists::default).await.unwrap().items;
        let artist = artists[0].id;
        assert_eq!((artists.len(), &*artists[0].name, &*artists[0].sort_name), (1, name, name));
        let detail = house.ask_as(caller(), || GetArtist { artist }).await.unwrap();
        assert_eq!((detail.albums.len(), detail.appears_on.len()), (1, 0));
        albums.extend(detail.albums);
        let filter = || Some(Filter::Artist(artist));
        let page =
            house.ask_as(caller(), || ListAlbums { filter: filter(), ..ListAlbums::default() });
        albums.extend(page.await.unwrap().items);
        assert_eq!(albums.len(), 6);
        for album in albums {
            assert_eq!((&*album.title, &*album.artists[0].name), (title, name));
            assert_eq!((album.track_count, album.genres.len()), (1, 1));
        }
    }
    // Who sees both sees each once.
    assert_eq!(house.ask(ListAlbums::default).await.items.len(), 1);
    assert_eq!(house.ask(ListArtists::default).await.items.len(), 1);
    // A retag is followed, and leaves no entry behind.
    house.put("His/1.flac", flac(1), &tags("nina", "shared", 1, "His"));
    house.scan().await;
    let he = || listener(&ids[1..]);
    let albums = house.ask_as(he(), ListAlbums::default).await.unwrap().items;
    assert_eq!((albums.len(), &*albums[0].title), (1, "shared"));
    let artists = house.ask_as(he(), ListArtists::default).await.unwrap().items;
    assert_eq!((artists.len(), &*artists[0].name), (1, "nina"));
}
