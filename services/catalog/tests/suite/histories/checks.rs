//! What must be true after every scan.

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::ffi::OsStrExt,
    path::Path,
};

use hexachord_contracts::{
    catalog::{CatalogChange, FollowCatalog, GetTrack, Locate, ScanPhase, ScanState},
    feed::Changes,
    ids::TrackId,
};

use super::{
    Step,
    world::{File, Known, LIBRARIES, World, library_of, title},
};

/// Tracks that are not missing, by the path that the catalog tells.
type Listed = BTreeMap<String, TrackId>;

impl World {
    pub(super) async fn check(&mut self, state: &ScanState) {
        assert_eq!((state.phase, state.unreadable), (ScanPhase::Finished, 0), "{state:?}");
        self.scans += 1;
        let listed = self.listed().await;
        self.every_file_is_one_track(&listed);
        self.hear_of_copies(&listed).await;
        self.nothing_is_lost_by_unmounting(&listed);
        self.ids_are_as_expected(&listed);
        self.no_id_is_new_while_one_is_free(&listed);
        let was_there = self.known.iter().filter(|(_, known)| !known.is_missing);
        let is_listed = |id: &TrackId| listed.values().any(|listed| listed == id);
        let lost = was_there.filter(|(id, _)| !is_listed(id)).count();
        assert_eq!(state.missing, lost as u64, "{state:?}");
        self.no_lost_track_has_a_young_copy(&listed);
        self.learn(&listed);
        self.what_is_not_listed_is_missing().await;
    }

    pub(super) async fn a_fresh_store_always_gives_the_same_ids(&mut self) {
        let mut given = Vec::new();
        for _ in 0..2 {
            self.forget().await;
            self.take_scan().await;
            given.push(self.listed().await);
        }
        assert_eq!(given[0], given[1]);
    }

    async fn take_scan(&mut self) {
        Box::pin(self.take(&Step::Scan { full: false })).await;
    }

    async fn listed(&self) -> Listed {
        let mut listed = Listed::new();
        for track in self.house().tracks().await {
            let location = self.house().ask(|| Locate { track: track.id }).await;
            let path = Path::new(std::ffi::OsStr::from_bytes(&location.path));
            let path = path.strip_prefix(self.house().temp.path()).unwrap();
            let path = path.to_str().unwrap().to_owned();
            if let Some(file) = self.files.get(&path).filter(|_| self.is_mounted(&path)) {
                assert_eq!(track.title, title(file.audio, file.tags), "{path}");
            }
            assert_eq!(listed.insert(path.clone(), track.id), None, "{path} is two tracks");
        }
        listed
    }

    fn every_file_is_one_track(&self, listed: &Listed) {
        let paths: BTreeSet<&String> = self.seen().map(|(path, _)| path).collect();
        let listed: BTreeSet<&String> =
            listed.keys().filter(|path| self.is_mounted(path)).collect();
        assert_eq!(listed, paths);
    }

    fn nothing_is_lost_by_unmounting(&self, listed: &Listed) {
        for (id, known) in self.known.iter().filter(|(_, known)| !known.is_missing) {
            match self.unmounted.get(library_of(&known.path)) {
                None => {}
                Some(false) => assert_eq!(listed.get(&known.path), Some(id), "{known:?}"),
                // From an empty folder music may have moved elsewhere.
                Some(true) => assert!(listed.values().any(|listed| listed == id), "{known:?}"),
            }
        }
    }

    /// Copies that became what they were copied from, as the feed tells.
    async fn hear_of_copies(&mut self, listed: &Listed) {
        loop {
            let after = self.cursor;
            let follow = || FollowCatalog { after, limit: 500, wait_ms: 0 };
            let Changes::Page { items, cursor } = self.house().ask(follow).await else {
                panic!("the feed goes on");
            };
            for item in items {
                if let CatalogChange::TrackBecame { from, to, .. } = item {
                    self.unite(from, to, listed);
                }
            }
            if cursor == after {
                return;
            }
            self.cursor = cursor;
        }
    }

    fn unite(&mut self, from: TrackId, to: TrackId, listed: &Listed) {
        let (copy, track) = (self.known.remove(&from).unwrap(), &self.known[&to]);
        let (path, _) = listed.iter().find(|(_, id)| **id == to).unwrap();
        let file = &self.files[path];
        assert!(!copy.is_missing && !track.is_missing && copy.added > track.added, "{copy:?}");
        assert_eq!((copy.audio, file.audio, file.tags), (track.audio, track.audio, track.tags));
        let is_there = self
            .seen()
            .any(|(path, file)| *path == track.path && self.ids.get(&file.entity) == Some(&to));
        assert!(!is_there, "{track:?} lost nothing");
        let entity = file.entity;
        self.ids.retain(|_, id| *id != to);
        self.ids.insert(entity, to);
        self.known.get_mut(&to).unwrap().path.clone_from(path);
    }

    fn no_lost_track_has_a_young_copy(&self, listed: &Listed) {
        let is_listed = |id: &TrackId| listed.values().any(|listed| listed == id);
        for (id, lost) in self.known.iter().filter(|(id, lost)| !lost.is_missing && !is_listed(id))
        {
            let copies = listed.iter().filter(|(path, copy)| {
                let Some(known) = self.known.get(copy) else { return false };
                let seen = self.files.get(*path).filter(|_| self.is_mounted(path));
                let tags = seen.map_or(known.tags, |file| file.tags);
                known.audio == lost.audio && known.added > lost.added && tags == lost.tags
            });
            assert_ne!(copies.count(), 1, "{id} was {lost:?}");
        }
    }

    fn ids_are_as_expected(&self, listed: &Listed) {
        for (path, file) in self.seen() {
            if let Some(id) = self.ids.get(&file.entity)
                && self.is_unmistakable(path, file, *id)
            {
                assert_eq!(listed[path], *id, "{path} was {file:?}, {:?}", self.known.get(id));
            }
        }
        // Where nothing is known of its audio, the first file has the id that follows from it.
        for audio in self.seen().map(|(_, file)| file.audio).collect::<BTreeSet<_>>() {
            if self.known.values().all(|known| known.audio != audio)
                && let Some(id) = self.first_ids.get(&audio)
            {
                let (first, _) = self.seen().find(|(_, file)| file.audio == audio).unwrap();
                assert_eq!(listed[first], *id, "{first}");
            }
        }
    }

    /// Must the file be what it was, whatever happened to files of equal audio?
    fn is_unmistakable(&self, path: &str, file: &File, id: TrackId) -> bool {
        if !self.copied.contains(&file.audio) {
            return true;
        }
        let Some(known) = self.known.get(&id) else { return false };
        let is_alone = || {
            let mut others = self.seen().filter(|(path, other)| {
                other.audio == file.audio && other.entity != file.entity && !self.is_at(other, path)
            });
            let mut lost = self.lost(file.audio).filter(|(lost, _)| **lost != id);
            others.next().is_none() && lost.next().is_none()
        };
        let is_back = || {
            let as_it_was = known.path == path && known.tags == file.tags;
            as_it_was && !self.lost(file.audio).any(|(lost, other)| *lost != id && other == known)
        };
        let stayed = known.path == path && !known.is_missing;
        let was_only_renamed = !known.is_missing && !file.is_retagged;
        stayed || was_only_renamed || is_back() || is_alone()
    }

    /// Is the file where the store knows it?
    fn is_at(&self, file: &File, path: &str) -> bool {
        let known = self.ids.get(&file.entity).and_then(|id| self.known.get(id));
        known.is_some_and(|known| !known.is_missing && known.path == path)
    }

    /// Tracks that a file may be which is not at a known place.
    fn lost(&self, audio: u64) -> impl Iterator<Item = (&TrackId, &Known)> {
        self.known.iter().filter(move |(id, known)| {
            let there = self.files.get(&known.path);
            let is_there = match self.unmounted.get(library_of(&known.path)) {
                Some(is_emptied) => !is_emptied,
                None => there.is_some_and(|file| self.ids.get(&file.entity) == Some(id)),
            };
            known.audio == audio && (known.is_missing || !is_there)
        })
    }

    fn no_id_is_new_while_one_is_free(&self, listed: &Listed) {
        let mut tracks = BTreeMap::<u64, (BTreeSet<TrackId>, BTreeSet<TrackId>)>::new();
        for (id, known) in &self.known {
            tracks.entry(known.audio).or_default().0.insert(*id);
        }
        for (path, id) in listed {
            let seen = self.files.get(path).filter(|_| self.is_mounted(path));
            let audio = seen.map_or_else(|| self.known[id].audio, |file| file.audio);
            tracks.entry(audio).or_default().1.insert(*id);
        }
        for (audio, (before, now)) in tracks {
            let after = before.union(&now).count();
            assert_eq!(after, before.len().max(now.len()), "{audio}: {before:?}, now {now:?}");
        }
    }

    fn learn(&mut self, listed: &Listed) {
        let seen: Vec<(String, File)> =
            self.seen().map(|(path, file)| (path.clone(), file.clone())).collect();
        for (path, file) in &seen {
            if self.known.values().all(|known| known.audio != file.audio) {
                self.first_ids.entry(file.audio).or_insert_with(|| listed[path]);
            }
        }
        for known in self.known.values_mut() {
            known.is_missing = true;
        }
        for (path, file) in seen {
            let id = listed[&path];
            self.ids.retain(|_, known| *known != id);
            self.ids.insert(file.entity, id);
            self.files.get_mut(&path).unwrap().is_retagged = false;
            let File { audio, tags, .. } = file;
            let added = self.known.get(&id).map_or(self.scans, |known| known.added);
            self.known.insert(id, Known { audio, tags, path, added, is_missing: false });
        }
        for (path, id) in listed {
            if let Some(known) = self.known.get_mut(id).filter(|known| known.path == *path) {
                known.is_missing = false;
            }
        }
    }

    async fn what_is_not_listed_is_missing(&self) {
        for (id, known) in &self.known {
            let track = self.house().ask(|| GetTrack { track: *id }).await;
            assert_eq!(track.missing_since.is_some(), known.is_missing, "{known:?}");
            assert_eq!(track.title, title(known.audio, known.tags));
        }
        let libraries = self.house().ask(|| hexachord_contracts::catalog::ListLibraries {}).await;
        let counted: u64 = libraries.iter().map(|library| library.track_count).sum();
        let there = self.known.values().filter(|known| !known.is_missing).count();
        assert_eq!((libraries.len(), counted), (LIBRARIES.len(), there as u64));
    }
}
