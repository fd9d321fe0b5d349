//! The account's own playlists, and the public ones of others, in one order.

use hexachord_contracts::{
    Context,
    ids::PlaylistId,
    page::Page,
    profile::{ListPlaylists, Playlist, PlaylistSort},
};

use super::Shown;
use crate::{
    errors::Refusable,
    page::Asked,
    service::Profile,
    store::{
        PLAYLIST_ORDER, PLAYLISTS, PlaylistRow, own_playlists_prefix, public_playlists_prefix,
        record,
    },
    viewer::Listener,
};

/// Of the cursors.
const BY_NAME: u8 = 16;
const BY_CHANGE: u8 = 17;

impl Profile {
    pub(crate) async fn list_playlists(
        &self,
        call: ListPlaylists,
        context: Context,
    ) -> Refusable<Page<Playlist>> {
        let Listener { account, access } = Listener::of(&context)?;
        let by = call.sort.by;
        let list = match by {
            PlaylistSort::Name => BY_NAME,
            PlaylistSort::Changed => BY_CHANGE,
        };
        let (own, public) = (own_playlists_prefix(account, by), public_playlists_prefix(by));
        let prefixes = vec![own, public.clone()];
        let asked = Asked::new(list, prefixes, call.sort.descending, &call.paging)?;
        self.read(move |read| {
            let shown = Shown::open(read, access)?;
            let rows = read.open_table(PLAYLISTS)?;
            let bytes = |list: &Playlist| list.description.len();
            let page = asked.read_weighed(&read.open_table(PLAYLIST_ORDER)?, bytes, |key, id| {
                let row: Option<PlaylistRow> = record(&rows, &id)?;
                // Its owner's public ones stand among its own, too.
                let twice = |row: &PlaylistRow| row.owner == account && key.starts_with(&public);
                let row = row.filter(|row| !twice(row));
                row.map(|row| shown.playlist(PlaylistId(id), row)).transpose()
            });
            page.map(Ok)
        })
        .await
    }
}
