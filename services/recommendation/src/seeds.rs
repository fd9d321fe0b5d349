//! The tracks that others are to be like, and how much each of them says.

use std::collections::HashMap;

use hexachord_contracts::{
    ids::{AlbumId, TrackId},
    item::ItemId,
};

use crate::{
    knowledge::{Memory, Visible},
    viewer::Viewer,
};

/// More than half of an album makes it an artist's.
const MOST_OF_IT: usize = 2;

pub(crate) struct Seeds<'m> {
    pub(crate) memory: &'m Memory,
    pub(crate) visible: Visible<'m>,
    /// Slots by the ids of their tracks, each with how much it says.
    pub(crate) tracks: Vec<(u32, f32)>,
}

impl<'m> Seeds<'m> {
    /// The tracks of these items that the viewer sees, each as much as everybody plays it; `None` when
    /// there are none.
    pub(crate) fn of(memory: &'m Memory, viewer: &Viewer, items: &[ItemId]) -> Option<Self> {
        let visible = memory.library.visible_to(viewer);
        let (mut slots, mut artists) = (Vec::new(), Vec::new());
        for item in items {
            match item {
                ItemId::Track(track) => slots.extend(memory.library.slot(*track)),
                ItemId::Album(album) => slots.extend(of_album(memory, *album)),
                ItemId::Artist(artist) => artists.extend(memory.library.tags.of_artist(*artist)),
            }
        }
        slots.extend(of_artists(memory, &visible, &artists));
        slots.sort_unstable();
        slots.dedup();
        let evidence = |slot| memory.listeners.evidence(memory.library.id(slot));
        let tracks = slots.into_iter().map(|slot| (slot, 1.0 + evidence(slot))).collect();
        Self::weighted(memory, viewer, tracks)
    }

    /// Those of these slots, each of which is there once, that the viewer sees; `None` when there are none.
    pub(crate) fn weighted(
        memory: &'m Memory,
        viewer: &Viewer,
        mut tracks: Vec<(u32, f32)>,
    ) -> Option<Self> {
        let visible = memory.library.visible_to(viewer);
        tracks.retain(|(slot, _)| visible.sees(*slot));
        tracks.sort_unstable_by_key(|(slot, _)| memory.library.id(*slot));
        (!tracks.is_empty()).then_some(Self { memory, visible, tracks })
    }

    pub(crate) fn id(&self, slot: u32) -> TrackId {
        self.memory.library.id(slot)
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = u32> + '_ {
        self.tracks.iter().map(|(slot, _)| *slot)
    }

    /// The tag of the artist who made most of them.
    pub(crate) fn main_artist(&self) -> Option<usize> {
        let library = &self.memory.library;
        let mut artists: Vec<usize> =
            self.slots().filter_map(|slot| library.first_artist(slot)).collect();
        artists.sort_unstable();
        let mut runs = artists.chunk_by(|one, next| one == next);
        runs.find(|run| run.len() * MOST_OF_IT > self.tracks.len()).map(|run| run[0])
    }
}

fn of_album(memory: &Memory, album: AlbumId) -> &[u32] {
    memory.derived().of_album(&memory.library, album)
}

/// What the artists with these tags play on; and of one who plays on nothing, what is on its albums.
fn of_artists(memory: &Memory, visible: &Visible<'_>, tags: &[usize]) -> Vec<u32> {
    #[derive(Default)]
    struct Found {
        own: Vec<u32>,
        on_its_albums: Vec<u32>,
    }
    let mut artists: HashMap<usize, Found> =
        tags.iter().map(|tag| (*tag, Found::default())).collect();
    if artists.is_empty() {
        return Vec::new();
    }
    let library = &memory.library;
    for slot in library.slots().filter(|slot| visible.sees(*slot)) {
        for written in library.tags_of(slot) {
            let Some(found) = artists.get_mut(&written.tag()) else { continue };
            let is_of_album = written.is_of_album();
            if is_of_album { found.on_its_albums.push(slot) } else { found.own.push(slot) }
        }
    }
    let of_artist =
        |found: Found| if found.own.is_empty() { found.on_its_albums } else { found.own };
    artists.into_values().flat_map(of_artist).collect()
}
