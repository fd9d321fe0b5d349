//! Programs that others wrote, run to their ends.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde::Deserialize;

/// Runs a program in `folder`; its standard output, once it ended well.
#[track_caller]
pub(crate) fn run(program: &str, folder: &Path, arguments: &[&str]) -> Vec<u8> {
    ended(program, folder, arguments).stdout
}

/// [`run`], and what it says beside its output.
#[track_caller]
pub(crate) fn said_by(program: &str, folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8_lossy(&ended(program, folder, arguments).stderr).into_owned()
}

#[track_caller]
fn ended(program: &str, folder: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{program} cannot be run: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    output
}

/// The samples that ffmpeg decodes from a file, as they are.
#[track_caller]
pub(crate) fn ffmpeg_decode(folder: &Path, file: &str) -> Vec<f32> {
    let arguments = ["-v", "error", "-i", file, "-map", "0:a", "-f", "f32le", "-"];
    floats(&run("ffmpeg", folder, &arguments))
}

/// Little-endian floats.
pub(crate) fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
}

/// What a browser makes of a file.
#[derive(Deserialize)]
pub(crate) struct InBrowser {
    pub(crate) frames: usize,
    pub(crate) channels: usize,
    /// Of the first channel.
    pub(crate) samples: Vec<f32>,
}

/// What Chromium decodes from files in `folder`, at 48 kHz.
#[track_caller]
pub(crate) fn chromium_decode(folder: &Path, files: &[&str]) -> Vec<InBrowser> {
    serde_json::from_slice(&in_chromium(folder, "decode.mjs", files))
        .expect("the script prints JSON")
}

/// Runs a script of the browser tests in `folder`.
#[track_caller]
fn in_chromium(folder: &Path, script: &str, arguments: &[&str]) -> Vec<u8> {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/browser");
    let driver = scripts.join("node_modules/playwright-core");
    assert!(driver.is_dir(), "playwright-core is not installed: run `npm ci` in tests/browser");
    let script = scripts.join(script);
    let profile = folder.join("profile");
    let found = run("sh", folder, &["-c", "command -v chromium"]);
    let chromium = String::from_utf8_lossy(&found).trim().to_owned();
    let fixed = [script.to_str().unwrap(), &chromium, profile.to_str().unwrap()];
    run("node", folder, &[&fixed, arguments].concat())
}
