//! What nobody has listened to yet: the tracks that were added last come first, album by album.

use std::collections::HashSet;

use hexachord_audio::MeasureKind;
use hexachord_contracts::ids::{LibraryId, TrackId};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use crate::{
    browse::behind,
    store::{
        AudioKey, LISTS, List, Measurements, Part, Scope, TRACKS, TrackRow, last_id, library_of,
        list_prefix, record,
    },
};

/// Tracks of one batch.
const BATCH: usize = 16;
/// Tracks that are looked at in one transaction.
const LOOKED_AT: usize = 1000;

/// A track that is to be listened to.
#[derive(Debug, Clone)]
pub(super) struct Unheard {
    pub(super) key: AudioKey,
    pub(super) library: LibraryId,
    /// Below its library's folder.
    pub(super) path: Vec<u8>,
    pub(super) part: Option<Part>,
    /// What is not known of it.
    pub(super) kinds: Vec<MeasureKind>,
    pub(super) duration_ms: u64,
}

/// Goes through all tracks once.
pub(super) struct Walk {
    /// What is to be gone through, the last one first; each from its end.
    stretches: Vec<Stretch>,
    /// The first key behind what there was when it was looked last.
    newest: Vec<u8>,
}

/// Keys of the list by time: from one on, and up to another.
struct Stretch {
    from: Vec<u8>,
    to: Vec<u8>,
}

impl Walk {
    pub(super) fn begin() -> Self {
        let newest = list_prefix(List::TracksByAdded, Scope::All).to_vec();
        Self { stretches: Vec::new(), newest }
    }

    /// What was added since this was asked last goes before the rest.
    pub(super) fn look_for_news(&mut self, read: &ReadTransaction) -> Result<(), StoreError> {
        let prefix = list_prefix(List::TracksByAdded, Scope::All);
        let to = behind(&prefix).unwrap_or_default();
        let lists = read.open_table(LISTS)?;
        let last = lists.range(self.newest.as_slice()..to.as_slice())?.next_back().transpose()?;
        if let Some((last, _)) = last {
            let to = [last.value(), &[0]].concat();
            let from = std::mem::replace(&mut self.newest, to.clone());
            self.stretches.push(Stretch { from, to });
        }
        Ok(())
    }

    /// Some that nobody has listened to, outside of these libraries; `None` at the end. It may be empty
    /// before.
    pub(super) fn next(
        &mut self,
        read: &ReadTransaction,
        left_out: &HashSet<LibraryId>,
    ) -> Result<Option<Vec<Unheard>>, StoreError> {
        let Some(stretch) = self.stretches.last_mut() else { return Ok(None) };
        let (lists, tracks) = (read.open_table(LISTS)?, read.open_table(TRACKS)?);
        let known = Measurements::open(read)?;
        let mut found: Vec<Unheard> = Vec::with_capacity(BATCH);
        let mut stop = None;
        let entries = lists.range(stretch.from.as_slice()..stretch.to.as_slice())?;
        for (count, entry) in entries.rev().enumerate() {
            let (place, library) = entry?;
            if count == LOOKED_AT || found.len() == BATCH {
                stop = Some([place.value(), &[0]].concat());
                break;
            }
            let library = library_of(library.value());
            if left_out.contains(&library) {
                continue;
            }
            let row: Option<TrackRow> = record(&tracks, TrackId(last_id(place.value())).0)?;
            let Some(row) = row else { continue };
            let key = row.audio_key();
            let kinds = known.lacking(&key.to_bytes())?;
            if !kinds.is_empty() && found.iter().all(|other| other.key != key) {
                let TrackRow { path, part, duration_ms, .. } = row;
                found.push(Unheard { key, library, path, part, kinds, duration_ms });
            }
        }
        match stop {
            Some(to) => stretch.to = to,
            None => drop(self.stretches.pop()),
        }
        Ok(Some(found))
    }
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::Timestamp;
    use hexachord_storage::{Backing, Store};

    use super::*;
    use crate::{TrackWithoutFile, add_tracks_without_files, store::open};

    fn add(store: &Store, album: &str, at: i64, tracks: u32) {
        let track = |number| TrackWithoutFile {
            title: format!("{number}"),
            artist: "Guido".to_owned(),
            album: album.to_owned(),
            genre: String::new(),
            year: 1026,
            number,
            duration_ms: 1000,
        };
        let now = Timestamp::from_millis(at);
        add_tracks_without_files(store, "Music", (0..tracks).map(track).collect(), now).unwrap();
    }

    fn albums(batch: &[Unheard]) -> Vec<String> {
        let of = |unheard: &Unheard| {
            let path = String::from_utf8_lossy(&unheard.path).into_owned();
            path.split('/').nth(1).unwrap_or_default().to_owned()
        };
        let mut albums: Vec<_> = batch.iter().map(of).collect();
        albums.dedup();
        albums
    }

    #[test]
    fn what_is_new_goes_before_the_rest_and_nothing_comes_twice() {
        let store = open(Backing::Memory, 1).unwrap();
        add(&store, "Old", 1_000, 40);
        add(&store, "Newer", 2_000, 10);
        let none = HashSet::new();
        let mut walk = Walk::begin();
        let next = |walk: &mut Walk, news: bool| {
            store.read_blocking(|read| {
                if news {
                    walk.look_for_news(read)?;
                }
                walk.next(read, &none)
            })
        };
        let first = next(&mut walk, true).unwrap().unwrap();
        assert_eq!((first.len(), albums(&first)), (16, vec!["Newer".into(), "Old".into()]));
        add(&store, "News", 3_000, 3);
        let second = next(&mut walk, true).unwrap().unwrap();
        assert_eq!((second.len(), albums(&second)), (3, vec!["News".into()]));
        let mut seen: HashSet<AudioKey> = HashSet::new();
        let mut batches = vec![first, second];
        while let Some(batch) = next(&mut walk, false).unwrap() {
            batches.push(batch);
        }
        for unheard in batches.iter().flatten() {
            assert!(seen.insert(unheard.key), "{unheard:?} came twice");
        }
        assert_eq!(seen.len(), 53);
        let left_out = HashSet::from([crate::identity::library_id("Music")]);
        let mut walk = Walk::begin();
        let nothing = store.read_blocking(|read| {
            walk.look_for_news(read)?;
            walk.next(read, &left_out)
        });
        assert!(nothing.unwrap().unwrap().is_empty());
    }
}
