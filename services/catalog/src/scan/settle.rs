//! Files whose track is clear as soon as they are read; the others are held until all are.

use std::{
    collections::{HashMap, HashSet},
    os::unix::ffi::OsStrExt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hexachord_audio::Fingerprint;
use hexachord_contracts::{
    catalog::Lyrics,
    ids::{LibraryId, TrackId},
};
use hexachord_storage::{Store, StoreError};

use super::{Now, compare::ToRead, reading::Read};
use crate::{
    identity::{copy_id, track_id},
    store::{Apply, FileState, Stat, TrackRow, Written, place},
};

/// A file that was read, or a part of one, and waits to be stored.
#[derive(Debug)]
pub(super) struct ReadFile {
    pub(super) library: LibraryId,
    pub(super) library_name: Arc<str>,
    pub(super) place: Vec<u8>,
    pub(super) stat: Stat,
    pub(super) was: Option<FileState>,
    pub(super) read: Result<Box<TrackRow>, String>,
    pub(super) lyrics: Vec<Lyrics>,
}

impl ReadFile {
    /// The whole file, or its parts.
    pub(super) fn all(file: &ToRead, library: &super::ScannedLibrary, read: Read) -> Vec<Self> {
        let path = file.relative.as_os_str().as_bytes();
        let one = |part: Option<u16>, read, lyrics| Self {
            library: library.id,
            library_name: Arc::clone(&library.name),
            place: place(path, part).into_owned(),
            stat: file.stat,
            was: file.was.iter().find(|before| before.part == part).map(|before| before.state),
            read,
            lyrics,
        };
        match read {
            Ok(tracks) => tracks
                .into_iter()
                .map(|(row, lyrics)| one(row.part.map(|part| part.number), Ok(row), lyrics))
                .collect(),
            Err(reason) => vec![one(None, Err(reason), Vec::new())],
        }
    }

    /// About how much memory its lyrics take.
    pub(super) fn lyrics_bytes(&self) -> usize {
        let lines = self.lyrics.iter().flat_map(|lyrics| &lyrics.lines);
        lines.map(|line| size_of_val(line) + line.text.len() + size_of_val(&*line.words)).sum()
    }

    /// The track that it was when it was read last.
    pub(super) fn track_before(&self) -> Option<TrackId> {
        match self.was {
            Some(FileState::Plays(track, _)) => Some(track),
            _ => None,
        }
    }

    /// The track that was last at this place, even if the file could not be read since.
    pub(super) fn predecessor(&self) -> Option<TrackId> {
        match self.was? {
            FileState::Plays(track, _) => Some(track),
            FileState::Unreadable { was } => was,
        }
    }
}

/// By their audio, tracks whose file may be elsewhere now.
type ByAudio = HashMap<Fingerprint, HashSet<TrackId>>;

/// What is unsettled changes only between transactions, so that a transaction may run again.
#[derive(Debug, Clone, Default)]
pub(super) struct Unsettled(Arc<Mutex<ByAudio>>);

impl Unsettled {
    pub(super) fn new(tracks: ByAudio) -> Self {
        Self(Arc::new(Mutex::new(tracks)))
    }

    pub(super) fn contains(&self, audio: Fingerprint, track: TrackId) -> bool {
        self.lock().get(&audio).is_some_and(|tracks| tracks.contains(&track))
    }

    fn any_but(&self, audio: Fingerprint, track: TrackId) -> bool {
        self.lock().get(&audio).is_some_and(|tracks| tracks.iter().any(|other| *other != track))
    }

    fn any_of(&self, audio: Fingerprint) -> bool {
        self.lock().get(&audio).is_some_and(|tracks| !tracks.is_empty())
    }

    pub(super) fn settle(&self, audio: Fingerprint, track: TrackId) {
        if let Some(tracks) = self.lock().get_mut(&audio) {
            tracks.remove(&track);
        }
    }

    /// Those that are not where they were.
    pub(super) fn rest(&self) -> Vec<TrackId> {
        self.lock().values().flatten().copied().collect()
    }

    fn lock(&self) -> MutexGuard<'_, ByAudio> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a transaction did.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) added: u64,
    pub(super) updated: u64,
    pub(super) moved: u64,
    pub(super) missing: u64,
    /// Tracks that an earlier transaction of the scan made missing.
    pub(super) found_again: u64,
    pub(super) unreadable: u64,
}

impl Tally {
    pub(super) fn count(&mut self, written: Written) {
        match written {
            Written::Added => self.added += 1,
            Written::Moved => self.moved += 1,
            Written::Updated => self.updated += 1,
            Written::Same => {}
        }
    }
}

#[derive(Debug, Default)]
struct Settled {
    tally: Tally,
    /// Tracks that are at their place after all.
    found: Vec<(Fingerprint, TrackId)>,
    /// Places in the batch.
    held: Vec<usize>,
}

/// Stores what is clear of `batch` in one transaction and returns the rest.
pub(super) fn settle(
    store: &Store,
    now: Now,
    batch: Vec<Arc<ReadFile>>,
    unsettled: &Unsettled,
) -> Result<(Tally, Vec<Arc<ReadFile>>), StoreError> {
    let batch: Arc<[Arc<ReadFile>]> = batch.into();
    let (files, open) = (Arc::clone(&batch), unsettled.clone());
    let settled = store.write_blocking(move |write| {
        let mut apply = Apply::new(write, now)?;
        let mut settled = Settled::default();
        for (place, file) in files.iter().enumerate() {
            if !settle_one(file, &open, &mut apply, &mut settled)? {
                settled.held.push(place);
            }
        }
        settled.tally.missing = apply.finish()?;
        Ok(settled)
    })?;
    for (audio, track) in &settled.found {
        unsettled.settle(*audio, *track);
    }
    let held = settled.held.iter().map(|place| Arc::clone(&batch[*place])).collect();
    Ok((settled.tally, held))
}

/// Is it clear which track the file is? Then it is stored.
fn settle_one(
    file: &ReadFile,
    unsettled: &Unsettled,
    apply: &mut Apply<'_>,
    settled: &mut Settled,
) -> Result<bool, StoreError> {
    let before = file.track_before();
    let row = match &file.read {
        Ok(row) => row,
        Err(_) if before.is_some() => return Ok(false),
        Err(reason) => {
            apply.put_unreadable((file.library, &file.place), file.stat, reason)?;
            settled.tally.unreadable += 1;
            return Ok(true);
        }
    };
    if let Some(track) = before {
        let same = apply.track(track)?.is_some_and(|old| old.fingerprint == row.fingerprint);
        // Files of equal audio may have changed places.
        let same = same
            && (!unsettled.any_but(row.fingerprint, track)
                || apply.inode(file.library, &file.place)? == Some(file.stat.inode));
        if same {
            settled.found.push((row.fingerprint, track));
            settled.tally.count(apply.put_track(track, file.stat, row, &file.lyrics)?);
        }
        return Ok(same);
    }
    // What was half-written when it was seen last may replace the track that was there before.
    if file.predecessor().is_some()
        || unsettled.any_of(row.fingerprint)
        || apply.knows(row.fingerprint, true)?
    {
        return Ok(false);
    }
    let track = new_id(file, row, apply)?;
    settled.tally.count(apply.put_track(track, file.stat, row, &file.lyrics)?);
    Ok(true)
}

/// The id of a file that is no known track.
pub(super) fn new_id(
    file: &ReadFile,
    row: &TrackRow,
    apply: &Apply<'_>,
) -> Result<TrackId, StoreError> {
    let audio = row.fingerprint;
    let id = if apply.knows(audio, false)? {
        copy_id(audio, &file.library_name, &file.place)
    } else {
        track_id(audio)
    };
    apply.free_id(id)
}
