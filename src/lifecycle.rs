//! Signals: the first one drains, the second one ends at once.

use std::{io, process, time::Duration};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Signals that mean 'stop'.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }

    /// Runs `work`, but no longer than `grace`; another signal ends the process at once.
    pub async fn during(&mut self, grace: Duration, work: impl Future<Output = ()>) {
        tokio::select! {
            () = work => {}
            () = tokio::time::sleep(grace) => {
                tracing::warn!(?grace, "not everything ended in time: the rest is cut off");
            }
            name = self.next() => {
                tracing::warn!(signal = name, "ends at once");
                process::exit(130);
            }
        }
    }
}
