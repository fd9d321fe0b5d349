//! Covers: embedded and in folders, for tracks, albums and artists, in every size.

use std::{fs, os::unix::ffi::OsStringExt, path::PathBuf};

use hexachord_contracts::{
    CallError, Caller,
    catalog::{
        CatalogError, CoverLocation, CoverOf, GetAlbum, GetArtist, GetTrack, ListAlbums,
        LocateCover,
    },
};
use hexachord_fixtures::{Tags, tag};

use crate::house::{House, flac, tags};

pub(crate) fn png(side: u32, shade: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(side, side, image::Rgb([shade, 0, 0]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub(crate) fn path_of(cover: &CoverLocation) -> PathBuf {
    std::ffi::OsString::from_vec(cover.path.clone()).into()
}

pub(crate) fn not_found() -> CallError<CatalogError> {
    CallError::Refused(CatalogError::NotFound { what: "cover".into() })
}

/// An album with a picture in its first track.
async fn with_embedded() -> House {
    let house = House::with(&["Music"]).await;
    let pictured = Tags { picture: Some(png(700, 1)), ..tags("Guido", "Micrologus", 1, "Ut") };
    house.put("Music/Guido/Micrologus/1.flac", flac(1), &pictured);
    house.put("Music/Guido/Micrologus/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    house.scan().await;
    house
}

pub(crate) async fn cover(house: &House, of: CoverOf, size: Option<u32>) -> CoverLocation {
    house.ask(|| LocateCover { of, size }).await
}

#[tokio::test]
async fn an_embedded_picture_stands_for_track_album_and_artist() {
    let house = with_embedded().await;
    let (ut, re) = (house.track("Ut").await, house.track("Re").await);
    assert!(ut.cover.is_some() && re.cover.is_some());
    assert!(ut.cover_is_albums && re.cover_is_albums, "its own, and one that it has none of");
    let artist = house.ask(|| GetArtist { artist: ut.artists[0].id }).await.artist;
    assert!(artist.cover.is_some());
    let album = house.ask(|| GetAlbum { album: ut.album.id }).await.album;
    assert!(album.cover.is_some());
    let wanted = cover(&house, CoverOf::Track(ut.id), None).await;
    assert_eq!(fs::read(path_of(&wanted)).unwrap(), png(700, 1));
    assert_eq!(wanted.content_type, "image/png");
    for of in [CoverOf::Track(re.id), CoverOf::Album(album.id), CoverOf::Artist(artist.id)] {
        assert_eq!(cover(&house, of, None).await, wanted);
    }
    for cover in [ut.cover, re.cover, artist.cover, album.cover] {
        assert_eq!(cover.and_then(|cover| cover.hash).as_ref(), Some(&wanted.hash));
    }
}

#[tokio::test]
async fn thumbnails_are_made_in_steps_and_come_back_when_deleted() {
    let house = with_embedded().await;
    let of = CoverOf::Album(house.track("Ut").await.album.id);
    let small = cover(&house, of, Some(300)).await;
    assert_eq!(small.content_type, "image/jpeg");
    assert_eq!(small, cover(&house, of, Some(320)).await);
    assert_ne!(small.etag, cover(&house, of, Some(64)).await.etag);
    let bytes = fs::read(path_of(&small)).unwrap();
    let (width, height) = image::load_from_memory(&bytes).map(|i| (i.width(), i.height())).unwrap();
    assert_eq!((width, height), (320, 320));
    fs::remove_dir_all(house.path("artwork")).unwrap();
    assert_eq!(cover(&house, of, Some(300)).await, small);
    assert_eq!(fs::read(path_of(&small)).unwrap(), bytes);
}

#[tokio::test]
async fn sizes_out_of_range_are_refused() {
    let house = with_embedded().await;
    let of = CoverOf::Track(house.track("Ut").await.id);
    for size in [0, 4097, 1 << 31] {
        let refused = house.ask_as(Caller::System, || LocateCover { of, size: Some(size) }).await;
        assert!(
            matches!(refused, Err(CallError::Refused(CatalogError::Invalid { ref field, .. })) if field == "size"),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a_picture_in_the_folder_goes_before_an_embedded_one() {
    let house = with_embedded().await;
    let track = house.track("Ut").await;
    let album = CoverOf::Album(track.album.id);
    fs::write(house.path("Music/Guido/Micrologus/front.png"), png(90, 2)).unwrap();
    house.scan().await;
    let front = cover(&house, album, None).await;
    assert_eq!(fs::read(path_of(&front)).unwrap(), png(90, 2));
    fs::write(house.path("Music/Guido/Micrologus/Cover.png"), png(91, 3)).unwrap();
    fs::write(house.path("Music/Guido/artist.png"), png(92, 4)).unwrap();
    house.scan().await;
    let best = cover(&house, album, None).await;
    assert_eq!(fs::read(path_of(&best)).unwrap(), png(91, 3));
    let artist = cover(&house, CoverOf::Artist(track.artists[0].id), None).await;
    assert_eq!(fs::read(path_of(&artist)).unwrap(), png(92, 4));
    // The track keeps its own.
    assert!(!house.track("Ut").await.cover_is_albums);
    assert!(house.track("Re").await.cover_is_albums);
    let own = cover(&house, CoverOf::Track(track.id), None).await;
    assert_eq!(fs::read(path_of(&own)).unwrap(), png(700, 1));
    // A new picture is another one at once; one that is gone is gone with the next scan.
    fs::write(house.path("Music/Guido/Micrologus/Cover.png"), png(93, 5)).unwrap();
    let newer = cover(&house, album, None).await;
    assert_ne!((&newer.etag, &newer.hash), (&best.etag, &best.hash));
    house.scan().await;
    let told = house.ask(|| GetAlbum { album: track.album.id }).await.album.cover.unwrap();
    assert_eq!(told.hash.as_ref(), Some(&newer.hash));
    house.remove("Music/Guido/Micrologus/Cover.png");
    house.remove("Music/Guido/Micrologus/front.png");
    house.scan().await;
    let left = cover(&house, album, None).await;
    assert_eq!(fs::read(path_of(&left)).unwrap(), png(700, 1));
}

#[tokio::test]
async fn discs_in_folders_of_their_own_share_the_picture_above() {
    let house = House::with(&["Music"]).await;
    for disc in [1, 2] {
        let tags = Tags { disc: Some(disc), ..tags("Guido", "Micrologus", 1, &format!("{disc}")) };
        house.put(&format!("Music/Micrologus/CD{disc}/1.flac"), flac(disc.into()), &tags);
    }
    fs::write(house.path("Music/Micrologus/folder.jpg"), png(50, 1)).unwrap();
    house.scan().await;
    let album = house.ask(ListAlbums::default).await.items.remove(0);
    assert!(album.cover.is_some());
    let found = cover(&house, CoverOf::Album(album.id), None).await;
    assert_eq!(fs::read(path_of(&found)).unwrap(), png(50, 1));
}

#[tokio::test]
async fn where_there_is_no_picture_none_is_found() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.scan().await;
    let track = house.track("Ut").await;
    assert_eq!(track.cover, None);
    for of in [
        CoverOf::Track(track.id),
        CoverOf::Album(track.album.id),
        CoverOf::Artist(track.artists[0].id),
    ] {
        let refused = house.ask_as(Caller::System, || LocateCover { of, size: Some(64) }).await;
        assert_eq!(refused.unwrap_err(), not_found());
    }
}

#[tokio::test]
async fn what_is_no_picture_stands_for_nothing() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for (name, content) in [("cover.png", svg), ("folder.jpg", "<html><script>"), ("front.gif", "")]
    {
        fs::write(house.path("Music").join(name), content).unwrap();
    }
    let state = house.scan().await;
    let told = state.warnings.iter().filter(|warning| warning.contains("is no picture")).count();
    assert_eq!(told, 3, "{:?}", state.warnings);
    let track = house.track("Ut").await;
    assert_eq!(track.cover, None);
    for size in [None, Some(64)] {
        let of = CoverOf::Track(track.id);
        let refused = house.ask_as(Caller::System, || LocateCover { of, size }).await;
        assert_eq!(refused.unwrap_err(), not_found());
    }
    // One that was a picture when it was scanned, and is none any more.
    fs::write(house.path("Music/cover.png"), png(30, 1)).unwrap();
    house.scan().await;
    fs::write(house.path("Music/cover.png"), svg).unwrap();
    let of = CoverOf::Track(track.id);
    let refused = house.ask_as(Caller::System, || LocateCover { of, size: None }).await;
    assert!(matches!(refused, Err(CallError::Refused(CatalogError::UnusableCover(_)))));
}

#[tokio::test]
async fn a_retag_with_another_picture_changes_it() {
    let house = with_embedded().await;
    let track = house.track("Ut").await;
    let before = cover(&house, CoverOf::Track(track.id), None).await;
    let other = Tags { picture: Some(png(40, 9)), ..tags("Guido", "Micrologus", 1, "Ut") };
    tag(house.path("Music/Guido/Micrologus/1.flac"), &other).unwrap();
    house.scan().await;
    let after = cover(&house, CoverOf::Track(track.id), None).await;
    assert_ne!(before.etag, after.etag);
    assert_eq!(fs::read(path_of(&after)).unwrap(), png(40, 9));
    assert!(house.ask(|| GetTrack { track: track.id }).await.cover.is_some());
}
