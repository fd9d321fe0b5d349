//! A file that is still being written is not taken half.

use std::{
    fs::{self, File},
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use hexachord_catalog::Watch;
use hexachord_contracts::{
    catalog::{GetScan, GetTrack, ListTracks, ListUnreadable, Track},
    page::Paging,
};
use hexachord_fixtures::Piece;

use crate::house::{House, flac, tags, until};

/// A piece that is written, slowly and all the time, until it is finished.
pub(crate) struct Copying {
    finish: Arc<AtomicBool>,
    writing: JoinHandle<u64>,
}

impl Copying {
    /// Returns when a part of it is there.
    pub(crate) fn begin(house: &House, file: &str, title: &str) -> Self {
        let bytes = whole(house, title);
        let mut target = File::create(house.path(file)).unwrap();
        let (first, last) = bytes.split_at(bytes.len() / 2);
        target.write_all(first).unwrap();
        let (finish, last) = (Arc::new(AtomicBool::new(false)), last.to_vec());
        let told = Arc::clone(&finish);
        let writing = thread::spawn(move || {
            let mut rest = last.as_slice();
            // Its end is written when it is told so, whatever came before.
            while !told.load(Ordering::Relaxed) && rest.len() > 1 {
                target.write_all(&rest[..1]).unwrap();
                rest = &rest[1..];
                thread::sleep(Duration::from_millis(2));
            }
            target.write_all(rest).unwrap();
            bytes.len() as u64
        });
        Self { finish, writing }
    }

    /// Writes the rest; how much it is.
    pub(crate) fn finish(self) -> u64 {
        assert!(!self.writing.is_finished(), "it took too long");
        self.finish.store(true, Ordering::Relaxed);
        self.writing.join().unwrap()
    }
}

/// The bytes of a long tagged piece.
fn whole(house: &House, title: &str) -> Vec<u8> {
    let long = Piece { frames: 400, ..flac(7) };
    house.put("aside.flac", long, &tags("Guido", "Micrologus", 1, title));
    let bytes = fs::read(house.path("aside.flac")).unwrap();
    house.remove("aside.flac");
    assert!(bytes.len() > 60_000, "too short to be written slowly: {}", bytes.len());
    bytes
}

async fn tracks(house: &House) -> Vec<Track> {
    let call = ListTracks { paging: Paging::first(500), ..ListTracks::default() };
    house.ask_once(call).await.items
}

async fn until_there_are(house: &House, count: usize) -> Vec<Track> {
    let look = async || Some(tracks(house).await).filter(|tracks| tracks.len() == count);
    until(&format!("{count} tracks"), look).await
}

async fn assert_all_readable(house: &House) {
    let page = house.ask_once(ListUnreadable { paging: Paging::first(500) }).await;
    assert_eq!(page.items, []);
}

#[tokio::test]
async fn a_copy_is_taken_once_and_whole() {
    let house = House::watching(Watch::Auto, &["Music"]).await;
    let bytes = whole(&house, "Ut");
    // Nobody writes it for a while, but it is open.
    let mut target = File::create(house.path("Music/1.flac")).unwrap();
    target.write_all(&bytes[..bytes.len() / 2]).unwrap();
    house.put("Music/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    until_there_are(&house, 1).await;
    // Not by a scan that is asked for, either.
    let state = house.scan().await;
    assert_eq!((state.added, state.unreadable, tracks(&house).await.len()), (0, 0, 1));
    assert_all_readable(&house).await;
    target.write_all(&bytes[bytes.len() / 2..]).unwrap();
    drop(target);
    let tracks = until_there_are(&house, 2).await;
    assert_eq!((tracks[1].title.as_str(), tracks[1].size), ("Ut", bytes.len() as u64));
    assert_all_readable(&house).await;
    let noticed = house.ask_once(GetScan::default()).await.noticed.unwrap();
    assert_eq!((noticed.missing, noticed.updated), (0, 0));
}

#[tokio::test]
async fn a_track_that_is_written_again_is_not_missing_meanwhile() {
    let house = House::watching(Watch::Auto, &["Music"]).await;
    let bytes = whole(&house, "Ut");
    fs::write(house.path("Music/1.flac"), &bytes).unwrap();
    let id = until_there_are(&house, 1).await[0].id;
    let mut target = File::create(house.path("Music/1.flac")).unwrap();
    target.write_all(&bytes[..1000]).unwrap();
    // Another file has its audio, and is a copy all the same.
    fs::write(house.path("Music/2.flac"), &bytes).unwrap();
    until_there_are(&house, 2).await;
    house.scan().await;
    assert_eq!(house.ask_once(GetTrack { track: id }).await.missing_since, None);
    target.write_all(&bytes[1000..]).unwrap();
    drop(target);
    house.put("Music/3.flac", flac(3), &tags("Guido", "Micrologus", 3, "Mi"));
    until_there_are(&house, 3).await;
    assert_eq!(house.ask_once(GetTrack { track: id }).await.missing_since, None);
    assert_all_readable(&house).await;
}

#[tokio::test]
async fn a_scan_of_folders_that_are_not_watched_waits_but_not_for_ever() {
    let house = House::with(&["Music"]).await;
    house.put("Music/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    let copying = Copying::begin(&house, "Music/1.flac", "Ut");
    let state = house.scan().await;
    assert_eq!((state.found, state.added, state.unreadable), (2, 1, 0));
    let words = "1.flac in the library `Music` is still being written: the next scan takes it";
    assert_eq!(state.warnings, [words]);
    let size = copying.finish();
    assert_eq!(house.scan().await.added, 1);
    assert_eq!(house.track("Ut").await.size, size);
}

#[tokio::test]
async fn a_file_that_is_finished_during_a_scan_is_waited_for() {
    let house = House::with(&["Music"]).await;
    let copying = Copying::begin(&house, "Music/1.flac", "Ut");
    let finishing = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        copying.finish()
    });
    let state = house.scan().await;
    let size = finishing.join().unwrap();
    assert_eq!((state.added, state.warnings.len()), (1, 0), "{state:?}");
    assert_eq!(house.track("Ut").await.size, size);
}
