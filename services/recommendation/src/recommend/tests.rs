//! The order of many tracks.

use std::time::Duration;

use hexachord_contracts::{
    Caller, Context, LibraryAccess, RequestId, Role,
    ids::{AlbumId, LibraryId, TrackId},
};

use super::*;
use crate::store::TrackRow;

#[test]
fn many_are_ranked_as_if_they_were_sorted_at_once() {
    let row = TrackRow {
        title: String::new(),
        artists: Vec::new(),
        album_artists: Vec::new(),
        album: AlbumId(1),
        genres: Vec::new(),
        year: None,
        library: LibraryId(1),
        missing: false,
        added_at: Timestamp::default(),
    };
    let mut memory = Memory::default();
    let many = u64::try_from(LARGE).unwrap() + 5_000;
    for id in 0..many {
        // One in three cannot be heard.
        memory.library.put(TrackId(id), &TrackRow { missing: id % 3 == 0, ..row.clone() });
    }
    let id = AccountId(1);
    let caller = Caller::Account { id, role: Role::Listener, libraries: LibraryAccess::All };
    let context = Context::new(RequestId(1), caller, Duration::from_secs(1));
    let viewer = Viewer::of(&context).unwrap();
    let history = History::default();
    let question = Question::new(&memory, &viewer, &history, Timestamp::default());
    // Of some thousand values; all of them the same; the best of them hard to find in a sample.
    let orders: [fn(usize) -> usize; 3] =
        [|slot| slot * 7_919 % 4_001, |_| 1, |slot| usize::from(slot % 977 == 1)];
    for order in orders {
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let scores: Vec<f32> = (0..question.open.len()).map(|slot| order(slot) as f32).collect();
        let mut sorted = question.candidates(&scores, |_| true);
        sorted.sort_unstable_by(|one, other| other.cmp(one));
        let ranked: Vec<Candidate> = question.ranked(&scores).collect();
        assert_eq!(ranked.len(), 10_000);
        assert!(ranked == sorted);
    }
}
