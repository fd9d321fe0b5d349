//! The jobs that run, by what they make.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use tokio::sync::watch;

use super::{
    cache::Key,
    growing::{Job, Progress},
};

/// Whoever wants what is being made already listens to the same job.
#[derive(Default)]
pub(super) struct Jobs(Mutex<HashMap<Key, Weak<Job>>>);

/// A job stands in the list until this is dropped.
pub(super) struct Registered {
    jobs: Arc<Jobs>,
    key: Key,
    job: Weak<Job>,
}

type New = (Arc<Job>, watch::Sender<Progress>, Registered);

impl Jobs {
    /// A job that still has a listener.
    pub(super) fn find(&self, key: Key) -> Option<Arc<Job>> {
        self.all().get(&key)?.upgrade()
    }

    /// A new job, or the one that is there.
    pub(super) fn add(jobs: &Arc<Self>, key: Key) -> Result<New, Arc<Job>> {
        let mut all = jobs.all();
        if let Some(job) = all.get(&key).and_then(Weak::upgrade) {
            return Err(job);
        }
        let (told, progress) = watch::channel(Progress::default());
        let job = Arc::new(Job { progress });
        all.insert(key, Arc::downgrade(&job));
        drop(all);
        let registered = Registered { jobs: Arc::clone(jobs), key, job: Arc::downgrade(&job) };
        Ok((job, told, registered))
    }

    // Nothing panics under this lock, so poison means nothing.
    fn all(&self) -> MutexGuard<'_, HashMap<Key, Weak<Job>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let mut all = self.jobs.all();
        // Another job may have taken the place of one that nobody wanted any more.
        if all.get(&self.key).is_some_and(|job| job.ptr_eq(&self.job)) {
            all.remove(&self.key);
        }
    }
}
