//! `hexachord read-files`: the worker that a scan starts; not for people.

use std::process::ExitCode;

use super::failed;
use crate::wiring::{WorkerCommand, run_worker};

/// What [`WorkerCommand`] gives this program to do.
const COMMAND: &str = "read-files";

pub(super) fn run() -> ExitCode {
    match run_worker() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

/// This program as the worker of its own scans; `None` when it cannot be found.
pub(super) fn worker() -> Option<WorkerCommand> {
    // On Linux this very file, also after an update has put another in its place.
    let linux = std::path::PathBuf::from("/proc/self/exe");
    let program = if linux.exists() { linux } else { std::env::current_exe().ok()? };
    Some(WorkerCommand { program, arguments: vec![COMMAND.into()] })
}
