//! All mailboxes first, then all services: who can reach whom is decided here and nowhere else.

use std::{num::NonZeroU32, path::PathBuf, sync::Arc};

pub use hexachord_catalog::{
    PatternsOf, PicturePatterns, PictureRules, WORKER_ARGUMENT, WorkerCommand, run_worker,
};
use hexachord_contracts::{
    Client, Clock, Contract, Failpoints, Mailbox, Service, authentication::Authentication,
    catalog::Catalog, mailbox, payment::PaymentService, profile::Profile,
    recommendation::Recommendation, search::Search, service::BoxError,
};
use hexachord_outgoing::{Client as OutgoingClient, Guard};
use hexachord_storage::StoreError;
use http::HeaderValue;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{self, Config, LibraryFolder},
    data_folder::DataFolder,
    options::Options,
    supervisor::{Supervision, health::Health, supervise},
};

/// Calls that may wait for one service.
const MAILBOX: usize = 1024;
/// Covers of a disk that may wait to be made: few beside what a service works on at a time, so that
/// they never take all its places.
const COVER_QUEUE: usize = 64;

#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    SecretKey(#[from] hexachord_authentication::SecretKeyError),
    #[error("threads cannot be started: {0}")]
    Threads(#[from] std::io::Error),
}

/// The running services.
pub struct Services {
    pub authentication: Client<Authentication>,
    pub catalog: Client<Catalog>,
    pub search: Client<Search>,
    pub recommendation: Client<Recommendation>,
    pub profile: Client<Profile>,
    pub payment: Client<PaymentService>,
    pub health: Vec<Arc<Health>>,
    resources: Resources,
    running: JoinSet<()>,
    stop: CancellationToken,
}

/// What outlives every incarnation of a service: opened once, closed last.
#[derive(Clone)]
struct Resources {
    authentication: hexachord_authentication::Resources,
    catalog: hexachord_catalog::Resources,
    search: hexachord_search::Resources,
    recommendation: hexachord_recommendation::Resources,
    profile: hexachord_profile::Resources,
    payment: hexachord_payment::Resources,
}

impl Services {
    /// Opens the stores and starts the services.
    pub async fn start(
        config: &Config,
        data: &DataFolder,
        options: &Options,
    ) -> Result<Self, WiringError> {
        let Options { clock, failpoints, worker, .. } = options;
        let accounts = authentication_settings(&config.accounts);
        let mut library = hexachord_catalog::Settings {
            worker: worker.clone(),
            // A command that finds no running server is soon over.
            looks: config.artwork.looks && !options.offline,
            analysis: config.analysis.enabled && !options.offline,
            ..catalog_settings(config, data)
        };
        if options.offline {
            // A command is over before anything happens.
            library.watch = hexachord_catalog::Watch::Off;
            library.podcasts = None;
        }
        let resources = {
            let (places, accounts) = (Places::of(data), accounts);
            let (clock, failpoints) = (clock.clone(), failpoints.clone());
            let open = move || open(&places, &accounts, &clock, &failpoints);
            // A store that has to be repaired takes its time; signals are heard meanwhile.
            tokio::task::spawn_blocking(open).await.map_err(|_panic| StoreError::Interrupted)??
        };

        let (authentication, authentication_inbox) = mailbox::<Authentication>(MAILBOX);
        let (catalog, catalog_inbox) = mailbox::<Catalog>(MAILBOX);
        let (search, search_inbox) = mailbox::<Search>(MAILBOX);
        let (recommendation, recommendation_inbox) = mailbox::<Recommendation>(MAILBOX);
        let (profile, profile_inbox) = mailbox::<Profile>(MAILBOX);
        let (payment, payment_inbox) = mailbox::<PaymentService>(MAILBOX);

        let mut services = Self {
            authentication: authentication.clone(),
            catalog: catalog.clone(),
            search,
            recommendation,
            profile: profile.clone(),
            payment,
            health: Vec::new(),
            resources: resources.clone(),
            running: JoinSet::new(),
            stop: CancellationToken::new(),
        };
        let held = resources.authentication;
        services.run(authentication_inbox, clock, failpoints, move || {
            hexachord_authentication::Authentication::new(accounts, held.clone())
        });
        let held = resources.catalog;
        services.run(catalog_inbox, clock, failpoints, move || {
            hexachord_catalog::Catalog::new(&library, &held)
        });
        let (held, feeds) = (resources.search, (catalog.clone(), profile.clone()));
        services.run(search_inbox, clock, failpoints, move || {
            hexachord_search::Search::new(held.clone(), feeds.0.clone(), feeds.1.clone())
        });
        let (held, feeds) = (resources.recommendation, (catalog.clone(), profile));
        services.run(recommendation_inbox, clock, failpoints, move || {
            let settings = hexachord_recommendation::Settings::default();
            let (catalog, profile) = feeds.clone();
            hexachord_recommendation::Recommendation::new(settings, held.clone(), catalog, profile)
        });
        let (held, feeds) = (resources.profile, (authentication.clone(), catalog));
        services.run(profile_inbox, clock, failpoints, move || {
            hexachord_profile::Profile::new(held.clone(), feeds.0.clone(), feeds.1.clone())
        });
        let (held, settings) = (resources.payment, payment_settings(&config.payment));
        services.run(payment_inbox, clock, failpoints, move || {
            hexachord_payment::Payment::new(settings.clone(), held.clone(), authentication.clone())
        });
        Ok(services)
    }

    fn run<S, B>(
        &mut self,
        inbox: Mailbox<S::Contract>,
        clock: &Clock,
        failpoints: &Failpoints,
        build: impl Fn() -> B + Send + Sync + 'static,
    ) where
        S: Service,
        B: Future<Output = Result<S, BoxError>> + Send + 'static,
    {
        let health = Arc::new(Health::new(S::Contract::NAME, clock.clone()));
        self.health.push(Arc::clone(&health));
        let (failpoints, stop) = (failpoints.clone(), self.stop.clone());
        self.running.spawn(supervise(inbox, Supervision { health, failpoints, stop }, build));
    }

    /// Answers what was accepted, ends the services and closes their stores.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.running.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a supervisor failed");
            }
        }
        let resources = self.resources;
        let close = move || {
            resources.search.close();
            resources.recommendation.close();
            resources.payment.close();
            resources.profile.close();
            resources.catalog.store.close();
            resources.authentication.close();
        };
        if let Err(error) = tokio::task::spawn_blocking(close).await {
            tracing::error!(%error, "the stores could not be closed");
        }
    }
}

/// Where the stores, the index and the key are.
struct Places {
    authentication: PathBuf,
    catalog: PathBuf,
    search: PathBuf,
    recommendation: PathBuf,
    profile: PathBuf,
    payment: PathBuf,
    secret_key: PathBuf,
}

impl Places {
    fn of(data: &DataFolder) -> Self {
        Self {
            authentication: data.store("authentication"),
            catalog: data.store("catalog"),
            search: data.index("search"),
            recommendation: data.store("recommendation"),
            profile: data.store("profile"),
            payment: data.store("payment"),
            secret_key: data.secret_key(),
        }
    }
}

fn open(
    places: &Places,
    accounts: &hexachord_authentication::Settings,
    clock: &Clock,
    failpoints: &Failpoints,
) -> Result<Resources, WiringError> {
    let store = hexachord_authentication::open_store(&places.authentication, rand::random())?;
    let key = hexachord_authentication::SecretKey::open(&places.secret_key, rand::random())?;
    let authentication = hexachord_authentication::Resources::new(
        store,
        Arc::new(accounts.hashers()?),
        Arc::new(key),
        clock.clone(),
        rand::make_rng(),
    );
    let store = hexachord_catalog::open_store(places.catalog.clone(), rand::random())?;
    let covers = hexachord_catalog::CoverThreads::new(cores(), COVER_QUEUE);
    let catalog =
        hexachord_catalog::Resources::new(store, covers, clock.clone(), failpoints.clone());
    let search = hexachord_search::Resources::new(places.search.clone(), cores(), clock.clone())?;
    let recommendation =
        hexachord_recommendation::Resources::new(places.recommendation.clone(), clock.clone())?;
    let store = hexachord_profile::open_store(&places.profile, rand::random())?;
    let profile = hexachord_profile::Resources::new(store, clock.clone(), rand::make_rng());
    let store = hexachord_payment::open_store(&places.payment, rand::random())?;
    let payment = hexachord_payment::Resources::new(store, clock.clone(), rand::make_rng());
    Ok(Resources { authentication, catalog, search, recommendation, profile, payment })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

fn authentication_settings(accounts: &config::Accounts) -> hexachord_authentication::Settings {
    use hexachord_authentication::{Registration, Settings};

    const DAY: u64 = 24 * 60 * 60;
    let days = |days: NonZeroU32| std::time::Duration::from_secs(u64::from(days.get()) * DAY);
    Settings {
        registration: match accounts.registration {
            config::Registration::Open => Registration::Open,
            config::Registration::Invite => Registration::Invite,
            config::Registration::Closed => Registration::Closed,
        },
        session_idle: days(accounts.session_idle_days),
        session_longest: days(accounts.session_longest_days),
        hash_threads: accounts.hash_threads.get().into(),
        ..Settings::default()
    }
}

fn catalog_settings(config: &Config, data: &DataFolder) -> hexachord_catalog::Settings {
    let Config { library, artwork, .. } = config;
    // The program's folder may change; a path that cannot be made absolute is told by the scan.
    let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    let folder = |LibraryFolder { name, path }| hexachord_catalog::LibraryFolder {
        name,
        folder: absolute(path),
    };
    let demo = LibraryFolder { name: "Demo".to_owned(), path: data.demo_library() };
    hexachord_catalog::Settings {
        libraries: library.folders.iter().cloned().map(folder).collect(),
        demo: Some(folder(demo)),
        data: Some(absolute(data.path().to_path_buf())),
        roots: places_of_music(),
        artwork: data.artwork(),
        artwork_bytes: (artwork.cache_mb > 0).then_some(u64::from(artwork.cache_mb) * 1024 * 1024),
        pictures: PictureRules {
            track: artwork.track_pictures.clone(),
            disc: artwork.disc_pictures.clone(),
            album: artwork.album_pictures.clone(),
            artist: artwork.artist_pictures.clone(),
        },
        artist_pictures: Some(artwork.artist_folder.clone())
            .filter(|folder| !folder.as_os_str().is_empty())
            .map(|folder| std::path::absolute(&folder).unwrap_or(folder)),
        readers: if library.scan_threads == 0 { cores() } else { library.scan_threads.into() },
        vanish_share: library.vanish_share,
        splitting: hexachord_catalog::Splitting {
            artist_separators: library.artist_separators.clone(),
            genre_separators: library.genre_separators.clone(),
            never_split: library.never_split.clone(),
        },
        watch: match library.watch {
            config::Watch::Auto => hexachord_catalog::Watch::Auto,
            config::Watch::Poll => hexachord_catalog::Watch::Poll,
            config::Watch::Off => hexachord_catalog::Watch::Off,
        },
        gains: match library.loudness {
            config::Gains::Tags => hexachord_catalog::GainsFrom::Tags,
            config::Gains::Measured => hexachord_catalog::GainsFrom::Measured,
        },
        poll_interval: std::time::Duration::from_secs(library.poll_seconds.get().into()),
        podcasts: Some(podcast_settings(config, data)),
        ..hexachord_catalog::Settings::default()
    }
}

/// Where people who look for their music begin.
fn places_of_music() -> Vec<PathBuf> {
    let home = std::env::home_dir().filter(|home| home.parent().is_some());
    let others = ["/music", "/mnt", "/media", "/srv", "/"].map(PathBuf::from);
    home.into_iter().chain(others).collect()
}

/// What asks the world outside, within what the configuration allows.
pub fn outgoing(config: &Config) -> OutgoingClient {
    const PRODUCT: &str = concat!("Hexachord/", env!("CARGO_PKG_VERSION"));
    let guard = Guard::new(config.outgoing.allowed_networks.clone());
    OutgoingClient::new(guard, HeaderValue::from_static(PRODUCT))
}

fn podcast_settings(config: &Config, data: &DataFolder) -> hexachord_catalog::PodcastSettings {
    const HOUR: u64 = 60 * 60;
    let config::Podcasts { refresh_hours, download_newest, episode_mb } = config.podcasts;
    let every = std::time::Duration::from_secs(u64::from(refresh_hours) * HOUR);
    hexachord_catalog::PodcastSettings {
        folder: data.podcasts(),
        client: outgoing(config),
        refresh: (refresh_hours > 0).then_some(every),
        newest: download_newest.into(),
        episode_bytes: u64::from(episode_mb.get()) * 1024 * 1024,
        look: std::time::Duration::from_mins(1),
    }
}

fn payment_settings(payment: &config::Payment) -> hexachord_payment::Settings {
    const DAY: u64 = 24 * 60 * 60;
    hexachord_payment::Settings {
        providers: payment.providers.clone(),
        grace: std::time::Duration::from_secs(u64::from(payment.grace_days) * DAY),
    }
}
