//! Bookmarks and the queue: saved on one device, found on the next, after a restart of nothing but it.

use serde_json::{Value, json};

use super::House;
use crate::support::text;

#[test]
fn a_bookmark_is_found_where_it_was_set() {
    let house = House::build();
    let path = |id: &str| format!("/api/v1/me/bookmarks/{id}");
    let (first, second) = (&house.ids[0], &house.ids[1]);
    let body = json!({ "position_ms": 1500, "comment": "the solo" });
    let set = house.send(&house.anna, "PUT", &path(first), &body).expect(200).json();
    assert_eq!([&set["track"], &set["position_ms"]], [&json!(first), &json!(1500)]);
    house.send(&house.anna, "PUT", &path(second), &json!({ "position_ms": 0 })).expect(200);
    house.send(&house.anna, "PUT", &path(first), &body).expect(200);
    let all = house.server.pages(&house.anna, "/api/v1/me/bookmarks", 1);
    assert_eq!(all.len(), 2);
    assert_eq!([&all[0]["track_id"], &all[0]["comment"]], [&json!(first), &json!("the solo")]);
    assert_eq!(all[1]["track"]["id"], json!(second), "with its track");
    assert!(house.server.pages(&house.ben, "/api/v1/me/bookmarks", 5).is_empty());

    let far = json!({ "position_ms": 2_592_000_001_u64 });
    let refused = house.send(&house.anna, "PUT", &path(first), &far).expect(400).json();
    assert_eq!(refused["field"], "position_ms");
    let unknown = path("tr-0000000000001");
    house.send(&house.anna, "PUT", &unknown, &body).expect(404);
    house.send(&house.anna, "DELETE", &path(first), &Value::Null).expect(204);
    house.send(&house.anna, "DELETE", &path(first), &Value::Null).expect(404);
    house.is_listed("/api/v1/me/bookmarks", 1);
}

#[test]
fn a_queue_goes_on_elsewhere() {
    let house = House::build();
    let path = "/api/v1/me/queue";
    let empty = json!({
        "track_ids": [], "current": null, "position_ms": 0, "changed_at": null, "changed_by": null,
    });
    assert_eq!(house.server.read(&house.anna, path), empty);
    let ids = [&house.ids[1], &house.ids[0], &house.ids[1]];
    let body = json!({ "track_ids": ids, "current": 2, "position_ms": 4321 });
    let saved = house.send(&house.anna, "PUT", path, &body).expect(200).json();
    assert_eq!(house.server.read(&house.anna, path), saved);
    assert_eq!([&saved["track_ids"], &saved["current"]], [&json!(ids), &json!(2)]);
    assert_eq!([&saved["position_ms"], &saved["changed_by"]], [&json!(4321), &json!("a suite")]);
    let tracks = house.server.pages(&house.anna, "/api/v1/me/queue/tracks", 2);
    let places: Vec<_> = tracks.iter().map(|it| (&it["position"], &it["track"]["id"])).collect();
    let expected = [json!(0), json!(1), json!(2)];
    assert!(
        places.iter().zip(expected.iter().zip(ids)).all(|(a, (b, c))| *a.0 == *b && *a.1 == **c)
    );
    assert_eq!(house.server.read(&house.ben, path), empty);

    let page = house.server.read(&house.anna, "/api/v1/me/queue/tracks?limit=1");
    let cursor = text(&page["next_cursor"]).to_owned();
    house.send(&house.anna, "PUT", path, &body).expect(200);
    let again = format!("/api/v1/me/queue/tracks?limit=1&cursor={cursor}");
    let answer = house.send(&house.anna, "GET", &again, &Value::Null);
    assert!([200, 409].contains(&answer.status), "only within the same millisecond it is the same");
    let refused = |body: Value, field: &str| {
        let refused = house.send(&house.anna, "PUT", path, &body).expect(400).json();
        assert_eq!(refused["field"], field, "{body}");
    };
    refused(json!({ "track_ids": ids, "current": 3 }), "current");
    refused(json!({ "track_ids": ids }), "current");
    refused(json!({ "track_ids": ids, "current": -1 }), "current");
    refused(json!({ "track_ids": ["al-0000000000001"], "current": 0 }), "track_ids[0]");
    refused(json!({ "track_ids": vec![ids[0]; 10_001], "current": 0 }), "track_ids");
    for cursor in ["x", "1", "1.x", "9999999999999999999999.1"] {
        let wrong = format!("/api/v1/me/queue/tracks?cursor={cursor}");
        let refused = house.send(&house.anna, "GET", &wrong, &Value::Null).expect(400).json();
        assert_eq!(refused["field"], "cursor");
    }
    let longest = json!({ "track_ids": vec![ids[0]; 10_000], "current": 9_999 });
    let saved = house.send(&house.anna, "PUT", path, &longest).expect(200).json();
    assert_eq!(saved["track_ids"].as_array().map(Vec::len), Some(10_000));
    house.send(&house.anna, "DELETE", path, &Value::Null).expect(204);
    assert_eq!(house.server.read(&house.anna, path), empty);
    house.send(&house.anna, "PUT", path, &json!({ "track_ids": [] })).expect(200);
}
