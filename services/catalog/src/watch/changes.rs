//! What was noticed in one library and not looked at yet.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::walk::{Depth, Folders, folder_of};

/// A place is looked at when nothing happened there for so long…
pub(super) const QUIET: Duration = Duration::from_millis(500);
/// …or when something happens there ever again for so long.
pub(super) const LATEST: Duration = Duration::from_millis(1200);
/// What happened this moment may be the first half of a move.
const MOMENT: Duration = Duration::from_millis(50);
/// A file that is open for writing is left out until it is closed, but no longer than this after it was
/// last written.
const ABANDONED: Duration = Duration::from_secs(30);
/// A file is opened so soon after its creation, if whoever made it writes it.
const OPENED_AFTER: Duration = Duration::from_millis(100);
/// More places are the whole library.
const MOST_PLACES: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Noticed {
    depth: Depth,
    first: Instant,
    last: Instant,
}

#[derive(Debug, Default)]
pub(super) struct Changes {
    places: BTreeMap<PathBuf, Noticed>,
    /// Folders that may have appeared: to be watched before they are looked at.
    appeared: Vec<PathBuf>,
    /// Files that are open for writing, and when they were written last.
    written: HashMap<PathBuf, Instant>,
    /// Files that were just made.
    created: HashMap<PathBuf, Instant>,
    /// Files that are being moved while they are open for writing.
    moving: Vec<(PathBuf, Instant)>,
    /// Is its folder about to be watched?
    pub(super) is_beginning: bool,
    /// Grows with the folders that are watched.
    pub(super) steps: u64,
    /// It was watched in this process before.
    pub(super) was_watched: bool,
    /// It is looked through again and again.
    pub(super) is_polled: bool,
}

impl Changes {
    pub(super) fn notice(&mut self, folder: &Path, depth: Depth, now: Instant) {
        self.notice_since(folder, depth, now, now);
    }

    /// Something happened in the folder that lies above `path`.
    pub(super) fn notice_beside(&mut self, path: &Path, now: Instant) {
        self.notice(folder_of(path), Depth::Shallow, now);
    }

    pub(super) fn notice_since(
        &mut self,
        folder: &Path,
        depth: Depth,
        first: Instant,
        last: Instant,
    ) {
        if let Some(noticed) = self.places.get_mut(folder) {
            noticed.depth = noticed.depth.max(depth);
            noticed.first = noticed.first.min(first);
            noticed.last = noticed.last.max(last);
        } else if self.places.len() >= MOST_PLACES {
            self.places.clear();
            let depth = Depth::Deep;
            self.places.insert(PathBuf::new(), Noticed { depth, first, last });
        } else {
            self.places.insert(folder.to_path_buf(), Noticed { depth, first, last });
        }
    }

    /// A folder may have appeared here.
    pub(super) fn appear(&mut self, path: &Path, now: Instant) {
        self.notice(path, Depth::Deep, now);
        if self.appeared.len() < MOST_PLACES {
            self.appeared.push(path.to_path_buf());
        } else {
            self.appeared = vec![PathBuf::new()];
        }
    }

    pub(super) fn appeared(&self) -> Vec<PathBuf> {
        self.appeared.clone()
    }

    /// These that appeared are watched now; what appears again meanwhile is not.
    pub(super) fn are_watched(&mut self, folders: &[PathBuf]) {
        let mut watched: HashMap<&Path, usize> = HashMap::new();
        for folder in folders {
            *watched.entry(folder).or_default() += 1;
        }
        self.appeared.retain(|folder| match watched.get_mut(folder.as_path()) {
            Some(times) if *times > 0 => {
                *times -= 1;
                false
            }
            _ => true,
        });
    }

    /// The whole library is watched now.
    pub(super) fn all_are_watched(&mut self) {
        self.appeared.clear();
    }

    pub(super) fn create(&mut self, path: &Path, now: Instant) {
        self.created.retain(|_, at| now.saturating_duration_since(*at) < OPENED_AFTER);
        self.created.insert(path.to_path_buf(), now);
    }

    /// A file is opened; whether to write it is only known of one that was just made.
    pub(super) fn open(&mut self, path: &Path, now: Instant) {
        let made = self.created.remove(path);
        if made.is_some_and(|at| now.saturating_duration_since(at) < OPENED_AFTER) {
            self.write(path, now);
        }
    }

    pub(super) fn write(&mut self, path: &Path, now: Instant) {
        if let Some(last) = self.written.get_mut(path) {
            *last = now;
        } else {
            self.written.insert(path.to_path_buf(), now);
        }
    }

    pub(super) fn close(&mut self, path: &Path) {
        self.written.remove(path);
    }

    /// What was at this path, or below it, is there no more.
    pub(super) fn leave(&mut self, path: &Path) {
        self.moving = self.written.extract_if(|file, _| file.starts_with(path)).collect();
    }

    /// What left `from` last is at `to` now.
    pub(super) fn arrive(&mut self, from: &Path, to: &Path) {
        for (file, last) in std::mem::take(&mut self.moving) {
            if let Ok(below) = file.strip_prefix(from) {
                // Joining an empty path would end in a slash.
                let file = if below == Path::new("") { to.to_path_buf() } else { to.join(below) };
                self.written.insert(file, last);
            }
        }
    }

    pub(super) fn being_written(&self) -> Vec<PathBuf> {
        self.written.keys().cloned().collect()
    }

    /// Forgets what was noticed before a look at everything began.
    pub(super) fn forget_before(&mut self, begun: Instant) {
        self.places.retain(|_, noticed| noticed.last >= begun);
    }

    /// Are there folders that are not watched yet?
    pub(super) fn is_behind(&self) -> bool {
        !self.appeared.is_empty()
    }

    /// Is there something that becomes due?
    pub(super) fn waits(&self) -> bool {
        !self.written.is_empty() || (!self.places.is_empty() && !self.is_busy())
    }

    /// When there is something to do next: now or earlier, if there is.
    pub(super) fn due(&self) -> Option<Instant> {
        let places = self.places.values();
        let places = places.map(|it| (it.last + QUIET).min((it.first + LATEST).max(it.last)));
        let places = if self.is_busy() { None } else { places.min() };
        let written = self.written.values().map(|last| *last + ABANDONED).min();
        places.into_iter().chain(written).min()
    }

    /// It is being watched: a look now might miss what happens behind it.
    fn is_busy(&self) -> bool {
        self.is_beginning || self.is_behind()
    }

    /// Files that are not written any more, although nobody closed them, are looked at.
    pub(super) fn give_up_on_writers(&mut self, now: Instant) {
        let is_abandoned = |last: &Instant| now.saturating_duration_since(*last) >= ABANDONED;
        let left: Vec<_> = self.written.extract_if(|_, last| is_abandoned(last)).collect();
        for (file, last) in left {
            self.notice_since(folder_of(&file), Depth::Shallow, last, last);
        }
    }

    /// All places to look at now that one of some library is due.
    pub(super) fn take(&mut self, now: Instant) -> Folders {
        let mut taken = Folders::default();
        if self.is_busy() {
            return taken;
        }
        let is_due = |it: &Noticed| {
            now.saturating_duration_since(it.last) >= MOMENT
                || (now >= it.last && now.saturating_duration_since(it.first) >= LATEST)
        };
        for (folder, noticed) in self.places.extract_if(.., |_, noticed| is_due(noticed)) {
            taken.add(folder, noticed.depth);
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn taken(changes: &mut Changes, now: Instant) -> Vec<String> {
        let taken = changes.take(now);
        taken.iter().map(|(folder, depth)| format!("{} {depth:?}", folder.display())).collect()
    }

    #[test]
    fn a_place_is_due_when_it_is_quiet_or_was_not_for_long() {
        let (mut changes, begun) = (Changes::default(), Instant::now());
        assert_eq!(changes.due(), None);
        changes.notice(Path::new("a"), Depth::Shallow, begun);
        assert_eq!(changes.due(), Some(begun + QUIET));
        for at in [400, 800, 1150] {
            changes.notice(Path::new("a"), Depth::Shallow, begun + at * MS);
        }
        assert_eq!(changes.due(), Some(begun + LATEST));
        // What happened this moment waits for its other half, unless it waited long enough.
        changes.notice(Path::new("b"), Depth::Deep, begun + 1199 * MS);
        assert_eq!(taken(&mut changes, begun + LATEST), ["a Shallow"]);
        assert_eq!(taken(&mut changes, begun + LATEST + MOMENT), ["b Deep"]);
        assert_eq!(changes.due(), None);
    }

    #[test]
    fn what_is_to_be_looked_at_later_waits() {
        let (mut changes, now) = (Changes::default(), Instant::now());
        let later = now + Duration::from_secs(5);
        changes.notice_since(Path::new("a"), Depth::Shallow, later, later);
        assert!(changes.due().is_some_and(|due| due >= later));
        assert!(changes.take(now).is_empty());
        changes.forget_before(now + MS);
        assert!(changes.due().is_some(), "a look that comes behind the scan is kept");
        changes.forget_before(later + MS);
        assert_eq!(changes.due(), None);
    }

    #[test]
    fn a_folder_that_appears_is_watched_before_it_is_looked_at() {
        let (mut changes, now) = (Changes::default(), Instant::now());
        changes.appear(Path::new("new"), now);
        assert_eq!((changes.due(), changes.take(now + LATEST).is_empty()), (None, true));
        assert_eq!(changes.appeared(), [PathBuf::from("new")]);
        let seen = changes.appeared();
        changes.appear(Path::new("newer"), now);
        // It went and came back while it was listed.
        changes.appear(Path::new("new"), now);
        changes.are_watched(&seen);
        assert_eq!((changes.due(), changes.appeared().len()), (None, 2));
        changes.are_watched(&changes.appeared());
        assert_eq!(taken(&mut changes, now + LATEST), ["new Deep", "newer Deep"]);
    }

    #[test]
    fn what_was_not_seen_is_not_taken_for_watched() {
        let (mut changes, now) = (Changes::default(), Instant::now());
        changes.appear(Path::new("a"), now);
        let seen = changes.appeared();
        // Another incarnation has watched everything meanwhile, and more appeared.
        changes.all_are_watched();
        changes.appear(Path::new("b"), now);
        changes.are_watched(&seen);
        assert_eq!(changes.appeared(), [PathBuf::from("b")]);
        let seen = changes.appeared();
        for number in 0..MOST_PLACES {
            changes.appear(Path::new(&number.to_string()), now);
        }
        changes.are_watched(&seen);
        assert_eq!(changes.appeared(), [PathBuf::new()], "too many: all of it is to be watched");
    }

    #[test]
    fn a_file_is_being_written_until_it_is_closed_moved_or_abandoned() {
        let (mut changes, now) = (Changes::default(), Instant::now());
        // A hard link is made and opened by nobody.
        changes.create(Path::new("linked.mp3"), now);
        changes.open(Path::new("linked.mp3"), now + OPENED_AFTER);
        changes.open(Path::new("read.mp3"), now);
        assert!(changes.being_written().is_empty());
        changes.create(Path::new("a/1.mp3"), now);
        changes.open(Path::new("a/1.mp3"), now + MS);
        changes.write(Path::new("a/2.mp3"), now);
        changes.close(Path::new("a/2.mp3"));
        assert_eq!(changes.being_written(), [PathBuf::from("a/1.mp3")]);
        changes.leave(Path::new("a"));
        changes.arrive(Path::new("a"), Path::new("b"));
        assert_eq!(changes.being_written(), [PathBuf::from("b/1.mp3")]);
        changes.leave(Path::new("b/1.mp3"));
        changes.arrive(Path::new("b/1.mp3"), Path::new("c.mp3"));
        assert_eq!(changes.being_written(), [PathBuf::from("c.mp3")]);
        assert_eq!(changes.due(), Some(now + MS + ABANDONED));
        changes.give_up_on_writers(now + ABANDONED);
        assert_eq!(changes.being_written().len(), 1);
        changes.give_up_on_writers(now + MS + ABANDONED);
        assert!(changes.being_written().is_empty());
        assert_eq!(taken(&mut changes, now + MS + ABANDONED), [" Shallow"]);
    }

    #[test]
    fn too_many_places_are_the_whole_library() {
        let (mut changes, now) = (Changes::default(), Instant::now());
        for number in 0..=MOST_PLACES {
            changes.notice(Path::new(&number.to_string()), Depth::Shallow, now);
        }
        assert_eq!(taken(&mut changes, now + QUIET), [" Deep"]);
    }
}
