//! How the platform is started, besides its configuration.

use std::time::Duration;

use hexachord_contracts::{Clock, Failpoints};

use crate::wiring::WorkerCommand;

/// What differs between the program, its commands, and tests.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only the services and the handler: for commands that find no running server.
    pub offline: bool,
    /// The program that reads music files; without one this process reads them itself.
    pub worker: Option<WorkerCommand>,
    /// The first administrator, for containers: made when there is none yet.
    pub administrator: Option<(String, String)>,
    pub clock: Clock,
    pub failpoints: Failpoints,
    /// How long a stream of events is silent at most: tests wait for less.
    pub silence: Silence,
}

#[derive(Debug, Clone, Copy)]
pub struct Silence(pub Duration);

impl Default for Silence {
    fn default() -> Self {
        // Some proxies close what is silent for half a minute.
        Self(Duration::from_secs(15))
    }
}
