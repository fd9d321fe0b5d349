//! Feeds: how a service follows the facts of another without depending on any message arriving.

use serde::{Deserialize, Serialize};

/// A place in a feed. A restored or rebuilt store begins a new epoch, which voids every cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FeedCursor {
    pub epoch: u64,
    pub sequence: u64,
}

/// The answer to 'what changed after this cursor?'
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changes<T> {
    /// In order; `cursor` is where to read on. Empty when nothing came before the wait was over.
    Page { items: Vec<T>, cursor: FeedCursor },
    /// The cursor is of another epoch or too old: read the snapshot, then follow from its head.
    StartOver,
}

/// One page of everything there is now. `head`, the same on each page of a run that starts
/// without `after`, is where to follow on: what changed meanwhile comes (again) from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot<T> {
    pub items: Vec<T>,
    /// Give it back as `after` for the next page; absent on the last one.
    pub next: Option<String>,
    pub head: FeedCursor,
}
