//! The projection of the catalog: who may see which item, and where plays are counted.

use hexachord_contracts::{
    LibraryAccess,
    ids::{LibraryId, TrackId},
    item::ItemId,
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadOnlyTable, ReadTransaction, ReadableTable};

use super::{
    Change, TrackRow, kind_number, record,
    rows::GroupRow,
    tables::{GROUPS, TRACKS},
};

/// Rows that one transaction looks at when a snapshot is complete.
const SWEEP: usize = 2_000;

/// May an item be seen?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    Seen,
    Hidden,
    /// The catalog did not tell of it, or told that it is gone.
    Unknown,
}

/// What a reader sees of the catalog.
pub(crate) struct Projection {
    tracks: ReadOnlyTable<u64, &'static [u8]>,
    groups: ReadOnlyTable<(u8, u64), &'static [u8]>,
    access: LibraryAccess,
}

/// Where a sweep goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SweepFrom {
    Track(u64),
    Group(u8, u64),
}

impl SweepFrom {
    pub(crate) const START: Self = Self::Track(0);
}

impl Projection {
    pub(crate) fn open(read: &ReadTransaction, access: LibraryAccess) -> Result<Self, StoreError> {
        let (tracks, groups) = (read.open_table(TRACKS)?, read.open_table(GROUPS)?);
        Ok(Self { tracks, groups, access })
    }

    /// A track that is not gone, in a library that may be seen.
    pub(crate) fn track(&self, id: TrackId) -> Result<Option<TrackRow>, StoreError> {
        let row: Option<TrackRow> = record(&self.tracks, &id.0)?;
        Ok(row.filter(|row| !row.gone && self.access.allows(row.library)))
    }

    pub(crate) fn sees(&self, item: ItemId) -> Result<bool, StoreError> {
        Ok(sight(&self.tracks, &self.groups, &self.access, item)? == Sight::Seen)
    }

    /// It is seen, and its file is there.
    pub(crate) fn plays(&self, track: TrackId) -> Result<bool, StoreError> {
        let row: Option<TrackRow> = record(&self.tracks, &track.0)?;
        let is_there = |row: &TrackRow| !row.gone && !row.missing;
        Ok(row.is_some_and(|row| is_there(&row) && self.access.allows(row.library)))
    }
}

pub(super) fn sight(
    tracks: &impl ReadableTable<u64, &'static [u8]>,
    groups: &impl ReadableTable<(u8, u64), &'static [u8]>,
    access: &LibraryAccess,
    item: ItemId,
) -> Result<Sight, StoreError> {
    let seen = if let ItemId::Track(id) = item {
        let row: Option<TrackRow> = record(tracks, &id.0)?;
        row.filter(|row| !row.gone).map(|row| access.allows(row.library))
    } else {
        let row: Option<GroupRow> = record(groups, &(kind_number(item.kind()), item.number()))?;
        row.map(|row| row.is_seen_by(access))
    };
    Ok(match seen {
        Some(true) => Sight::Seen,
        Some(false) => Sight::Hidden,
        None => Sight::Unknown,
    })
}

impl Change<'_> {
    pub(crate) fn track(&self, id: TrackId) -> Result<Option<TrackRow>, StoreError> {
        record(&self.tables.tracks, &id.0)
    }

    /// A new or changed track: its plays are counted where it is now.
    pub(crate) fn put_track(&mut self, id: TrackId, row: &TrackRow) -> Result<(), StoreError> {
        let old = self.track(id)?;
        if old.as_ref() == Some(row) {
            return Ok(());
        }
        self.tables.tracks.insert(id.0, row.to_bytes()?.as_slice())?;
        let (was, is) = (old.as_ref().map(TrackRow::groups).unwrap_or_default(), row.groups());
        if was != is {
            self.move_counts(id, &was, &is)?;
            self.list_under_artists(id, &was, &is)?;
        }
        self.regroup(old.as_ref(), row)?;
        // A track that was never known is in no playlist.
        if let Some(old) = old.filter(|old| old.place() != row.place()) {
            self.replaced.entry(id).or_insert_with(|| (old.place(), None)).1 = row.place();
        }
        Ok(())
    }

    fn list_under_artists(
        &mut self,
        id: TrackId,
        was: &[ItemId],
        is: &[ItemId],
    ) -> Result<(), StoreError> {
        for item in was.iter().filter(|item| !is.contains(item)) {
            if let ItemId::Artist(artist) = item {
                self.tables.artist_tracks.remove((artist.0, id.0))?;
            }
        }
        for item in is.iter().filter(|item| !was.contains(item)) {
            if let ItemId::Artist(artist) = item {
                self.tables.artist_tracks.insert((artist.0, id.0), ())?;
            }
        }
        Ok(())
    }

    /// The catalog forgot the track. What listeners did with it stays, in case it comes back.
    pub(crate) fn forget_track(&mut self, id: TrackId) -> Result<(), StoreError> {
        match self.track(id)? {
            Some(row) => self.put_track(id, &TrackRow { gone: true, ..row }),
            None => Ok(()),
        }
    }

    /// The libraries with tracks of an album or an artist.
    pub(crate) fn put_group(
        &mut self,
        item: ItemId,
        libraries: Vec<LibraryId>,
        round: u64,
    ) -> Result<(), StoreError> {
        let row = GroupRow { libraries, round };
        let key = (kind_number(item.kind()), item.number());
        self.tables.groups.insert(key, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    pub(crate) fn forget_group(&mut self, item: ItemId) -> Result<(), StoreError> {
        self.tables.groups.remove((kind_number(item.kind()), item.number()))?;
        Ok(())
    }

    /// Forgets what the snapshot of this round did not tell, of some rows; where to go on.
    pub(crate) fn sweep(
        &mut self,
        from: SweepFrom,
        round: u64,
    ) -> Result<Option<SweepFrom>, StoreError> {
        match from {
            SweepFrom::Track(first) => self.sweep_tracks(first, round).map(Some),
            SweepFrom::Group(kind, first) => self.sweep_groups((kind, first), round),
        }
    }

    fn sweep_tracks(&mut self, first: u64, round: u64) -> Result<SweepFrom, StoreError> {
        let mut untold = Vec::new();
        let mut next = SweepFrom::Group(0, 0);
        for (count, entry) in self.tables.tracks.range(first..)?.enumerate() {
            let (id, row) = entry?;
            if count == SWEEP {
                next = SweepFrom::Track(id.value());
                break;
            }
            let row = TrackRow::from_bytes(row.value())?;
            if row.round != round && !row.gone {
                untold.push(TrackId(id.value()));
            }
        }
        for id in untold {
            if self.is_enough() {
                return Ok(SweepFrom::Track(id.0));
            }
            self.forget_track(id)?;
        }
        Ok(next)
    }

    fn sweep_groups(
        &mut self,
        first: (u8, u64),
        round: u64,
    ) -> Result<Option<SweepFrom>, StoreError> {
        let mut untold = Vec::new();
        let mut next = None;
        for (count, entry) in self.tables.groups.range(first..)?.enumerate() {
            let (key, row) = entry?;
            if count == SWEEP {
                next = Some(SweepFrom::Group(key.value().0, key.value().1));
                break;
            }
            if GroupRow::from_bytes(row.value())?.round != round {
                untold.push(key.value());
            }
        }
        for key in untold {
            self.tables.groups.remove(key)?;
        }
        Ok(next)
    }
}
