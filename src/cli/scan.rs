//! `hexachord scan`: starts a scan and shows how it goes until it has ended.

use std::{process::ExitCode, time::Duration};

use hexachord_contracts::catalog::{ScanPhase, ScanState};
use http::Method;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{
    backend::{Backend, BackendError},
    output::{complain, say, tell},
};
use crate::{config::Config, lifecycle::Signals};

/// What closing the stores may take.
const CLOSING: Duration = Duration::from_secs(10);

pub(super) async fn run(
    config: Config,
    full: bool,
) -> Result<ExitCode, Box<dyn std::error::Error + Send + Sync>> {
    let mut signals = Signals::listen()?;
    let no_folders = config.library.folders.is_empty();
    let mut backend = Backend::find(config).await?;
    if let Backend::Own(app) = &backend
        && no_folders
        && !app.data().demo_library().exists()
    {
        backend.close().await;
        return Err(
            "there is no music folder to scan: give --music DIR, or set library.folders".into()
        );
    }
    let followed = tokio::select! {
        followed = follow(&mut backend, full) => followed.map(Some),
        _signal = signals.next() => Ok(None),
    };
    let code = match followed {
        Ok(Some(state)) => report(&state),
        Ok(None) => {
            tell(match backend {
                Backend::Running(_) => "left; the server goes on with the scan",
                Backend::Own(_) => "stopped; what was read so far stays",
            });
            signals.during(CLOSING, backend.close()).await;
            return Ok(ExitCode::from(130));
        }
        Err(error) => {
            backend.close().await;
            return Err(error.into());
        }
    };
    backend.close().await;
    Ok(code)
}

async fn follow(backend: &mut Backend, full: bool) -> Result<ScanState, BackendError> {
    let mut state: ScanState =
        backend.ask(Method::POST, "/api/v1/admin/scan", Some(json!({ "full": full }))).await?;
    let bar = ProgressBar::new(0);
    bar.enable_steady_tick(Duration::from_millis(120));
    let mut wanted = full && !state.full;
    while state.is_running() || wanted {
        show(&bar, &state);
        if !state.is_running() {
            // Another scan was running; the full one begins when that has ended.
            let body = Some(json!({ "full": true }));
            state = backend.ask(Method::POST, "/api/v1/admin/scan", body).await?;
            wanted = !state.full;
            continue;
        }
        let path = format!("/api/v1/admin/scan?changed_from={}&wait_ms=1000", state.revision);
        state = backend.ask(Method::GET, &path, None).await?;
    }
    bar.finish_and_clear();
    Ok(state)
}

fn show(bar: &ProgressBar, state: &ScanState) {
    let style = match state.phase {
        ScanPhase::Reading => "{bar:32} {pos}/{len} files, {per_sec}, {eta} left",
        _ => "{spinner} {msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar.set_message(format!("looking: {} files found", state.found));
    bar.set_length(state.to_read);
    bar.set_position(state.read);
}

fn report(state: &ScanState) -> ExitCode {
    for warning in &state.warnings {
        tell(format_args!("warning: {warning}"));
    }
    say(format_args!(
        "{} files: {} new, {} changed, {} moved, {} missing, {} unreadable",
        state.found, state.added, state.updated, state.moved, state.missing, state.unreadable
    ));
    match &state.failure {
        Some(failure) => {
            complain(failure);
            ExitCode::FAILURE
        }
        None if state.left_alone > 0 => {
            complain("a library was left as it is: see the warning above");
            ExitCode::FAILURE
        }
        None if state.phase == ScanPhase::Finished => ExitCode::SUCCESS,
        None => {
            complain("the scan was stopped");
            ExitCode::FAILURE
        }
    }
}
