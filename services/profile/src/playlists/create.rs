//! New playlists.

use std::sync::Arc;

use hexachord_contracts::{
    Context, Timestamp,
    ids::PlaylistId,
    profile::{CreatePlaylist, MOST_AT_ONCE, Playlist},
};

use super::{put, texts};
use crate::{
    errors::{Refusable, Stop, invalid},
    service::Profile,
    store::{Change, PlaylistRow, Totals},
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

fn create(
    change: &mut Change<'_>,
    listener: &Listener,
    mut id: PlaylistId,
    now: Timestamp,
    call: &CreatePlaylist,
) -> Result<Playlist, Stop> {
    change.require_account(listener.account)?;
    let mut totals = Totals::default();
    for place in change.places(&listener.access, &call.tracks)? {
        totals.add(place);
    }
    while change.playlist(id)?.is_some() {
        id = PlaylistId(id.0.wrapping_add(1));
    }
    change.put_entries(id, &call.tracks)?;
    let row = PlaylistRow {
        owner: listener.account,
        name: call.name.clone(),
        description: call.description.clone(),
        public: call.public,
        created_at: now,
        changed_at: now,
        revision: 1,
        arranged: 1,
        totals,
    };
    put(change, id, row, &listener.access)
}
