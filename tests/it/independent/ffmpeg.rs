//! Files made, remuxed and decoded by ffmpeg.

use std::path::Path;

use serde_json::Value;

use super::{
    encoders::{Encoded, FILES},
    find, run,
};
use crate::support::{Member, Server, column, post, text};

/// How far a duration may be from the one that ffprobe sees…
const TOLERANCE_S: f64 = 0.05;
/// …and that one from what was asked for: MP3 comes in whole frames, with the encoder's delay.
const OF_FRAMES_S: f64 = 0.08;

struct Stage {
    server: Server,
    member: Member,
}

impl Stage {
    fn set(ffmpeg: &Path) -> Self {
        let server = Server::with_music(|music| {
            for file in &FILES {
                file.make(ffmpeg, music);
            }
        });
        let member = server.member("listener", "listener");
        Self { server, member }
    }

    fn tracks(&self) -> Vec<Value> {
        let tracks = self.server.pages(&self.member, "/api/v1/tracks", 50);
        assert_eq!(tracks.len(), FILES.len(), "{:?}", column(&tracks, "title"));
        tracks
    }

    /// The track of a file, among all.
    fn track(&self, file: &Encoded) -> Value {
        let title = file.title();
        let found = self.tracks().into_iter().find(|track| track["title"] == title);
        found.unwrap_or_else(|| panic!("{} is not in the library", file.name()))
    }
}

#[test]
#[ignore = "needs ffmpeg"]
fn files_of_every_format_are_understood() {
    let ffmpeg = find("ffmpeg");
    let stage = Stage::set(&ffmpeg);
    for file in &FILES {
        let (name, track) = (file.name(), stage.track(file));
        assert_eq!(track["album"]["title"], "Tones", "{name}");
        assert_eq!(column(track["artists"].as_array().unwrap(), "name"), ["ffmpeg"], "{name}");
        let album_artists = track["album_artists"].as_array().unwrap();
        assert_eq!(column(album_artists, "name"), [file.album_artist()], "{name}");
        assert_eq!(track["track_number"], file.number, "{name}");
        assert_eq!(track["year"], 2001, "{name}");
        assert_eq!(track["genres"], serde_json::json!(["Test"]), "{name}");
        assert_eq!(track["codec"], file.codec, "{name}");
        assert_eq!(track["sample_rate"], file.rate, "{name}");
        assert_eq!(track["channels"], file.channels, "{name}");
        if let Some(depth) = file.bit_depth {
            assert_eq!(track["bit_depth"], depth, "{name}");
        }
        let seconds = track["duration_ms"].as_f64().unwrap() / 1000.0;
        let probed = probed_seconds(&stage.server.path().join("music").join(&name));
        assert!((seconds - probed).abs() <= TOLERANCE_S, "{name}: {seconds} s, not {probed} s");
        assert!((seconds - file.seconds).abs() <= OF_FRAMES_S, "{name} takes {seconds} s");
        let kbps = track["bitrate_kbps"].as_f64().unwrap();
        let expected = track["size"].as_f64().unwrap() * 8.0 / 1000.0 / file.seconds;
        assert!((kbps - expected).abs() <= expected * 0.25 + 8.0, "{name}: {kbps} kbit/s");
    }
}

#[test]
#[ignore = "needs ffmpeg"]
fn ids_survive_a_remux() {
    let ffmpeg = find("ffmpeg");
    let stage = Stage::set(&ffmpeg);
    let before = FILES.each_ref().map(|file| stage.track(file)["id"].clone());
    for file in &FILES {
        file.remux(&ffmpeg, &stage.server.path().join("music"));
    }
    stage.server.control(post("/api/v1/admin/scan")).expect(202);
    let scan = stage.server.scanned();
    assert_eq!(scan["updated"], FILES.len(), "{scan}");
    for (file, id) in FILES.iter().zip(before) {
        let track = stage.track(file);
        assert_eq!(track["album"]["title"], "Remuxed", "{}", file.name());
        assert_eq!(track["id"], id, "{} has another id", file.name());
    }
}

#[test]
#[ignore = "needs ffmpeg"]
fn streams_decode_to_the_same_samples_as_files() {
    let ffmpeg = find("ffmpeg");
    let stage = Stage::set(&ffmpeg);
    let music = stage.server.path().join("music");
    let authorization = format!("Authorization: Bearer {}\r\n", stage.member.token);
    for file in &FILES {
        let track = stage.track(file);
        let id = text(&track["id"]);
        let url = format!("http://{}/api/v1/tracks/{id}/stream", stage.server.address);
        let input = ["-v", "error", "-headers", &authorization, "-i", &url];
        let streamed = decoded(&ffmpeg, &music, &input);
        let direct = decoded(&ffmpeg, &music, &["-v", "error", "-i", &file.name()]);
        assert_eq!(streamed, direct, "{}", file.name());
        assert!(direct.starts_with("MD5="), "{direct}");
        // From the middle: the player asks for ranges.
        let seek = [&["-ss", "3"], &input[..]].concat();
        let direct = decoded(&ffmpeg, &music, &["-ss", "3", "-v", "error", "-i", &file.name()]);
        assert_eq!(decoded(&ffmpeg, &music, &seek), direct, "{} from 3 s", file.name());
    }
}

fn probed_seconds(path: &Path) -> f64 {
    let path = path.to_string_lossy();
    let arguments = ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", &path];
    let said = run(&find("ffprobe"), Path::new("."), &arguments);
    String::from_utf8_lossy(&said).trim().parse().expect("ffprobe prints seconds")
}

/// The MD5 of the samples that ffmpeg decodes.
fn decoded(ffmpeg: &Path, folder: &Path, input: &[&str]) -> String {
    let arguments = [input, &["-map", "0:a", "-f", "md5", "-"]].concat();
    String::from_utf8(run(ffmpeg, folder, &arguments)).expect("a hash is text")
}
