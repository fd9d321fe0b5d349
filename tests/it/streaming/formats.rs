//! What is made decodes to what went in, from any place on.

use hexachord_audio::{Codec, Container};
use hexachord_fixtures::Format;

use super::stage::{Stage, decoded, piece, sound};
use crate::support::{Response, head};

/// Frames of the piece in FLAC, and what they become at 48 kHz.
fn frames(stage: &Stage, original: &str) -> (Vec<f32>, u64, u64) {
    let (facts, samples) = decoded(stage.hear(&stage.stream_of(original)).body);
    let frames = samples.len() as u64 / 2;
    assert_eq!((facts.sample_rate, facts.frames), (44_100, Some(frames)));
    (samples, frames, (frames * 48_000 + 22_050) / 44_100)
}

fn decision(response: &Response) -> &str {
    response.header("x-hexachord-decision").expect("it tells what was decided")
}

#[test]
fn each_format_holds_all_of_the_music() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 60);
    });
    let path = stage.stream_of("Ut");
    let (samples, frames, at_48k) = frames(&stage, "Ut");

    for (format, codec, kind) in
        [("flac", Codec::Flac, "audio/flac"), ("wav", Codec::Pcm, "audio/wav")]
    {
        let made = stage.hear(&format!("{path}?format={format}"));
        assert_eq!(made.header("content-type"), Some(kind));
        assert!(decision(&made).starts_with(&format!("transcode; format={format}; because=")));
        assert_eq!(sound(&made, "frames"), frames);
        let (facts, found) = decoded(made.body);
        assert_eq!((facts.codec, facts.frames), (codec, Some(frames)));
        assert!(found == samples, "{format} differs");
    }

    let opus = stage.hear(&format!("{path}?format=opus&bitrate=96"));
    assert_eq!(opus.header("content-type"), Some("audio/ogg; codecs=opus"));
    assert!(decision(&opus).starts_with("transcode; format=opus; bitrate=96; because="));
    let (facts, found) = decoded(opus.body);
    assert_eq!((facts.codec, facts.sample_rate), (Codec::Opus, 48_000));
    assert_eq!(found.len() as u64 / 2, at_48k);

    let mp3 = stage.hear(&format!("{path}?format=mp3&bitrate=100"));
    assert_eq!(mp3.header("content-type"), Some("audio/mpeg"));
    assert!(decision(&mp3).starts_with("transcode; format=mp3; bitrate=96; because="));
    let (facts, found) = decoded(mp3.body);
    assert_eq!((facts.codec, facts.sample_rate), (Codec::Mp3, 44_100));
    assert_eq!(found.len() as u64 / 2, frames);

    for (format, rate, delay, kind) in [
        ("flac-mp4", 44_100, 0, "audio/mp4; codecs=\"flac\""),
        ("opus-mp4", 48_000, 312, "audio/mp4; codecs=\"opus\""),
    ] {
        let made = stage.hear(&format!("{path}?format={format}"));
        assert_eq!(made.header("content-type"), Some(kind));
        let facts = ["rate", "channels", "start", "delay"].map(|field| sound(&made, field));
        assert_eq!(facts, [rate, 2, 0, delay], "{format}");
        let heard = if rate == 48_000 { at_48k } else { frames };
        assert_eq!(sound(&made, "frames"), heard, "{format}");
        let held = fragments(&made.body).iter().map(|(_, frames)| frames).sum::<u64>();
        assert!(held >= heard + delay && held < heard + delay + 960, "{format}: {held}");
    }
}

/// Where each fragment begins on the timeline, and how many frames it has.
fn fragments(mut stream: &[u8]) -> Vec<(u64, u64)> {
    let word = |bytes: &[u8], at: usize| {
        u64::from(u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")))
    };
    let mut found = Vec::new();
    while !stream.is_empty() {
        let len = usize::try_from(word(stream, 0)).expect("it is small");
        let (atom, after) = stream.split_at(len);
        stream = after;
        if &atom[4..8] != b"moof" {
            continue;
        }
        let place = |name: &[u8]| {
            atom.windows(4).position(|four| four == name).expect("it is in there") + 4
        };
        let (time, run) = (place(b"tfdt"), place(b"trun"));
        let begins = word(atom, time + 4) << 32 | word(atom, time + 8);
        let count = usize::try_from(word(atom, run + 4)).expect("it is small");
        let frames = (0..count).map(|packet| word(atom, run + 12 + 8 * packet)).sum();
        found.push((begins, frames));
    }
    found
}

#[test]
fn a_stream_begins_at_the_exact_sample() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 300);
    });
    let path = stage.stream_of("Ut");
    let (samples, frames, at_48k) = frames(&stage, "Ut");
    for (start_ms, skipped) in [(1, 44_u64), (50, 2205), (137, 6042), (1000, 44_100)] {
        for format in ["flac", "wav"] {
            let made = stage.hear(&format!("{path}?format={format}&start_ms={start_ms}"));
            assert_eq!(sound(&made, "start"), skipped);
            let (_, found) = decoded(made.body);
            let from = usize::try_from(skipped).unwrap() * 2;
            assert!(found == samples[from..], "{format} from {start_ms} ms");
        }
        // What is heard without a format is the best that there is.
        let made = stage.hear(&format!("{path}?start_ms={start_ms}"));
        let (facts, _) = decoded(made.body);
        assert_eq!((facts.codec, facts.frames), (Codec::Flac, Some(frames - skipped)));
        let made = stage.hear(&format!("{path}?format=opus&start_ms={start_ms}"));
        let (_, found) = decoded(made.body);
        let skipped_at_48k = (skipped * 48_000 + 22_050) / 44_100;
        assert_eq!(found.len() as u64 / 2, at_48k - skipped_at_48k, "from {start_ms} ms");
    }
}

#[test]
fn rates_channels_and_bits_are_bounded() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Aiff, 60);
    });
    let path = stage.stream_of("Ut");
    let facts = |query: &str| {
        let made = stage.hear(&format!("{path}?{query}"));
        let facts = decoded(made.body).0;
        (facts.codec, facts.sample_rate, facts.layout.channels())
    };
    assert_eq!(facts("format=wav&max_rate=22050"), (Codec::Pcm, 22_050, 2));
    assert_eq!(facts("format=flac&channels=1"), (Codec::Flac, 44_100, 1));
    assert_eq!(facts("max_rate=32000"), (Codec::Flac, 32_000, 2));
    assert_eq!(facts("bitrate=64"), (Codec::Opus, 48_000, 2));
    // What is within its bounds goes out as it is.
    let whole = stage.hear(&path).body;
    for query in ["max_rate=44100", "channels=2", "bitrate=510&channels=8"] {
        let made = stage.hear(&format!("{path}?{query}"));
        let is_original = made.body == whole;
        assert_eq!(is_original, !query.contains("bitrate"), "{query}");
    }
    assert_eq!(stage.hear(&format!("{path}?format=original")).body, whole);
}

#[test]
fn looking_begins_nothing() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 60);
    });
    let path = stage.stream_of("Ut");
    for format in ["opus", "opus-mp4", "flac", "flac-mp4", "mp3", "wav"] {
        let path = format!("{path}?format={format}");
        let seen = stage.server.send(head(&path).bearer(&stage.member.token)).expect(200);
        assert_eq!(stage.count("transcodes_begun"), 0);
        let etag = seen.header("etag").expect("it has a tag").to_owned();
        let known = stage.ask(&path).header("if-none-match", &etag);
        stage.server.send(known).expect(304);
        let changed = stage.ask(&path).header("if-match", "\"another\"");
        stage.server.send(changed).expect(412);
        assert_eq!(stage.count("transcodes_begun"), 0);
        assert_eq!(seen.header("content-length").is_some(), ["mp3", "wav"].contains(&format));
    }
    // The same of what is made, and of what is kept.
    let path = format!("{path}?format=flac");
    let made = stage.hear(&path);
    stage.nothing_runs();
    let seen = stage.server.send(head(&path).bearer(&stage.member.token)).expect(200);
    assert_eq!(seen.header("content-length"), Some(made.body.len().to_string().as_str()));
    for name in ["etag", "content-type", "x-hexachord-sound", "x-hexachord-decision"] {
        assert_eq!(seen.header(name), made.header(name));
    }
    assert_eq!(Container::Flac.content_type(), "audio/flac");
}
