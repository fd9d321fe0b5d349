//! Looks at playlists and their tracks.

use hexachord_contracts::{
    Context,
    ids::PlaylistId,
    item::ItemId,
    page::Page,
    profile::{GetPlaylist, GetPlaylists, ListEntries, Playlist, PlaylistEntry, ProfileError},
};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use super::Shown;
use crate::{
    errors::{Answer, Refusable, invalid, no_such_playlist},
    page::{at_most_a_page, limit_of, read_cursor, write_cursor},
    service::Profile,
    store::{ENTRIES, PLAYLISTS, PlaylistRow, Projection, record, unpack},
    viewer::Viewer,
};

/// Marks the cursors of entries.
const ENTRIES_LIST: u8 = 32 << 1;

/// Where the entries are read on: a position of the playlist as it was then.
#[derive(Clone, Copy)]
struct Place {
    revision: u64,
    position: u32,
}

impl Profile {
    pub(crate) async fn get_playlist(
        &self,
        call: GetPlaylist,
        context: Context,
    ) -> Refusable<Playlist> {
        let viewer = Viewer::of(&context)?;
        self.read(move |read| {
            let row = seen(read, &viewer, call.playlist)?;
            let Some(row) = row else { return Ok(Err(no_such_playlist())) };
            Shown::open(read, viewer.access)?.playlist(call.playlist, row).map(Ok)
        })
        .await
    }

    pub(crate) async fn get_playlists(
        &self,
        call: GetPlaylists,
        context: Context,
    ) -> Refusable<Vec<Option<Playlist>>> {
        let viewer = Viewer::of(&context)?;
        at_most_a_page("playlists", call.playlists.len())?;
        self.read(move |read| {
            let shown = Shown::open(read, viewer.access.clone())?;
            let playlists = call.playlists.into_iter().map(|id| {
                let row = seen(read, &viewer, id)?;
                row.map(|row| shown.playlist(id, row)).transpose()
            });
            playlists.collect::<Result<_, _>>().map(Ok)
        })
        .await
    }

    pub(crate) async fn list_entries(
        &self,
        call: ListEntries,
        context: Context,
    ) -> Refusable<Page<PlaylistEntry>> {
        let viewer = Viewer::of(&context)?;
        let limit = limit_of(&call.paging)?;
        let from = call.paging.cursor.as_deref().map(read_place).transpose()?;
        self.read(move |read| {
            let row = seen(read, &viewer, call.playlist)?;
            let Some(PlaylistRow { revision, arranged, .. }) = row else {
                return Ok(Err(no_such_playlist()));
            };
            let from = from.unwrap_or(Place { revision, position: 0 });
            // From an older position it would skip tracks, or tell some again.
            if from.revision < arranged {
                return Ok(Err(ProfileError::Changed { revision }));
            }
            entries(read, viewer, call.playlist, Place { revision, ..from }, limit)
        })
        .await
    }
}

/// The row of a playlist, if the viewer may see it.
fn seen(
    read: &ReadTransaction,
    viewer: &Viewer,
    id: PlaylistId,
) -> Result<Option<PlaylistRow>, StoreError> {
    let row: Option<PlaylistRow> = record(&read.open_table(PLAYLISTS)?, &id.0)?;
    Ok(row.filter(|row| row.public || viewer.may_look_into(row.owner)))
}

/// Up to `limit` entries that the viewer sees, from a position on.
fn entries(
    read: &ReadTransaction,
    viewer: Viewer,
    id: PlaylistId,
    from: Place,
    limit: usize,
) -> Answer<Page<PlaylistEntry>> {
    let table = read.open_table(ENTRIES)?;
    let Some(packed) = table.get(id.0)? else { return Ok(Err(no_such_playlist())) };
    let projection = Projection::open(read, viewer.access)?;
    let mut items = Vec::with_capacity(limit.min(64));
    for (position, track) in (0..).zip(unpack(packed.value())?).skip(from.position as usize) {
        if !projection.sees(ItemId::Track(track))? {
            continue;
        }
        if items.len() == limit {
            let next = write_place(Place { position, ..from });
            return Ok(Ok(Page { items, next_cursor: Some(next) }));
        }
        items.push(PlaylistEntry { position, track });
    }
    Ok(Ok(Page { items, next_cursor: None }))
}

fn write_place(Place { revision, position }: Place) -> String {
    let place = [&revision.to_be_bytes()[..], &position.to_be_bytes()].concat();
    write_cursor(ENTRIES_LIST, &place)
}

fn read_place(cursor: &str) -> Refusable<Place> {
    let bytes = read_cursor(ENTRIES_LIST, cursor)?;
    let place = bytes.split_first_chunk().and_then(|(revision, position)| {
        let position = u32::from_be_bytes(position.try_into().ok()?);
        Some(Place { revision: u64::from_be_bytes(*revision), position })
    });
    place.ok_or_else(|| invalid("cursor", "use the next_cursor of a page of this list"))
}
