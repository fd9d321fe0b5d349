//! What is in the folder of streams, and in which order it was last of use.

use std::{collections::HashMap, fs, io, path::Path, time::SystemTime};

use super::names::{Key, Named};

#[derive(Debug, Default)]
pub(super) struct Index {
    files: HashMap<Key, Kept>,
    bytes: u64,
    /// Counts uses.
    turn: u64,
}

#[derive(Debug)]
struct Kept {
    len: u64,
    /// Of its last use.
    turn: u64,
}

impl Index {
    /// Reads a folder; what is unfinished or damaged in it is removed.
    pub(super) fn of(folder: &Path) -> io::Result<Self> {
        let mut found: Vec<(SystemTime, Key, u64)> = Vec::new();
        for entry in fs::read_dir(folder)? {
            let Ok(entry) = entry else { continue };
            let name = entry.file_name();
            let Some(named) = name.to_str().and_then(Named::parse) else { continue };
            // Links are not followed.
            let Ok(metadata) = entry.metadata() else { continue };
            if !metadata.is_file() {
                continue;
            }
            match named {
                Named::Finished { key, len } if metadata.len() == len => {
                    found.push((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), key, len));
                }
                Named::Finished { .. } | Named::Unfinished => {
                    if let Err(error) = fs::remove_file(entry.path()) {
                        tracing::debug!(%error, "an unfinished stream cannot be removed");
                    }
                }
            }
        }
        found.sort_unstable();
        let mut index = Self::default();
        for (_used, key, len) in found {
            index.add(key, len);
        }
        Ok(index)
    }

    pub(super) fn add(&mut self, key: Key, len: u64) {
        self.turn += 1;
        let before = self.files.insert(key, Kept { len, turn: self.turn });
        self.bytes = self.bytes + len - before.map_or(0, |before| before.len);
    }

    /// Notes a use, and answers the length.
    pub(super) fn used(&mut self, key: Key) -> Option<u64> {
        self.turn += 1;
        let kept = self.files.get_mut(&key)?;
        kept.turn = self.turn;
        Some(kept.len)
    }

    pub(super) fn forget(&mut self, key: Key) {
        let forgotten = self.files.remove(&key);
        self.bytes -= forgotten.map_or(0, |kept| kept.len);
    }

    /// Forgets the least recently used while there is more than `most` bytes.
    pub(super) fn shrink(&mut self, most: u64) -> Vec<(Key, u64)> {
        let mut gone = Vec::new();
        if self.bytes <= most {
            return gone;
        }
        let mut oldest: Vec<(u64, Key, u64)> =
            self.files.iter().map(|(key, kept)| (kept.turn, *key, kept.len)).collect();
        oldest.sort_unstable();
        for (_turn, key, len) in oldest {
            if self.bytes <= most {
                break;
            }
            self.forget(key);
            gone.push((key, len));
        }
        gone
    }

    /// Files and bytes.
    pub(super) fn size(&self) -> (usize, u64) {
        (self.files.len(), self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_go_first() {
        let mut index = Index::default();
        let key = |number| Key([number; 16]);
        for number in 1..=4 {
            index.add(key(number), 10);
        }
        assert_eq!(index.used(key(1)), Some(10));
        assert_eq!(index.used(key(9)), None);
        assert_eq!(index.shrink(20), [(key(2), 10), (key(3), 10)]);
        assert_eq!(index.size(), (2, 20));
        index.add(key(1), 15);
        assert_eq!(index.size(), (2, 25));
        assert_eq!(index.shrink(0), [(key(4), 10), (key(1), 15)]);
        assert_eq!(index.size(), (0, 0));
    }
}
