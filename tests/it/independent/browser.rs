//! The page in a real browser, driven by `tests/browser/page.mjs`.

use hexachord_fixtures::{Format, Piece, Tags, tag};
use image::ImageFormat;

use super::chromium::in_chromium;
use crate::support::{Console, PASSWORD, music, program::subfolder};

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

#[test]
#[ignore = "needs chromium"]
fn the_page_claims_lists_plays_and_signs_out() {
    let folder = tempfile::tempdir().unwrap();
    let library = subfolder(folder.path(), "music");
    for (album, format) in [("First", Format::Wav), ("Second", Format::Flac)] {
        for number in 1..=2 {
            // Some 20 seconds: of 128 and 192 samples a frame.
            let piece = Piece { format, seed: number.into(), silent_opening: 0, frames: 6000 };
            let path = library.join(format!("{album} {number}.{}", format.extension()));
            piece.write(&path).unwrap();
            let tags = music::tags(&format!("{album} {number}"), "Guido", album, number);
            let picture = Some(music::picture(400, ImageFormat::Jpeg));
            tag(&path, &Tags { picture, ..tags }).unwrap();
        }
    }
    // One file of 26 seconds that a sheet cuts at 4 and at 7.
    let disc = library.join("Third.flac");
    Piece { format: Format::Flac, seed: 3, silent_opening: 0, frames: 6000 }.write(&disc).unwrap();
    let picture = Some(music::picture(400, ImageFormat::Jpeg));
    tag(&disc, &Tags { picture, ..music::tags("Disc", "Guido", "Third", 1) }).unwrap();
    std::fs::write(library.join("Third.cue"), SHEET).unwrap();
    let server = Console::new(folder.path())
        .argument("--music")
        .argument(&library)
        .serve(&folder.path().join("data"));
    server.scanned();
    let claim = server.claim.clone().expect("the first start prints a claim link");
    let url = format!("http://{}", server.address);
    let said = in_chromium(folder.path(), "page.mjs", &[&url, &claim, PASSWORD]);
    assert!(said.ends_with("all steps done\n"), "{said}");
    server.stop();
}
