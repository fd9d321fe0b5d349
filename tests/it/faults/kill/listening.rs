//! What a listener does with music while the server is killed: plays, favourites, ratings, playlists.

use std::{collections::BTreeSet, net::SocketAddr};

use serde_json::{Value, json};

use super::{Written, items};
use crate::{
    faults::wire::until,
    support::{Api, Member, Request, column, post, text},
};

/// Of one listener: what was acknowledged.
pub(super) struct Listening {
    member: Member,
    plays: Vec<String>,
    favourites: Vec<String>,
    ratings: Vec<(String, usize)>,
    /// With their tracks.
    playlists: Vec<(String, Vec<String>)>,
}

/// The tracks that can be played: profile has heard of all of them.
pub(super) fn known_tracks(server: &Api, member: &Member) -> Vec<String> {
    server.scanned();
    let tracks = server.pages(member, "/api/v1/tracks", 500);
    let tracks: Vec<String> = column(&tracks, "id").into_iter().map(str::to_owned).collect();
    for track in &tracks {
        let rating = rating(&member.token, track, 0);
        until("profile knows the tracks", || {
            (server.send(rating.clone()).status == 200).then_some(())
        });
    }
    tracks
}

/// Each kind of write was acknowledged at least `count` times, over all listeners.
pub(super) fn enough_of_each(all: &[Listening], count: usize) {
    let sum = |of: fn(&Listening) -> usize| all.iter().map(of).sum::<usize>();
    let added = |listening: &Listening| {
        let lists = listening.playlists.iter();
        lists.map(|(_, tracks)| tracks.len().saturating_sub(2)).sum()
    };
    let sums = [
        sum(|listening| listening.plays.len()),
        sum(|listening| listening.favourites.len()),
        sum(|listening| listening.ratings.len()),
        sum(|listening| listening.playlists.len()),
        sum(added),
    ];
    assert!(sums.iter().all(|sum| *sum >= count), "plays, favourites…: {sums:?}");
}

impl Listening {
    pub(super) fn of(member: &Member) -> Self {
        Self {
            member: member.clone(),
            plays: Vec::new(),
            favourites: Vec::new(),
            ratings: Vec::new(),
            playlists: Vec::new(),
        }
    }

    /// Listens to one track after the other until the server is gone.
    pub(super) fn write(&mut self, address: SocketAddr, tracks: &[String], written: &Written) {
        for (number, track) in tracks.iter().cycle().enumerate() {
            if self.listen(address, number, track, written).is_none() {
                return;
            }
        }
    }

    /// `None` when the server is gone.
    fn listen(
        &mut self,
        address: SocketAddr,
        number: usize,
        track: &str,
        written: &Written,
    ) -> Option<()> {
        let token = self.member.token.clone();
        let send = |request: Request, status| written.send(address, &request, status);
        let play = json!({
            "id": format!("play {number}"), "track_id": track, "listened_ms": 300_000,
            "started_at": "2026-01-01T00:00:00Z",
        });
        let played = send(post("/api/v1/plays").bearer(&token).json(&play), 201)?;
        self.plays.push(text(&played["play"]["id"]).to_owned());

        let path = format!("/api/v1/me/favourites/{track}");
        send(Request::new("PUT", &path).bearer(&token), 200)?;
        self.favourites.push(track.to_owned());
        // The same however often it comes round.
        let stars = 1 + track.bytes().map(usize::from).sum::<usize>() % 5;
        send(rating(&token, track, stars), 200)?;
        self.ratings.push((track.to_owned(), stars));

        let list = json!({ "name": format!("list {number}"), "track_ids": [track, track] });
        let made = send(post("/api/v1/playlists").bearer(&token).json(&list), 201)?;
        let id = text(&made["id"]).to_owned();
        self.playlists.push((id.clone(), vec![track.to_owned(); 2]));
        let addition = json!({ "track_ids": [track] });
        let path = format!("/api/v1/playlists/{id}/tracks");
        send(post(&path).bearer(&token).json(&addition), 200)?;
        let (_, entries) = self.playlists.last_mut()?;
        entries.push(track.to_owned());
        Some(())
    }

    pub(super) fn is_there(&self, server: &Api) {
        let read = |path: &str| server.read(&self.member, path);
        let plays = items(&read("/api/v1/me/plays?limit=500"), "id");
        for play in &self.plays {
            assert!(plays.contains(play), "play {play} is lost");
        }
        if !self.favourites.is_empty() {
            let path = format!("/api/v1/me/annotations?ids={}", self.favourites.join(","));
            let annotations = read(&path)["items"].clone();
            let annotations = annotations.as_array().expect("a list has items");
            let of = |track: &str| {
                let found = annotations.iter().find(|one| one["item"] == track);
                found.unwrap_or_else(|| panic!("nothing is known of {track}"))
            };
            for track in &self.favourites {
                assert!(of(track)["favourite_since"].is_string(), "favourite {track} is lost");
            }
            for (track, stars) in &self.ratings {
                assert_eq!(of(track)["rating"], *stars, "the rating of {track} is lost");
            }
        }
        for (id, tracks) in &self.playlists {
            let playlist = read(&format!("/api/v1/playlists/{id}?limit=500"));
            let entries = playlist["tracks"]["items"].as_array().expect("a playlist has tracks");
            // Without an answer to an addition either outcome is right.
            assert!(column(entries, "track_id").starts_with(&refs(tracks)), "{id}: {playlist}");
        }
        if let Some((id, _)) = self.playlists.first() {
            let lists: Value = read("/api/v1/playlists?limit=500");
            assert!(items(&lists, "id").contains(id), "playlist {id} is in no list");
        }
    }
}

/// Search has followed through all kills: each listener's playlists are found, each once, and the
/// tracks as well.
pub(super) fn are_found(all: &[Listening], tracks: &[String], server: &Api) {
    for listening in all {
        // Without an answer to the last one either outcome is right.
        let acknowledged: BTreeSet<&str> =
            listening.playlists.iter().map(|(id, _)| id.as_str()).collect();
        until("search finds all playlists", || {
            let found = server.read(&listening.member, "/api/v1/search?q=list&limit=50");
            let found = ids(&found["playlists"]);
            let distinct: BTreeSet<&str> = found.iter().copied().collect();
            assert_eq!(distinct.len(), found.len(), "something is found twice: {found:?}");
            assert!(found.len() <= acknowledged.len() + 1, "{found:?}");
            acknowledged.is_subset(&distinct).then_some(())
        });
    }
    let Some(listening) = all.first() else { return };
    let found = server.read(&listening.member, "/api/v1/search?q=guido&limit=50");
    let mut found = ids(&found["tracks"]);
    found.sort_unstable();
    let mut expected = refs(tracks);
    expected.sort_unstable();
    assert_eq!(found, expected);
}

fn ids(found: &Value) -> Vec<&str> {
    column(found.as_array().expect("every kind has its list"), "id")
}

fn refs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn rating(token: &str, track: &str, stars: usize) -> Request {
    let path = format!("/api/v1/me/ratings/{track}");
    Request::new("PUT", &path).bearer(token).json(&json!({ "rating": stars }))
}
