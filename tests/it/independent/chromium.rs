//! Scripts of `tests/browser` in a real browser.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::{find, recording::samples, run};
use crate::support::program::subfolder;

/// Runs a script with a new profile in `folder`; what it prints.
#[track_caller]
pub(super) fn in_chromium(folder: &Path, script: &str, arguments: &[&str]) -> String {
    let (chromium, node) = (find("chromium"), find("node"));
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    for package in ["hls.js", "playwright-core"] {
        let is_there = scripts.join("node_modules").join(package).is_dir();
        assert!(is_there, "{package} is not installed: run `npm ci` in tests/browser");
    }
    let profile = subfolder(folder, "profile");
    let fixed = [script, &chromium.to_string_lossy(), &profile.to_string_lossy()];
    let said = run(&node, &scripts, &[&fixed[..], arguments].concat());
    String::from_utf8(said).expect("scripts print text")
}

/// Runs a script that records what the browser plays: what it tells in JSON, and what was heard.
#[track_caller]
pub(super) fn recorded_in_chromium<T: DeserializeOwned>(
    script: &str,
    arguments: &[&str],
) -> (T, Vec<f32>) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("heard.f32");
    let said =
        in_chromium(folder.path(), script, &[&[&*file.to_string_lossy()], arguments].concat());
    let heard = std::fs::read(&file).expect("the script keeps a recording");
    (serde_json::from_str(&said).expect("the script prints JSON"), samples(&heard))
}
