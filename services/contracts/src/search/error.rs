//! Why search refuses.

use serde::{Deserialize, Serialize};

/// One error for the whole service; the edge maps it once to a status and a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SearchError {
    /// `field` is the name of the call's field.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    /// The query names a field and says nothing that it could hold; `at` is the character where, from
    /// 1.
    #[error("query, character {at}: {reason}")]
    Query { at: u32, reason: String },
    /// Something that the query asks about is still being read.
    #[error("{0} cannot be told yet: try again in a moment")]
    NotReady(String),
    #[error("sign in to search")]
    Forbidden,
    #[error("too much work is waiting: try again in a moment")]
    Busy,
    #[error("the disk that holds the data folder is full")]
    DiskFull,
    #[error("the index failed: {0}")]
    Index(String),
}
