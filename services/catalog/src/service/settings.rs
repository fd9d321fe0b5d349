//! What the catalog is told by the configuration, and what it shares between incarnations.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use hexachord_contracts::{Clock, Failpoints};
use hexachord_storage::Store;

use super::CoverThreads;
use crate::{
    analysis::GainsFrom,
    artwork::PictureRules,
    looks::Looks,
    podcasts::PodcastSettings,
    read::WorkerCommand,
    scan::{Hanging, Losses, WantedScan},
    splitting::Splitting,
    watch::Pending,
};

/// A folder of music under a name: the unit of permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryFolder {
    /// Its id follows from it, so that the folder may move.
    pub name: String,
    /// Absolute.
    pub folder: PathBuf,
}

/// How changes in the folders are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// As they happen, where the system tells of them; elsewhere by polling.
    Auto,
    /// By looking through everything again and again.
    Poll,
    /// Only by scans that are asked for.
    Off,
}

#[derive(Debug, Clone)]
pub struct Settings {
    /// Those of the configuration; others may be added while the program runs.
    pub libraries: Vec<LibraryFolder>,
    /// There while there is no other library.
    pub demo: Option<LibraryFolder>,
    /// The program's own folder, in which no library may be.
    pub data: Option<PathBuf>,
    /// Where whoever looks for a folder of music on this machine begins.
    pub roots: Vec<PathBuf>,
    /// Where pictures are cached.
    pub artwork: PathBuf,
    /// So many bytes of pictures are cached, or as many as there are.
    pub artwork_bytes: Option<u64>,
    /// Which pictures stand for what; a scan sees that it changed.
    pub pictures: PictureRules,
    /// A folder of pictures that are named after artists.
    pub artist_pictures: Option<PathBuf>,
    /// After scans, new pictures are looked at for their colours and blurred copies.
    pub looks: bool,
    /// After scans, new tracks are listened to for their loudness and waveform.
    pub analysis: bool,
    /// Which gains tracks are told to be played with.
    pub gains: GainsFrom,
    /// Threads that read files in a scan.
    pub readers: usize,
    /// Reads the files; without it this process does, and a file that brings a parser down brings
    /// this process down.
    pub worker: Option<WorkerCommand>,
    /// A library that would lose a larger share (0 to 1) of its files at once is left alone.
    pub vanish_share: f32,
    /// How texts that name several are parted. After a change the next scan reads all files again.
    pub splitting: Splitting,
    pub watch: Watch,
    /// How often a library that is polled is looked through.
    pub poll_interval: Duration,
    /// Without them none are kept.
    pub podcasts: Option<PodcastSettings>,
}

impl Default for Settings {
    fn default() -> Self {
        let readers = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            libraries: Vec::new(),
            demo: None,
            data: None,
            roots: Vec::new(),
            artwork: PathBuf::new(),
            artwork_bytes: None,
            pictures: PictureRules::default(),
            artist_pictures: None,
            looks: false,
            analysis: false,
            gains: GainsFrom::Tags,
            readers,
            worker: None,
            vanish_share: 0.5,
            splitting: Splitting::default(),
            watch: Watch::Off,
            poll_interval: Duration::from_mins(1),
            podcasts: None,
        }
    }
}

/// What outlives an incarnation.
#[derive(Clone)]
pub struct Resources {
    pub store: Store,
    /// They make covers.
    pub(crate) covers: Arc<CoverThreads>,
    pub clock: Clock,
    pub failpoints: Failpoints,
    /// The scan of one incarnation ends before that of the next begins.
    pub(crate) scan_turn: Arc<Mutex<()>>,
    /// A scan that an incarnation began and no one ended: the next one goes on with it.
    pub(crate) scan_wanted: WantedScan,
    pub(crate) scan_losses: Losses,
    pub(crate) scan_hanging: Hanging,
    /// What was noticed in the folders and not looked at yet.
    pub(crate) pending: Pending,
    pub(crate) looks: Looks,
    /// Podcasts of one incarnation are left alone before the next one works on them.
    pub(crate) podcasts_turn: Arc<tokio::sync::Mutex<()>>,
}

impl Resources {
    pub fn new(store: Store, covers: CoverThreads, clock: Clock, failpoints: Failpoints) -> Self {
        Self {
            store,
            covers: Arc::new(covers),
            clock,
            failpoints,
            scan_turn: Arc::default(),
            scan_wanted: WantedScan::default(),
            scan_losses: Losses::default(),
            scan_hanging: Hanging::default(),
            pending: Pending::default(),
            looks: Looks::default(),
            podcasts_turn: Arc::default(),
        }
    }
}

/// Why a catalog cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("two libraries are called `{0}`: each needs a name of its own")]
    TwoOfOneName(String),
    #[error("no thread can be started ({0})")]
    NoThread(#[from] std::io::Error),
}
