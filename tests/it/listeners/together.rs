//! What people of one house have together: what is played now, radio stations, messages.

use serde_json::{Value, json};

use super::House;
use crate::support::{column, text};

#[test]
fn others_see_what_one_plays() {
    let house = House::build();
    let path = "/api/v1/now-playing";
    let id = &house.ids[0];
    let report = |state: &str, position: u64| {
        let body = json!({ "track_id": id, "state": state, "position_ms": position });
        house.send(&house.anna, "POST", path, &body).expect(200).json()
    };
    assert_eq!(report("starting", 0)["recorded"], Value::Null);
    report("playing", 0);
    let seen = house.server.read(&house.ben, path);
    let playing = &seen["items"][0];
    assert_eq!(seen["items"].as_array().map(Vec::len), Some(1));
    assert_eq!([&playing["username"], &playing["device"]], [&json!("anna"), &json!("a suite")]);
    assert_eq!([&playing["track_id"], &playing["track"]["id"]], [&json!(id), &json!(id)]);
    assert_eq!(playing["state"], "playing");
    report("stopped", 0);
    assert_eq!(house.server.read(&house.ben, path)["items"], json!([]));
    for (field, value) in [
        ("state", json!("dancing")),
        ("position_ms", json!(-1)),
        ("position_ms", json!(2_592_000_001_u64)),
        ("rate_permille", json!(16_001)),
        ("track_id", json!("al-0000000000001")),
    ] {
        let mut body = json!({ "track_id": id, "state": "playing", "position_ms": 0 });
        body[field] = value;
        let refused = house.send(&house.anna, "POST", path, &body).expect(400).json();
        assert_eq!(refused["field"], field);
    }
    let unknown = json!({ "track_id": "tr-0000000000001", "state": "playing", "position_ms": 0 });
    house.send(&house.anna, "POST", path, &unknown).expect(404);
}

#[test]
fn administrators_keep_the_radio_stations() {
    let house = House::build();
    let path = "/api/v1/radio-stations";
    let body = json!({ "name": "Waves", "stream_url": "https://radio.example/live" });
    house.send(&house.ben, "POST", path, &body).expect(403);
    let waves = house.send(&house.anna, "POST", path, &body).expect(201).json();
    let air = json!({
        "name": "air", "stream_url": "http://air.example:8000/", "home_page_url": "http://air.example",
    });
    house.send(&house.anna, "POST", path, &air).expect(201);
    let stations = house.server.pages(&house.ben, path, 1);
    assert_eq!(column(&stations, "name"), ["air", "Waves"]);
    let of_waves = format!("{path}/{}", text(&waves["id"]));
    let change = json!({ "name": "A wave" });
    house.send(&house.ben, "PATCH", &of_waves, &change).expect(403);
    house.send(&house.anna, "PATCH", &of_waves, &change).expect(200);
    assert_eq!(column(&house.server.pages(&house.ben, path, 5), "name"), ["A wave", "air"]);
    for address in ["ftp://radio.example/", "radio.example", "javascript:alert(1)", ""] {
        let body = json!({ "name": "x", "stream_url": address });
        let refused = house.send(&house.anna, "POST", path, &body).expect(400).json();
        assert_eq!(refused["field"], "stream_url", "{address}");
    }
    house.send(&house.ben, "DELETE", &of_waves, &Value::Null).expect(403);
    house.send(&house.anna, "DELETE", &of_waves, &Value::Null).expect(204);
    house.send(&house.anna, "DELETE", &of_waves, &Value::Null).expect(404);
    house.is_listed(path, 1);
}

#[test]
fn people_write_to_each_other() {
    let house = House::build();
    let path = "/api/v1/chat";
    let write = |who, text: &str| house.send(who, "POST", path, &json!({ "text": text }));
    let first = write(&house.anna, "hello").expect(201).json();
    assert_eq!([&first["username"], &first["text"]], [&json!("anna"), &json!("hello")]);
    write(&house.ben, " <i>hi</i> ").expect(201);
    let all = house.server.pages(&house.ben, path, 1);
    assert_eq!(
        column(&all, "text"),
        ["<i>hi</i>", "hello"],
        "as it was written: a page escapes it"
    );
    let since = format!("{path}?since={}", text(&first["written_at"]));
    let after = house.server.pages(&house.anna, &since, 5);
    assert!(after.iter().all(|message| message["number"] != first["number"]));
    for wrong in ["", "  ", &"x".repeat(401)] {
        assert_eq!(write(&house.anna, wrong).expect(400).json()["field"], "text");
    }
    let answer = house.send(&house.anna, "GET", &format!("{path}?since=yesterday"), &Value::Null);
    assert_eq!(answer.expect(400).json()["field"], "since");
}
