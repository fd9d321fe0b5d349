//! Walks of small trees, and of those that would lead a walk astray.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

fn library(files: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    folder
}

fn walked(folder: &TempDir) -> Walked {
    walk(folder.path(), &Folders::everything(), &Arc::default(), &WalkProgress::default()).unwrap()
}

fn music(walked: &Walked) -> Vec<&str> {
    walked.music.iter().map(|found| found.relative.to_str().unwrap()).collect()
}

#[test]
fn finds_music_and_folder_pictures_in_order() {
    let folder = library(&[
        "b/two.FLAC",
        "b/one.mp3",
        "a.ogg",
        "b/Cover.JPG",
        "b/back.jpg",
        "b/notes.txt",
        "c/d/e.m4a",
        "artist.png",
        "mp3",
        ".hidden/x.mp3",
        "b/.x.mp3",
    ]);
    let progress = WalkProgress::default();
    let walked = walk(folder.path(), &Folders::everything(), &Arc::default(), &progress).unwrap();
    assert_eq!(music(&walked), ["a.ogg", "b/one.mp3", "b/two.FLAC", "c/d/e.m4a"]);
    let pictures: Vec<_> = walked.pictures.iter().map(|found| found.relative.as_path()).collect();
    assert_eq!(pictures, [Path::new("artist.png"), Path::new("b/Cover.JPG")]);
    assert!(walked.skipped.is_empty());
    assert_eq!(progress.found.load(Ordering::Relaxed), 4);
    assert_eq!(walked.music[0].size, 5);
    assert!(walked.music[0].mtime_ns > 0 && walked.music[0].inode > 0);
}

#[test]
fn pictures_of_tracks_are_called_like_them() {
    let folder = library(&["a/1.flac", "a/1.JPG", "a/2.jpg", "b/1.jpg", "b/x.y.mp3", "b/x.y.png"]);
    fs::create_dir(folder.path().join("c")).unwrap();
    symlink("../b/x.y.png", folder.path().join("c/1.png")).unwrap();
    let walked = walked(&folder);
    let pictures: Vec<_> = walked
        .pictures
        .iter()
        .map(|found| (found.relative.to_str().unwrap(), found.beside))
        .collect();
    assert_eq!(pictures, [("a/1.JPG", true), ("b/x.y.png", true)]);
}

#[test]
fn links_have_what_is_beside_them_and_may_be_what_is_beside_music() {
    let outside = library(&["2.txt", "2.png"]);
    let folder = library(&[
        "a/1.flac",
        "a/1.txt",
        "a/2.flac",
        "b/3.lrc",
        "b/3.txt",
        "b/3.jpg",
        "b/4.lrc",
        ".store/1.lrc",
        ".store/3.flac",
        ".store/x.jpg",
    ]);
    let link = |target: &Path, at: &str| symlink(target, folder.path().join(at)).unwrap();
    link(Path::new("../.store/1.lrc"), "a/1.lrc");
    link(Path::new("../.store/x.jpg"), "a/1.jpg");
    link(&outside.path().join("2.txt"), "a/2.txt");
    link(&outside.path().join("2.png"), "a/2.png");
    link(Path::new("nowhere"), "a/2.lrc");
    link(Path::new("../.store/3.flac"), "b/3.flac");
    let all = walked(&folder);
    assert_eq!(beside(&all), ["a/1.flac: 1.lrc 1.txt", "a/2.flac: ", "b/3.flac: 3.lrc 3.txt"]);
    let pictures = |walked: &Walked| -> Vec<_> {
        walked.pictures.iter().map(|found| (found.relative.clone(), found.beside)).collect()
    };
    assert_eq!(pictures(&all), [("a/1.jpg".into(), true), ("b/3.jpg".into(), true)]);
    // What they are is what they lead to, and a look at the folder alone finds the same.
    assert_eq!(all.pictures[0].size, ".store/x.jpg".len() as u64);
    let part = some(&folder, &[("a", Depth::Shallow)]);
    assert_eq!((&part.music[..], &part.pictures[..]), (&all.music[..2], &all.pictures[..1]));
    let stamp = all.music[0].beside.as_ref().unwrap().stamp;
    fs::write(folder.path().join(".store/1.lrc"), "longer than it was before").unwrap();
    assert_ne!(walked(&folder).music[0].beside.as_ref().unwrap().stamp, stamp);
}

/// Each music file and what lies beside it.
fn beside(walked: &Walked) -> Vec<String> {
    let of = |found: &Found| {
        let names = found.beside.iter().flat_map(|beside| &beside.names);
        let names: Vec<_> = names.map(|name| String::from_utf8_lossy(name)).collect();
        format!("{}: {}", found.relative.display(), names.join(" "))
    };
    walked.music.iter().map(of).collect()
}

#[test]
fn links_leave_cue_sheets_of_any_name_where_they_belong() {
    let folder = library(&[
        "a/disc.flac",
        "a/disc.txt",
        "a/Guido - Disc.cue",
        "b/one.flac",
        "b/one.flac.cue",
        "c/Any.cue",
        "d/disc.flac",
        ".store/c.flac",
        ".store/d.cue",
    ]);
    let without = walked(&folder);
    let own = ["a/disc.flac: disc.txt Guido - Disc.cue", "b/one.flac: one.flac.cue"];
    assert_eq!(beside(&without), [own[0], own[1], "d/disc.flac: "]);
    let link = |target: &str, at: &str| symlink(target, folder.path().join(at)).unwrap();
    link("../c/Any.cue", "a/booklet.jpg");
    link("nowhere", "b/booklet.jpg");
    link("../.store/c.flac", "c/m.flac");
    link("../.store/d.cue", "d/Linked.cue");
    let with = walked(&folder);
    let linked = ["c/m.flac: Any.cue", "d/disc.flac: Linked.cue"];
    assert_eq!(beside(&with), [own[0], own[1], linked[0], linked[1]]);
    assert_eq!(with.music[..2], without.music[..2], "nothing changed for these");
    let part = some(&folder, &[("a", Depth::Shallow), ("d", Depth::Shallow)]);
    assert_eq!(beside(&part), [own[0], linked[1]]);
}

#[test]
fn what_lies_beside_links_is_looked_at_step_by_step_until_it_is_cancelled() {
    let folder = library(&["a/1.flac", "b/2.flac", "words"]);
    for link in ["a/1.lrc", "a/1.txt", "b/2.lrc", "b/3.lrc"] {
        symlink("../words", folder.path().join(link)).unwrap();
    }
    let (root, progress) = (folder.path().canonicalize().unwrap(), WalkProgress::default());
    let mut seen = crew::walk(&root, &Arc::default(), vec![PathBuf::new()], &progress);
    let folders = BTreeSet::from(["a".into(), "b".into()]);
    let before = progress.steps.load(Ordering::Relaxed);
    progress.cancelled.store(true, Ordering::Relaxed);
    linked::attach(&root, &folders, &mut seen, &progress);
    assert!(seen.walked.music.len() == 2 && beside(&seen.walked).concat().ends_with(": "));
    assert_eq!(progress.steps.load(Ordering::Relaxed), before);
    progress.cancelled.store(false, Ordering::Relaxed);
    linked::attach(&root, &folders, &mut seen, &progress);
    assert_eq!(beside(&seen.walked), ["a/1.flac: 1.lrc 1.txt", "b/2.flac: 2.lrc"]);
    assert!(progress.steps.load(Ordering::Relaxed) >= before + 6, "all that lies there");

    let links = [PathBuf::from("a/1.lrc"), PathBuf::from("b/2.lrc")];
    seen.links = links.to_vec();
    let before = progress.steps.load(Ordering::Relaxed);
    links::look_at(&root, &mut seen, &progress);
    // A step for each link, each entry of both folders, and each music file.
    assert_eq!(progress.steps.load(Ordering::Relaxed), before + 2 + 6 + 2);
}

#[test]
fn keeps_names_that_are_not_utf8() {
    let folder = library(&[]);
    let name = OsStr::from_bytes(b"caf\xE9.mp3");
    fs::write(folder.path().join(name), b"x").unwrap();
    assert_eq!(walked(&folder).music[0].relative, Path::new(name));
}

#[test]
fn a_link_to_what_is_seen_anyway_adds_nothing() {
    let folder = library(&["a/one.mp3"]);
    symlink("a", folder.path().join("again")).unwrap();
    symlink("a/one.mp3", folder.path().join("one.mp3")).unwrap();
    let walked = walked(&folder);
    assert_eq!(music(&walked), ["a/one.mp3"]);
    assert!(walked.skipped.is_empty());
}

#[test]
fn a_link_into_a_hidden_folder_is_followed_once() {
    let folder = library(&[".store/deep/one.mp3", ".store/deep/two.mp3"]);
    symlink(".store/deep", folder.path().join("first")).unwrap();
    symlink(".store/deep", folder.path().join("second")).unwrap();
    symlink(".store/deep/one.mp3", folder.path().join("third.mp3")).unwrap();
    assert_eq!(music(&walked(&folder)), ["first/one.mp3", "first/two.mp3"]);
}

#[test]
fn circles_end() {
    let folder = library(&["a/b/one.mp3", ".c/two.mp3"]);
    symlink("../..", folder.path().join("a/b/up")).unwrap();
    symlink("loop", folder.path().join("loop")).unwrap();
    symlink(".c", folder.path().join("c")).unwrap();
    symlink(".", folder.path().join(".c/itself")).unwrap();
    let walked = walked(&folder);
    assert_eq!(music(&walked), ["a/b/one.mp3", "c/two.mp3"]);
    assert_eq!(walked.skipped.len(), 1);
    assert!(walked.skipped[0].1.starts_with("the link cannot be followed"));
    assert_eq!(walked.unseen, [walked.skipped[0].0.clone()]);
}

#[test]
fn links_that_leave_the_library_are_named() {
    let outside = library(&["secret.mp3"]);
    let folder = library(&["one.mp3"]);
    symlink(outside.path(), folder.path().join("out")).unwrap();
    symlink(outside.path().join("secret.mp3"), folder.path().join("out.mp3")).unwrap();
    symlink("nothing", folder.path().join("broken.mp3")).unwrap();
    let walked = walked(&folder);
    assert_eq!(music(&walked), ["one.mp3"]);
    let reasons: Vec<_> = walked.skipped.iter().map(|(_, reason)| reason.as_str()).collect();
    let out = "the link leads out of the library";
    assert_eq!(reasons, ["the link leads nowhere", out, out]);
}

#[test]
fn a_fifo_is_no_music() {
    let folder = library(&["one.mp3"]);
    let fifo = folder.path().join("pipe.mp3");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let walked = walked(&folder);
    assert_eq!(music(&walked), ["one.mp3"]);
    assert_eq!(walked.skipped[0].0, Path::new("pipe.mp3"));
    assert!(walked.unseen.is_empty(), "what it is was seen");
}

#[test]
fn a_root_that_cannot_be_walked_says_why() {
    let folder = library(&["file.mp3"]);
    let sentence = |path: PathBuf| {
        walk(&path, &Folders::everything(), &Arc::default(), &WalkProgress::default())
            .unwrap_err()
            .to_string()
    };
    assert!(sentence(folder.path().join("gone")).contains("is not there"));
    assert!(sentence(folder.path().join("file.mp3")).contains("is not a folder"));
}

#[test]
fn a_cancelled_walk_ends() {
    let folder = library(&["one.mp3"]);
    let progress = WalkProgress::default();
    progress.cancelled.store(true, Ordering::Relaxed);
    assert!(matches!(
        walk(folder.path(), &Folders::everything(), &Arc::default(), &progress),
        Err(WalkError::Cancelled)
    ));
}

/// Permissions bind everyone but root, as whom containers often test.
#[test]
fn an_unreadable_folder_is_skipped_with_a_word() {
    use std::os::unix::fs::PermissionsExt;
    let folder = library(&["a/one.mp3", "b/two.mp3"]);
    let closed = folder.path().join("a");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let walked = walked(&folder);
    let is_bound = fs::read_dir(&closed).is_err();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    if is_bound {
        assert_eq!(music(&walked), ["b/two.mp3"]);
        let reason = "the folder cannot be read: permission denied".to_owned();
        assert_eq!(walked.skipped, [(PathBuf::from("a"), reason)]);
    } else {
        assert_eq!(music(&walked), ["a/one.mp3", "b/two.mp3"]);
    }
}

fn some(folder: &TempDir, places: &[(&str, Depth)]) -> Walked {
    let mut folders = Folders::default();
    for (place, depth) in places {
        folders.add(place.into(), *depth);
    }
    walk(folder.path(), &folders, &Arc::default(), &WalkProgress::default()).unwrap()
}

#[test]
fn only_the_places_asked_for_are_listed() {
    let folder =
        library(&["a/1.mp3", "a/b/2.mp3", "a/b/c/3.mp3", "d/4.mp3", "e/cover.jpg", "5.mp3"]);
    let walked = some(&folder, &[("a", Depth::Shallow), ("e", Depth::Shallow)]);
    assert_eq!((music(&walked), walked.listed), (vec!["a/1.mp3"], 2));
    assert_eq!(walked.pictures[0].relative, Path::new("e/cover.jpg"));
    let walked = some(&folder, &[("a/b", Depth::Deep), ("", Depth::Shallow)]);
    assert_eq!((music(&walked), walked.listed), (vec!["5.mp3", "a/b/2.mp3", "a/b/c/3.mp3"], 3));
}

#[test]
fn places_that_a_walk_does_not_come_to_hold_nothing() {
    let folder = library(&["a/1.mp3", ".hidden/2.mp3"]);
    symlink("a", folder.path().join("link")).unwrap();
    for place in ["gone", "a/1.mp3", "a/1.mp3/deeper", ".hidden", "link"] {
        for depth in [Depth::Shallow, Depth::Deep] {
            let walked = some(&folder, &[(place, depth)]);
            assert_eq!((music(&walked).len(), walked.unseen.len()), (0, 0), "{place}");
        }
    }
}

#[test]
fn links_to_what_only_they_lead_to_are_told_of() {
    let folder = library(&["a/1.mp3", ".store/2.mp3", "a/data", "b/c/3.mp3"]);
    let link = |target: &str| {
        let path = folder.path().join("b/link.mp3");
        drop(fs::remove_file(&path));
        symlink(target, path).unwrap();
        let (part, all) = (some(&folder, &[("b", Depth::Shallow)]), walked(&folder));
        assert_eq!(part.links, all.links, "{target}");
        part.links
    };
    assert!(!link("../a/1.mp3") && !link("../a") && !link("nowhere") && !link("/"));
    assert!(link("../.store/2.mp3") && link("../.store") && link("../a/data"));
}
