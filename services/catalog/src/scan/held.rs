//! Files whose audio a lost track had: matched when all files are read, group by group.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use hexachord_contracts::ids::{LibraryId, TrackId};
use hexachord_storage::{Store, StoreError};
use redb::ReadTransaction;

use super::{
    Now,
    settle::{ReadFile, Tally, Unsettled, new_id},
};
use crate::{
    identity::{Candidate, pair},
    store::{
        AUDIO, Apply, COUNTS, FILES, FileRow, FileState, Stat, TrackRow, as_tagged, record_at,
        tracks_with,
    },
};

/// For each held file the known track that it is; `None`: a new one. Libraries that are `emptied`
/// may be unmounted.
pub(super) fn decide(
    store: &Store,
    held: &[Arc<ReadFile>],
    unsettled: &Unsettled,
    emptied: &[LibraryId],
) -> Result<Vec<Option<TrackId>>, StoreError> {
    store.read_blocking(|read| {
        let mut decided = vec![None; held.len()];
        let mut taken = HashSet::new();
        let mut groups = groups(read, held, unsettled)?;
        for library in emptied {
            if is_unmounted(read, *library, &groups)? {
                for group in &mut groups {
                    group.lost.retain(|lost| !lost.was_in(*library));
                }
            }
        }
        for Group { files, lost } in groups {
            let tracks: Vec<_> = lost.iter().map(Lost::candidate).collect();
            let candidates: Vec<_> = files
                .iter()
                .map(|(place, row)| Candidate { row, stat: Some(held[*place].stat) })
                .collect();
            for ((place, _), track) in files.iter().zip(pair(&candidates, &tracks)) {
                decided[*place] = track.map(|track| lost[track].track);
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

/// Files of one audio with their places among those held, and the tracks that they may be. Both are
/// by path.
struct Group<'f> {
    files: Vec<(usize, &'f TrackRow)>,
    lost: Vec<Lost>,
}

fn groups<'f>(
    read: &ReadTransaction,
    held: &'f [Arc<ReadFile>],
    unsettled: &Unsettled,
) -> Result<Vec<Group<'f>>, StoreError> {
    let mut by_audio = BTreeMap::<_, Vec<(usize, &TrackRow)>>::new();
    for (place, file) in held.iter().enumerate() {
        if let Ok(row) = &file.read {
            by_audio.entry(row.fingerprint).or_default().push((place, row));
        }
    }
    let mut groups = Vec::with_capacity(by_audio.len());
    for (audio, mut files) in by_audio {
        let mut lost = Vec::new();
        for track in tracks_with(&read.open_table(AUDIO)?, audio)? {
            lost.extend(Lost::find(read, track, unsettled)?);
        }
        files.sort_by_key(|(_, row)| (row.library, &row.path));
        lost.sort_by(|one, other| {
            (one.row.library, &one.row.path).cmp(&(other.row.library, &other.row.path))
        });
        groups.push(Group { files, lost });
    }
    Ok(groups)
}

/// A track whose file is not where it was, or may be another one.
struct Lost {
    track: TrackId,
    row: TrackRow,
    /// Of its file; `None`: it has been missing since an earlier scan.
    stat: Option<Stat>,
}

impl Lost {
    fn find(
        read: &ReadTransaction,
        track: TrackId,
        unsettled: &Unsettled,
    ) -> Result<Option<Self>, StoreError> {
        let row = as_tagged(read, track)?;
        let is_lost = |row: &TrackRow| {
            row.missing_since.is_some() || unsettled.contains(row.fingerprint, track)
        };
        let Some(row) = row.filter(is_lost) else { return Ok(None) };
        let file: Option<FileRow> = record_at(&read.open_table(FILES)?, &row.file_key())?;
        let is_its = |file: &FileRow| matches!(file.state, FileState::Plays(of, _) if of == track);
        Ok(Some(Self { track, row, stat: file.filter(is_its).map(|file| file.stat) }))
    }

    fn candidate(&self) -> Candidate<'_> {
        Candidate { row: &self.row, stat: self.stat }
    }

    /// Was it in this library until now?
    fn was_in(&self, library: LibraryId) -> bool {
        self.row.library == library && self.row.missing_since.is_none()
    }
}

/// Has a library moved elsewhere whose folder is empty now? If less than half of its audio turned
/// up, that are copies, and its disk is away.
fn is_unmounted(
    read: &ReadTransaction,
    library: LibraryId,
    groups: &[Group<'_>],
) -> Result<bool, StoreError> {
    let moved = groups.iter().map(|group| {
        let lost = group.lost.iter().filter(|lost| lost.was_in(library)).count();
        lost.min(group.files.len()) as u64
    });
    let known = read.open_table(COUNTS)?.get(library.0)?.map_or(0, |count| count.value());
    Ok(moved.sum::<u64>() * 2 < known)
}

/// The track that was at this file's place and of which it is another recording file: a better rip
/// replaces the old one. Its own audio is nowhere else, or it would be taken.
fn replaced(
    read: &ReadTransaction,
    file: &ReadFile,
    taken: &HashSet<TrackId>,
) -> Result<Option<TrackId>, StoreError> {
    let (Some(track), Ok(row)) = (file.predecessor(), &file.read) else { return Ok(None) };
    let before = as_tagged(read, track)?;
    let same = before.is_some_and(|before| {
        let is_last_there =
            || before.missing_since.is_some() && before.file_key() == row.file_key();
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
                    let place = (file.library, file.place.as_slice());
                    let is_listed = apply.put_unreadable(place, file.stat, reason)?;
                    tally.unreadable += u64::from(is_listed);
                }
            }
        }
        tally.found_again = apply.found_again();
        tally.missing = apply.finish()?;
        Ok(tally)
    })
}
