//! Tracks that are missing are in no list: where each was last, and whose it is.

use std::collections::HashMap;

use hexachord_contracts::ids::{ArtistId, LibraryId, TrackId};
use hexachord_storage::StoreError;
use redb::{ReadOnlyTable, ReadTransaction, ReadableTable};

use super::Candidate;
use crate::{
    browse::viewer::Viewer,
    store::{AUDIO, TrackRow, last_id, record},
};

/// Where a key of the audio says that its track is missing: behind the fingerprint.
const MARK: usize = 16;

#[derive(Default)]
pub(super) struct Missing {
    at: HashMap<(LibraryId, Vec<u8>), Vec<TrackId>>,
    of_artist: HashMap<ArtistId, Vec<Candidate>>,
}

impl Missing {
    pub(super) fn read(
        read: &ReadTransaction,
        tracks: &ReadOnlyTable<u64, &'static [u8]>,
        viewer: &Viewer,
    ) -> Result<Self, StoreError> {
        let mut missing = Self::default();
        for entry in read.open_table(AUDIO)?.iter()? {
            let (key, _) = entry?;
            if key.value().get(MARK) != Some(&1) {
                continue;
            }
            let id = TrackId(last_id(key.value()));
            let row: Option<TrackRow> = record(tracks, id.0)?;
            if let Some(row) = row.filter(|row| viewer.sees(row.library)) {
                missing.add(id, row);
            }
        }
        Ok(missing)
    }

    fn add(&mut self, id: TrackId, row: TrackRow) {
        let candidate = Candidate::new(id, &row);
        for artist in row.credits() {
            self.of_artist.entry(artist.id).or_default().push(candidate.clone());
        }
        // Other programs know a file that is cut as one track.
        if row.part.is_none() {
            self.at.entry((row.library, row.path)).or_default().push(id);
        }
    }

    pub(super) fn at(&self, libraries: &[LibraryId], path: &[u8]) -> Vec<TrackId> {
        let at = |library: &LibraryId| self.at.get(&(*library, path.to_vec()));
        libraries.iter().filter_map(at).flatten().copied().collect()
    }

    pub(super) fn of_artist(&self, artist: ArtistId) -> Vec<Candidate> {
        self.of_artist.get(&artist).cloned().unwrap_or_default()
    }
}
