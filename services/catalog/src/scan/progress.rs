//! What others see of a scan while it runs.

use hexachord_contracts::{
    Timestamp,
    catalog::{ScanPhase, ScanState},
};
use tokio::sync::watch;

/// Warnings that are kept; there may be as many reasons as files.
const MOST_WARNINGS: usize = 50;

pub(super) struct Progress {
    state: watch::Sender<ScanState>,
}

impl Progress {
    pub(super) fn of(state: &watch::Sender<ScanState>) -> Self {
        Self { state: state.clone() }
    }

    /// A scan begins: everything but the revision starts anew.
    pub(super) fn begin(state: &watch::Sender<ScanState>, full: bool, now: Timestamp) -> Self {
        let progress = Self::of(state);
        progress.update(|state| {
            let revision = state.revision;
            let phase = ScanPhase::Walking;
            *state =
                ScanState { revision, phase, full, started_at: Some(now), ..ScanState::default() };
        });
        progress
    }

    pub(super) fn update(&self, change: impl FnOnce(&mut ScanState)) {
        self.state.send_modify(|state| {
            change(state);
            state.revision += 1;
        });
    }

    pub(super) fn warn(&self, warning: String) {
        tracing::warn!(warning, "scan");
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
        self.state.borrow().clone()
    }
}
