//! kill -9 under writes, again and again: what was acknowledged is there, and it starts again. Between
//! the commit of a store and that of the index, and while segments are merged, too: in the end search
//! finds everything once.

use std::{
    net::SocketAddr,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use rustix::process::Signal;
use serde_json::{Value, json};

use self::{edits::Edits, listening::Listening};
use super::wire::{attempt, until};
use crate::support::{
    Console, PASSWORD, Request, Running, column, delete, get, music, post, program::subfolder, text,
};

mod edits;
mod listening;

const ROUNDS: usize = 200;
const TRACKS: u32 = 12;
/// Well below the 100 that an account may have: a writer that outruns this test stops by itself.
const MOST_KEYS: usize = 60;

/// What the server acknowledged.
#[derive(Default)]
struct Kept {
    accounts: Vec<String>,
    invites: Vec<String>,
    owners: Vec<Owner>,
    listening: Vec<Listening>,
    edits: Edits,
}

/// An account with device keys, most of which it keeps.
struct Owner {
    keys: Vec<Key>,
    revoked: Vec<String>,
}

struct Key {
    id: String,
    secret: String,
}

#[test]
fn nothing_acknowledged_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    music::album(&subfolder(folder.path(), "music"), "Guido", "Ut queant laxis", TRACKS);
    let mut kept = Kept::default();
    let (mut administrator, mut tracks) = (None, Vec::new());
    for round in 0..ROUNDS {
        let server = serve(folder.path());
        kept.is_there(&server, round.saturating_sub(1));
        let administrator = administrator.get_or_insert_with(|| {
            let member = server.member("administrator", "administrator");
            device_key(&server, &member.id)
        });
        let owner = server.member(&format!("owner {round}"), "listener");
        if tracks.is_empty() {
            tracks = listening::known_tracks(&server, &owner);
            assert_eq!(tracks.len(), TRACKS as usize);
        }
        let mut listening = Listening::of(&owner);
        let written = Written { count: AtomicUsize::new(0), until: 3 + round * 11 % 40 };
        let address = server.address;
        let (invites, keys, accounts) = thread::scope(|scope| {
            scope.spawn(|| listening.write(address, &tracks, &written));
            scope.spawn(|| kept.edits.write(address, administrator, &written));
            let invites = scope.spawn(|| write_invites(address, administrator, &written));
            let keys = scope.spawn(|| write_keys(address, administrator, &owner.id, &written));
            let accounts = scope.spawn(|| write_accounts(address, administrator, round, &written));
            until("enough is written", || written.is_enough().then_some(()));
            server.signal(Signal::KILL);
            (invites.join(), keys.join(), accounts.join())
        });
        kept.invites.extend(invites.unwrap());
        kept.owners.push(keys.unwrap());
        kept.listening.push(listening);
        kept.accounts.extend(accounts.unwrap());
        kept.accounts.push(owner.id);
        assert_ne!(server.ended().0, Some(0), "it was killed");
    }
    let server = serve(folder.path());
    kept.is_there(&server, 0);
    listening::are_found(&kept.listening, &tracks, &server);
    assert!(kept.accounts.len() > ROUNDS && kept.invites.len() > ROUNDS);
    assert!(kept.edits.made() > ROUNDS / 2, "{} edits", kept.edits.made());
    listening::enough_of_each(&kept.listening, ROUNDS / 10);
    server.stop();
}

impl Kept {
    /// Everything of the rounds since `from` is there; of earlier ones it was seen before.
    fn is_there(&mut self, server: &Running, from: usize) {
        let mut accounts = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v1/admin/accounts?limit=500&cursor={cursor}");
            let page = server.control(get(&path)).expect(200).json();
            accounts.extend(items(&page, "id"));
            let Some(next) = page["next_cursor"].as_str() else { break };
            next.clone_into(&mut cursor);
        }
        for account in &self.accounts {
            assert!(accounts.contains(account), "account {account} is lost");
        }
        let page = server.control(get("/api/v1/admin/invites")).expect(200).json();
        let invites = items(&page, "id");
        for invite in &self.invites {
            assert!(invites.contains(invite), "invite {invite} is lost");
        }
        for owner in self.owners.iter().skip(from) {
            owner.is_there(server);
        }
        for listening in self.listening.iter().skip(from) {
            listening.is_there(server);
        }
        self.edits.are_there(server);
    }
}

impl Owner {
    /// A key lists the others: all that were acknowledged, none whose end was.
    fn is_there(&self, server: &Running) {
        let Some(key) = self.keys.last() else { return };
        let request = get("/api/v1/me/device-keys").bearer(&key.secret);
        let page = server.send(request).expect(200).json();
        let listed = items(&page, "id");
        for key in &self.keys {
            assert!(listed.contains(&key.id), "device key {} is lost", key.id);
        }
        for id in &self.revoked {
            assert!(!listed.contains(id), "device key {id} came back");
        }
    }
}

/// How much the writers of a round have done.
struct Written {
    count: AtomicUsize,
    until: usize,
}

impl Written {
    /// The body of an acknowledged write; `None` when the server is gone.
    fn send(&self, address: SocketAddr, request: &Request, status: u16) -> Option<Value> {
        let (answered, body) = attempt(address, request)?;
        assert_eq!(answered, status, "{} {}: {body}", request.method, request.path);
        self.count.fetch_add(1, Ordering::Relaxed);
        Some(body)
    }

    fn is_enough(&self) -> bool {
        self.count.load(Ordering::Relaxed) >= self.until
    }
}

fn write_invites(address: SocketAddr, by: &Key, written: &Written) -> Vec<String> {
    let request = post("/api/v1/admin/invites").bearer(&by.secret);
    let ids = std::iter::from_fn(|| written.send(address, &request, 201));
    ids.map(|invite| text(&invite["id"]).to_owned()).collect()
}

fn write_keys(address: SocketAddr, by: &Key, account: &str, written: &Written) -> Owner {
    let path = format!("/api/v1/admin/accounts/{account}/device-keys");
    let request = post(&path).bearer(&by.secret).json(&json!({ "label": "under fire" }));
    let mut owner = Owner { keys: Vec::new(), revoked: Vec::new() };
    let mut number = 0;
    while owner.keys.len() < MOST_KEYS {
        let Some(made) = written.send(address, &request, 201) else { break };
        owner.keys.push(key(&made));
        number += 1;
        if number % 3 == 0 {
            // The one before, in its own name; without an answer either outcome is right.
            let ended = owner.keys.swap_remove(owner.keys.len() - 2);
            let path = format!("/api/v1/me/device-keys/{}", ended.id);
            let request = delete(&path).bearer(&ended.secret);
            match written.send(address, &request, 204) {
                Some(_) => owner.revoked.push(ended.id),
                None => break,
            }
        }
    }
    owner
}

fn write_accounts(address: SocketAddr, by: &Key, round: usize, written: &Written) -> Vec<String> {
    let mut number = 0;
    let ids = std::iter::from_fn(|| {
        number += 1;
        let name = format!("account {round} {number}");
        let body = json!({ "username": name, "password": PASSWORD });
        let request = post("/api/v1/admin/accounts").bearer(&by.secret).json(&body);
        written.send(address, &request, 201)
    });
    ids.map(|account| text(&account["id"]).to_owned()).collect()
}

fn device_key(server: &Running, account: &str) -> Key {
    let path = format!("/api/v1/admin/accounts/{account}/device-keys");
    let request = post(&path).json(&json!({ "label": "test" }));
    key(&server.control(request).expect(201).json())
}

fn key(made: &Value) -> Key {
    Key { id: text(&made["id"]).to_owned(), secret: text(&made["secret"]).to_owned() }
}

fn items(page: &Value, field: &str) -> Vec<String> {
    let items = page["items"].as_array().expect("a list has items");
    column(items, field).into_iter().map(str::to_owned).collect()
}

/// The server over the tracks that are listened to.
fn serve(folder: &Path) -> Running {
    let music = subfolder(folder, "music");
    Console::new(folder).argument("--music").argument(music).serve(&folder.join("data"))
}
