//! `hexachord serve`: runs the platform until a signal.

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use super::{output::say, read_files::worker, wrong_usage};
use crate::{app::App, config::Config, lifecycle::Signals, options::Options};

/// What answering the last calls and closing the stores may take.
const CLOSING: Duration = Duration::from_secs(10);

pub(super) async fn run(
    config: Config,
) -> Result<ExitCode, Box<dyn std::error::Error + Send + Sync>> {
    let mut signals = Signals::listen()?;
    let grace = Duration::from_secs(config.server.grace_seconds);
    let public_url = config.server.public_url.clone();
    let administrator = match administrator() {
        Ok(administrator) => administrator,
        Err(error) => return Ok(wrong_usage(&error)),
    };
    let options = Options { administrator, worker: Some(worker()?), ..Options::default() };
    let start = App::start(config, options);
    let app = tokio::select! {
        app = start => app?,
        name = signals.next() => {
            tracing::info!(signal = name, "ended before it was ready");
            return Ok(ExitCode::SUCCESS);
        }
    };
    if let Some(address) = app.address() {
        let scheme = if app.fingerprint().is_some() { "https" } else { "http" };
        let url = address_for_people(&public_url, scheme, address);
        banner(&app, &url, address);
        tracing::info!(%address, %url, "ready");
    }
    let name = signals.next().await;
    tracing::info!(signal = name, "draining; another signal ends at once");
    signals.during(grace, app.drain()).await;
    signals.during(CLOSING, app.stop()).await;
    tracing::info!("ended");
    Ok(ExitCode::SUCCESS)
}

/// `HEXACHORD_ADMIN_USER` and `HEXACHORD_ADMIN_PASSWORD`, both or neither.
fn administrator() -> Result<Option<(String, String)>, String> {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    match (variable("HEXACHORD_ADMIN_USER"), variable("HEXACHORD_ADMIN_PASSWORD")) {
        (Some(user), Some(password)) => Ok(Some((user, password))),
        (None, None) => Ok(None),
        (Some(_), None) => {
            Err("HEXACHORD_ADMIN_USER is set without HEXACHORD_ADMIN_PASSWORD".into())
        }
        (None, Some(_)) => {
            Err("HEXACHORD_ADMIN_PASSWORD is set without HEXACHORD_ADMIN_USER".into())
        }
    }
}

/// What a person types into the browser of this machine, unless the configuration knows better.
fn address_for_people(public_url: &str, scheme: &str, address: SocketAddr) -> String {
    if !public_url.is_empty() {
        return public_url.trim_end_matches('/').to_owned();
    }
    let port = address.port();
    if address.ip().is_unspecified() || address.ip().is_loopback() {
        format!("{scheme}://localhost:{port}")
    } else {
        format!("{scheme}://{address}")
    }
}

/// For whoever starts it; the log goes to standard error, where programs can read it.
fn banner(app: &App, url: &str, address: SocketAddr) {
    say(format_args!("\n  Hexachord {} is playing at {url}", env!("CARGO_PKG_VERSION")));
    if let Some(code) = app.claim_code() {
        say("  Make yourself its administrator with this link, which works once:");
        say(format_args!("    {url}/#claim={}", code.reveal()));
    }
    if let Some(fingerprint) = app.fingerprint() {
        say(
            "  Its certificate has this SHA-256 fingerprint; a browser that warns must show the same:",
        );
        say(format_args!("    {fingerprint}"));
    } else if !address.ip().is_loopback() {
        say("  Plain HTTP: others on this network can read what is sent, passwords too.");
        say(
            "  Where that matters, set server.tls, or listen on 127.0.0.1 behind a proxy with TLS.",
        );
    }
    say("");
}
