//! What is decided, as a table.

use hexachord_audio::{AudioFacts, Codec, Layout};
use serde_json::{Value, json};

use super::*;
use crate::streaming::source::Part;

fn source(container: &'static str, codec: Codec, kbps: u32, rate: u32, bits: u8) -> SourceFacts {
    let audio = AudioFacts {
        codec,
        sample_rate: rate,
        layout: Layout::STEREO,
        bit_depth: (bits > 0).then_some(bits),
        frames: Some(u64::from(rate) * 60),
    };
    SourceFacts { container, bitrate_kbps: kbps, audio, part: None, is_decodable: true }
}

fn cd() -> SourceFacts {
    source("flac", Codec::Flac, 900, 44_100, 16)
}

fn studio() -> SourceFacts {
    source("flac", Codec::Flac, 2900, 96_000, 24)
}

fn mp3() -> SourceFacts {
    source("mp3", Codec::Mp3, 320, 44_100, 0)
}

fn wav() -> SourceFacts {
    source("wav", Codec::Pcm, 1411, 44_100, 16)
}

fn surround() -> SourceFacts {
    let five_one = source("flac", Codec::Flac, 3000, 48_000, 24);
    SourceFacts { audio: AudioFacts { layout: Layout::SURROUND_5_1, ..five_one.audio }, ..five_one }
}

fn part(of: SourceFacts) -> SourceFacts {
    SourceFacts { part: Some(Part { start: 588, end: Some(588_000) }), ..of }
}

fn damaged(of: SourceFacts) -> SourceFacts {
    SourceFacts { is_decodable: false, ..of }
}

/// A client that plays all that is named as `container/codec`, and takes the others.
fn client(plays: &[&str], takes: &[&str]) -> Value {
    let parts = |text: &&str| {
        let (container, codec) = text.split_once('/').unwrap();
        (container.to_owned(), codec.to_owned())
    };
    let plays: Vec<Value> = plays
        .iter()
        .map(parts)
        .map(|(container, codec)| json!({ "containers": [container], "codecs": [codec] }))
        .collect();
    let takes: Vec<Value> = takes
        .iter()
        .map(parts)
        .map(|(container, codec)| json!({ "container": container, "codec": codec }))
        .collect();
    json!({ "direct_play": plays, "transcoding": takes })
}

fn with(mut client: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().unwrap() {
        client[key] = value.clone();
    }
    client
}

/// Of codecs: `codec property comparison values`.
fn limited(of: Value, limitations: &[(&str, &str, &str, &[u32], bool)]) -> Value {
    let codecs: Vec<Value> = limitations
        .iter()
        .map(|(codec, property, comparison, values, required)| {
            json!({ "codec": codec, "limitations": [{ "property": property,
                "comparison": comparison, "values": values, "required": required }] })
        })
        .collect();
    with(of, &json!({ "codecs": codecs }))
}

/// `direct`, or `opus 128 48000 2 16 [reasons]`, or `nothing [reasons]`.
fn told(source: &SourceFacts, client: &Value, plan: Option<u32>) -> String {
    let client: ClientAbilities = serde_json::from_value(client.clone()).unwrap();
    let allowed = Entitlements { max_bitrate_kbps: plan, ..Entitlements::EVERYTHING };
    let decision = decide(source, &client, &allowed);
    let kinds: Vec<&str> = decision.reasons.iter().map(|reason| reason.kind.name()).collect();
    for reason in &decision.reasons {
        assert_eq!(json!(reason.kind), json!(reason.kind.name()));
        assert!(!reason.text.is_empty());
    }
    let kinds = kinds.join(" ");
    match decision.play {
        Play::Direct => {
            assert!(kinds.is_empty(), "{kinds}");
            "direct".to_owned()
        }
        Play::Impossible => format!("nothing [{kinds}]"),
        Play::Transcode(making) => {
            let facts = source.transcode(&making).stream_facts(&source.audio);
            let (name, rate) = (making.format.name(), facts.sample_rate);
            let channels = facts.layout.channels();
            let quality = making.bitrate_kbps.unwrap_or_else(|| making.bits.into());
            format!("{name} {quality} {rate} {channels} [{kinds}]")
        }
    }
}

#[test]
fn the_file_goes_out_where_the_client_plays_it() {
    let any = json!({ "direct_play": [{}] });
    let browser = client(&["flac/flac", "mp3/mp3", "ogg/opus"], &["mp4/opus"]);
    let rows: &[(&str, SourceFacts, Value, Option<u32>)] = &[
        ("anything", cd(), any.clone(), None),
        ("anything, within the plan", cd(), any.clone(), Some(900)),
        ("by its name", cd(), browser.clone(), None),
        ("another", mp3(), browser.clone(), None),
        ("in capitals", cd(), client(&["FLAC/Flac"], &[]), None),
        (
            "other words for it",
            source("mp4", Codec::Aac, 256, 44_100, 0),
            client(&["m4a/mp4a"], &[]),
            None,
        ),
        ("a file that is not decoded", damaged(mp3()), browser.clone(), None),
        ("exactly its limit", mp3(), with(any.clone(), &json!({ "max_bitrate_kbps": 320 })), None),
        (
            "a limit of transcodes",
            mp3(),
            with(any.clone(), &json!({ "max_transcoding_bitrate_kbps": 96 })),
            None,
        ),
        (
            "limits of another codec",
            cd(),
            limited(any.clone(), &[("mp3", "sample_rate", "at_most", &[8000], true)]),
            None,
        ),
        (
            "limits that are kept",
            cd(),
            limited(
                any.clone(),
                &[
                    ("flac", "sample_rate", "at_most", &[48_000], true),
                    ("*", "channels", "equals", &[1, 2], true),
                    ("flac", "bit_depth", "not_equals", &[24], true),
                    ("flac", "bitrate_kbps", "at_least", &[100], true),
                ],
            ),
            None,
        ),
        (
            "an unknown that may be",
            mp3(),
            limited(any.clone(), &[("mp3", "bit_depth", "at_most", &[16], false)]),
            None,
        ),
        (
            "a limit without values",
            cd(),
            limited(any.clone(), &[("*", "channels", "at_most", &[], true)]),
            None,
        ),
        ("over HTTP", cd(), json!({ "direct_play": [{ "protocols": ["hls", "http"] }] }), None),
        ("enough channels", surround(), json!({ "direct_play": [{ "max_channels": 6 }] }), None),
    ];
    for (name, source, client, plan) in rows {
        assert_eq!(told(source, client, *plan), "direct", "{name}");
    }
}

type Row = (&'static str, SourceFacts, Value, Option<u32>, &'static str);

#[track_caller]
fn check(rows: &[Row]) {
    for (name, source, client, plan, wanted) in rows {
        assert_eq!(told(source, client, *plan), *wanted, "{name}");
    }
}

#[test]
fn something_is_made_that_the_client_takes() {
    let mp3_only = client(&["mp3/mp3"], &["ogg/opus"]);
    let page = client(&[], &["mp4/flac", "mp4/opus"]);
    check(&[
        (
            "another container",
            cd(),
            mp3_only.clone(),
            None,
            "opus 128 48000 2 [container_not_supported]",
        ),
        (
            "another codec",
            source("ogg", Codec::Vorbis, 160, 44_100, 0),
            client(&["ogg/opus"], &["ogg/opus"]),
            None,
            "opus 128 48000 2 [codec_not_supported]",
        ),
        (
            "the best first",
            wav(),
            page.clone(),
            None,
            "flac-mp4 16 44100 2 [container_not_supported]",
        ),
        (
            "in its order",
            wav(),
            client(&[], &["mp4/opus", "mp4/flac"]),
            None,
            "opus-mp4 128 48000 2 [container_not_supported]",
        ),
        (
            "plain waves",
            cd(),
            client(&[], &["wav/pcm"]),
            None,
            "wav 16 44100 2 [container_not_supported]",
        ),
        (
            "what nobody makes is passed over",
            cd(),
            client(&[], &["mp4/aac", "ogg/opus"]),
            None,
            "opus 128 48000 2 [container_not_supported]",
        ),
    ]);
}

#[test]
fn bitrates_are_the_most_that_all_allow() {
    let mp3_only = client(&["mp3/mp3"], &["ogg/opus"]);
    let hifi = client(&["flac/flac"], &["flac/flac", "ogg/opus"]);
    check(&[
        (
            "the plan's bitrate",
            cd(),
            with(mp3_only.clone(), &json!({ "direct_play": [{}] })),
            Some(96),
            "opus 96 48000 2 [bitrate_of_plan]",
        ),
        (
            "the plan's and nothing lossless",
            cd(),
            hifi.clone(),
            Some(400),
            "opus 128 48000 2 [bitrate_of_plan]",
        ),
        (
            "the plan's, but FLAC packs it",
            wav(),
            client(&[], &["flac/flac", "ogg/opus"]),
            Some(1411),
            "flac 16 44100 2 [container_not_supported]",
        ),
        (
            "more than Opus has",
            cd(),
            with(client(&[], &["ogg/opus"]), &json!({ "max_transcoding_bitrate_kbps": 900 })),
            Some(800),
            "opus 510 48000 2 [bitrate_of_plan container_not_supported]",
        ),
        (
            "the client's bitrate",
            mp3(),
            with(mp3_only.clone(), &json!({ "max_bitrate_kbps": 96 })),
            None,
            "opus 96 48000 2 [bitrate_too_high]",
        ),
        (
            "the lowest of all",
            mp3(),
            with(
                mp3_only.clone(),
                &json!({ "max_bitrate_kbps": 96, "max_transcoding_bitrate_kbps": 64 }),
            ),
            Some(80),
            "opus 64 48000 2 [bitrate_of_plan bitrate_too_high]",
        ),
        (
            "one of its bitrates",
            wav(),
            limited(
                with(mp3_only.clone(), &json!({ "max_bitrate_kbps": 200 })),
                &[("opus", "bitrate_kbps", "equals", &[96, 160, 256], true)],
            ),
            None,
            "opus 160 48000 2 [bitrate_too_high container_not_supported]",
        ),
    ]);
}

#[test]
fn what_the_client_cannot_play_is_made_less_of() {
    let hifi = client(&["flac/flac"], &["flac/flac", "ogg/opus"]);
    let page = client(&[], &["mp4/flac", "mp4/opus"]);
    check(&[
        (
            "less of a rate",
            studio(),
            limited(hifi.clone(), &[("flac", "sample_rate", "at_most", &[48_000], true)]),
            None,
            "flac 24 48000 2 [sample_rate_not_supported]",
        ),
        (
            "a rate of its",
            studio(),
            limited(hifi.clone(), &[("flac", "sample_rate", "equals", &[32_000, 44_100], true)]),
            None,
            "flac 24 44100 2 [sample_rate_not_supported]",
        ),
        (
            "fewer bits",
            studio(),
            limited(hifi.clone(), &[("flac", "bit_depth", "at_most", &[16], true)]),
            None,
            "flac 16 96000 2 [bit_depth_not_supported]",
        ),
        (
            "a rate that Opus has not",
            studio(),
            limited(
                client(&[], &["ogg/opus", "flac/flac"]),
                &[("*", "sample_rate", "at_most", &[44_100], true)],
            ),
            None,
            "flac 24 44100 2 [container_not_supported sample_rate_not_supported]",
        ),
        (
            "an unknown that must be known",
            mp3(),
            limited(
                with(hifi.clone(), &json!({ "direct_play": [{}] })),
                &[("*", "bit_depth", "at_most", &[24], true)],
            ),
            None,
            "flac 16 44100 2 [bit_depth_not_supported]",
        ),
        (
            "mixed down",
            surround(),
            json!({ "direct_play": [{ "max_channels": 2 }],
            "transcoding": [{ "container": "flac", "codec": "flac", "max_channels": 2 }] }),
            None,
            "flac 24 48000 2 [channels_not_supported]",
        ),
        (
            "to one channel",
            cd(),
            limited(hifi.clone(), &[("*", "channels", "at_most", &[1], true)]),
            None,
            "flac 16 44100 1 [channels_not_supported]",
        ),
        (
            "all channels",
            surround(),
            client(&[], &["ogg/opus"]),
            None,
            "opus 128 48000 6 [container_not_supported]",
        ),
        ("a part", part(cd()), hifi.clone(), None, "flac 16 44100 2 [part_of_file]"),
        (
            "a part within the plan",
            part(cd()),
            hifi.clone(),
            Some(320),
            "opus 128 48000 2 [part_of_file bitrate_of_plan]",
        ),
        (
            "over HLS alone",
            cd(),
            json!({ "direct_play": [{ "protocols": ["hls"] }],
            "transcoding": [{ "container": "ogg", "codec": "opus" }] }),
            None,
            "opus 128 48000 2 [protocol_not_supported]",
        ),
        (
            "floating point",
            source("wav", Codec::PcmFloat, 2822, 44_100, 32),
            page.clone(),
            None,
            "flac-mp4 24 44100 2 [container_not_supported]",
        ),
    ]);
}

#[test]
fn it_says_why_nothing_is_played() {
    let nothing = json!({});
    let opus = client(&[], &["ogg/opus"]);
    let rows: &[(&str, SourceFacts, Value, Option<u32>, &str)] = &[
        (
            "a client that plays nothing",
            cd(),
            nothing,
            None,
            "container_not_supported nothing_else_taken",
        ),
        (
            "takes what is not made",
            cd(),
            client(&["mp3/mp3"], &["mp4/aac"]),
            None,
            "container_not_supported format_not_offered",
        ),
        (
            "takes it over HLS alone",
            cd(),
            json!({ "transcoding": [
            { "container": "ogg", "codec": "opus", "protocol": "hls" }] }),
            None,
            "container_not_supported format_not_offered",
        ),
        (
            "a damaged file",
            damaged(cd()),
            opus.clone(),
            None,
            "container_not_supported cannot_be_decoded",
        ),
        (
            "a part of a damaged file",
            damaged(part(mp3())),
            client(&["mp3/mp3"], &["ogg/opus"]),
            None,
            "part_of_file cannot_be_decoded",
        ),
        (
            "a plan of next to nothing",
            cd(),
            opus.clone(),
            Some(5),
            "bitrate_of_plan container_not_supported bitrate_of_plan",
        ),
        (
            "a client of next to nothing",
            mp3(),
            with(opus.clone(), &json!({ "max_bitrate_kbps": 0 })),
            None,
            "bitrate_too_high container_not_supported bitrate_too_high",
        ),
        (
            "waves within a plan",
            cd(),
            client(&[], &["wav/pcm"]),
            Some(1000),
            "container_not_supported bitrate_of_plan",
        ),
        (
            "a rate beyond reach",
            cd(),
            limited(
                client(&[], &["flac/flac"]),
                &[("flac", "sample_rate", "at_least", &[48_000], true)],
            ),
            None,
            "container_not_supported sample_rate_not_supported sample_rate_not_supported",
        ),
        (
            "no channels",
            cd(),
            json!({ "transcoding": [{ "container": "flac", "codec": "flac", "max_channels": 0 }] }),
            None,
            "container_not_supported channels_not_supported",
        ),
        (
            "a bitrate between",
            cd(),
            limited(opus.clone(), &[("opus", "bitrate_kbps", "at_least", &[600], true)]),
            None,
            "container_not_supported bitrate_not_supported",
        ),
    ];
    for (name, source, client, plan, wanted) in rows {
        assert_eq!(told(source, client, *plan), format!("nothing [{wanted}]"), "{name}");
    }
}
