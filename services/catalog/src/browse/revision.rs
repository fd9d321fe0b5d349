//! Of which revision lists are, and what was worked out of a list as long as it is of that one.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

use hexachord_contracts::LibraryAccess;
use hexachord_storage::{Outbox, StoreError};
use redb::ReadTransaction;

use crate::store::LIST_REVISION;

/// Lists of one kind that are remembered; with more, those of other revisions are forgotten, or else all.
const MOST: usize = 64;

/// While it is the same, every list has the same rows, and each of them stands where it stood, also where
/// a copy of the store was put back. What else a row tells may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revision {
    epoch: u64,
    changes: u64,
}

impl Revision {
    pub(crate) fn read(read: &ReadTransaction, outbox: &Outbox) -> Result<Self, StoreError> {
        let changes = read.open_table(LIST_REVISION)?.get(0)?.map_or(0, |changes| changes.value());
        Ok(Self { epoch: outbox.head(read)?.epoch, changes })
    }

    /// What a caller is told: with other libraries in sight it is another one.
    pub(crate) fn told(self, access: &LibraryAccess) -> String {
        let mut hasher = DefaultHasher::new();
        (self.epoch, self.changes, access).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

/// What was worked out, by what it was worked out for.
pub(crate) struct ByRevision<K, V>(Mutex<HashMap<K, (Revision, Arc<V>)>>);

impl<K, V> Default for ByRevision<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V> ByRevision<K, V> {
    /// What is remembered of this revision, or what `work_out` comes to, which is remembered if it is
    /// `worth` it. Two may work out the same at a time: nobody waits for another one's walk.
    pub(crate) fn get(
        &self,
        key: K,
        revision: Revision,
        work_out: impl FnOnce() -> Result<V, StoreError>,
        worth: impl FnOnce(&V) -> bool,
    ) -> Result<Arc<V>, StoreError> {
        if let Some((_, value)) = self.lock().get(&key).filter(|(of, _)| *of == revision) {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(work_out()?);
        if !worth(&value) {
            return Ok(value);
        }
        let mut all = self.lock();
        if all.len() >= MOST && !all.contains_key(&key) {
            all.retain(|_, (of, _)| *of == revision);
            if all.len() >= MOST {
                all.clear();
            }
        }
        all.insert(key, (revision, Arc::clone(&value)));
        Ok(value)
    }

    // Nothing panics under this lock, so poison means nothing.
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, (Revision, Arc<V>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn revision(changes: u64) -> Revision {
        Revision { epoch: 1, changes }
    }

    #[test]
    fn is_worked_out_once_a_revision() {
        let all = ByRevision::default();
        let get = |key: usize, revision, value: u32| {
            *all.get(key, revision, || Ok(value), |value| *value < 100).unwrap()
        };
        assert_eq!(get(1, revision(1), 5), 5);
        assert_eq!(get(1, revision(1), 6), 5);
        assert_eq!(get(2, revision(1), 7), 7);
        assert_eq!(get(1, revision(2), 8), 8);
        assert_eq!(get(3, revision(2), 100), 100);
        assert_eq!(get(3, revision(2), 3), 3, "it was not worth it");
        for key in 4..=MOST + 1 {
            get(key, revision(2), 0);
        }
        assert_eq!(get(1, revision(2), 9), 8, "only the other revision was forgotten");
        assert_eq!(get(2, revision(2), 6), 6);
        get(MOST + 2, revision(2), 0);
        assert_eq!(get(1, revision(2), 9), 9, "too many: it was forgotten");
        assert!(all.lock().len() <= MOST);
    }

    #[test]
    fn is_told_apart_by_what_may_be_seen() {
        let only = |ids: &[u64]| {
            LibraryAccess::Only(
                ids.iter().map(|id| hexachord_contracts::ids::LibraryId(*id)).collect(),
            )
        };
        let told = [
            revision(1).told(&LibraryAccess::All),
            revision(2).told(&LibraryAccess::All),
            Revision { epoch: 2, changes: 1 }.told(&LibraryAccess::All),
            revision(1).told(&only(&[])),
            revision(1).told(&only(&[1])),
            revision(1).told(&only(&[1, 2])),
        ];
        for (place, one) in told.iter().enumerate() {
            assert!(!told[..place].contains(one), "{told:?}");
        }
        assert_eq!(revision(1).told(&only(&[1])), told[4]);
    }
}
