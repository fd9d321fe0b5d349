//! Added, fetched, listened to, deleted; by those who may.

use std::io::Cursor;

use hexachord_audio::{Codec, Decoder};
use serde_json::json;

use super::stage::{sound, stage};
use crate::support::{Request, column, delete, get, head, post, text};

#[test]
fn a_podcast_is_added_and_heard() {
    let stage = stage();
    let (server, ida) = (&stage.server, &stage.ida);
    let podcast = stage.added();
    assert_eq!(podcast["status"], "completed", "{podcast}");
    assert_eq!((text(&podcast["title"]), &podcast["episode_count"]), ("Tones & Times", &json!(2)));
    let id = text(&podcast["id"]);
    let listed = server.read(ida, "/api/v1/podcasts");
    assert_eq!(column(listed["items"].as_array().unwrap(), "id"), [id]);
    assert!(listed["items"][0]["url"].is_null(), "addresses of feeds are for administrators");
    let newest = server.read(ida, "/api/v1/episodes?limit=1");
    assert_eq!(newest["items"][0]["title"], "Episode 2");
    assert_eq!(newest["items"][0]["description"], "On sound & time.");
    assert_eq!(newest["items"][0]["duration_ms"], 62_000);
    assert!(newest["next_cursor"].is_string());

    let [absent, episode] = &stage.episodes(&podcast)[..] else { panic!("there are two") };
    let stream = format!("/api/v1/episodes/{episode}/stream");
    let listen = |query: &str| get(&format!("{stream}{query}")).bearer(&ida.token);
    let early = server.send(listen("")).expect(404).json();
    assert!(text(&early["type"]).ends_with("not-downloaded"), "{early}");

    let fetched = stage.fetched(episode);
    assert_eq!((text(&fetched["status"]), &fetched["codec"]), ("completed", &json!("flac")));
    assert_eq!(fetched["size"], sound().len());
    let whole = server.send(listen("")).expect(200);
    assert_eq!(whole.header("content-type"), Some("audio/flac"));
    assert_eq!(whole.body, sound());
    let part = server.send(listen("").header("range", "bytes=10-19")).expect(206);
    assert_eq!(part.body, sound()[10..20]);
    let made = server.send(listen("?format=opus&bitrate=64")).expect(200);
    let decoder = Decoder::open(Cursor::new(made.body)).expect("it can be decoded");
    assert_eq!(decoder.facts().codec, Codec::Opus);
    server.send(head(&stream).bearer(&ida.token)).expect(200);
    let kept = server.send(get(&format!("/api/v1/episodes/{episode}/download")).bearer(&ida.token));
    let name = format!("attachment; filename*=UTF-8''{episode}.flac");
    assert_eq!(kept.expect(200).header("content-disposition"), Some(name.as_str()));

    let cover = format!("/api/v1/podcasts/{id}/cover?size=64");
    let cover = server.send(get(&cover).bearer(&ida.token)).expect(200);
    assert_eq!(cover.header("content-type"), Some("image/jpeg"));

    let failed = stage.fetched(absent);
    assert_eq!(failed["status"], "error");
    assert!(text(&failed["error"]).contains("404"), "{failed}");

    let file = format!("/api/v1/episodes/{episode}/file");
    let deleted = server.send(delete(&file).bearer(&stage.admin.token)).expect(200).json();
    assert_eq!(deleted["status"], "deleted");
    server.send(listen("")).expect(404);
    server.send(post("/api/v1/podcasts/refresh").bearer(&stage.admin.token)).expect(202);
    assert_eq!(stage.settled(id)["status"], "completed");
    server.send(delete(&format!("/api/v1/podcasts/{id}")).bearer(&stage.admin.token)).expect(204);
    assert_eq!(server.read(ida, "/api/v1/episodes")["items"], json!([]));
    assert!(!server.path().join("data/podcasts").join(id).exists());
}

#[test]
fn a_plan_holds_for_episodes_too() {
    let stage = stage();
    let podcast = stage.added();
    let episode = stage.episodes(&podcast).pop().expect("there are two");
    stage.fetched(&episode);
    let plan = json!({
        "name": "Little", "price": { "amount": 100, "currency": "EUR" }, "period": "year",
        "entitlements": { "max_bitrate_kbps": 96, "concurrent_streams": null, "downloads": false },
    });
    let server = &stage.server;
    server.control(post("/api/v1/admin/plans").json(&plan)).expect(201);
    let plans = server.control(get("/api/v1/admin/plans")).expect(200).json();
    for plan in plans["items"].as_array().expect("a list has items") {
        let path = format!("/api/v1/admin/plans/{}", text(&plan["id"]));
        let less = json!({ "entitlements": {
            "max_bitrate_kbps": 96, "concurrent_streams": null, "downloads": false,
        } });
        server.control(Request::new("PATCH", &path).json(&less)).expect(200);
    }
    let ask =
        |path: &str| get(&format!("/api/v1/episodes/{episode}/{path}")).bearer(&stage.ida.token);
    server.send(ask("download")).expect(402);
    server.send(ask("stream?format=original")).expect(402);
    let made = server.send(ask("stream")).expect(200);
    let decision = made.header("x-hexachord-decision").unwrap_or_default();
    assert!(decision.contains("bitrate_of_plan"), "{decision}");
}

#[test]
fn only_administrators_keep_podcasts() {
    let stage = stage();
    let podcast = stage.added();
    let (id, episode) = (text(&podcast["id"]), &stage.episodes(&podcast)[0]);
    let url = json!({ "url": stage.web.url("/other.xml") });
    for request in [
        post("/api/v1/podcasts").json(&url),
        delete(&format!("/api/v1/podcasts/{id}")),
        post("/api/v1/podcasts/refresh"),
        post(&format!("/api/v1/podcasts/{id}/refresh")),
        post(&format!("/api/v1/episodes/{episode}/file")),
        delete(&format!("/api/v1/episodes/{episode}/file")),
    ] {
        stage.server.send(request.clone()).expect(401);
        stage.server.send(request.bearer(&stage.ida.token)).expect(403);
    }
    for path in ["", "/pc-0000000000000", "/pc-0000000000000/episodes", "/pc-0000000000000/cover"] {
        stage.server.send(get(&format!("/api/v1/podcasts{path}"))).expect(401);
    }
    let nothing = get("/api/v1/podcasts/pc-0000000000000").bearer(&stage.ida.token);
    stage.server.send(nothing).expect(404);
    for path in ["/podcasts/x", "/episodes/x", "/episodes?cursor=x", "/podcasts?limit=0"] {
        stage.server.send(get(&format!("/api/v1{path}")).bearer(&stage.ida.token)).expect(400);
    }
}
