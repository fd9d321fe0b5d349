//! The player in a real browser, driven by scripts of `tests/browser`.

use std::{fmt::Write as _, fs, path::Path};

use hexachord_contracts::Failpoints;
use hexachord_fixtures::{Format, Piece, Tags, tag};
use image::ImageFormat;
use serde_json::Value;

use super::{chromium::in_chromium, doors::with_podcast};
use crate::support::{Console, PASSWORD, Server, Setup, music, program::subfolder};

const SHEET: &str = r#"TITLE "Third"
FILE "Third.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Third 1"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Third 2"
    INDEX 01 00:04:00
  TRACK 03 AUDIO
    TITLE "Third 3"
    INDEX 01 00:07:00
"#;
/// A name that would be more than a name in a page that takes it for markup.
const MARKUP: &str = "<img src=x onerror=\"alert(1)\"><script>alert(2)</script>";
/// Tracks that a sheet can cut a file into.
const OF_A_SHEET: usize = 99;
const SHEETS: usize = 1_011;

/// Three albums of one artist: WAV, FLAC, and a disc that a sheet cuts.
pub(super) fn albums(library: &Path) {
    for (album, format) in [("First", Format::Wav), ("Second", Format::Flac)] {
        for number in 1..=2 {
            // Some 20 seconds: of 128 and 192 samples a frame.
            let piece = Piece { format, seed: number.into(), silent_opening: 0, frames: 6000 };
            let path = library.join(format!("{album} {number}.{}", format.extension()));
            piece.write(&path).expect("a file can be written");
            let tags = music::tags(&format!("{album} {number}"), "Guido", album, number);
            let picture = Some(music::picture(400, ImageFormat::Jpeg));
            let genres = vec!["Chant".to_owned()];
            tag(&path, &Tags { picture, genres, year: Some(1026), ..tags })
                .expect("a file can be written");
        }
    }
    // One file of 26 seconds that a sheet cuts at 4 and at 7.
    let disc = library.join("Third.flac");
    Piece { format: Format::Flac, seed: 3, silent_opening: 0, frames: 6000 }
        .write(&disc)
        .expect("a file can be written");
    let picture = Some(music::picture(400, ImageFormat::Jpeg));
    tag(&disc, &Tags { picture, ..music::tags("Disc", "Guido", "Third", 1) })
        .expect("a file can be written");
    fs::write(library.join("Third.cue"), SHEET).expect("a file can be written");
}

#[test]
#[ignore = "needs chromium"]
fn an_evening_with_the_player() {
    let folder = tempfile::tempdir().unwrap();
    let library = subfolder(folder.path(), "music");
    albums(&library);
    let server = Console::new(folder.path())
        .argument("--music")
        .argument(&library)
        .serve(&folder.path().join("data"));
    server.scanned();
    let claim = server.claim.clone().expect("the first start prints a claim link");
    let url = format!("http://{}", server.address);
    let said = in_chromium(folder.path(), "player.mjs", &[&url, &claim, PASSWORD]);
    assert!(said.ends_with("all steps done\n"), "{said}");
    server.stop();
}

#[test]
#[ignore = "needs chromium"]
fn every_view_is_for_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let stage = with_podcast(|library| {
        albums(library);
        let path = library.join("markup.flac");
        let piece = Piece { format: Format::Flac, seed: 9, silent_opening: 0, frames: 60 };
        piece.write(&path).expect("a file can be written");
        let tags = music::tags(MARKUP, MARKUP, MARKUP, 1);
        tag(&path, &Tags { genres: vec![MARKUP.to_owned()], ..tags })
            .expect("a file can be tagged");
    });
    let url = format!("http://{}", stage.server.address);
    let said = in_chromium(folder.path(), "views.mjs", &[&url, "guido", PASSWORD]);
    assert!(said.ends_with("all views done\n"), "{said}");
}

#[test]
#[ignore = "needs chromium"]
fn a_service_that_fails_is_named_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let failpoints = Failpoints::default();
    let mut setup = Setup::new();
    albums(&setup.music());
    setup.config.library.scan_on_start = true;
    setup.options.failpoints = failpoints.clone();
    let server = setup.start();
    assert_eq!(server.scanned()["phase"], "finished");
    server.member("anna", "listener");
    failpoints.arm("search.Find", 4);
    let url = format!("http://{}", server.address);
    let said = in_chromium(folder.path(), "service.mjs", &[&url, "anna", PASSWORD]);
    assert!(said.ends_with("all steps done\n"), "{said}");
}

#[test]
#[ignore = "needs chromium"]
fn an_evening_without_a_mouse() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_music(albums);
    server.member("anna", "administrator");
    let url = format!("http://{}", server.address);
    let said = in_chromium(folder.path(), "keyboard.mjs", &[&url, "anna", PASSWORD]);
    assert!(said.ends_with("all steps done\n"), "{said}");
}

#[test]
#[ignore = "needs chromium"]
fn without_the_server_it_says_so_and_plays_what_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_music(albums);
    server.member("anna", "listener");
    let url = format!("http://{}", server.address);
    let said = in_chromium(folder.path(), "away.mjs", &[&url, "anna", PASSWORD]);
    assert!(said.ends_with("all steps done\n"), "{said}");
}

#[test]
#[ignore = "needs chromium"]
fn a_hundred_thousand_rows_scroll_and_the_page_is_soon_there() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_music(|library| {
        let tunes = Piece { format: Format::Mp3, seed: 1, silent_opening: 0, frames: 220 };
        tunes.write(library.join("0.mp3")).expect("a file can be written");
        fs::write(library.join("cover.png"), music::picture(256, ImageFormat::Png))
            .expect("a file can be written");
        for number in 0..SHEETS {
            let name = format!("{number}.mp3");
            if number > 0 {
                fs::copy(library.join("0.mp3"), library.join(&name)).expect("a file can be copied");
            }
            fs::write(library.join(format!("{number}.cue")), sheet(number, &name))
                .expect("a file can be written");
        }
    });
    server.member("anna", "listener");
    let url = format!("http://{}", server.address);
    let said = in_chromium(folder.path(), "rows.mjs", &[&url, "anna", PASSWORD]);
    let measured: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(measured["total"], OF_A_SHEET * SHEETS);
    assert!(measured["rows"].as_u64().unwrap() <= 120, "too many rows are drawn: {measured}");
    assert!(measured["last"].is_string(), "the last row is shown: {measured}");
    let folder = tempfile::tempdir().unwrap();
    let words = ["number", "guido", "disc"];
    let said = in_chromium(
        folder.path(),
        "letters.mjs",
        &[[url.as_str(), "anna", PASSWORD].as_slice(), &words].concat(),
    );
    let typed: Value = serde_json::from_str(&said).unwrap();
    let letters: usize = words.map(str::len).iter().sum();
    for pause in ["100", "200", "300", "400", "500"] {
        let letter = |which: &str| typed[pause][which]["count"].as_u64().unwrap();
        assert_eq!((letter("first"), letter("later")), (3, letters as u64 - 3), "{typed}");
    }
    // Another profile: nobody was here before.
    let folder = tempfile::tempdir().unwrap();
    let said = in_chromium(folder.path(), "boot.mjs", &[&url, "anna", PASSWORD]);
    let booted: Value = serde_json::from_str(&said).unwrap();
    for visit in ["as it is, first visit", "slow, first visit", "slow, again"] {
        assert!(booted[visit]["interactive"].is_u64(), "{booted}");
    }
    println!("{measured}\n{typed}\n{booted}");
}

/// A sheet whose tracks last 2/75 of a second each.
fn sheet(number: usize, file: &str) -> String {
    let mut text = format!(
        "PERFORMER \"Guido {}\"\nTITLE \"Disc {number}\"\nFILE \"{file}\" MP3\n",
        number % 97
    );
    for track in 0..OF_A_SHEET {
        let at = 2 * track;
        write!(
            text,
            "  TRACK {:02} AUDIO\n    TITLE \"Number {} of {number}\"\n    INDEX 01 00:{:02}:{:02}\n",
            track + 1,
            track + 1,
            at / 75,
            at % 75
        )
        .expect("a text takes what is written");
    }
    text
}
