//! Ids follow the audio: moves, renames, retags, all at once, for every format.

use std::{collections::BTreeMap, fs};

use hexachord_contracts::{catalog::Track, ids::TrackId};
use hexachord_fixtures::{Format, Piece, Tags, mangle, tag};

use crate::house::{House, flac, tags};

fn ids(tracks: &[Track]) -> Vec<TrackId> {
    let mut ids: Vec<TrackId> = tracks.iter().map(|track| track.id).collect();
    ids.sort_unstable();
    ids
}

/// Two pieces of each format, one of them with a long silent opening.
fn two_of_each(house: &House) {
    for (number, format) in Format::ALL.into_iter().enumerate() {
        for silent_opening in [0, 60] {
            let piece = Piece { silent_opening, ..Piece::new(format, number as u64) };
            let title = format!("{format:?} {silent_opening}");
            let file = format!("Music/{number}/{silent_opening}.{}", format.extension());
            house.put(&file, piece, &tags("Guido", "Micrologus", 1, &title));
        }
    }
}

fn every_file(house: &House) -> Vec<String> {
    let mut files = Vec::new();
    for number in 0..Format::ALL.len() {
        for entry in fs::read_dir(house.path(&format!("Music/{number}"))).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            files.push(format!("Music/{number}/{name}"));
        }
    }
    files
}

#[tokio::test]
async fn a_move_and_a_rename_keep_the_id() {
    let house = House::with(&["Music"]).await;
    two_of_each(&house);
    let state = house.scan().await;
    assert_eq!((state.added, state.unreadable, state.failure), (18, 0, None));
    let before = house.tracks().await;
    for (place, file) in every_file(&house).iter().enumerate() {
        house.rename(file, &format!("Music/elsewhere/{place} renamed"));
    }
    // Without an ending they are not music; then they are, under another ending than their own.
    assert_eq!(house.scan().await.found, 0);
    for place in 0..18 {
        let from = format!("Music/elsewhere/{place} renamed");
        house.rename(&from, &format!("Music/again/{place}.mp3"));
    }
    let state = house.scan().await;
    assert_eq!((state.moved, state.added), (18, 0));
    assert_eq!(ids(&house.tracks().await), ids(&before));
    for track in house.tracks().await {
        assert_eq!(before.iter().find(|old| old.id == track.id).unwrap().title, track.title);
    }
}

#[tokio::test]
async fn a_retag_keeps_the_id() {
    let house = House::with(&["Music"]).await;
    two_of_each(&house);
    house.scan().await;
    let before = house.tracks().await;
    for file in every_file(&house) {
        let grown = Tags { padding_comment: 100_000, ..tags("Paolo", "Other", 7, "Retagged") };
        tag(house.path(&file), &grown).unwrap();
    }
    let state = house.scan().await;
    assert_eq!((state.updated, state.added, state.moved, state.missing), (18, 0, 0, 0));
    let after = house.tracks().await;
    assert_eq!(ids(&after), ids(&before));
    assert!(
        after.iter().all(|track| track.title == "Retagged" && track.artists[0].name == "Paolo")
    );
}

#[tokio::test]
async fn move_rename_and_retag_at_once_into_another_library_keep_the_id() {
    let house = House::with(&["Music", "Other"]).await;
    two_of_each(&house);
    house.scan().await;
    let before = house.tracks().await;
    for (place, file) in every_file(&house).iter().enumerate() {
        let grown = Tags { padding_comment: 100_000, ..tags("Paolo", "Other", 7, "Retagged") };
        tag(house.path(file), &grown).unwrap();
        let ending = file.rsplit_once('.').unwrap().1;
        house.rename(file, &format!("Other/new/{place}.{ending}"));
    }
    // The old library is empty now, which alone would look like an unmounted disk.
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (18, 0, 0));
    assert_eq!(ids(&house.tracks().await), ids(&before));
    let other = house.library("Other").await;
    assert!(house.tracks().await.iter().all(|track| track.library == other));
}

#[tokio::test]
async fn changed_containers_keep_the_id() {
    let house = House::with(&["Music"]).await;
    let mut mangled = BTreeMap::new();
    for (number, format) in Format::ALL.into_iter().enumerate() {
        let piece = Piece::new(format, 100 + number as u64);
        for (name, bytes) in mangle::all(&piece) {
            mangled.insert(format!("Music/{number} {name}.{}", format.extension()), (piece, bytes));
        }
    }
    // One after the other: at the same time they would be equal audio in several files.
    for (file, (piece, bytes)) in mangled {
        house.put(&file, piece, &tags("Guido", "Micrologus", 1, "Ut queant laxis"));
        house.scan().await;
        let before = house.track("Ut queant laxis").await;
        fs::write(house.path(&file), bytes).unwrap();
        house.rename(&file, &format!("Music/moved/{}", file.split_once('/').unwrap().1));
        house.scan().await;
        let after = house.tracks().await;
        assert_eq!(ids(&after), [before.id], "{file}");
        house.remove(&format!("Music/moved/{}", file.split_once('/').unwrap().1));
        // A library that is empty is left alone: something must be in it.
        house.put("Music/keep.flac", flac(1), &tags("Guido", "Micrologus", 2, "Kept"));
        house.scan().await;
        house.remove("Music/keep.flac");
    }
}

#[tokio::test]
async fn hundreds_of_pieces_with_one_silent_opening_stay_apart() {
    let house = House::with(&["Music"]).await;
    let piece = |seed: u64| {
        let format = Format::ALL[usize::try_from(seed).unwrap() % Format::ALL.len()];
        Piece { format, seed, silent_opening: 70, frames: 90 }
    };
    for seed in 0..320 {
        let file = format!("Music/{}/{seed}.{}", seed % 7, piece(seed).format.extension());
        house.put(&file, piece(seed), &tags("Guido", "Micrologus", 1, &format!("{seed}")));
    }
    assert_eq!(house.scan().await.added, 320);
    let before = house.tracks().await;
    for seed in 0..320 {
        let ending = piece(seed).format.extension();
        let from = format!("Music/{}/{seed}.{ending}", seed % 7);
        house.rename(&from, &format!("Music/new/{}.{ending}", 1000 - seed));
    }
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (320, 0, 0));
    for track in house.tracks().await {
        assert_eq!(before.iter().find(|old| old.id == track.id).unwrap().title, track.title);
    }
}

#[tokio::test]
async fn files_that_swap_their_names_swap_their_places() {
    let house = House::with(&["Music"]).await;
    house.put("Music/a.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("Music/b.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    house.scan().await;
    let (ut, re) = (house.track("Ut").await.id, house.track("Re").await.id);
    house.rename("Music/a.flac", "Music/c");
    house.rename("Music/b.flac", "Music/a.flac");
    house.rename("Music/c", "Music/b.flac");
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (2, 0, 0));
    assert_eq!((house.track("Ut").await.id, house.track("Re").await.id), (ut, re));
}

#[tokio::test]
async fn a_better_rip_replaces_the_old_one() {
    let house = House::with(&["Music"]).await;
    house.put("Music/a.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("Music/b.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    house.scan().await;
    let (ut, re) = (house.track("Ut").await.id, house.track("Re").await.id);
    house.put("Music/a.flac", flac(3), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("Music/b.flac", flac(4), &tags("Somebody", "Else", 1, "Another"));
    let state = house.scan().await;
    assert_eq!((state.updated, state.added, state.missing), (1, 1, 1));
    assert_eq!(house.track("Ut").await.id, ut);
    assert_ne!(house.track("Another").await.id, re);
    // The new audio is the track now, wherever it goes.
    house.rename("Music/a.flac", "Music/new/c.flac");
    house.scan().await;
    assert_eq!(house.track("Ut").await.id, ut);
}

#[tokio::test]
async fn a_fresh_store_gives_the_same_ids() {
    let house = House::with(&["Music", "Other"]).await;
    two_of_each(&house);
    for file in ["Music/x.flac", "Music/y.flac", "Other/a.flac"] {
        house.put(file, flac(9), &tags("Guido", "Equal", 1, file));
    }
    house.scan().await;
    let before = house.tracks().await;
    let house = house.fresh().await;
    assert_eq!(house.scan().await.added, 21);
    assert_eq!(house.tracks().await, before);
}
