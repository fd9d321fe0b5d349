//! HTTP Live Streaming as ffmpeg plays it.

use std::path::Path;

use super::{
    find,
    recording::{energy, power, samples},
    run,
};
use crate::support::{Member, Server, text};

const RATE: usize = 48_000;
const SECONDS: usize = 20;
/// By how many frames Opus is late on the timeline.
const DELAY: usize = 312;
/// Frames of a segment, and of what is looked at around its begin.
const SEGMENT: usize = 6 * RATE;
const AROUND: usize = 480;

struct Stage {
    server: Server,
    member: Member,
    folder: String,
}

impl Stage {
    fn set(ffmpeg: &Path) -> Self {
        let server = Server::with_music(|music| {
            let tones = "aevalsrc=0.3*sin(2*PI*311*t)+0.2*sin(2*PI*1307*t)|0.3*sin(2*PI*467*t)";
            let tones = format!("{tones}:s={RATE}:d={SECONDS}");
            let file = music.join("tones.flac");
            let file = file.to_str().expect("the path is text");
            let made = ["-v", "error", "-f", "lavfi", "-i", &tones, "-sample_fmt", "s16", file];
            run(ffmpeg, music, &made);
        });
        let member = server.member("listener", "listener");
        let tracks = server.pages(&member, "/api/v1/tracks", 50);
        let folder = format!("/api/v1/tracks/{}/hls", text(&tracks[0]["id"]));
        Self { server, member, folder }
    }

    /// What ffmpeg hears of a playlist, interleaved.
    fn heard(&self, ffmpeg: &Path, playlist: &str) -> Vec<f32> {
        let address = format!("http://{}{}/{playlist}", self.server.address, self.folder);
        let output = self.server.path().join("heard.f32");
        let output = output.to_str().expect("the path is text");
        let credential = format!("Authorization: Bearer {}\r\n", self.member.token);
        let input = ["-v", "warning", "-y", "-headers", &credential, "-i", &address];
        run(ffmpeg, self.server.path(), &[&input[..], &["-f", "f32le", output]].concat());
        samples(&std::fs::read(output).expect("ffmpeg wrote it"))
    }

    fn original(&self, ffmpeg: &Path) -> Vec<f32> {
        let made = ["-v", "error", "-y", "-i", "music/tones.flac", "-f", "f32le", "original.f32"];
        run(ffmpeg, self.server.path(), &made);
        let output = self.server.path().join("original.f32");
        samples(&std::fs::read(output).expect("ffmpeg wrote it"))
    }
}

#[test]
#[ignore = "needs ffmpeg"]
fn segments_of_flac_are_the_file() {
    let ffmpeg = find("ffmpeg");
    let stage = Stage::set(&ffmpeg);
    assert!(stage.heard(&ffmpeg, "flac/index.m3u8") == stage.original(&ffmpeg));
}

#[test]
#[ignore = "needs ffmpeg"]
fn segments_of_opus_join_without_a_gap_or_a_click() {
    let ffmpeg = find("ffmpeg");
    let stage = Stage::set(&ffmpeg);
    let original = stage.original(&ffmpeg);
    assert_eq!(original.len(), 2 * RATE * SECONDS);
    for bitrate in [64, 192] {
        let heard = stage.heard(&ffmpeg, &format!("opus-{bitrate}/index.m3u8"));
        let (least, most) = (original.len() + 2 * DELAY, original.len() + 2 * (DELAY + 960));
        assert!((least..most).contains(&heard.len()), "{} samples at {bitrate}", heard.len());
        let errors: Vec<f32> =
            heard[2 * DELAY..].iter().zip(&original).map(|(heard, sent)| heard - sent).collect();
        let noise = energy(&errors) / energy(&original);
        assert!(noise < 0.01, "at {bitrate} kbit/s noise is {noise:.5} of the music");
        let mean = power(&errors);
        for begin in (SEGMENT..RATE * SECONDS).step_by(SEGMENT) {
            let around = &errors[2 * (begin - AROUND)..2 * (begin + AROUND)];
            let here = power(around);
            assert!(here < 8.0 * mean, "at {bitrate} kbit/s noise grows {:.1}-fold", here / mean);
        }
    }
}

#[test]
#[ignore = "needs ffmpeg"]
fn a_player_finds_its_way_from_the_master_playlist() {
    let ffmpeg = find("ffmpeg");
    let stage = Stage::set(&ffmpeg);
    let heard = stage.heard(&ffmpeg, "master.m3u8");
    assert!(heard.len() >= 2 * RATE * SECONDS, "{} samples", heard.len());
    assert!(stage.heard(&ffmpeg, "master.m3u8?codec=flac") == stage.original(&ffmpeg));
}
