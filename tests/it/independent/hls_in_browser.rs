//! HTTP Live Streaming in a real browser: through hls.js, as pages play it, and by the browser alone, as
//! phones do.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    chromium::recorded_in_chromium,
    recording::{Recording, noise, write_wav},
};
use crate::support::{Member, PASSWORD, Server, text};

const RATE: usize = 48_000;
/// Two segments of six seconds, and some of a third.
const FRAMES: usize = 12 * RATE + 24_123;
const JOINS: [usize; 2] = [6 * RATE, 12 * RATE];
/// Where players seek to, and which frame is heard then.
const FROM_S: f64 = 5.1234;
const FROM: usize = 245_923;
/// By how many frames Opus is late on the timeline, and how long its packets are.
const DELAY: usize = 312;
const PACKET: usize = 960;
/// What is listened to around a join, in frames.
const AROUND: usize = 480;

struct Stage {
    server: Server,
    member: Member,
    music: Vec<i16>,
}

/// What a script says of how it played.
#[derive(Debug, Deserialize)]
struct Said {
    duration: f64,
    began: f64,
    ended: f64,
    variants: Vec<String>,
}

impl Stage {
    fn set() -> Self {
        let music = noise(FRAMES);
        let server = Server::with_music(|folder| {
            write_wav(&folder.join("noise.wav"), 48_000, &music);
        });
        let member = server.member("listener", "listener");
        Self { server, member, music }
    }

    /// Plays the master playlist to its end.
    #[track_caller]
    fn played(&self, codec: &str, from: usize, how: &Value) -> (Said, Recording) {
        let tracks = self.server.pages(&self.member, "/api/v1/tracks", 50);
        let (address, id) = (self.server.address, text(&tracks[0]["id"]));
        let master = format!("http://{address}/api/v1/tracks/{id}/hls/master.m3u8{codec}");
        let arguments = [&master, &*RATE.to_string(), &how.to_string()];
        let (said, heard) = recorded_in_chromium("hls.mjs", &arguments);
        (said, Recording::new(heard, &self.music, from))
    }

    /// By hls.js, from the middle on.
    #[track_caller]
    fn played_by_hls_js(&self, codec: &str, variant: usize, next: usize) -> (Said, Recording) {
        let token = &self.member.token;
        let how = json!({ "token": token, "from": FROM_S, "variant": variant, "next": next });
        let (said, recording) = self.played(codec, FROM, &how);
        assert!((said.began - FROM_S).abs() < 1e-6, "{said:?}");
        (said, recording)
    }
}

/// Seconds of so many frames.
fn seconds(frames: usize) -> f64 {
    f64::from(u32::try_from(frames).expect("some seconds")) / 48_000.0
}

impl Said {
    /// It is as long as so many frames, and was played to its end.
    #[track_caller]
    fn lasts(&self, least: usize, most: usize) {
        // Playlists tell hundred-thousandths of a second.
        let (least, most) = (seconds(least) - 2e-5, seconds(most) + 2e-5);
        assert!((least..most).contains(&self.duration), "{self:?}, not {least} to {most}");
        assert!((least..most).contains(&self.ended), "{self:?}, not {least} to {most}");
    }
}

/// At no join there is more noise than in the louder of the segments beside it.
#[track_caller]
fn has_no_clicks(recording: &Recording, from: usize) {
    let [first, second] = JOINS;
    let parts = [from..first - AROUND, first + AROUND..second - AROUND, second + AROUND..FRAMES];
    let parts = parts.map(|part| recording.noise(part));
    for (join, beside) in JOINS.into_iter().zip(parts.windows(2)) {
        let here = recording.noise(join - AROUND..join + AROUND);
        let there = beside[0].max(beside[1]);
        assert!(here < 1.5 * there, "noise grows {:.2}-fold at {join}", here / there);
    }
}

#[test]
#[ignore = "needs chromium and hls.js"]
fn hls_js_plays_flac_to_the_bit() {
    let stage = Stage::set();
    let (said, recording) = stage.played_by_hls_js("?codec=flac", 0, 0);
    said.lasts(FRAMES, FRAMES);
    assert_eq!(said.variants, ["flac"; 3]);
    assert_eq!(recording.begin(), FROM.cast_signed(), "a seek lands on its frame");
    recording.is_in_place(&JOINS);
    recording.is_exact(FROM);
}

#[test]
#[ignore = "needs chromium and hls.js"]
fn hls_js_plays_opus_without_a_gap_or_a_click() {
    let stage = Stage::set();
    let (said, recording) = stage.played_by_hls_js("", 3, 3);
    said.lasts(FRAMES + DELAY, FRAMES + DELAY + PACKET);
    assert_eq!(said.variants, ["opus-192"; 3]);
    assert_eq!(recording.begin(), (FROM - DELAY).cast_signed(), "a seek lands on its frame");
    recording.is_in_place(&JOINS);
    has_no_clicks(&recording, FROM);
}

#[test]
#[ignore = "needs chromium and hls.js"]
fn hls_js_changes_bitrates_without_a_gap_or_a_click() {
    let stage = Stage::set();
    let (said, recording) = stage.played_by_hls_js("", 0, 3);
    assert_eq!(said.variants, ["opus-64", "opus-192", "opus-192"]);
    assert_eq!(recording.begin(), (FROM - DELAY).cast_signed(), "a seek lands on its frame");
    recording.is_in_place(&JOINS);
    has_no_clicks(&recording, FROM);
    let before = recording.noise(FROM..JOINS[0] - AROUND);
    let after = recording.noise(JOINS[0] + AROUND..JOINS[1]);
    assert!(after < before / 2.0, "more bits sound better: {after}, not {before}");
}

#[test]
#[ignore = "needs chromium"]
fn a_media_element_plays_alone_with_the_cookie() {
    let stage = Stage::set();
    let how = json!({ "account": { "username": "listener", "password": PASSWORD } });
    let (said, recording) = stage.played("", 0, &how);
    assert!(said.began.abs() < f64::EPSILON, "{said:?}");
    assert!((said.duration - seconds(FRAMES)).abs() < 2e-5, "{said:?}");
    assert!((said.ended - seconds(FRAMES)).abs() < seconds(DELAY + PACKET), "{said:?}");
    recording.is_in_place(&JOINS);
    has_no_clicks(&recording, RATE);
}
