//! The catalog: libraries, files, tracks, albums, artists, genres, covers. It scans folders of
//! music, gives what it finds ids that outlast moves and retags, and answers who browses.

mod artwork;
mod browse;
mod edits;
mod feed;
mod identity;
mod read;
mod scan;
mod service;
mod store;
mod walk;
mod without_files;

pub use read::{WORKER_ARGUMENT, WorkerCommand, run_worker};
pub use service::{Catalog, LibraryFolder, Resources, Settings, SettingsError};
pub use store::open_store;
pub use without_files::{TrackWithoutFile, add_tracks_without_files};
