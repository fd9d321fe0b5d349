//! Thousands of distinct pieces of every format, through everything at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use hexachord_fixtures::{Format, Piece, Tags, tag};
use serde_json::{Value, json};

use super::{Home, ids, relocate, rescan};
use crate::support::music;

const PIECES_A_FORMAT: u64 = 300;
/// Coded frames of a piece, more bytes than a fingerprint looks at. Of every third one all but the
/// end is the same silence.
const FRAMES: usize = 140;
const SILENT: usize = 110;
/// More than a page of an Ogg file.
const GROWN_BY: usize = 70_000;
/// Has no divisor with any number of pieces in common.
const STEP: usize = 7_919;

fn pieces() -> Vec<Piece> {
    let piece = |format, seed: u64| {
        let silent_opening = if seed.is_multiple_of(3) { SILENT } else { 0 };
        Piece { format, seed, silent_opening, frames: FRAMES }
    };
    let of_format = |format| (0..PIECES_A_FORMAT).map(move |seed| piece(format, seed));
    Format::ALL.into_iter().flat_map(of_format).collect()
}

/// The number of the piece is in its title; the rest depends on how often it was retagged.
fn tags_of(number: usize, time: usize) -> Tags {
    let album = format!("Album {} ({time})", number % 100);
    let tags = music::tags(&format!("{number} time {time}"), &format!("Artist {time}"), &album, 1);
    Tags { padding_comment: time * GROWN_BY, ..tags }
}

/// One name for each piece, whatever its format: files are known by their content.
fn name(number: usize) -> String {
    format!("{}/{number}.{}", number % 7, ["mp3", "flac", "ogg"][number % 3])
}

#[track_caller]
fn all_moved(state: &Value, pieces: usize) {
    let counts = ["moved", "added", "missing", "unreadable"].map(|field| state[field].clone());
    assert_eq!(counts, [json!(pieces), json!(0), json!(0), json!(0)], "{state}");
}

/// Names the pieces whose id changed.
#[track_caller]
fn same(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>, pieces: &[Piece]) {
    let changed: Vec<&Piece> = before
        .iter()
        .filter(|(number, id)| after.get(*number) != Some(id))
        .filter_map(|(number, _)| pieces.get(number.parse::<usize>().ok()?))
        .collect();
    assert!(changed.is_empty(), "{} ids changed: {changed:?}", changed.len());
    assert_eq!(after.len(), before.len());
}

/// Gives each piece the name of another one.
fn shuffle_names(folder: &Path, pieces: usize) {
    let aside = folder.with_file_name("aside");
    fs::rename(folder, &aside).expect("files of the test can be changed");
    for number in 0..pieces {
        let to = folder.join(name((number * STEP + 1) % pieces));
        relocate(&aside.join(name(number)), &to);
    }
    fs::remove_dir_all(aside).expect("files of the test can be changed");
}

#[test]
fn ids_survive_everything_at_once_and_the_loss_of_the_data() {
    let home = Home::new();
    let pieces = pieces();
    for (number, piece) in pieces.iter().enumerate() {
        let path = home.music().join(name(number));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        piece.write(&path).unwrap();
        tag(&path, &tags_of(number, 0)).unwrap();
    }
    let (server, member) = home.open();
    let before = ids(&server, &member);
    let distinct: BTreeSet<&String> = before.values().collect();
    assert_eq!((before.len(), distinct.len()), (pieces.len(), pieces.len()));

    shuffle_names(&home.music(), pieces.len());
    for number in 0..pieces.len() {
        let path = home.music().join(name((number * STEP + 1) % pieces.len()));
        tag(&path, &tags_of(number, 1)).unwrap();
        assert!(fs::metadata(&path).unwrap().len() > GROWN_BY as u64);
    }
    all_moved(&rescan(&server), pieces.len());
    same(&before, &ids(&server, &member), &pieces);

    relocate(&home.music().join("0"), &home.other().join("once more/0"));
    for folder in 1..7 {
        relocate(&home.music().join(folder.to_string()), &home.other().join(folder.to_string()));
    }
    all_moved(&rescan(&server), pieces.len());
    same(&before, &ids(&server, &member), &pieces);
    drop(server);

    home.forget_everything();
    let (server, member) = home.open();
    same(&before, &ids(&server, &member), &pieces);
}
