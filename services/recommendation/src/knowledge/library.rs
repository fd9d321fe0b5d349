//! The tracks of the catalog in columns. A track keeps its slot while it is known.

use std::collections::HashMap;

use hexachord_contracts::{
    Timestamp,
    catalog::ArtistRef,
    ids::{AlbumId, ArtistId, LibraryId, TrackId},
};

use super::{
    tags::{Tag, TagUse, Tags},
    years,
};
use crate::{
    store::{FeaturesRow, TrackRow},
    viewer::Viewer,
};

#[derive(Default)]
pub(crate) struct Library {
    pub(crate) tags: Tags,
    slots: HashMap<TrackId, u32>,
    /// Slots of tracks that have gone.
    free: Vec<u32>,
    /// By slot.
    ids: Vec<TrackId>,
    titles: Vec<Box<str>>,
    albums: Vec<AlbumId>,
    years: Vec<Option<i16>>,
    added: Vec<Timestamp>,
    states: Vec<State>,
    /// The numbers of those that were listened to.
    features: Vec<Option<Box<[i16]>>>,
    heard: usize,
    spans: Vec<Span>,
    /// The tags of all tracks; those of a track that was retagged are garbage for a while.
    flat: Vec<TagUse>,
    garbage: usize,
    /// By number.
    libraries: Vec<LibraryId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    /// A number of `libraries`.
    library: u16,
    is_used: bool,
    is_missing: bool,
}

/// Where a track's tags are.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    from: u32,
    count: u16,
}

/// Which tracks a caller may hear.
pub(crate) struct Visible<'l> {
    library: &'l Library,
    /// By number of the library.
    seen: Vec<bool>,
}

impl Library {
    pub(crate) const NO_SLOT: u32 = u32::MAX;

    /// Tracks that are known.
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// All slots, also those that are free.
    pub(crate) fn slots(&self) -> impl Iterator<Item = u32> + use<> {
        #[expect(clippy::cast_possible_truncation, reason = "slots are counted in u32")]
        let slots = self.ids.len() as u32;
        0..slots
    }

    pub(crate) fn slot(&self, id: TrackId) -> Option<u32> {
        self.slots.get(&id).copied()
    }

    pub(crate) fn is_used(&self, slot: u32) -> bool {
        self.states[slot as usize].is_used
    }

    pub(crate) fn id(&self, slot: u32) -> TrackId {
        self.ids[slot as usize]
    }

    pub(crate) fn title(&self, slot: u32) -> &str {
        &self.titles[slot as usize]
    }

    pub(crate) fn album(&self, slot: u32) -> AlbumId {
        self.albums[slot as usize]
    }

    pub(crate) fn year(&self, slot: u32) -> Option<i16> {
        self.years[slot as usize]
    }

    /// Tracks that were listened to.
    pub(crate) fn heard(&self) -> usize {
        self.heard
    }

    /// What it sounds like: as many numbers as every other one has.
    pub(crate) fn features(&self, slot: u32) -> Option<&[i16]> {
        self.features[slot as usize].as_deref()
    }

    pub(crate) fn added(&self, slot: u32) -> Timestamp {
        self.added[slot as usize]
    }

    pub(crate) fn tags_of(&self, slot: u32) -> &[TagUse] {
        let Span { from, count } = self.spans[slot as usize];
        &self.flat[from as usize..][..usize::from(count)]
    }

    /// The tag of the first artist.
    pub(crate) fn first_artist(&self, slot: u32) -> Option<usize> {
        let is_artist = |tag: &usize| matches!(self.tags.get(*tag), Tag::Artist(_));
        self.tags_of(slot).iter().map(|tag| tag.tag()).find(is_artist)
    }

    /// The first artist, as it is written on the track.
    pub(crate) fn artist(&self, slot: u32) -> Option<ArtistRef> {
        self.tags_of(slot).iter().find_map(|tag| match self.tags.get(tag.tag()) {
            Tag::Artist(id) => Some(ArtistRef { id, name: self.tags.name(*tag).to_owned() }),
            Tag::Genre => None,
        })
    }

    /// As `1990`.
    pub(crate) fn decade(&self, slot: u32) -> Option<i32> {
        self.year(slot).map(|year| i32::from(year).div_euclid(10) * 10)
    }

    /// The artists of the track itself.
    pub(crate) fn artists(&self, slot: u32) -> impl Iterator<Item = ArtistId> + '_ {
        let own = self.tags_of(slot).iter().filter(|tag| !tag.is_of_album());
        own.filter_map(|tag| match self.tags.get(tag.tag()) {
            Tag::Artist(artist) => Some(artist),
            Tag::Genre => None,
        })
    }

    /// How long the vector of its tags is.
    pub(crate) fn length(&self, slot: u32, rarity: &[f32]) -> f32 {
        let of_tag = |tag: &TagUse| (tag.weight() * rarity[tag.tag()]).powi(2);
        let tags: f32 = self.tags_of(slot).iter().map(of_tag).sum();
        let years = self.year(slot).map_or([(0, 0.0); 2], years::decades);
        (tags + years.iter().map(|(_, weight)| weight * weight).sum::<f32>()).sqrt()
    }

    pub(crate) fn put(&mut self, id: TrackId, row: &TrackRow) {
        let state = State {
            library: self.library_number(row.library),
            is_used: true,
            is_missing: row.missing,
        };
        let mut tags = self.tags.of_track(&row.artists, &row.album_artists, &row.genres);
        tags.truncate(usize::from(u16::MAX));
        let slot = self.slot_for(id);
        self.set_tags(slot, &tags);
        let at = slot as usize;
        self.titles[at] = row.title.as_str().into();
        self.albums[at] = row.album;
        self.years[at] = years::plausible(row.year);
        self.added[at] = row.added_at;
        self.states[at] = state;
    }

    /// Of a track that is not known nothing is kept.
    pub(crate) fn put_features(&mut self, id: TrackId, row: Option<&FeaturesRow>) {
        let Some(slot) = self.slot(id) else { return };
        self.set_features(slot, row.map(|row| row.numbers.as_slice().into()));
    }

    pub(crate) fn retain_features(&mut self, keep: impl Fn(TrackId) -> bool) {
        for slot in self.slots() {
            if !keep(self.id(slot)) {
                self.set_features(slot, None);
            }
        }
    }

    fn set_features(&mut self, slot: u32, numbers: Option<Box<[i16]>>) {
        self.heard += usize::from(numbers.is_some());
        let before = std::mem::replace(&mut self.features[slot as usize], numbers);
        self.heard -= usize::from(before.is_some());
    }

    pub(crate) fn remove(&mut self, id: TrackId) {
        let Some(slot) = self.slots.remove(&id) else { return };
        self.set_features(slot, None);
        self.set_tags(slot, &[]);
        self.titles[slot as usize] = Box::default();
        self.states[slot as usize].is_used = false;
        self.free.push(slot);
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(TrackId) -> bool) {
        let gone: Vec<TrackId> = self.slots.keys().copied().filter(|id| !keep(*id)).collect();
        for id in gone {
            self.remove(id);
        }
    }

    pub(crate) fn visible_to(&self, viewer: &Viewer) -> Visible<'_> {
        let seen = self.libraries.iter().map(|library| viewer.sees(*library)).collect();
        Visible { library: self, seen }
    }

    fn slot_for(&mut self, id: TrackId) -> u32 {
        if let Some(slot) = self.slot(id) {
            return slot;
        }
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => self.grow(),
        };
        self.ids[slot as usize] = id;
        self.slots.insert(id, slot);
        slot
    }

    fn grow(&mut self) -> u32 {
        let slot = u32::try_from(self.ids.len()).unwrap_or(Self::NO_SLOT);
        self.ids.push(TrackId(0));
        self.titles.push(Box::default());
        self.albums.push(AlbumId(0));
        self.years.push(None);
        self.added.push(Timestamp::default());
        self.states.push(State { library: 0, is_used: false, is_missing: false });
        self.spans.push(Span::default());
        self.features.push(None);
        slot
    }

    fn set_tags(&mut self, slot: u32, tags: &[TagUse]) {
        let before = self.tags_of(slot).to_vec();
        if before == tags {
            return;
        }
        self.tags.discount(&before);
        self.tags.count(tags);
        self.garbage += before.len();
        self.spans[slot as usize] = self.append(tags);
        if self.garbage > self.flat.len() / 2 {
            self.compact();
        }
    }

    fn append(&mut self, tags: &[TagUse]) -> Span {
        let from = u32::try_from(self.flat.len()).unwrap_or(0);
        self.flat.extend_from_slice(tags);
        Span { from, count: u16::try_from(tags.len()).unwrap_or(u16::MAX) }
    }

    fn compact(&mut self) {
        let flat = std::mem::take(&mut self.flat);
        self.flat.reserve_exact(flat.len() - self.garbage);
        self.garbage = 0;
        for slot in 0..self.spans.len() {
            let Span { from, count } = self.spans[slot];
            self.spans[slot] = self.append(&flat[from as usize..][..usize::from(count)]);
        }
    }

    fn library_number(&mut self, library: LibraryId) -> u16 {
        let known = self.libraries.iter().position(|known| *known == library);
        let number = known.unwrap_or_else(|| {
            self.libraries.push(library);
            self.libraries.len() - 1
        });
        u16::try_from(number).unwrap_or(u16::MAX)
    }
}

impl Visible<'_> {
    /// It is known and in a library of the caller, missing or not.
    pub(crate) fn sees(&self, slot: u32) -> bool {
        let state = self.library.states[slot as usize];
        state.is_used && self.seen.get(usize::from(state.library)).copied().unwrap_or(false)
    }

    /// It can be heard by the caller.
    pub(crate) fn plays(&self, slot: u32) -> bool {
        !self.library.states[slot as usize].is_missing && self.sees(slot)
    }
}

#[cfg(test)]
mod tests;
