//! The wish for a scan, which outlives the incarnation that began it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Shared by all incarnations; in it, whether the wanted scan is full.
#[derive(Debug, Clone, Default)]
pub(crate) struct WantedScan(Arc<Mutex<Option<bool>>>);

impl WantedScan {
    /// A scan that reads all files (`full`), or those that changed, begins.
    pub(super) fn begin(&self, full: bool) {
        *self.lock() = Some(full);
    }

    pub(super) fn get(&self) -> Option<bool> {
        *self.lock()
    }

    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    /// Looks while nobody else does: the scan of the next incarnation may begin right behind.
    pub(super) fn forget_unless(&self, is_interrupted: impl FnOnce() -> bool) {
        let mut wanted = self.lock();
        if !is_interrupted() {
            *wanted = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
