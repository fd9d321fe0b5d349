//! The index is derived: whatever happens to it, it is built anew and answers the same.

use std::{fs, io::Write, path::PathBuf, sync::atomic::Ordering};

use hexachord_contracts::{
    Caller, Context,
    ids::{AccountId, TrackId},
    item::ItemId,
    profile::{Annotation, ProfileChange},
    search::{Find, Found},
};

use serde_json::Value;

use crate::{
    house::{House, as_caller, until},
    music::{HOME, STUDIO, album, artist, playlist, titled},
};

const QUERIES: [&str; 7] = ["s", "song", "song 12", "sing", "album", "artist", "mix"];

async fn house() -> House {
    let mut catalog: Vec<_> = (0..150).map(|n| titled(n, &format!("Song {n}"))).collect();
    catalog.extend((0..30).map(|n| album(n, &[(HOME, "Album One"), (STUDIO, "Album Two")], "A")));
    catalog.extend((0..30).map(|n| artist(n, &[HOME], &format!("Artist {n}"), "")));
    let playlists: Vec<_> = (0..30).map(|n| playlist(n, n, true, &format!("Mix {n}"))).collect();
    House::with_playlists(catalog, playlists).await
}

fn system() -> Context {
    as_caller(Caller::System)
}

fn find(query: &str) -> Find {
    Find { query: query.to_owned(), limit: Find::USUAL, ..Find::default() }
}

async fn answers(house: &House) -> (u64, Vec<Found>) {
    let mut answers = Vec::new();
    for query in QUERIES {
        answers.push(house.find(query).await);
    }
    (house.index().await.documents, answers)
}

/// A file of the index, that is not hidden.
fn file(house: &House, extension: &str) -> PathBuf {
    let entries = fs::read_dir(&house.folder).expect("it is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let is_one = |path: &PathBuf| {
        path.extension().is_some_and(|found| found == extension)
            && !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
    };
    paths.filter(is_one).min().expect("every index has one")
}

/// Waits until nothing writes to the index.
async fn quiet(house: &House) {
    house.settled().await;
    until(async || {
        let lock = fs::File::open(house.folder.join(".tantivy-writer.lock"));
        lock.is_ok_and(|lock| lock.try_lock().is_ok())
    })
    .await;
}

/// At once, whoever has it open.
fn vanish(house: &House) {
    let elsewhere = house.folder.with_extension("gone");
    fs::rename(&house.folder, &elsewhere).expect("it is there");
    fs::remove_dir_all(elsewhere).expect("nothing writes to it");
}

fn flip(path: &PathBuf, place: usize, bit: u8) {
    let mut bytes = fs::read(path).expect("it is there");
    let place = place % bytes.len();
    bytes[place] ^= 1 << bit;
    // A file of its own: what is mapped is not changed under whoever reads it.
    fs::remove_file(path).expect("it may be removed");
    fs::write(path, bytes).expect("there is room");
}

fn meta(house: &House) -> Value {
    let meta = fs::read(house.folder.join("meta.json")).expect("it is there");
    serde_json::from_slice(&meta).expect("it is JSON")
}

fn become_another_version(house: &House) {
    let mut meta = meta(house);
    let payload = meta["payload"].as_str().and_then(|payload| {
        let (committed, _) = payload.split_once(",\"checksum\"")?;
        committed.strip_prefix("{\"committed\":")
    });
    let committed = payload.expect("a commit says what it is");
    let other = committed.replace("\"version\":2", "\"version\":1");
    assert_ne!(committed, other);
    // FNV-1a, as the index checks it.
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let checksum = other.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    meta["payload"] = format!("{{\"committed\":{other},\"checksum\":{checksum}}}").into();
    fs::write(house.folder.join("meta.json"), meta.to_string()).expect("there is room");
}

#[tokio::test]
async fn a_damaged_index_is_built_anew() {
    type Damage = fn(&House);
    let damages: [(&str, Damage); 8] = [
        ("no folder", |house| fs::remove_dir_all(&house.folder).unwrap()),
        ("no meta.json", |house| fs::remove_file(house.folder.join("meta.json")).unwrap()),
        ("empty meta.json", |house| fs::write(house.folder.join("meta.json"), "").unwrap()),
        ("half meta.json", |house| {
            let path = house.folder.join("meta.json");
            let text = fs::read(&path).unwrap();
            fs::write(path, &text[..text.len() / 2]).unwrap();
        }),
        ("other version", become_another_version),
        ("a file is missing", |house| {
            fs::remove_file(file(house, "term")).unwrap();
        }),
        ("a file is shorter", |house| {
            let path = file(house, "fast");
            let bytes = fs::read(&path).unwrap();
            fs::write(path, &bytes[..bytes.len() - 10]).unwrap();
        }),
        ("an index of other fields", |house| {
            fs::remove_dir_all(&house.folder).unwrap();
            fs::create_dir(&house.folder).unwrap();
            let mut schema = tantivy::schema::Schema::builder();
            schema.add_u64_field("other", tantivy::schema::FAST);
            tantivy::Index::create_in_dir(&house.folder, schema.build()).unwrap();
        }),
    ];
    let mut house = house().await;
    let expected = answers(&house).await;
    for (what, damage) in damages {
        let snapshots = house.catalog.snapshots.load(Ordering::Relaxed);
        house = house.restarted(damage).await;
        assert_eq!(answers(&house).await, expected, "{what}");
        // There is a complete one.
        until(async || !house.folder.join("set-aside").exists()).await;
        assert_eq!(house.catalog.snapshots.load(Ordering::Relaxed), snapshots + 1, "{what}");
    }
}

/// Of a later version than this one, or of an earlier one that this program does not know.
fn have_another_field(house: &House) {
    become_another_version(house);
    edit_fields(house, |fields| {
        let mut another =
            fields.iter().find(|field| field["name"] == "genre").expect("it has genres").clone();
        another["name"] = "weather".into();
        fields.push(another);
    });
}

/// As a version would that knew nothing of lyrics: what it has of them has no name today.
fn lack_a_field(house: &House) {
    become_another_version(house);
    edit_fields(house, |fields| {
        let lyrics =
            fields.iter_mut().find(|field| field["name"] == "lyrics").expect("it has lyrics");
        lyrics["name"] = "sung".into();
    });
}

fn edit_fields(house: &House, edit: impl FnOnce(&mut Vec<Value>)) {
    let mut meta = meta(house);
    edit(meta["schema"].as_array_mut().expect("it lists its fields"));
    fs::write(house.folder.join("meta.json"), meta.to_string()).expect("there is room");
}

#[tokio::test]
async fn the_index_of_another_version_answers_until_the_new_one_is_complete() {
    answers_until_the_new_one_is_complete(become_another_version).await;
}

#[tokio::test]
async fn so_does_one_that_has_another_field() {
    answers_until_the_new_one_is_complete(have_another_field).await;
}

#[tokio::test]
async fn so_does_one_that_lacks_a_field() {
    answers_until_the_new_one_is_complete(lack_a_field).await;
}

async fn answers_until_the_new_one_is_complete(become_other: fn(&House)) {
    // So many are committed in pieces.
    let house = House::new((0..5600).map(|n| titled(n, &format!("Song {n}")))).await;
    house.catalog.pause_after(5);
    let house = house.begun_again(become_other).await;
    let asked_and_kept = async |house: &House| {
        let index = house.index().await;
        assert_eq!((index.documents, index.catalog), (5600, None));
        for found in ["song 17", "song 4242", "song 5599"] {
            assert_eq!(house.tracks(found).await[0].to_string(), found[5..]);
        }
    };
    asked_and_kept(&house).await;
    // What is committed of the new one is not shown either.
    until(async || meta(&house)["segments"].as_array().is_some_and(|it| !it.is_empty())).await;
    asked_and_kept(&house).await;
    // A kill changes nothing of that.
    let killed = house.killed().await;
    asked_and_kept(&killed).await;
    house.catalog.tell_on();
    for house in [house, killed] {
        house.settled().await;
        assert_eq!(house.index().await.documents, 5600);
        assert_eq!(house.tracks("song 4242").await[0], 4242);
        until(async || !house.folder.join("set-aside").exists()).await;
    }
}

#[tokio::test]
async fn no_flipped_bit_is_believed() {
    let mut house = house().await;
    let expected = answers(&house).await;
    for extension in ["json", "term", "idx", "fast", "store"] {
        for (step, bit) in (0..6).zip([0, 3, 6, 1, 5, 2]) {
            house = house
                .restarted(|house| {
                    flip(&file(house, extension), step * 97 + 13, bit);
                })
                .await;
            assert_eq!(answers(&house).await, expected, "{extension} {step}");
        }
    }
}

#[tokio::test]
async fn a_folder_that_vanishes_while_running() {
    let house = house().await;
    let expected = answers(&house).await;
    let times_told = || house.catalog.snapshots.load(Ordering::Relaxed);
    let mut before = times_told();
    // A query notices.
    quiet(&house).await;
    vanish(&house);
    let found = house.ways[0].client.call(&system(), find("song 12")).await;
    assert_eq!(found.unwrap(), expected.1[2], "what is open is still searched");
    until(async || times_told() > before).await;
    house.settled().await;
    before = times_told();
    assert_eq!(answers(&house).await, expected);
    // A change notices, and is not lost.
    quiet(&house).await;
    vanish(&house);
    house.catalog.tell([titled(1000, "Something New")]);
    until(async || times_told() > before).await;
    house.settled().await;
    before = times_told();
    assert_eq!(house.tracks("something").await, [1000]);
    assert_eq!(house.index().await.documents, expected.0 + 1);
    assert_eq!(house.find("artist").await, expected.1[5]);
    // The files vanish, the folder stays.
    quiet(&house).await;
    for entry in fs::read_dir(&house.folder).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    house.profile.tell([playlist(1000, 1, true, "Something Listed")]);
    until(async || times_told() > before).await;
    house.settled().await;
    assert_eq!(house.find("something").await.playlists.len(), 1);
    assert_eq!(house.index().await.documents, expected.0 + 2);
}

#[tokio::test]
async fn a_restored_store_is_told_anew_and_nothing_vanishes_meanwhile() {
    // So many are committed in pieces.
    let house = House::new((0..5600).map(|n| titled(n, &format!("Song {n}")))).await;
    // What is in both is found all the time; what is only in the old one is gone in the end.
    house.catalog.restore((100..5700).map(|n| titled(n, &format!("Song {n}"))));
    until(async || {
        assert_eq!(house.tracks("song 650").await[0], 650);
        house.index().await.catalog == Some(house.catalog.head())
    })
    .await;
    assert_eq!(house.index().await.documents, 5600);
    assert_eq!(house.tracks("song 99").await[0], 990);
    assert_eq!(house.tracks("song 5699").await, [5699]);
    // A cursor that is ahead of its store is of another time too.
    house.catalog.restore([titled(1, "Only This")]);
    house.settled().await;
    assert_eq!(house.index().await.documents, 1);
    assert_eq!(house.tracks("only this").await, [1]);
}

#[tokio::test]
async fn a_kill_while_all_is_told_anew_keeps_what_is_found() {
    let songs = |from: u64| (from..from + 5600).map(|n| titled(n, &format!("Song {n}")));
    let house = House::new(songs(0)).await;
    house.catalog.restore(songs(100));
    until(async || house.index().await.catalog.is_none()).await;
    let killed = house.killed().await;
    killed.settled().await;
    assert_eq!(killed.index().await.documents, 5600);
    assert_eq!(killed.tracks("song 99").await[0], 990);
    assert_eq!(killed.tracks("song 5699").await, [5699]);
}

#[tokio::test]
async fn playlists_stay_while_the_catalog_is_told_anew() {
    let house = House::with_playlists([titled(1, "One")], [playlist(1, 1, true, "Mix")]).await;
    house.catalog.restore([titled(2, "Two")]);
    house.settled().await;
    house.profile.tell([playlist(2, 1, true, "Mix again")]);
    house.settled().await;
    assert_eq!(house.find("mix").await.playlists.len(), 2);
    house.profile.restore([playlist(3, 1, true, "Mix of a restored store")]);
    house.settled().await;
    assert_eq!(house.find("mix").await.playlists.len(), 1);
    assert_eq!(house.tracks("two").await, [2]);
}

#[tokio::test]
async fn damage_that_a_merge_finds_is_mended() {
    let house = house().await;
    let expected = answers(&house).await;
    quiet(&house).await;
    // In the very file that is open, of which no query asks.
    let stored = file(&house, "store");
    let length = fs::metadata(&stored).unwrap().len();
    let mut file = fs::OpenOptions::new().write(true).open(stored).unwrap();
    file.write_all(&vec![0xA5; usize::try_from(length / 2).unwrap()]).unwrap();
    assert_eq!(answers(&house).await, expected);
    let times_told = || house.catalog.snapshots.load(Ordering::Relaxed);
    let before = times_told();
    // As many segments of like size are merged.
    for number in 1000..1004 {
        house.tell([titled(number, "Something Else")]).await;
    }
    until(async || times_told() > before).await;
    house.settled().await;
    assert_eq!(house.tracks("something").await, [1000, 1001, 1002, 1003]);
    for (query, expected) in QUERIES.iter().zip(expected.1).skip(2) {
        assert_eq!(house.find(query).await, expected, "{query}");
    }
    assert_eq!(house.suggest(Caller::System, "song 149").await[0].text, "Song 149");
}

#[tokio::test]
async fn a_merge_takes_no_cursor_back() {
    let house = House::new([]).await;
    // As many segments of like size are merged.
    for number in 0..4 {
        house.tell([titled(number, "Song")]).await;
    }
    // Nothing to search: only the cursor moves, and is not committed.
    let annotation = Annotation::none(ItemId::Track(TrackId(1)));
    house.profile.tell([ProfileChange::Annotation { account: AccountId(1), annotation }]);
    quiet(&house).await;
    assert_eq!(house.index().await.profile, Some(house.profile.head()));
    assert_eq!(house.tracks("song").await.len(), 4);
}

#[tokio::test]
async fn a_kill_at_any_moment_loses_nothing_and_doubles_nothing() {
    // Between the commit of the store and that of the index, and while segments are merged.
    let house = House::new([]).await;
    for round in 0..8 {
        let songs = (0..700).map(|n| titled(100 * round + n, &format!("Song {round} of {n}")));
        house.catalog.tell(songs);
        let killed = house.killed().await;
        killed.settled().await;
        assert_eq!(killed.index().await.documents, 100 * round + 700, "round {round}");
        house.settled().await;
        for query in ["song", "song 7 of 42", "sogn 0 of"] {
            assert_eq!(killed.find(query).await, house.find(query).await, "{query} in {round}");
        }
    }
}
