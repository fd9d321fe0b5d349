//! The room that the cache takes: when it is too much, what was not used for the longest time goes.

use std::fs::{File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hexachord_contracts::Clock;

/// What is used often is not marked more often.
const MARK: Duration = Duration::from_hours(24);

/// Counts what is added, and looks at the folder once before that. Where several processes share it,
/// each knows of its own part until it looks again.
pub(super) struct Room {
    folder: PathBuf,
    /// `None`: as much as there is.
    most_bytes: Option<u64>,
    clock: Clock,
    /// As far as known; `None`: nobody looked yet.
    taken: Mutex<Option<u64>>,
}

struct Kept {
    used_at: SystemTime,
    bytes: u64,
    path: PathBuf,
}

impl Room {
    pub(super) fn new(folder: PathBuf, most_bytes: Option<u64>, clock: Clock) -> Self {
        Self { folder, most_bytes, clock, taken: Mutex::new(None) }
    }

    /// A file of the cache was sent: its time of access says so, whatever the disk is mounted with.
    pub(super) fn is_used(&self, file: &File) {
        let now = self.now();
        let used_at = file.metadata().and_then(|facts| facts.accessed());
        let is_long_ago = |used_at| now.duration_since(used_at).is_ok_and(|since| since > MARK);
        if self.most_bytes.is_some() && used_at.is_ok_and(is_long_ago) {
            // A cache that cannot be marked is still one that can be read.
            drop(file.set_times(FileTimes::new().set_accessed(now)));
        }
    }

    /// So many bytes were added. Removes what is too much.
    pub(super) fn takes(&self, bytes: u64) {
        let Some(most) = self.most_bytes else { return };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let known = taken.map_or_else(
            || self.files().iter().map(|kept| kept.bytes).sum(),
            |taken| taken.saturating_add(bytes),
        );
        *taken = Some(if known > most { self.make_room(most) } else { known });
    }

    /// Keeps nine tenths of what there may be, so that not every picture makes room; the bytes then.
    fn make_room(&self, most: u64) -> u64 {
        let mut kept = self.files();
        kept.sort_by_key(|kept| kept.used_at);
        let mut taken: u64 = kept.iter().map(|kept| kept.bytes).sum();
        let before = taken;
        for Kept { bytes, path, .. } in kept {
            if taken <= most - most / 10 {
                break;
            }
            match std::fs::remove_file(&path) {
                Ok(()) => taken -= bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => taken -= bytes,
                Err(error) => tracing::warn!(%error, path = %path.display(), "artwork stays"),
            }
        }
        tracing::debug!(before, taken, "made room in the artwork cache");
        taken
    }

    fn files(&self) -> Vec<Kept> {
        let mut files = Vec::new();
        for folder in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            files.extend(files_of(&folder.path()));
        }
        files
    }

    fn now(&self) -> SystemTime {
        let millis = u64::try_from(self.clock.now().as_millis()).unwrap_or(0);
        UNIX_EPOCH + Duration::from_millis(millis)
    }
}

/// What is gone meanwhile, or cannot be looked at, is left out.
fn files_of(folder: &Path) -> impl Iterator<Item = Kept> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let facts = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some(Kept { used_at: facts.accessed().ok()?, bytes: facts.len(), path: entry.path() })
    })
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::Timestamp;

    use super::*;

    /// A cache of files of 100 bytes, used so many days after the first day.
    fn folder(used: &[(&str, u64)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, day) in used {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, [0; 100]).unwrap();
            let times = FileTimes::new().set_accessed(day_of(*day));
            File::options().write(true).open(path).unwrap().set_times(times).unwrap();
        }
        folder
    }

    fn day_of(day: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_hours(24 * (20_000 + day))
    }

    fn clock(day: u64) -> Clock {
        let millis = day_of(day).duration_since(UNIX_EPOCH).unwrap().as_millis();
        Clock::manual(Timestamp::from_millis(i64::try_from(millis).unwrap()))
    }

    fn left(folder: &Path) -> Vec<String> {
        let room = Room::new(folder.to_owned(), None, clock(0));
        let name = |kept: Kept| kept.path.file_name().unwrap().to_string_lossy().into_owned();
        let mut left: Vec<String> = room.files().into_iter().map(name).collect();
        left.sort();
        left
    }

    #[test]
    fn what_was_not_used_for_the_longest_time_goes() {
        let folder = folder(&[("aa/a", 3), ("aa/b", 1), ("bb/c", 4), ("bb/d", 2)]);
        let room = Room::new(folder.path().to_owned(), Some(400), clock(9));
        room.takes(100);
        assert_eq!(left(folder.path()).len(), 4, "it counts what is there, not twice");
        room.takes(1);
        assert_eq!(left(folder.path()), ["a", "c", "d"]);
        room.takes(100);
        assert_eq!(left(folder.path()), ["a", "c", "d"], "there is room again");
    }

    #[test]
    fn what_is_used_stays() {
        let folder = folder(&[("aa/a", 1), ("aa/b", 2)]);
        let room = Room::new(folder.path().to_owned(), Some(150), clock(9));
        room.is_used(&File::open(folder.path().join("aa/a")).unwrap());
        room.takes(0);
        assert_eq!(left(folder.path()), ["a"]);
    }

    #[test]
    fn a_cache_without_a_limit_keeps_all() {
        let folder = folder(&[("aa/a", 1)]);
        Room::new(folder.path().to_owned(), None, clock(9)).takes(u64::MAX);
        assert_eq!(left(folder.path()), ["a"]);
    }
}
