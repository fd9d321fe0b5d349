//! Analysis over REST, by the real program as its worker.

use hexachord::config::Gains;
use hexachord_fixtures::{Format, Piece, tag};
use serde_json::{Value, json};

use crate::{
    faults::wire::until,
    support::{Server, Setup, get, music, post, text},
};

/// A server that measures what is in its library.
fn measuring(gains: Gains) -> Server {
    let mut setup = Setup::new();
    let album = setup.music().join("Alpha");
    std::fs::create_dir_all(&album).expect("a folder can be made");
    for number in 1..=3 {
        // Two seconds of noise.
        let path = album.join(format!("{number}.flac"));
        let piece = Piece { frames: 500, ..Piece::new(Format::Flac, number.into()) };
        piece.write(&path).expect("a file can be written");
        tag(&path, &music::tags(&format!("Track {number}"), "Hexa", "Alpha", number))
            .expect("it can be tagged");
    }
    setup.config.analysis.enabled = true;
    setup.config.library.loudness = gains;
    setup.config.library.scan_on_start = true;
    let server = setup.start();
    assert_eq!(server.scanned()["phase"], "finished");
    server
}

fn all_heard(server: &Server) -> Value {
    until("everything is measured", || {
        let state = server.control(get("/api/v1/admin/analysis")).expect(200).json();
        (state["waiting"] == 0 && state["running"] == false).then_some(state)
    })
}

#[test]
fn waveforms_and_loudness_come_after_a_scan() {
    let server = measuring(Gains::Tags);
    let state = all_heard(&server);
    let all =
        json!({ "enabled": true, "running": false, "measured": 3, "waiting": 0, "failed": 0 });
    assert_eq!(state, all);
    let member = server.member("listener", "listener");
    let track = server.pages(&member, "/api/v1/tracks", 50).remove(0);
    let loudness = |value: &Value| value["loudness"]["integrated"].as_f64().unwrap();
    let integrated = loudness(&track);
    assert!((-40.0..10.0).contains(&integrated), "{track}");
    let gain = track["gain"]["track_gain"].as_f64().unwrap();
    assert!((gain + integrated + 18.0).abs() < 0.001, "{track}");
    assert_eq!(track["replay_gain"]["track_gain"], Value::Null);
    let album = format!("/api/v1/albums/{}", text(&track["album"]["id"]));
    let album = server.read(&member, &album);
    assert!((loudness(&album) - integrated).abs() < 3.0, "{album}");
    assert_eq!(album["tracks"][0], track);

    let path = format!("/api/v1/tracks/{}/waveform", text(&track["id"]));
    let answer = server.send(get(&path).bearer(&member.token)).expect(200);
    let etag = answer.header("etag").unwrap().to_owned();
    assert_eq!(answer.header("cache-control"), Some("private, max-age=86400"));
    let waveform = answer.json();
    let peaks = waveform["peaks"].as_array().unwrap();
    assert!(peaks.len() > 100 && peaks.iter().any(|peak| peak.as_u64() > Some(10)), "{waveform}");
    let again = server.send(get(&path).bearer(&member.token).header("if-none-match", &etag));
    assert_eq!((again.expect(304).body.len(), server.send(get(&path)).status), (0, 401));
    for path in ["/api/v1/admin/analysis", "/api/v1/admin/analysis/unmeasurable"] {
        server.send(get(path).bearer(&member.token)).expect(403);
    }
    let none = server.control(get("/api/v1/admin/analysis/unmeasurable")).expect(200).json();
    assert_eq!(none["items"], json!([]));
}

#[test]
fn who_asks_too_early_is_told_so() {
    let mut setup = Setup::new();
    music::album(&setup.music(), "Hexa", "Alpha", 1);
    setup.config.analysis.enabled = false;
    let server = setup.start();
    server.control(post("/api/v1/admin/scan")).expect(202);
    server.scanned();
    let member = server.member("listener", "listener");
    let track = server.pages(&member, "/api/v1/tracks", 50).remove(0);
    assert_eq!((&track["loudness"], &track["album_loudness"]), (&Value::Null, &Value::Null));
    let path = format!("/api/v1/tracks/{}/waveform", text(&track["id"]));
    let problem = server.send(get(&path).bearer(&member.token)).expect(404).json();
    assert_eq!(problem["type"], "urn:hexachord:problem:not-measured", "{problem}");
    assert!(text(&problem["detail"]).contains("configured not to measure"), "{problem}");
    let unknown = "/api/v1/tracks/tr-0000000000000/waveform";
    let problem = server.send(get(unknown).bearer(&member.token)).expect(404).json();
    assert_eq!(problem["type"], "urn:hexachord:problem:not-found", "{problem}");
}

#[test]
fn measured_gains_go_first_where_that_is_configured() {
    let server = measuring(Gains::Measured);
    all_heard(&server);
    let member = server.member("listener", "listener");
    let track = server.pages(&member, "/api/v1/tracks", 50).remove(0);
    assert!(track["gain"]["track_gain"].is_number(), "{track}");
}
