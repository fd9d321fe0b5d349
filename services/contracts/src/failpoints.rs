//! Failures planned at named places, so that tests can break what runs for real.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// The planned failures; without any (outside tests) a check is one relaxed load.
#[derive(Debug, Clone, Default)]
pub struct Failpoints {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    armed: AtomicBool,
    /// How many more times the place of this name fails.
    left: Mutex<HashMap<String, u32>>,
}

impl Failpoints {
    /// The next `times` visits of the place `name` (`catalog.GetTrack`) fail.
    pub fn arm(&self, name: &str, times: u32) {
        self.left().insert(name.to_owned(), times);
        self.inner.armed.store(true, Ordering::Relaxed);
    }

    /// Does the place `service.place` fail this time?
    pub fn hit(&self, service: &str, place: &str) -> bool {
        if !self.inner.armed.load(Ordering::Relaxed) {
            return false;
        }
        let mut all = self.left();
        match all.get_mut(&format!("{service}.{place}")) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    fn left(&self) -> std::sync::MutexGuard<'_, HashMap<String, u32>> {
        // A planned panic never happens under this lock, so poison means nothing here.
        self.inner.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
