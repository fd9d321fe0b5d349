//! The running platform: what `hexachord serve` starts, and tests and benches too.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use hexachord_contracts::{
    Context, LibraryAccess,
    authentication::{CreateAccount, IssueClaim, Secret},
    catalog::{LibrarySource, ListLibraryDetails, StartScan},
    context::Role,
};
use hexachord_demo as demo;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    config::{Config, LogFormat, Streaming, Tls},
    data_folder::{DataFolder, DataFolderError},
    http::{
        Edge,
        allowances::Allowances,
        arrival::Surroundings,
        avatars::Avatars,
        edge::Handler,
        metrics::Metrics,
        mirror::Mirror,
        news::News,
        own_address::Listening,
        server::{Server, bind_control},
        stations::Stations,
        tls::{self, TlsError},
        transcodes::{Shared, Transcodes},
    },
    options::Options,
    supervisor::health::NEEDED,
    wiring::{self, Services, WiringError},
};

/// The services must run after so long, or the start has failed.
const READY: Duration = Duration::from_secs(30);
/// A service that failed so often before it ever ran will not run.
const STARTS: u32 = 3;
const SYSTEM_CALL: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    DataFolder(#[from] DataFolderError),
    #[error(transparent)]
    Wiring(#[from] WiringError),
    #[error(
        "cannot listen on {address} ({error}): is another program there? choose another with --listen"
    )]
    CannotListen { address: SocketAddr, error: std::io::Error },
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("the listening socket cannot be used: {0}")]
    Listener(std::io::Error),
    #[error("the {service} service does not start: {why}")]
    NotReady { service: &'static str, why: String },
    #[error("the folder of transcodes cannot be looked through: {0}")]
    Transcodes(String),
    #[error("threads cannot be started: {0}")]
    Threads(std::io::Error),
    #[error("the first administrator cannot be made: {0}")]
    NoAdministrator(String),
}

/// The running platform.
pub struct App {
    services: Services,
    handler: Arc<Handler>,
    server: Arc<Server>,
    address: Option<SocketAddr>,
    claim_code: Option<Secret>,
    fingerprint: Option<String>,
    draining: CancellationToken,
    tasks: TaskTracker,
    // Last, so that the folder is unlocked when everything else has ended.
    data: DataFolder,
}

impl App {
    /// Starts everything and returns when it is ready to be used.
    pub async fn start(config: Config, options: Options) -> Result<Self, StartError> {
        // The port before anything else: a taken one must not leave traces.
        let listener = if options.offline { None } else { Some(listen(config.server.listen)?) };
        let data = DataFolder::open(&config.storage.data)?;
        let tls =
            if options.offline { None } else { tls::load(&config.server, &data, &options.clock)? };
        let services = Services::start(&config, &data, &options).await?;
        ready(&services).await?;

        let address = listener.as_ref().and_then(|listener| listener.local_addr().ok());
        let draining = CancellationToken::new();
        let (chunks, opens, metrics) = (Arc::default(), Arc::default(), Metrics::default());
        let shared = Shared {
            opens: Arc::clone(&opens),
            chunks: Arc::clone(&chunks),
            meters: metrics.transcodes(),
            clock: options.clock.clone(),
            failpoints: options.failpoints.clone(),
        };
        let edge = Arc::new(Edge {
            authentication: services.authentication.clone(),
            catalog: services.catalog.clone(),
            search: services.search.clone(),
            recommendation: services.recommendation.clone(),
            profile: services.profile.clone(),
            payment: services.payment.clone(),
            allowances: Allowances::new(services.payment.clone()),
            avatars: Avatars::new().map_err(StartError::Threads)?,
            mirror: Mirror::new(services.authentication.clone(), options.clock.clone()),
            news: News::new(
                services.catalog.clone(),
                services.profile.clone(),
                services.health.clone(),
            ),
            health: services.health.clone(),
            chunks,
            opens,
            stations: Stations::new(wiring::outgoing(&config)),
            transcodes: transcodes(&config.streaming, &data, shared).await?,
            metrics,
            clock: options.clock.clone(),
            surroundings: surroundings(&config, address),
            registration: config.accounts.registration,
            silence: options.silence.0,
            claimed: AtomicBool::default(),
            draining: draining.clone(),
        });
        let handler = Arc::new(Handler::new(Arc::clone(&edge)));
        let most = config.server.max_connections.get();
        let (acceptor, fingerprint) = tls.map(|tls| (tls.acceptor, tls.fingerprint)).unzip();
        let server = Server::new(Arc::clone(&handler), most, acceptor, draining.clone());
        let tasks = TaskTracker::new();
        {
            let (edge, stop) = (Arc::clone(&edge), draining.clone());
            tasks.spawn(async move {
                tokio::join!(edge.mirror.follow(stop.clone()), edge.news.follow(stop));
            });
        }
        let mut app = Self {
            services,
            handler,
            server,
            address,
            claim_code: None,
            fingerprint,
            draining,
            tasks,
            data,
        };
        if let Some(listener) = listener {
            app.welcome(&options).await?;
            let needs_demo = app.needs_demo().await;
            app.open_doors(listener)?;
            let show = config.log.format == LogFormat::Text;
            app.look_for_music(needs_demo.then_some(show), config.library.scan_on_start);
        }
        Ok(app)
    }

    /// Where it listens; `None` when it does not.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Of the certificate it serves with: SHA-256, as browsers show it. `None` without TLS.
    pub fn fingerprint(&self) -> Option<&str> {
        self.fingerprint.as_deref()
    }

    /// What the claim link carries, while there is no administrator.
    pub fn claim_code(&self) -> Option<&Secret> {
        self.claim_code.as_ref()
    }

    /// Answers requests as the network would bring them.
    pub fn handler(&self) -> &Arc<Handler> {
        &self.handler
    }

    pub fn data(&self) -> &DataFolder {
        &self.data
    }

    /// No new connections and requests; waits until those that run have ended.
    pub async fn drain(&self) {
        self.draining.cancel();
        drop(std::fs::remove_file(crate::http::server::control_path(self.data.path())));
        self.server.drained().await;
    }

    /// Ends the services and closes the stores.
    pub async fn stop(self) {
        self.draining.cancel();
        self.server.close();
        self.tasks.close();
        self.tasks.wait().await;
        self.handler.edge().transcodes.end().await;
        self.services.stop().await;
    }

    /// The first administrator from the environment, or a code to claim the server with.
    async fn welcome(&mut self, options: &Options) -> Result<(), StartError> {
        let context = Context::system(SYSTEM_CALL);
        let authentication = &self.services.authentication;
        let refused =
            |error: &dyn std::fmt::Display| StartError::NoAdministrator(error.to_string());
        let claim = authentication.call(&context, IssueClaim {}).await;
        let Some(claim) = claim.map_err(|error| refused(&error))? else { return Ok(()) };
        let Some((username, password)) = options.administrator.clone() else {
            self.claim_code = Some(claim.code);
            return Ok(());
        };
        let account = CreateAccount {
            username,
            password: Secret::new(password),
            role: Role::Administrator,
            libraries: LibraryAccess::All,
        };
        authentication.call(&context, account).await.map_err(|error| refused(&error))?;
        Ok(())
    }

    fn open_doors(&self, listener: std::net::TcpListener) -> Result<(), StartError> {
        let listener = TcpListener::from_std(listener).map_err(StartError::Listener)?;
        self.tasks.spawn(Arc::clone(&self.server).serve_tcp(listener));
        match bind_control(self.data.path()) {
            Ok(control) => {
                self.tasks.spawn(Arc::clone(&self.server).serve_control(control));
            }
            // A path too long for a socket, or a file system without them.
            Err(error) => tracing::warn!(
                %error,
                "no control socket: commands cannot reach this server while it runs"
            ),
        }
        Ok(())
    }

    /// Is there no other library?
    async fn needs_demo(&self) -> bool {
        let context = Context::system(SYSTEM_CALL);
        match self.services.catalog.call(&context, ListLibraryDetails {}).await {
            Ok(libraries) => libraries.iter().any(|one| one.source == LibrarySource::Demo),
            Err(error) => {
                tracing::error!(%error, "whether the demo library is needed is not known");
                false
            }
        }
    }

    /// Makes the demo library if it is wanted (`Some`: whether a terminal shows how far it is), then
    /// scans; both while people can already come in.
    fn look_for_music(&self, demo: Option<bool>, scan: bool) {
        let catalog = self.services.catalog.clone();
        let folder = self.data.demo_library();
        let stop = self.draining.clone();
        let work = async move {
            if let Some(show) = demo
                && !make_demo(folder, show).await
            {
                return;
            }
            if demo.is_some() || scan {
                let context = Context::system(SYSTEM_CALL);
                if let Err(error) = catalog.call(&context, StartScan::default()).await {
                    tracing::error!(%error, "the scan at the start could not begin");
                }
            }
        };
        self.tasks.spawn(async move {
            tokio::select! { () = work => {}, () = stop.cancelled() => {} }
        });
    }
}

/// `address`: where it listens; a command tells where the server will.
fn surroundings(config: &Config, address: Option<SocketAddr>) -> Surroundings {
    let trusted = config.server.trusted_proxies.iter().map(std::net::IpAddr::to_canonical);
    // An origin has no path (RFC 6454 section 6.1).
    let url = config.server.public_url.parse::<::http::Uri>().unwrap_or_default();
    let public_origin = match (url.scheme(), url.authority()) {
        (Some(scheme), Some(authority)) => format!("{scheme}://{authority}"),
        _ => String::new(),
    };
    let address = address.unwrap_or(config.server.listen);
    let listening = Some(Listening { address, tls: config.server.tls != Tls::Off });
    Surroundings { trusted: trusted.collect(), public_origin, listening }
}

fn listen(address: SocketAddr) -> Result<std::net::TcpListener, StartError> {
    Server::bind(address).map_err(|error| StartError::CannotListen { address, error })
}

/// Looks through the folder of transcodes, off the runtime.
async fn transcodes(
    config: &Streaming,
    data: &DataFolder,
    shared: Shared,
) -> Result<Arc<Transcodes>, StartError> {
    let (folder, config) = (data.transcodes(), config.clone());
    let opened = tokio::task::spawn_blocking(move || Transcodes::open(folder, &config, shared));
    opened.await.map_err(|panicked| StartError::Transcodes(panicked.to_string()))
}

async fn ready(services: &Services) -> Result<(), StartError> {
    for health in &services.health {
        let mut watched = health.watch();
        let decided = watched.wait_for(|facts| facts.is_running() || facts.restarts >= STARTS);
        // Without a decision in time the facts say enough.
        drop(tokio::time::timeout(READY, decided).await);
        let facts = health.facts();
        if facts.is_running() {
            continue;
        }
        let why = facts.last_failure.unwrap_or_else(|| "it takes too long".to_owned());
        if NEEDED.contains(&facts.name) {
            return Err(StartError::NotReady { service: facts.name, why });
        }
        tracing::error!(service = facts.name, why, "a service does not start: the others go on");
    }
    Ok(())
}

fn progress_style() -> ProgressStyle {
    let style = ProgressStyle::with_template("  {bar:32} {pos}/{len} tunes, {eta} left");
    style.unwrap_or_else(|_wrong| ProgressStyle::default_bar())
}

/// Makes the demo library on a thread of its own; false when that failed.
async fn make_demo(folder: PathBuf, show: bool) -> bool {
    let made = tokio::task::spawn_blocking(move || {
        if !demo::is_wanted(&folder) {
            return Ok(None);
        }
        tracing::info!("making a small demo library of synthesised tunes");
        // Hidden where standard error is no terminal.
        let bar = if show { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let bar = bar.with_style(progress_style());
        let progress = |progress: demo::Progress<'_>| {
            bar.set_length(progress.total as u64);
            bar.set_position(progress.done as u64);
            tracing::debug!(done = progress.done, total = progress.total, "demo library");
        };
        let made = demo::create(&folder, &progress);
        bar.finish_and_clear();
        made.map(Some)
    });
    match made.await {
        Ok(Ok(None)) => true,
        Ok(Ok(Some(_summary))) => {
            tracing::info!("the demo library is ready");
            true
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "the demo library could not be made");
            false
        }
        Err(error) => {
            tracing::error!(%error, "the demo library could not be made");
            false
        }
    }
}
