//! Scans: one at a time, on threads of their own, watched through a channel.

mod artists;
mod calm;
mod compare;
mod facts;
mod gone;
mod held;
mod known;
mod pictures;
mod progress;
mod reading;
mod reunite;
mod run;
mod settle;
mod silence;
mod survey;
mod task;
mod wanted;

#[cfg(test)]
mod tests;

use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use hexachord_contracts::{
    Clock, Failpoints, Timestamp,
    catalog::{NoticedBy, ScanPhase, ScanState},
    ids::LibraryId,
};
use hexachord_storage::{Store, StoreError};
use tokio::sync::watch;

use crate::{
    artwork::PictureRules,
    libraries::Libraries,
    passes::Wake,
    read::WorkerCommand,
    splitting::Splitter,
    walk::WalkProgress,
    watch::{Hold, Pending},
};
pub(crate) use facts::facts;
pub(crate) use gone::Losses;
use progress::Progress;
use run::Run;
pub(crate) use silence::{Hanging, PATIENCE};
use task::Task;
pub(crate) use task::{Asked, Places};
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
    /// Which pictures stand for what.
    pub(crate) rules: Arc<PictureRules>,
    /// A folder of pictures that are named after artists.
    pub(crate) artists: Option<PathBuf>,
    /// Woken when a scan has ended.
    pub(crate) afterwards: Vec<Wake>,
    /// A library that would lose a larger part of its files at once is left alone.
    pub(crate) vanish_share: f32,
    pub(crate) splitter: Arc<Splitter>,
    /// Held by the scan that runs: one of an earlier incarnation ends before the next begins.
    pub(crate) turn: Arc<Mutex<()>>,
    pub(crate) wanted: WantedScan,
    pub(crate) losses: Losses,
    pub(crate) hanging: Hanging,
    /// A library whose folder shows nothing for so long is left alone.
    pub(crate) patience: Duration,
    /// What was noticed and not looked at yet, where libraries are watched or polled.
    pub(crate) watched: Option<Pending>,
}

/// One incarnation's scans.
pub(crate) struct Scanner {
    /// With the libraries as they were at the beginning.
    setup: ScanSetup,
    libraries: Libraries,
    state: watch::Sender<ScanState>,
    running: Mutex<Running>,
    scanned: Scanned,
    retired: AtomicBool,
}

/// The libraries of the last scan of everything that came to its end.
type Scanned = Arc<Mutex<Option<Arc<[ScannedLibrary]>>>>;

/// How to stop what runs.
#[derive(Default)]
struct Running {
    everything: Option<Arc<WalkProgress>>,
    look: Option<Look>,
}

/// A look at what was noticed.
struct Look {
    stop: Arc<WalkProgress>,
    /// Somebody wanted it to end.
    is_unwanted: bool,
}

/// How a scan ended, when nothing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Finished,
    Cancelled,
}

/// What came of a look at what was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looked {
    Done,
    /// It gave way to a scan of everything, or to the next incarnation.
    Interrupted,
    /// Somebody cancelled it.
    Unwanted,
    Failed,
}

impl Scanner {
    pub(crate) fn new(setup: ScanSetup, libraries: Libraries) -> Self {
        let (state, _) = watch::channel(ScanState::default());
        let (running, retired) = (Mutex::default(), AtomicBool::new(false));
        Self { setup, libraries, state, running, scanned: Scanned::default(), retired }
    }

    pub(crate) fn state(&self) -> ScanState {
        self.state.borrow().clone()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<ScanState> {
        self.state.subscribe()
    }

    /// Begins a scan of everything unless one runs; the state then.
    pub(crate) fn start(&self, asked: Asked) -> Result<ScanState, StoreError> {
        self.begin(asked)?;
        Ok(self.state())
    }

    /// False: one runs.
    fn begin(&self, asked: Asked) -> Result<bool, StoreError> {
        let mut running = self.running();
        if self.state.borrow().is_running() || self.is_retired() {
            return Ok(false);
        }
        let stop = Arc::new(WalkProgress::default());
        self.setup.wanted.begin(asked);
        let hold = self.setup.watched.as_ref().map(Pending::hold);
        if let Some(look) = &running.look {
            look.stop.cancelled.store(true, Ordering::Relaxed);
        }
        let task = Task::Everything(asked);
        let progress = Progress::begin(&self.state, &task, self.setup.clock.now());
        let (setup, told) = (self.setup(), Arc::clone(&stop));
        let thread = std::thread::Builder::new().name("catalog-scan".to_owned());
        let scanned = Arc::clone(&self.scanned);
        let started =
            thread.spawn(move || scan_everything(&setup, &task, &told, &progress, &scanned, hold));
        if let Err(error) = started {
            self.setup.wanted.forget();
            let failure = format!("the scan cannot be started: {error}");
            self.state.send_modify(|state| {
                state.revision += 1;
                state.phase = ScanPhase::Failed;
                state.failure = Some(failure);
            });
            return Err(error.into());
        }
        running.everything = Some(stop);
        Ok(true)
    }

    /// Looks at places where something was noticed, on this thread.
    pub(crate) fn look(&self, places: Places, by: NoticedBy) -> Looked {
        let stop = Arc::new(WalkProgress::default());
        {
            let mut running = self.running();
            if self.is_retired() || self.state.borrow().is_running() {
                return Looked::Interrupted;
            }
            running.look = Some(Look { stop: Arc::clone(&stop), is_unwanted: false });
        }
        let task = Task::Noticed(places, by);
        let ended = {
            let _turn = self.setup.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let progress = Progress::begin(&self.state, &task, self.setup.clock.now());
            scan(&self.setup(), &task, &stop, &progress, |_| {})
        };
        let look = self.running().look.take();
        match ended {
            Some(Ended::Finished) => Looked::Done,
            Some(Ended::Cancelled) if look.is_some_and(|look| look.is_unwanted) => Looked::Unwanted,
            Some(Ended::Cancelled) => Looked::Interrupted,
            None => Looked::Failed,
        }
    }

    /// Goes on with the scan that an earlier incarnation was retired in.
    pub(crate) fn go_on(&self) {
        if let Some(asked) = self.setup.wanted.get()
            && let Err(error) = self.start(asked)
        {
            tracing::error!(%error, "the interrupted scan is not continued");
        }
    }

    /// Scans as soon as no scan runs: one that runs may not know the libraries as they are now. It is told
    /// to end if it is of no use any more, and the next one reads every file again if it was to; losses
    /// were accepted of the libraries as they were. Where one of the present libraries has come to its end,
    /// for whoever changed them last, there is nothing left to do.
    pub(crate) async fn scan_anew(&self, is_useless: bool) -> Result<(), StoreError> {
        let full = is_useless && self.setup.wanted.get().is_some_and(|asked| asked.full);
        if is_useless {
            self.stop(false);
        }
        let mut states = self.state.subscribe();
        loop {
            let is_over = |state: &ScanState| !state.is_running() || self.is_retired();
            if states.wait_for(is_over).await.is_err() || self.is_retired() {
                return Ok(());
            }
            if self.has_scanned(&self.libraries.now())
                || self.begin(Asked { full, accept_losses: false })?
            {
                return Ok(());
            }
        }
    }

    /// Every change makes another list, so that a scan of this very one began behind the last change.
    fn has_scanned(&self, libraries: &Arc<[ScannedLibrary]>) -> bool {
        let scanned = self.scanned.lock().unwrap_or_else(PoisonError::into_inner);
        scanned.as_ref().is_some_and(|scanned| Arc::ptr_eq(scanned, libraries))
    }

    /// Tells what runs to stop at the next safe place, for good.
    pub(crate) fn cancel(&self) {
        self.setup.wanted.forget();
        self.stop(true);
    }

    fn stop(&self, is_unwanted: bool) {
        let mut running = self.running();
        if let Some(stop) = &running.everything {
            stop.cancelled.store(true, Ordering::Relaxed);
        }
        if let Some(look) = &mut running.look {
            look.is_unwanted |= is_unwanted;
            look.stop.cancelled.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
        self.stop(false);
        // Whoever waits for news looks again and is answered.
        self.state.send_modify(|_| {});
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Relaxed)
    }

    fn setup(&self) -> ScanSetup {
        ScanSetup { libraries: self.libraries.now(), ..self.setup.clone() }
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread of a scan of everything. Nothing that was noticed is looked at while it is held up.
fn scan_everything(
    setup: &ScanSetup,
    task: &Task,
    stop: &WalkProgress,
    progress: &Progress,
    scanned: &Scanned,
    hold: Option<Hold>,
) {
    let _turn = setup.turn.lock().unwrap_or_else(PoisonError::into_inner);
    let begun = Instant::now();
    scan(setup, task, stop, progress, |ended| {
        // One that was told to stop is forgotten by whoever told it, unless its incarnation was retired.
        setup.wanted.forget_unless(|| is_cancelled(stop));
        if ended != Some(Ended::Finished) {
            return;
        }
        let libraries = Arc::clone(&setup.libraries);
        *scanned.lock().unwrap_or_else(PoisonError::into_inner) = Some(libraries);
        if let Some(pending) = &setup.watched {
            pending.forget_before(begun);
        }
    });
    drop(hold);
}

/// How it ended; `None` when it failed. What `before_it_is_told` does is done when others hear of it.
fn scan(
    setup: &ScanSetup,
    task: &Task,
    stop: &WalkProgress,
    progress: &Progress,
    before_it_is_told: impl FnOnce(Option<Ended>),
) -> Option<Ended> {
    let now = setup.clock.now();
    let run = Run { setup, task, now, stop, progress };
    let (phase, ended, failure) = match catch_unwind(AssertUnwindSafe(|| run.run())) {
        Ok(Ok(ended @ Ended::Finished)) => (ScanPhase::Finished, Some(ended), None),
        Ok(Ok(ended @ Ended::Cancelled)) => (ScanPhase::Cancelled, Some(ended), None),
        Ok(Err(error)) => (ScanPhase::Failed, None, Some(error.to_string())),
        Err(_panic) => {
            (ScanPhase::Failed, None, Some("the scan broke off unexpectedly".to_owned()))
        }
    };
    before_it_is_told(ended);
    let took_ms = setup.clock.now().since(now).as_millis();
    if let Some(failure) = &failure {
        tracing::error!(failure, "scan failed");
    } else {
        log(task, phase, took_ms, &progress.state());
    }
    progress.end(phase, setup.clock.now(), failure);
    setup.afterwards.iter().for_each(Wake::wake);
    ended
}

/// Looks at what was noticed come often: only those that changed something are worth a line.
fn log(task: &Task, phase: ScanPhase, took_ms: u128, state: &ScanState) {
    let ScanState { found, added, updated, moved, missing, unreadable, .. } = *state;
    if task.is_everything() {
        tracing::info!(
            ?phase,
            took_ms,
            found,
            added,
            updated,
            moved,
            missing,
            unreadable,
            "scan ended"
        );
    } else if added + updated + moved + missing > 0 {
        tracing::info!(took_ms, added, updated, moved, missing, unreadable, "noticed changes");
    } else {
        tracing::debug!(?phase, took_ms, found, unreadable, "nothing changed where it was noticed");
    }
}

/// The absolute path of what lies at `path` in a library.
pub(crate) fn below(folder: &Path, path: &[u8]) -> PathBuf {
    folder.join(OsStr::from_bytes(path))
}

/// Has someone asked this scan to stop?
fn is_cancelled(stop: &WalkProgress) -> bool {
    stop.cancelled.load(Ordering::Relaxed)
}

/// The time of a scan is one for all that it writes.
type Now = Timestamp;
