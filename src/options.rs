//! How the platform is started, besides its configuration.

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
}
