//! Tracks that do not show the edits as they are now: marked together with the edits, and brought up
//! to date in small transactions, however many they are and whatever comes in between.

use std::collections::HashSet;

use hexachord_contracts::{Timestamp, catalog::EditOf, ids::TrackId};
use hexachord_storage::{Record, StoreError};
use redb::{ReadTransaction, ReadableTable, ReadableTableMetadata, WriteTransaction};

use super::{
    Apply, STALE, Tables, Target, edit_of,
    edits::TaggedRow,
    keys::last_id,
    lists::{List, Scope, list_prefix},
    record,
    rows::TrackRow,
};
use crate::identity::{VARIOUS_ARTISTS, artist_id};

/// Tracks that are brought up to date in one transaction.
const BATCH: usize = 1000;

/// Is there nothing to be brought up to date?
pub(crate) fn is_settled(read: &ReadTransaction) -> Result<bool, StoreError> {
    Ok(read.open_table(STALE)?.is_empty()?)
}

/// Brings some stale tracks up to date.
pub(crate) fn finish_some(write: &WriteTransaction, now: Timestamp) -> Result<(), StoreError> {
    let mut apply = Apply::new(write, now)?;
    let mut batch = Vec::with_capacity(BATCH);
    for track in apply.tables.stale.iter()?.take(BATCH) {
        batch.push(TrackId(track?.0.value()));
    }
    for id in batch {
        apply.refresh(id)?;
        apply.tables.stale.remove(id.0)?;
    }
    apply.finish().map(drop)
}

/// Marks the tracks that edits of `targets` have to do with: those that name one as they are shown
/// now, as they are tagged, or as the edit of their album says.
pub(crate) fn mark_stale(
    tables: &mut Tables<'_>,
    targets: &HashSet<Target>,
) -> Result<(), StoreError> {
    let mut stale = HashSet::new();
    for target in targets {
        match *target {
            Target::AlbumOf(track) => stale.extend([track]),
            Target::Artist(id) => {
                for list in [List::TracksByAlbum, List::ContributionsByAlbum] {
                    stale.extend(tracks_of(tables, list, Scope::Artist(id))?);
                }
            }
            Target::Genre(id) => {
                stale.extend(tracks_of(tables, List::TracksByAlbum, Scope::Genre(id))?);
            }
        }
    }
    for id in tracks_of(tables, List::MissingBySince, Scope::All)? {
        let row: Option<TrackRow> = record(&tables.tracks, id.0)?;
        if row.is_some_and(|row| TaggedRow::of(row).names_any(targets)) {
            stale.insert(id);
        }
    }
    for row in tables.tagged.iter()? {
        let (id, row) = row?;
        let id = TrackId(id.value());
        if !stale.contains(&id)
            && (TaggedRow::from_bytes(row.value())?.names_any(targets)
                || edit_of(tables, Target::AlbumOf(id))?
                    .is_some_and(|(_, row)| gives_any(&row.edit, targets)))
        {
            stale.insert(id);
        }
    }
    for id in stale {
        tables.stale.insert(id.0, ())?;
    }
    Ok(())
}

fn tracks_of(tables: &Tables<'_>, list: List, scope: Scope) -> Result<Vec<TrackId>, StoreError> {
    let prefix = list_prefix(list, scope);
    let mut tracks = Vec::new();
    for entry in tables.lists.range(&prefix[..]..)? {
        let (key, _) = entry?;
        if !key.value().starts_with(&prefix) {
            break;
        }
        tracks.push(TrackId(last_id(key.value())));
    }
    Ok(tracks)
}

/// Does the edit give one of these artists to an album?
fn gives_any(edit: &EditOf, targets: &HashSet<Target>) -> bool {
    let EditOf::Album(edit) = edit else { return false };
    let gives = |name: &str| targets.contains(&Target::Artist(artist_id(name)));
    edit.artists.iter().flatten().any(|name| gives(name))
        || (edit.compilation == Some(true) && gives(VARIOUS_ARTISTS))
}

impl Apply<'_> {
    /// Brings a track up to date with the edits as they are now.
    fn refresh(&mut self, id: TrackId) -> Result<(), StoreError> {
        let Some(old) = self.track(id)? else { return Ok(()) };
        let tagged: Option<TaggedRow> = record(&self.tables.tagged, id.0)?;
        let tagged = match tagged {
            Some(tagged) => tagged.within(old.clone()),
            None => old.clone(),
        };
        let new = self.with_edits(id, tagged)?;
        if new != old {
            let new = TrackRow { modified_at: self.now, ..new };
            self.put_row(id, Some(&old), &new)?;
        }
        Ok(())
    }
}
