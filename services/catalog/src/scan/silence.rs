//! A folder that does not answer, as on a network disk whose server is away: nothing ends a thread that
//! waits for it. So walks and the reading of pictures, which come first, have threads of their own, which
//! are given up when nothing moves any more. The scan leaves such a library alone and goes on with the
//! others.
//!
//! Only they do: a disk that goes away after the walk, while its music is read or looked at once more
//! behind the reading, holds up the scan until it answers or the system gives it up.

use std::{
    collections::HashMap,
    convert::Infallible,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError};

use super::{is_cancelled, run::Run};
use crate::walk::WalkProgress;

/// A folder that shows nothing for so long does not answer. Disks take less to spin up.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
/// How often who waits looks how far it is.
const TICK: Duration = Duration::from_millis(200);

/// What is cancelled ends within so long, unless it hangs.
const MOMENT: Duration = Duration::from_secs(5);

/// What was given up and may still hang, by folder; all incarnations share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hanging(Arc<Mutex<HashMap<PathBuf, GivenUp>>>);

/// A thread that nobody waits for any more.
#[derive(Debug, Clone)]
struct GivenUp {
    /// Disconnected when it ends.
    ended: Receiver<Infallible>,
    /// If it runs longer, it hangs.
    until: Instant,
}

impl Hanging {
    /// Does somebody still wait for this folder? Another one would, too.
    pub(super) fn has(&self, folder: &Path) -> bool {
        let lock = self.lock();
        lock.get(folder).is_some_and(|job| job.ended.try_recv() == Err(TryRecvError::Empty))
    }

    /// The same, but what was cancelled just now has a moment to end.
    pub(super) fn keeps(&self, folder: &Path, give_up: impl Fn() -> bool) -> bool {
        let Some(GivenUp { ended, until }) = self.lock().get(folder).cloned() else { return false };
        while Instant::now() < until && !give_up() {
            if ended.recv_timeout(TICK) == Err(RecvTimeoutError::Disconnected) {
                return false;
            }
        }
        self.has(folder)
    }

    fn add(&self, folder: &Path, ended: Receiver<Infallible>, until: Instant) {
        self.lock().insert(folder.to_path_buf(), GivenUp { ended, until });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, GivenUp>> {
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
    if hanging.keeps(folder, || is_cancelled(run.stop)) {
        let is_over = is_cancelled(run.stop);
        return Err(if is_over { NoOutcome::Cancelled } else { NoOutcome::Silent });
    }
    let (done, result) = crossbeam_channel::bounded(1);
    let (runs, ended) = crossbeam_channel::bounded(0);
    let progress = Arc::new(WalkProgress::default());
    let its_own = Arc::clone(&progress);
    let thread = std::thread::Builder::new().name("catalog-walk".to_owned());
    let started = thread.spawn(move || {
        let outcome = job(&its_own);
        drop(runs);
        // Nobody receives it when it was given up.
        done.send(outcome).ok();
    });
    started.map_err(NoOutcome::BrokeOff)?;
    let (mut steps, mut since) = (0, Instant::now());
    loop {
        let outcome = result.recv_timeout(TICK.min(patience));
        if is_cancelled(run.stop) {
            progress.cancelled.store(true, Ordering::Relaxed);
            hanging.add(folder, ended, Instant::now() + MOMENT.min(patience));
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
            hanging.add(folder, ended, Instant::now());
            return Err(NoOutcome::Silent);
        }
    }
}
