//! Scans: one at a time, on threads of their own, watched through a channel.

mod compare;
mod facts;
mod gone;
mod held;
mod pictures;
mod progress;
mod reading;
mod reunite;
mod run;
mod settle;
mod wanted;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use hexachord_contracts::{
    Clock, Failpoints, Timestamp,
    catalog::{ScanPhase, ScanState},
    ids::LibraryId,
};
use hexachord_storage::{Store, StoreError};
use tokio::sync::watch;

use crate::{read::WorkerCommand, walk::WalkProgress};
pub(crate) use facts::facts;
use progress::Progress;
pub(crate) use wanted::WantedScan;

/// A library as a scan sees it.
#[derive(Debug, Clone)]
pub(crate) struct ScannedLibrary {
    pub(crate) id: LibraryId,
    pub(crate) name: Arc<str>,
    pub(crate) folder: PathBuf,
}

/// What every scan needs.
#[derive(Clone)]
pub(crate) struct ScanSetup {
    pub(crate) store: Store,
    /// By name.
    pub(crate) libraries: Arc<[ScannedLibrary]>,
    pub(crate) clock: Clock,
    pub(crate) failpoints: Failpoints,
    /// Threads that read files.
    pub(crate) readers: usize,
    pub(crate) worker: Option<WorkerCommand>,
    /// A library that would lose a larger part of its files at once is left alone.
    pub(crate) vanish_share: f32,
    /// Held by the scan that runs: one of an earlier incarnation ends before the next begins.
    pub(crate) turn: Arc<Mutex<()>>,
    pub(crate) wanted: WantedScan,
}

/// One incarnation's scans.
pub(crate) struct Scanner {
    setup: ScanSetup,
    state: watch::Sender<ScanState>,
    running: Mutex<Option<Arc<WalkProgress>>>,
    retired: AtomicBool,
}

/// How a scan ended, when nothing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Finished,
    Cancelled,
}

impl Scanner {
    pub(crate) fn new(setup: ScanSetup) -> Self {
        let (state, _) = watch::channel(ScanState::default());
        Self { setup, state, running: Mutex::new(None), retired: AtomicBool::new(false) }
    }

    pub(crate) fn state(&self) -> ScanState {
        self.state.borrow().clone()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<ScanState> {
        self.state.subscribe()
    }

    /// Begins a scan unless one runs; the state then.
    pub(crate) fn start(&self, full: bool) -> Result<ScanState, StoreError> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if self.state.borrow().is_running() || self.retired.load(Ordering::Relaxed) {
            return Ok(self.state());
        }
        let stop = Arc::new(WalkProgress::default());
        self.setup.wanted.begin(full);
        let progress = Progress::begin(&self.state, full, self.setup.clock.now());
        let setup = self.setup.clone();
        let told = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("catalog-scan".to_owned());
        let started = thread.spawn(move || scan(&setup, full, &told, &progress));
        if let Err(error) = started {
            self.setup.wanted.forget();
            let failure = format!("the scan cannot be started: {error}");
            Progress::of(&self.state).end(ScanPhase::Failed, self.setup.clock.now(), Some(failure));
            return Err(error.into());
        }
        *running = Some(stop);
        Ok(self.state())
    }

    /// Goes on with the scan that an earlier incarnation was retired in.
    pub(crate) fn go_on(&self) {
        if let Some(full) = self.setup.wanted.get()
            && let Err(error) = self.start(full)
        {
            tracing::error!(%error, "the interrupted scan is not continued");
        }
    }

    /// Tells the scan that runs to stop at the next safe place, for good.
    pub(crate) fn cancel(&self) {
        self.setup.wanted.forget();
        self.stop();
    }

    fn stop(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stop) = running.as_ref() {
            stop.cancelled.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
        self.stop();
        // Whoever waits for news looks again and is answered.
        self.state.send_modify(|_| {});
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Relaxed)
    }
}

/// The thread of one scan.
fn scan(setup: &ScanSetup, full: bool, stop: &WalkProgress, progress: &Progress) {
    let _turn = setup.turn.lock().unwrap_or_else(PoisonError::into_inner);
    let now = setup.clock.now();
    let work = AssertUnwindSafe(|| run::run(setup, full, now, stop, progress));
    let (phase, failure) = match catch_unwind(work) {
        Ok(Ok(Ended::Finished)) => (ScanPhase::Finished, None),
        Ok(Ok(Ended::Cancelled)) => (ScanPhase::Cancelled, None),
        Ok(Err(error)) => (ScanPhase::Failed, Some(error.to_string())),
        Err(_panic) => (ScanPhase::Failed, Some("the scan broke off unexpectedly".to_owned())),
    };
    // One that was told to stop is forgotten by whoever told it, unless its incarnation was retired.
    setup.wanted.forget_unless(|| is_cancelled(stop));
    let took_ms = setup.clock.now().since(now).as_millis();
    if let Some(failure) = &failure {
        tracing::error!(failure, "scan failed");
    } else {
        let state = progress.state();
        tracing::info!(
            ?phase,
            took_ms,
            found = state.found,
            added = state.added,
            updated = state.updated,
            moved = state.moved,
            missing = state.missing,
            unreadable = state.unreadable,
            "scan ended"
        );
    }
    progress.end(phase, setup.clock.now(), failure);
}

/// Has someone asked this scan to stop?
fn is_cancelled(stop: &WalkProgress) -> bool {
    stop.cancelled.load(Ordering::Relaxed)
}

/// The time of a scan is one for all that it writes.
type Now = Timestamp;
