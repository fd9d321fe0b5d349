//! One transaction of a scan: files, tracks and pictures as they are put or taken away.

mod pictures;

use std::collections::HashSet;

use hexachord_audio::Fingerprint;
use hexachord_contracts::{
    Timestamp,
    catalog::Lyrics,
    ids::{LibraryId, TrackId},
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadableTable, WriteTransaction};

use super::{
    Tables,
    changes::Changes,
    keys::{self, audio_key, file_key},
    pictures::UnseenRow,
    record, record_at,
    rows::{FileRow, FileState, LyricsRow, Stat, TrackRow, UnreadableRow},
};
use crate::read::PictureId;
pub(crate) use pictures::PicturePlace;

/// What became of a track that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Added,
    /// At another place than before.
    Moved,
    Updated,
    Same,
}

/// Keeps one rule: a track that is not missing has a file, and that file names the track.
pub(crate) struct Apply<'t> {
    write: &'t WriteTransaction,
    pub(super) tables: Tables<'t>,
    pub(super) changes: Changes,
    /// Tracks that lost their file and were not put again.
    pub(super) missing: HashSet<TrackId>,
    /// Tracks that lost theirs earlier in this scan, and have one again.
    found_again: u64,
    /// Pictures that it is clear of whether somebody has to look at them.
    wanted_looks: HashSet<PictureId>,
    pub(super) now: Timestamp,
}

impl<'t> Apply<'t> {
    pub(crate) fn new(write: &'t WriteTransaction, now: Timestamp) -> Result<Self, StoreError> {
        let tables = Tables::open(write)?;
        let (changes, missing, wanted_looks) = (Changes::default(), HashSet::new(), HashSet::new());
        Ok(Self { write, tables, changes, missing, wanted_looks, found_again: 0, now })
    }

    pub(crate) fn track(&self, id: TrackId) -> Result<Option<TrackRow>, StoreError> {
        record(&self.tables.tracks, id.0)
    }

    /// Of the file that was last seen at this place.
    pub(crate) fn inode(
        &self,
        library: LibraryId,
        place: &[u8],
    ) -> Result<Option<u64>, StoreError> {
        let file: Option<FileRow> = record_at(&self.tables.files, &file_key(library, place))?;
        Ok(file.map(|file| file.stat.inode))
    }

    /// Has a track this audio (and is missing)?
    pub(crate) fn knows(&self, audio: Fingerprint, missing: bool) -> Result<bool, StoreError> {
        let first = audio_key(audio, missing, TrackId(0));
        let last = audio_key(audio, true, TrackId(u64::MAX));
        Ok(self.tables.audio.range(&first[..]..=&last[..])?.next().transpose()?.is_some())
    }

    /// `id`, or the next one that no track has.
    pub(crate) fn free_id(&self, id: TrackId) -> Result<TrackId, StoreError> {
        let mut free = id;
        while self.tables.tracks.get(free.0)?.is_some() {
            free = TrackId(free.0.wrapping_add(1));
        }
        Ok(free)
    }

    /// The file described by `stat`, `row` (its library, path, audio and tags, without edits) and
    /// `lyrics` is the track `id`.
    pub(crate) fn put_track(
        &mut self,
        id: TrackId,
        stat: Stat,
        row: &TrackRow,
        lyrics: &[Lyrics],
    ) -> Result<Written, StoreError> {
        let old = self.track(id)?;
        let lost_now = old.as_ref().is_some_and(|old| old.missing_since == Some(self.now));
        self.found_again += u64::from(!self.missing.remove(&id) && lost_now);
        let mut new = self.with_edits(id, row.clone())?;
        new.missing_since = None;
        new.added_at = old.as_ref().map_or(self.now, |old| old.added_at);
        // To compare everything else.
        new.modified_at = old.as_ref().map_or(self.now, |old| old.modified_at);
        self.put_file(id, stat, row, old.as_ref())?;
        if let Some(picture) = row.picture {
            self.want_look(picture, || UnseenRow::Embedded(row.library, row.path.clone()))?;
        }
        let written = match &old {
            None => Written::Added,
            Some(old) if *old == new => return Ok(Written::Same),
            Some(old) if old.file_key() != new.file_key() => Written::Moved,
            Some(_) => Written::Updated,
        };
        new.modified_at = self.now;
        if old.as_ref().and_then(|old| old.lyrics) != new.lyrics {
            self.put_lyrics(id, lyrics)?;
        }
        self.put_row(id, old.as_ref(), &new)?;
        Ok(written)
    }

    fn put_lyrics(&mut self, id: TrackId, lyrics: &[Lyrics]) -> Result<(), StoreError> {
        if lyrics.is_empty() {
            self.tables.lyrics.remove(id.0)?;
        } else {
            let row = LyricsRow { lyrics: lyrics.to_vec() };
            self.tables.lyrics.insert(id.0, row.to_bytes()?.as_slice())?;
        }
        Ok(())
    }

    fn put_file(
        &mut self,
        id: TrackId,
        stat: Stat,
        row: &TrackRow,
        old: Option<&TrackRow>,
    ) -> Result<(), StoreError> {
        let key = row.file_key();
        if let Some(left) = old.map(TrackRow::file_key).filter(|left| *left != key) {
            let there: Option<FileRow> = record_at(&self.tables.files, &left)?;
            let is_its = |file: FileRow| matches!(file.state, FileState::Plays(of, _) if of == id);
            if there.is_some_and(is_its) {
                self.tables.files.remove(left.as_slice())?;
            }
        }
        let before: Option<FileRow> = record_at(&self.tables.files, &key)?;
        match before.map(|file| file.state) {
            Some(FileState::Plays(other, _)) if other != id => self.set_missing(other)?,
            Some(FileState::Unreadable { .. }) => {
                self.tables.unreadable.remove(key.as_slice())?;
            }
            _ => {}
        }
        let file = FileRow { stat, state: FileState::Plays(id, row.fingerprint) };
        if before != Some(file) {
            self.tables.files.insert(key.as_slice(), file.to_bytes()?.as_slice())?;
        }
        Ok(())
    }

    pub(super) fn put_row(
        &mut self,
        id: TrackId,
        old: Option<&TrackRow>,
        new: &TrackRow,
    ) -> Result<(), StoreError> {
        let key = |row: &TrackRow| audio_key(row.fingerprint, row.missing_since.is_some(), id);
        let (before, after) = (old.map(key), key(new));
        if let Some(before) = before.filter(|before| *before != after) {
            self.tables.audio.remove(&before[..])?;
        }
        if before != Some(after) {
            self.tables.audio.insert(&after[..], &[][..])?;
        }
        self.tables.tracks.insert(id.0, new.to_bytes()?.as_slice())?;
        if let Some(old) = old.filter(|old| old.audio_key() != new.audio_key()) {
            self.drop_measured(old)?;
        }
        self.tell_features(id, old, new)?;
        self.changes.track(id, old, new);
        Ok(())
    }

    fn set_missing(&mut self, id: TrackId) -> Result<(), StoreError> {
        let old = self.track(id)?.filter(|old| old.missing_since.is_none());
        if let Some(old) = old {
            self.missing.insert(id);
            let new = TrackRow { missing_since: Some(self.now), ..old.clone() };
            self.put_row(id, Some(&old), &new)?;
        }
        Ok(())
    }

    /// The file is there but cannot be read; a track that it was is missing. True when it is listed:
    /// its parts, each of which is told of as well, are not.
    pub(crate) fn put_unreadable(
        &mut self,
        (library, place): (LibraryId, &[u8]),
        stat: Stat,
        reason: &str,
    ) -> Result<bool, StoreError> {
        let key = file_key(library, place);
        let before: Option<FileRow> = record_at(&self.tables.files, &key)?;
        let was = match before.map(|file| file.state) {
            Some(FileState::Plays(track, _)) => {
                self.set_missing(track)?;
                Some(track)
            }
            Some(FileState::Unreadable { was }) => was,
            None => None,
        };
        let file = FileRow { stat, state: FileState::Unreadable { was } };
        if before != Some(file) {
            self.tables.files.insert(key.as_slice(), file.to_bytes()?.as_slice())?;
        }
        if keys::path_and_part(place).1.is_some() {
            return Ok(false);
        }
        let listed: Option<UnreadableRow> = record_at(&self.tables.unreadable, &key)?;
        if before == Some(file) && listed.is_some_and(|listed| listed.reason == reason) {
            return Ok(true);
        }
        let row = UnreadableRow { reason: reason.to_owned(), seen_at: self.now };
        self.tables.unreadable.insert(key.as_slice(), row.to_bytes()?.as_slice())?;
        Ok(true)
    }

    /// What was at this place is gone: its track is missing.
    pub(crate) fn remove_file(
        &mut self,
        library: LibraryId,
        place: &[u8],
    ) -> Result<(), StoreError> {
        let key = file_key(library, place);
        let file: Option<FileRow> = record_at(&self.tables.files, &key)?;
        let Some(file) = file else { return Ok(()) };
        self.tables.files.remove(key.as_slice())?;
        match file.state {
            FileState::Plays(track, _) => self.set_missing(track)?,
            FileState::Unreadable { .. } => {
                self.tables.unreadable.remove(key.as_slice())?;
            }
        }
        Ok(())
    }

    /// Tracks that were put and that this scan had called missing before: files may have changed
    /// their names in a circle.
    pub(crate) fn found_again(&self) -> u64 {
        self.found_again
    }

    /// Writes what follows from all this; how many tracks are missing now that were not.
    pub(crate) fn finish(mut self) -> Result<u64, StoreError> {
        self.changes.finish(self.write, &mut self.tables)?;
        Ok(self.missing.len() as u64)
    }
}

/// All tracks with this audio, missing ones too.
pub(crate) fn tracks_with(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    audio: Fingerprint,
) -> Result<Vec<TrackId>, StoreError> {
    let (first, last) =
        (audio_key(audio, false, TrackId(0)), audio_key(audio, true, TrackId(u64::MAX)));
    let mut tracks = Vec::new();
    for entry in table.range(&first[..]..=&last[..])? {
        tracks.push(TrackId(keys::last_id(entry?.0.value())));
    }
    Ok(tracks)
}
