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
        Self { registry, requests, latency, up, restarts, connections }
    }
}

/// One open connection: counted while it lives, however it ends.
pub struct Connected(Gauge);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    pub fn connected(&self) -> Connected {
        self.connections.inc();
        Connected(self.connections.clone())
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
