//! How a scan goes, told as it goes: server-sent events (WHATWG HTML, section 9.2).

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{FromRequestParts, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, stream};
use hexachord_contracts::catalog::{GetScan, ScanState};
use http::request::Parts;
use tokio::time::sleep;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::NO_STORE;
use crate::http::{
    credential::Administrator,
    edge::Edge,
    problem::{Problem, ProblemBody},
};

/// News that come quicker are told together.
const PAUSE: Duration = Duration::from_millis(200);
/// The catalog is asked again after so long without news.
const WAIT_MS: u64 = 10_000;
/// While the catalog is away, or nobody may listen any more.
const AWAY: Duration = Duration::from_secs(1);
/// Some proxies close what is silent for half a minute.
const SILENCE: Duration = Duration::from_secs(15);

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(events))
}

/// The state of the scan now, and again whenever it changed: events called `scan`, with a scan's state
/// in JSON as `data` and its revision as `id`. Ends when the credential or the server does.
#[utoipa::path(get, path = "/scan/events", tag = "administration", responses(
    (status = 200, content_type = "text/event-stream", body = ScanState), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody)))]
async fn events(State(edge): State<Arc<Edge>>, watcher: Watcher) -> Response {
    let events = Sse::new(told(edge, watcher)).keep_alive(KeepAlive::new().interval(SILENCE));
    ([NO_STORE], events).into_response()
}

/// Whoever watches: asked again for each event, so that one who was revoked hears nothing more.
struct Watcher(Parts);

impl FromRequestParts<Arc<Edge>> for Watcher {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Arc<Edge>) -> Result<Self, Problem> {
        Administrator::from_request_parts(parts, edge).await?;
        Ok(Self(parts.clone()))
    }
}

fn told(edge: Arc<Edge>, watcher: Watcher) -> impl Stream<Item = Result<Event, Infallible>> {
    let draining = edge.draining.clone();
    let states = stream::unfold((edge, watcher, None), |(edge, watcher, seen)| async move {
        let state = next(&edge, &watcher, seen).await?;
        let seen = Some(state.revision);
        Some((Ok(event(&state)), (edge, watcher, seen)))
    });
    futures_util::StreamExt::take_until(states, draining.cancelled_owned())
}

/// The state when it is another than the one that was `seen`; `None`: the watcher may not know.
async fn next(edge: &Arc<Edge>, watcher: &Watcher, seen: Option<u64>) -> Option<ScanState> {
    if seen.is_some() {
        sleep(PAUSE).await;
    }
    loop {
        let mut parts = watcher.0.clone();
        let Administrator(context) =
            Administrator::from_request_parts(&mut parts, edge).await.ok()?;
        let call = GetScan { changed_from: seen, wait_ms: WAIT_MS };
        match edge.catalog.call(&context, call).await {
            Ok(state) if seen != Some(state.revision) => {
                // The watcher may have been revoked while there was no news.
                let mut parts = watcher.0.clone();
                let may_know = Administrator::from_request_parts(&mut parts, edge).await;
                return may_know.is_ok().then_some(state);
            }
            // It was answered at once where too many wait.
            Ok(_same) => sleep(PAUSE).await,
            Err(error) => {
                tracing::debug!(%error, "the state of the scan is not known");
                sleep(AWAY).await;
            }
        }
    }
}

fn event(state: &ScanState) -> Event {
    let event = Event::default().event("scan").id(state.revision.to_string());
    // A state is plain data: it has a JSON form.
    event.json_data(state).unwrap_or_default()
}
