//! Playlists: their rows, their tracks, their places in the lists.

use hexachord_contracts::ids::{PlaylistId, TrackId};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;

use super::{
    Change, PlaylistRow, Subject,
    entries::{pack, unpack},
    keys::playlist_keys,
    record,
};

/// Says of most tracks quickly that they are not among those that are looked for.
struct Sieve(Vec<bool>);

impl Sieve {
    fn new<'t>(tracks: impl Iterator<Item = &'t TrackId>) -> Self {
        let mut holes = vec![false; 1 << u16::BITS];
        for track in tracks {
            holes[Self::hole(*track)] = true;
        }
        Self(holes)
    }

    fn may_hold(&self, track: TrackId) -> bool {
        self.0[Self::hole(track)]
    }

    fn hole(TrackId(id): TrackId) -> usize {
        let [low, high, ..] = id.to_le_bytes();
        usize::from(u16::from_le_bytes([low, high]))
    }
}

impl Change<'_> {
    pub(crate) fn playlist(&self, id: PlaylistId) -> Result<Option<PlaylistRow>, StoreError> {
        record(&self.tables.playlists, &id.0)
    }

    pub(crate) fn entries(&self, id: PlaylistId) -> Result<Vec<TrackId>, StoreError> {
        match self.tables.entries.get(id.0)? {
            Some(packed) => Ok(unpack(packed.value())?.collect()),
            None => Ok(Vec::new()),
        }
    }

    pub(crate) fn put_entries(
        &mut self,
        id: PlaylistId,
        tracks: &[TrackId],
    ) -> Result<(), StoreError> {
        self.tables.entries.insert(id.0, pack(tracks).as_slice())?;
        Ok(())
    }

    /// A new or changed playlist.
    pub(crate) fn put_playlist(
        &mut self,
        id: PlaylistId,
        row: &PlaylistRow,
    ) -> Result<(), StoreError> {
        let old = self.playlist(id)?.map(|old| playlist_keys(id, &old)).unwrap_or_default();
        let now = playlist_keys(id, row);
        for key in old.iter().filter(|key| !now.contains(key)) {
            self.tables.playlist_order.remove(key.as_slice())?;
        }
        for key in now.iter().filter(|key| !old.contains(key)) {
            self.tables.playlist_order.insert(key.as_slice(), id.0)?;
        }
        self.tables.playlists.insert(id.0, row.to_bytes()?.as_slice())?;
        self.tell(Subject::Playlist(id));
        Ok(())
    }

    pub(crate) fn remove_playlist(
        &mut self,
        id: PlaylistId,
        row: &PlaylistRow,
    ) -> Result<(), StoreError> {
        for key in playlist_keys(id, row) {
            self.tables.playlist_order.remove(key.as_slice())?;
        }
        self.tables.playlists.remove(id.0)?;
        self.tables.entries.remove(id.0)?;
        self.tell(Subject::Playlist(id));
        Ok(())
    }

    /// Brings the totals of all playlists up to date with the tracks that were replaced. These are
    /// few: audio keeps its length, and is seldom forgotten. So the tracks of all playlists are
    /// looked through, which takes some nanoseconds each.
    pub(super) fn measure_playlists(&mut self) -> Result<(), StoreError> {
        let replaced = std::mem::take(&mut self.replaced);
        if replaced.is_empty() {
            return Ok(());
        }
        let sieve = Sieve::new(replaced.keys());
        let mut measured = Vec::new();
        for entry in self.tables.entries.iter()? {
            let (id, packed) = entry?;
            let id = PlaylistId(id.value());
            let tracks = unpack(packed.value())?.filter(|track| sieve.may_hold(*track));
            let mut found = tracks.filter_map(|track| replaced.get(&track)).peekable();
            if found.peek().is_none() {
                continue;
            }
            let Some(mut row) = self.playlist(id)? else { continue };
            for (before, now) in found {
                if let Some(place) = before {
                    row.totals.take(*place);
                }
                if let Some(place) = now {
                    row.totals.add(*place);
                }
            }
            measured.push((id, row));
        }
        for (id, row) in measured {
            self.put_playlist(id, &row)?;
        }
        Ok(())
    }
}
