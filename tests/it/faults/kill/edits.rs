//! Edits that are made while the server is killed.

use std::{collections::BTreeMap, net::SocketAddr};

use serde_json::json;

use super::{Key, Written};
use crate::support::{Api, get, post, text};

/// Names that are edited, each again and again: the list of edits stays short.
const NAMES: usize = 20;

/// What names are written instead: the last one that was acknowledged of each.
#[derive(Default)]
pub(super) struct Edits {
    standing: BTreeMap<String, String>,
    /// Sent, and without an answer: either outcome is right.
    in_doubt: Option<(String, String)>,
    made: usize,
}

impl Edits {
    pub(super) fn made(&self) -> usize {
        self.made
    }

    /// Makes one edit after the other until the server is gone.
    pub(super) fn write(&mut self, address: SocketAddr, by: &Key, written: &Written) {
        loop {
            let (name, becomes) = (format!("ghost {}", self.made % NAMES), self.made.to_string());
            let edit = json!({ "artist": { "name": name, "becomes": [becomes] } });
            let request = post("/api/v1/admin/edits").bearer(&by.secret);
            let request = request.json(&json!({ "items": [{ "edit": edit }] }));
            self.in_doubt = Some((name.clone(), becomes.clone()));
            if written.send(address, &request, 200).is_none() {
                return;
            }
            self.in_doubt = None;
            self.standing.insert(name, becomes);
            self.made += 1;
        }
    }

    pub(super) fn are_there(&mut self, server: &Api) {
        let page = server.control(get("/api/v1/admin/edits?limit=500")).expect(200).json();
        let edits = page["items"].as_array().expect("a list has items");
        let now: BTreeMap<&str, &str> = edits
            .iter()
            .map(|edit| &edit["edit"]["artist"])
            .map(|artist| (text(&artist["name"]), text(&artist["becomes"][0])))
            .collect();
        assert_eq!(now.len(), edits.len(), "a name is edited twice");
        if let Some((name, becomes)) = self.in_doubt.take()
            && now.get(&*name) == Some(&&*becomes)
        {
            self.standing.insert(name, becomes);
            self.made += 1;
        }
        for (name, becomes) in &self.standing {
            assert_eq!(now.get(&**name), Some(&&**becomes), "the edit of {name} is lost");
        }
    }
}
