//! What the others may ask the catalog: browse, locate, scan, and follow what changes.
//!
//! It owns libraries, files, tracks, albums, artists, genres, artwork and podcasts. Everything a caller
//! browses is limited to the libraries that its context allows, inside the query.

mod album;
mod analysis;
mod calls;
mod edits;
mod error;
mod folders;
mod libraries;
mod lyrics;
mod matching;
mod missing;
mod podcasts;
mod scan;
mod track;
mod types;

pub use album::*;
pub use analysis::*;
pub use calls::*;
pub use edits::*;
pub use error::CatalogError;
pub use folders::*;
pub use libraries::*;
pub use lyrics::*;
pub use matching::*;
pub use missing::*;
pub use podcasts::*;
pub use scan::*;
pub use track::*;
pub use types::*;

use crate::{
    Timestamp, feed,
    follow::feed_of,
    page::{Page, Window},
};

contract!("catalog", Catalog, CatalogError {
    ListTracks => Window<Track>,
    ListAlbums => Window<Album>,
    ListArtists => Window<Artist>,
    ListGenres => Page<Genre>,
    ListArtistLetters => Letters,
    ListAlbumLetters => Letters,
    ListDecades => Vec<Decade>,
    FindArtist => Artist,
    FindGenre => Genre,
    PickTracks => Vec<Track>,
    PickAlbums => Vec<Album>,
    GetTrack => Track,
    GetAlbum => AlbumDetail,
    GetArtist => ArtistDetail,
    GetTracks => Vec<Option<Track>>,
    GetAlbums => Vec<Option<Album>>,
    GetArtists => Vec<Option<Artist>>,
    GetPaths => Vec<Option<String>>,
    Locate => Location,
    LocateCover => CoverLocation,
    GetLyrics => Vec<Lyrics>,
    LyricsTexts => Vec<Option<String>>,
    GetWaveform => Waveform,
    GetAnalysis => AnalysisState,
    ListUnmeasurable => Page<UnmeasurableTrack>,
    ListLibraries => Vec<Library>,
    ListLibraryDetails => Vec<LibraryDetail>,
    AddLibrary => LibraryDetail,
    RenameLibrary => LibraryDetail,
    RemoveLibrary => (),
    ListServerFolders => ServerFolders,
    GetChanged => Timestamp,
    GetRevision => String,
    StartScan => ScanState,
    CancelScan => ScanState,
    GetScan => ScanState,
    ListUnreadable => Page<UnreadableFile>,
    MatchTracks => Vec<Option<MatchedTrack>>,
    ListFolder => FolderPage,
    ListMissing => Page<MissingTrack>,
    ForgetTracks => u64,
    ListEdits => Page<Edit>,
    PutEdits => Vec<Edit>,
    RemoveEdit => (),
    AddPodcast => Podcast,
    RemovePodcast => (),
    ListPodcasts => Page<Podcast>,
    GetPodcast => Podcast,
    ListEpisodes => Page<Episode>,
    GetEpisode => Episode,
    RefreshPodcasts => (),
    DownloadEpisode => Episode,
    RemoveDownload => Episode,
    LocateEpisode => Location,
    FollowCatalog => feed::Changes<CatalogChange>,
    CatalogSnapshot => feed::Snapshot<CatalogChange>,
});

feed_of!(Catalog, CatalogChange, FollowCatalog, CatalogSnapshot);
