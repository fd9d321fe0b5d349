//! Why search refuses.

use serde::{Deserialize, Serialize};

/// One error for the whole service; the edge maps it once to a status and a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SearchError {
    /// `field` is the name of the call's field.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    #[error("sign in to search")]
    Forbidden,
    #[error("too much work is waiting: try again in a moment")]
    Busy,
    #[error("the disk that holds the data folder is full")]
    DiskFull,
    #[error("the index failed: {0}")]
    Index(String),
}
