//! Pages: each answer goes on where the last one ended.

use hexachord_contracts::{
    CallError, Caller, LibraryAccess,
    search::{Find, FoundKind, SearchError},
};

use crate::{
    house::{House, listener},
    music::{HOME, STUDIO, album, artist, playlist, titled},
};

async fn house() -> House {
    let mut catalog: Vec<_> = (0..57).map(|n| titled(n, &format!("Song {}", n % 7))).collect();
    catalog.extend((0..40).map(|n| {
        // Of two libraries, in which their titles stand at different places.
        album(n, &[(HOME, &format!("Song {}", n % 9)), (STUDIO, &format!("Song {n} again"))], "")
    }));
    catalog.extend((0..5).map(|n| artist(n, &[HOME], &format!("Song {n}"), "")));
    House::with_playlists(catalog, (0..9).map(|n| playlist(n, 1, true, "Song"))).await
}

/// All pages, one after the other: ids as text.
async fn pages(house: &House, query: &str, kind: FoundKind, limit: u32) -> Vec<String> {
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let find = || Find {
            query: query.to_owned(),
            limit,
            kind: Some(kind),
            cursor: cursor.clone(),
            ..Find::default()
        };
        let caller = listener(1, LibraryAccess::All);
        let found = house.try_find_with(caller, find).await.expect("it may ask");
        let page: Vec<String> = match kind {
            FoundKind::Artist => found.artists.iter().map(ToString::to_string).collect(),
            FoundKind::Album => found.albums.iter().map(ToString::to_string).collect(),
            FoundKind::Track => found.tracks.iter().map(ToString::to_string).collect(),
            FoundKind::Playlist => found.playlists.iter().map(ToString::to_string).collect(),
        };
        let others =
            found.artists.len() + found.albums.len() + found.tracks.len() + found.playlists.len();
        assert_eq!(others, page.len(), "of one kind only");
        assert!(page.len() == limit as usize || found.next_cursor.is_none());
        all.extend(page);
        cursor = found.next_cursor;
        if cursor.is_none() {
            return all;
        }
    }
}

#[tokio::test]
async fn pages_have_everything_once_and_in_order() {
    let house = house().await;
    for (kind, count) in [
        (FoundKind::Artist, 5),
        (FoundKind::Album, 40),
        (FoundKind::Track, 57),
        (FoundKind::Playlist, 9),
    ] {
        let at_once = pages(&house, "song", kind, 100).await;
        assert_eq!(at_once.len(), count, "{kind:?}");
        let mut distinct = at_once.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), count, "{kind:?}: each once");
        for limit in [1, 2, 3, 5, 19, 40, 57] {
            assert_eq!(pages(&house, "song", kind, limit).await, at_once, "{kind:?} by {limit}");
        }
    }
    assert_eq!(pages(&house, "year:1990", FoundKind::Track, 3).await, [""; 0]);
}

#[tokio::test]
async fn an_answer_of_all_kinds_has_no_cursor() {
    let found = house().await.find("song").await;
    assert_eq!((found.tracks.len(), found.next_cursor), (Find::USUAL as usize, None));
}

#[tokio::test]
async fn other_cursors_are_refused() {
    let house = house().await;
    let find = |query: &str, kind, cursor: Option<String>| {
        let query = query.to_owned();
        move || Find {
            query: query.clone(),
            limit: 2,
            kind,
            cursor: cursor.clone(),
            ..Find::default()
        }
    };
    let (tracks, albums) = (Some(FoundKind::Track), Some(FoundKind::Album));
    let first = house.try_find_with(Caller::System, find("song", tracks, None)).await;
    let cursor = first.unwrap().next_cursor.unwrap();
    for (query, kind, cursor) in [
        ("song", tracks, "nonsense".to_owned()),
        ("song", tracks, "é".repeat(56)),
        ("song", tracks, format!("{cursor}0")),
        ("song", albums, cursor.clone()),
        ("songs", tracks, cursor.clone()),
        ("song", None, cursor.clone()),
    ] {
        let find = find(query, kind, Some(cursor));
        match house.try_find_with(Caller::System, find).await {
            Err(CallError::Refused(SearchError::Invalid { field, .. })) => {
                assert_eq!(field, "cursor");
            }
            other => panic!("not refused: {other:?}"),
        }
    }
}
