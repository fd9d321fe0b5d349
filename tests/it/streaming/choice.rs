//! What a client can play decides what it is sent, and it is told why.

use hexachord_audio::Codec;
use hexachord_fixtures::Format;
use serde_json::{Value, json};

use super::stage::{Stage, decoded, piece, sound};
use crate::support::{post, text};

struct Client<'s>(&'s Stage, &'s str);

impl Client<'_> {
    fn decided(&self, abilities: &Value) -> Value {
        let path = self.0.stream_of(self.1).replace("/stream", "/playback");
        let request = post(&path).bearer(&self.0.member.token).json(abilities);
        self.0.server.send(request).expect(200).json()
    }
}

#[test]
fn a_decision_says_what_is_played_and_why() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 60);
    });
    let client = Client(&stage, "Ut");
    let (_, samples) = decoded(stage.hear(&stage.stream_of("Ut")).body);
    let frames = samples.len() / 2;

    let direct =
        client.decided(&json!({ "direct_play": [{ "containers": ["flac"], "codecs": ["flac"] }] }));
    assert_eq!((&direct["decision"], &direct["reasons"]), (&json!("direct"), &json!([])));
    assert_eq!(direct["source"]["frames"], frames);
    assert_eq!(direct["source"]["codec"], "flac");
    assert!(direct["target"].is_null());
    stage.hear(text(&direct["url"]));

    let page = json!({
        "direct_play": [{ "containers": ["mp3"], "codecs": [] }],
        "transcoding": [{ "container": "mp4", "codec": "aac" }, { "container": "mp4", "codec": "flac" }],
        "codecs": [{ "codec": "flac", "limitations": [
            { "property": "channels", "comparison": "at_most", "values": [1], "required": true },
            { "property": "sample_rate", "comparison": "at_most", "values": [32000], "required": true },
        ] }],
    });
    let made = client.decided(&page);
    assert_eq!(made["decision"], "transcode");
    let kinds: Vec<&str> =
        made["reasons"].as_array().unwrap().iter().map(|reason| text(&reason["kind"])).collect();
    let wanted = ["container_not_supported", "channels_not_supported", "sample_rate_not_supported"];
    assert_eq!(kinds, wanted);
    let target = &made["target"];
    assert_eq!((&target["sample_rate"], &target["channels"]), (&json!(32_000), &json!(1)));
    assert_eq!(target["content_type"], "audio/mp4; codecs=\"flac\"");
    let heard = stage.hear(text(&made["url"]));
    assert_eq!(heard.header("content-type"), Some("audio/mp4; codecs=\"flac\""));
    for (field, named) in [
        ("rate", "sample_rate"),
        ("channels", "channels"),
        ("frames", "frames"),
        ("start", "start_frame"),
        ("delay", "delay_frames"),
    ] {
        assert_eq!(target[named], sound(&heard, field), "{named}");
    }

    let opus =
        json!({ "transcoding": [{ "container": "ogg", "codec": "opus" }], "max_bitrate_kbps": 64 });
    let made = client.decided(&opus);
    let heard = decoded(stage.hear(text(&made["url"])).body);
    assert_eq!(heard.0.codec, Codec::Opus);
    assert_eq!(made["target"]["frames"], heard.1.len() / 2);

    let nothing = client.decided(&json!({}));
    assert_eq!(nothing["decision"], "impossible");
    assert!(nothing["url"].is_null() && nothing["target"].is_null());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 20);
    });
    let path = stage.stream_of("Ut").replace("/stream", "/playback");
    for (abilities, field) in [
        (json!({ "max_bitrate_kbps": -1 }), "max_bitrate_kbps"),
        (json!({ "max_bitrate_kbps": 4_294_967_296_u64 }), "max_bitrate_kbps"),
        (json!({ "direct_play": 5 }), "direct_play"),
        (json!({ "direct_play": [{ "protocols": ["ftp"] }] }), "direct_play[0].protocols[0]"),
        (json!({ "transcoding": [{ "container": "ogg" }] }), "transcoding[0].codec"),
    ] {
        let request = post(&path).bearer(&stage.member.token).json(&abilities);
        let refused = stage.server.send(request).expect(400).json();
        assert_eq!(refused["field"], field, "{abilities}: {refused}");
    }
    stage.server.send(post(&path).json(&json!({}))).expect(401);
    let nowhere = post("/api/v1/tracks/tr-0000000000000/playback").bearer(&stage.member.token);
    stage.server.send(nowhere.json(&json!({}))).expect(404);
}
