//! The name, description and visibility of a playlist, and its end.

use std::sync::Arc;

use hexachord_contracts::{
    Context,
    profile::{Playlist, RemovePlaylist, UpdatePlaylist},
};

use super::{own, put, show};
use crate::{
    errors::{Refusable, Stop},
    service::Profile,
    store::PlaylistRow,
    texts,
    viewer::Listener,
};

impl Profile {
    pub(crate) async fn update_playlist(
        &self,
        call: UpdatePlaylist,
        context: Context,
    ) -> Refusable<Playlist> {
        let Listener { account, access } = Listener::of(&context)?;
        let UpdatePlaylist { playlist: id, name, description, public } = call;
        let name = name.as_deref().map(texts::name).transpose()?;
        let description = description.map(texts::description).transpose()?;
        let texts = Arc::new((name, description));
        let now = self.clock.now();
        self.change(&context, move |change| {
            let old = own(change, account, id, None)?;
            let (name, description) = &*texts;
            let row = PlaylistRow {
                name: name.as_ref().unwrap_or(&old.name).clone(),
                description: description.as_ref().unwrap_or(&old.description).clone(),
                public: public.unwrap_or(old.public),
                ..old.clone()
            };
            if row == old {
                return show(change, id, row, &access);
            }
            put(change, id, row.changed(now), &access)
        })
        .await
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
