//! Why the catalog refuses.

use serde::{Deserialize, Serialize};

/// One error for the whole service; the edge maps it once to a status and a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum CatalogError {
    /// Also for what the caller may not see. `what` is "track", "album", "artist", "cover"…
    #[error("no such {what}")]
    NotFound { what: String },
    /// The track is known, its file is not there (now).
    #[error("the file of this track is missing: its disk may be unmounted")]
    Missing,
    /// `field` is the name of the call's field.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    #[error("only an administrator may do this")]
    Forbidden,
    #[error("another library is called `{0}`: choose another name")]
    NameTaken(String),
    /// Says where it comes from, and what to do.
    #[error("{0}")]
    NotKeptHere(String),
    /// The picture in the file is damaged, too large or not a picture.
    #[error("the cover cannot be shown: {0}")]
    UnusableCover(String),
    /// Says whether that will change.
    #[error("there is no waveform of this track: {0}")]
    NotMeasured(String),
    #[error("this episode is not downloaded: an administrator can download it")]
    NotDownloaded,
    #[error("too much work is waiting: try again in a moment")]
    Busy,
    #[error("the disk that holds the data folder is full")]
    DiskFull,
    #[error("storage failed: {0}")]
    Storage(String),
}
