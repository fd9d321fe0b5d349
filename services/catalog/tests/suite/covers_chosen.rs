//! Which picture stands for what: patterns, discs, artists, and who may see it.

use std::fs;

use hexachord_catalog::{PatternsOf, PicturePatterns};
use hexachord_contracts::{
    Caller,
    catalog::{CoverOf, GetAlbum, GetArtist, ListArtists, LocateCover},
};
use hexachord_fixtures::Tags;

use crate::{
    covers::{cover, not_found, path_of, png},
    house::{House, flac, listener, tags},
};

/// The shade of the picture that stands for something.
async fn shade(house: &House, of: CoverOf) -> u8 {
    let bytes = fs::read(path_of(&cover(house, of, None).await)).unwrap();
    image::load_from_memory(&bytes).unwrap().into_rgb8().get_pixel(0, 0).0[0]
}

fn draw(house: &House, file: &str, shade: u8) {
    let path = house.path(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, png(20, shade)).unwrap();
}

fn on_disc(disc: u32, number: u32, title: &str) -> Tags {
    Tags { disc: Some(disc), ..tags("Guido", "Micrologus", number, title) }
}

fn patterns(of: PatternsOf, patterns: &[&str]) -> PicturePatterns {
    PicturePatterns::parse(of, patterns).unwrap()
}

#[tokio::test]
async fn a_picture_called_like_a_file_stands_for_its_track() {
    let mut house = House::with(&["Music"]).await;
    let pictured = Tags { picture: Some(png(20, 1)), ..tags("Guido", "Micrologus", 1, "Ut") };
    house.put("Music/01 Ut.flac", flac(1), &pictured);
    house.put("Music/02 Re.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    house.put("Music/02.flac", flac(3), &tags("Guido", "Micrologus", 3, "Mi"));
    for (name, shade) in [("01 Ut.png", 2), ("02 Re.PNG", 3), ("cover.png", 4)] {
        draw(&house, &format!("Music/{name}"), shade);
    }
    house.scan().await;
    let tracks = [house.track("Ut").await, house.track("Re").await, house.track("Mi").await];
    let of = tracks.each_ref().map(|track| CoverOf::Track(track.id));
    let mut shades = Vec::new();
    for (of, track) in of.into_iter().zip(&tracks) {
        let found = cover(&house, of, None).await;
        let told = track.cover.as_ref().and_then(|cover| cover.hash.as_ref());
        assert_eq!(told, Some(&found.hash));
        shades.push(shade(&house, of).await);
    }
    assert_eq!(shades, [1, 3, 4]);
    // The one beside the file first.
    house.settings.pictures.track = patterns(PatternsOf::Tracks, &["{file}.*", "embedded"]);
    house.reopen_as_it_is().await;
    house.scan().await;
    assert_eq!(shade(&house, of[0]).await, 2);
    let told = house.track("Ut").await.cover.unwrap().hash;
    assert_eq!(told, Some(cover(&house, of[0], None).await.hash));
    // None of them.
    house.settings.pictures.track = patterns(PatternsOf::Tracks, &[]);
    house.reopen_as_it_is().await;
    house.scan().await;
    assert_eq!((shade(&house, of[0]).await, shade(&house, of[1]).await), (4, 4));
}

#[tokio::test]
async fn discs_have_pictures_of_their_own() {
    let house = House::with(&["Music"]).await;
    for disc in 1..=4 {
        let of = on_disc(disc, 1, &format!("{disc}"));
        let of = if disc == 4 { Tags { picture: Some(png(20, 40)), ..of } } else { of };
        house.put(&format!("Music/Guido/Micrologus/CD{disc}/1.flac"), flac(disc.into()), &of);
    }
    draw(&house, "Music/Guido/Micrologus/folder.png", 1);
    draw(&house, "Music/Guido/Micrologus/CD1/cover.png", 10);
    draw(&house, "Music/Guido/Micrologus/Disc02.png", 20);
    draw(&house, "Music/Guido/artist.png", 5);
    house.scan().await;
    let album = house.track("1").await.album.id;
    let mut shades = vec![shade(&house, CoverOf::Album(album)).await];
    for disc in 1..=4 {
        shades.push(shade(&house, CoverOf::Disc(album, disc)).await);
    }
    assert_eq!(shades, [1, 10, 20, 1, 40]);
    let of = CoverOf::Disc(album, 5);
    let refused = house.ask_as(Caller::System, || LocateCover { of, size: None }).await;
    assert_eq!(refused.unwrap_err(), not_found());
    // The picture of the artist lies above the album's folder, and that above those of its discs.
    let artist = house.track("1").await.artists[0].id;
    assert_eq!(shade(&house, CoverOf::Artist(artist)).await, 5);
    // A picture that goes is gone for the disc alone.
    house.remove("Music/Guido/Micrologus/Disc02.png");
    house.remove("Music/Guido/Micrologus/CD1/cover.png");
    house.scan().await;
    let mut shades = vec![shade(&house, CoverOf::Album(album)).await];
    for disc in 1..=4 {
        shades.push(shade(&house, CoverOf::Disc(album, disc)).await);
    }
    assert_eq!(shades, [1, 1, 1, 1, 40]);
}

#[tokio::test]
async fn patterns_say_what_stands_for_an_album_and_the_next_scan_follows() {
    let mut house = House::with(&["Music"]).await;
    let pictured = Tags { picture: Some(png(20, 1)), ..tags("Guido", "Micrologus", 1, "Ut") };
    house.put("Music/Guido/1.flac", flac(1), &pictured);
    draw(&house, "Music/Guido/cover.png", 2);
    draw(&house, "Music/Guido/Scan 1.png", 3);
    draw(&house, "Music/Guido/portrait.png", 4);
    house.scan().await;
    let track = house.track("Ut").await;
    let (album, artist) = (CoverOf::Album(track.album.id), CoverOf::Artist(track.artists[0].id));
    assert_eq!((shade(&house, album).await, shade(&house, artist).await), (2, 2));
    for (names, wanted) in [
        (&["embedded", "cover.*"][..], 1),
        (&["scan ?.png", "cover.*", "embedded"], 3),
        (&["back.*", "COVER.PNG"], 2),
    ] {
        house.settings.pictures.album = patterns(PatternsOf::Albums, names);
        house.settings.pictures.artist = patterns(PatternsOf::Artists, &["portrait.*"]);
        house.reopen_as_it_is().await;
        house.scan().await;
        assert_eq!((shade(&house, album).await, shade(&house, artist).await), (wanted, 4));
        let told = house.ask(|| GetAlbum { album: track.album.id }).await.album.cover.unwrap();
        assert_eq!(told.hash, Some(cover(&house, album, None).await.hash));
    }
    house.settings.pictures.album = patterns(PatternsOf::Albums, &[]);
    house.reopen_as_it_is().await;
    house.scan().await;
    let refused = house.ask_as(Caller::System, || LocateCover { of: album, size: None }).await;
    assert_eq!(refused.unwrap_err(), not_found());
}

#[tokio::test]
async fn a_folder_of_artists_goes_first() {
    let mut house = House::with(&["Music"]).await;
    house.put("Music/Guido/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("Music/Hildegard/1.flac", flac(2), &tags("Hildegard", "Ordo", 1, "Re"));
    draw(&house, "Music/Guido/artist.png", 1);
    draw(&house, "artists/GUIDO.png", 2);
    draw(&house, "artists/Hildegard.png", 3);
    fs::write(house.path("artists/Nobody.jpg"), "<html>").unwrap();
    house.settings.artist_pictures = Some(house.path("artists"));
    house.reopen_as_it_is().await;
    house.scan().await;
    let artists = house.ask(ListArtists::default).await.items;
    let of = |name: &str| artists.iter().find(|artist| artist.name == name).unwrap();
    for (name, wanted) in [("Guido", 2), ("Hildegard", 3)] {
        let artist = of(name);
        let found = cover(&house, CoverOf::Artist(artist.id), None).await;
        assert_eq!(artist.cover.clone().unwrap().hash.as_ref(), Some(&found.hash));
        let detail = house.ask(|| GetArtist { artist: artist.id }).await.artist;
        assert_eq!(detail.cover, artist.cover);
        assert_eq!(shade(&house, CoverOf::Artist(artist.id)).await, wanted);
    }
    // Who may see nothing of an artist sees no picture of it.
    let refused = house
        .ask_as(listener(&[]), || LocateCover { of: CoverOf::Artist(of("Guido").id), size: None })
        .await;
    assert_eq!(refused.unwrap_err(), not_found());
    fs::remove_file(house.path("artists/Hildegard.png")).unwrap();
    draw(&house, "artists/GUIDO.png", 9);
    house.scan().await;
    assert_eq!(shade(&house, CoverOf::Artist(of("Guido").id)).await, 9);
    let hildegard = of("Hildegard").id;
    assert_eq!(house.ask(|| GetArtist { artist: hildegard }).await.artist.cover, None);
    house.settings.artist_pictures = None;
    house.reopen_as_it_is().await;
    house.scan().await;
    assert_eq!(shade(&house, CoverOf::Artist(of("Guido").id)).await, 1);
}

#[tokio::test]
async fn pictures_of_a_library_are_for_those_who_see_it() {
    let house = House::with(&["Open", "Closed"]).await;
    house.put("Open/1.flac", flac(1), &on_disc(1, 1, "Ut"));
    house.put("Closed/2.flac", flac(2), &on_disc(2, 1, "Re"));
    draw(&house, "Closed/cover.png", 1);
    draw(&house, "Closed/disc2.png", 2);
    draw(&house, "Closed/artist.png", 3);
    house.scan().await;
    let (ut, re) = (house.track("Ut").await, house.track("Re").await);
    assert_eq!(ut.album, re.album);
    let album = ut.album.id;
    let (open, closed) = (house.library("Open").await, house.library("Closed").await);
    let of = [
        CoverOf::Track(re.id),
        CoverOf::Album(album),
        CoverOf::Disc(album, 1),
        CoverOf::Disc(album, 2),
        CoverOf::Artist(ut.artists[0].id),
    ];
    for of in of {
        let ask = || LocateCover { of, size: Some(64) };
        let refused = house.ask_as(listener(&[open]), ask).await.unwrap_err();
        assert_eq!(refused, not_found(), "{of:?}");
        let seen = house.ask_as(listener(&[closed]), ask).await;
        assert_eq!(seen.is_ok(), of != CoverOf::Disc(album, 1), "{of:?}: {seen:?}");
    }
    let told = house.ask_as(listener(&[open]), || GetAlbum { album }).await.unwrap().album;
    assert_eq!(told.cover, None);
}

#[tokio::test]
async fn a_disk_that_is_away_leaves_what_is_cached() {
    let house = House::with(&["Music"]).await;
    house.put("Music/Guido/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    draw(&house, "Music/Guido/cover.png", 1);
    house.scan().await;
    let of = CoverOf::Album(house.track("Ut").await.album.id);
    let before = cover(&house, of, Some(64)).await;
    house.rename("Music", "away");
    assert_eq!(cover(&house, of, Some(64)).await, before);
    let refused = house.ask_as(Caller::System, || LocateCover { of, size: Some(512) }).await;
    assert_eq!(refused.unwrap_err(), not_found());
}

#[tokio::test]
async fn a_link_out_of_the_library_is_no_picture() {
    let house = House::with(&["Music"]).await;
    house.put("Music/Guido/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    draw(&house, "Music/Guido/cover.png", 1);
    fs::create_dir(house.path("secret")).unwrap();
    // Of another size, so that it is not taken for the one that was scanned.
    fs::write(house.path("secret/cover.png"), png(90, 2)).unwrap();
    house.scan().await;
    let of = CoverOf::Album(house.track("Ut").await.album.id);
    // Put there behind the back of the scan.
    house.remove("Music/Guido/cover.png");
    std::os::unix::fs::symlink(house.path("secret/cover.png"), house.path("Music/Guido/cover.png"))
        .unwrap();
    let refused = house.ask_as(Caller::System, || LocateCover { of, size: None }).await;
    let words = refused.unwrap_err().to_string();
    assert!(words.contains("leads out of the library"), "{words}");
    house.scan().await;
    assert_eq!(house.track("Ut").await.cover, None);
}
