//! Rows that are not of one album, and everybody's turn.

use hexachord_contracts::{
    Timestamp,
    catalog::ArtistRef,
    ids::{ArtistId, LibraryId},
};
use proptest::{prelude::*, test_runner::RngSeed};

use super::*;
use crate::store::TrackRow;

/// Tracks of these (album, artist), the first one best.
fn library(tracks: &[(u64, u64)]) -> (Library, Vec<Candidate>) {
    let mut library = Library::default();
    let mut candidates = Vec::new();
    for (place, (album, artist)) in tracks.iter().enumerate() {
        let id = TrackId(place as u64);
        let row = TrackRow {
            title: String::new(),
            artists: vec![ArtistRef { id: ArtistId(*artist), name: artist.to_string() }],
            album_artists: Vec::new(),
            album: AlbumId(*album),
            genres: Vec::new(),
            year: None,
            library: LibraryId(1),
            missing: false,
            added_at: Timestamp::default(),
        };
        library.put(id, &row);
        #[expect(clippy::cast_precision_loss, reason = "some dozens")]
        let score = -(place as f32);
        candidates.push(Candidate { score, id, slot: library.slot(id).unwrap() });
    }
    (library, candidates)
}

fn ids(tracks: &[(u64, u64)], limit: usize) -> Vec<u64> {
    let (library, candidates) = library(tracks);
    let chosen = spread(best_first(candidates), &library, FOR_YOU, limit);
    chosen.iter().map(|one| one.id.0).collect()
}

#[test]
fn two_of_an_album_and_three_of_an_artist() {
    let tracks = [(1, 1), (1, 1), (1, 1), (2, 1), (3, 1), (4, 2)];
    assert_eq!(ids(&tracks, 4), [0, 1, 3, 5]);
    // Nothing else is left: those that were passed over come all the same.
    assert_eq!(ids(&tracks, 10), [0, 1, 3, 5, 2, 4]);
}

#[test]
fn a_library_of_one_album_is_answered_whole() {
    let (library, candidates) = library(&[(1, 1); 50]);
    let chosen = spread(best_first(candidates), &library, FOR_YOU, 500);
    assert_eq!(chosen.len(), 50);
}

#[test]
fn equal_scores_go_by_id() {
    let (library, mut candidates) = library(&[(1, 1), (2, 2), (3, 3)]);
    for one in &mut candidates {
        one.score = 1.0;
    }
    candidates.reverse();
    let chosen = spread(best_first(candidates), &library, FOR_YOU, 2);
    assert_eq!(chosen.iter().map(|one| one.id.0).collect::<Vec<_>>(), [0, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    /// Nobody comes twice or is forgotten, scores never rise, and rows keep to their limits as
    /// long as there is a choice.
    #[test]
    fn everybody_comes_once(
        tracks in prop::collection::vec((0_u64..6, 0_u64..4), 0..80),
        limit in 1_usize..100,
    ) {
        let (library, candidates) = library(&tracks);
        let chosen = spread(best_first(candidates), &library, FOR_YOU, limit);
        prop_assert_eq!(chosen.len(), limit.min(tracks.len()));
        let mut ids: Vec<u64> = chosen.iter().map(|one| one.id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), chosen.len());
        prop_assert!(chosen.is_sorted_by(|one, next| next.score <= one.score));
        let mut albums: HashMap<u64, u32> = HashMap::new();
        for one in chosen.iter().take(2) {
            let of_album = albums.entry(library.album(one.slot).0).or_default();
            *of_album += 1;
            prop_assert!(*of_album <= 2);
        }
    }
}
