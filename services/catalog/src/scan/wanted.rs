//! The wish for a scan, which outlives the incarnation that began it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::task::Asked;

/// Shared by all incarnations; in it, what the wanted scan is asked to do.
#[derive(Debug, Clone, Default)]
pub(crate) struct WantedScan(Arc<Mutex<Option<Asked>>>);

impl WantedScan {
    pub(super) fn begin(&self, asked: Asked) {
        *self.lock() = Some(asked);
    }

    pub(super) fn get(&self) -> Option<Asked> {
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

    fn lock(&self) -> MutexGuard<'_, Option<Asked>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
