//! What albums, artists and genres are made of.

use hexachord_contracts::{
    CallError, Caller,
    catalog::{
        CatalogError, GetAlbum, GetArtist, GetTrack, GetTracks, ListAlbums, ListArtists,
        ListGenres, ListLibraries, Locate,
    },
    ids::{AlbumId, ArtistId, TrackId},
};
use hexachord_fixtures::{Tags, tag};

use crate::house::{House, flac, listener, tags};

#[tokio::test]
async fn an_album_has_its_tracks_by_disc_and_number() {
    let house = House::with(&["Music"]).await;
    for (seed, disc, number) in [(1, 2, 1), (2, 1, 2), (3, 1, 10), (4, 1, 1)] {
        let title = format!("{disc}-{number}");
        let tags = Tags { disc: Some(disc), ..tags("Guido", "Micrologus", number, &title) };
        house.put(&format!("Music/{seed}.flac"), flac(seed), &tags);
    }
    house.scan().await;
    let album = house.ask(ListAlbums::default).await.items.remove(0);
    assert_eq!((album.track_count, album.disc_count, album.year), (4, 2, Some(1997)));
    assert_eq!(album.genres, ["Rock"]);
    let detail = house.ask(|| GetAlbum { album: album.id }).await;
    assert_eq!(detail.album, album);
    let titles: Vec<&str> = detail.tracks.iter().map(|track| track.title.as_str()).collect();
    assert_eq!(titles, ["1-1", "1-2", "1-10", "2-1"]);
    let duration: u64 = detail.tracks.iter().map(|track| track.duration_ms).sum();
    assert_eq!((album.duration_ms, duration > 0), (duration, true));
}

#[tokio::test]
async fn an_artist_has_albums_and_appearances() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Own", 1, "Mine"));
    let guest = Tags {
        artists: vec!["Guido".into(), "Perotin".into()],
        album_artists: vec!["Perotin".into()],
        ..tags("", "Magnus liber", 1, "Together")
    };
    house.put("Music/2.flac", flac(2), &guest);
    house.put("Music/3.flac", flac(3), &tags("Perotin", "Magnus liber", 2, "Alone"));
    house.scan().await;
    let artists = house.ask(ListArtists::default).await.items;
    let counts: Vec<_> =
        artists.iter().map(|a| (a.name.as_str(), a.album_count, a.track_count)).collect();
    assert_eq!(counts, [("Guido", 1, 2), ("Perotin", 1, 2)]);
    let guido = house.ask(|| GetArtist { artist: artists[0].id }).await;
    assert_eq!(guido.albums.iter().map(|a| a.title.as_str()).collect::<Vec<_>>(), ["Own"]);
    let appears: Vec<&str> = guido.appears_on.iter().map(|album| album.title.as_str()).collect();
    assert_eq!(appears, ["Magnus liber"]);
}

#[tokio::test]
async fn a_retag_moves_counts_and_spelling() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("guido", "Micrologus", 1, "Ut"));
    house.put("Music/2.flac", flac(2), &tags("guido", "Micrologus", 2, "Re"));
    house.scan().await;
    let id = house.track("Ut").await.artists[0].id;
    for (file, number, title) in [("Music/1.flac", 1, "Ut"), ("Music/2.flac", 2, "Re")] {
        let retagged =
            Tags { genres: vec!["Chant".into()], ..tags("GUIDO", "Epistola", number, title) };
        tag(house.path(file), &retagged).unwrap();
    }
    house.scan().await;
    let artists = house.ask(ListArtists::default).await.items;
    assert_eq!((artists.len(), artists[0].id, artists[0].name.as_str()), (1, id, "GUIDO"));
    let albums = house.ask(ListAlbums::default).await.items;
    assert_eq!((albums.len(), albums[0].title.as_str()), (1, "Epistola"));
    let genres = house.ask(ListGenres::default).await.items;
    assert_eq!((genres.len(), genres[0].name.as_str(), genres[0].track_count), (1, "Chant", 2));
    assert_eq!(genres[0].album_count, 1);
}

#[tokio::test]
async fn a_list_of_ids_is_filled_in_in_its_order() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("Music/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    house.scan().await;
    let (ut, re) = (house.track("Ut").await, house.track("Re").await);
    let ids = [re.id, TrackId(5), ut.id, re.id];
    let found = house.ask(|| GetTracks { tracks: ids.to_vec() }).await;
    assert_eq!(found, [Some(re.clone()), None, Some(ut), Some(re)]);
    let many = || GetTracks { tracks: vec![TrackId(1); 501] };
    let refused = house.ask_as(Caller::System, many).await.unwrap_err();
    assert!(
        matches!(refused, CallError::Refused(CatalogError::Invalid { field, .. }) if field == "tracks")
    );
}

#[tokio::test]
async fn a_track_is_located_by_its_raw_path() {
    use std::os::unix::ffi::OsStrExt;
    let house = House::with(&["Music"]).await;
    let name = std::ffi::OsStr::from_bytes(b"\xff\xfe.flac");
    let path = house.path("Music").join(name);
    flac(1).write(&path).unwrap();
    house.scan().await;
    let track = house.tracks().await.remove(0);
    let location = house.ask(|| Locate { track: track.id }).await;
    assert_eq!(location.path, path.as_os_str().as_bytes());
    assert_eq!((location.size, location.content_type.as_str()), (track.size, "audio/flac"));
}

#[tokio::test]
async fn unknown_ids_are_not_found() {
    let house = House::with(&["Music"]).await;
    let not_found = |what: &str| CallError::Refused(CatalogError::NotFound { what: what.into() });
    let system = || Caller::System;
    let track = house.ask_as(system(), || GetTrack { track: TrackId(1) }).await;
    assert_eq!(track.unwrap_err(), not_found("track"));
    let located = house.ask_as(system(), || Locate { track: TrackId(1) }).await;
    assert_eq!(located.unwrap_err(), not_found("track"));
    let album = house.ask_as(system(), || GetAlbum { album: AlbumId(1) }).await;
    assert_eq!(album.unwrap_err(), not_found("album"));
    let artist = house.ask_as(system(), || GetArtist { artist: ArtistId(1) }).await;
    assert_eq!(artist.unwrap_err(), not_found("artist"));
}

#[tokio::test]
async fn folders_are_shown_to_administrators_only() {
    let house = House::with(&["Music"]).await;
    let music = house.library("Music").await;
    let seen = house.ask_as(listener(&[music]), || ListLibraries {}).await.unwrap();
    assert_eq!((seen[0].name.as_str(), seen[0].folder.as_os_str().len()), ("Music", 0));
    assert_eq!(house.ask(|| ListLibraries {}).await[0].folder, house.path("Music"));
}

#[tokio::test]
async fn the_genres_of_an_album_are_bounded() {
    let house = House::with(&["Music"]).await;
    for number in 0..3 {
        let genres = (0..30).map(|genre| format!("Genre {number} {genre}")).collect();
        let own = Tags { genres, ..tags("Guido", "Micrologus", number, &format!("{number}")) };
        house.put(&format!("Music/{number}.flac"), flac(number.into()), &own);
    }
    house.scan().await;
    assert_eq!(house.ask(ListAlbums::default).await.items[0].genres.len(), 64);
}
