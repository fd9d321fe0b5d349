//! Columns against a plain map of the same tracks.

use std::collections::BTreeMap;

use hexachord_contracts::{Caller, Context, RequestId, catalog::ArtistRef, ids::ArtistId};
use proptest::{prelude::*, test_runner::RngSeed};

use super::*;

/// What happens to a library.
#[derive(Debug, Clone)]
enum Step {
    Put(u64, Vec<u64>, Vec<u8>),
    Remove(u64),
    RetainBelow(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let artists = prop::collection::vec(0_u64..6, 0..4);
    let genres = prop::collection::vec(0_u8..5, 0..4);
    let step = prop_oneof![
        6 => (0_u64..12, artists, genres).prop_map(|(id, artists, genres)| Step::Put(id, artists, genres)),
        2 => (0_u64..12).prop_map(Step::Remove),
        1 => (0_u64..12).prop_map(Step::RetainBelow),
    ];
    prop::collection::vec(step, 0..60)
}

fn row(title: &str, artists: &[u64], genres: &[u8]) -> TrackRow {
    let artist = |id: &u64| ArtistRef { id: ArtistId(*id), name: format!("artist {id}") };
    TrackRow {
        title: title.to_owned(),
        artists: artists.iter().map(artist).collect(),
        album_artists: Vec::new(),
        album: AlbumId(1),
        genres: genres.iter().map(|genre| format!("genre {genre}")).collect(),
        year: None,
        library: LibraryId(1),
        missing: false,
        added_at: Timestamp::default(),
    }
}

/// The tags of a slot by name.
fn names(library: &Library, slot: u32) -> Vec<String> {
    let name = |tag: &TagUse| library.tags.name(*tag).to_owned();
    library.tags_of(slot).iter().map(name).collect()
}

fn without_doubles(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn columns_hold_what_a_map_holds(steps in steps()) {
        let mut library = Library::default();
        let mut known: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        for (number, step) in steps.iter().enumerate() {
            match step {
                Step::Put(id, artists, genres) => {
                    library.put(TrackId(*id), &row(&number.to_string(), artists, genres));
                    let artists = artists.iter().map(|id| format!("artist {id}"));
                    let genres = genres.iter().map(|genre| format!("genre {genre}"));
                    known.insert(*id, without_doubles(artists.chain(genres)));
                }
                Step::Remove(id) => {
                    library.remove(TrackId(*id));
                    known.remove(id);
                }
                Step::RetainBelow(most) => {
                    library.retain(|id| id.0 < *most);
                    known.retain(|id, _| id < most);
                }
            }
            prop_assert_eq!(library.len(), known.len());
            for (id, tags) in &known {
                let slot = library.slot(TrackId(*id)).unwrap();
                prop_assert_eq!(library.id(slot), TrackId(*id));
                prop_assert_eq!(&names(&library, slot), tags);
            }
            prop_assert!(library.garbage <= library.flat.len() / 2);
            prop_assert!(library.ids.len() <= 12, "slots of tracks that have gone are used again");
        }
    }
}

#[test]
fn who_may_see_and_what_plays() {
    let mut library = Library::default();
    library.put(TrackId(1), &row("seen", &[], &[]));
    library.put(TrackId(2), &TrackRow { missing: true, ..row("missing", &[], &[]) });
    library.put(TrackId(3), &TrackRow { library: LibraryId(2), ..row("elsewhere", &[], &[]) });
    library.put(TrackId(4), &row("gone", &[], &[]));
    let slots = [1, 2, 3, 4].map(|id| library.slot(TrackId(id)).unwrap());
    library.remove(TrackId(4));
    let libraries = hexachord_contracts::LibraryAccess::Only([LibraryId(1)].into());
    let caller = Caller::Account {
        id: hexachord_contracts::ids::AccountId(1),
        role: hexachord_contracts::Role::Listener,
        libraries,
    };
    let context = Context::new(RequestId(1), caller, std::time::Duration::from_secs(1));
    let visible = library.visible_to(&Viewer::of(&context).unwrap());
    assert_eq!(slots.map(|slot| visible.sees(slot)), [true, true, false, false]);
    assert_eq!(slots.map(|slot| visible.plays(slot)), [true, false, false, false]);
}
