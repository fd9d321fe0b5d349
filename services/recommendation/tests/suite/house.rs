//! A service under test with feeds to follow, and the calls that most tests begin with.

use std::{future::Future, path::PathBuf, time::Duration};

use hexachord_contracts::{
    Call, CallError, Caller, Client, Clock, Context, LibraryAccess, RequestId, Role, Timestamp,
    catalog::{AlbumRef, ArtistRef, CatalogChange, Track},
    harness,
    ids::{AccountId, AlbumId, ArtistId, LibraryId, TrackId},
    item::ItemId,
    profile::{Annotation, ProfileChange},
    recommendation::{
        FindSimilar, GetModel, ModelState, Recommend, Recommendation as Contract,
        RecommendationError, Recommended,
    },
};
use hexachord_recommendation::{Recommendation, Resources, Settings};
use tempfile::TempDir;

use crate::feeds::Feed;

/// Ends a test that hangs, and nothing else.
const PATIENCE: Duration = Duration::from_mins(1);
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
pub(crate) const HOME: LibraryId = LibraryId(1);

pub(crate) type Answer<T> = Result<T, CallError<RecommendationError>>;

pub(crate) struct House {
    pub(crate) way: usize,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) catalog: Feed<CatalogChange>,
    pub(crate) profile: Feed<ProfileChange>,
    folder: TempDir,
    running: Option<(Resources, Client<Contract>)>,
}

/// Small vectors, few rounds.
pub(crate) fn settings() -> Settings {
    Settings { factors: 6, iterations: 4, ..Settings::default() }
}

/// Runs `test` on a new house for each way to the service; it is not running yet.
pub(crate) async fn both_ways<F: Future<Output = ()>>(test: impl Fn(House) -> F) {
    for way in 0..2 {
        test(House::new(way)).await;
    }
}

impl House {
    fn new(way: usize) -> Self {
        Self {
            way,
            settings: settings(),
            clock: Clock::manual(NOW),
            catalog: Feed::new(),
            profile: Feed::new(),
            folder: tempfile::tempdir().expect("a folder can be made"),
            running: None,
        }
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("recommendation.redb")
    }

    /// Opens the store and begins an incarnation.
    pub(crate) async fn start(&mut self) {
        let opened = Resources::new(self.store(), self.clock.clone());
        self.begin(opened.expect("the store can be opened")).await;
    }

    /// Another incarnation on the same resources.
    pub(crate) async fn begin_again(&mut self) {
        let (resources, _) = self.running.take().expect("it runs");
        self.begin(resources).await;
    }

    async fn begin(&mut self, resources: Resources) {
        let [local, bytes] = harness::both_ways(self.catalog.clone());
        let catalog = if self.way == 0 { local.client } else { bytes.client };
        let [local, bytes] = harness::both_ways(self.profile.clone());
        let profile = if self.way == 0 { local.client } else { bytes.client };
        let settings = self.settings.clone();
        let service = Recommendation::new(settings, resources.clone(), catalog, profile).await;
        let [local, bytes] = harness::both_ways(service.expect("it begins"));
        let client = if self.way == 0 { local.client } else { bytes.client };
        self.running = Some((resources, client));
    }

    pub(crate) fn resources(&self) -> &Resources {
        &self.running.as_ref().expect("it runs").0
    }

    /// Begins, and waits until everything that was told is known.
    pub(crate) async fn run(&mut self) {
        self.start().await;
        self.known().await;
    }

    /// Ends the program in an orderly way.
    pub(crate) async fn close(&mut self) {
        let Some((resources, client)) = self.running.take() else { return };
        drop(client);
        let closed = tokio::task::spawn_blocking(move || resources.close()).await;
        closed.expect("it closes");
    }

    pub(crate) async fn ask<C: Call<To = Contract>>(
        &self,
        who: Caller,
        call: C,
    ) -> Answer<C::Reply> {
        let (_, client) = self.running.as_ref().expect("it runs");
        client.call(&context(who), call).await
    }

    pub(crate) async fn model(&self) -> ModelState {
        self.ask(Caller::System, GetModel {}).await.expect("the model can be looked at")
    }

    /// Waits until the model is as it should be.
    pub(crate) async fn until(&self, mut is_so: impl FnMut(&ModelState) -> bool) -> ModelState {
        let look = async {
            loop {
                let model = self.model().await;
                if is_so(&model) {
                    return model;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, look).await.expect("it comes to be so")
    }

    /// Waits until everything that was told is known.
    pub(crate) async fn known(&self) -> ModelState {
        let heads = (Some(self.catalog.head()), Some(self.profile.head()));
        self.until(|model| (model.catalog, model.profile) == heads).await
    }

    /// Waits until everything is known and learned from, as far as that is possible: somebody has
    /// to hear what another one does.
    pub(crate) async fn settled(&self, is_shared: bool) {
        self.known().await;
        if is_shared {
            self.trained().await;
        }
    }

    pub(crate) async fn trained(&self) -> ModelState {
        self.until(|model| model.trained_at.is_some()).await
    }

    pub(crate) async fn recommend(&self, account: u64, limit: u32) -> Vec<Recommended> {
        let answer = self.ask(listener(account), Recommend { limit }).await;
        answer.expect("there are recommendations")
    }

    pub(crate) async fn similar(&self, account: u64, track: u64, limit: u32) -> Vec<Recommended> {
        let call = FindSimilar { item: ItemId::Track(TrackId(track)), limit };
        self.ask(listener(account), call).await.expect("there is something like it")
    }

    /// Counted plays of a track, the last one a year ago.
    pub(crate) fn played(&self, account: u64, track: u64, plays: u32) {
        let year = 365 * 24 * 60 * 60 * 1000;
        let last = Timestamp::from_millis(self.clock.now().as_millis() - year);
        self.annotate(account, Annotation { plays, last_played_at: Some(last), ..nothing(track) });
    }

    pub(crate) fn played_now(&self, account: u64, track: u64, plays: u32) {
        let last_played_at = Some(self.clock.now());
        self.annotate(account, Annotation { plays, last_played_at, ..nothing(track) });
    }

    pub(crate) fn annotate(&self, account: u64, annotation: Annotation) {
        self.profile.annotate(AccountId(account), annotation);
    }

    /// Two groups of six listeners who hear nearly disjoint halves of sixty tracks that have
    /// nothing written on them in common. Even accounts (2, 4…) hear even tracks.
    pub(crate) fn two_groups(&self) {
        for id in 1..=60 {
            self.catalog.put(track(id, &format!("track {id}"), id, id, &[], None));
        }
        for account in 2..14 {
            for step in 0..30 {
                let id = 1 + step * 2 + (account + 1) % 2;
                // Everybody leaves out other ones.
                if (step + account * 5) % 3 != 0 {
                    let plays = 1 + (step + account) % 4;
                    self.played(account, id, u32::try_from(plays).expect("small"));
                }
            }
        }
    }
}

pub(crate) fn nothing(track: u64) -> Annotation {
    Annotation::none(ItemId::Track(TrackId(track)))
}

fn context(caller: Caller) -> Context {
    Context::new(RequestId(1), caller, Duration::from_secs(25))
}

pub(crate) fn listener(account: u64) -> Caller {
    account_with(account, Role::Listener, LibraryAccess::All)
}

pub(crate) fn account_with(account: u64, role: Role, libraries: LibraryAccess) -> Caller {
    Caller::Account { id: AccountId(account), role, libraries }
}

/// A track of [`HOME`]; albums and artists are called after their numbers.
pub(crate) fn track(
    id: u64,
    title: &str,
    artist: u64,
    album: u64,
    genres: &[&str],
    year: Option<i32>,
) -> Track {
    let artists = vec![ArtistRef { id: ArtistId(artist), name: format!("artist {artist}") }];
    Track {
        id: TrackId(id),
        title: title.to_owned(),
        album: AlbumRef { id: AlbumId(album), title: format!("album {album}") },
        album_artists: artists.clone(),
        artists,
        duration_ms: 180_000,
        year,
        genres: genres.iter().map(|genre| (*genre).to_owned()).collect(),
        size: 1,
        content_type: "audio/flac".to_owned(),
        codec: "flac".to_owned(),
        bitrate_kbps: 900,
        sample_rate: 44_100,
        channels: 2,
        bit_depth: Some(16),
        library: HOME,
        added_at: NOW,
        modified_at: NOW,
        ..Track::default()
    }
}

pub(crate) fn ids(recommended: &[Recommended]) -> Vec<u64> {
    recommended.iter().map(|one| one.track.0).collect()
}

/// The service's own words when it said no.
pub(crate) fn refused<T: std::fmt::Debug>(answer: Answer<T>) -> RecommendationError {
    match answer {
        Err(CallError::Refused(error)) => error,
        other => panic!("not refused: {other:?}"),
    }
}
