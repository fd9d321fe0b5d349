//! What one listened to, counted, and what one played last.

use serde_json::{Value, json};

use super::House;
use crate::support::{column, music, post, text};

#[test]
fn plays_are_counted_by_days_hours_and_items() {
    let house = House::build();
    let play = |id: &str, at: &str, listened_ms: u64| {
        let body = json!({ "track_id": id, "started_at": at, "listened_ms": listened_ms });
        house.send(&house.ben, "POST", "/api/v1/plays", &body).expect(201);
    };
    play(&house.ids[0], "2026-01-05T10:00:00Z", 240_000);
    play(&house.ids[0], "2026-01-05T23:30:00Z", 240_000);
    play(&house.ids[1], "2026-01-06T10:00:00Z", 240_000);
    play(&house.ids[2], "2026-01-06T10:10:00Z", 1);
    let read = |path: &str| house.server.read(&house.ben, path);
    let of = "from=2026-01-05T00:00:00Z&until=2026-01-07T00:00:00Z";
    let told = read(&format!("/api/v1/me/statistics?{of}"));
    let sums = [&told["plays"], &told["listened_ms"], &told["tracks"], &told["albums"]];
    assert_eq!(sums, [&json!(3), &json!(720_001), &json!(2), &json!(1)]);
    let days = json!([
        { "day": "2026-01-05", "plays": 2, "listened_ms": 480_000 },
        { "day": "2026-01-06", "plays": 1, "listened_ms": 240_001 },
    ]);
    assert_eq!(told["days"], days);
    let east = read(&format!("/api/v1/me/statistics?{of}&zone_minutes=60"));
    let plays: Vec<_> = column_of(&east["days"], "plays");
    assert_eq!(plays, [json!(1), json!(2), json!(0)]);
    let hour = json!({ "weekday": 2, "hour": 0, "plays": 1, "listened_ms": 240_000 });
    assert!(east["hours"].as_array().is_some_and(|hours| hours.contains(&hour)), "{east}");

    let top = |query: &str| house.server.pages(&house.ben, &format!("/api/v1/me/top/{query}"), 1);
    let tracks = top("tracks?from=2026-01-05T12:00:00Z");
    assert_eq!(tracks.iter().map(|top| &top["plays"]).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(tracks[0]["track"]["id"], house.ids[1], "the last played first");
    assert_eq!(top("tracks?until=2026-01-05T12:00:00Z").len(), 1);
    assert_eq!(top("albums?from=2026-01-01T00:00:00Z")[0]["plays"], 3);
    assert_eq!(top("artists?from=2027-01-01T00:00:00Z").len(), 0);

    let wrong = [
        ("statistics", "from"),
        ("statistics?from=yesterday", "from"),
        ("statistics?from=2020-01-01T00:00:00Z&until=2026-01-01T00:00:00Z", "until"),
        ("statistics?from=2026-01-01T00:00:00Z&zone_minutes=2000", "zone_minutes"),
        ("top/tracks?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "until"),
        ("recent/albums?limit=0", "limit"),
    ];
    for (path, field) in wrong {
        let path = format!("/api/v1/me/{path}");
        let refused = house.send(&house.ben, "GET", &path, &Value::Null).expect(400).json();
        assert_eq!(refused["field"], field, "{refused}");
    }
    for path in ["statistics?from=2026-01-01T00:00:00Z", "recent/albums", "top/tracks"] {
        let path = format!("/api/v1/me/{path}");
        house.server.send(crate::support::get(&path)).expect(401);
        house.server.control(crate::support::get(&path)).expect(403);
    }
}

fn column_of(rows: &Value, name: &str) -> Vec<Value> {
    rows.as_array().into_iter().flatten().map(|row| row[name].clone()).collect()
}

#[test]
fn albums_that_were_played_last_come_first_and_once() {
    let house = House::build();
    music::album(&house.server.path().join("music"), "Hexa", "Beta", 2);
    house.server.send(post("/api/v1/admin/scan").bearer(&house.anna.token)).expect(202);
    house.server.scanned();
    let tracks = house.server.pages(&house.ben, "/api/v1/tracks?sort=album", 500);
    let of = |album: &str, place: usize| {
        let tracks = tracks.iter().filter(|track| track["album"]["title"] == album);
        text(&tracks.collect::<Vec<_>>()[place]["id"]).to_owned()
    };
    let path = "/api/v1/me/recent/albums";
    assert_eq!(house.server.read(&house.ben, path)["items"], json!([]));
    for (id, minute) in
        [(of("Alpha", 0), 1), (of("Beta", 0), 2), (of("Beta", 1), 3), (of("Alpha", 1), 4)]
    {
        let at = format!("2026-01-05T10:0{minute}:00Z");
        let body = json!({ "track_id": id, "started_at": at, "listened_ms": 240_000 });
        house.send(&house.ben, "POST", "/api/v1/plays", &body).expect(201);
    }
    let told = house.server.read(&house.ben, path);
    let items = told["items"].as_array().cloned().unwrap_or_default();
    let albums: Vec<_> = items.iter().map(|item| item["album"].clone()).collect();
    assert_eq!(column(&albums, "title"), ["Alpha", "Beta"]);
    assert_eq!(
        column(&items, "last_played_at"),
        ["2026-01-05T10:04:00.000Z", "2026-01-05T10:03:00.000Z"]
    );
    let one = house.server.read(&house.ben, &format!("{path}?limit=1"));
    assert_eq!(one["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(house.server.read(&house.anna, path)["items"], json!([]), "each their own");
}
