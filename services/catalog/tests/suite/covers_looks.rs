//! How pictures look: worked out after scans, told with covers, gone on with after a restart.

use std::{fs, path::PathBuf, time::Duration};

use hexachord_contracts::{
    Caller,
    catalog::{Cover, CoverOf, GetAlbum, GetArtist, ListAlbums},
};
use hexachord_fixtures::Tags;

use crate::{
    covers::{cover, png},
    house::{House, context, flac, tags},
};

/// Tries for as long as a slow machine may need; each is a question to the catalog.
const TRIES: usize = 3000;

async fn with_looks() -> House {
    let mut house = House::with(&["Music"]).await;
    house.settings.looks = true;
    house.reopen_as_it_is().await;
    house
}

/// The covers of all albums, by title, when it is known how they look.
async fn until(house: &House, are_known: impl Fn(&[Option<Cover>]) -> bool) -> Vec<Option<Cover>> {
    for _ in 0..TRIES {
        let context = context(Caller::System);
        let call = house.ways[0].client.call(&context, ListAlbums::default());
        let albums = call.await.unwrap().items;
        let covers: Vec<_> = albums.into_iter().map(|album| album.cover).collect();
        if are_known(&covers) {
            return covers;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it is not known how the covers look");
}

fn is_known(cover: Option<&Cover>) -> bool {
    cover.is_some_and(|cover| cover.colour.is_some() && cover.thumbhash.is_some())
}

fn are_known(covers: &[Option<Cover>]) -> bool {
    covers.iter().all(|cover| is_known(cover.as_ref()))
}

#[tokio::test]
async fn after_a_scan_every_answer_tells_how_its_covers_look() {
    let house = with_looks().await;
    let pictured = Tags { picture: Some(png(700, 200)), ..tags("Guido", "A", 1, "Ut") };
    house.put("Music/A/1.flac", flac(1), &pictured);
    house.put("Music/B/2.flac", flac(2), &tags("Guido", "B", 2, "Re"));
    fs::write(house.path("Music/B/cover.png"), png(300, 0)).unwrap();
    house.scan().await;
    let covers = until(&house, are_known).await;
    let colours: Vec<_> = covers.iter().flatten().map(|cover| cover.colour.clone()).collect();
    assert_eq!(colours, [Some("#c80000".to_owned()), Some("#000000".to_owned())]);
    let track = house.track("Ut").await;
    assert_eq!(track.cover, covers[0]);
    let album = house.ask(|| GetAlbum { album: track.album.id }).await;
    assert_eq!((&album.album.cover, &album.tracks[0].cover), (&covers[0], &covers[0]));
    let artist = house.ask(|| GetArtist { artist: track.artists[0].id }).await;
    assert!(is_known(artist.artist.cover.as_ref()) && is_known(artist.albums[1].cover.as_ref()));
    // Another picture looks otherwise.
    fs::write(house.path("Music/B/cover.png"), png(301, 255)).unwrap();
    house.scan().await;
    let hash = covers[1].as_ref().unwrap().hash.clone();
    let later = until(&house, |covers| {
        are_known(covers) && covers[1].as_ref().is_some_and(|cover| cover.hash != hash)
    });
    assert_eq!(later.await[1].as_ref().unwrap().colour.as_deref(), Some("#ff0000"));
}

#[tokio::test]
async fn the_next_incarnation_looks_at_what_is_left() {
    let mut house = House::with(&["Music"]).await;
    for number in 1..=40_u8 {
        let title = format!("{number:02}");
        house.put(
            &format!("Music/{title}/1.flac"),
            flac(number.into()),
            &tags("G", &title, 1, "Ut"),
        );
        fs::write(house.path(&format!("Music/{title}/cover.png")), png(60, number)).unwrap();
    }
    house.scan().await;
    // Nobody was asked to look so far.
    assert!(until(&house, |_| true).await.iter().flatten().all(|cover| cover.colour.is_none()));
    house.settings.looks = true;
    house.reopen_as_it_is().await;
    let some = |covers: &[Option<Cover>]| covers.iter().any(|cover| is_known(cover.as_ref()));
    until(&house, some).await;
    // In the middle of it, or at its end: nothing is lost and nothing is done twice.
    house.reopen_as_it_is().await;
    until(&house, are_known).await;
}

#[tokio::test]
async fn hostile_pictures_cost_only_themselves() {
    let house = with_looks().await;
    let good = png(50, 99);
    let mut bomb = good.clone();
    bomb[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
    let hostile = [("A", &bomb[..]), ("B", &good[..good.len() / 2]), ("C", &good[..20])];
    for (album, picture) in hostile.into_iter().chain([("D", &good[..])]) {
        let piece = flac(u64::from(album.as_bytes()[0]));
        house.put(&format!("Music/{album}/1.flac"), piece, &tags("G", album, 1, "Ut"));
        fs::write(house.path(&format!("Music/{album}/cover.png")), picture).unwrap();
    }
    house.scan().await;
    let covers = until(&house, |covers| is_known(covers[3].as_ref())).await;
    assert!(covers[..3].iter().flatten().all(|cover| cover.colour.is_none()));
}

/// A worker that a picture brings down, without a worker that is one: it ends as one would.
#[tokio::test]
async fn a_worker_that_dies_of_a_picture_is_not_asked_again() {
    use std::os::unix::fs::PermissionsExt;

    let mut house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "A", 1, "Ut"));
    fs::write(house.path("Music/cover.png"), png(30, 1)).unwrap();
    house.scan().await;
    let (program, asked) = (house.path("worker"), house.path("asked"));
    // Says that it is ready, waits for the question, notes it and dies.
    let script = format!(
        "#!/bin/sh\nprintf '\\000\\000\\000\\000'\nhead -c 4 >/dev/null\necho x >>'{}'\nkill -SEGV $$\n",
        asked.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    house.settings.worker = Some(hexachord_catalog::WorkerCommand { program });
    house.settings.looks = true;
    house.reopen_as_it_is().await;
    let times = |path: &PathBuf| fs::read_to_string(path).unwrap_or_default().lines().count();
    for _ in 0..TRIES {
        if times(&asked) > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(times(&asked), 1);
    let album = house.track("Ut").await.album.id;
    let refused = house
        .ask_as(Caller::System, || hexachord_contracts::catalog::LocateCover {
            of: CoverOf::Album(album),
            size: Some(64),
        })
        .await;
    assert!(refused.unwrap_err().to_string().contains("cannot be shown: it is damaged"));
    // With one that works it goes on; what is known to be unusable is left.
    house.settings.worker = None;
    house.reopen_as_it_is().await;
    assert_eq!(cover(&house, CoverOf::Album(album), Some(64)).await.content_type, "image/jpeg");
}
