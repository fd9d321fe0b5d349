//! Search with what it follows, and the questions that most tests ask.

use std::{
    ffi::OsString,
    fs,
    future::Future,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hexachord_contracts::{
    CallError, Caller, Clock, Context, LibraryAccess, RequestId, Role, Timestamp,
    catalog::CatalogChange,
    harness::{Reached, both_ways},
    ids::{AccountId, LibraryId},
    profile::ProfileChange,
    search::{
        Find, Found, GetIndex, IndexState, Search as Contract, SearchError, Suggest, Suggestion,
    },
};
use hexachord_search::{Resources, Search};

use crate::feeds::Feed;

/// What the clock says.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Ends a test that hangs, and nothing else.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct House {
    pub(crate) folder: PathBuf,
    pub(crate) catalog: Arc<Feed<CatalogChange>>,
    pub(crate) profile: Arc<Feed<ProfileChange>>,
    pub(crate) resources: Resources,
    pub(crate) ways: [Reached<Contract>; 2],
    files: Arc<tempfile::TempDir>,
}

impl House {
    /// Search that has found everything these feeds tell.
    pub(crate) async fn new(catalog: impl IntoIterator<Item = CatalogChange>) -> Self {
        Self::with_playlists(catalog, []).await
    }

    pub(crate) async fn with_playlists(
        catalog: impl IntoIterator<Item = CatalogChange>,
        profile: impl IntoIterator<Item = ProfileChange>,
    ) -> Self {
        let feeds = (Feed::new(), Feed::new());
        feeds.0.tell(catalog);
        feeds.1.tell(profile);
        let files = Arc::new(tempfile::tempdir().expect("there is room"));
        Self::started(files, feeds).await
    }

    /// Another program over a copy of this one's files, as they are at this moment: as after a kill.
    /// It may not have found everything yet.
    pub(crate) async fn killed(&self) -> Self {
        let image = Arc::new(tempfile::tempdir().expect("there is room"));
        let copy = image.path().join("search");
        fs::create_dir(&copy).expect("there is room");
        copy_index(&self.folder, &copy);
        let aside = "set-aside";
        if self.folder.join(aside).exists() {
            fs::create_dir(copy.join(aside)).expect("there is room");
            copy_index(&self.folder.join(aside), &copy.join(aside));
        }
        Self::begun(image, (Arc::clone(&self.catalog), Arc::clone(&self.profile))).await
    }

    async fn started(
        files: Arc<tempfile::TempDir>,
        feeds: (Arc<Feed<CatalogChange>>, Arc<Feed<ProfileChange>>),
    ) -> Self {
        let house = Self::begun(files, feeds).await;
        house.settled().await;
        house
    }

    async fn begun(
        files: Arc<tempfile::TempDir>,
        (catalog, profile): (Arc<Feed<CatalogChange>>, Arc<Feed<ProfileChange>>),
    ) -> Self {
        let folder = files.path().join("search");
        let resources =
            Resources::new(folder.clone(), 2, Clock::manual(NOW)).expect("threads can be started");
        let search = Search::new(resources.clone(), catalog.client(), profile.client()).await;
        let ways = both_ways(search.expect("the index opens"));
        Self { folder, catalog, profile, resources, ways, files }
    }

    /// Another incarnation on the same resources.
    pub(crate) async fn reborn(self) -> Self {
        let Self { folder, catalog, profile, resources, ways, files } = self;
        drop(ways);
        let search = Search::new(resources.clone(), catalog.client(), profile.client()).await;
        let ways = both_ways(search.expect("the index opens"));
        Self { folder, catalog, profile, resources, ways, files }
    }

    /// Ends the program in an orderly way, lets `between` happen, and starts it again.
    pub(crate) async fn restarted(self, between: impl FnOnce(&Self)) -> Self {
        let house = self.begun_again(between).await;
        house.settled().await;
        house
    }

    /// [`House::restarted`], which may not have found everything yet.
    pub(crate) async fn begun_again(self, between: impl FnOnce(&Self)) -> Self {
        let resources = self.resources.clone();
        tokio::task::spawn_blocking(move || resources.close()).await.expect("it closes");
        between(&self);
        Self::begun(self.files, (self.catalog, self.profile)).await
    }

    pub(crate) async fn index(&self) -> IndexState {
        let mut states = Vec::new();
        for reached in &self.ways {
            states.push(reached.client.call(&as_caller(Caller::System), GetIndex {}).await);
        }
        states.swap_remove(0).expect("the program may ask")
    }

    /// Waits until everything that was told is found.
    pub(crate) async fn settled(&self) {
        let [catalog, profile] = [self.catalog.head(), self.profile.head()].map(Some);
        until(async || {
            let state = self.index().await;
            (state.catalog, state.profile, state.taste) == (catalog, profile, profile)
        })
        .await;
    }

    pub(crate) async fn tell(&self, changes: impl IntoIterator<Item = CatalogChange>) {
        self.catalog.tell(changes);
        self.settled().await;
    }

    /// Asks both ways, which must answer the same.
    pub(crate) async fn try_find(
        &self,
        caller: Caller,
        query: &str,
        limit: u32,
    ) -> Result<Found, CallError<SearchError>> {
        let find = || Find { query: query.to_owned(), limit, ..Find::default() };
        self.try_find_with(caller, find).await
    }

    /// [`House::try_find`] with all that can be asked.
    pub(crate) async fn try_find_with(
        &self,
        caller: Caller,
        find: impl Fn() -> Find,
    ) -> Result<Found, CallError<SearchError>> {
        let mut answers = Vec::new();
        for reached in &self.ways {
            answers.push(reached.client.call(&as_caller(caller.clone()), find()).await);
        }
        assert_eq!(answers[0], answers[1], "{:?}", find());
        answers.swap_remove(0)
    }

    pub(crate) async fn suggest(&self, caller: Caller, query: &str) -> Vec<Suggestion> {
        let mut answers = Vec::new();
        for reached in &self.ways {
            let suggest = Suggest { query: query.to_owned(), limit: 5 };
            let suggested = reached.client.call(&as_caller(caller.clone()), suggest).await;
            answers.push(suggested.expect("it may ask"));
        }
        assert_eq!(answers[0], answers[1], "{query:?}");
        answers.swap_remove(0)
    }

    pub(crate) async fn find_as(&self, caller: Caller, query: &str) -> Found {
        self.try_find(caller, query, Find::USUAL).await.expect("it may ask")
    }

    pub(crate) async fn find(&self, query: &str) -> Found {
        self.find_as(Caller::System, query).await
    }

    /// The numbers of the tracks that are found, best first.
    pub(crate) async fn tracks(&self, query: &str) -> Vec<u64> {
        self.find(query).await.tracks.into_iter().map(|id| id.0).collect()
    }
}

/// What names the others first: they are not older than it.
fn copy_index(from: &Path, to: &Path) {
    let mut names = vec![OsString::from("meta.json")];
    let others = fs::read_dir(from).expect("it is there");
    names.extend(others.map(|entry| entry.expect("it can be read").file_name()));
    for name in names {
        // A merge may remove files meanwhile.
        if !to.join(&name).exists() {
            drop(fs::copy(from.join(&name), to.join(&name)));
        }
    }
}

pub(crate) fn as_caller(caller: Caller) -> Context {
    Context::new(RequestId(1), caller, Duration::from_secs(20))
}

pub(crate) fn listener(id: u64, libraries: LibraryAccess) -> Caller {
    Caller::Account { id: AccountId(id), role: Role::Listener, libraries }
}

pub(crate) fn only(libraries: &[LibraryId]) -> LibraryAccess {
    LibraryAccess::Only(libraries.into())
}

/// Waits for a fact.
pub(crate) async fn until<F: Future<Output = bool>>(fact: impl Fn() -> F) {
    let waiting = async {
        while !fact().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("it comes true");
}
