//! What listeners keep and show, over the running server: bookmarks, queues, what is played now, radio
//! stations, messages, avatars, and shares for visitors.

mod alike;
mod avatars;
mod events;
mod files;
mod resuming;
mod sharing;
mod statistics;
mod together;

use serde_json::{Value, json};

use crate::support::{Member, Request, Response, Server, column, music};

/// An album with four tracks, and two members.
struct House {
    server: Server,
    /// An administrator.
    anna: Member,
    ben: Member,
    /// Of the tracks, by their numbers.
    ids: Vec<String>,
}

impl House {
    fn build() -> Self {
        let server = Server::with_music(|music| drop(music::album(music, "Hexa", "Alpha", 4)));
        let anna = server.member("anna", "administrator");
        let ben = server.member("ben", "listener");
        let tracks = server.pages(&anna, "/api/v1/tracks", 500);
        let ids = column(&tracks, "id").into_iter().map(str::to_owned).collect();
        Self { server, anna, ben, ids }
    }

    fn send(&self, who: &Member, method: &'static str, path: &str, body: &Value) -> Response {
        let request = Request::new(method, path).bearer(&who.token).header("user-agent", "a suite");
        self.server.send(if body.is_null() { request } else { request.json(body) })
    }

    /// Makes a share as Anna; what she is told of it.
    fn share(&self, body: &Value) -> Value {
        self.send(&self.anna, "POST", "/api/v1/me/shares", body).expect(201).json()
    }

    /// So that the feeds have told everything.
    fn is_listed(&self, path: &str, count: usize) {
        let listed = json!(self.server.pages(&self.anna, path, 500).len());
        assert_eq!(listed, json!(count), "{path}");
    }
}
