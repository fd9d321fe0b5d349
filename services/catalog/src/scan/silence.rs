//! A folder that does not answer, as on a network disk whose server is away: nothing ends a thread that
//! waits for it. So what a scan itself looks at there is looked at on threads of their own, which are
//! given up when nothing moves any more. The scan leaves such a library alone and goes on with the others.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, atomic::Ordering},
    time::{Duration, Instant},
};

use crossbeam_channel::RecvTimeoutError;

use super::{is_cancelled, run::Run};
use crate::walk::WalkProgress;

/// A folder that shows nothing for so long does not answer. Disks take less to spin up.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
/// How often who waits looks how far it is.
const TICK: Duration = Duration::from_millis(200);

/// What was given up and still hangs, by folder; all incarnations share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hanging(Arc<Mutex<HashMap<PathBuf, Weak<WalkProgress>>>>);

impl Hanging {
    /// Does somebody still wait for this folder? Another one would, too.
    pub(super) fn has(&self, folder: &Path) -> bool {
        self.lock().get(folder).is_some_and(|job| job.strong_count() > 0)
    }

    /// The thread of `job`, which holds it until it ends, is given up.
    fn add(&self, folder: &Path, job: &Arc<WalkProgress>) {
        self.lock().insert(folder.to_path_buf(), Arc::downgrade(job));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, Weak<WalkProgress>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there is no outcome.
#[derive(Debug)]
pub(super) enum NoOutcome {
    /// The folder does not answer.
    Silent,
    Cancelled,
    BrokeOff(io::Error),
}

/// Does `job`, which looks at `folder` and steps on as it goes, on a thread of its own; tells how far it
/// is.
pub(super) fn patiently<T: Send + 'static>(
    run: &Run<'_>,
    folder: &Path,
    job: impl FnOnce(&WalkProgress) -> T + Send + 'static,
    tell: impl Fn(&WalkProgress),
) -> Result<T, NoOutcome> {
    let (hanging, patience) = (&run.setup.hanging, run.setup.patience);
    if hanging.has(folder) {
        return Err(NoOutcome::Silent);
    }
    let (done, result) = crossbeam_channel::bounded(1);
    let progress = Arc::new(WalkProgress::default());
    let its_own = Arc::clone(&progress);
    let thread = std::thread::Builder::new().name("catalog-walk".to_owned());
    let started = thread.spawn(move || {
        let outcome = job(&its_own);
        drop(its_own);
        // Nobody receives it when it was given up.
        done.send(outcome).ok();
    });
    started.map_err(NoOutcome::BrokeOff)?;
    let (mut steps, mut since) = (0, Instant::now());
    loop {
        let outcome = result.recv_timeout(TICK.min(patience));
        if is_cancelled(run.stop) {
            progress.cancelled.store(true, Ordering::Relaxed);
            return Err(NoOutcome::Cancelled);
        }
        match outcome {
            Ok(outcome) => return Ok(outcome),
            Err(RecvTimeoutError::Timeout) => tell(&progress),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(NoOutcome::BrokeOff(io::Error::other("it broke off")));
            }
        }
        let now = progress.steps.load(Ordering::Relaxed);
        if now != steps {
            (steps, since) = (now, Instant::now());
        } else if since.elapsed() >= patience {
            progress.cancelled.store(true, Ordering::Relaxed);
            hanging.add(folder, &progress);
            return Err(NoOutcome::Silent);
        }
    }
}
