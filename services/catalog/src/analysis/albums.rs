//! How loud albums are: weighed in the background whenever their tracks or what was measured of them
//! changed, so that who looks at an album only looks it up.

use std::collections::{BTreeMap, BTreeSet};

use hexachord_audio::Blocks;
use hexachord_contracts::{
    catalog::AlbumLoudness,
    decibels::Decibels,
    ids::{AlbumId, LibraryId, TrackId},
};
use hexachord_storage::{Record, Store, StoreError};
use redb::{ReadTransaction, ReadableTable, WriteTransaction};

use crate::{
    browse::behind,
    store::{
        ALBUM_LOUDNESS, AlbumLoudnessRow, BLOCKS, BlocksRow, Known, LISTS, List, Measurements,
        Scope, TRACKS, TrackRow, UNWEIGHED, last_id, library_of, list_prefix, record, record_at,
    },
};

/// Albums of one transaction.
const BATCH: usize = 32;

/// What is to be stored of an album.
#[derive(Clone)]
struct Weighed {
    album: AlbumId,
    /// How often it was said that it may have changed.
    times: u64,
    /// By library. `None`: nothing; what is not here stays as it is.
    loudness: BTreeMap<LibraryId, Option<AlbumLoudness>>,
}

/// Weighs all albums that may have changed. One of which a track is still to be measured keeps what is
/// known of it until then.
pub(super) fn weigh(store: &Store, is_stopped: impl Fn() -> bool) -> Result<(), StoreError> {
    let mut from = 0;
    while !is_stopped() {
        // Not in the transaction that writes: others wait for that.
        let batch = store.read_blocking(|read| some(read, from))?;
        let Some(last) = batch.last() else { break };
        let next = last.album.0.checked_add(1);
        store.write_blocking(move |write| put(write, &batch))?;
        let Some(next) = next else { break };
        from = next;
    }
    Ok(())
}

fn some(read: &ReadTransaction, from: u64) -> Result<Vec<Weighed>, StoreError> {
    let mut batch = Vec::new();
    for entry in read.open_table(UNWEIGHED)?.range(from..)?.take(BATCH) {
        let (album, times) = entry?;
        let (album, times) = (AlbumId(album.value()), times.value());
        batch.push(Weighed { album, times, loudness: of(read, album)? });
    }
    Ok(batch)
}

fn of(
    read: &ReadTransaction,
    album: AlbumId,
) -> Result<BTreeMap<LibraryId, Option<AlbumLoudness>>, StoreError> {
    let (known, tracks) = (Measurements::open(read)?, read.open_table(TRACKS)?);
    let blocks = read.open_table(BLOCKS)?;
    let mut libraries: BTreeMap<LibraryId, Scale> = BTreeMap::new();
    let prefix = list_prefix(List::TracksByDisc, Scope::Album(album));
    let end = behind(&prefix).unwrap_or_default();
    for entry in read.open_table(LISTS)?.range(&prefix[..]..end.as_slice())? {
        let (place, library) = entry?;
        let scale = libraries.entry(library_of(library.value())).or_default();
        if scale.is_incomplete {
            continue;
        }
        let row: Option<TrackRow> = record(&tracks, TrackId(last_id(place.value())).0)?;
        let Some(row) = row else { continue };
        let key = row.audio_key().to_bytes();
        match known.of(&key)? {
            Known::Nothing => scale.is_incomplete = true,
            Known::Unmeasurable(_) => {}
            Known::Measured(row) => {
                // Of silence there is nothing to weigh.
                let Some(loudness) = row.loudness else { continue };
                let row: Option<BlocksRow> = record_at(&blocks, &key)?;
                scale.blocks.extend(row.map(|row| row.blocks));
                scale.true_peak = scale.true_peak.max(Some(loudness.true_peak));
            }
        }
    }
    let mut gone: BTreeSet<LibraryId> = BTreeSet::new();
    for row in read.open_table(ALBUM_LOUDNESS)?.range((album.0, 0)..=(album.0, u64::MAX))? {
        gone.insert(LibraryId(row?.0.value().1));
    }
    gone.retain(|library| !libraries.contains_key(library));
    let weighed = libraries.into_iter().filter(|(_, scale)| !scale.is_incomplete);
    let weighed = weighed.map(|(library, scale)| (library, scale.read()));
    Ok(weighed.chain(gone.into_iter().map(|library| (library, None))).collect())
}

/// What an album has in one library.
#[derive(Default)]
struct Scale {
    /// A track is still to be measured.
    is_incomplete: bool,
    blocks: Vec<Blocks>,
    true_peak: Option<Decibels>,
}

impl Scale {
    fn read(self) -> Option<AlbumLoudness> {
        let integrated = Decibels::from_db(Blocks::integrated(&self.blocks)?)?;
        Some(AlbumLoudness { integrated, true_peak: self.true_peak? })
    }
}

fn put(write: &WriteTransaction, batch: &[Weighed]) -> Result<(), StoreError> {
    let (mut unweighed, mut table) =
        (write.open_table(UNWEIGHED)?, write.open_table(ALBUM_LOUDNESS)?);
    for Weighed { album, times, loudness } in batch {
        for (library, loudness) in loudness {
            let key = (album.0, library.0);
            match loudness {
                Some(loudness) => {
                    let row = AlbumLoudnessRow { loudness: *loudness };
                    table.insert(key, row.to_bytes()?.as_slice())?;
                }
                None => {
                    table.remove(key)?;
                }
            }
        }
        // It may have changed again since it was looked at.
        let is_current = unweighed.get(album.0)?.is_some_and(|now| now.value() == *times);
        if is_current {
            unweighed.remove(album.0)?;
        }
    }
    Ok(())
}
