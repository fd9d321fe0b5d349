//! Pictures that cannot be seen, and looks by rules that no album follows yet.

use super::*;
use crate::artwork::{PatternsOf, PicturePatterns};

fn picture(house: &House, file: &str) {
    let png: &[u8] = b"\x89PNG\r\n\x1a\n and more";
    fs::write(house.folder.path().join(file), png).unwrap();
}

/// Paths of the pictures that are known.
fn pictures(house: &House) -> Vec<String> {
    let store = &house.scanner.setup.store;
    let known = known::known_pictures(store, LIBRARY, &Folders::everything()).unwrap();
    known.into_keys().map(|(_, path)| String::from_utf8(path).unwrap()).collect()
}

#[test]
fn pictures_in_what_cannot_be_seen_are_not_gone() {
    let house = House::of(3);
    for file in ["00/cover.png", "00/music.png", "01/cover.png", "02/cover.png"] {
        picture(&house, file);
    }
    house.scan(Asked::default());
    assert_eq!(pictures(&house).len(), 4);
    // A folder that is a link to itself cannot be read, whoever runs this.
    let folder = house.folder.path();
    fs::rename(folder.join("00"), folder.join(".aside")).unwrap();
    std::os::unix::fs::symlink("00", folder.join("00")).unwrap();
    fs::remove_file(folder.join("01/cover.png")).unwrap();
    let state = house.scan(Asked::default());
    assert_eq!((state.missing, state.warnings.len()), (0, 1), "{:?}", state.warnings);
    assert_eq!(pictures(&house), ["00/cover.png", "02/cover.png", "00/music.png"]);
    fs::remove_file(folder.join("00")).unwrap();
    fs::create_dir(folder.join("00")).unwrap();
    house.scan(Asked::default());
    assert_eq!(pictures(&house), ["02/cover.png"]);
}

#[test]
fn looks_find_pictures_by_the_rules_that_albums_follow() {
    let mut house = House::of(2);
    for number in 0..2 {
        picture(&house, &format!("{number:02}/cover.png"));
        picture(&house, &format!("{number:02}/portrait.png"));
    }
    house.scan(Asked::default());
    assert_eq!(pictures(&house), ["00/cover.png", "01/cover.png"]);
    let only = |of, name| PicturePatterns::parse(of, &[name]).unwrap();
    let rules = PictureRules {
        album: only(PatternsOf::Albums, "portrait.*"),
        artist: only(PatternsOf::Artists, "portrait.*"),
        disc: only(PatternsOf::Discs, "portrait.*"),
        ..PictureRules::default()
    };
    house.scanner.setup.rules = Arc::new(rules);
    house.look([0]);
    assert_eq!(pictures(&house), ["00/cover.png", "01/cover.png"], "no album has other pictures");
    house.scan(Asked::default());
    let portraits = ["00/portrait.png", "01/portrait.png"];
    assert_eq!(pictures(&house), portraits);
    house.look([0, 1]);
    assert_eq!(pictures(&house), portraits);
}
