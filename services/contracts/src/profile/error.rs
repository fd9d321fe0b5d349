//! Why profile refuses.

use serde::{Deserialize, Serialize};

/// One error for the whole service; the edge maps it once to a status and a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ProfileError {
    /// Also for what the caller may not see. `what` is "track", "album", "artist", "playlist", "bookmark",
    /// "radio station", "share", "avatar", "account".
    #[error("no such {what}")]
    NotFound { what: String },
    /// `field` is the name of the call's field.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    /// The playlist can be seen, but is somebody else's.
    #[error("only its owner may change this playlist")]
    NotYours,
    /// `revision` is the playlist's now.
    #[error("the playlist was changed meanwhile (it is of revision {revision} now): read it again")]
    Changed { revision: u64 },
    /// What is everybody's is changed by administrators only.
    #[error("only an administrator may do this")]
    AdministratorsOnly,
    /// The share was there, and its time is over.
    #[error("this share has ended: ask whoever gave you its address for a new one")]
    Expired,
    /// Nobody has signed in, or a feed was asked for by somebody else than a service.
    #[error("sign in as a listener to do this")]
    Forbidden,
    #[error("too much work is waiting: try again in a moment")]
    Busy,
    #[error("the disk that holds the data folder is full")]
    DiskFull,
    #[error("storage failed: {0}")]
    Storage(String),
}
