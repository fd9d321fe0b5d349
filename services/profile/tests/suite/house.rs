//! A service under test with everything it needs, and the calls that most tests begin with.

use std::{future::Future, path::Path, sync::Arc, time::Duration};

use hexachord_contracts::{
    Call, CallError, Caller, Client, Clock, Context, LibraryAccess, RequestId, Role, Timestamp,
    harness,
    ids::{AccountId, AlbumId, ArtistId, LibraryId, TrackId},
    item::ItemId,
    page::{Page, Paging},
    profile::{
        Annotation, CreatePlaylist, GetAnnotations, ListEntries, Playlist, PlaylistEntry,
        Profile as Contract, ProfileError, RecordPlay, RecordedPlay,
    },
};
use hexachord_profile::{Profile, Resources, open_memory_store, open_store};
use hexachord_storage::Store;
use rand::{SeedableRng, rngs::StdRng};

use crate::{
    accounts::{self, FakeAccounts},
    catalog::{self, FakeCatalog},
    songs::{MINUTES_2, Song},
};

/// Ends a test that hangs, and nothing else.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
/// Listeners that every house has.
pub(crate) const ANNA: u64 = 1;
pub(crate) const BEN: u64 = 2;

pub(crate) type Answer<T> = Result<T, CallError<ProfileError>>;

pub(crate) struct House {
    pub(crate) way: usize,
    pub(crate) client: Client<Contract>,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) resources: Resources,
    pub(crate) catalog: Arc<FakeCatalog>,
    pub(crate) accounts: Arc<FakeAccounts>,
}

/// Runs `test` on a new house for each way to the service.
pub(crate) async fn both_ways<F: Future<Output = ()>>(test: impl Fn(House) -> F) {
    for way in 0..2 {
        test(House::at(open_memory_store(1).unwrap(), way).await).await;
    }
}

/// Runs `test` with a folder of its own for each way to the service.
pub(crate) async fn both_ways_on_disk<F: Future<Output = ()>>(
    test: impl Fn(usize, Arc<tempfile::TempDir>) -> F,
) {
    for way in 0..2 {
        test(way, Arc::new(tempfile::tempdir().unwrap())).await;
    }
}

impl House {
    /// A house with two listeners and no music.
    pub(crate) async fn at(store: Store, way: usize) -> Self {
        let (catalog, accounts) = (FakeCatalog::new(), FakeAccounts::new());
        accounts.put(ANNA, "Anna");
        accounts.put(BEN, "Ben");
        Self::over(store, way, catalog, accounts).await
    }

    /// A start of the program over facts that were there before.
    pub(crate) async fn over(
        store: Store,
        way: usize,
        catalog: Arc<FakeCatalog>,
        accounts: Arc<FakeAccounts>,
    ) -> Self {
        let clock = Clock::manual(NOW);
        let resources = Resources::new(store.clone(), clock.clone(), StdRng::seed_from_u64(1));
        let client = incarnate(&resources, &catalog, &accounts, way).await;
        let house = Self { way, client, clock, store, resources, catalog, accounts };
        house.is_up_to_date().await;
        house
    }

    pub(crate) async fn on_disk(folder: &Path, way: usize) -> Self {
        Self::at(open_store(folder.join("profile.redb"), 1).unwrap(), way).await
    }

    /// A new incarnation beside the one that answers `self.client`.
    pub(crate) async fn incarnate(&self) -> Client<Contract> {
        incarnate(&self.resources, &self.catalog, &self.accounts, self.way).await
    }

    /// Ends the program in an orderly way.
    pub(crate) async fn close(self) {
        let Self { client, resources, .. } = self;
        drop(client);
        tokio::task::spawn_blocking(move || resources.close()).await.unwrap();
    }

    /// Waits until all that the catalog and the accounts told is known.
    pub(crate) async fn is_up_to_date(&self) {
        self.catalog.feed.is_followed().await;
        self.accounts.feed.is_followed().await;
    }

    pub(crate) async fn scan(&self, songs: impl IntoIterator<Item = Song>) {
        self.catalog.scan(songs);
        self.catalog.feed.is_followed().await;
    }

    pub(crate) async fn ask<C: Call<To = Contract>>(
        &self,
        who: &Context,
        call: C,
    ) -> Answer<C::Reply> {
        self.client.call(who, call).await
    }

    /// Plays all of a track of two minutes.
    pub(crate) async fn play(&self, who: &Context, track: u64, at: Timestamp) -> RecordedPlay {
        self.ask(who, heard(track, at, MINUTES_2)).await.unwrap()
    }

    pub(crate) async fn playlist(&self, who: &Context, name: &str, tracks: &[u64]) -> Playlist {
        self.ask(who, new_playlist(name, false, tracks)).await.unwrap()
    }

    pub(crate) async fn public_playlist(
        &self,
        who: &Context,
        name: &str,
        tracks: &[u64],
    ) -> Playlist {
        self.ask(who, new_playlist(name, true, tracks)).await.unwrap()
    }

    /// Positions and tracks of the first page.
    pub(crate) async fn entries(&self, who: &Context, playlist: &Playlist) -> Vec<(u32, u64)> {
        let call = ListEntries { playlist: playlist.id, paging: Paging::first(Paging::MOST) };
        let page = self.ask(who, call).await.unwrap();
        page.items.iter().map(|PlaylistEntry { position, track }| (*position, track.0)).collect()
    }

    pub(crate) async fn annotations(&self, who: &Context, items: &[ItemId]) -> Vec<Annotation> {
        self.ask(who, GetAnnotations { items: items.to_vec() }).await.unwrap()
    }

    pub(crate) async fn annotation(&self, who: &Context, item: ItemId) -> Annotation {
        self.annotations(who, &[item]).await[0]
    }

    /// All pages of a list, each of `limit` items but the last.
    pub(crate) async fn pages<T: Clone, C: Call<To = Contract, Reply = Page<T>>>(
        &self,
        who: &Context,
        limit: u32,
        call: impl Fn(Paging) -> C,
    ) -> Vec<T> {
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.ask(who, call(Paging { limit, cursor })).await.unwrap();
            all.extend(page.items.iter().cloned());
            cursor = page.next_cursor;
            if cursor.is_none() {
                return all;
            }
            assert_eq!(page.items.len(), limit as usize, "a page before the last is full");
        }
    }
}

async fn incarnate(
    resources: &Resources,
    catalog: &Arc<FakeCatalog>,
    accounts: &Arc<FakeAccounts>,
    way: usize,
) -> Client<Contract> {
    let [catalog, _] = harness::both_ways(catalog::Serving(Arc::clone(catalog)));
    let [accounts, _] = harness::both_ways(accounts::Serving(Arc::clone(accounts)));
    let service = Profile::new(resources.clone(), accounts.client, catalog.client).await.unwrap();
    let [mailbox, bytes] = harness::both_ways(service);
    if way == 0 { mailbox.client } else { bytes.client }
}

/// Who sees everything.
pub(crate) fn listener(id: u64) -> Context {
    as_account(id, LibraryAccess::All)
}

/// Who sees these libraries.
pub(crate) fn limited(id: u64, libraries: &[u64]) -> Context {
    let libraries: Vec<_> = libraries.iter().copied().map(LibraryId).collect();
    as_account(id, LibraryAccess::Only(libraries.into()))
}

pub(crate) fn administrator(id: u64) -> Context {
    let caller = Caller::Account {
        id: AccountId(id),
        role: Role::Administrator,
        libraries: LibraryAccess::All,
    };
    Context::new(RequestId(1), caller, PATIENCE)
}

fn as_account(id: u64, libraries: LibraryAccess) -> Context {
    let caller = Caller::Account { id: AccountId(id), role: Role::Listener, libraries };
    Context::new(RequestId(1), caller, PATIENCE)
}

pub(crate) fn system() -> Context {
    Context::system(PATIENCE)
}

pub(crate) fn anonymous() -> Context {
    Context::new(RequestId(1), Caller::Anonymous, PATIENCE)
}

pub(crate) fn heard(track: u64, started_at: Timestamp, listened_ms: u64) -> RecordPlay {
    RecordPlay {
        track: TrackId(track),
        started_at,
        listened_ms,
        source: None,
        device: "suite".to_owned(),
        id: None,
    }
}

pub(crate) fn new_playlist(name: &str, public: bool, tracks: &[u64]) -> CreatePlaylist {
    CreatePlaylist {
        name: name.to_owned(),
        description: String::new(),
        public,
        tracks: ids(tracks),
    }
}

pub(crate) fn ids(tracks: &[u64]) -> Vec<TrackId> {
    tracks.iter().copied().map(TrackId).collect()
}

/// So many minutes before now.
pub(crate) fn minutes_ago(minutes: i64) -> Timestamp {
    Timestamp::from_millis(NOW.as_millis() - minutes * 60_000)
}

pub(crate) fn track(id: u64) -> ItemId {
    ItemId::Track(TrackId(id))
}

pub(crate) fn album(id: u64) -> ItemId {
    ItemId::Album(AlbumId(id))
}

pub(crate) fn artist(id: u64) -> ItemId {
    ItemId::Artist(ArtistId(id))
}

/// The service's own words when it said no.
pub(crate) fn refused<T: std::fmt::Debug>(answer: Answer<T>) -> ProfileError {
    match answer {
        Err(CallError::Refused(error)) => error,
        other => panic!("not refused: {other:?}"),
    }
}

pub(crate) fn not_found(what: &str) -> ProfileError {
    ProfileError::NotFound { what: what.to_owned() }
}

/// The field and the reason of a refusal.
pub(crate) fn invalid<T: std::fmt::Debug>(answer: Answer<T>) -> (String, String) {
    match refused(answer) {
        ProfileError::Invalid { field, reason } => (field, reason),
        other => panic!("another refusal: {other:?}"),
    }
}

pub(crate) fn invalid_field<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    invalid(answer).0
}
