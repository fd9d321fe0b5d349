//! The built program as a child, claimed, signed in to and with its library scanned.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    child::{Child, Memory},
    client::{fetch, request},
    large::LIBRARY,
};

pub(crate) const USER: &str = "guido";
pub(crate) const PASSWORD: &str = "ut queant laxis resonare fibris";

/// A server, and the token of its administrator.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) token: String,
    pub(crate) data: TempDir,
}

impl Server {
    /// A GET as bytes, with the administrator's token.
    pub(crate) fn get(&self, path: &str) -> Vec<u8> {
        request("GET", path, Some(&self.token), "")
    }

    pub(crate) fn fetch(&self, path: &str) -> Vec<u8> {
        fetch(self.child.address, &self.get(path))
    }

    /// Ends it in order and leaves its data folder's parent.
    pub(crate) fn stop(self) -> TempDir {
        self.child.stop();
        self.data
    }

    /// Ends it in order, starts it again over the same data, asks for these paths, and tells its
    /// memory then.
    pub(crate) fn start_again(self, paths: &[&str]) -> Memory {
        let token = self.token.clone();
        let folder = self.stop();
        let music = folder.path().join(LIBRARY);
        let child = start(&data_folder(&folder), &[&music]);
        for path in paths {
            fetch(child.address, &request("GET", path, Some(&token), ""));
        }
        let memory = child.memory();
        child.stop();
        memory
    }

    /// The first of a list that `wanted` likes.
    pub(crate) fn find(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Option<Value> {
        let page: Value = serde_json::from_slice(&self.fetch(path)).expect("lists are JSON");
        page["items"].as_array().expect("lists have items").iter().find(|i| wanted(i)).cloned()
    }
}

/// Starts the program over `data`; it is ready when this returns.
pub(crate) fn start(data: &Path, music: &[&Path]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hexachord"));
    command.arg("--data").arg(data).arg("--listen").arg("127.0.0.1:0");
    for folder in music {
        command.arg("--music").arg(folder);
    }
    command
        .current_dir(data.parent().expect("it is below a temporary folder"))
        .env("HEXACHORD_ADMIN_USER", USER)
        .env("HEXACHORD_ADMIN_PASSWORD", PASSWORD)
        .env("HEXACHORD_LIBRARY__SCAN_ON_START", "false")
        // Nothing goes on beside what is measured.
        .env("HEXACHORD_ANALYSIS__ENABLED", "false")
        .env("HEXACHORD_LOG__FORMAT", "json")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let child = Child::start(&mut command, |child| child.stderr.take(), ready_address);
    fetch(child.address, &request("GET", "/readyz", None, ""));
    child
}

/// From the log line that tells readiness.
fn ready_address(line: &str) -> Option<SocketAddr> {
    let line: Value = serde_json::from_str(line).ok()?;
    (line["message"] == "ready").then(|| line["address"].as_str()?.parse().ok())?
}

/// A server over a fresh data folder that has scanned `music`.
pub(crate) fn populated(music: &[&Path]) -> Server {
    let data = tempfile::tempdir().expect("a temporary folder can be made");
    let child = start(&data_folder(&data), music);
    let token = sign_in(child.address);
    let scan = |method, query: &str| -> Value {
        let path = format!("/api/v1/admin/scan{query}");
        let body = if method == "POST" { "{}" } else { "" };
        let answer = fetch(child.address, &request(method, &path, Some(&token), body));
        serde_json::from_slice(&answer).expect("the state is JSON")
    };
    let mut state = scan("POST", "");
    while ["walking", "reading"].contains(&state["phase"].as_str().unwrap_or_default()) {
        state = scan("GET", &format!("?changed_from={}&wait_ms=10000", state["revision"]));
    }
    assert_eq!(state["phase"], "finished", "{state}");
    Server { child, token, data }
}

pub(crate) fn data_folder(temporary: &TempDir) -> PathBuf {
    temporary.path().join("data")
}

pub(crate) fn sign_in_request() -> Vec<u8> {
    let body = serde_json::json!({ "username": USER, "password": PASSWORD });
    request("POST", "/api/v1/session", None, &body.to_string())
}

pub(crate) fn sign_in(address: SocketAddr) -> String {
    let session: Value =
        serde_json::from_slice(&fetch(address, &sign_in_request())).expect("a session is JSON");
    session["token"].as_str().expect("a session has a token").to_owned()
}
