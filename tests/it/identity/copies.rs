//! Equal audio in several files of every format.

use std::collections::BTreeSet;

use hexachord_fixtures::{Format, Tags};

use super::{Home, ids, relocate, rescan};
use crate::support::music;

fn tags_of(number: usize) -> Tags {
    let album = format!("Album {}", number % 20);
    music::tags(&format!("{number} of them"), "Artist", &album, 1)
}

#[test]
fn equal_audio_stays_several_tracks() {
    let home = Home::new();
    let copy = |number: usize, folder: &str, format: Format| {
        let path = home.music().join(folder).join(format!("copy.{}", format.extension()));
        music::write(&path, format, 7, &tags_of(number));
    };
    for (place, format) in Format::ALL.into_iter().enumerate() {
        for (nth, folder) in ["a", "b", "c"].into_iter().enumerate() {
            copy(place * 3 + nth, &format!("{folder} {place}"), format);
        }
    }
    let (server, member) = home.open();
    let before = ids(&server, &member);
    assert_eq!(before.len(), 3 * Format::ALL.len());
    let distinct: BTreeSet<&String> = before.values().collect();
    assert_eq!(distinct.len(), before.len(), "equal audio shares an id");
    drop(server);

    home.forget_everything();
    let (server, member) = home.open();
    assert_eq!(ids(&server, &member), before, "without the data, at the same paths");

    for place in 0..Format::ALL.len() {
        for folder in ["b", "c"].map(|folder| format!("{folder} {place}")) {
            let to = home.music().join("moved").join(&folder);
            relocate(&home.music().join(folder), &to);
        }
    }
    rescan(&server);
    assert_eq!(ids(&server, &member), before, "after two of three moved");
}
