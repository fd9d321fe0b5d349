//! Artists and genres: rows of counts that follow from changes of tracks and albums.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
    rc::Rc,
};

use hexachord_contracts::ids::{ArtistId, GenreId, LibraryId};
use hexachord_storage::{Record, StoreError};
use redb::Table;

use super::{
    lists::{Entry, List, group_entry},
    record,
    rows::{AlbumCount, GroupPart, GroupRow},
};

/// How much more (or less) there is in one library.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) tracks: i64,
    pub(super) contributions: i64,
    pub(super) duration_ms: i64,
    pub(super) pictured: i64,
}

/// A name, and what it is sorted by where that is tagged.
pub(super) type Spelling = (String, Option<String>);

/// What a transaction does to one artist or genre.
#[derive(Debug, Default)]
pub(super) struct GroupChange {
    parts: BTreeMap<LibraryId, PartChange>,
    albums: BTreeMap<Vec<LibraryId>, i64>,
}

#[derive(Debug)]
struct PartChange {
    /// The first that is seen names a new part.
    spelling: Spelling,
    /// Spellings that were retagged, and what they became.
    respelled: Vec<(Spelling, Spelling)>,
    counts: Counts,
}

impl GroupChange {
    pub(super) fn add(
        &mut self,
        library: LibraryId,
        (name, sort): (&str, Option<&str>),
        counts: Counts,
    ) {
        let part = self.parts.entry(library).or_insert_with(|| PartChange {
            spelling: (name.to_owned(), sort.map(str::to_owned)),
            respelled: Vec::new(),
            counts: Counts::default(),
        });
        part.counts.tracks += counts.tracks;
        part.counts.contributions += counts.contributions;
        part.counts.duration_ms += counts.duration_ms;
        part.counts.pictured += counts.pictured;
    }

    /// One album more (or less) in these libraries.
    pub(super) fn add_album(&mut self, libraries: Vec<LibraryId>, sign: i64) {
        *self.albums.entry(libraries).or_default() += sign;
    }

    pub(super) fn respell(&mut self, library: LibraryId, old: Spelling, new: (&str, Option<&str>)) {
        if let Some(part) = self.parts.get_mut(&library) {
            part.respelled.push((old, (new.0.to_owned(), new.1.map(str::to_owned))));
        }
    }
}

pub(super) trait GroupId: Copy + Ord + Hash {
    fn number(self) -> u64;
}

impl GroupId for ArtistId {
    fn number(self) -> u64 {
        self.0
    }
}

impl GroupId for GenreId {
    fn number(self) -> u64 {
        self.0
    }
}

/// A group that changed, with what becomes of its entries in the list.
pub(super) type Regrouped<I> = (I, Vec<(Vec<u8>, Option<Entry>)>);

/// Brings the rows up to date and returns those that changed.
pub(super) fn write<I: GroupId>(
    changes: HashMap<I, GroupChange>,
    list: List,
    table: &mut Table<'_, u64, &'static [u8]>,
) -> Result<Vec<Regrouped<I>>, StoreError> {
    let mut in_order: Vec<(I, GroupChange)> = changes.into_iter().collect();
    in_order.sort_by_key(|(id, _)| *id);
    let mut regrouped = Vec::new();
    for (id, change) in in_order {
        let old: Option<GroupRow> = record(table, id.number())?;
        let new = changed(old.as_ref(), change);
        if old == new {
            continue;
        }
        let mut entries = Vec::new();
        if let Some(old) = &old {
            entries
                .extend(old.parts.iter().map(|part| (group_entry(list, id.number(), part), None)));
        }
        if let Some(new) = &new {
            let bytes: Rc<[u8]> = new.to_bytes()?.into();
            table.insert(id.number(), &*bytes)?;
            entries.extend(new.parts.iter().map(|part| {
                (group_entry(list, id.number(), part), Some(Entry::Row(Rc::clone(&bytes))))
            }));
        } else {
            table.remove(id.number())?;
        }
        regrouped.push((id, entries));
    }
    Ok(regrouped)
}

/// The row after `change`; `None` when nothing is left.
fn changed(old: Option<&GroupRow>, change: GroupChange) -> Option<GroupRow> {
    let fresh = || GroupRow { parts: Vec::new(), albums: Vec::new() };
    let mut row = old.cloned().unwrap_or_else(fresh);
    for (library, PartChange { spelling, respelled, counts }) in change.parts {
        let place = row.parts.binary_search_by_key(&library, |part| part.library);
        let place = place.unwrap_or_else(|place| {
            row.parts.insert(place, GroupPart::none(library, spelling.0, spelling.1));
            place
        });
        let part = &mut row.parts[place];
        for (before, after) in respelled {
            if (&part.name, &part.sort) == (&before.0, &before.1) {
                (part.name, part.sort) = after;
            }
        }
        part.tracks = plus(part.tracks, counts.tracks);
        part.contributions = plus(part.contributions, counts.contributions);
        part.pictured = plus(part.pictured, counts.pictured);
        part.duration_ms = part.duration_ms.saturating_add_signed(counts.duration_ms);
    }
    row.parts.retain(|part| part.tracks > 0 || part.contributions > 0);
    for (libraries, more) in change.albums {
        let place = row.albums.binary_search_by(|known| known.libraries.cmp(&libraries));
        let place = place.unwrap_or_else(|place| {
            row.albums.insert(place, AlbumCount { libraries, albums: 0 });
            place
        });
        row.albums[place].albums = plus(row.albums[place].albums, more);
    }
    row.albums.retain(|count| count.albums > 0);
    (!row.parts.is_empty()).then_some(row)
}

fn plus(count: u32, change: i64) -> u32 {
    u32::try_from(i64::from(count) + change).unwrap_or(0)
}
