//! What a walk found against a small store.

use hexachord_storage::{Backing, Record};

use super::*;
use crate::{
    store::{FileRow, file_key, open},
    walk::Depth,
};

const RULES: u32 = 5;

fn library() -> ScannedLibrary {
    ScannedLibrary { id: LibraryId(7), name: "Music".into(), folder: PathBuf::from("/music") }
}

fn stat(size: u64) -> Stat {
    Stat { size, mtime_ns: 1, ctime_ns: 2, inode: 3, beside: 0, rules: RULES }
}

fn found(path: &str, size: u64) -> Found {
    let relative = PathBuf::from(path);
    Found { relative, size, mtime_ns: 1, ctime_ns: 2, inode: 3, device: 4, beside: None }
}

/// A store that knows these files, each of ten bytes and a track of its own.
fn store_of(paths: &'static [&'static str]) -> Store {
    let store = open(Backing::Memory, 1).unwrap();
    let write = move |write: &redb::WriteTransaction| {
        let mut files = write.open_table(FILES)?;
        for (number, path) in (0_u8..).zip(paths) {
            let state = FileState::Plays(TrackId(number.into()), Fingerprint([number; 16]));
            let row = FileRow { stat: stat(10), state };
            let key = file_key(LibraryId(7), path.as_bytes());
            files.insert(key.as_slice(), row.to_bytes()?.as_slice())?;
        }
        Ok(())
    };
    store.write_blocking(write).unwrap();
    store
}

fn compare(store: &Store, walked: Vec<Found>, unseen: &[&str], full: bool) -> Plan {
    let everything = Folders::everything();
    let mut plan = Plan::default();
    plan.take(difference(store, &everything, walked, unseen, full));
    plan
}

fn difference(
    store: &Store,
    folders: &Folders,
    walked: Vec<Found>,
    unseen: &[&str],
    full: bool,
) -> Difference {
    let unseen: Vec<PathBuf> = unseen.iter().map(PathBuf::from).collect();
    Difference::of(store, (0, &library()), folders, walked, &unseen, RULES, full).unwrap()
}

fn to_read(plan: &Plan) -> Vec<(&str, bool)> {
    let name = |file: &'_ ToRead| !file.was.is_empty();
    plan.to_read.iter().map(|f| (f.relative.to_str().unwrap(), name(f))).collect()
}

#[test]
fn new_changed_gone_and_unchanged_are_told_apart() {
    let store = store_of(&["a b/x", "a/x", "c", "d"]);
    // The walk may come in another order than that of the bytes.
    let walked = vec![found("a/x", 10), found("a b/x", 11), found("b", 1), found("d", 10)];
    let plan = compare(&store, walked, &[], false);
    assert_eq!(to_read(&plan), [("a b/x", true), ("b", false)]);
    assert_eq!((&plan.gone[0].places, plan.gone[0].known), (&vec![b"c".to_vec()], 4));
    let unsettled: HashSet<TrackId> = plan.unsettled.into_values().flatten().collect();
    assert_eq!(unsettled, HashSet::from([TrackId(0), TrackId(2)]));
}

#[test]
fn a_full_scan_reads_everything() {
    let store = store_of(&["a", "b"]);
    let plan = compare(&store, vec![found("a", 10), found("b", 10)], &[], true);
    assert_eq!(to_read(&plan), [("a", true), ("b", true)]);
}

#[test]
fn what_lies_in_a_folder_that_cannot_be_read_is_not_gone() {
    let store = store_of(&["closed/a", "closed too", "open/b"]);
    let plan = compare(&store, Vec::new(), &["closed"], false);
    assert_eq!(plan.gone[0].places, [b"closed too".to_vec(), b"open/b".to_vec()]);
}

#[test]
fn a_file_or_a_whole_library_that_cannot_be_seen_is_not_gone() {
    let store = store_of(&["a", "ab", "b/c"]);
    let plan = compare(&store, Vec::new(), &["a"], false);
    assert_eq!(plan.gone[0].places, [b"ab".to_vec(), b"b/c".to_vec()]);
    assert_eq!(plan.unsettled.len(), 2);
    let plan = compare(&store, vec![found("a", 10)], &[""], false);
    assert!(plan.gone[0].places.is_empty() && plan.unsettled.is_empty());
}

#[test]
fn a_library_that_is_no_longer_configured_is_gone() {
    let store = store_of(&["a", "b"]);
    let mut plan = Plan::default();
    plan.forget_others(&store, &[library()]).unwrap();
    assert!(plan.gone.is_empty());
    plan.forget_others(&store, &[]).unwrap();
    assert_eq!((plan.gone[0].places.len(), plan.gone[0].believed), (2, true));
}

fn folders(places: &[(&str, Depth)]) -> Folders {
    let mut folders = Folders::default();
    for (folder, depth) in places {
        folders.add(folder.into(), *depth);
    }
    folders
}

#[test]
fn only_the_places_that_were_walked_are_compared() {
    use Depth::{Deep, Shallow};
    let store = store_of(&["1", "a b/2", "a/3", "a/4", "a/x/5", "a/x/y/6", "a/z/7", "a0/8", "b"]);
    let gone = |places: &[(&str, Depth)]| {
        let difference = difference(&store, &folders(places), Vec::new(), &[], false);
        let paths = difference.gone.places.iter();
        let paths: Vec<_> = paths.map(|path| String::from_utf8(path.clone()).unwrap()).collect();
        assert_eq!(difference.known, paths.len() as u64);
        paths
    };
    assert_eq!(gone(&[("", Shallow)]), ["1", "b"]);
    assert_eq!(gone(&[("a", Shallow)]), ["a/3", "a/4"]);
    assert_eq!(gone(&[("a", Deep)]), ["a/3", "a/4", "a/x/5", "a/x/y/6", "a/z/7"]);
    // A deep folder within one that is not: all by path.
    assert_eq!(gone(&[("a", Shallow), ("a/x", Deep)]), ["a/3", "a/4", "a/x/5", "a/x/y/6"]);
    assert_eq!(gone(&[("a/x", Shallow), ("a b", Deep)]), ["a b/2", "a/x/5"]);
    assert!(gone(&[("nothing", Deep), ("a/x/y/z", Shallow)]).is_empty());
    assert_eq!(gone(&[("", Deep)]).len(), 9);
}

#[test]
fn a_place_is_compared_with_what_lies_in_it() {
    let store = store_of(&["a/1", "a/2", "a/x/3", "b/4"]);
    let walked = vec![found("a/1", 10), found("a/2", 11), found("a/5", 1)];
    let difference = difference(&store, &folders(&[("a", Depth::Shallow)]), walked, &[], false);
    assert_eq!((difference.known, difference.in_place), (2, 1));
    let mut plan = Plan::default();
    plan.take(difference);
    assert_eq!(to_read(&plan), [("a/2", true), ("a/5", false)]);
    assert!(plan.gone[0].places.is_empty());
}

#[test]
fn other_rules_and_files_beside_it_make_a_file_changed() {
    let store = store_of(&["a", "b"]);
    let place = (0, &library());
    let everything = Folders::everything();
    let found_a = vec![found("a", 10)];
    let other = Difference::of(&store, place, &everything, found_a, &[], RULES + 1, false).unwrap();
    assert_eq!(other.to_read.len(), 1);
    let beside = Some(Box::new(Beside { stamp: 1, names: vec![b"a.lrc".to_vec()] }));
    let walked = vec![Found { beside: beside.clone(), ..found("a", 10) }, found("b", 10)];
    let plan = compare(&store, walked, &[], false);
    assert_eq!((to_read(&plan), &plan.to_read[0].beside), (vec![("a", true)], &beside));
}
