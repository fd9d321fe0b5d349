//! Counters for Prometheus: requests by route and status, how long they took, and the services.

use std::{sync::Arc, time::Duration};

use http::{Method, StatusCode};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use super::router::Route;
use crate::supervisor::health::Health;

/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ServiceLabels {
    service: &'static str,
}

/// One server's metrics; nothing is global, so that several can run in one process.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    latency: Histogram,
    up: Family<ServiceLabels, Gauge>,
    restarts: Family<ServiceLabels, Gauge>,
    /// Connections that are open now.
    connections: Gauge,
    transcodes: TranscodeMeters,
}

/// What is being made of files for listeners.
#[derive(Debug, Clone, Default)]
pub struct TranscodeMeters {
    running: Gauge,
    waiting: Gauge,
    kept_files: Gauge,
    kept_bytes: Gauge,
    pub begun: Counter,
    pub shared: Counter,
    pub from_cache: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("hexachord");
        let requests = Family::default();
        registry.register("http_requests", "Requests by route and status", requests.clone());
        let latency = Histogram::new(BUCKETS);
        let help = "Seconds until the first byte of an answer";
        registry.register("http_request_seconds", help, latency.clone());
        let up = Family::default();
        registry.register("service_up", "1 while the service runs", up.clone());
        let restarts = Family::default();
        registry.register("service_restarts", "Incarnations that failed", restarts.clone());
        let connections = Gauge::default();
        registry.register("connections", "Open connections", connections.clone());
        let transcodes = TranscodeMeters::default();
        transcodes.register(&mut registry);
        Self { registry, requests, latency, up, restarts, connections, transcodes }
    }
}

impl TranscodeMeters {
    fn register(&self, registry: &mut Registry) {
        let gauges = [
            ("transcodes_running", "Streams that are being made", &self.running),
            ("transcodes_waiting", "Streams that wait to be made", &self.waiting),
            ("transcodes_kept", "Finished streams in the cache", &self.kept_files),
            ("transcodes_kept_bytes", "Bytes of the finished streams", &self.kept_bytes),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
        let counters = [
            ("transcodes_begun", "Streams that were begun to be made", &self.begun),
            ("transcodes_shared", "Listeners who joined a stream", &self.shared),
            ("transcodes_from_cache", "Streams that were there already", &self.from_cache),
        ];
        for (name, help, counter) in counters {
            registry.register(name, help, counter.clone());
        }
    }

    pub fn running(&self) -> Counted {
        Counted::new(&self.running)
    }

    pub fn waiting(&self) -> Counted {
        Counted::new(&self.waiting)
    }

    pub fn kept(&self, files: usize, bytes: u64) {
        self.kept_files.set(i64::try_from(files).unwrap_or(i64::MAX));
        self.kept_bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }
}

/// Counted while it lives, however it ends.
pub struct Counted(Gauge);

impl Counted {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// One open connection.
    pub fn connected(&self) -> Counted {
        Counted::new(&self.connections)
    }

    pub fn transcodes(&self) -> TranscodeMeters {
        self.transcodes.clone()
    }

    pub fn answered(
        &self,
        method: &Method,
        route: Option<Route>,
        status: StatusCode,
        took: Duration,
    ) {
        let method = match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => "other",
        };
        let route = route.map_or("none", |route| route.0);
        let labels = RequestLabels { method, route, status: status.as_u16() };
        self.requests.get_or_create(&labels).inc();
        self.latency.observe(took.as_secs_f64());
    }

    /// The text that Prometheus reads (OpenMetrics 1.0).
    pub fn render(&self, health: &[Arc<Health>]) -> String {
        for service in health {
            let facts = service.facts();
            let labels = ServiceLabels { service: facts.name };
            self.up.get_or_create(&labels).set(i64::from(service.is_running()));
            self.restarts.get_or_create(&labels).set(i64::from(facts.restarts));
        }
        let mut text = String::new();
        if let Err(error) = encode(&mut text, &self.registry) {
            tracing::error!(%error, "the metrics cannot be written");
        }
        text
    }
}
