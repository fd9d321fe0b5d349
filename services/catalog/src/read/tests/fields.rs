//! Every field under the names that programs write, in every format.

use hexachord_contracts::{
    catalog::{ContributorRole, LyricsSource, ReplayGain},
    decibels::Decibels,
};
use hexachord_fixtures::{Tags as Written, tag, tag_named};

use super::*;

const ID: &str = "c5d3a8f0-0000-4000-8000-00000000000a";

/// Writes texts under names into a piece and reads it back.
fn named(format: Format, texts: &[(&str, &str)]) -> Tags {
    let folder = TempDir::new().unwrap();
    let path = piece(&folder, format);
    tag_named(&path, texts).unwrap();
    music(&path).tags
}

pub(super) fn person(
    role: ContributorRole,
    name: &str,
    instrument: Option<&str>,
) -> TaggedContributor {
    TaggedContributor { role, name: name.into(), instrument: instrument.map(Into::into) }
}

/// Texts under names that are all known.
const TEXTS: [(&str, &str); 37] = [
    ("ARTISTS", "Paolo"),
    ("ARTISTS", "Guido"),
    ("ALBUM_ARTISTS", "Guido"),
    ("DISCSUBTITLE", "Vespers"),
    ("DATE", "1997-05"),
    ("ORIGINALDATE", "1962"),
    ("ORIGINALYEAR", "1962"),
    ("GENRE", "Chant"),
    ("GENRE", "Folk"),
    ("MOOD", "Calm"),
    ("MOOD", "Sad"),
    ("BPM", "127.6"),
    ("INITIALKEY", "Am"),
    ("COMMENT", "Sung\nin Arezzo"),
    ("ITUNESADVISORY", "2"),
    ("ISRC", "us-s1z-99-00001"),
    ("ISRC", "GBAYE0601498"),
    ("LABEL", "Scriptorium"),
    ("PUBLISHER", "Someone else"),
    ("CATALOGNUMBER", "SC 1"),
    ("CATALOGNUMBER", "SC 2"),
    ("MusicBrainz Album Type", "Album; Live"),
    ("COMPILATION", "1"),
    ("COMPOSERSORT", "Bingen, Hildegard"),
    ("ARTISTS_SORT", "Verona, Paolo"),
    ("ARTISTS_SORT", "Arezzo, Guido"),
    ("ALBUMARTISTSORT", "Arezzo, Guido"),
    ("TITLESORT", "Ut"),
    ("ALBUMSORT", "Micro"),
    ("ALBUMVERSION", "Mono"),
    ("REPLAYGAIN_TRACK_GAIN", "-7.31 dB"),
    ("replaygain_album_gain", "+2.5 dB"),
    ("REPLAYGAIN_TRACK_PEAK", "0.988525"),
    ("REPLAYGAIN_ALBUM_PEAK", "1.02"),
    ("MUSICBRAINZ_TRACKID", ID),
    ("MusicBrainz Release Track Id", ID),
    ("MUSICBRAINZ_ALBUMARTISTID", ID),
];

#[test]
fn names_of_every_format() {
    let expected = Tags {
        artists: vec!["Paolo".into(), "Guido".into()],
        album_artists: vec!["Guido".into()],
        disc_title: Some("Vespers".into()),
        year: Some(1997),
        date: Some("1997-05".into()),
        original_date: Some("1962".into()),
        genres: vec!["Chant".into(), "Folk".into()],
        moods: vec!["Calm".into(), "Sad".into()],
        bpm: Some(128),
        key: Some("Am".into()),
        comment: Some("Sung in Arezzo".into()),
        explicit: Some(false),
        isrc: vec!["USS1Z9900001".into(), "GBAYE0601498".into()],
        labels: vec!["Scriptorium".into()],
        catalogue_numbers: vec!["SC 1".into(), "SC 2".into()],
        release_types: vec!["album".into(), "live".into()],
        compilation: true,
        composer_sort: vec!["Bingen, Hildegard".into()],
        artist_sort: vec!["Verona, Paolo".into(), "Arezzo, Guido".into()],
        album_artist_sort: vec!["Arezzo, Guido".into()],
        title_sort: Some("Ut".into()),
        album_sort: Some("Micro".into()),
        album_version: Some("Mono".into()),
        replay_gain: ReplayGain {
            track_gain: Some(Decibels(-731)),
            album_gain: Some(Decibels(250)),
            track_peak: Some(988_525),
            album_peak: Some(1_020_000),
        },
        musicbrainz: MusicBrainzIds {
            recording: Some(ID.into()),
            track: Some(ID.into()),
            album_artists: vec![ID.into()],
            ..MusicBrainzIds::default()
        },
        ..Tags::default()
    };
    for format in Format::ALL {
        assert_eq!(named(format, &TEXTS), expected, "{format:?}");
    }
}

#[test]
fn people_of_every_format() {
    use ContributorRole as Role;
    let texts = [
        ("COMPOSER", "Hildegard"),
        ("LYRICIST", "Paulus"),
        ("WRITER", "Ambrosius"),
        ("CONDUCTOR", "Odo"),
        ("PERFORMER", "Guido (monochord)"),
        ("PERFORMER", "Choir"),
        ("PERFORMER", "Guido (monochord)"),
        ("REMIXER", "DJ Neuma"),
        ("ARRANGER", "Arr"),
        ("PRODUCER", "Pro"),
        ("ENGINEER", "Eng"),
        ("MIXER", "Mix"),
        ("DJMIXER", "Dee"),
        ("DIRECTOR", "Dir"),
    ];
    let people = [
        person(Role::Composer, "Hildegard", None),
        person(Role::Lyricist, "Paulus", None),
        person(Role::Writer, "Ambrosius", None),
        person(Role::Conductor, "Odo", None),
        person(Role::Performer, "Guido", Some("monochord")),
        person(Role::Performer, "Choir", None),
        person(Role::Remixer, "DJ Neuma", None),
        person(Role::Arranger, "Arr", None),
        person(Role::Producer, "Pro", None),
        person(Role::Engineer, "Eng", None),
        person(Role::Mixer, "Mix", None),
        person(Role::DjMixer, "Dee", None),
        person(Role::Director, "Dir", None),
    ];
    for format in Format::ALL {
        assert_eq!(named(format, &texts).contributors, people, "{format:?}");
    }
}

#[test]
fn lyrics_of_every_format() {
    for format in Format::ALL {
        let tags = named(
            format,
            &[
                ("UNSYNCEDLYRICS", "Ut queant laxis\n\nresonare fibris"),
                ("LYRICS", "[00:01.00]<00:01.00>Ut <00:01.50>queant laxis"),
                ("SYNCEDLYRICS", "[la:la]\n[00:01.00]Ut queant laxis"),
            ],
        );
        let forms: Vec<_> = tags.lyrics.iter().map(|l| (l.synced, l.lines.len())).collect();
        assert_eq!(forms, [(true, 1), (true, 1), (false, 3)], "{format:?}");
        assert_eq!(tags.lyrics[0].lines[0].words.len(), 2, "{format:?}");
        assert_eq!(tags.lyrics[1].language.as_deref(), Some("la"), "{format:?}");
        assert!(tags.lyrics.iter().all(|lyrics| lyrics.source == LyricsSource::Embedded));
    }
}

#[test]
fn the_line_stands_beside_the_list() {
    for format in Format::ALL {
        let folder = TempDir::new().unwrap();
        let path = piece(&folder, format);
        let (artists, album_artists) = (vec!["Paolo with Guido".into()], vec!["P & G".into()]);
        tag(&path, &Written { artists, album_artists, ..Written::default() }).unwrap();
        let of = |name| [(name, "Paolo"), (name, "Guido")];
        tag_named(&path, &[of("ARTISTS"), of("ALBUMARTISTS")].concat()).unwrap();
        let tags = music(&path).tags;
        assert_eq!(tags.artists, ["Paolo", "Guido"], "{format:?}");
        assert_eq!(tags.album_artists, ["Paolo", "Guido"], "{format:?}");
        assert_eq!(tags.display_artist.as_deref(), Some("Paolo with Guido"), "{format:?}");
        assert_eq!(tags.display_album_artist.as_deref(), Some("P & G"), "{format:?}");
    }
}

#[test]
fn which_date_is_whose() {
    let dates = |texts: &[(&str, &str)]| {
        let tags = named(Format::Flac, texts);
        (tags.date, tags.original_date, tags.year)
    };
    let owned = |text: &str| Some(text.to_owned());
    let (date, released, year) = ("DATE", "RELEASEDATE", "YEAR");
    let cases: [(&[(&str, &str)], _); 9] = [
        (&[(date, "1997-05-21")], (owned("1997-05-21"), None, Some(1997))),
        (&[(year, "1997")], (owned("1997"), None, Some(1997))),
        (&[(year, "1997"), (date, "1996")], (owned("1996"), None, Some(1996))),
        (&[(date, "1997"), (year, "1997-05")], (owned("1997-05"), None, Some(1997))),
        // The date of a remaster beside that of the recording.
        (
            &[(date, "1969-09-26"), (released, "2009")],
            (owned("2009"), owned("1969-09-26"), Some(2009)),
        ),
        (&[(date, "2009-09"), (released, "2009")], (owned("2009-09"), None, Some(2009))),
        (
            &[(date, "1969"), (released, "2009"), ("ORIGINALDATE", "1968-11-22")],
            (owned("2009"), owned("1968-11-22"), Some(2009)),
        ),
        (
            &[("ORIGINALYEAR", "1968"), ("ORIGINALDATE", "1968-11")],
            (None, owned("1968-11"), Some(1968)),
        ),
        (&[(date, "someday"), (released, "0000")], (None, None, None)),
    ];
    for (texts, expected) in cases {
        assert_eq!(dates(texts), expected, "{texts:?}");
    }
}

#[test]
fn gains_of_opus_files_are_against_another_loudness() {
    let both = [("R128_TRACK_GAIN", "-1536"), ("R128_ALBUM_GAIN", "256")];
    let gain = named(Format::Opus, &both).replay_gain;
    assert_eq!((gain.track_gain, gain.album_gain), (Some(Decibels(-100)), Some(Decibels(600))));
    let mixed = [("R128_TRACK_GAIN", "-1536"), ("REPLAYGAIN_TRACK_GAIN", "-3 dB")];
    assert_eq!(named(Format::Opus, &mixed).replay_gain.track_gain, Some(Decibels(-300)));
}

#[test]
fn what_means_nothing_is_left_out() {
    let tags = named(
        Format::Flac,
        &[
            ("BPM", "0"),
            ("BPM", "fast"),
            ("ITUNESADVISORY", "0"),
            ("ISRC", "none"),
            ("REPLAYGAIN_TRACK_GAIN", "loud"),
            ("REPLAYGAIN_TRACK_PEAK", "-1"),
            ("COMMENT", " 00000A2B 00000B3C 00003C4D 0000A1B2 00012345 00012345"),
            ("COMPILATION", "0"),
            ("LYRICS", " \n "),
            ("MUSICBRAINZ_TRACKID", "none"),
        ],
    );
    assert_eq!(tags, Tags::default());
}

#[test]
fn labels_of_other_names() {
    assert_eq!(named(Format::Flac, &[("PUBLISHER", "A")]).labels, ["A"]);
    assert_eq!(named(Format::Flac, &[("ORGANIZATION", "A"), ("PUBLISHER", "B")]).labels, ["A"]);
    assert_eq!(named(Format::Flac, &[("DESCRIPTION", "C")]).comment.as_deref(), Some("C"));
}
