//! Files whose audio a lost track had: matched when all files are read, group by group.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use hexachord_contracts::ids::TrackId;
use hexachord_storage::{Store, StoreError};
use redb::ReadTransaction;

use super::{
    Now,
    settle::{ReadFile, Tally, Unsettled, new_id},
};
use crate::{
    identity::pair,
    store::{AUDIO, Apply, TRACKS, TrackRow, record, tracks_with},
};

/// For each held file the known track that it is; `None`: a new one.
pub(super) fn decide(
    store: &Store,
    held: &[Arc<ReadFile>],
    unsettled: &Unsettled,
) -> Result<Vec<Option<TrackId>>, StoreError> {
    store.read_blocking(|read| {
        let mut decided = vec![None; held.len()];
        let mut taken = HashSet::new();
        let mut groups = BTreeMap::<_, Vec<(usize, &TrackRow)>>::new();
        for (place, file) in held.iter().enumerate() {
            if let Ok(row) = &file.read {
                groups.entry(row.fingerprint).or_default().push((place, row));
            }
        }
        for (audio, mut files) in groups {
            let mut lost = Vec::new();
            for track in tracks_with(&read.open_table(AUDIO)?, audio)? {
                lost.extend(lost_track(read, track, unsettled)?);
            }
            files.sort_by_key(|(_, row)| (row.library, &row.path));
            lost.sort_by(|(_, one), (_, other)| {
                (one.library, &one.path).cmp(&(other.library, &other.path))
            });
            let rows: Vec<&TrackRow> = files.iter().map(|(_, row)| *row).collect();
            let lost_rows: Vec<&TrackRow> = lost.iter().map(|(_, row)| row).collect();
            for ((place, _), track) in files.iter().zip(pair(&rows, &lost_rows)) {
                decided[*place] = track.map(|track| lost[track].0);
                taken.extend(decided[*place]);
            }
        }
        for (place, file) in held.iter().enumerate() {
            if decided[place].is_none() {
                decided[place] = replaced(read, file, &taken)?;
                taken.extend(decided[place]);
            }
        }
        Ok(decided)
    })
}

/// The track, if its file is not where it was.
fn lost_track(
    read: &ReadTransaction,
    track: TrackId,
    unsettled: &Unsettled,
) -> Result<Option<(TrackId, TrackRow)>, StoreError> {
    let row: Option<TrackRow> = record(&read.open_table(TRACKS)?, track.0)?;
    let is_lost =
        |row: &TrackRow| row.missing_since.is_some() || unsettled.contains(row.fingerprint, track);
    Ok(row.filter(is_lost).map(|row| (track, row)))
}

/// The track that was at this file's place and of which it is another recording file: a better rip
/// replaces the old one. Its own audio is nowhere else, or it would be taken.
fn replaced(
    read: &ReadTransaction,
    file: &ReadFile,
    taken: &HashSet<TrackId>,
) -> Result<Option<TrackId>, StoreError> {
    let (Some(track), Ok(row)) = (file.predecessor(), &file.read) else { return Ok(None) };
    let before: Option<TrackRow> = record(&read.open_table(TRACKS)?, track.0)?;
    let same = before.is_some_and(|before| {
        let is_last_there = || {
            before.missing_since.is_some()
                && (before.library, &before.path) == (row.library, &row.path)
        };
        (file.track_before().is_some() || is_last_there())
            && before.title == row.title
            && before.artists == row.artists
            && before.album_title == row.album_title
            && before.disc_number == row.disc_number
            && before.track_number == row.track_number
    });
    Ok(Some(track).filter(|track| same && !taken.contains(track)))
}

/// Stores files with what was decided, in one transaction.
pub(super) fn store_decided(
    store: &Store,
    now: Now,
    files: Vec<(Arc<ReadFile>, Option<TrackId>)>,
) -> Result<Tally, StoreError> {
    store.write_blocking(move |write| {
        let mut apply = Apply::new(write, now)?;
        let mut tally = Tally::default();
        for (file, decided) in &files {
            match &file.read {
                Ok(row) => {
                    let track = match decided {
                        Some(track) => *track,
                        None => new_id(file, row, &apply)?,
                    };
                    tally.count(apply.put_track(track, file.stat, row, &file.lyrics)?);
                }
                Err(reason) => {
                    let place = (file.library, file.path.as_slice());
                    apply.put_unreadable(place, file.stat, reason)?;
                    tally.unreadable += 1;
                }
            }
        }
        tally.missing = apply.finish()?;
        Ok(tally)
    })
}
