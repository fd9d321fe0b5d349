//! The name, description and visibility of a playlist, and its end.

use std::sync::Arc;

use hexachord_contracts::{
    Context, Timestamp,
    profile::{Playlist, RemovePlaylist, UpdatePlaylist},
};

use super::{own, put, show};
use crate::{
    errors::{Refusable, Stop},
    service::Profile,
    store::{Change, PlaylistRow},
    texts,
    viewer::Listener,
};

impl Profile {
    pub(crate) async fn update_playlist(
        &self,
        call: UpdatePlaylist,
        context: Context,
    ) -> Refusable<Playlist> {
        let listener = Listener::of(&context)?;
        let (call, now) = (Arc::new(tidy(call)?), self.clock.now());
        self.change(&context, move |change| update(change, &listener, &call, now)).await
    }

    pub(crate) async fn remove_playlist(
        &self,
        call: RemovePlaylist,
        context: Context,
    ) -> Refusable<()> {
        let Listener { account, .. } = Listener::of(&context)?;
        self.change(&context, move |change| {
            let row = own(change, account, call.playlist, None)?;
            change.remove_playlist(call.playlist, &row).map_err(Stop::from)
        })
        .await
    }
}

/// The call with texts that may be kept.
pub(super) fn tidy(call: UpdatePlaylist) -> Refusable<UpdatePlaylist> {
    let name = call.name.as_deref().map(texts::name).transpose()?;
    let description = call.description.map(texts::description).transpose()?;
    Ok(UpdatePlaylist { name, description, ..call })
}

fn update(
    change: &mut Change<'_>,
    listener: &Listener,
    call: &UpdatePlaylist,
    now: Timestamp,
) -> Result<Playlist, Stop> {
    let old = own(change, listener.account, call.playlist, None)?;
    let row = told(&old, call);
    if row == old {
        return show(change, call.playlist, row, &listener.access);
    }
    put(change, call.playlist, row.changed(now), &listener.access)
}

/// The row as the call wants it.
pub(super) fn told(old: &PlaylistRow, call: &UpdatePlaylist) -> PlaylistRow {
    PlaylistRow {
        name: call.name.as_ref().unwrap_or(&old.name).clone(),
        description: call.description.as_ref().unwrap_or(&old.description).clone(),
        public: call.public.unwrap_or(old.public),
        ..old.clone()
    }
}
