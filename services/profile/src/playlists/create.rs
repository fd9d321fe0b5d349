//! New playlists.

use std::sync::Arc;

use hexachord_contracts::{
    Context, LibraryAccess, Timestamp,
    ids::{PlaylistId, TrackId},
    profile::{CreatePlaylist, MOST_AT_ONCE, Playlist},
};

use super::put;
use crate::{
    errors::{Refusable, Stop, invalid},
    service::Profile,
    store::{Change, PlaylistRow, Totals},
    texts,
    viewer::Listener,
};

impl Profile {
    pub(crate) async fn create_playlist(
        &self,
        call: CreatePlaylist,
        context: Context,
    ) -> Refusable<Playlist> {
        let listener = Listener::of(&context)?;
        let name = texts::name(&call.name)?;
        let description = texts::description(call.description)?;
        at_most_at_once(call.tracks.len())?;
        let call = Arc::new(CreatePlaylist { name, description, ..call });
        let (id, now) = (self.resources.random_playlist_id(), self.clock.now());
        self.change(&context, move |change| create(change, &listener, id, now, &call)).await
    }
}

/// One call may name so many tracks.
pub(super) fn at_most_at_once(tracks: usize) -> Refusable<()> {
    if tracks > MOST_AT_ONCE {
        let reason = format!("are more than {MOST_AT_ONCE}: add the others with further calls");
        return Err(invalid("tracks", reason));
    }
    Ok(())
}

/// What tracks add up to. Stops at the first one that cannot be seen.
pub(super) fn totals(
    change: &Change<'_>,
    access: &LibraryAccess,
    tracks: &[TrackId],
) -> Result<Totals, Stop> {
    let mut totals = Totals::default();
    for place in change.places(access, tracks)? {
        totals.add(place);
    }
    Ok(totals)
}

/// `id`, or the next one that no playlist has.
pub(super) fn free_id(change: &Change<'_>, mut id: PlaylistId) -> Result<PlaylistId, Stop> {
    while change.playlist(id)?.is_some() {
        id = PlaylistId(id.0.wrapping_add(1));
    }
    Ok(id)
}

fn create(
    change: &mut Change<'_>,
    listener: &Listener,
    id: PlaylistId,
    now: Timestamp,
    call: &CreatePlaylist,
) -> Result<Playlist, Stop> {
    change.require_account(listener.account)?;
    let totals = totals(change, &listener.access, &call.tracks)?;
    let id = free_id(change, id)?;
    change.put_entries(id, &call.tracks)?;
    let row = PlaylistRow {
        name: call.name.clone(),
        description: call.description.clone(),
        public: call.public,
        totals,
        ..PlaylistRow::new(listener.account, now)
    };
    put(change, id, row, &listener.access)
}
