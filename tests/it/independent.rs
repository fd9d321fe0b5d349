//! Against programs that others wrote. They are not needed for `cargo test`; with `-- --ignored` a
//! missing one fails its test.

mod chromium;
mod curl;
mod doors;
mod encoders;
mod ffmpeg;
mod hls;
mod hls_in_browser;
mod joins;
mod opensubsonic;
mod player;
mod recording;
mod station;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// No program of a test runs longer.
const PATIENCE: Duration = Duration::from_mins(6);

/// Where a program is; a missing one fails the test with the sentence that helps.
pub(crate) fn find(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program));
    let found = found.into_iter().find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{program} is not installed: this test needs it"))
}

/// Runs a program in `folder` to its end, which must be a good one; its standard output.
#[track_caller]
pub(crate) fn run(program: &Path, folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let (ended, said, output) = try_run(program, folder, arguments);
    assert!(ended, "{} {arguments:?}: {said}", program.display());
    output
}

/// Whether a program ended well, what it said of errors, and its standard output.
#[track_caller]
pub(crate) fn try_run(
    program: &Path,
    folder: &Path,
    arguments: &[&str],
) -> (bool, String, Vec<u8>) {
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{} cannot be run: {error}", program.display()));
    let stdout = gather(child.stdout.take());
    let stderr = gather(child.stderr.take());
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        match child.try_wait().expect("a child can be waited for") {
            Some(status) => break status,
            None if Instant::now() > deadline => {
                child.kill().expect("a child can be killed");
                panic!("{} {arguments:?} does not end", program.display());
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    let output = stdout.join().expect("output is gathered");
    let said = stderr.join().expect("output is gathered");
    (status.success(), String::from_utf8_lossy(&said).into_owned(), output)
}

fn gather(pipe: Option<impl std::io::Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A broken pipe ends the output; the exit status tells the rest.
        pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        bytes
    })
}
