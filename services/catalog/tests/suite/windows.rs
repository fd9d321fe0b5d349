//! Lists that are counted: any row of them at once, their letters, their decades and their revision.

use hexachord_catalog::{TrackWithoutFile, add_tracks_without_files};
use hexachord_contracts::{
    CallError, Caller, Timestamp,
    catalog::{
        Album, AlbumSort, CatalogError, Decade, Filter, FindGenre, GetRevision, ListAlbumLetters,
        ListAlbums, ListArtistLetters, ListArtists, ListDecades, ListTracks, Track, TrackSort,
        Years,
    },
    page::{Paging, Sort, Window},
};

use crate::house::{House, context, flac, listener, tags};

const TRACKS: [TrackSort; 5] =
    [TrackSort::Title, TrackSort::Artist, TrackSort::Album, TrackSort::Year, TrackSort::Added];
const ALBUMS: [AlbumSort; 4] =
    [AlbumSort::Title, AlbumSort::Artist, AlbumSort::Year, AlbumSort::Added];

/// Two libraries that share albums; more rows than are remembered one by one.
async fn shelf() -> House {
    let house = House::with(&["Music", "More"]).await;
    for (place, (library, count)) in (0..).zip([("Music", 260), ("More", 70)]) {
        let track = |number: u32| TrackWithoutFile {
            title: format!("Title {:03}", number * 7 % 311),
            artist: format!("{}rtist {}", ["A", "B", "É", "1"][number as usize % 4], number % 9),
            album: format!(
                "{} Album {}",
                ["X", "y", "The Z", "?"][number as usize % 4],
                number % 120
            ),
            genre: format!("Genre {}", number % 2),
            year: 1965 + (number % 37).cast_signed(),
            number,
            duration_ms: 1000,
        };
        let tracks = (place * 1000..place * 1000 + count).map(track).collect();
        let now = Timestamp::from_millis(i64::from(place) * 1000);
        let store = house.resources.store.clone();
        let add = move || add_tracks_without_files(&store, library, tracks, now);
        tokio::task::spawn_blocking(add).await.unwrap().unwrap();
    }
    house
}

async fn tracks(house: &House, by: &Caller, call: impl Fn() -> ListTracks) -> Window<Track> {
    house.ask_as(by.clone(), call).await.unwrap()
}

async fn albums(house: &House, by: &Caller, call: impl Fn() -> ListAlbums) -> Window<Album> {
    house.ask_as(by.clone(), call).await.unwrap()
}

fn skips(total: usize) -> [usize; 9] {
    [0, 1, 99, 100, 101, total / 2, total - 1, total, total + 7]
}

#[tokio::test]
async fn any_row_of_a_list_is_found_and_all_are_counted() {
    let house = shelf().await;
    let library = house.library("Music").await;
    let genre = house.ask(|| FindGenre { name: "Genre 1".to_owned() }).await.id;
    for (by, counts) in [(Caller::System, [330, 165]), (listener(&[library]), [260, 130])] {
        for (filter, count) in [None, Some(Filter::Genre(genre))].into_iter().zip(counts) {
            for sort in TRACKS.map(|by| Sort { by, descending: by == TrackSort::Year }) {
                let call = |skip: usize, limit| ListTracks {
                    paging: Paging::first(limit),
                    sort,
                    filter,
                    skip: u32::try_from(skip).unwrap(),
                };
                let all = tracks(&house, &by, || call(0, 500)).await;
                assert_eq!((all.items.len(), all.total), (count, count as u64), "{sort:?}");
                for skip in skips(count) {
                    let some = tracks(&house, &by, || call(skip, 7)).await;
                    let wanted: Vec<_> = all.items.iter().skip(skip).take(7).cloned().collect();
                    assert_eq!(some.items, wanted, "{sort:?} {skip}");
                    assert_eq!((some.total, &some.revision), (all.total, &all.revision));
                    let Some(cursor) = some.next_cursor else {
                        assert!(skip + 7 >= count, "{sort:?} {skip}");
                        continue;
                    };
                    let paging = Paging { limit: 2, cursor: Some(cursor) };
                    let next = || ListTracks { paging: paging.clone(), ..call(0, 2) };
                    let next = tracks(&house, &by, next).await;
                    assert_eq!(next.items, all.items[skip + 7..count.min(skip + 9)]);
                    assert_eq!(next.total, all.total);
                }
            }
        }
    }
}

#[tokio::test]
async fn albums_and_artists_are_counted() {
    let house = shelf().await;
    let library = house.library("Music").await;
    let everything = albums(&house, &Caller::System, || ListAlbums {
        paging: Paging::first(500),
        ..ListAlbums::default()
    });
    assert!(everything.await.total > 200);
    let seventies = Some(Years { first: 1970, last: 1979 });
    for by in [Caller::System, listener(&[library])] {
        for years in [None, seventies] {
            for sort in ALBUMS.map(|by| Sort { by, descending: by == AlbumSort::Added }) {
                let call = |skip: usize, limit| ListAlbums {
                    paging: Paging::first(limit),
                    sort,
                    skip: u32::try_from(skip).unwrap(),
                    years,
                    ..ListAlbums::default()
                };
                let all = albums(&house, &by, || call(0, 500)).await;
                assert_eq!(all.total, all.items.len() as u64);
                assert!(
                    all.items
                        .iter()
                        .all(|album| { years.is_none_or(|years| years.contains(album.year)) })
                );
                for skip in skips(all.items.len()) {
                    let some = albums(&house, &by, || call(skip, 7)).await;
                    let wanted: Vec<_> = all.items.iter().skip(skip).take(7).cloned().collect();
                    assert_eq!((some.items, some.total), (wanted, all.total), "{sort:?} {skip}");
                    assert_eq!(some.next_cursor.is_some(), skip + 7 < all.items.len());
                }
            }
        }
        let all = || ListArtists { paging: Paging::first(500), ..ListArtists::default() };
        let all = house.ask_as(by.clone(), all).await.unwrap();
        assert_eq!((all.total, all.items.len()), (36, 36));
        let rest = || ListArtists { skip: 30, ..ListArtists::default() };
        let rest = house.ask_as(by, rest).await.unwrap();
        assert_eq!((rest.total, &rest.items[..]), (36, &all.items[30..]));
    }
}

#[tokio::test]
async fn letters_tell_where_they_begin() {
    let house = shelf().await;
    let genre = house.ask(|| FindGenre { name: "Genre 1".to_owned() }).await.id;
    for (filter, years) in
        [(None, None), (Some(Filter::Genre(genre)), Some(Years { first: 1970, last: 1990 }))]
    {
        let letters = house.ask(|| ListAlbumLetters { filter, years }).await;
        let call = |skip| ListAlbums { filter, years, skip, ..ListAlbums::default() };
        let all = house.ask(|| call(0)).await;
        assert_eq!((letters.total, &letters.revision), (all.total, &all.revision));
        let told: Vec<&str> = letters.items.iter().map(|one| one.letter.as_str()).collect();
        let wanted: &[&str] = if filter.is_none() { &["#", "X", "Y", "Z"] } else { &["#", "Y"] };
        assert_eq!(told, wanted);
        for one in &letters.items {
            let skip = u32::try_from(one.skip).unwrap();
            let first = house.ask(|| call(skip)).await.items.remove(0).title.to_uppercase();
            let begins_so =
                |letter: &str| first.strip_prefix("THE ").unwrap_or(&first).starts_with(letter);
            assert!(
                if one.letter == "#" { begins_so("?") } else { begins_so(&one.letter) },
                "{first}"
            );
        }
    }
    let letters = house.ask(|| ListArtistLetters {}).await;
    let told: Vec<_> = letters.items.iter().map(|one| (one.letter.as_str(), one.skip)).collect();
    assert_eq!(told, [("#", 0), ("A", 9), ("B", 18), ("E", 27)]);
    assert_eq!(letters.total, 36);
}

#[tokio::test]
async fn decades_are_counted_for_whoever_asks() {
    let house = House::with(&["Music", "More"]).await;
    for (place, (library, album, year)) in (0..).zip([
        ("Music", "A", 1969),
        ("Music", "B", 1970),
        ("More", "B", 1979),
        ("More", "C", 2000),
    ]) {
        let year =
            hexachord_fixtures::Tags { year: Some(year), ..tags("Hexa", album, place, "Ut") };
        house.put(&format!("{library}/{place}.flac"), flac(place.into()), &year);
    }
    let without = hexachord_fixtures::Tags { year: None, ..tags("Hexa", "D", 1, "Ut") };
    house.put("Music/none.flac", flac(9), &without);
    assert_eq!(house.ask(|| ListDecades {}).await, []);
    house.scan().await;
    let decade = |decade, albums, tracks| Decade { decade, albums, tracks };
    let all = house.ask(|| ListDecades {}).await;
    assert_eq!(all.iter().map(|one| one.tracks).sum::<u64>(), 4, "without the one of no year");
    assert_eq!([all[0], all[2]], [decade(1960, 1, 1), decade(2000, 1, 1)]);
    let she = || listener(&[]);
    assert_eq!(house.ask_as(she(), || ListDecades {}).await.unwrap(), []);
    let library = house.library("Music").await;
    let seen = house.ask_as(listener(&[library]), || ListDecades {}).await.unwrap();
    assert_eq!(seen, [decade(1960, 1, 1), decade(1970, 1, 1)]);
}

#[tokio::test]
async fn the_revision_changes_with_what_lists_tell_and_with_nothing_else() {
    let house = House::with(&["Music"]).await;
    let revision = async || house.ask(GetRevision::default).await;
    house.put("Music/1.flac", flac(1), &tags("Hexa", "Ut", 1, "Ut"));
    let empty = revision().await;
    house.scan().await;
    let first = revision().await;
    assert_ne!(first, empty);
    assert_eq!(house.ask(ListTracks::default).await.revision, first);
    assert_eq!(house.ask(ListAlbums::default).await.revision, first);
    assert_eq!(house.ask(ListArtists::default).await.revision, first);
    house.scan().await;
    assert_eq!(revision().await, first, "nothing was new");
    let library = house.library("Music").await;
    let hers = house.ask_as(listener(&[library]), GetRevision::default).await.unwrap();
    assert_ne!(hers, first, "what may be seen is part of it");

    // Whoever waits is told at once, and not before.
    let wait = GetRevision { changed_from: Some(first.clone()), wait_ms: 20_000 };
    let (client, system) = (house.ways[0].client.clone(), context(Caller::System));
    let change = async {
        house.put("Music/2.flac", flac(2), &tags("Hexa", "Ut", 2, "Re"));
        house.scan().await;
    };
    let both = async { tokio::join!(client.call(&system, wait), change) };
    let (told, ()) = Box::pin(both).await;
    let told = told.unwrap();
    assert_ne!(told, first);
    let soon = GetRevision { changed_from: Some(revision().await), wait_ms: 1 };
    assert_eq!(house.ask_once(soon).await, revision().await);
    let refused = house.ask_as(Caller::Anonymous, GetRevision::default).await.unwrap_err();
    assert!(matches!(refused, CallError::Refused(CatalogError::Forbidden)));
}
