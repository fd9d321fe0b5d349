//! Scans: what is going on, and what could not be read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, ids::LibraryId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScanPhase {
    /// No scan since the service began.
    #[default]
    Idle,
    /// Folders are listed: `found` grows.
    Walking,
    /// New and changed files are read and stored: `read` grows towards `to_read`.
    Reading,
    Finished,
    Cancelled,
    /// `failure` says why; what was stored before stays.
    Failed,
}

/// The scan that runs, or the last one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct ScanState {
    /// Grows with every change of what follows.
    pub revision: u64,
    pub phase: ScanPhase,
    pub full: bool,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// Music files found by the walk.
    pub found: u64,
    /// Of those, new or changed ones.
    pub to_read: u64,
    pub read: u64,
    pub added: u64,
    pub updated: u64,
    pub moved: u64,
    pub missing: u64,
    pub unreadable: u64,
    /// Libraries that were not touched because their folder is not as expected; `warnings` say why.
    pub left_alone: u32,
    pub failure: Option<String>,
    /// What a listener should know: a folder that is not there, one that was left alone.
    pub warnings: Vec<String>,
}

impl ScanState {
    pub fn is_running(&self) -> bool {
        matches!(self.phase, ScanPhase::Walking | ScanPhase::Reading)
    }
}

/// A file that could not be read, until it can or is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnreadableFile {
    pub library: LibraryId,
    /// Below the library's folder; bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    pub reason: String,
    pub seen_at: Timestamp,
}
