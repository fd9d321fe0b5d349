//! A catalog over folders of small audio files.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use hexachord_catalog::{
    Catalog, CoverThreads, LibraryFolder, Resources, Settings, Watch, open_store,
};
use hexachord_contracts::{
    Call, CallError, Caller, Clock, Context, Failpoints, LibraryAccess, RequestId, Role, Service,
    Timestamp,
    catalog::{self, CatalogError, GetScan, ListTracks, ScanState, StartScan, Track},
    harness::{Reached, both_ways},
    ids::{AccountId, LibraryId},
    page::Paging,
};
use hexachord_fixtures::{Format, Piece, Tags, tag};
use tempfile::TempDir;

pub(crate) struct House {
    pub(crate) temp: TempDir,
    pub(crate) resources: Resources,
    pub(crate) settings: Settings,
    pub(crate) ways: [Reached<catalog::Catalog>; 2],
    /// Scans that were begun.
    scans: AtomicUsize,
}

pub(crate) type Outcome<C> = Result<<C as Call>::Reply, CallError<CatalogError>>;

impl House {
    /// A house with an empty folder for each of these libraries.
    pub(crate) async fn with(libraries: &[&str]) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let settings = settings(temp.path(), libraries);
        for library in &settings.libraries {
            fs::create_dir_all(&library.folder).unwrap();
        }
        Self::over(temp, settings).await
    }

    /// A house whose folders are watched, or polled very often.
    pub(crate) async fn watching(watch: Watch, libraries: &[&str]) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let poll_interval = Duration::from_millis(50);
        let settings = Settings { watch, poll_interval, ..settings(temp.path(), libraries) };
        for library in &settings.libraries {
            fs::create_dir_all(&library.folder).unwrap();
        }
        let house = Self::over(temp, settings).await;
        // It waits until they are.
        house.scan().await;
        house
    }

    /// Opens a new store over what is in the folders.
    pub(crate) async fn over(temp: TempDir, settings: Settings) -> Self {
        let path = temp.path().join("catalog.redb");
        let store = open_store(path, 1).unwrap();
        let covers = CoverThreads::new(2, 64);
        let clock = Clock::manual(Timestamp::from_millis(1_700_000_000_000));
        let resources = Resources::new(store, covers, clock, Failpoints::default());
        let ways = both_ways(Catalog::new(&settings, &resources).await.unwrap());
        Self { temp, resources, settings, ways, scans: AtomicUsize::new(0) }
    }

    /// Another incarnation on the same store, with these libraries.
    pub(crate) async fn reopen(&mut self, libraries: &[&str]) {
        let libraries = settings(self.temp.path(), libraries).libraries;
        self.settings = Settings { libraries, ..self.settings.clone() };
        for library in &self.settings.libraries {
            fs::create_dir_all(&library.folder).unwrap();
        }
        self.ways = both_ways(Catalog::new(&self.settings, &self.resources).await.unwrap());
    }

    /// Another incarnation on the same store, with the settings as they are now.
    pub(crate) async fn reopen_as_it_is(&mut self) {
        self.ways = both_ways(Catalog::new(&self.settings, &self.resources).await.unwrap());
    }

    /// The same folders under a store that knows nothing.
    pub(crate) async fn fresh(self) -> Self {
        let Self { temp, settings, resources, ways, .. } = self;
        drop(ways);
        resources.store.close();
        fs::remove_file(temp.path().join("catalog.redb")).unwrap();
        Self::over(temp, settings).await
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.temp.path().join(file)
    }

    /// Writes a tagged piece; `file` begins with the name of its library.
    pub(crate) fn put(&self, file: &str, piece: Piece, tags: &Tags) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        piece.write(&path).unwrap();
        tag(&path, tags).unwrap();
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.path(from), to).unwrap();
    }

    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.path(file)).unwrap();
    }

    /// Asks both ways as `caller`; both must answer the same.
    pub(crate) async fn ask_as<C: Call<To = catalog::Catalog>>(
        &self,
        caller: Caller,
        call: impl Fn() -> C,
    ) -> Outcome<C> {
        let mut outcomes = Vec::new();
        for reached in &self.ways {
            let context = context(caller.clone());
            outcomes.push(reached.client.call(&context, call()).await);
        }
        let [mailbox, bytes] = outcomes.try_into().unwrap_or_else(|_| unreachable!());
        assert_eq!(format!("{mailbox:?}"), format!("{bytes:?}"));
        mailbox
    }

    pub(crate) async fn ask<C: Call<To = catalog::Catalog>>(
        &self,
        call: impl Fn() -> C,
    ) -> C::Reply {
        self.ask_as(Caller::System, call).await.unwrap()
    }

    /// Asks one way: for what may change at any time.
    pub(crate) async fn ask_once<C: Call<To = catalog::Catalog>>(&self, call: C) -> C::Reply {
        self.ways[0].client.call(&context(Caller::System), call).await.unwrap()
    }

    pub(crate) async fn scan(&self) -> ScanState {
        self.scan_with(StartScan::default()).await
    }

    /// Scans and waits for the end; every other scan goes over bytes.
    pub(crate) async fn scan_with(&self, start: StartScan) -> ScanState {
        let way = self.scans.fetch_add(1, Ordering::Relaxed) % self.ways.len();
        let reached = &self.ways[way];
        let state = reached.client.call(&context(Caller::System), start).await.unwrap();
        let state = until_it_ends(reached, state).await;
        self.resources.clock.advance(Duration::from_mins(1));
        state
    }

    /// Keeps the store busy, so that no scan can end, until it is let go.
    pub(crate) fn occupy_store(&self) -> Occupied {
        let (let_go, told) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel();
        let store = self.resources.store.clone();
        let writing = thread::spawn(move || {
            let written = store.write_blocking(move |_| {
                begun.send(()).unwrap();
                told.recv().unwrap();
                Ok(())
            });
            written.unwrap();
        });
        has_begun.recv().unwrap();
        Occupied { let_go, writing }
    }

    /// Every track that is not missing, by title.
    pub(crate) async fn tracks(&self) -> Vec<Track> {
        let call = || ListTracks { paging: Paging::first(500), ..ListTracks::default() };
        let page = self.ask(call).await;
        assert_eq!(page.next_cursor, None);
        page.items
    }

    pub(crate) async fn track(&self, title: &str) -> Track {
        let mut found = self.tracks().await;
        found.retain(|track| track.title == title);
        assert_eq!(found.len(), 1, "tracks called {title}");
        found.remove(0)
    }

    pub(crate) async fn library(&self, name: &str) -> LibraryId {
        let libraries = self.ask(|| catalog::ListLibraries {}).await;
        libraries.iter().find(|library| library.name == name).unwrap().id
    }
}

/// Looks until there is something to see: as long as a very slow machine may take.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < deadline, "this does not become so: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A store that is busy with one write.
pub(crate) struct Occupied {
    let_go: mpsc::Sender<()>,
    writing: thread::JoinHandle<()>,
}

impl Occupied {
    pub(crate) fn let_go(self) {
        self.let_go.send(()).unwrap();
        self.writing.join().unwrap();
    }
}

/// Waits for the end of the scan that is in this state.
pub(crate) async fn until_it_ends(
    reached: &Reached<catalog::Catalog>,
    mut state: ScanState,
) -> ScanState {
    while state.is_running() {
        let next = GetScan { changed_from: Some(state.revision), wait_ms: 20_000 };
        // Every wait has a deadline of its own: a scan may take longer than one.
        state = reached.client.call(&context(Caller::System), next).await.unwrap();
    }
    state
}

fn settings(folder: &Path, libraries: &[&str]) -> Settings {
    let library =
        |name: &&str| LibraryFolder { name: (*name).to_owned(), folder: folder.join(name) };
    Settings {
        libraries: libraries.iter().map(library).collect(),
        artwork: folder.join("artwork"),
        readers: 2,
        ..Settings::default()
    }
}

pub(crate) fn context(caller: Caller) -> Context {
    Context::new(RequestId(1), caller, Duration::from_secs(25))
}

/// An account that sees these libraries.
pub(crate) fn listener(libraries: &[LibraryId]) -> Caller {
    account(Role::Listener, LibraryAccess::Only(libraries.into()))
}

pub(crate) fn account(role: Role, libraries: LibraryAccess) -> Caller {
    Caller::Account { id: AccountId(7), role, libraries }
}

pub(crate) fn flac(seed: u64) -> Piece {
    Piece { frames: 20, ..Piece::new(Format::Flac, seed) }
}

/// Tags of one track of an album by one artist.
pub(crate) fn tags(artist: &str, album: &str, number: u32, title: &str) -> Tags {
    Tags {
        title: title.to_owned(),
        artists: vec![artist.to_owned()],
        album: album.to_owned(),
        track: Some(number),
        year: Some(1997),
        genres: vec!["Rock".to_owned()],
        ..Tags::default()
    }
}

/// Retires when it is asked for a track.
pub(crate) struct RetiredByGetTrack(pub(crate) Arc<Catalog>);

impl Service for RetiredByGetTrack {
    type Contract = catalog::Catalog;

    async fn handle(self: Arc<Self>, request: catalog::Request) {
        if matches!(request, catalog::Request::GetTrack(_)) {
            self.0.retire();
        }
        Arc::clone(&self.0).handle(request).await;
    }
}
