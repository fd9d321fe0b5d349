//! What others see of a scan while it runs.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use hexachord_contracts::{
    Timestamp,
    catalog::{NoticedBy, NoticedChanges, ScanPhase, ScanState},
};
use tokio::sync::watch;

use super::task::{Asked, Task};

/// Warnings that are kept; there may be as many reasons as files.
const MOST_WARNINGS: usize = 50;
/// A rate over less time says nothing.
const SHORT: Duration = Duration::from_millis(20);

/// The progress of one scan. One of everything is the state that others see; one of what was noticed
/// stands beside it.
pub(super) struct Progress {
    shown: watch::Sender<ScanState>,
    noticed: Option<NoticedBy>,
    own: RefCell<ScanState>,
    /// Since when its phase goes on.
    phase: Cell<(ScanPhase, Instant)>,
}

impl Progress {
    /// A scan begins: everything but the revision starts anew.
    pub(super) fn begin(shown: &watch::Sender<ScanState>, task: &Task, now: Timestamp) -> Self {
        let (asked, noticed) = match task {
            Task::Everything(asked) => (*asked, None),
            Task::Noticed(_, by) => (Asked::default(), Some(*by)),
        };
        let Asked { full, accept_losses } = asked;
        let phase = ScanPhase::Walking;
        let started_at = Some(now);
        let own = ScanState { phase, full, accept_losses, started_at, ..ScanState::default() };
        let phase = Cell::new((phase, Instant::now()));
        let progress = Self { shown: shown.clone(), noticed, own: RefCell::new(own), phase };
        progress.update(|_| {});
        progress
    }

    pub(super) fn update(&self, change: impl FnOnce(&mut ScanState)) {
        let mut own = self.own.borrow_mut();
        change(&mut own);
        self.rate(&mut own);
        self.shown.send_modify(|shown| {
            shown.revision += 1;
            match self.noticed {
                None => {
                    let (revision, noticed) = (shown.revision, shown.noticed.take());
                    *shown = ScanState { revision, noticed, ..own.clone() };
                }
                Some(by) => shown.noticed = Some(noticed(by, &own)),
            }
        });
    }

    fn rate(&self, own: &mut ScanState) {
        let (phase, since) = self.phase.get();
        if phase != own.phase {
            self.phase.set((own.phase, Instant::now()));
            return;
        }
        let files = match phase {
            ScanPhase::Walking => own.found,
            ScanPhase::Reading => own.read,
            _ => return,
        };
        let took = since.elapsed();
        if took >= SHORT {
            let rate = u128::from(files) * 1000 / took.as_millis();
            own.files_per_second = u32::try_from(rate).unwrap_or(u32::MAX);
        }
    }

    pub(super) fn warn(&self, warning: String) {
        tracing::warn!(warning, "scan");
        self.remind(warning);
    }

    /// [`Progress::warn`] of what the log has told already.
    pub(super) fn remind(&self, warning: String) {
        tracing::debug!(warning, "scan");
        self.update(|state| {
            if state.warnings.len() < MOST_WARNINGS {
                state.warnings.push(warning);
            }
        });
    }

    pub(super) fn end(&self, phase: ScanPhase, now: Timestamp, failure: Option<String>) {
        self.update(|state| {
            state.phase = phase;
            state.finished_at = Some(now);
            state.failure = failure;
        });
    }

    pub(super) fn state(&self) -> ScanState {
        self.own.borrow().clone()
    }
}

fn noticed(by: NoticedBy, own: &ScanState) -> NoticedChanges {
    NoticedChanges {
        by,
        phase: own.phase,
        started_at: own.started_at,
        finished_at: own.finished_at,
        found: own.found,
        to_read: own.to_read,
        read: own.read,
        files_per_second: own.files_per_second,
        added: own.added,
        updated: own.updated,
        moved: own.moved,
        missing: own.missing,
        unreadable: own.unreadable,
        left_alone: own.left_alone,
        failure: own.failure.clone(),
        warnings: own.warnings.clone(),
    }
}
