//! Sheets as rippers and people write them.

use hexachord_contracts::catalog::ContributorRole;

use super::{Offered, parts};
use crate::read::{MusicPart, Tags};

const SHEET: &str = "\u{FEFF}REM GENRE \"Trip Hop\"\r
REM DATE 1994\r
REM DISCID 7A0B6709\r
REM COMMENT \"ExactAudioCopy v1.3\"\r
REM DISCNUMBER 2\r
REM REPLAYGAIN_ALBUM_GAIN -6.50 dB\r
PERFORMER \"Hexa \"and\" Chord\"\r
TITLE \"Two Sides\"\r
FILE \"C:\\Rips\\Two Sides.wav\" WAVE\r
  TRACK 01 AUDIO\r
    TITLE \"First\"\r
    ISRC USS1Z9900001\r
    INDEX 01 00:00:00\r
  TRACK 02 AUDIO\r
    TITLE \"Second\"\r
    PERFORMER \"Guest\"\r
    SONGWRITER \"Writer\"\r
    REM REPLAYGAIN_TRACK_GAIN +1.25 dB\r
    INDEX 00 00:59:70\r
    INDEX 01 01:00:01\r
  TRACK 03 AUDIO\r
    INDEX 01 02:30:74\r
";

fn own(sheet: &str) -> Vec<Offered> {
    vec![Offered { text: sheet.to_owned(), is_own: true }]
}

fn of(sheet: &str, name: &str, duration_ms: u64) -> Vec<MusicPart> {
    parts(&own(sheet), name, duration_ms, &Tags::default())
}

fn times(parts: &[MusicPart]) -> Vec<(u16, u64, Option<u64>)> {
    parts.iter().map(|part| (part.number, part.start_us, part.end_us)).collect()
}

#[test]
fn a_disc_is_cut_where_its_tracks_begin() {
    let parts = of(SHEET, "two sides.flac", 200_000);
    let second = 60_000_000 + 13_333;
    let third = 150_000_000 + 986_667;
    assert_eq!(times(&parts), [(1, 0, Some(second)), (2, second, Some(third)), (3, third, None)]);
    let titles: Vec<_> = parts.iter().filter_map(|part| part.tags.title.as_deref()).collect();
    assert_eq!(titles, ["First", "Second", "Track 3"]);
    let [first, guest, _] = &parts[..] else { panic!("three pieces") };
    assert_eq!(first.tags.artists, ["Hexa \"and\" Chord"]);
    assert_eq!(guest.tags.artists, ["Guest"]);
    assert_eq!(guest.tags.contributors[0].role, ContributorRole::Writer);
    for part in &parts {
        assert_eq!(part.tags.album.as_deref(), Some("Two Sides"));
        assert_eq!(part.tags.album_artists, ["Hexa \"and\" Chord"]);
        assert_eq!((part.tags.year, part.tags.disc_number), (Some(1994), Some(2)));
        assert_eq!(
            (part.tags.genres.join("|"), part.tags.track_total),
            ("Trip Hop".into(), Some(3))
        );
        assert_eq!(part.tags.replay_gain.album_gain.map(|gain| gain.0), Some(-650));
        assert_eq!(part.tags.comment, None, "a ripper's name is no comment");
    }
    let gains = parts.iter().map(|part| part.tags.replay_gain.track_gain.map(|gain| gain.0));
    assert_eq!(gains.collect::<Vec<_>>(), [None, Some(125), None]);
    assert_eq!((first.tags.isrc.len(), guest.tags.isrc.len()), (1, 0));
}

#[test]
fn the_files_tags_count_for_the_album_alone() {
    let mut tags = Tags {
        title: Some("Two Sides (whole)".into()),
        album: Some("two sides".into()),
        artists: vec!["Somebody else".into()],
        date: Some("1994-08-22".into()),
        year: Some(1994),
        bpm: Some(120),
        labels: vec!["Label".into()],
        ..Tags::default()
    };
    tags.musicbrainz.recording = Some("a".into());
    tags.musicbrainz.album = Some("b".into());
    let parts = parts(&own(SHEET), "Two Sides.wav", 0, &tags);
    let last = &parts[2].tags;
    assert_eq!(
        (last.title.as_deref(), last.album.as_deref()),
        (Some("Track 3"), Some("Two Sides"))
    );
    assert_eq!(last.artists, ["Hexa \"and\" Chord"]);
    assert_eq!(last.date.as_deref(), Some("1994-08-22"), "more precise than the sheet");
    assert_eq!((last.bpm, last.labels.len()), (None, 1));
    assert_eq!(
        (&last.musicbrainz.recording, last.musicbrainz.album.as_deref()),
        (&None, Some("b"))
    );
}

#[test]
fn a_sheet_without_performers_leaves_those_of_the_file() {
    let sheet = "FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nPERFORMER X\n\
                 INDEX 01 01:00:00";
    let tags = Tags { artists: vec!["DJ".into()], ..Tags::default() };
    let parts = parts(&own(sheet), "a.flac", 0, &tags);
    assert_eq!(
        (&parts[0].tags.artists, &parts[1].tags.artists),
        (&vec!["DJ".into()], &vec!["X".into()])
    );
    assert!(parts.iter().all(|part| part.tags.album_artists == ["DJ"]), "one album");
}

#[test]
fn only_the_file_that_is_named_is_cut() {
    let two = "FILE \"side a.wav\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\n\
               INDEX 01 01:00:00\nTRACK 03 AUDIO\nINDEX 00 02:00:00\nFILE \"side b.wav\" WAVE\n\
               INDEX 01 00:00:00\nTRACK 04 AUDIO\nINDEX 01 03:00:00";
    let numbers = |name| -> Vec<u16> { of(two, name, 0).iter().map(|part| part.number).collect() };
    assert_eq!((numbers("side a.flac"), numbers("Side B.FLAC")), (vec![1, 2], vec![3, 4]));
    assert!(numbers("side c.flac").is_empty());

    let other = Offered { text: SHEET.to_owned(), is_own: false };
    assert!(parts(&[other], "renamed.flac", 0, &Tags::default()).is_empty(), "of another file");
    assert_eq!(of(SHEET, "renamed.flac", 200_000).len(), 3, "called alike, or in the file itself");

    assert!(of(SHEET, "Third.flac", 100_000).is_empty(), "a track that was cut out of it");
    assert!(of(SHEET, "renamed.flac", 0).is_empty(), "nobody knows");

    let each = "FILE \"1.wav\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nFILE \"2.wav\" WAVE\n\
                TRACK 02 AUDIO\nINDEX 01 00:00:00";
    assert!(of(each, "1.flac", 0).is_empty() && of(each, "2.flac", 0).is_empty());
}

#[test]
fn a_sheet_that_is_not_clear_cuts_nothing() {
    let cut = |tracks: &[(&str, &str)]| {
        let track =
            |(number, index): &(&str, &str)| format!("TRACK {number} AUDIO\nINDEX 01 {index}\n");
        let tracks: Vec<String> = tracks.iter().map(track).collect();
        of(&format!("FILE \"a.wav\" WAVE\n{}", tracks.concat()), "a.wav", 120_000).len()
    };
    assert_eq!(cut(&[("01", "00:00:00"), ("02", "01:00:00")]), 2);
    assert_eq!(cut(&[("01", "00:00:00")]), 0, "one piece is the whole");
    assert_eq!(cut(&[("01", "01:00:00"), ("02", "00:00:00")]), 0, "backwards");
    assert_eq!(cut(&[("01", "00:00:00"), ("01", "01:00:00")]), 0, "two of one number");
    assert_eq!(
        cut(&[("01", "00:00:00"), ("02", "01:00:00"), ("03", "09:00:00")]),
        2,
        "behind the end"
    );
    assert_eq!(cut(&[("01", "00:00:00"), ("02", "09:00:00")]), 0);
    assert_eq!(cut(&[("01", "00:00:00"), ("2", "00:75:00"), ("3", "1:2"), ("4", "x")]), 0);
    assert_eq!(cut(&[("0", "00:00:00"), ("70000", "00:01:00")]), 0);
    let data = "FILE \"a.bin\" BINARY\nTRACK 01 MODE1/2352\nTITLE Data\nINDEX 01 00:00:00\n\
                TRACK 02 AUDIO\nINDEX 01 00:30:00\nTRACK 03 AUDIO\nINDEX 01 00:40:00";
    let numbers: Vec<u16> = of(data, "a.wav", 0).iter().map(|part| part.number).collect();
    assert_eq!(numbers, [2, 3], "sound alone");
}

#[test]
fn the_first_sheet_that_cuts_it_counts() {
    let no_sheet = Offered { text: "what somebody wrote".to_owned(), is_own: true };
    let sheets: Vec<Offered> = [no_sheet].into_iter().chain(own(SHEET)).collect();
    assert_eq!(parts(&sheets, "a.flac", 200_000, &Tags::default()).len(), 3);
}

#[test]
fn tags_that_are_too_large_are_not_multiplied() {
    let large = Tags { moods: vec!["x".repeat(1_000); 100], ..Tags::default() };
    let sheet = |pieces: u32| {
        let piece = |n| format!("TRACK {n} AUDIO\nINDEX 01 {n}:00:00\n");
        let pieces: Vec<String> = (1..=pieces).map(piece).collect();
        own(&format!("FILE a.wav WAVE\n{}", pieces.concat()))
    };
    assert_eq!(parts(&sheet(15), "a.wav", 0, &large).len(), 15);
    assert_eq!(parts(&sheet(999), "a.wav", 0, &large).len(), 0);
}

#[test]
fn rubbish_is_no_sheet() {
    for text in ["", "\0\0\0", "FILE\nTRACK\nINDEX\nREM", "FILE \"\nTRACK 1 AUDIO\nINDEX 01 0:0:0"]
    {
        assert!(of(text, "a.flac", 1_000).is_empty(), "{text:?}");
    }
    let many = (1..3_000).map(|n| format!("TRACK {n} AUDIO\nINDEX 01 {n}:00:00\n"));
    let many = format!("FILE a.wav WAVE\n{}", many.collect::<Vec<_>>().concat());
    assert_eq!(of(&many, "a.wav", 0).len(), 999);
}
