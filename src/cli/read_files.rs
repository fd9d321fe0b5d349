//! `hexachord read-files`: the worker that a scan starts; not for people.

use std::{io, path::PathBuf, process::ExitCode};

use super::failed;
use crate::wiring::{WorkerCommand, run_worker};

pub(super) fn run() -> ExitCode {
    match run_worker() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

/// This program as the worker of its own scans.
pub(super) fn worker() -> io::Result<WorkerCommand> {
    // On Linux this very file, also after an update has put another in its place.
    let linux = PathBuf::from("/proc/self/exe");
    let program = if linux.exists() { linux } else { std::env::current_exe()? };
    Ok(WorkerCommand { program })
}
