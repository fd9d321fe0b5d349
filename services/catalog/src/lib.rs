//! The catalog: libraries, files, tracks, albums, artists, genres, covers. It scans folders of
//! music, gives what it finds ids that outlast moves and retags, and answers who browses.

mod analysis;
mod artwork;
mod browse;
mod edits;
mod feed;
mod folders_of_server;
mod identity;
mod libraries;
mod looks;
mod passes;
mod podcasts;
mod read;
mod scan;
mod service;
mod splitting;
mod store;
mod walk;
mod watch;
mod without_files;

pub use analysis::GainsFrom;
pub use artwork::{PatternError, PatternsOf, PicturePatterns, PictureRules};
pub use podcasts::PodcastSettings;
pub use read::{WORKER_ARGUMENT, WorkerCommand, run_worker};
pub use service::{
    Catalog, CoverThreads, LibraryFolder, Resources, Settings, SettingsError, Watch,
};
pub use splitting::Splitting;
pub use store::open_store;
pub use without_files::{TrackWithoutFile, add_tracks_without_files};
