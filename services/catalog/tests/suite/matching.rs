//! Equal audio in several files: several tracks, and moves that never cross over.

use std::{collections::BTreeMap, fs, os::unix::ffi::OsStringExt};

use hexachord_contracts::{catalog::Locate, ids::TrackId};
use hexachord_fixtures::tag;

use crate::house::{House, flac, tags};

/// The same audio on three albums, on each as another track.
async fn three_albums() -> (House, [TrackId; 3]) {
    let house = House::with(&["Music"]).await;
    for (number, album) in ["Best of", "Live", "Rare"].into_iter().enumerate() {
        let number = u32::try_from(number).unwrap() + 1;
        let file = format!("Music/{album}/{number} silence.flac");
        house.put(&file, flac(5), &tags("Cage", album, number, &format!("Silence {number}")));
    }
    house.put("Music/other.flac", flac(6), &tags("Cage", "Other", 1, "Other"));
    house.scan().await;
    assert_eq!(house.tracks().await.len(), 4);
    let ids = [
        house.track("Silence 1").await.id,
        house.track("Silence 2").await.id,
        house.track("Silence 3").await.id,
    ];
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    (house, ids)
}

async fn assert_ids(house: &House, ids: [TrackId; 3]) {
    for (number, id) in ids.into_iter().enumerate() {
        assert_eq!(house.track(&format!("Silence {}", number + 1)).await.id, id);
    }
}

#[tokio::test]
async fn a_move_of_some_of_them_follows_the_tags() {
    let (house, ids) = three_albums().await;
    house.rename("Music/Best of/1 silence.flac", "Music/new/z.flac");
    house.rename("Music/Rare/3 silence.flac", "Music/new/a.flac");
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (2, 0, 0));
    assert_ids(&house, ids).await;
}

#[tokio::test]
async fn without_tags_they_follow_folder_and_name() {
    let house = House::with(&["Music"]).await;
    let files = ["a/1.flac", "b/2.flac", "c/3.flac"];
    for file in files {
        let path = house.path(&format!("Music/{file}"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        flac(5).write(path).unwrap();
    }
    house.scan().await;
    let mut before = house.tracks().await;
    for file in files {
        house.rename(&format!("Music/{file}"), &format!("Music/x/{file}"));
    }
    let state = house.scan().await;
    assert_eq!((state.moved, state.missing), (3, 0));
    let mut after = house.tracks().await;
    before.sort_by_key(|track| track.album.title.clone());
    after.sort_by_key(|track| track.album.title.clone());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!((before.id, &before.album.title), (after.id, &after.album.title));
    }
}

/// The same audio, tagged alike, in files of these names; their ids.
async fn alike(names: &[&str]) -> (House, Vec<TrackId>) {
    let house = House::with(&["Music"]).await;
    for name in names {
        house.put(&format!("Music/{name}"), flac(5), &tags("Cage", "Silence", 1, "Silence"));
    }
    house.put("Music/other.flac", flac(6), &tags("Cage", "Other", 1, "Other"));
    house.scan().await;
    let ids = ids_at(&house, names).await;
    (house, ids)
}

async fn ids_at(house: &House, names: &[&str]) -> Vec<TrackId> {
    let mut ids = BTreeMap::new();
    for track in house.tracks().await {
        let location = house.ask(|| Locate { track: track.id }).await;
        ids.insert(location.path, track.id);
    }
    let path = |name: &&str| house.path(&format!("Music/{name}")).into_os_string().into_vec();
    names.iter().map(|name| ids[&path(name)]).collect()
}

#[tokio::test]
async fn renamed_files_that_are_alike_stay_themselves() {
    let (house, ids) = alike(&["1.flac", "2.flac", "3.flac"]).await;
    for (from, to) in [("3", "4"), ("2", "3"), ("1", "2")] {
        house.rename(&format!("Music/{from}.flac"), &format!("Music/{to}.flac"));
    }
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (3, 0, 0));
    assert_eq!(ids_at(&house, &["2.flac", "3.flac", "4.flac"]).await, ids);
    for (from, to) in [("2", "a/z"), ("3", "b/y"), ("4", "c/x")] {
        house.rename(&format!("Music/{from}.flac"), &format!("Music/{to}.flac"));
    }
    house.scan().await;
    assert_eq!(ids_at(&house, &["a/z.flac", "b/y.flac", "c/x.flac"]).await, ids);
    house.rename("Music/a/z.flac", "Music/aside");
    house.rename("Music/c/x.flac", "Music/a/z.flac");
    house.rename("Music/aside", "Music/c/x.flac");
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (2, 0, 0));
    assert_eq!(ids_at(&house, &["c/x.flac", "b/y.flac", "a/z.flac"]).await, ids);
}

#[tokio::test]
async fn what_comes_back_to_its_place_is_what_it_was() {
    let (house, ids) = alike(&["1.flac", "2.flac"]).await;
    house.rename("Music/1.flac", "aside.flac");
    assert_eq!(house.scan().await.missing, 1);
    // At once with the loss of one that is like it, and was there for longer.
    house.rename("aside.flac", "Music/1.flac");
    house.remove("Music/2.flac");
    let state = house.scan().await;
    assert_eq!((state.updated, state.added, state.missing), (1, 0, 1));
    assert_eq!(ids_at(&house, &["1.flac"]).await, ids[..1]);
}

#[tokio::test]
async fn what_vanished_now_is_likelier_than_what_is_missing_for_long() {
    let (house, ids) = alike(&["a/1.flac", "b/2.flac"]).await;
    house.remove("Music/a/1.flac");
    assert_eq!(house.scan().await.missing, 1);
    // Over another disk, so it is another file for the file system.
    fs::create_dir(house.path("Music/c")).unwrap();
    fs::copy(house.path("Music/b/2.flac"), house.path("Music/c/3.flac")).unwrap();
    house.remove("Music/b/2.flac");
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (1, 0, 0));
    assert_eq!(ids_at(&house, &["c/3.flac"]).await, ids[1..]);
}

#[tokio::test]
async fn one_more_copy_is_a_new_track_and_takes_nothing() {
    let (house, ids) = three_albums().await;
    fs::copy(house.path("Music/Live/2 silence.flac"), house.path("Music/copy.flac")).unwrap();
    tag(house.path("Music/copy.flac"), &tags("Cage", "Copy", 9, "Copy")).unwrap();
    let state = house.scan().await;
    assert_eq!((state.added, state.moved), (1, 0));
    assert_ids(&house, ids).await;
}

#[tokio::test]
async fn one_that_is_gone_is_not_taken_for_another_that_stays() {
    let (house, ids) = three_albums().await;
    house.remove("Music/Live/2 silence.flac");
    assert_eq!(house.scan().await.missing, 1);
    assert_eq!(house.track("Silence 1").await.id, ids[0]);
    assert_eq!(house.track("Silence 3").await.id, ids[2]);
    // It comes back under another name, retagged, while another one moves.
    house.put("Music/Live again/x.flac", flac(5), &tags("Cage", "Live", 2, "Silence 2"));
    house.rename("Music/Rare/3 silence.flac", "Music/Live/2 silence.flac");
    let state = house.scan().await;
    assert_eq!((state.moved, state.added), (2, 0));
    assert_ids(&house, ids).await;
}

#[tokio::test]
async fn more_copies_than_lost_tracks_leave_the_rest_new() {
    let (house, ids) = three_albums().await;
    house.remove("Music/Live/2 silence.flac");
    house.put("Music/n/1.flac", flac(5), &tags("Cage", "Nothing", 1, "Stranger"));
    house.put("Music/n/2.flac", flac(5), &tags("Cage", "Live", 2, "Silence 2"));
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (1, 1, 0));
    assert_ids(&house, ids).await;
}

#[tokio::test]
async fn hundreds_of_equal_files_move_in_step() {
    let house = House::with(&["Music"]).await;
    let piece = flac(5).bytes();
    let write = |folder: &str| {
        for number in 0..350 {
            let path = house.path(&format!("Music/{folder}/{number:03}.flac"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &piece).unwrap();
        }
    };
    write("one");
    assert_eq!(house.scan().await.added, 350);
    let mut before = house.tracks().await;
    house.rename("Music/one", "Music/two");
    assert_eq!(house.scan().await.moved, 350);
    let mut after = house.tracks().await;
    before.sort_by_key(|track| track.title.clone());
    after.sort_by_key(|track| track.title.clone());
    assert!(before.iter().map(|track| track.id).eq(after.iter().map(|track| track.id)));
}
