//! Whatever is edited, and in whatever order: a new store that has the edits before it scans the same
//! files shows the same.

use hexachord_contracts::{
    catalog::{AlbumEdit, EditOf, GenreEdit},
    ids::TrackId,
};
use hexachord_fixtures::{Tags, tag};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, RngSeed},
};

use super::{artist, edits, put, remove, shown};
use crate::house::{House, flac, tags};

const FILES: usize = 8;
const NAMES: [&str; 5] = ["Ada", "Ben", "Cleo", "Various Artists", "Ada & Ben"];
const GENRES: [&str; 3] = ["Jazz", "Rock", "Other"];

#[derive(Debug, Clone)]
enum Step {
    Artist {
        name: usize,
        becomes: Vec<usize>,
    },
    Genre {
        name: usize,
        becomes: Vec<usize>,
    },
    Album {
        tracks: Vec<usize>,
        edit: AlbumEdit,
    },
    /// Of the edits that stand.
    Remove(usize),
    Retag {
        file: usize,
        name: usize,
    },
    Lose(usize),
    Find(usize),
    Scan,
}

fn step() -> impl Strategy<Value = Step> {
    let names = || vec(0..NAMES.len(), 1..3);
    let edit = (
        prop::option::of(0..3_usize),
        prop::option::of(names()),
        prop::option::of(1990..1993),
        prop::option::of(prop_oneof![Just(String::new()), Just("Mono".to_owned())]),
        prop::option::of(any::<bool>()),
    );
    let edit = edit.prop_map(|(title, artists, year, version, compilation)| AlbumEdit {
        title: title.map(|title| format!("Album {title}")),
        artists: artists.map(|names| names.into_iter().map(|name| NAMES[name].into()).collect()),
        year,
        version,
        compilation,
        disc_number: Some(1),
        ..AlbumEdit::default()
    });
    prop_oneof![
        4 => (0..NAMES.len(), names()).prop_map(|(name, becomes)| Step::Artist { name, becomes }),
        2 => (0..GENRES.len(), vec(0..GENRES.len(), 0..3))
            .prop_map(|(name, becomes)| Step::Genre { name, becomes }),
        4 => (vec(0..FILES, 1..4), edit).prop_map(|(tracks, edit)| Step::Album { tracks, edit }),
        2 => (0..4_usize).prop_map(Step::Remove),
        1 => (0..FILES, 0..NAMES.len()).prop_map(|(file, name)| Step::Retag { file, name }),
        1 => (0..FILES).prop_map(Step::Lose),
        1 => (0..FILES).prop_map(Step::Find),
        2 => Just(Step::Scan),
    ]
}

fn tags_of(file: usize, name: usize) -> Tags {
    let number = u32::try_from(file).unwrap() + 1;
    let mut tags = tags(NAMES[name], &format!("Album {}", file % 3), number, &format!("{file}"));
    tags.genres = vec![GENRES[file % GENRES.len()].to_owned()];
    if file.is_multiple_of(3) {
        tags.album_artists = vec![NAMES[(name + 1) % NAMES.len()].to_owned()];
    }
    if file.is_multiple_of(4) {
        tags.artists.push(NAMES[(name + 2) % NAMES.len()].to_owned());
    }
    tags
}

fn place(file: usize) -> String {
    format!("Music/{}/{file}.flac", file % 2)
}

async fn take(house: &House, step: Step, ids: &[TrackId]) {
    let named = |becomes: &[usize], names: &[&str]| {
        becomes.iter().map(|name| names[*name].to_owned()).collect::<Vec<_>>()
    };
    match step {
        Step::Artist { name, becomes } => {
            let becomes: Vec<&str> = becomes.iter().map(|name| NAMES[*name]).collect();
            put(house, vec![artist(NAMES[name], &becomes)]).await;
        }
        Step::Genre { name, becomes } => {
            let becomes = named(&becomes, &GENRES);
            let edit = GenreEdit { name: GENRES[name].to_owned(), becomes };
            put(house, vec![EditOf::Genre(edit)]).await;
        }
        Step::Album { tracks, edit } => {
            let tracks = tracks.into_iter().map(|track| ids[track]).collect();
            put(house, vec![EditOf::Album(AlbumEdit { tracks, ..edit })]).await;
        }
        Step::Remove(place) => {
            if let Some(edit) = edits(house).await.get(place) {
                remove(house, edit).await;
            }
        }
        Step::Retag { file, name } => {
            let path = house.path(&place(file));
            if path.exists() {
                tag(path, &tags_of(file, name)).unwrap();
            }
        }
        Step::Lose(file) => {
            if house.path(&place(file)).exists() {
                house.rename(&place(file), &format!("aside/{file}"));
            }
        }
        Step::Find(file) => {
            if house.path(&format!("aside/{file}")).exists() {
                house.rename(&format!("aside/{file}"), &place(file));
            }
        }
        Step::Scan => drop(house.scan().await),
    }
}

async fn after(steps: Vec<Step>) {
    let house = House::with(&["Music"]).await;
    for file in 0..FILES {
        house.put(&place(file), flac(file as u64), &tags_of(file, file % NAMES.len()));
    }
    // Never lost: a library that loses all of its files at once is left alone.
    house.put("Music/kept.flac", flac(99), &tags("Kept", "Kept", 1, "kept"));
    house.scan().await;
    let mut ids = Vec::new();
    for file in 0..FILES {
        ids.push(house.track(&format!("{file}")).await.id);
    }
    for step in steps {
        take(&house, step, &ids).await;
    }
    house.scan().await;
    let edited = shown(&house).await.timeless();
    let standing: Vec<EditOf> = edits(&house).await.into_iter().map(|edit| edit.edit).collect();

    let house = house.fresh().await;
    put(&house, standing).await;
    house.scan().await;
    assert_eq!(shown(&house).await.timeless(), edited);
}

proptest! {
    #![proptest_config(Config {
        cases: 24,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    })]

    #[test]
    fn edited_is_as_scanned_with_the_edits(steps in vec(step(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(after(steps));
    }
}
