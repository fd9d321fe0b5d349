//! What is new in the house, for the streams that tell it: each service is asked once, however many
//! listen, and answers when there is something new. A stream that hears nothing costs no call.

mod places;

use std::{future::Future, sync::Arc, time::Duration};

use futures_util::future::select_all;
use hexachord_contracts::{
    CallError, Client, Context,
    catalog::{Catalog, GetRevision, GetScan, ScanState},
    profile::{AwaitListening, ListeningNews, Profile},
};
use tokio::{sync::watch, time::sleep};
use tokio_util::sync::CancellationToken;

pub use places::{Place, Places};

use crate::supervisor::health::Health;

/// Services answer after so long without news.
const LONG_POLL: Duration = Duration::from_secs(20);
/// Between two questions to one service: news that come quicker are told together.
const PAUSE: Duration = Duration::from_millis(500);
/// While a service is away.
const AWAY: Duration = Duration::from_secs(1);

/// The news, counted: a stream looks at what is new by itself, as its listener may see it.
pub struct News {
    catalog: Client<Catalog>,
    profile: Client<Profile>,
    health: Vec<Arc<Health>>,
    library: watch::Sender<u64>,
    now_playing: watch::Sender<u64>,
    /// Absent until the catalog has told it.
    scan: watch::Sender<Option<ScanState>>,
    away: watch::Sender<Vec<&'static str>>,
    places: Arc<Places>,
}

/// What one stream waits for.
pub struct Heard {
    pub library: watch::Receiver<u64>,
    pub now_playing: watch::Receiver<u64>,
    pub scan: watch::Receiver<Option<ScanState>>,
    pub away: watch::Receiver<Vec<&'static str>>,
}

impl News {
    pub fn new(
        catalog: Client<Catalog>,
        profile: Client<Profile>,
        health: Vec<Arc<Health>>,
    ) -> Self {
        let away = watch::channel(away(&health)).0;
        let (library, now_playing) = (watch::channel(0).0, watch::channel(0).0);
        let (scan, places) = (watch::channel(None).0, Arc::default());
        Self { catalog, profile, health, library, now_playing, scan, away, places }
    }

    pub fn places(&self) -> &Arc<Places> {
        &self.places
    }

    pub fn heard(&self) -> Heard {
        Heard {
            library: self.library.subscribe(),
            now_playing: self.now_playing.subscribe(),
            scan: self.scan.subscribe(),
            away: self.away.subscribe(),
        }
    }

    /// Follows the services until told to stop.
    pub async fn follow(&self, stop: CancellationToken) {
        let all = async {
            tokio::join!(self.libraries(), self.listening(), self.scans(), self.services())
        };
        stop.run_until_cancelled(all).await;
    }

    async fn libraries(&self) {
        let mut seen: Option<String> = None;
        loop {
            let call = GetRevision { changed_from: seen.clone(), wait_ms: millis(LONG_POLL) };
            let Some(revision) = answered(self.catalog.call(&asking(), call)).await else {
                continue;
            };
            if seen.as_ref() != Some(&revision) {
                seen = Some(revision);
                self.library.send_modify(|count| *count += 1);
            }
            sleep(PAUSE).await;
        }
    }

    async fn listening(&self) {
        let mut seen = None;
        loop {
            let call = AwaitListening { changed_from: seen, wait_ms: millis(LONG_POLL) };
            let Some(news) = answered(self.profile.call(&asking(), call)).await else { continue };
            let ListeningNews { revision, now_playing, queues } = news;
            seen = Some(revision);
            if now_playing {
                self.now_playing.send_modify(|count| *count += 1);
            }
            self.places.tell_of_queues(queues.as_deref());
            sleep(PAUSE).await;
        }
    }

    async fn scans(&self) {
        let mut seen = None;
        loop {
            let call = GetScan { changed_from: seen, wait_ms: millis(LONG_POLL) };
            let Some(state) = answered(self.catalog.call(&asking(), call)).await else { continue };
            if seen != Some(state.revision) {
                seen = Some(state.revision);
                self.scan.send_replace(Some(state));
            }
            sleep(PAUSE).await;
        }
    }

    async fn services(&self) {
        let mut watched: Vec<_> = self.health.iter().map(|health| health.watch()).collect();
        loop {
            let now = away(&self.health);
            self.away.send_if_modified(|told| {
                let is_news = *told != now;
                *told = now;
                is_news
            });
            if watched.is_empty() {
                return;
            }
            let changes = watched.iter_mut().map(|health| Box::pin(health.changed()));
            let (change, place, _) = select_all(changes).await;
            if change.is_err() {
                // It is at its end.
                watched.swap_remove(place);
            }
        }
    }
}

/// The services that do not run now.
fn away(health: &[Arc<Health>]) -> Vec<&'static str> {
    let facts = health.iter().map(|health| health.facts());
    facts.filter(|facts| !facts.is_running()).map(|facts| facts.name).collect()
}

fn asking() -> Context {
    Context::system(LONG_POLL * 2)
}

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}

/// What a service answered, and the pause behind it; nothing while it is away.
async fn answered<T, E: std::error::Error>(
    asked: impl Future<Output = Result<T, CallError<E>>>,
) -> Option<T> {
    match asked.await {
        Ok(answer) => Some(answer),
        Err(error) => {
            tracing::debug!(%error, "what is new is not known");
            sleep(AWAY).await;
            None
        }
    }
}
