//! What every request passes through, whichever surface it is for.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    response::{IntoResponse, Response},
};
use hexachord_contracts::{
    Client, Clock, authentication::Authentication, catalog::Catalog, payment::PaymentService,
    profile::Profile, recommendation::Recommendation, search::Search,
};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tracing::Instrument;

use super::{
    allowances::Allowances,
    arrival::{Arrival, Surroundings, Way},
    avatars::Avatars,
    file_body::ChunkPool,
    metrics::Metrics,
    mirror::Mirror,
    news::News,
    opens::Opens,
    problem::Problem,
    router,
    stations::Stations,
    transcodes::Transcodes,
};
use crate::{config::Registration, supervisor::health::Health};

/// Headers that stand on every answer. The page needs nothing from anywhere else.
const SECURITY: [(header::HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
         font-src 'self'; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; \
         manifest-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// The edge's view of the house: clients of the services and what its surfaces share.
pub struct Edge {
    pub authentication: Client<Authentication>,
    pub catalog: Client<Catalog>,
    pub search: Client<Search>,
    pub recommendation: Client<Recommendation>,
    pub profile: Client<Profile>,
    pub payment: Client<PaymentService>,
    pub mirror: Mirror,
    pub news: News,
    pub allowances: Allowances,
    pub avatars: Avatars,
    pub health: Vec<Arc<Health>>,
    pub chunks: Arc<ChunkPool>,
    pub opens: Arc<Opens>,
    pub stations: Stations,
    pub transcodes: Arc<Transcodes>,
    pub metrics: Metrics,
    pub clock: Clock,
    pub surroundings: Surroundings,
    pub registration: Registration,
    /// How long a stream of events is silent at most.
    pub silence: Duration,
    /// An administrator was seen; the last one cannot go, so this stays true.
    pub claimed: AtomicBool,
    /// Cancelled when the server is about to end.
    pub draining: CancellationToken,
}

/// Answers requests: cheap to clone, one for each connection.
#[derive(Clone)]
pub struct Handler {
    edge: Arc<Edge>,
    router: Router,
}

impl Handler {
    pub fn new(edge: Arc<Edge>) -> Self {
        let router = router::build(Arc::clone(&edge));
        Self { edge, router }
    }

    /// Answers one request; never fails, since what is wrong is an answer too.
    pub async fn handle(&self, way: Way, mut request: Request<Body>) -> Response {
        let began = Instant::now();
        let arrival = Arrival::new(way, &request, &self.edge.surroundings);
        let request_id = arrival.request_id;
        let method = request.method().clone();
        // At the level of errors, so that no filter takes the id away from them.
        let span = tracing::error_span!("request", id = %request_id, %method);
        span.in_scope(|| tracing::debug!(path = tellable(request.uri().path()), "received"));
        request.extensions_mut().insert(arrival);

        let mut response = if self.edge.is_closed_to(way, request.uri().path()) {
            draining().into_response()
        } else {
            let answer = self.router.clone().oneshot(request).instrument(span.clone()).await;
            answer.unwrap_or_else(|never| match never {})
        };
        let route = response.extensions_mut().remove::<router::Route>();
        if let Some(problem) = response.extensions_mut().remove::<Problem>() {
            let extra = std::mem::take(response.headers_mut());
            response = problem.render(request_id);
            keep(&extra, response.headers_mut());
            if method == Method::HEAD {
                *response.body_mut() = Body::empty();
            }
        }
        for (name, value) in SECURITY {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        let status = response.status();
        let _in_span = span.enter();
        if is_failure(status) {
            tracing::error!(%status, "failed");
        } else {
            tracing::debug!(%status, took = ?began.elapsed(), "answered");
        }
        self.edge.metrics.answered(&method, route, status, began.elapsed());
        response
    }

    pub fn edge(&self) -> &Arc<Edge> {
        &self.edge
    }
}

impl Edge {
    /// While the server drains it takes no new requests, except from those who watch it.
    fn is_closed_to(&self, way: Way, path: &str) -> bool {
        self.draining.is_cancelled()
            && way != Way::Control
            && !["/healthz", "/readyz", "/metrics"].contains(&path)
    }
}

/// A path as the log may have it: what opens a share is a secret, as is the code of an invite.
fn tellable(path: &str) -> &str {
    let openings = ["/s/", "/api/v1/shares/", "/invite/"];
    let opening = openings.into_iter().find(|opening| path.starts_with(opening));
    opening.unwrap_or(path)
}

/// Did the server itself fail? A service that is away, and somebody else's server, say so themselves.
fn is_failure(status: StatusCode) -> bool {
    let others =
        [StatusCode::BAD_GATEWAY, StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT];
    status.is_server_error() && !others.contains(&status)
}

fn draining() -> Problem {
    let detail = "the server is about to end: try again in a moment";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "draining", detail).retry_after(5)
}

/// Headers that a problem keeps from the response that it replaces.
fn keep(from: &HeaderMap, to: &mut HeaderMap) {
    for name in [
        header::ALLOW,
        header::CONTENT_RANGE,
        header::ACCEPT_RANGES,
        header::SET_COOKIE,
        header::VARY,
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
    ] {
        if let Some(value) = from.get(&name) {
            to.insert(name, value.clone());
        }
    }
}
