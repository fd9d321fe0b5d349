//! Structured logs: text for people, JSON for programs, on standard error; and the last lines for the page.

mod recent;

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt};

pub use self::recent::{Found, LogLevel, LogLine, recent};
use crate::config::{Log, LogFormat};

#[derive(Debug, thiserror::Error)]
#[error(
    "`log.level`: `{level}` is not a log level: use error, warn, info, debug or trace ({reason})"
)]
pub struct WrongLevel {
    level: String,
    reason: String,
}

/// Sets up the process's log. A panic becomes an error event like any other failure.
pub fn start(log: &Log) -> Result<(), WrongLevel> {
    // What libraries remark on tags that are fine, and on every seek in an MP3 file, is nothing for a
    // person; naming them in `log.level` brings it back.
    let filter = EnvFilter::try_new(format!("lofty=error,symphonia=error,{}", log.level));
    let filter = filter
        .map_err(|error| WrongLevel { level: log.level.clone(), reason: error.to_string() })?;
    let kept = registry().with(filter).with(recent::Keeping(recent()));
    let written = fmt::layer().with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => {
            let colours = std::io::stderr().is_terminal();
            kept.with(written.with_ansi(colours).compact()).try_init()
        }
        LogFormat::Json => kept.with(written.json().flatten_event(true)).try_init(),
    };
    if let Err(error) = started {
        tracing::debug!(%error, "a log was set up before");
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("without a message");
        tracing::error!(place, message, "panicked");
    }));
    Ok(())
}
