//! All mailboxes first, then all services: who can reach whom is decided here and nowhere else.

use std::{num::NonZeroU32, path::PathBuf, sync::Arc};

pub use hexachord_catalog::{WORKER_ARGUMENT, WorkerCommand, run_worker};
use hexachord_contracts::{
    Client, Clock, Contract, Failpoints, Mailbox, Pool, Service, authentication::Authentication,
    catalog::Catalog, mailbox, service::BoxError,
};
use hexachord_storage::StoreError;
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
/// Covers that may wait to be made: few beside what a service works on at a time, so that they
/// never take all its places.
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
}

impl Services {
    /// Opens the stores and starts the services.
    pub async fn start(
        config: &Config,
        libraries: Vec<LibraryFolder>,
        data: &DataFolder,
        options: &Options,
    ) -> Result<Self, WiringError> {
        let Options { clock, failpoints, worker, .. } = options;
        let accounts = authentication_settings(&config.accounts);
        let library = hexachord_catalog::Settings {
            worker: worker.clone(),
            ..catalog_settings(&config.library, libraries, data)
        };
        let resources = {
            let (places, accounts) = (Places::of(data), accounts);
            let (clock, failpoints) = (clock.clone(), failpoints.clone());
            let open = move || open(&places, &accounts, &clock, &failpoints);
            // A store that has to be repaired takes its time; signals are heard meanwhile.
            tokio::task::spawn_blocking(open).await.map_err(|_panic| StoreError::Interrupted)??
        };

        let (authentication, authentication_inbox) = mailbox::<Authentication>(MAILBOX);
        let (catalog, catalog_inbox) = mailbox::<Catalog>(MAILBOX);

        let mut services = Self {
            authentication,
            catalog,
            health: Vec::new(),
            resources: resources.clone(),
            running: JoinSet::new(),
            stop: CancellationToken::new(),
        };
        let Resources { authentication, catalog } = resources;
        services.run(authentication_inbox, clock, failpoints, move || {
            hexachord_authentication::Authentication::new(accounts, authentication.clone())
        });
        services.run(catalog_inbox, clock, failpoints, move || {
            hexachord_catalog::Catalog::new(&library, &catalog)
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
        let Resources { authentication, catalog } = self.resources;
        let close = move || {
            authentication.close();
            catalog.workers.close();
            catalog.store.close();
        };
        if let Err(error) = tokio::task::spawn_blocking(close).await {
            tracing::error!(%error, "the stores could not be closed");
        }
    }
}

/// Where the stores and the key are.
struct Places {
    authentication: PathBuf,
    catalog: PathBuf,
    secret_key: PathBuf,
}

impl Places {
    fn of(data: &DataFolder) -> Self {
        let (authentication, catalog) = (data.store("authentication"), data.store("catalog"));
        Self { authentication, catalog, secret_key: data.secret_key() }
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
    let workers = Arc::new(Pool::new("catalog-cover", cores(), COVER_QUEUE)?);
    let catalog =
        hexachord_catalog::Resources::new(store, workers, clock.clone(), failpoints.clone());
    Ok(Resources { authentication, catalog })
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

fn catalog_settings(
    library: &config::Library,
    libraries: Vec<LibraryFolder>,
    data: &DataFolder,
) -> hexachord_catalog::Settings {
    // The program's folder may change; a path that cannot be made absolute is told by the scan.
    let folder = |LibraryFolder { name, path }| hexachord_catalog::LibraryFolder {
        name,
        folder: std::path::absolute(&path).unwrap_or(path),
    };
    hexachord_catalog::Settings {
        libraries: libraries.into_iter().map(folder).collect(),
        artwork: data.artwork(),
        readers: if library.scan_threads == 0 { cores() } else { library.scan_threads.into() },
        vanish_share: library.vanish_share,
        ..hexachord_catalog::Settings::default()
    }
}
