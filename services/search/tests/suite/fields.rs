//! Fields, ranges, quotes and what must not match; facets.

use hexachord_contracts::{
    CallError, Caller, LibraryAccess, Timestamp,
    catalog::{CatalogChange, Contributor, ContributorRole, Track},
    ids::{AccountId, AlbumId, ArtistId, TrackId},
    item::ItemId,
    profile::{Annotation, ProfileChange},
    search::{Facets, Find, FoundKind, SearchError},
};

use crate::{
    house::{House, NOW, listener, only},
    music::{HOME, STUDIO, album, artist, artists, playlist, told, track},
};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn days_ago(days: i64) -> Timestamp {
    Timestamp::from_millis(NOW.as_millis() - days * DAY)
}

fn genres(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn music() -> Vec<CatalogChange> {
    let joga = Track {
        year: Some(1997),
        genres: genres(&["Trip Hop", "Electronic"]),
        moods: genres(&["Dramatic"]),
        bpm: Some(82),
        duration_ms: 305_000,
        bitrate_kbps: 900,
        added_at: days_ago(10),
        comment: Some("from the vinyl".to_owned()),
        contributors: vec![Contributor {
            role: ContributorRole::Composer,
            instrument: None,
            artist: artists(&["Sjón"]).remove(0),
        }],
        ..track(1, "Jóga", "Björk", "Homogenic")
    };
    let joga_live = Track {
        year: Some(1999),
        genres: genres(&["Trip Hop"]),
        duration_ms: 600_000,
        bitrate_kbps: 320,
        codec: "mp3".to_owned(),
        content_type: "audio/mpeg".to_owned(),
        added_at: days_ago(100),
        library: STUDIO,
        ..track(2, "Jóga (Live)", "Björk", "Live at the Union Chapel")
    };
    let hop = Track {
        year: Some(2004),
        genres: genres(&["Hip Hop"]),
        explicit: Some(true),
        codec: "vorbis".to_owned(),
        content_type: "audio/ogg".to_owned(),
        added_at: days_ago(400),
        ..track(3, "The Trip", "Hop Along", "Trip")
    };
    let mut told: Vec<_> = [joga, joga_live, hop].into_iter().map(told).collect();
    let mut homogenic = album(1, &[(HOME, "Homogenic")], "Björk");
    if let CatalogChange::Album { parts, .. } = &mut homogenic {
        parts[0].1.year = Some(1997);
        parts[0].1.labels = genres(&["One Little Indian"]);
        parts[0].1.genres = genres(&["Electronic"]);
    }
    told.extend([homogenic, artist(1, &[HOME, STUDIO], "Björk", "Björk")]);
    told
}

#[tokio::test]
async fn fields_hold_words_and_numbers() {
    let house = House::with_playlists(music(), [playlist(1, 1, true, "Jóga and more")]).await;
    for (query, found) in [
        ("artist:björk", vec![1, 2]),
        ("artist:bjo", vec![1, 2]),
        ("artist:bjrok", vec![1, 2]),
        ("artist:\"bjo\"", vec![]),
        ("title:live", vec![2]),
        ("album:union", vec![2]),
        ("album:\"union chapel\"", vec![2]),
        ("album:\"chapel union\"", vec![]),
        ("composer:sjon", vec![1]),
        ("sjon", vec![1]),
        ("genre:\"trip hop\"", vec![1, 2]),
        ("genre:trip", vec![1, 2]),
        ("genre:\"trip h", vec![1, 2]),
        ("genre:hop", vec![1, 2, 3]),
        ("genre:trip-hop", vec![1, 2]),
        ("mood:dramatic", vec![1]),
        ("comment:vinyl", vec![1]),
        ("year:1990..1999", vec![1, 2]),
        ("year:1990s", vec![1, 2]),
        ("year:>1997", vec![2, 3]),
        ("year:..1998", vec![1]),
        ("bpm:80..90", vec![1]),
        ("bitrate:>=320", vec![1, 2]),
        ("length:>5m", vec![1, 2]),
        ("length:5:05", vec![1]),
        ("format:flac", vec![1]),
        ("format:mp3", vec![2]),
        ("format:ogg", vec![3]),
        ("format:lossless", vec![1]),
        ("lossless:no", vec![2, 3]),
        ("explicit:yes", vec![3]),
        ("explicit:no", vec![1, 2]),
        ("added:<30d", vec![1]),
        ("added:>1y", vec![3]),
        ("library:home", vec![1, 3]),
        ("library:\"the studio\"", vec![2]),
        ("library:li-0000000000002", vec![2]),
        ("-library:Studio", vec![1, 3]),
        ("joga -live", vec![1]),
        ("-artist:björk", vec![3]),
        ("-\"trip hop\" joga", vec![1, 2]),
        ("-genre:\"trip hop\"", vec![3]),
        ("-year:1997 joga", vec![2]),
        ("joga year:1999 format:mp3 -bitrate:<128", vec![2]),
        ("artist:björk artist:hop", vec![]),
        ("björk year:1990..1999 genre:\"trip hop\" -live format:flac bitrate:>=320", vec![1]),
        ("\"live at the union\"", vec![2]),
        ("\"live at union\"", vec![]),
        ("\"jóga live\"", vec![2]),
        ("foo:bar", vec![]),
    ] {
        let mut tracks = house.tracks(query).await;
        tracks.sort_unstable();
        assert_eq!(tracks, found, "{query}");
    }
}

#[tokio::test]
async fn other_kinds_are_found_when_they_have_the_fields() {
    let house = House::with_playlists(music(), [playlist(1, 1, true, "Björk")]).await;
    for (query, artists, albums, playlists) in [
        ("björk", 1, 1, 1),
        ("björk -live", 1, 1, 1),
        ("artist:björk", 1, 1, 0),
        ("year:1997", 0, 1, 0),
        ("label:\"little indian\"", 0, 1, 0),
        ("genre:electronic", 0, 1, 0),
        ("title:homogenic", 0, 1, 0),
        ("library:home", 1, 1, 0),
        ("bpm:82", 0, 0, 0),
    ] {
        let found = house.find(query).await;
        let counts = (found.artists.len(), found.albums.len(), found.playlists.len());
        assert_eq!(counts, (artists, albums, playlists), "{query}");
    }
}

#[tokio::test]
async fn what_the_account_loves_rates_and_plays() {
    let of = |account, item, annotation| ProfileChange::Annotation {
        account: AccountId(account),
        annotation: Annotation { item, ..annotation },
    };
    let none = Annotation::none(ItemId::Track(TrackId(0)));
    let loved = Annotation { favourite_since: Some(NOW), ..none };
    let told = [
        of(7, ItemId::Track(TrackId(2)), loved),
        of(7, ItemId::Artist(ArtistId(1)), loved),
        of(7, ItemId::Track(TrackId(1)), Annotation { rating: Some(4), plays: 12, ..none }),
        of(8, ItemId::Track(TrackId(3)), loved),
        of(8, ItemId::Album(AlbumId(1)), Annotation { plays: 1, ..none }),
    ];
    let house = House::with_playlists(music(), told).await;
    let found = async |account, query| {
        let found = house.find_as(listener(account, LibraryAccess::All), query).await;
        let mut tracks: Vec<_> = found.tracks.into_iter().map(|id| id.0).collect();
        tracks.sort_unstable();
        (tracks, found.albums.len(), found.artists.len())
    };
    for (account, query, expected) in [
        (7, "loved:yes", (vec![2], 0, 1)),
        (7, "loved:no", (vec![1, 3], 1, 0)),
        (7, "-loved:yes", (vec![1, 3], 1, 0)),
        (7, "rating:>=4", (vec![1], 0, 0)),
        (7, "rating:<3", (vec![], 0, 0)),
        (7, "rating:0", (vec![2, 3], 1, 1)),
        (7, "plays:>10", (vec![1], 0, 0)),
        (7, "plays:0", (vec![2, 3], 1, 1)),
        (8, "plays:1", (vec![], 1, 0)),
        (8, "loved:yes year:2004", (vec![3], 0, 0)),
        (9, "loved:yes", (vec![], 0, 0)),
    ] {
        assert_eq!(found(account, query).await, expected, "{account} {query}");
    }
    // What changes is known soon.
    house.profile.tell([of(7, ItemId::Track(TrackId(2)), none)]);
    house.settled().await;
    assert_eq!(found(7, "loved:yes").await, (vec![], 0, 1));
    house.profile.tell([ProfileChange::AccountGone(AccountId(7))]);
    house.settled().await;
    assert_eq!(found(7, "loved:yes").await, (vec![], 0, 0));
    let house = house.restarted(|_| {}).await;
    let found = house.find_as(listener(8, LibraryAccess::All), "loved:yes").await;
    assert_eq!(found.tracks, [TrackId(3)], "told anew at the start");
}

#[tokio::test]
async fn errors_say_where() {
    let house = House::new(music()).await;
    let refused = async |caller, query| match house.try_find(caller, query, 5).await {
        Err(CallError::Refused(error @ SearchError::Query { .. })) => error.to_string(),
        other => panic!("not refused: {other:?}"),
    };
    let account = || listener(1, only(&[HOME]));
    assert_eq!(
        refused(account(), "björk year:abc").await,
        "query, character 12: year: write a year (1994) or a decade (1990s)"
    );
    assert_eq!(
        refused(account(), "library:Studio x").await,
        "query, character 9: library: none is called so; there are: \"Home\""
    );
    assert_eq!(
        refused(Caller::System, "loved:yes").await,
        "query, character 1: only an account loves, rates and plays: ask as one"
    );
    // A library that it may not see is not seen by its id either.
    let found = house.find_as(account(), "library:li-0000000000002").await;
    assert_eq!(found.tracks, []);
}

#[tokio::test]
async fn facets_count_what_was_found_and_may_be_seen() {
    let house = House::new(music()).await;
    let facets = async |caller: Caller, query: &str| {
        let find = || Find { query: query.to_owned(), limit: 1, facets: true, ..Find::default() };
        house.try_find_with(caller, find).await.expect("it may ask").facets.expect("it asked")
    };
    let written = |facets: Facets| {
        let mut all: Vec<String> = Vec::new();
        all.extend(facets.genres.iter().map(|it| format!("{} {}", it.value, it.tracks)));
        all.extend(facets.decades.iter().map(|it| format!("{} {}", it.decade, it.tracks)));
        all.extend(facets.formats.iter().map(|it| format!("{} {}", it.value, it.tracks)));
        all.extend(facets.libraries.iter().map(|it| format!("{} {}", it.library.0, it.tracks)));
        all.join(", ")
    };
    assert_eq!(
        written(facets(Caller::System, "joga").await),
        "Trip Hop 2, Electronic 1, 1990 2, flac 1, mp3 1, 1 1, 2 1"
    );
    assert_eq!(
        written(facets(listener(1, only(&[HOME])), "year:1900..").await),
        "Electronic 1, Hip Hop 1, Trip Hop 1, 1990 1, 2000 1, flac 1, vorbis 1, 1 2"
    );
    assert_eq!(
        written(facets(Caller::System, "joga -genre:electronic").await),
        "Trip Hop 1, 1990 1, mp3 1, 2 1"
    );
    assert_eq!(facets(Caller::System, "nothing").await, Facets::default());
    assert_eq!(house.find("joga").await.facets, None, "not asked for");
}

#[tokio::test]
async fn a_plain_query_has_words_and_nothing_else() {
    let house = House::new(
        [
            track(1, "Year:1997 -Live", "Björk", "Homogenic"),
            track(2, "Library: \"Home\"", "Guido", "Year"),
            track(3, "Live", "Björk", "Homogenic"),
        ]
        .map(told),
    )
    .await;
    let plain = async |query: &str, cursor: Option<String>| {
        let find = || Find {
            query: query.to_owned(),
            limit: 1,
            kind: Some(FoundKind::Track),
            cursor: cursor.clone(),
            plain: true,
            ..Find::default()
        };
        let found = house.try_find_with(listener(1, LibraryAccess::All), find).await?;
        let ids: Vec<u64> = found.tracks.iter().map(|id| id.0).collect();
        Ok::<_, CallError<SearchError>>((ids, found.next_cursor))
    };
    for (query, found) in [
        ("year:1997 -live", vec![1]),
        ("library: \"home\"", vec![2]),
        ("library:home", vec![2]),
        ("year:abc", vec![]),
        ("loved:yes", vec![]),
        ("artist:björk", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(plain(query, None).await.unwrap(), (found, None), "{query}");
    }
    // A cursor of the one is none of the other.
    let (_, cursor) = plain("björk", None).await.unwrap();
    assert!(cursor.is_some());
    plain("björk", cursor.clone()).await.unwrap();
    let find = || Find {
        query: "björk".to_owned(),
        limit: 1,
        kind: Some(FoundKind::Track),
        cursor: cursor.clone(),
        ..Find::default()
    };
    house.try_find_with(listener(1, LibraryAccess::All), find).await.unwrap_err();
    let long = "x".repeat(Find::LONGEST + 1);
    plain(&long, None).await.unwrap_err();
}
