//! What a listener does with music: plays, favourites, ratings, playlists; and what is learnt of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{
    searching::{found, search},
    tell, track,
};
use crate::{
    faults::wire::until,
    support::{Api, Member, column, delete, get, text},
};

/// Recommendations know of a play after so long.
const LEARNT: Duration = Duration::from_secs(1);
/// Plays that may take longer before it is not the machine's fault.
const TRIES: usize = 5;

/// Reports a whole play of a track.
fn played(api: &Api, member: &Member, track: &str, id: &str) -> Value {
    let body = json!({
        "track_id": track, "started_at": "2026-11-20T20:00:00Z", "listened_ms": 600_000,
        "source": "test", "id": id,
    });
    let answer = api.send(tell("POST", member, "/api/v1/plays", &body));
    assert!([200, 201].contains(&answer.status), "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

pub(super) fn plays_are_recorded_once(api: &Api, ida: &Member) {
    assert_eq!(api.read(ida, "/api/v1/me/plays")["items"], json!([]));
    let so_what = track(api, ida, "So What");
    let report = |listened_ms: u64| {
        let body = json!({
            "track_id": so_what, "started_at": "2026-11-20T21:00:00Z", "listened_ms": listened_ms,
            "source": "album", "id": "the first",
        });
        api.send(tell("POST", ida, "/api/v1/plays", &body).header("user-agent", "a radio"))
    };
    // As it goes: it does not count yet, then it does, then it is only told again.
    let begun = report(1).expect(201).json();
    assert_eq!((&begun["new"], &begun["play"]["counted"]), (&json!(true), &json!(false)));
    for listened_ms in [240_000, 240_000, 5] {
        let told = report(listened_ms).expect(200).json();
        assert_eq!((&told["new"], &told["play"]["counted"]), (&json!(false), &json!(true)));
        assert_eq!(told["play"]["listened_ms"], 240_000);
    }
    played(api, ida, &track(api, ida, "All Blues"), "the second");
    played(api, ida, &so_what, "the third");

    let history = api.pages(ida, "/api/v1/me/plays", 2);
    let titles: Vec<&str> = history.iter().map(|play| text(&play["track"]["title"])).collect();
    assert_eq!(titles.len(), 3);
    assert_eq!(titles[0], "So What", "the newest comes first: {titles:?}");
    assert_eq!(
        (&history[0]["device"], &history[0]["source"]),
        (&json!("a radio"), &json!("album"))
    );
    let top = api.pages(ida, "/api/v1/me/top/tracks", 1);
    let top: Vec<(&str, u64)> = top
        .iter()
        .map(|top| (text(&top["track"]["title"]), top["plays"].as_u64().expect("a number")))
        .collect();
    assert_eq!(top, [("So What", 2), ("All Blues", 1)]);
    for (kind, item, field, name) in
        [("albums", "album", "title", "Blue in Kind"), ("artists", "artist", "name", "Miles")]
    {
        let top = api.read(ida, &format!("/api/v1/me/top/{kind}"));
        assert_eq!(top["items"][0][item][field], name);
        assert_eq!(top["items"][0]["plays"], 3, "{top}");
    }
}

pub(super) fn favourites_and_ratings(api: &Api, ida: &Member) {
    let so_what = track(api, ida, "So What");
    let whole = api.read(ida, &format!("/api/v1/tracks/{so_what}"));
    let (album, artist) = (text(&whole["album"]["id"]), text(&whole["artists"][0]["id"]));
    for id in [album, artist, &so_what] {
        let path = format!("/api/v1/me/favourites/{id}");
        let loved = api.send(tell("PUT", ida, &path, &json!({}))).expect(200).json();
        let again = api.send(tell("PUT", ida, &path, &json!({}))).expect(200).json();
        assert!(loved["favourite_since"].is_string() && loved == again, "{loved} {again}");
    }
    let all = api.pages(ida, "/api/v1/me/favourites", 2);
    assert_eq!(all.len(), 3);
    let albums = api.read(ida, "/api/v1/me/favourites?kind=album");
    assert_eq!(albums["items"][0]["album"]["title"], "Blue in Kind");
    assert_eq!(albums["items"].as_array().map(Vec::len), Some(1));
    let unloved = delete(&format!("/api/v1/me/favourites/{artist}")).bearer(&ida.token);
    api.send(unloved).expect(200);
    assert_eq!(api.pages(ida, "/api/v1/me/favourites", 50).len(), 2);

    let rate = |rating: u32| {
        let path = format!("/api/v1/me/ratings/{so_what}");
        api.send(tell("PUT", ida, &path, &json!({ "rating": rating }))).expect(200).json()
    };
    assert_eq!(rate(4)["rating"], 4);
    let known = api.read(ida, &format!("/api/v1/me/annotations?ids={so_what},{album}"));
    let known = known["items"].as_array().expect("a list has items");
    assert_eq!(column(known, "item"), [so_what.as_str(), album]);
    assert_eq!((&known[0]["rating"], &known[0]["plays"]), (&json!(4), &json!(2)));
    assert!(known[1]["favourite_since"].is_string());
    assert_eq!(rate(0)["rating"], Value::Null);
    rate(5);
}

/// Answers the playlist's id.
pub(super) fn a_playlist_is_kept(api: &Api, ida: &Member, anna: &Member) -> String {
    let [one, two, three] = ["Eple", "Sparks", "Remind Me"].map(|title| track(api, ida, title));
    let body = json!({ "name": "Evening Mélange", "track_ids": [one, two, one] });
    let made = api.send(tell("POST", ida, "/api/v1/playlists", &body)).expect(201);
    let playlist = text(&made.json()["id"]).to_owned();
    let path = format!("/api/v1/playlists/{playlist}");
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!(made.json()["track_count"], 3);
    let tracks = format!("{path}/tracks");
    let change =
        |method, body: Value| api.send(tell(method, ida, &tracks, &body)).expect(200).json();
    let order = || {
        let whole = api.read(ida, &path);
        let items = whole["tracks"]["items"].as_array().expect("a list has items").clone();
        items.iter().map(|entry| text(&entry["track"]["title"]).to_owned()).collect::<Vec<_>>()
    };
    change("POST", json!({ "track_ids": [three], "position": 1 }));
    assert_eq!(order(), ["Eple", "Remind Me", "Sparks", "Eple"]);
    change("PATCH", json!({ "from": 3, "to": 0 }));
    let moved = change("PATCH", json!({ "from": 0, "count": 2, "to": 2 }));
    assert_eq!(order(), ["Remind Me", "Sparks", "Eple", "Eple"]);
    change("DELETE", json!({ "positions": [3], "revision": moved["revision"] }));
    assert_eq!(order(), ["Remind Me", "Sparks", "Eple"]);
    // Somebody else changed it meanwhile.
    let stale = json!({ "positions": [0], "revision": moved["revision"] });
    api.send(tell("DELETE", ida, &tracks, &stale)).expect(409);

    api.send(get(&path).bearer(&anna.token)).expect(404);
    until("one's own playlist is found", || {
        (found(&search(api, ida, "evening mela"), "playlists", "name") == ["Evening Mélange"])
            .then_some(())
    });
    assert!(found(&search(api, anna, "evening"), "playlists", "name").is_empty());
    let body = json!({ "name": "Evening", "description": "for the fire", "public": true });
    let told = api.send(tell("PATCH", ida, &path, &body)).expect(200).json();
    assert_eq!((&told["name"], &told["owner_name"]), (&json!("Evening"), &json!("ida")));
    api.send(get(&path).bearer(&anna.token)).expect(200);
    until("a public playlist is found", || {
        (found(&search(api, anna, "evening"), "playlists", "name") == ["Evening"]).then_some(())
    });
    api.send(delete(&path).bearer(&anna.token)).expect(403);
    playlist
}

pub(super) fn recommendations_follow_plays(api: &Api, ida: &Member) {
    let recommended = || {
        let answer = api.read(ida, "/api/v1/recommendations?limit=5");
        let items = answer["items"].as_array().expect("a list has items").clone();
        assert!(!items.is_empty(), "there is something to hear");
        for item in &items {
            assert!(!text(&item["reason"]["text"]).is_empty(), "{item}");
        }
        items
    };
    let genres = |items: &[Value]| {
        items.iter().map(|item| text(&item["track"]["genres"][0]).to_owned()).collect::<Vec<_>>()
    };
    // With one listener it is the content that decides: three plays of jazz so far, now others.
    let mut slow = Vec::new();
    for attempt in 0..TRIES {
        let before = genres(&recommended());
        let (title, genre) = [
            ("Pagan Poetry", "Electronic"),
            ("Звезда", "Rock"),
            ("東風", "Orchestral"),
            ("Cocoon", "Electronic"),
            ("Βροχή", "Orchestral"),
        ][attempt];
        let id = track(api, ida, title);
        let began = Instant::now();
        for number in 0..4 {
            played(api, ida, &id, &format!("{title} {number}"));
        }
        until("the recommendations have changed", || {
            let now = genres(&recommended());
            (now != before && now.iter().any(|now| now == genre)).then_some(())
        });
        if began.elapsed() < LEARNT {
            let similar = api.read(ida, &format!("/api/v1/tracks/{id}/similar?limit=3"));
            assert_eq!(similar["items"][0]["track"]["genres"][0], genre, "{similar}");
            return;
        }
        slow.push(began.elapsed());
    }
    panic!("plays were learnt only after {slow:?}");
}
