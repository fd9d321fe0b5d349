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

/// The scan that was asked for and runs, or the last one; and beside it what was noticed without
/// being asked for, so that a change of one file does not cover what a scan of everything had to say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct ScanState {
    /// Grows with every change of what follows.
    pub revision: u64,
    pub phase: ScanPhase,
    pub full: bool,
    /// Losses are believed by this scan.
    #[serde(default)]
    pub accept_losses: bool,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// Music files found by the walk.
    pub found: u64,
    /// Of those, new or changed ones.
    pub to_read: u64,
    pub read: u64,
    /// Files found or read a second in the phase that runs or was the last; 0 while unknown.
    #[serde(default)]
    pub files_per_second: u32,
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
    /// Changes that were looked at without a scan that was asked for; `null` before the first.
    #[serde(default)]
    pub noticed: Option<NoticedChanges>,
}

/// How changes are noticed without a scan that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticedBy {
    /// The folders are watched: only places where something happened are looked at.
    #[default]
    Watch,
    /// A library that cannot be watched is looked through again and again.
    Poll,
}

/// A look at what was noticed: the one that goes on, or the last one. Its fields are those of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct NoticedChanges {
    pub by: NoticedBy,
    pub phase: ScanPhase,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub found: u64,
    pub to_read: u64,
    pub read: u64,
    pub files_per_second: u32,
    pub added: u64,
    pub updated: u64,
    pub moved: u64,
    pub missing: u64,
    pub unreadable: u64,
    pub left_alone: u32,
    pub failure: Option<String>,
    pub warnings: Vec<String>,
}

impl ScanState {
    /// Goes on the scan that was asked for? It says nothing of what was noticed.
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
