//! Libraries that others wrote and apps are built with, driven through all that they offer by the
//! scripts in `tests/clients`.

use std::path::{Path, PathBuf};

use image::ImageFormat;
use serde_json::json;

use super::stage::{App, stage};
use crate::{
    independent::{find, run},
    support::{PASSWORD, Request, music},
};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");

/// A script drives the server to its end.
#[track_caller]
fn drive(program: &Path, script: &str) {
    let (server, app) = stage();
    let picture = music::picture(100, ImageFormat::Png);
    let ida = server.sign_in("ida", PASSWORD);
    let put = Request::new("PUT", "/api/v1/me/avatar").bearer(&ida.token).body(picture);
    server.send(put).expect(204);
    let root = App::of(&server, &server.member("root", "administrator"), "root");
    let there = json!({
        "url": format!("http://{}", server.address.ip()),
        "port": server.address.port(),
        "music": server.path().join("music"),
        "password": PASSWORD,
        "listener": { "username": "ida", "key": app.key },
        "administrator": { "username": "root", "key": root.key },
    });
    let said = run(program, Path::new(SCRIPTS), &[script, &there.to_string()]);
    assert_eq!(String::from_utf8_lossy(&said), "all steps done\n");
}

/// The Python that has the libraries.
fn python() -> PathBuf {
    let python = Path::new(SCRIPTS).join(".venv/bin/python3");
    let made = "`python3 -m venv .venv && .venv/bin/pip install -r requirements.txt`";
    assert!(python.is_file(), "the libraries are not installed: run {made} in tests/clients");
    python
}

#[test]
#[ignore = "needs python3 and the libraries in tests/clients/requirements.txt"]
fn a_typed_library_reads_every_answer() {
    drive(&python(), "typed.py");
}

#[test]
#[ignore = "needs python3 and the libraries in tests/clients/requirements.txt"]
fn a_loose_library_finds_what_it_looks_for() {
    drive(&python(), "loose.py");
}

#[test]
#[ignore = "needs node and the library in tests/clients/package.json"]
fn a_library_of_javascript_calls_by_key_and_by_form() {
    let is_there = Path::new(SCRIPTS).join("node_modules/subsonic-api").is_dir();
    assert!(is_there, "subsonic-api is not installed: run `npm ci` in tests/clients");
    drive(&find("node"), "script.mjs");
}
