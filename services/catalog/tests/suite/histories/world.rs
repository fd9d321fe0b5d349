//! Files on a disk, what happened to each of them, and what the store must know of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use hexachord_contracts::{catalog::StartScan, feed::FeedCursor, ids::TrackId};
use hexachord_fixtures::{Format, Piece, Tags, tag};

use super::{Pick, Place, Step};
use crate::house::{House, tags};

pub(super) const LIBRARIES: [&str; 2] = ["Music", "Other"];
/// Keeps a library from being empty, which would look like an unmounted disk.
const KEPT: &str = "kept.flac";

/// One file through all that happens to it; a copy is another one.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) entity: u64,
    pub(super) audio: u64,
    pub(super) tags: u8,
    /// Since the last scan that saw it.
    pub(super) is_retagged: bool,
}

/// What the store knows of a track since the last scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) audio: u64,
    pub(super) tags: u8,
    pub(super) path: String,
    /// The number of the scan that found it first.
    pub(super) added: u64,
    pub(super) is_missing: bool,
}

pub(super) struct World {
    pub(super) house: Option<House>,
    /// By path; in unmounted libraries, too.
    pub(super) files: BTreeMap<String, File>,
    /// What was removed, with the place where it was.
    removed: Vec<(String, File)>,
    /// With whether the folder is there.
    pub(super) unmounted: BTreeMap<&'static str, bool>,
    entities: u64,
    pub(super) scans: u64,
    /// How far the feed was read.
    pub(super) cursor: FeedCursor,
    /// Audio that ever was in several files.
    pub(super) copied: BTreeSet<u64>,
    pub(super) ids: BTreeMap<u64, TrackId>,
    pub(super) known: BTreeMap<TrackId, Known>,
    /// Ids that audio has where nothing is known of it.
    pub(super) first_ids: BTreeMap<u64, TrackId>,
}

impl World {
    pub(super) async fn new() -> Self {
        let mut world = Self {
            house: Some(House::with(&LIBRARIES).await),
            files: BTreeMap::new(),
            removed: Vec::new(),
            unmounted: BTreeMap::new(),
            entities: 0,
            scans: 0,
            cursor: FeedCursor { epoch: 1, sequence: 0 },
            copied: BTreeSet::new(),
            ids: BTreeMap::new(),
            known: BTreeMap::new(),
            first_ids: BTreeMap::new(),
        };
        for library in LIBRARIES {
            world.add(format!("{library}/{KEPT}"), Format::Flac, 0);
        }
        world
    }

    pub(super) fn house(&self) -> &House {
        self.house.as_ref().unwrap()
    }

    pub(super) async fn take(&mut self, step: &Step) {
        match *step {
            Step::Add { place, tags } => {
                let format = *Format::ALL.iter().cycle().nth(self.files.len()).unwrap();
                if let Some(path) = self.free(place, format.extension()) {
                    self.add(path, format, tags);
                }
            }
            Step::Copy { file, place } => self.copy(file, place),
            Step::Move { file, place } => drop(self.relocate(file, place)),
            Step::MoveFolder { from, to } => self.move_folder(from, to),
            Step::SwapNames { one, other } => self.swap_names(one, other),
            Step::Retag { file, tags, grown } => {
                if let Some(path) = self.pick(file) {
                    self.retag(&path, tags, grown);
                }
            }
            Step::MoveAndRetag { file, place, tags, grown } => {
                if let Some(path) = self.relocate(file, place) {
                    self.retag(&path, tags, grown);
                }
            }
            Step::Remove { file } => {
                if let Some(path) = self.pick(file) {
                    self.remove(&path);
                }
            }
            Step::RemoveFolder { folder } => {
                for path in self.files_in(folder) {
                    self.remove(&path);
                }
            }
            Step::Restore { file, place } => self.restore(file, place),
            Step::Unmount { library, emptied } => {
                self.unmount(LIBRARIES[usize::from(library)], emptied);
            }
            Step::Remount => self.remount(),
            Step::Scan { full } => {
                let state =
                    self.house().scan_with(StartScan { full, ..StartScan::default() }).await;
                self.check(&state).await;
            }
            Step::Reopen => {
                self.house.as_mut().unwrap().reopen(&LIBRARIES).await;
                // It makes the folders that are not there.
                self.unmounted.values_mut().for_each(|is_there| *is_there = true);
            }
            Step::Forget => self.forget().await,
        }
    }

    /// The data folder is deleted; ids of audio that never was in several files must be the same.
    pub(super) async fn forget(&mut self) {
        let house = self.house.take().unwrap();
        self.house = Some(house.fresh().await);
        self.cursor.sequence = 0;
        self.known.clear();
        let copies = self.files.values().chain(self.removed.iter().map(|(_, file)| file));
        let copies = copies.filter(|file| self.copied.contains(&file.audio));
        let copies: BTreeSet<u64> = copies.map(|file| file.entity).collect();
        self.ids.retain(|entity, _| !copies.contains(entity));
    }

    fn add(&mut self, path: String, format: Format, tags: u8) {
        self.entities += 1;
        let (entity, audio) = (self.entities, self.entities);
        let silent_opening = if audio.is_multiple_of(3) { 10 } else { 0 };
        let piece = Piece { format, seed: audio, silent_opening, frames: 14 };
        self.house().put(&path, piece, &tags_of(audio, tags, false));
        self.files.insert(path, File { entity, audio, tags, is_retagged: false });
    }

    fn copy(&mut self, file: Pick, place: Place) {
        let Some(from) = self.pick(file) else { return };
        let Some(to) = self.free(place, ending(&from)) else { return };
        let (source, target) = (self.house().path(&from), self.house().path(&to));
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(source, target).unwrap();
        self.entities += 1;
        let copy = File { entity: self.entities, is_retagged: false, ..self.files[&from].clone() };
        self.copied.insert(copy.audio);
        self.files.insert(to, copy);
    }

    /// Where the file is now.
    fn relocate(&mut self, file: Pick, place: Place) -> Option<String> {
        let from = self.pick(file)?;
        let to = path_of(place, ending(&from));
        if !self.is_mounted(&to) || from == to {
            return None;
        }
        self.house().rename(&from, &to);
        let file = self.files.remove(&from).unwrap();
        self.files.insert(to.clone(), file);
        Some(to)
    }

    fn move_folder(&mut self, from: Place, to: Place) {
        for path in self.files_in(from) {
            let name = path.rsplit_once('/').unwrap().1;
            let to = format!("{}/{name}", folder_of(to));
            if self.is_mounted(&to) && !self.files.contains_key(&to) {
                self.house().rename(&path, &to);
                let file = self.files.remove(&path).unwrap();
                self.files.insert(to, file);
            }
        }
    }

    fn swap_names(&mut self, one: Pick, other: Pick) {
        let (Some(one), Some(other)) = (self.pick(one), self.pick(other)) else { return };
        if one == other || ending(&one) != ending(&other) {
            return;
        }
        self.house().rename(&one, "aside");
        self.house().rename(&other, &one);
        self.house().rename("aside", &other);
        let (first, second) = (self.files[&one].clone(), self.files[&other].clone());
        self.files.insert(one, second);
        self.files.insert(other, first);
    }

    fn retag(&mut self, path: &str, tags: u8, grown: bool) {
        let file = self.files.get_mut(path).unwrap();
        (file.tags, file.is_retagged) = (tags, true);
        let tags = tags_of(file.audio, tags, grown);
        tag(self.house().path(path), &tags).unwrap();
    }

    fn remove(&mut self, path: &str) {
        let file = self.files.remove(path).unwrap();
        self.house().rename(path, &format!("removed/{}", file.entity));
        self.removed.push((path.to_owned(), file));
    }

    fn restore(&mut self, file: Pick, place: Option<Place>) {
        if self.removed.is_empty() {
            return;
        }
        let nth = usize::from(file) % self.removed.len();
        let was = &self.removed[nth].0;
        let to = place.map_or_else(|| was.clone(), |place| path_of(place, ending(was)));
        if self.is_mounted(&to) && !self.files.contains_key(&to) {
            let (_, file) = self.removed.swap_remove(nth);
            self.house().rename(&format!("removed/{}", file.entity), &to);
            self.files.insert(to, file);
        }
    }

    fn unmount(&mut self, library: &'static str, is_there: bool) {
        if self.unmounted.insert(library, is_there).is_none() {
            self.house().rename(library, &format!("unmounted/{library}"));
        }
        if is_there {
            fs::create_dir_all(self.house().path(library)).unwrap();
        }
    }

    fn remount(&mut self) {
        for library in std::mem::take(&mut self.unmounted).into_keys() {
            let folder = self.house().path(library);
            if folder.exists() {
                fs::remove_dir(folder).unwrap();
            }
            self.house().rename(&format!("unmounted/{library}"), library);
        }
    }

    pub(super) fn is_mounted(&self, path: &str) -> bool {
        !self.unmounted.contains_key(library_of(path))
    }

    /// Files that the next scan sees.
    pub(super) fn seen(&self) -> impl Iterator<Item = (&String, &File)> {
        self.files.iter().filter(|(path, _)| self.is_mounted(path))
    }

    fn pick(&self, file: Pick) -> Option<String> {
        let files: Vec<_> = self.seen().filter(|(path, _)| !path.ends_with(KEPT)).collect();
        let nth = usize::from(file).checked_rem(files.len())?;
        Some(files[nth].0.clone())
    }

    fn files_in(&self, folder: Place) -> Vec<String> {
        let folder = format!("{}/", folder_of(folder));
        self.seen()
            .map(|(path, _)| path)
            .filter(|path| path.starts_with(&folder))
            .cloned()
            .collect()
    }

    fn free(&self, place: Place, ending: &str) -> Option<String> {
        let path = path_of(place, ending);
        (self.is_mounted(&path) && !self.files.contains_key(&path)).then_some(path)
    }
}

/// No two pieces are tagged alike, but a piece and its copies may be.
fn tags_of(audio: u64, number: u8, grown: bool) -> Tags {
    let padding_comment = if grown { 20_000 } else { 0 };
    let album = format!("Album {number}");
    Tags { padding_comment, ..tags("Guido", &album, 1 + u32::from(number), &title(audio, number)) }
}

pub(super) fn title(audio: u64, tags: u8) -> String {
    format!("{audio} as {tags}")
}

fn folder_of(Place(library, folder, _): Place) -> String {
    format!("{}/{}", LIBRARIES[usize::from(library)], ["a", "a/b", "c"][usize::from(folder)])
}

fn path_of(place: Place, ending: &str) -> String {
    format!("{}/{}.{ending}", folder_of(place), place.2)
}

fn ending(path: &str) -> &str {
    path.rsplit_once('.').unwrap().1
}

pub(super) fn library_of(path: &str) -> &str {
    path.split_once('/').unwrap().0
}
