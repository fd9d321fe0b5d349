//! Edits as they are made and taken back, each in one transaction with the marks on their tracks.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use hexachord_contracts::{
    Timestamp,
    catalog::{AlbumEdit, Edit, EditOf},
    ids::{AlbumId, EditId, TrackId},
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadableTable, WriteTransaction};

use super::check::{distinct, too_many_tracks};
use crate::{
    browse::{Answer, Viewer, invalid, not_found},
    identity::{artist_id, genre_id},
    store::{
        EditRow, List, Scope, Tables, Target, TrackRow, edit_of, last_id, library_of, list_prefix,
        mark_stale, record,
    },
};

/// Edits that are to be made.
#[derive(Debug, Clone)]
pub(crate) struct Put {
    pub(crate) edits: Arc<[EditOf]>,
    pub(crate) viewer: Viewer,
    pub(crate) now: Timestamp,
}

impl Put {
    /// Makes all of them and marks the tracks that do not show them yet, or refuses.
    pub(crate) fn run(&self, write: &WriteTransaction) -> Answer<Vec<Edit>> {
        let mut tables = Tables::open(write)?;
        let mut ready = Vec::with_capacity(self.edits.len());
        for (place, edit) in self.edits.iter().enumerate() {
            match self.with_tracks(&tables, place, edit.clone())? {
                Ok(edit) => ready.push(edit),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        let mut made = Vec::with_capacity(ready.len());
        let mut spoken_of = HashSet::new();
        for edit in ready {
            let targets = targets(&edit);
            made.push(self.put(&mut tables, &targets, edit)?);
            spoken_of.extend(targets);
        }
        mark_stale(&mut tables, &spoken_of)?;
        let mut standing = Vec::with_capacity(made.len());
        for id in made {
            let row: Option<EditRow> = record(&tables.edits, id.0)?;
            standing.extend(row.map(|EditRow { made_at, edit }| Edit { id, made_at, edit }));
        }
        Ok(Ok(standing))
    }

    /// The edit of an album with the tracks that it means now.
    fn with_tracks(&self, tables: &Tables<'_>, place: usize, edit: EditOf) -> Answer<EditOf> {
        let EditOf::Album(mut edit) = edit else { return Ok(Ok(edit)) };
        for track in &edit.tracks {
            let row: Option<TrackRow> = record(&tables.tracks, track.0)?;
            if row.is_some_and(|row| !self.viewer.sees(row.library)) {
                return Ok(Err(not_found("track")));
            }
        }
        if let Some(album) = edit.album.take() {
            let of_album = self.tracks_of(tables, album)?;
            if of_album.is_empty() {
                return Ok(Err(not_found("album")));
            }
            edit.tracks.extend(of_album);
            edit.tracks = distinct(edit.tracks);
        }
        if edit.tracks.len() > AlbumEdit::MOST_TRACKS {
            let field = format!("edits[{place}].album.tracks");
            return Ok(Err(invalid(&field, too_many_tracks())));
        }
        Ok(Ok(EditOf::Album(edit)))
    }

    fn tracks_of(&self, tables: &Tables<'_>, album: AlbumId) -> Result<Vec<TrackId>, StoreError> {
        let prefix = list_prefix(List::TracksByDisc, Scope::Album(album));
        let mut tracks = Vec::new();
        for entry in tables.lists.range(&prefix[..]..)? {
            let (key, value) = entry?;
            if !key.value().starts_with(&prefix) || tracks.len() > AlbumEdit::MOST_TRACKS {
                break;
            }
            if self.viewer.sees(library_of(value.value())) {
                tracks.push(TrackId(last_id(key.value())));
            }
        }
        Ok(tracks)
    }

    fn put(
        &self,
        tables: &mut Tables<'_>,
        targets: &[Target],
        edit: EditOf,
    ) -> Result<EditId, StoreError> {
        withdraw(tables, targets)?;
        // No id is given twice, so that nobody removes an edit for another one.
        let last = tables.edits.last()?.map_or(0, |(id, _)| id.value());
        let id = last.saturating_add(1).max(self.now.as_millis().unsigned_abs());
        let row = EditRow { made_at: self.now, edit };
        tables.edits.insert(id, row.to_bytes()?.as_slice())?;
        for target in targets {
            tables.edit_of.insert(target.key(), id)?;
        }
        Ok(EditId(id))
    }
}

/// Takes an edit back and marks the tracks that still show it.
pub(crate) fn remove(write: &WriteTransaction, id: EditId) -> Answer<()> {
    let mut tables = Tables::open(write)?;
    let row: Option<EditRow> = record(&tables.edits, id.0)?;
    let Some(EditRow { edit, .. }) = row else { return Ok(Err(not_found("edit"))) };
    tables.edits.remove(id.0)?;
    let targets = targets(&edit);
    for target in &targets {
        tables.edit_of.remove(target.key())?;
    }
    mark_stale(&mut tables, &targets.into_iter().collect())?;
    Ok(Ok(()))
}

fn targets(edit: &EditOf) -> Vec<Target> {
    match edit {
        EditOf::Artist(edit) => vec![Target::Artist(artist_id(&edit.name))],
        EditOf::Genre(edit) => vec![Target::Genre(genre_id(&edit.name))],
        EditOf::Album(edit) => edit.tracks.iter().copied().map(Target::AlbumOf).collect(),
    }
}

/// Takes from earlier edits what they say of `targets`; one that says nothing else is gone.
fn withdraw(tables: &mut Tables<'_>, targets: &[Target]) -> Result<(), StoreError> {
    let mut earlier: BTreeMap<EditId, (EditRow, BTreeSet<TrackId>)> = BTreeMap::new();
    for target in targets {
        if let Some((id, row)) = edit_of(tables, *target)? {
            let (_, tracks) = earlier.entry(id).or_insert_with(|| (row, BTreeSet::new()));
            if let Target::AlbumOf(track) = target {
                tracks.insert(*track);
            }
        }
    }
    for (id, (mut row, taken)) in earlier {
        if let EditOf::Album(edit) = &mut row.edit {
            edit.tracks.retain(|track| !taken.contains(track));
            if !edit.tracks.is_empty() {
                tables.edits.insert(id.0, row.to_bytes()?.as_slice())?;
                continue;
            }
        }
        tables.edits.remove(id.0)?;
    }
    Ok(())
}
