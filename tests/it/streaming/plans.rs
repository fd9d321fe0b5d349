//! What a plan allows decides what is sent.

use hexachord_audio::Codec;
use hexachord_fixtures::Format;
use serde_json::{Value, json};

use super::stage::{Stage, decoded, piece};
use crate::{
    faults::slow::large_file,
    support::{PASSWORD, Request, get, post, text},
};

fn stage_with_plan(max_bitrate_kbps: u32) -> Stage {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 60);
    });
    limit(
        &stage,
        &json!({
            "max_bitrate_kbps": max_bitrate_kbps, "concurrent_streams": null, "downloads": true,
        }),
    );
    stage
}

/// From now on everybody may do so much.
fn limit(stage: &Stage, entitlements: &Value) {
    let plan = json!({
        "name": "Supporter", "price": { "amount": 100, "currency": "EUR" }, "period": "year",
        "entitlements": { "max_bitrate_kbps": null, "concurrent_streams": null, "downloads": true },
    });
    stage.server.control(post("/api/v1/admin/plans").json(&plan)).expect(201);
    let plans = stage.server.control(get("/api/v1/admin/plans")).expect(200).json();
    let path = format!("/api/v1/admin/plans/{}", text(&plans["items"][0]["id"]));
    let less = json!({ "entitlements": entitlements });
    stage.server.control(Request::new("PATCH", &path).json(&less)).expect(200);
}

#[test]
fn what_is_too_much_for_a_plan_becomes_opus() {
    let stage = stage_with_plan(160);
    let path = stage.stream_of("Ut");
    let decision = |query: &str| {
        let heard = stage.hear(&format!("{path}{query}"));
        let decision = heard.header("x-hexachord-decision").unwrap().to_owned();
        assert_eq!(decoded(heard.body).0.codec, Codec::Opus);
        decision
    };
    assert_eq!(decision(""), "transcode; format=opus; bitrate=160; because=bitrate_of_plan");
    assert!(
        decision("?format=opus&bitrate=510").starts_with("transcode; format=opus; bitrate=160;")
    );
    assert!(decision("?bitrate=96").starts_with("transcode; format=opus; bitrate=96;"));
    assert!(decision("?format=opus").starts_with("transcode; format=opus; bitrate=128;"));
    for query in ["?format=original", "?format=flac", "?format=wav"] {
        let refused = stage.server.send(stage.ask(&format!("{path}{query}"))).expect(402).json();
        assert_eq!(refused["lacks"], "bitrate", "{query}");
        assert!(text(&refused["detail"]).contains("160 kbit/s"), "{refused}");
    }
    let download = path.replace("/stream", "/download");
    stage.server.send(stage.ask(&download)).expect(402);

    let abilities = json!({
        "direct_play": [{}], "transcoding": [{ "container": "ogg", "codec": "opus" }],
        "max_transcoding_bitrate_kbps": 320,
    });
    let playback = post(&path.replace("/stream", "/playback")).bearer(&stage.member.token);
    let decided = stage.server.send(playback.json(&abilities)).expect(200).json();
    assert_eq!(decided["decision"], "transcode");
    assert_eq!(decided["reasons"][0]["kind"], "bitrate_of_plan");
    assert_eq!(decided["target"]["bitrate_kbps"], 160);
}

#[test]
fn a_plan_of_next_to_nothing_is_told() {
    let stage = stage_with_plan(5);
    let refused = stage.server.send(stage.ask(&stage.stream_of("Ut"))).expect(402).json();
    assert_eq!(refused["lacks"], "bitrate");
    assert!(text(&refused["detail"]).contains("5 kbit/s"), "{refused}");
}

#[test]
fn a_plan_allows_some_variants() {
    let stage = stage_with_plan(100);
    let folder = stage.stream_of("Ut").replace("/stream", "/hls");
    let master = stage.hear(&format!("{folder}/master.m3u8")).body;
    let master = String::from_utf8(master).unwrap();
    let offered: Vec<&str> = master.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(offered, ["opus-64/index.m3u8", "opus-96/index.m3u8"]);
    stage.hear(&format!("{folder}/opus-96/0.m4s"));
    for path in ["master.m3u8?codec=flac", "flac/index.m3u8", "opus-128/init.mp4", "opus-128/0.m4s"]
    {
        let refused = stage.server.send(stage.ask(&format!("{folder}/{path}"))).expect(402).json();
        assert_eq!(refused["lacks"], "bitrate", "{path}");
    }
    let stage = stage_with_plan(63);
    let folder = stage.stream_of("Ut").replace("/stream", "/hls");
    stage.server.send(stage.ask(&format!("{folder}/master.m3u8"))).expect(402);
}

#[test]
fn nothing_is_made_for_who_is_one_too_many() {
    let stage = Stage::with_music(|music| drop(large_file(&music.join("one.wav"), 1)));
    limit(
        &stage,
        &json!({
            "max_bitrate_kbps": null, "concurrent_streams": 1, "downloads": true,
        }),
    );
    let path = stage.stream_of("one");
    let playing = stage.listen(&path);
    assert_eq!(playing.head.status, 200);
    let laptop = stage.server.sign_in("ida", PASSWORD);
    let made = format!("{path}?format=flac");
    let refused = stage.server.send(get(&made).bearer(&laptop.token)).expect(402).json();
    assert_eq!(refused["lacks"], "streams");
    assert_eq!(stage.count("transcodes_begun"), 0);
    // Who has a place already is not one more.
    assert_eq!(stage.listen(&made).head.status, 200);
    assert_eq!(stage.count("transcodes_begun"), 1);
}
