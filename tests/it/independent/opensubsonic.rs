//! What `/rest` gives of music, as ffmpeg plays it and ffprobe sees it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    find,
    recording::{energy, samples},
    run,
};
use crate::support::{Server, post, text};

/// Of each channel: some seconds, and no whole number of frames of any codec.
const FRAMES: usize = 5 * RATE as usize + 1234;
const RATE: u32 = 48_000;
/// The part of what is heard of a lossy codec that may be noise.
const NOISE: f64 = 0.05;
/// Files, and how ffmpeg makes them.
const FILES: [(&str, &[&str]); 7] = [
    ("flac", &["-sample_fmt", "s16"]),
    ("wav", &["-c:a", "pcm_s16le"]),
    ("aiff", &["-c:a", "pcm_s16be"]),
    ("mp3", &["-c:a", "libmp3lame", "-b:a", "192k"]),
    ("opus", &["-c:a", "libopus", "-b:a", "128k"]),
    ("ogg", &["-c:a", "libvorbis", "-q:a", "6"]),
    ("m4a", &["-c:a", "aac", "-b:a", "192k"]),
];

struct Stage {
    server: Server,
    key: String,
    /// The ids of songs by what their files are.
    songs: BTreeMap<String, String>,
}

/// What ffprobe says of a stream.
struct Probed {
    codec: String,
    rate: String,
    channels: u64,
    seconds: Option<f64>,
}

impl Stage {
    fn set() -> Self {
        let ffmpeg = find("ffmpeg");
        let server = Server::with_music(|folder| {
            let tones = format!(
                "aevalsrc=0.3*sin(2*PI*311*t)+0.2*sin(2*PI*1307*t)|0.3*sin(2*PI*467*t):s={RATE}"
            );
            for (extension, encoder) in FILES {
                let filter = format!("atrim=end_sample={FRAMES}");
                let title = format!("title={extension}");
                let name = format!("{extension}.{extension}");
                let input = ["-v", "error", "-f", "lavfi", "-i", &tones, "-af", &filter];
                let output = ["-metadata", &title, &name];
                run(&ffmpeg, folder, &[&input[..], encoder, &output].concat());
            }
        });
        let ida = server.member("ida", "listener");
        let made = post("/api/v1/me/device-keys").bearer(&ida.token).json(&json!({ "label": "x" }));
        let key = text(&server.send(made).expect(201).json()["secret"]).to_owned();
        let mut songs = BTreeMap::new();
        for track in server.pages(&ida, "/api/v1/tracks", 50) {
            songs.insert(text(&track["title"]).to_owned(), text(&track["id"]).to_owned());
        }
        assert_eq!(songs.len(), FILES.len(), "{songs:?}");
        Self { server, key, songs }
    }

    /// The address that an app plays a song by.
    fn address(&self, method: &str, song: &str, query: &str) -> String {
        let id = &self.songs[song];
        let address = self.server.address;
        format!(
            "http://{address}/rest/{method}?apiKey={}&c=ffmpeg&v=1.16.1&id={id}&{query}",
            self.key
        )
    }

    /// The samples of a file in the library, or of an address, interleaved.
    fn heard(&self, input: &str) -> Vec<f32> {
        let output = self.server.path().join("heard.f32");
        let output = output.to_str().expect("the path is text");
        let arguments = ["-v", "error", "-xerror", "-y", "-i", input, "-f", "f32le", output];
        run(&find("ffmpeg"), &self.server.path().join("music"), &arguments);
        samples(&std::fs::read(output).expect("ffmpeg wrote it"))
    }

    fn probed(&self, input: &str) -> Probed {
        let wanted = "stream=codec_name,sample_rate,channels:format=duration";
        let arguments = ["-v", "error", "-show_entries", wanted, "-of", "json", input];
        let said = run(&find("ffprobe"), &self.server.path().join("music"), &arguments);
        let said: Value = serde_json::from_slice(&said).expect("ffprobe prints JSON");
        let stream = &said["streams"][0];
        Probed {
            codec: text(&stream["codec_name"]).to_owned(),
            rate: text(&stream["sample_rate"]).to_owned(),
            channels: stream["channels"].as_u64().expect("a number"),
            seconds: said["format"]["duration"]
                .as_str()
                .map(|text| text.parse().expect("a number")),
        }
    }
}

/// How much of the music the noise is, where both begin at once.
fn noise(heard: &[f32], original: &[f32]) -> f64 {
    let errors: Vec<f32> = heard.iter().zip(original).map(|(heard, sent)| heard - sent).collect();
    energy(&errors) / energy(original)
}

#[test]
#[ignore = "needs ffmpeg"]
fn streams_and_downloads_are_the_files() {
    let stage = Stage::set();
    for (extension, _) in FILES {
        let file = format!("{extension}.{extension}");
        let (there, original) = (stage.probed(&file), stage.heard(&file));
        for (method, query) in [("stream", ""), ("stream.view", "format=raw"), ("download", "")] {
            let address = stage.address(method, extension, query);
            let got = stage.probed(&address);
            assert_eq!((&got.codec, &got.rate), (&there.codec, &there.rate), "{extension}");
            assert_eq!((got.channels, got.seconds), (there.channels, there.seconds), "{extension}");
            assert!(stage.heard(&address) == original, "{method} of {extension}");
        }
    }
}

/// To the sample: neither the delay nor the padding of any encoder is left.
#[test]
#[ignore = "needs ffmpeg"]
fn transcodes_are_as_long_as_the_music_and_sound_like_it() {
    let stage = Stage::set();
    for source in ["flac", "wav", "mp3", "opus", "ogg", "m4a"] {
        let original = stage.heard(&format!("{source}.{source}"));
        for (query, codec) in [
            ("format=mp3&maxBitRate=192", "mp3"),
            ("format=opus&maxBitRate=128", "opus"),
            ("format=flac", "flac"),
            ("format=wav", "pcm_s16le"),
        ] {
            if source == codec {
                continue;
            }
            let address = stage.address("stream", source, query);
            let got = stage.probed(&address);
            assert_eq!(
                (got.codec.as_str(), got.rate.as_str()),
                (codec, "48000"),
                "{source} {query}"
            );
            let heard = stage.heard(&address);
            assert_eq!(heard.len(), 2 * FRAMES, "{source} as {query}");
            let noise = noise(&heard, &original);
            assert!(noise < NOISE, "{source} as {query}: {noise:.4} of it is noise");
            let is_exact =
                ["flac", "wav"].contains(&source) && ["flac", "pcm_s16le"].contains(&codec);
            assert!(!is_exact || heard == original, "{source} as {query} is not bit for bit");
        }
    }
}

#[test]
#[ignore = "needs ffmpeg"]
fn a_stream_begins_where_it_is_asked_to() {
    let stage = Stage::set();
    let original = stage.heard("flac.flac");
    for (query, exact) in
        [("format=flac", true), ("format=wav", true), ("format=mp3", false), ("format=opus", false)]
    {
        let heard = stage.heard(&stage.address("stream", "flac", &format!("{query}&timeOffset=2")));
        let rest = &original[2 * 2 * RATE as usize..];
        assert_eq!(heard.len(), rest.len(), "{query}");
        assert!(if exact { heard == rest } else { noise(&heard, rest) < NOISE }, "{query}");
    }
}

#[test]
#[ignore = "needs ffmpeg"]
fn hls_plays_in_every_bitrate() {
    let stage = Stage::set();
    let original = stage.heard("flac.flac");
    let mut sizes = Vec::new();
    for rates in ["bitRate=64", "bitRate=128", "bitRate=192@1x1", "bitRate=64&bitRate=192", ""] {
        let address = stage.address("hls.m3u8", "flac", rates);
        let got = stage.probed(&address);
        assert_eq!((got.codec.as_str(), got.rate.as_str(), got.channels), ("opus", "48000", 2));
        let heard = stage.heard(&address);
        // Opus comes in whole packets, the first of them with the encoder's delay.
        let (least, most) = (original.len(), original.len() + 2 * (312 + 960));
        assert!((least..=most).contains(&heard.len()), "{rates}: {} samples", heard.len());
        let late = &heard[2 * 312..];
        let noise = noise(late, &original);
        assert!(noise < NOISE, "{rates}: {noise:.4} of it is noise");
        let copied = stage.server.path().join("copied.mp4");
        let copied = copied.to_str().expect("the path is text");
        let copy = ["-v", "error", "-y", "-i", &address, "-map", "0:a:0", "-c", "copy", copied];
        run(&find("ffmpeg"), stage.server.path(), &copy);
        sizes.push(std::fs::metadata(copied).expect("ffmpeg wrote it").len());
    }
    let [small, middle, large, ..] = sizes[..] else { panic!("{sizes:?}") };
    assert!(small * 3 / 2 < middle && middle < large, "more bits for more: {sizes:?}");
}
