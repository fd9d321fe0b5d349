//! Names where tags are silent, and texts that need cleaning.

use super::super::text;
use super::*;

fn filled(relative: &str) -> Tags {
    let mut tags = Tags::default();
    tags.fallbacks(Path::new(relative));
    tags
}

#[test]
fn a_title_is_the_file_name_without_its_number() {
    let cases = [
        ("a/01 - Foo.mp3", None, Some(1), "Foo"),
        ("a/12. Foo Bar.mp3", None, Some(12), "Foo Bar"),
        ("a/03 Foo.mp3", None, Some(3), "Foo"),
        ("a/1-07 Foo.mp3", Some(1), Some(7), "Foo"),
        ("a/05_a_song.mp3", None, Some(5), "a song"),
        ("a/99 Luftballons.mp3", None, None, "99 Luftballons"),
        ("a/1979.mp3", None, None, "1979"),
        ("a/7.mp3", None, None, "7"),
        ("a/Foo - Bar.mp3", None, None, "Foo - Bar"),
        ("a/00 - Intro.mp3", None, None, "00 - Intro"),
    ];
    for (path, disc, number, title) in cases {
        let tags = filled(path);
        let found = (tags.disc_number, tags.track_number, tags.title.as_deref());
        assert_eq!(found, (disc, number, Some(title)), "{path}");
    }
}

#[test]
fn an_album_is_its_folder() {
    let cases = [
        ("Guido/Micrologus/x.mp3", "Micrologus", None),
        ("Guido/Micrologus/CD 2/x.mp3", "Micrologus", Some(2)),
        ("disc1/x.mp3", "disc1", Some(1)),
        ("x.mp3", "Unknown album", None),
    ];
    for (path, album, disc) in cases {
        let tags = filled(path);
        assert_eq!(tags.album.as_deref(), Some(album), "{path}");
        assert_eq!(tags.disc_number, disc, "{path}");
        assert_eq!(tags.artists, ["Unknown artist"]);
    }
}

#[test]
fn what_is_tagged_stays() {
    let mut tags =
        Tags { title: Some("A".into()), album_artists: vec!["B".into()], ..Tags::default() };
    tags.fallbacks(Path::new("x/01 - Foo.mp3"));
    assert_eq!((tags.title.as_deref(), tags.track_number), (Some("A"), None));
    assert_eq!(tags.artists, ["B"]);
}

#[test]
fn dates_keep_their_precision() {
    let cases = [
        ("1997", Some("1997")),
        ("1997-05", Some("1997-05")),
        ("1997-05-21T10:00:00", Some("1997-05-21")),
        ("1997/05/21", Some("1997-05-21")),
        ("19970521", Some("1997-05-21")),
        ("1997-00-00", Some("1997")),
        ("1997-13", Some("1997")),
        ("0000", None),
        ("99999", None),
        ("97", None),
        ("ünbekannt", None),
    ];
    for (written, date) in cases {
        assert_eq!(text::date_of(written).as_deref(), date, "{written}");
    }
}

#[test]
fn texts_are_cleaned_and_bounded() {
    assert_eq!(text::clean("  a\u{202E}b\u{7}c\nd\u{FEFF} ").as_deref(), Some("abc d"));
    assert_eq!(text::clean("\u{1}\u{2066} \t"), None);
    assert_eq!(text::clean(&"é".repeat(5_000)).unwrap().chars().count(), 1_000);
    assert_eq!(text::number_of("99999999999"), None);
    assert_eq!(text::number_of("-3"), None);
    assert_eq!(text::number_and_total("03/12"), (Some(3), Some(12)));
    assert_eq!(text::uuid_of("not an id"), None);
}
