//! Libraries as administrators keep them: where they lie, and how they come and go while the program runs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, ids::LibraryId};

/// Administrators and the program: all libraries, by name.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListLibraryDetails {}

/// Administrators and the program: one library more. It is kept, scanned and watched. The demo library
/// goes when a first one is added.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddLibrary {
    pub name: String,
    /// Absolute, on the server.
    pub path: String,
}

/// Administrators and the program: another name; its id stays.
#[derive(Debug, Serialize, Deserialize)]
pub struct RenameLibrary {
    pub library: LibraryId,
    pub name: String,
}

/// Administrators and the program: its tracks become missing, nothing is deleted. A library of the same
/// name has the same id again.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveLibrary {
    pub library: LibraryId,
}

/// Administrators and the program: the folders inside a folder of the server.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListServerFolders {
    /// Absent: places to begin at.
    pub path: Option<String>,
}

impl ListServerFolders {
    /// Folders that are told of one.
    pub const MOST: usize = 1000;
}

/// A library as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LibraryDetail {
    pub id: LibraryId,
    pub name: String,
    /// On the server.
    pub path: String,
    pub track_count: u64,
    pub source: LibrarySource,
    pub watched: WatchedHow,
    /// When a scan of all libraries last saw it whole.
    pub last_scan_at: Option<Timestamp>,
    /// Why its last scan left it as it was, and since when scans do.
    pub trouble: Option<String>,
    pub trouble_since: Option<Timestamp>,
}

/// Where a library comes from; only one that was added can be changed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LibrarySource {
    /// `library.folders` of the configuration.
    Configuration,
    Added,
    /// There while there is no other library.
    Demo,
}

/// How changes in a library are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WatchedHow {
    /// As they happen.
    Watch,
    /// By looking again and again.
    Poll,
    /// By scans that are asked for.
    Off,
}

/// A folder of the server and those inside it. A folder that was reached through a link is told as what
/// it is a link to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServerFolders {
    /// Absent: these are places to begin at.
    pub path: Option<String>,
    pub parent: Option<String>,
    /// As in [`ServerFolder::audio_files`].
    pub audio_files: Option<u32>,
    /// By name; without hidden ones.
    pub folders: Vec<ServerFolder>,
    /// There are more than can be told, or some whose names are no text.
    pub truncated: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServerFolder {
    pub name: String,
    pub path: String,
    /// Can the server list what is in it?
    pub readable: bool,
    /// Audio files that lie directly in it, as far as was counted; absent: nobody counted.
    pub audio_files: Option<u32>,
}
