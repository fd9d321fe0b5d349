//! Why recommendation refuses.

use serde::{Deserialize, Serialize};

/// One error for the whole service; the edge maps it once to a status and a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RecommendationError {
    /// Also for what the caller may not see.
    #[error("no such {what}")]
    NotFound { what: String },
    /// `field` is the name of the call's field.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    #[error(
        "nobody has listened to this track yet: the analysis of new music does, unless it is switched off"
    )]
    Unheard,
    #[error("sign in to hear what suits you")]
    Forbidden,
    #[error("too much work is waiting: try again in a moment")]
    Busy,
    #[error("the disk that holds the data folder is full")]
    DiskFull,
    #[error("storage failed: {0}")]
    Storage(String),
}
