//! Scans over a store whose rows a test may change: disks with other numbers, losses bit by bit.

mod pictures;
mod silence;

use std::{fs, path::Path, time::Duration};

use hexachord_fixtures::{Format, Piece};
use hexachord_storage::Backing;
use tempfile::TempDir;

use super::*;
use crate::{
    service::Watch,
    store::{LibraryRow, library_row, open, put_library_row},
    walk::{Depth, Folders},
    watch::Watching,
};

const LIBRARY: LibraryId = LibraryId(7);

struct House {
    folder: TempDir,
    scanner: Scanner,
}

impl House {
    /// A library of so many files, scanned once.
    fn of(files: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = ScannedLibrary {
            id: LIBRARY,
            name: "Music".into(),
            folder: folder.path().to_path_buf(),
        };
        let libraries = Libraries::new(&[], None, &[]).unwrap();
        let setup = ScanSetup {
            store: open(Backing::Memory, 1).unwrap(),
            libraries: [library].into(),
            clock: Clock::default(),
            failpoints: Failpoints::default(),
            readers: 1,
            worker: None,
            splitter: Arc::default(),
            vanish_share: 0.5,
            turn: Arc::default(),
            wanted: WantedScan::default(),
            losses: Losses::default(),
            hanging: Hanging::default(),
            patience: PATIENCE,
            rules: Arc::default(),
            artists: None,
            afterwards: Vec::new(),
            watched: None,
        };
        let house = Self { folder, scanner: Scanner::new(setup, libraries) };
        for number in 0..files {
            house.put(number);
        }
        assert_eq!(house.scan(Asked::default()).added, files);
        house
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.path().join(format!("{number:02}/music.flac"))
    }

    fn put(&self, number: u64) {
        let path = self.path(number);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        Piece { frames: 5, ..Piece::new(Format::Flac, number) }.write(&path).unwrap();
    }

    fn remove(&self, number: u64) {
        fs::remove_dir_all(self.path(number).parent().unwrap()).unwrap();
    }

    fn scan(&self, asked: Asked) -> ScanState {
        self.run(&Task::Everything(asked))
    }

    fn look(&self, numbers: impl IntoIterator<Item = u64>) -> ScanState {
        let mut folders = Folders::default();
        for number in numbers {
            folders.add(format!("{number:02}").into(), Depth::Deep);
        }
        self.run(&Task::Noticed(Places::from([(LIBRARY, folders)]), NoticedBy::Watch))
    }

    fn run(&self, task: &Task) -> ScanState {
        let Scanner { setup, state, .. } = &self.scanner;
        let progress = Progress::begin(state, task, setup.clock.now());
        let ended = scan(setup, task, &WalkProgress::default(), &progress, |_| {});
        assert_eq!(ended, Some(Ended::Finished));
        progress.state()
    }

    fn row(&self) -> LibraryRow {
        let store = &self.scanner.setup.store;
        store.read_blocking(|read| library_row(read, LIBRARY)).unwrap()
    }

    /// As if the folder had been on a disk of this number before.
    fn was_on(&self, device: u64) {
        let row = LibraryRow { device: Some(device), ..self.row() };
        put_library_row(&self.scanner.setup.store, LIBRARY, &row).unwrap();
    }
}

fn device_of(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).unwrap().dev()
}

#[test]
fn another_disk_is_believed_when_half_of_the_files_are_there() {
    let house = House::of(4);
    let device = device_of(house.folder.path());
    assert_eq!(house.row(), LibraryRow { device: Some(device), ..LibraryRow::default() });
    // The same files under another number.
    house.was_on(device + 1);
    house.remove(0);
    house.remove(1);
    let state = house.scan(Asked::default());
    assert_eq!((state.left_alone, state.missing), (0, 2));
    assert_eq!(house.row().device, Some(device));
}

#[test]
fn another_disk_that_lacks_the_files_changes_nothing_until_losses_are_accepted() {
    let house = House::of(4);
    let device = device_of(house.folder.path());
    house.was_on(device + 1);
    for number in 0..3 {
        house.remove(number);
    }
    house.put(9);
    for state in [house.scan(Asked::default()), house.look([0]), house.look([9])] {
        assert_eq!((state.left_alone, state.missing, state.added), (1, 0, 0));
        assert!(state.warnings[0].contains("is on another disk"), "{:?}", state.warnings);
        assert!(state.warnings[0].contains("1 of 4 files"), "{:?}", state.warnings);
        assert_eq!(house.row().device, Some(device + 1));
        assert_eq!(house.row().trouble.unwrap().text, state.warnings[0]);
    }
    let state = house.scan(Asked { accept_losses: true, full: false });
    assert_eq!((state.left_alone, state.missing, state.added), (0, 3, 1));
    assert_eq!(house.row(), LibraryRow { device: Some(device), ..LibraryRow::default() });
}

#[test]
fn a_library_that_is_emptied_bit_by_bit_vanishes_at_once() {
    let house = House::of(50);
    let mut missing = 0;
    for first in (0..30).step_by(5) {
        let some = first..first + 5;
        some.clone().for_each(|number| house.remove(number));
        missing += house.look(some).missing;
    }
    // Never more than half of what was left, but more than half of all.
    assert_eq!(missing, 25);
    assert!(house.row().trouble.unwrap().text.contains("30 of 50"), "{:?}", house.row());
    // Everything comes back: the next look anywhere sees it.
    for number in 0..50 {
        house.put(number);
    }
    assert_eq!(house.look([49]).left_alone, 0);
    assert_eq!(house.row().trouble, None);
}

#[test]
fn a_look_lists_only_where_something_changed() {
    let house = House::of(30);
    house.put(30);
    let state = house.look([30]);
    assert_eq!((state.found, state.added, state.missing), (1, 1, 0));
    house.remove(3);
    let state = house.look([3]);
    assert_eq!((state.found, state.missing), (0, 1));
}

#[test]
fn a_file_that_moves_within_a_look_keeps_its_track() {
    let house = House::of(3);
    fs::rename(house.path(1).parent().unwrap(), house.folder.path().join("07")).unwrap();
    let state = house.look([1, 7]);
    assert_eq!((state.found, state.moved, state.missing, state.added), (1, 1, 0, 0));
    // In two looks it is missing in between, and found again.
    fs::rename(house.path(7).parent().unwrap(), house.folder.path().join("08")).unwrap();
    assert_eq!(house.look([7]).missing, 1);
    let state = house.look([8]);
    assert_eq!((state.moved, state.added), (1, 0));
}

#[test]
fn a_library_with_links_to_hidden_folders_is_looked_at_as_a_whole() {
    let house = House::of(2);
    let hidden = house.folder.path().join(".store");
    fs::rename(house.path(1).parent().unwrap(), &hidden).unwrap();
    std::os::unix::fs::symlink(&hidden, house.folder.path().join("00/link")).unwrap();
    let state = house.look([0, 1]);
    assert_eq!((state.found, state.moved, state.missing), (2, 1, 0));
    assert!(house.row().links);
    // Another link would add the same: nothing.
    std::os::unix::fs::symlink(&hidden, house.folder.path().join("other")).unwrap();
    let state = house.look([5]);
    assert_eq!((state.found, state.to_read), (2, 0));
}

#[test]
fn a_watching_that_is_retired_ends_its_threads() {
    let House { folder, scanner } = House::of(1);
    let scanner = Arc::new(scanner);
    let libraries = Arc::clone(&scanner.setup.libraries);
    let name = &libraries[0].name;
    let before = (Arc::strong_count(name), Arc::strong_count(&scanner));
    let (how, every) = (Watch::Auto, Duration::from_hours(1));
    let pending = Pending::default();
    let watching = Watching::begin(how, every, &libraries, &pending, Arc::clone(&scanner)).unwrap();
    assert!(pending.wait_until_watched(LIBRARY, PATIENCE, || false));
    assert_eq!(
        (Arc::strong_count(name), Arc::strong_count(&scanner)),
        (before.0 + 1, before.1 + 1)
    );
    watching.retire();
    let deadline = Instant::now() + Duration::from_mins(1);
    while (Arc::strong_count(name), Arc::strong_count(&scanner)) != before {
        assert!(Instant::now() < deadline, "a thread goes on");
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(folder);
}
