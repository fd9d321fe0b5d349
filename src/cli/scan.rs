//! `hexachord scan`: starts a scan and shows how it goes until it has ended.

use std::{path::Path, process::ExitCode, time::Duration};

use clap::Args;
use hexachord_contracts::{
    Page,
    catalog::{Library, ScanPhase, ScanState},
};
use http::Method;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{
    backend::{Backend, BackendError},
    output::{complain, say, tell},
};
use crate::{
    config::{Config, LibraryFolder},
    lifecycle::Signals,
};

/// What kind of scan is wanted.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Wanted {
    /// Read every file again, also those that did not change.
    #[arg(long)]
    full: bool,
    /// Believe that what is gone is gone, however much it is.
    #[arg(long)]
    accept_losses: bool,
}

/// What closing the stores may take.
const CLOSING: Duration = Duration::from_secs(10);

pub(super) async fn run(
    config: Config,
    wanted: Wanted,
) -> Result<ExitCode, Box<dyn std::error::Error + Send + Sync>> {
    let mut signals = Signals::listen()?;
    let folders = config.library.folders.clone();
    let mut backend = Backend::find(config).await?;
    if matches!(backend, Backend::Running(_)) {
        refuse_others(&mut backend, &folders).await?;
    }
    if let Backend::Own(app) = &backend
        && folders.is_empty()
        && !app.data().demo_library().exists()
    {
        backend.close().await;
        return Err(
            "there is no music folder to scan: give --music DIR, or set library.folders".into()
        );
    }
    let followed = tokio::select! {
        followed = follow(&mut backend, wanted) => followed.map(Some),
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

/// The running server scans the folders of its own configuration: others would be left out
/// without a word.
async fn refuse_others(
    backend: &mut Backend,
    folders: &[LibraryFolder],
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    if folders.is_empty() {
        return Ok(());
    }
    let known: Page<Library> = backend.ask(Method::GET, "/api/v1/libraries", None).await?;
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let known: Vec<_> = known.items.iter().filter_map(|known| real(&known.folder).ok()).collect();
    let other =
        |folder: &&LibraryFolder| real(&folder.path).is_ok_and(|path| !known.contains(&path));
    match folders.iter().find(other) {
        Some(LibraryFolder { path, .. }) => Err(format!(
            "the running server does not have the music folder {}: add it to its configuration and start it again",
            path.display()
        )
        .into()),
        None => Ok(()),
    }
}

async fn follow(backend: &mut Backend, wanted: Wanted) -> Result<ScanState, BackendError> {
    let Wanted { full, accept_losses } = wanted;
    let is_missed =
        |state: &ScanState| (full && !state.full) || (accept_losses && !state.accept_losses);
    let body = || Some(json!({ "full": full, "accept_losses": accept_losses }));
    let mut state: ScanState = backend.ask(Method::POST, "/api/v1/admin/scan", body()).await?;
    let bar = ProgressBar::new(0);
    bar.enable_steady_tick(Duration::from_millis(120));
    let mut missed = is_missed(&state);
    while state.is_running() || missed {
        show(&bar, &state);
        if !state.is_running() {
            // Another scan was running; the one that is asked for begins when that has ended.
            state = backend.ask(Method::POST, "/api/v1/admin/scan", body()).await?;
            missed = is_missed(&state);
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
        ScanPhase::Reading => "{bar:32} {pos}/{len} files, {msg}{eta} left",
        _ => "{spinner} {msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    let rate = match state.files_per_second {
        0 => String::new(),
        rate => format!("{rate} a second, "),
    };
    let found = state.found;
    let message = match state.phase {
        ScanPhase::Reading => rate,
        _ => format!("looking: {rate}{found} files found"),
    };
    bar.set_message(message);
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
