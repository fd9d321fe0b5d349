//! Pages, cursors and orders.

use hexachord_contracts::{
    CallError, Caller,
    catalog::{
        AlbumSort, CatalogError, Filter, ListAlbums, ListArtists, ListGenres, ListTracks,
        ListUnreadable, Track, TrackSort,
    },
    ids::{ArtistId, GenreId},
    page::{Paging, Sort},
};
use hexachord_fixtures::Tags;

use crate::house::{House, flac, tags};

/// Titles, artists and albums that no order has in common.
async fn shelf() -> House {
    let house = House::with(&["Music"]).await;
    let shelf = [
        ("The Zombies", "Odessey", 1968, "Beechwood Park", "Pop"),
        ("Ólafur", "Island Songs", 2016, "Árbakkinn", "Classical"),
        ("Abba", "Arrival", 1976, "Tiger", "Pop"),
        ("Björk", "Debut", 1993, "Human Behaviour", "Pop"),
        ("björk", "Debut", 1993, "Crying", "Rock"),
        ("Can", "Ege Bamyasi", 1972, "Vitamin C", "Rock"),
        ("A Silver Mt. Zion", "He Has Left Us", 2000, "13 Angels", "Rock"),
    ];
    for (place, (artist, album, year, title, genre)) in shelf.into_iter().enumerate() {
        let number = u32::try_from(place).unwrap();
        let tags = Tags {
            year: Some(year),
            genres: vec![genre.into()],
            ..tags(artist, album, number, title)
        };
        house.put(&format!("Music/{place}.flac"), flac(number.into()), &tags);
        house.scan().await;
    }
    house
}

async fn all_pages(house: &House, sort: Sort<TrackSort>, filter: Option<Filter>) -> Vec<Track> {
    let mut paging = Paging::first(2);
    let mut all = Vec::new();
    loop {
        let page = house.ask(|| ListTracks { paging: paging.clone(), sort, filter, skip: 0 }).await;
        assert!(page.items.len() == 2 || page.next_cursor.is_none());
        all.extend(page.items);
        match page.next_cursor {
            Some(cursor) => paging.cursor = Some(cursor),
            None => return all,
        }
    }
}

fn titles(tracks: &[Track]) -> Vec<&str> {
    tracks.iter().map(|track| track.title.as_str()).collect()
}

#[tokio::test]
async fn tracks_come_in_every_order_and_back() {
    let house = shelf().await;
    let orders = [
        (
            TrackSort::Title,
            [
                "13 Angels",
                "Árbakkinn",
                "Beechwood Park",
                "Crying",
                "Human Behaviour",
                "Tiger",
                "Vitamin C",
            ],
        ),
        (
            TrackSort::Artist,
            [
                "Tiger",
                "Human Behaviour",
                "Crying",
                "Vitamin C",
                "Árbakkinn",
                "13 Angels",
                "Beechwood Park",
            ],
        ),
        (
            TrackSort::Album,
            [
                "Tiger",
                "Human Behaviour",
                "Crying",
                "Vitamin C",
                "13 Angels",
                "Árbakkinn",
                "Beechwood Park",
            ],
        ),
        (
            TrackSort::Year,
            [
                "Beechwood Park",
                "Vitamin C",
                "Tiger",
                "Human Behaviour",
                "Crying",
                "13 Angels",
                "Árbakkinn",
            ],
        ),
        (
            TrackSort::Added,
            [
                "Beechwood Park",
                "Árbakkinn",
                "Tiger",
                "Human Behaviour",
                "Crying",
                "Vitamin C",
                "13 Angels",
            ],
        ),
    ];
    for (by, mut wanted) in orders {
        let found = all_pages(&house, Sort { by, descending: false }, None).await;
        assert_eq!(titles(&found), wanted, "{by:?}");
        let back = all_pages(&house, Sort { by, descending: true }, None).await;
        wanted.reverse();
        assert_eq!(titles(&back), wanted, "{by:?} descending");
    }
}

#[tokio::test]
async fn tracks_are_limited_to_an_artist_or_a_genre() {
    let house = shelf().await;
    let track = house.track("Crying").await;
    let artist = Some(Filter::Artist(track.artists[0].id));
    let genre = house.ask(ListGenres::default).await.items.remove(2);
    assert_eq!((genre.name.as_str(), genre.track_count), ("Rock", 3));
    let rock = Some(Filter::Genre(genre.id));
    for by in
        [TrackSort::Title, TrackSort::Artist, TrackSort::Album, TrackSort::Year, TrackSort::Added]
    {
        for descending in [false, true] {
            let sort = Sort { by, descending };
            assert_eq!(all_pages(&house, sort, artist).await.len(), 2);
            assert_eq!(all_pages(&house, sort, rock).await.len(), 3);
        }
    }
    for unknown in [Filter::Artist(ArtistId(1)), Filter::Genre(GenreId(1))] {
        let call = || ListTracks { filter: Some(unknown), ..ListTracks::default() };
        let refused = house.ask_as(Caller::System, call).await.unwrap_err();
        assert!(matches!(refused, CallError::Refused(CatalogError::NotFound { .. })));
    }
}

#[tokio::test]
async fn albums_artists_and_genres_come_in_order() {
    let house = shelf().await;
    let orders = [
        (
            AlbumSort::Title,
            ["Arrival", "Debut", "Ege Bamyasi", "He Has Left Us", "Island Songs", "Odessey"],
        ),
        (
            AlbumSort::Artist,
            ["Arrival", "Debut", "Ege Bamyasi", "Island Songs", "He Has Left Us", "Odessey"],
        ),
        (
            AlbumSort::Year,
            ["Odessey", "Ege Bamyasi", "Arrival", "Debut", "He Has Left Us", "Island Songs"],
        ),
        (
            AlbumSort::Added,
            ["Odessey", "Island Songs", "Arrival", "Debut", "Ege Bamyasi", "He Has Left Us"],
        ),
    ];
    for (by, mut wanted) in orders {
        for descending in [false, true] {
            let sort = Sort { by, descending };
            let page = house.ask(|| ListAlbums { sort, ..ListAlbums::default() }).await;
            let found: Vec<&str> = page.items.iter().map(|album| album.title.as_str()).collect();
            assert_eq!(found, wanted, "{by:?} {descending}");
            wanted.reverse();
        }
    }
    let artists = house.ask(ListArtists::default).await.items;
    let names: Vec<&str> = artists.iter().map(|artist| artist.name.as_str()).collect();
    assert_eq!(names, ["Abba", "Björk", "Can", "Ólafur", "A Silver Mt. Zion", "The Zombies"]);
    let genres = house.ask(ListGenres::default).await.items;
    let names: Vec<&str> = genres.iter().map(|genre| genre.name.as_str()).collect();
    assert_eq!(names, ["Classical", "Pop", "Rock"]);
}

#[tokio::test]
async fn a_limit_out_of_range_is_refused() {
    let house = House::with(&["Music"]).await;
    for limit in [0, 501, u32::MAX] {
        let paging = || Paging::first(limit);
        let refusals = [
            house
                .ask_as(Caller::System, || ListTracks { paging: paging(), ..ListTracks::default() })
                .await
                .err(),
            house
                .ask_as(Caller::System, || ListAlbums { paging: paging(), ..ListAlbums::default() })
                .await
                .err(),
            house
                .ask_as(Caller::System, || ListArtists {
                    paging: paging(),
                    ..ListArtists::default()
                })
                .await
                .err(),
            house
                .ask_as(Caller::System, || ListGenres { paging: paging(), ..ListGenres::default() })
                .await
                .err(),
            house.ask_as(Caller::System, || ListUnreadable { paging: paging() }).await.err(),
        ];
        for refusal in refusals {
            assert!(
                matches!(refusal, Some(CallError::Refused(CatalogError::Invalid { field, .. })) if field == "limit")
            );
        }
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_or_none_at_all_is_refused() {
    let house = shelf().await;
    let first = || ListTracks { paging: Paging::first(2), ..ListTracks::default() };
    let cursor = house.ask(first).await.next_cursor.unwrap();
    let by_year = Sort { by: TrackSort::Year, descending: false };
    let back = Sort { by: TrackSort::Title, descending: true };
    let genre = house.ask(ListGenres::default).await.items[0].id;
    let asked = |cursor: &str, sort, filter| ListTracks {
        paging: Paging { limit: 2, cursor: Some(cursor.to_owned()) },
        sort,
        filter,
        skip: 0,
    };
    let long = "A".repeat(100_000);
    let wrong = [
        (cursor.as_str(), by_year, None),
        (cursor.as_str(), back, None),
        (cursor.as_str(), Sort::default(), Some(Filter::Genre(genre))),
        ("", Sort::default(), None),
        ("not a cursor!", Sort::default(), None),
        (&cursor[..10], Sort::default(), None),
        (long.as_str(), Sort::default(), None),
    ];
    for (cursor, sort, filter) in wrong {
        let refused = house.ask_as(Caller::System, || asked(cursor, sort, filter)).await;
        assert!(
            matches!(refused, Err(CallError::Refused(CatalogError::Invalid { ref field, .. })) if field == "cursor"),
            "{refused:?}"
        );
    }
    let paging = || Paging { limit: 2, cursor: Some(cursor.clone()) };
    assert!(
        house
            .ask_as(Caller::System, || ListAlbums { paging: paging(), ..ListAlbums::default() })
            .await
            .is_err()
    );
    assert!(house.ask_as(Caller::System, || ListUnreadable { paging: paging() }).await.is_err());
    // It reads on where it was, also when what it names is gone.
    house.remove("Music/1.flac");
    house.scan().await;
    let rest = house.ask(|| asked(&cursor, Sort::default(), None)).await;
    assert_eq!(titles(&rest.items), ["Beechwood Park", "Crying"]);
}
