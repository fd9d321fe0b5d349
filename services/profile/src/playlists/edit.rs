//! Several changes of a playlist as one.

use std::sync::Arc;

use hexachord_contracts::{
    Context, Timestamp,
    profile::{EditPlaylist, Playlist},
};

use super::{
    arrange::{Arranged, not_more_than_there_are},
    create::at_most_at_once,
    show,
    update::{tidy, told},
};
use crate::{
    errors::{Refusable, Stop},
    service::Profile,
    store::Change,
    viewer::Listener,
};

impl Profile {
    pub(crate) async fn edit_playlist(
        &self,
        call: EditPlaylist,
        context: Context,
    ) -> Refusable<Playlist> {
        let listener = Listener::of(&context)?;
        not_more_than_there_are("remove", call.remove.len())?;
        at_most_at_once(call.add.len())?;
        let call = Arc::new(EditPlaylist { update: tidy(call.update)?, ..call });
        let now = self.clock.now();
        self.change(&context, move |change| edit(change, &listener, &call, now)).await
    }
}

/// Nothing is written before all of it was found good.
fn edit(
    change: &mut Change<'_>,
    listener: &Listener,
    call: &EditPlaylist,
    now: Timestamp,
) -> Result<Playlist, Stop> {
    let EditPlaylist { update, remove, add, revision } = call;
    let mut list = Arranged::open(change, listener, update.playlist, *revision)?;
    if !remove.is_empty() {
        list.remove(change, ("remove", remove), now)?;
    }
    let added = list.add(change, listener, (add, None), now)?;
    let row = told(&list.row, update);
    if row != list.row {
        list.row = row.changed(now);
    } else if remove.is_empty() && !added {
        return show(change, update.playlist, row, &listener.access);
    }
    list.put(change, listener)
}
