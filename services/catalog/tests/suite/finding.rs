//! Rows counted from the first, years, names and chance.

use hexachord_contracts::{
    CallError, Caller,
    catalog::{
        AlbumSort, CatalogError, Filter, FindArtist, FindGenre, ListAlbums, ListArtists,
        ListTracks, PickAlbums, PickTracks, TrackSort, Years,
    },
    page::{Paging, Sort},
};
use hexachord_fixtures::Tags;

use crate::house::{House, flac, listener, tags};

/// Two libraries; in the first a track a year from 1990 to 1995, the last one without a year.
async fn shelf() -> House {
    let house = House::with(&["Music", "More"]).await;
    for number in 0..6 {
        let year = (number < 5).then_some(1990 + number);
        let genres = vec![if number % 2 == 0 { "Even" } else { "Odd" }.to_owned()];
        let artist = format!("Artist {number}");
        let tags = Tags { year, genres, ..tags(&artist, &format!("Album {number}"), 1, "Song") };
        house.put(&format!("Music/{number}.flac"), flac(number.into()), &tags);
    }
    house.put("More/1.flac", flac(99), &tags("Hidden", "Hidden", 1, "Hidden"));
    house.scan().await;
    house
}

fn not_found<T: std::fmt::Debug>(answer: Result<T, CallError<CatalogError>>) {
    let error = answer.unwrap_err();
    assert!(matches!(error, CallError::Refused(CatalogError::NotFound { .. })), "{error:?}");
}

#[tokio::test]
async fn rows_are_counted_in_every_list() {
    let house = shelf().await;
    for descending in [false, true] {
        let sort = Sort { by: TrackSort::Artist, descending };
        let list = |skip, limit| ListTracks {
            sort,
            skip,
            paging: Paging::first(limit),
            ..ListTracks::default()
        };
        let all: Vec<_> = house.ask(|| list(0, 500)).await.items;
        assert_eq!(all.len(), 7);
        for skip in 0..9 {
            let page = house.ask(|| list(skip, 2)).await;
            let expected: Vec<_> = all.iter().skip(skip as usize).take(2).cloned().collect();
            assert_eq!(page.items, expected, "{skip}");
            assert_eq!(page.next_cursor.is_some(), skip + 2 < 7, "{skip}");
        }
        let sort = Sort { by: AlbumSort::Title, descending };
        let list = |skip| ListAlbums { sort, skip, ..ListAlbums::default() };
        let all = house.ask(|| list(0)).await.items;
        for skip in 0..9 {
            let page = house.ask(|| list(skip)).await;
            assert_eq!(page.items, all[all.len().min(skip as usize)..], "{skip}");
        }
    }
    let artists = house.ask(ListArtists::default).await.items;
    let rest = house.ask(|| ListArtists { skip: 5, ..ListArtists::default() }).await.items;
    assert_eq!(rest, artists[5..]);
    let first = || ListTracks { paging: Paging::first(2), ..ListTracks::default() };
    let cursor = house.ask(first).await.next_cursor;
    let call = || ListTracks {
        paging: Paging { limit: 500, cursor: cursor.clone() },
        skip: 3,
        ..ListTracks::default()
    };
    let refused = house.ask_as(Caller::System, call).await.unwrap_err();
    assert!(
        matches!(refused, CallError::Refused(CatalogError::Invalid { field, .. }) if field == "skip")
    );
}

#[tokio::test]
async fn rows_that_may_not_be_seen_are_not_counted() {
    let house = shelf().await;
    let library = house.library("Music").await;
    let she = || listener(&[library]);
    let call = || ListTracks { skip: 5, ..ListTracks::default() };
    assert_eq!(house.ask_as(she(), call).await.unwrap().items.len(), 1);
    let genre = house.ask(|| FindGenre { name: " even".to_owned() }).await;
    let filter = Some(Filter::Genre(genre.id));
    let by_album = Sort { by: TrackSort::Album, descending: false };
    let call = || ListTracks { skip: 2, sort: by_album, filter, ..ListTracks::default() };
    assert_eq!(house.ask_as(she(), call).await.unwrap().items.len(), 1);
    let call = || ListTracks { skip: 2, filter, ..ListTracks::default() };
    assert_eq!(house.ask_as(she(), call).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn albums_of_some_years() {
    let house = shelf().await;
    for (first, last, expected) in [
        (1991, 1993, 3),
        (1990, 1990, 1),
        (1800, 2100, 6),
        (1993, 1991, 0),
        (i32::MIN, i32::MAX, 6),
    ] {
        let of = Years { first, last };
        let years = Some(of);
        let sort = Sort { by: AlbumSort::Year, descending: true };
        let albums = house.ask(|| ListAlbums { years, sort, ..ListAlbums::default() }).await.items;
        assert_eq!(albums.len(), expected, "{first} to {last}");
        assert!(albums.is_sorted_by_key(|album| std::cmp::Reverse(album.year)));
        let picked = house.ask(|| PickTracks { limit: 500, years, ..PickTracks::default() }).await;
        assert_eq!(picked.len(), expected, "{first} to {last}");
        assert!(picked.iter().all(|track| of.contains(track.year)));
    }
}

#[tokio::test]
async fn names_are_compared_without_case() {
    let house = shelf().await;
    let artist = house.ask(|| FindArtist { name: " ARTIST 3 ".to_owned() }).await;
    assert_eq!(artist.name, "Artist 3");
    let genre = house.ask(|| FindGenre { name: "odd".to_owned() }).await;
    assert_eq!((genre.name.as_str(), genre.track_count), ("Odd", 3));
    let library = house.library("Music").await;
    for name in ["Nobody", "", "Hidden"] {
        let name = || name.to_owned();
        let call = || FindArtist { name: name() };
        not_found(house.ask_as(listener(&[library]), call).await);
        let call = || FindGenre { name: name() };
        not_found(house.ask_as(listener(&[library]), call).await);
    }
}

#[tokio::test]
async fn chance_picks_each_once_and_the_same_by_the_same_seed() {
    let house = shelf().await;
    let library = house.library("Music").await;
    let she = || listener(&[library]);
    let pick = |limit, seed| PickTracks { limit, seed, ..PickTracks::default() };
    let (mut orders, mut firsts) = (std::collections::HashSet::new(), [0; 6]);
    for seed in 0..60 {
        let picked = house.ask_as(she(), || pick(500, seed)).await.unwrap();
        let mut ids: Vec<_> = picked.iter().map(|track| track.id).collect();
        orders.insert(ids.clone());
        assert_eq!(house.ask_as(she(), || pick(500, seed)).await.unwrap(), picked);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 6, "each once, and nothing hidden");
        let one = house.ask_as(she(), || pick(1, seed)).await.unwrap();
        firsts[usize::try_from(one[0].year.unwrap_or(1995) - 1990).unwrap()] += 1;
    }
    assert!(orders.len() > 30, "{} orders", orders.len());
    assert!(firsts.iter().all(|times| *times > 0), "each may come first: {firsts:?}");
    let genre = house.ask(|| FindGenre { name: "Even".to_owned() }).await;
    let filter = Some(Filter::Genre(genre.id));
    let years = Some(Years { first: 1991, last: 1994 });
    let call = || PickTracks { filter, years, ..pick(5, 1) };
    assert_eq!(house.ask_as(she(), call).await.unwrap().len(), 2);
    let albums = house.ask_as(she(), || PickAlbums { limit: 4, seed: 1 }).await.unwrap();
    assert_eq!(albums.len(), 4);
    assert!(albums.iter().all(|album| album.title != "Hidden"));
    for limit in [0, 501] {
        let refused = house.ask_as(Caller::System, || pick(limit, 1)).await.unwrap_err();
        assert!(matches!(refused, CallError::Refused(CatalogError::Invalid { .. })));
    }
}
