//! Tracks of an artist or a genre in another order than by album, in which no list of them stands.
//!
//! Either all of them are read and sorted, or the list of all tracks in this order is read for those
//! that are in it: what is cheaper by the numbers. An artist's tracks are few among many; of a genre
//! that half of the library belongs to every other track of the list is one.

use hexachord_contracts::{catalog::Track, ids::TrackId, page::Page};
use hexachord_storage::StoreError;
use redb::{ReadTransaction, ReadableTable, ReadableTableMetadata};

use super::{Asked, CountedNow, Tracks, page::behind, positions::Positions};
use crate::store::{
    LISTS, List, Scope, TrackRow, last_id, library_of, list_prefix, may_be_in, track_entry,
};

/// To read a track and make its key costs as much as to look at so many entries.
const ROW_IN_ENTRIES: u64 = 10;

/// A page of the `in_scope` tracks of a list that has no entries of its own, `skip` rows behind its first.
pub(super) fn page(
    read: &ReadTransaction,
    asked: Asked,
    (skip, counted): (u32, &CountedNow<'_>),
    place: (List, Scope),
    in_scope: u64,
    tracks: &mut Tracks,
) -> Result<Page<Track>, StoreError> {
    let lists = read.open_table(LISTS)?;
    if skip == 0 {
        return page_of(&lists, &asked, place, in_scope, tracks);
    }
    let positions = counted.positions(|| {
        let all = asked.at_the_start().in_order(all_of(&lists, place, tracks)?);
        Ok(Positions::of_keys(all.iter().map(|(key, _)| key.as_slice())))
    })?;
    let Some((mark, further)) = positions.before(skip) else {
        return Ok(Page { items: Vec::new(), next_cursor: None });
    };
    let asked = asked.behind_mark(mark, further);
    let mut page = page_of(&lists, &asked, place, in_scope, tracks)?;
    page.items.drain(..page.items.len().min(further as usize));
    Ok(page)
}

/// Whichever way is cheaper.
fn page_of(
    lists: &impl ReadableTable<&'static [u8], &'static [u8]>,
    asked: &Asked,
    place: (List, Scope),
    in_scope: u64,
    tracks: &mut Tracks,
) -> Result<Page<Track>, StoreError> {
    let all = tracks.table.len()?;
    let gathering = in_scope * ROW_IN_ENTRIES;
    let looking = asked.limit() * all / in_scope.max(1);
    if gathering <= looking {
        gathered(lists, asked, place, tracks)
    } else {
        looked_through(lists, asked, place, tracks)
    }
}

/// Reads all of them and sorts them.
fn gathered(
    lists: &impl ReadableTable<&'static [u8], &'static [u8]>,
    asked: &Asked,
    place: (List, Scope),
    tracks: &mut Tracks,
) -> Result<Page<Track>, StoreError> {
    let Page { items, next_cursor } = asked.sorted(all_of(lists, place, tracks)?);
    let mut page = Page { items: Vec::with_capacity(items.len()), next_cursor };
    for id in items {
        page.items.extend(tracks.get(id)?);
    }
    Ok(page)
}

/// All of them with their keys, in the order of their albums.
fn all_of(
    lists: &impl ReadableTable<&'static [u8], &'static [u8]>,
    (list, scope): (List, Scope),
    tracks: &Tracks,
) -> Result<Vec<(Vec<u8>, TrackId)>, StoreError> {
    let prefix = list_prefix(List::TracksByAlbum, scope);
    let end = behind(&prefix).unwrap_or_default();
    let mut all = Vec::new();
    for entry in lists.range(&prefix[..]..end.as_slice())? {
        let (key, value) = entry?;
        if !tracks.viewer.sees(library_of(value.value())) {
            continue;
        }
        let id = TrackId(last_id(key.value()));
        if let Some(row) = tracks.row(id)? {
            all.push((track_entry(list, scope, id, &row), id));
        }
    }
    Ok(all)
}

/// Looks through all tracks in this order.
fn looked_through(
    lists: &impl ReadableTable<&'static [u8], &'static [u8]>,
    asked: &Asked,
    (list, scope): (List, Scope),
    tracks: &mut Tracks,
) -> Result<Page<Track>, StoreError> {
    asked.read_from(&list_prefix(list, Scope::All), lists, |key, value| {
        if !may_be_in(value, scope) || !tracks.viewer.sees(library_of(value)) {
            return Ok(None);
        }
        let id = TrackId(last_id(key));
        match tracks.row(id)? {
            Some(row) if is_in(&row, scope) => tracks.of(id, row).map(Some),
            _ => Ok(None),
        }
    })
}

fn is_in(row: &TrackRow, scope: Scope) -> bool {
    match scope {
        Scope::Artist(wanted) => row.credits().any(|credit| credit.id == wanted),
        Scope::Genre(wanted) => row.genres.iter().any(|genre| genre.id == wanted),
        Scope::All | Scope::Album(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::{LibraryAccess, Timestamp, ids::LibraryId, page::Paging};
    use hexachord_storage::Backing;

    use super::*;
    use crate::{
        TrackWithoutFile, add_tracks_without_files,
        browse::Viewer,
        identity::{artist_id, genre_id, library_id},
        store::open,
    };

    const SORTS: [List; 4] =
        [List::TracksByTitle, List::TracksByArtist, List::TracksByYear, List::TracksByAdded];

    fn tracks(seed: u32, count: u32) -> Vec<TrackWithoutFile> {
        let track = |number: u32| TrackWithoutFile {
            title: format!("Title {}", number * 7 % 13),
            artist: format!("Artist {}", (number + seed) % 5),
            album: format!("Album {}", number / 4),
            genre: format!("Genre {}", number % 3),
            year: 1990 + (number * 5 % 7).cast_signed(),
            number,
            duration_ms: 1000,
        };
        (seed..seed + count).map(track).collect()
    }

    /// All pages, by whichever way.
    fn pages<E: std::fmt::Debug>(
        limit: u32,
        descending: bool,
        place: (List, Scope),
        page: impl Fn(&Asked) -> Result<Page<Track>, E>,
    ) -> Vec<TrackId> {
        let prefix = list_prefix(place.0, place.1);
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let paging = Paging { limit, cursor };
            let page = page(&Asked::new(0, &prefix, descending, &paging).unwrap()).unwrap();
            assert!(page.items.len() <= limit as usize);
            found.extend(page.items.iter().map(|track| track.id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                return found;
            }
        }
    }

    #[test]
    fn both_ways_answer_the_same_pages() {
        let store = open(Backing::Memory, 1).unwrap();
        for (place, library) in (0..).zip(["home", "away"]) {
            let now = Timestamp::from_millis(i64::from(place) * 1000);
            add_tracks_without_files(&store, library, tracks(place * 100, 40), now).unwrap();
        }
        let scopes = [Scope::Artist(artist_id("Artist 2")), Scope::Genre(genre_id("Genre 1"))];
        let home: [LibraryId; 1] = [library_id("home")];
        let viewers = [
            (Viewer::everything(), [16, 27]),
            (Viewer::of_access(LibraryAccess::Only(home.into())), [8, 13]),
        ];
        let check = |read: &ReadTransaction| {
            let lists = read.open_table(LISTS)?;
            for (viewer, counts) in &viewers {
                for (scope, count) in scopes.iter().zip(counts) {
                    for list in SORTS {
                        let place = (list, *scope);
                        let tracks = || Tracks::open(read, viewer.clone());
                        let one = |asked: &Asked| gathered(&lists, asked, place, &mut tracks()?);
                        let other =
                            |asked: &Asked| looked_through(&lists, asked, place, &mut tracks()?);
                        let whole = pages(500, false, place, one);
                        assert_eq!(whole.len(), *count, "{list:?} {scope:?}");
                        for limit in [1, 7, 500] {
                            assert_eq!(pages(limit, false, place, one), whole, "{list:?}");
                            assert_eq!(pages(limit, false, place, other), whole, "{list:?}");
                        }
                        let turned: Vec<_> = whole.iter().rev().copied().collect();
                        assert_eq!(pages(3, true, place, one), turned, "{list:?}");
                        assert_eq!(pages(3, true, place, other), turned, "{list:?}");
                    }
                }
            }
            Ok(())
        };
        store.read_blocking(check).unwrap();
    }
}
