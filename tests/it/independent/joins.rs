//! Tracks of one recording join without a click in a browser: noise is cut where no packet ends, each
//! track is streamed by the server for itself, and what they sound like through a `MediaSource` is
//! recorded and compared.

use std::fs;

use serde_json::{Value, json};

use super::{
    chromium::recorded_in_chromium,
    recording::{Recording, noise, write_wav},
};
use crate::support::{Member, PASSWORD, Server, text};

const RATE: u32 = 48_000;
/// Where the noise begins, is cut and ends.
const CUTS: [usize; 4] = [0, 47_123, 99_991, 140_007];
/// By how many frames Opus is late on the timeline.
const DELAY: u64 = 312;
/// Where a sheet cuts a disc, in 1/75 of a second.
const SHEET: [usize; 2] = [74, 157];

struct Stage {
    server: Server,
    member: Member,
    music: Vec<i16>,
    rate: u32,
    cuts: [usize; 4],
}

impl Stage {
    /// A file for each track.
    fn files(rate: u32) -> Self {
        let music = noise(CUTS[3]);
        let server = Server::with_music(|folder| {
            for (number, cuts) in CUTS.windows(2).enumerate() {
                let track = &music[2 * cuts[0]..2 * cuts[1]];
                write_wav(&folder.join(format!("{number}.wav")), rate, track);
            }
        });
        let member = server.member("listener", "listener");
        Self { server, member, music, rate, cuts: CUTS }
    }

    /// One file that a sheet cuts.
    fn disc() -> Self {
        let cuts = SHEET.map(|cut| cut * RATE as usize / 75);
        let cuts = [0, cuts[0], cuts[1], CUTS[3]];
        let music = noise(cuts[3]);
        let server = Server::with_music(|folder| {
            write_wav(&folder.join("disc.wav"), RATE, &music);
            let track = |number: usize, at: usize| {
                let (seconds, rest) = (at / 75, at % 75);
                format!(
                    "  TRACK {number:02} AUDIO\n    TITLE \"{}\"\n    INDEX 01 00:{seconds:02}:{rest:02}\n",
                    number - 1
                )
            };
            let tracks = [track(1, 0), track(2, SHEET[0]), track(3, SHEET[1])].concat();
            let sheet = format!("TITLE \"Disc\"\nFILE \"disc.wav\" WAVE\n{tracks}");
            fs::write(folder.join("disc.cue"), sheet).expect("a file can be written");
        });
        let member = server.member("listener", "listener");
        Self { server, member, music, rate: RATE, cuts }
    }

    /// What is heard of the tracks one behind the other, in these formats in turns.
    #[track_caller]
    fn heard(&self, formats: &[&str]) -> Recording {
        let tracks = self.server.pages(&self.member, "/api/v1/tracks", 50);
        let streams: Vec<String> = (0..3)
            .zip(formats.iter().cycle())
            .map(|(number, format)| {
                let title = number.to_string();
                let track = tracks.iter().find(|track| track["title"] == title);
                let id = text(&track.expect("the track is there")["id"]);
                format!("/api/v1/tracks/{id}/stream?format={format}")
            })
            .collect();
        let server = format!("http://{}", self.server.address);
        let mut arguments = vec![&*server, &self.member.token];
        arguments.extend(streams.iter().map(String::as_str));
        let (said, heard) = recorded_in_chromium::<Value>("join.mjs", &arguments);
        for (number, format) in (0..3).zip(formats.iter().cycle()) {
            let codec = format.trim_end_matches("-mp4");
            let sound = &said[number]["sound"];
            assert_eq!(said[number]["mime"], format!("audio/mp4; codecs=\"{codec}\""));
            assert_eq!(sound["rate"], self.rate);
            assert_eq!(sound["frames"], self.cuts[number + 1] - self.cuts[number]);
            assert_eq!(sound["delay"], if codec == "opus" { json!(DELAY) } else { json!(0) });
        }
        Recording::new(heard, &self.music, 0)
    }

    /// The same through the player: the queue is restored, and play is pressed.
    #[track_caller]
    fn heard_in_the_player(&self, quality: &str) -> Recording {
        let tracks = self.server.pages(&self.member, "/api/v1/tracks", 50);
        let id = |number: usize| {
            let title = number.to_string();
            let track = tracks.iter().find(|track| track["title"] == title);
            text(&track.expect("the track is there")["id"])
        };
        let (server, rate) = (format!("http://{}", self.server.address), self.rate.to_string());
        let arguments = [&*server, "listener", PASSWORD, quality, &rate, id(0), id(1), id(2)];
        let (asked, heard) = recorded_in_chromium::<Vec<String>>("player-join.mjs", &arguments);
        let format = if quality == "original" { "format=flac-mp4" } else { "format=opus-mp4" };
        let made = asked.iter().filter(|address| address.contains(format)).count();
        assert!(made >= 3, "not all came as {format}: {asked:?}");
        Recording::new(heard, &self.music, 0)
    }

    fn joins(&self) -> &[usize] {
        &self.cuts[1..3]
    }
}

#[test]
#[ignore = "needs chromium"]
fn tracks_of_opus_join_to_the_sample() {
    let stage = Stage::files(RATE);
    for formats in [&["opus-mp4"][..], &["opus-mp4", "flac-mp4"]] {
        stage.heard(formats).is_in_place(stage.joins());
    }
}

#[test]
#[ignore = "needs chromium"]
fn tracks_of_flac_join_to_the_bit() {
    for rate in [RATE, 44_100] {
        let stage = Stage::files(rate);
        let heard = stage.heard(&["flac-mp4"]);
        heard.is_in_place(stage.joins());
        heard.is_exact(0);
    }
}

#[test]
#[ignore = "needs chromium"]
fn tracks_that_a_sheet_cuts_join_to_the_sample() {
    let stage = Stage::disc();
    stage.heard(&["opus-mp4"]).is_in_place(stage.joins());
    let heard = stage.heard(&["flac-mp4"]);
    heard.is_in_place(stage.joins());
    heard.is_exact(0);
}

#[test]
#[ignore = "needs chromium"]
fn the_player_joins_tracks_to_the_sample() {
    let stage = Stage::files(RATE);
    for quality in ["original", "high"] {
        stage.heard_in_the_player(quality).is_in_place(stage.joins());
    }
}

#[test]
#[ignore = "needs chromium"]
fn the_player_joins_what_a_sheet_cuts() {
    let stage = Stage::disc();
    stage.heard_in_the_player("original").is_in_place(stage.joins());
}
