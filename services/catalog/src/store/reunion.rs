//! A move over a copy: `mv` to another disk, or a file manager, leaves the old file for a while.
//!
//! A scan in between takes the copy for one more track. When the old file goes, the copy becomes
//! the track that it was copied from, with all that listeners did with either.

use std::time::Duration;

use hexachord_contracts::ids::TrackId;
use hexachord_storage::StoreError;

use super::{
    Apply, Became, FileRow, FileState, TrackRow, apply::tracks_with, record, record_at,
    rows::LyricsRow,
};

/// A copy that was there for longer is a track of its own.
const LONGEST_COPY: Duration = Duration::from_hours(24);

impl Apply<'_> {
    /// Gives the track, if this scan has lost it, the file of its only young copy.
    pub(crate) fn reunite(&mut self, lost: TrackId) -> Result<(), StoreError> {
        // Edits of one of them make no difference.
        let row = self.tagged_row(lost)?.filter(|row| row.missing_since == Some(self.now));
        let Some(row) = row else { return Ok(()) };
        if self.is_there(lost, &row)? {
            return Ok(());
        }
        let mut copies = Vec::new();
        for track in tracks_with(&self.tables.audio, row.fingerprint)? {
            let copy = self.tagged_row(track)?.filter(|copy| self.is_young_copy(copy, &row));
            copies.extend(copy.map(|copy| (track, copy)));
        }
        // Of several copies nobody knows which one it is.
        match copies.as_slice() {
            [(copy, row)] => self.become_one(*copy, row, lost),
            _ => Ok(()),
        }
    }

    fn tagged_row(&self, id: TrackId) -> Result<Option<TrackRow>, StoreError> {
        self.track(id)?.map(|shown| self.as_tagged(id, shown)).transpose()
    }

    /// Is its file at its place, and only cannot be read now?
    fn is_there(&self, lost: TrackId, row: &TrackRow) -> Result<bool, StoreError> {
        let file: Option<FileRow> = record_at(&self.tables.files, &row.file_key())?;
        Ok(file.is_some_and(|file| file.state == FileState::Unreadable { was: Some(lost) }))
    }

    fn is_young_copy(&self, copy: &TrackRow, of: &TrackRow) -> bool {
        copy.missing_since.is_none()
            && copy.added_at > of.added_at
            && self.now.since(copy.added_at) <= LONGEST_COPY
            && copy.album == of.album
            && copy.title == of.title
            && copy.artists == of.artists
            && copy.disc_number == of.disc_number
            && copy.track_number == of.track_number
    }

    fn become_one(
        &mut self,
        copy: TrackId,
        tagged: &TrackRow,
        to: TrackId,
    ) -> Result<(), StoreError> {
        let key = tagged.file_key();
        let file: Option<FileRow> = record_at(&self.tables.files, &key)?;
        let Some(file) = file else { return Ok(()) };
        self.pass_edit_on(copy, to)?;
        let lyrics: Option<LyricsRow> = record(&self.tables.lyrics, copy.0)?;
        let lyrics = lyrics.map(|row| row.lyrics).unwrap_or_default();
        // The copy loses its file to the track, and is missing for so long.
        self.put_track(to, file.stat, tagged, &lyrics)?;
        self.missing.remove(&copy);
        self.forget(copy)?;
        self.changes.became(Became { from: copy, to, since: tagged.added_at });
        Ok(())
    }
}
