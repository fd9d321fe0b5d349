//! Playlists of another program.

use std::sync::Arc;

use hexachord_contracts::{
    Context, LibraryAccess, Timestamp,
    ids::PlaylistId,
    profile::{ImportPlaylist, ImportedPlaylist, Taken},
};

use super::create::{at_most_at_once, free_id, totals};
use crate::{
    errors::{Refusable, Stop, invalid},
    import::{check_source, no_such_account},
    service::Profile,
    store::{Change, ImportedPlaylistRow, PlaylistRow},
    texts,
    viewer::services_only,
};

const LONGEST_KEY: usize = 100;

impl Profile {
    pub(crate) async fn import_playlist(
        &self,
        call: ImportPlaylist,
        context: Context,
    ) -> Refusable<ImportedPlaylist> {
        services_only(&context)?;
        check_source(&call.source)?;
        if !(1..=LONGEST_KEY).contains(&call.key.len()) {
            return Err(invalid("key", format!("must have 1 to {LONGEST_KEY} bytes")));
        }
        at_most_at_once(call.tracks.len())?;
        let (name, description) =
            (texts::fitted_name(&call.name), texts::fitted(&call.description));
        let call = Arc::new(ImportPlaylist { name, description, ..call });
        let (id, now) = (self.resources.random_playlist_id(), self.clock.now());
        let imported = self.change(&context, move |change| import(change, &call, id, now)).await;
        imported.map_err(no_such_account)
    }
}

fn import(
    change: &mut Change<'_>,
    call: &ImportPlaylist,
    fresh: PlaylistId,
    now: Timestamp,
) -> Result<ImportedPlaylist, Stop> {
    change.require_account(call.account)?;
    let Some(told) = change.imported_playlist(call.account, &call.source, &call.key)? else {
        let playlist = make(change, call, fresh, now)?;
        return Ok(ImportedPlaylist { taken: Taken::New, playlist });
    };
    let Some(old) = change.playlist(told.playlist)? else {
        return Ok(ImportedPlaylist { taken: Taken::Kept, playlist: None });
    };
    let same_tracks = change.entries(told.playlist)? == call.tracks;
    let same_texts =
        (&old.name, &old.description, old.public) == (&call.name, &call.description, call.public);
    let taken = if same_tracks && same_texts {
        Taken::Known
    } else if old.revision != told.revision {
        Taken::Kept
    } else {
        Taken::Changed
    };
    if taken == Taken::Changed && !call.dry_run {
        let totals = totals(change, &LibraryAccess::All, &call.tracks)?;
        let (name, description) = (call.name.clone(), call.description.clone());
        let row = PlaylistRow { name, description, public: call.public, totals, ..old };
        let row = if same_tracks { row.changed(now) } else { row.rearranged(now) };
        put(change, call, told.playlist, &row)?;
    }
    Ok(ImportedPlaylist { taken, playlist: Some(told.playlist) })
}

/// A new playlist; none in a dry run.
fn make(
    change: &mut Change<'_>,
    call: &ImportPlaylist,
    id: PlaylistId,
    now: Timestamp,
) -> Result<Option<PlaylistId>, Stop> {
    let totals = totals(change, &LibraryAccess::All, &call.tracks)?;
    if call.dry_run {
        return Ok(None);
    }
    let id = free_id(change, id)?;
    let row = PlaylistRow {
        name: call.name.clone(),
        description: call.description.clone(),
        public: call.public,
        totals,
        ..PlaylistRow::new(call.account, now)
    };
    put(change, call, id, &row)?;
    Ok(Some(id))
}

/// Keeps the playlist, and how the import left it.
fn put(
    change: &mut Change<'_>,
    call: &ImportPlaylist,
    id: PlaylistId,
    row: &PlaylistRow,
) -> Result<(), Stop> {
    change.put_entries(id, &call.tracks)?;
    change.put_playlist(id, row)?;
    let told = ImportedPlaylistRow { playlist: id, revision: row.revision };
    Ok(change.put_imported_playlist(call.account, &call.source, &call.key, told)?)
}
