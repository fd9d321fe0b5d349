//! The service: one line for each call, and what the calls share.

mod analysis;
mod changed;
mod cover_threads;
mod covers;
mod edits;
mod finding;
mod libraries;
mod lists;
mod lyrics;
mod missing;
mod podcasts;
mod settings;

use std::{
    future::{Future, ready},
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use hexachord_contracts::{
    Background, BoxError, Caller, Context, Service,
    catalog::{
        Album, AlbumDetail, Artist, ArtistDetail, CancelScan, Catalog as Contract, CatalogChange,
        CatalogError, CatalogSnapshot, FollowCatalog, GetAlbum, GetAlbums, GetAnalysis, GetArtist,
        GetArtists, GetScan, GetTrack, GetTracks, ListUnreadable, MatchTracks, MatchedTrack,
        Request, ScanState, StartScan, Track, UnreadableFile,
    },
    feed::{Changes, Snapshot},
    ids::LibraryId,
    page::{Page, Paging},
};
use hexachord_storage::{Outbox, Store, StoreError};
use redb::ReadTransaction;
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::sync::CancellationToken;

pub use cover_threads::CoverThreads;
pub use settings::{LibraryFolder, Resources, Settings, SettingsError, Watch};

use crate::{
    analysis::{GainsFrom, ListenerSetup, start_listener},
    artwork::ArtworkCache,
    browse::{self, Answer, FolderPictures, Remembered, Tracks, Viewer, invalid, not_found},
    feed,
    folders_of_server::FolderPlaces,
    libraries::Libraries,
    looks::{LookerSetup, Shown, start_looker},
    passes::Passes,
    podcasts::Keeper,
    scan::{Asked, PATIENCE, ScanSetup, Scanner},
    splitting::Splitter,
    store::added_libraries,
    watch::Watching,
};

/// Callers that may wait for news of a scan, or of the lists, at a time.
const MOST_WAITING: usize = 64;
/// No long poll waits longer; it also ends a little before its caller's deadline.
const LONGEST_WAIT: Duration = Duration::from_secs(25);
const MARGIN: Duration = Duration::from_millis(100);

/// One incarnation of the catalog.
pub struct Catalog {
    store: Store,
    resources: Resources,
    libraries: Libraries,
    /// Changes of the libraries come one after the other.
    libraries_turn: tokio::sync::Mutex<()>,
    folder_places: FolderPlaces,
    /// As in [`Settings`].
    roots: Arc<[PathBuf]>,
    data: Option<PathBuf>,
    scanner: Arc<Scanner>,
    watching: Watching,
    outbox: Arc<Outbox>,
    artwork: Arc<ArtworkCache>,
    folder_pictures: Arc<FolderPictures>,
    /// Pictures that are named after artists.
    artists: Option<PathBuf>,
    /// What goes on in the background.
    passes: Vec<Passes>,
    /// Absent in commands that find no running server.
    podcasts: Option<Keeper>,
    /// Are tracks measured at this moment? Absent where they are not to be.
    listening: Option<Arc<AtomicBool>>,
    gains: GainsFrom,
    told: changed::Told,
    remembered: Arc<Remembered>,
    /// Ends whoever waits for another revision of lists.
    retired: CancellationToken,
    /// Places for those who wait for news of a scan, or of the lists.
    waiting: Semaphore,
    background: Background,
}

type Refusable<T> = Result<T, CatalogError>;

impl Catalog {
    /// Begins an incarnation; nothing is loaded that grows with the library.
    pub fn new(
        settings: &Settings,
        resources: &Resources,
    ) -> impl Future<Output = Result<Self, BoxError>> + Send + use<> {
        let (settings, resources) = (settings.clone(), resources.clone());
        async move {
            let added = resources.store.read(added_libraries).await?;
            let demo = settings.demo.as_ref();
            let libraries = Libraries::new(&settings.libraries, demo, &added)?;
            Self::build(&settings, resources, libraries)
        }
    }

    fn build(
        settings: &Settings,
        resources: Resources,
        libraries: Libraries,
    ) -> Result<Self, BoxError> {
        let mut passes = Vec::new();
        if settings.looks {
            passes.push(start_looker(LookerSetup {
                store: resources.store.clone(),
                clock: resources.clock.clone(),
                libraries: libraries.clone(),
                artists: settings.artist_pictures.clone(),
                worker: settings.worker.clone(),
            })?);
        }
        let listening = settings.analysis.then(Arc::<AtomicBool>::default);
        if let Some(running) = &listening {
            passes.push(start_listener(ListenerSetup {
                store: resources.store.clone(),
                clock: resources.clock.clone(),
                libraries: libraries.clone(),
                worker: settings.worker.clone(),
                running: Arc::clone(running),
            })?);
        }
        let setup = ScanSetup {
            store: resources.store.clone(),
            libraries: libraries.now(),
            clock: resources.clock.clone(),
            failpoints: resources.failpoints.clone(),
            readers: settings.readers,
            worker: settings.worker.clone(),
            rules: Arc::new(settings.pictures.clone()),
            artists: settings.artist_pictures.clone(),
            afterwards: passes.iter().map(Passes::wake).collect(),
            vanish_share: settings.vanish_share,
            splitter: Arc::new(Splitter::new(&settings.splitting)),
            turn: Arc::clone(&resources.scan_turn),
            wanted: resources.scan_wanted.clone(),
            losses: resources.scan_losses.clone(),
            hanging: resources.scan_hanging.clone(),
            patience: PATIENCE,
            watched: (settings.watch != Watch::Off).then(|| resources.pending.clone()),
        };
        let scanner = Arc::new(Scanner::new(setup, libraries.clone()));
        let (how, every) = (settings.watch, settings.poll_interval);
        let pending = &resources.pending;
        let watching =
            Watching::begin(how, every, &libraries.now(), pending, Arc::clone(&scanner))?;
        scanner.go_on();
        let background = Background::default();
        let podcasts = podcasts::start(settings, &resources, &background)?;
        let catalog = Self {
            store: resources.store.clone(),
            outbox: Arc::new(Outbox::new(resources.store.clone())),
            artwork: Arc::new(ArtworkCache::new(
                settings.artwork.clone(),
                settings.worker.clone(),
                settings.artwork_bytes,
                resources.clock.clone(),
            )),
            resources,
            libraries,
            libraries_turn: tokio::sync::Mutex::default(),
            folder_places: FolderPlaces::default(),
            roots: settings.roots.clone().into(),
            data: settings.data.clone(),
            scanner,
            watching,
            folder_pictures: Arc::default(),
            artists: settings.artist_pictures.clone(),
            passes,
            podcasts,
            listening,
            gains: settings.gains,
            told: changed::Told::default(),
            remembered: Arc::default(),
            retired: CancellationToken::new(),
            waiting: Semaphore::new(MOST_WAITING),
            background,
        };
        catalog.keep_edits_shown();
        Ok(catalog)
    }

    /// Reads off the runtime; a failure of the store becomes a refusal.
    async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&ReadTransaction) -> Answer<T> + Send + 'static,
    ) -> Refusable<T> {
        self.store.read(job).await.map_err(refusal)?
    }

    /// [`Catalog::read`] for answers with covers and tracks: it is told how they look and play.
    async fn browse<T: Shown + Send + 'static>(
        &self,
        job: impl FnOnce(&ReadTransaction) -> Answer<T> + Send + 'static,
    ) -> Refusable<T> {
        let (looks, gains) = (self.resources.looks.clone(), self.gains);
        self.read(move |read| {
            let mut answer = job(read)?;
            if let Ok(answer) = &mut answer {
                looks.tell(read, answer)?;
                gains.tell(answer);
            }
            Ok(answer)
        })
        .await
    }

    /// The folder of a library, if it is still configured.
    fn folder_of(&self, library: LibraryId) -> Option<PathBuf> {
        self.libraries.get(library).map(|library| library.folder)
    }

    async fn get_track(&self, call: GetTrack, context: Context) -> Refusable<Track> {
        let viewer = Viewer::of(&context)?;
        self.browse(move |read| {
            let track = Tracks::open(read, viewer)?.get(call.track)?;
            Ok(track.ok_or_else(|| not_found("track")))
        })
        .await
    }

    async fn get_tracks(&self, call: GetTracks, context: Context) -> Refusable<Vec<Option<Track>>> {
        let viewer = Viewer::of(&context)?;
        at_most_a_page("tracks", call.tracks.len())?;
        self.browse(move |read| {
            let mut tracks = Tracks::open(read, viewer)?;
            call.tracks.iter().map(|id| tracks.get(*id)).collect::<Result<_, _>>().map(Ok)
        })
        .await
    }

    async fn get_albums(&self, call: GetAlbums, context: Context) -> Refusable<Vec<Option<Album>>> {
        let viewer = Viewer::of(&context)?;
        at_most_a_page("albums", call.albums.len())?;
        self.browse(move |read| browse::get_albums(read, &viewer, &call.albums).map(Ok)).await
    }

    async fn get_artists(
        &self,
        call: GetArtists,
        context: Context,
    ) -> Refusable<Vec<Option<Artist>>> {
        let viewer = Viewer::of(&context)?;
        at_most_a_page("artists", call.artists.len())?;
        self.browse(move |read| browse::get_artists(read, &viewer, &call.artists).map(Ok)).await
    }

    async fn get_album(&self, call: GetAlbum, context: Context) -> Refusable<AlbumDetail> {
        let viewer = Viewer::of(&context)?;
        self.browse(move |read| browse::get_album(read, &viewer, call.album)).await
    }

    async fn get_artist(&self, call: GetArtist, context: Context) -> Refusable<ArtistDetail> {
        let viewer = Viewer::of(&context)?;
        self.browse(move |read| browse::get_artist(read, &viewer, call.artist)).await
    }

    fn start_scan(&self, call: &StartScan, context: &Context) -> Refusable<ScanState> {
        may_administer(context)?;
        let StartScan { full, accept_losses } = *call;
        self.scanner.start(Asked { full, accept_losses }).map_err(refusal)
    }

    fn cancel_scan(&self, context: &Context) -> Refusable<ScanState> {
        may_administer(context)?;
        self.scanner.cancel();
        Ok(self.scanner.state())
    }

    async fn get_scan(&self, call: GetScan, context: Context) -> Refusable<ScanState> {
        may_administer(&context)?;
        // One too many is answered at once: those who wait leave places to those who browse.
        if let (Some(revision), Ok(_place)) = (call.changed_from, self.waiting.try_acquire()) {
            let mut states = self.scanner.watch();
            let news =
                states.wait_for(|state| state.revision != revision || self.scanner.is_retired());
            // Without news the state is the same as before.
            drop(timeout(wait(call.wait_ms, &context), news).await);
        }
        Ok(self.scanner.state())
    }

    async fn list_unreadable(
        &self,
        call: ListUnreadable,
        context: Context,
    ) -> Refusable<Page<UnreadableFile>> {
        may_administer(&context)?;
        self.read(browse::list_unreadable(&call)?).await
    }

    async fn match_tracks(
        &self,
        call: MatchTracks,
        context: Context,
    ) -> Refusable<Vec<Option<MatchedTrack>>> {
        let viewer = Viewer::of(&context)?;
        if call.wanted.len() > MatchTracks::MOST {
            return Err(invalid("wanted", format!("are more than {}", MatchTracks::MOST)));
        }
        let libraries = self.libraries.now().iter().map(|library| library.id).collect();
        self.read(move |read| browse::match_tracks(read, viewer, libraries, &call.wanted).map(Ok))
            .await
    }

    async fn follow(
        &self,
        call: FollowCatalog,
        context: Context,
    ) -> Refusable<Changes<CatalogChange>> {
        is_system(&context)?;
        let wait = wait(call.wait_ms, &context);
        let page = self.outbox.after(call.after, call.limit.min(Paging::MOST), wait, feed::resolve);
        page.await.map_err(refusal)
    }

    async fn snapshot(
        &self,
        call: CatalogSnapshot,
        context: Context,
    ) -> Refusable<Snapshot<CatalogChange>> {
        is_system(&context)?;
        let outbox = Arc::clone(&self.outbox);
        self.read(move |read| feed::snapshot(read, &outbox, &call)).await
    }
}

impl Service for Catalog {
    type Contract = Contract;

    #[expect(clippy::too_many_lines, reason = "a line for each call, and nothing else")]
    async fn handle(self: Arc<Self>, request: Request) {
        let this = &*self;
        match request {
            Request::ListTracks(ask) => ask.answer(|call, by| this.list_tracks(call, by)).await,
            Request::ListAlbums(ask) => ask.answer(|call, by| this.list_albums(call, by)).await,
            Request::ListArtists(ask) => ask.answer(|call, by| this.list_artists(call, by)).await,
            Request::ListGenres(ask) => ask.answer(|call, by| this.list_genres(call, by)).await,
            Request::ListArtistLetters(ask) => {
                ask.answer(|call, by| this.list_artist_letters(call, by)).await;
            }
            Request::ListAlbumLetters(ask) => {
                ask.answer(|call, by| this.list_album_letters(call, by)).await;
            }
            Request::ListDecades(ask) => ask.answer(|call, by| this.list_decades(call, by)).await,
            Request::FindArtist(ask) => ask.answer(|call, by| this.find_artist(call, by)).await,
            Request::FindGenre(ask) => ask.answer(|call, by| this.find_genre(call, by)).await,
            Request::PickTracks(ask) => ask.answer(|call, by| this.pick_tracks(call, by)).await,
            Request::PickAlbums(ask) => ask.answer(|call, by| this.pick_albums(call, by)).await,
            Request::GetTrack(ask) => ask.answer(|call, by| this.get_track(call, by)).await,
            Request::GetAlbum(ask) => ask.answer(|call, by| this.get_album(call, by)).await,
            Request::GetArtist(ask) => ask.answer(|call, by| this.get_artist(call, by)).await,
            Request::GetTracks(ask) => ask.answer(|call, by| this.get_tracks(call, by)).await,
            Request::GetAlbums(ask) => ask.answer(|call, by| this.get_albums(call, by)).await,
            Request::GetArtists(ask) => ask.answer(|call, by| this.get_artists(call, by)).await,
            Request::GetPaths(ask) => ask.answer(|call, by| this.get_paths(call, by)).await,
            Request::Locate(ask) => ask.answer(|call, by| this.locate(call, by)).await,
            Request::LocateCover(ask) => {
                ask.answer_while_wanted(|call, by| this.locate_cover(call, by)).await;
            }
            Request::GetLyrics(ask) => ask.answer(|call, by| this.get_lyrics(call, by)).await,
            Request::LyricsTexts(ask) => ask.answer(|call, by| this.lyrics_texts(call, by)).await,
            Request::GetWaveform(ask) => ask.answer(|call, by| this.get_waveform(call, by)).await,
            Request::GetAnalysis(ask) => {
                ask.answer_while_wanted(|GetAnalysis {}, by| this.get_analysis(by)).await;
            }
            Request::ListUnmeasurable(ask) => {
                ask.answer(|call, by| this.list_unmeasurable(call, by)).await;
            }
            Request::ListLibraries(ask) => {
                ask.answer(|call, by| this.list_libraries(call, by)).await;
            }
            Request::ListLibraryDetails(ask) => {
                ask.answer(|call, by| this.list_library_details(call, by)).await;
            }
            Request::AddLibrary(ask) => ask.answer(|call, by| this.add_library(call, by)).await,
            Request::RenameLibrary(ask) => {
                ask.answer(|call, by| this.rename_library(call, by)).await;
            }
            Request::RemoveLibrary(ask) => {
                ask.answer(|call, by| this.remove_library(call, by)).await;
            }
            Request::ListServerFolders(ask) => {
                ask.answer_while_wanted(|call, by| this.list_server_folders(call, by)).await;
            }
            Request::GetChanged(ask) => ask.answer(|call, by| this.get_changed(call, by)).await,
            Request::GetRevision(ask) => {
                ask.answer_while_wanted(|call, by| this.get_revision(call, by)).await;
            }
            Request::StartScan(ask) => {
                ask.answer(|call, by| ready(this.start_scan(&call, &by))).await;
            }
            Request::CancelScan(ask) => {
                ask.answer(|CancelScan {}, by| ready(this.cancel_scan(&by))).await;
            }
            Request::GetScan(ask) => {
                ask.answer_while_wanted(|call, by| this.get_scan(call, by)).await;
            }
            Request::ListUnreadable(ask) => {
                ask.answer(|call, by| this.list_unreadable(call, by)).await;
            }
            Request::MatchTracks(ask) => ask.answer(|call, by| this.match_tracks(call, by)).await,
            Request::ListFolder(ask) => ask.answer(|call, by| this.list_folder(call, by)).await,
            Request::ListMissing(ask) => ask.answer(|call, by| this.list_missing(call, by)).await,
            Request::ForgetTracks(ask) => ask.answer(|call, by| this.forget_tracks(call, by)).await,
            Request::ListEdits(ask) => ask.answer(|call, by| this.list_edits(call, by)).await,
            Request::PutEdits(ask) => ask.answer(|call, by| this.put_edits(call, by)).await,
            Request::RemoveEdit(ask) => ask.answer(|call, by| this.remove_edit(call, by)).await,
            Request::AddPodcast(ask) => ask.answer(|call, by| this.add_podcast(call, by)).await,
            Request::RemovePodcast(ask) => {
                ask.answer(|call, by| this.remove_podcast(call, by)).await;
            }
            Request::ListPodcasts(ask) => ask.answer(|call, by| this.list_podcasts(call, by)).await,
            Request::GetPodcast(ask) => ask.answer(|call, by| this.get_podcast(call, by)).await,
            Request::ListEpisodes(ask) => ask.answer(|call, by| this.list_episodes(call, by)).await,
            Request::GetEpisode(ask) => ask.answer(|call, by| this.get_episode(call, by)).await,
            Request::RefreshPodcasts(ask) => {
                ask.answer(|call, by| this.refresh_podcasts(call, by)).await;
            }
            Request::DownloadEpisode(ask) => {
                ask.answer(|call, by| this.download_episode(call, by)).await;
            }
            Request::RemoveDownload(ask) => {
                ask.answer(|call, by| this.remove_download(call, by)).await;
            }
            Request::LocateEpisode(ask) => {
                ask.answer(|call, by| this.locate_episode(call, by)).await;
            }
            Request::FollowCatalog(ask) => {
                ask.answer_while_wanted(|call, by| this.follow(call, by)).await;
            }
            Request::CatalogSnapshot(ask) => ask.answer(|call, by| this.snapshot(call, by)).await,
        }
    }

    fn retire(&self) {
        self.watching.retire();
        self.scanner.retire();
        self.passes.iter().for_each(Passes::retire);
        self.background.retire();
        self.outbox.retire();
        self.retired.cancel();
    }
}

fn at_most_a_page(field: &str, items: usize) -> Refusable<()> {
    if items > Paging::MOST as usize {
        return Err(invalid(field, format!("are more than {}", Paging::MOST)));
    }
    Ok(())
}

fn may_administer(context: &Context) -> Refusable<()> {
    if context.may_administer() { Ok(()) } else { Err(CatalogError::Forbidden) }
}

fn is_system(context: &Context) -> Refusable<()> {
    if context.caller == Caller::System { Ok(()) } else { Err(CatalogError::Forbidden) }
}

fn wait(wait_ms: u64, context: &Context) -> Duration {
    let in_time = context.remaining().saturating_sub(MARGIN);
    Duration::from_millis(wait_ms).min(in_time).min(LONGEST_WAIT)
}

fn refusal(error: StoreError) -> CatalogError {
    match error {
        StoreError::DiskFull => CatalogError::DiskFull,
        StoreError::Busy => CatalogError::Busy,
        other => CatalogError::Storage(other.to_string()),
    }
}
