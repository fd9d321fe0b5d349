//! Tags of every format that are too long, too many, or not even text: they are bounded and cleaned,
//! or their file is listed with its reason.

use std::fs;

use hexachord_fixtures::{Field, Format, Piece, with_raw_tag};
use serde_json::json;

use crate::support::{Server, column, get, text};

const LONG: usize = 10_000_000;
const MANY: usize = 1_000_000;
/// No text of a tag is longer, in characters.
const LONGEST: usize = 1_000;

type Texts = Vec<(Field, Vec<u8>)>;

/// Names and texts of tags that are odd, but no reason not to read the file.
fn odd() -> Vec<(&'static str, Texts)> {
    let title = |bytes: &[u8]| vec![(Field::Title, bytes.to_vec())];
    vec![
        ("long", vec![(Field::Title, vec![b't'; LONG])]),
        ("nul", title(b"before\0behind\0\0")),
        ("only nul", title(b"\0\0\0")),
        ("no utf-8", title(b"caf\xE9 \xFF\xFE\xC3\x28 \xED\xA0\x80")),
        ("turned", title("\u{202E}evil\u{2066} \u{200F}name\u{7}\u{1B}[31m".as_bytes())),
        ("script", title(b"</script><script>alert(1)</script>&amp;\"'")),
    ]
}

#[test]
fn odd_tags_of_every_format_are_bounded_and_clean() {
    let server = Server::with_music(|music| {
        for (seed, format) in (0..).zip(Format::ALL) {
            for (name, texts) in odd() {
                let piece = Piece::new(format, seed);
                let path = music.join(format!("{name} {format:?}.{}", format.extension()));
                fs::write(path, with_raw_tag(&piece, &texts)).unwrap();
            }
        }
    });
    let state = server.control(get("/api/v1/admin/scan")).expect(200).json();
    let listed = server.control(get("/api/v1/admin/scan/unreadable")).expect(200).json();
    let files = odd().len() * Format::ALL.len();
    assert_eq!(state["added"], files, "{state} {listed}");
    let member = server.member("listener", "listener");
    let tracks = server.pages(&member, "/api/v1/tracks", 50);
    let titles = column(&tracks, "title");
    assert_eq!(titles.len(), files);
    for title in &titles {
        let is_harmful = |character: char| {
            character.is_control()
                || ('\u{202A}'..='\u{202E}').contains(&character)
                || ('\u{2066}'..='\u{2069}').contains(&character)
        };
        assert!(!title.is_empty() && !title.contains(is_harmful), "{title:?}");
        assert!(title.chars().count() <= LONGEST, "{} characters", title.chars().count());
    }
    let like = |part: &str| titles.iter().filter(|title| title.contains(part)).count();
    assert_eq!(like(&"t".repeat(LONGEST)), Format::ALL.len());
    assert_eq!(like("<script>alert(1)"), Format::ALL.len(), "it is text, and shown as text");
    assert_eq!(like("evil"), Format::ALL.len());
}

#[test]
fn tags_of_a_million_entries_end() {
    let texts = vec![(Field::Artist, b"a".to_vec()); MANY];
    let server = Server::with_music(|music| {
        for (seed, format) in (0..).zip(Format::ALL) {
            let path = music.join(format!("{format:?}.{}", format.extension()));
            fs::write(path, with_raw_tag(&Piece::new(format, seed), &texts)).unwrap();
        }
    });
    let state = server.control(get("/api/v1/admin/scan")).expect(200).json();
    let listed = server.control(get("/api/v1/admin/scan/unreadable")).expect(200).json();
    let bad = listed["items"].as_array().unwrap();
    assert_eq!((&state["phase"], &state["unreadable"]), (&json!("finished"), &json!(bad.len())));
    for file in bad {
        assert!(text(&file["reason"]).starts_with("damaged: reading it "), "{file}");
    }
    let member = server.member("listener", "listener");
    let tracks = server.pages(&member, "/api/v1/tracks", 50);
    assert_eq!(tracks.len() + bad.len(), Format::ALL.len());
    for track in tracks {
        assert_eq!(track["artists"].as_array().map(Vec::len), Some(1), "{track}");
    }
}
