//! What the tests share: an app in a temporary folder, the program as a child, a small HTTP client,
//! and a watch over every answer that passes through it.

pub(crate) mod document;
pub(crate) mod events;
pub(crate) mod http;
pub(crate) mod music;
pub(crate) mod program;
pub(crate) mod server;
pub(crate) mod station;
pub(crate) mod web;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use serde_json::{Value, json};

pub(crate) use self::{
    events::Events,
    http::{Request, Response, delete, get, head, post},
    program::{Console, Running},
    server::{Server, Setup},
};

pub(crate) const PASSWORD: &str = "a long enough password";
/// Ends a test that hangs, and nothing else: no test passes or fails by how quick the machine is.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

/// A running platform as its clients see it, whichever process it is in.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(crate) address: SocketAddr,
    /// The socket of whoever owns the data folder.
    pub(crate) control: PathBuf,
}

/// An account that is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) token: String,
}

impl Api {
    /// Over the network.
    pub(crate) fn send(&self, request: Request) -> Response {
        request.send(self.address)
    }

    /// As the owner of the data folder.
    pub(crate) fn control(&self, request: Request) -> Response {
        request.send_to_socket(&self.control)
    }

    /// Gets as a member and expects JSON.
    #[track_caller]
    pub(crate) fn read(&self, member: &Member, path: &str) -> Value {
        self.send(get(path).bearer(&member.token)).expect(200).json()
    }

    /// A new account (`administrator` or `listener`), signed in.
    #[track_caller]
    pub(crate) fn member(&self, name: &str, role: &str) -> Member {
        let body = json!({ "username": name, "password": PASSWORD, "role": role });
        self.control(post("/api/v1/admin/accounts").json(&body)).expect(201);
        self.sign_in(name, PASSWORD)
    }

    #[track_caller]
    pub(crate) fn sign_in(&self, name: &str, password: &str) -> Member {
        let body = json!({ "username": name, "password": password });
        Member::of(&self.send(post("/api/v1/session").json(&body)).expect(201).json())
    }

    /// Waits until the scan that runs, or is about to begin, has ended; its state then.
    #[track_caller]
    pub(crate) fn scanned(&self) -> Value {
        let mut state = self.control(get("/api/v1/admin/scan")).expect(200).json();
        let mut quiet = 0;
        while ["idle", "walking", "reading"].contains(&text(&state["phase"])) {
            let path =
                format!("/api/v1/admin/scan?changed_from={}&wait_ms=15000", state["revision"]);
            let next = self.control(get(&path)).expect(200).json();
            quiet = if next["revision"] == state["revision"] { quiet + 1 } else { 0 };
            assert!(quiet < 8, "the scan does not go on: {next}");
            state = next;
        }
        state
    }

    /// All items of a list, page after page.
    #[track_caller]
    pub(crate) fn pages(&self, member: &Member, path: &str, limit: u32) -> Vec<Value> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.read(member, &format!("{path}{mark}limit={limit}&cursor={cursor}"));
            let found = page["items"].as_array().expect("a list has items");
            assert!(found.len() <= limit as usize, "{path}: more than {limit} items");
            items.extend(found.iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { return items };
            assert_eq!(found.len(), limit as usize, "{path}: a page before the last is full");
            next.clone_into(&mut cursor);
        }
    }
}

impl Member {
    /// From the answer to whatever opens a session.
    pub(crate) fn of(signed_in: &Value) -> Self {
        let id = text(&signed_in["account"]["id"]).to_owned();
        Self { id, token: text(&signed_in["token"]).to_owned() }
    }
}

/// A JSON value that must be text.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text"))
}

/// The `field` of every item.
#[track_caller]
pub(crate) fn column<'v>(items: &'v [Value], field: &str) -> Vec<&'v str> {
    items.iter().map(|item| text(&item[field])).collect()
}
