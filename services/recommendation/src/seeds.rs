//! The tracks that others are to be like, and how much each of them says.

use hexachord_contracts::{
    ids::{AlbumId, ArtistId, TrackId},
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
        let slots = items.iter().flat_map(|item| match item {
            ItemId::Track(track) => memory.library.slot(*track).into_iter().collect(),
            ItemId::Album(album) => of_album(memory, *album),
            ItemId::Artist(artist) => of_artist(memory, &visible, *artist),
        });
        let evidence = |slot| memory.listeners.evidence(memory.library.id(slot));
        let tracks = slots.map(|slot| (slot, 1.0 + evidence(slot))).collect();
        Self::weighted(memory, viewer, tracks)
    }

    /// Those of these slots that the viewer sees; `None` when there are none.
    pub(crate) fn weighted(
        memory: &'m Memory,
        viewer: &Viewer,
        mut tracks: Vec<(u32, f32)>,
    ) -> Option<Self> {
        let visible = memory.library.visible_to(viewer);
        tracks.retain(|(slot, _)| visible.sees(*slot));
        tracks.sort_unstable_by_key(|(slot, _)| memory.library.id(*slot));
        tracks.dedup_by_key(|(slot, _)| *slot);
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

fn of_album(memory: &Memory, album: AlbumId) -> Vec<u32> {
    memory.derived().of_album(&memory.library, album).to_vec()
}

/// What it plays on; and if there is nothing of the kind, what is on its albums.
fn of_artist(memory: &Memory, visible: &Visible<'_>, artist: ArtistId) -> Vec<u32> {
    let library = &memory.library;
    let Some(tag) = library.tags.of_artist(artist) else { return Vec::new() };
    let (mut own, mut on_its_albums) = (Vec::new(), Vec::new());
    for slot in library.slots().filter(|slot| visible.sees(*slot)) {
        match library.tags_of(slot).iter().find(|other| other.tag() == tag) {
            Some(of_album) if of_album.is_of_album() => on_its_albums.push(slot),
            Some(_) => own.push(slot),
            None => {}
        }
    }
    if own.is_empty() { on_its_albums } else { own }
}
