//! What is parted, and what is not.

use hexachord_contracts::catalog::ContributorRole;
use proptest::{prelude::*, test_runner::RngSeed};

use super::*;

fn artists(splitter: &Splitter, written: &[&str]) -> (Vec<String>, Option<String>) {
    let artists = written.iter().map(|name| (*name).to_owned()).collect();
    let mut tags = Tags { artists, ..Tags::default() };
    splitter.split(&mut tags);
    (tags.artists, tags.display_artist)
}

#[test]
fn one_text_for_several_artists_is_parted() {
    let splitter = Splitter::default();
    let cases: [(&str, &[&str]); 17] = [
        ("A feat. B; C", &["A", "B", "C"]),
        ("A Ft. B", &["A", "B"]),
        ("A  FEATURING  B", &["A", "B"]),
        ("A (feat. B)", &["A", "B"]),
        ("A [ft B & C]", &["A", "B & C"]),
        ("A (feat. B; C) / D", &["A", "D", "B", "C"]),
        ("A / B", &["A", "B"]),
        ("A;B ;; C;", &["A", "B", "C"]),
        ("AC/DC feat. X", &["AC/DC", "X"]),
        ("ac/dc", &["ac/dc"]),
        ("A/B", &["A/B"]),
        ("Simon & Garfunkel", &["Simon & Garfunkel"]),
        ("Tyler, the Creator", &["Tyler, the Creator"]),
        ("Defeat. Ft", &["Defeat. Ft"]),
        ("A (live)", &["A (live)"]),
        (";", &[";"]),
        ("A; a", &["A"]),
    ];
    for (written, expected) in cases {
        let (names, display) = artists(&splitter, &[written]);
        assert_eq!(names, expected, "{written}");
        let is_shown = expected.len() > 1 || written == "A; a";
        assert_eq!(display.as_deref(), is_shown.then_some(written), "{written}");
    }
}

#[test]
fn several_texts_stay_as_they_are() {
    let splitter = Splitter::default();
    let (names, display) = artists(&splitter, &["A feat. B", "C; D"]);
    assert_eq!((names, display), (vec!["A feat. B".into(), "C; D".into()], None));
}

#[test]
fn a_list_has_its_line_beside_it() {
    let mut tags = Tags {
        artists: vec!["A".into(), "B".into()],
        display_artist: Some("A with B".into()),
        album_artists: vec!["A".into(), "B".into()],
        display_album_artist: Some("A, B".into()),
        ..Tags::default()
    };
    Splitter::default().split(&mut tags);
    assert_eq!(tags.display_artist.as_deref(), Some("A with B"));
    assert_eq!(tags.display_album_artist, None, "it is what would be shown anyway");
}

#[test]
fn a_slash_parts_as_many_names_as_there_are_ids() {
    let split = |ids: usize| {
        let mut tags = Tags { artists: vec!["Paolo/Guido".into()], ..Tags::default() };
        tags.musicbrainz.artists = vec![String::new(); ids];
        Splitter::default().split(&mut tags);
        tags.artists
    };
    assert_eq!(split(2), ["Paolo", "Guido"]);
    for ids in [0, 1, 3] {
        assert_eq!(split(ids), ["Paolo/Guido"]);
    }
}

#[test]
fn separators_and_names_are_configured() {
    let splitter = Splitter::new(&Splitting {
        artist_separators: vec![" & ".into(), ", ".into(), "/".into(), " vs ".into()],
        genre_separators: vec!["|".into()],
        never_split: ["AC/DC", "Earth, Wind & Fire", "Nobody (vs Nobody)"].map(Into::into).into(),
    });
    let cases: [(&str, &[&str]); 6] = [
        ("EARTH, WIND & FIRE & Guido", &["EARTH, WIND & FIRE", "Guido"]),
        ("Guido, AC/DC/Paolo", &["Guido", "AC/DC", "Paolo"]),
        ("Guido feat. Paolo", &["Guido feat. Paolo"]),
        ("AC/DCX", &["AC", "DCX"]),
        ("Guido [VS Paolo]", &["Guido", "Paolo"]),
        ("Nobody (vs Nobody)", &["Nobody (vs Nobody)"]),
    ];
    for (written, expected) in cases {
        assert_eq!(artists(&splitter, &[written]).0, expected, "{written}");
    }
    let mut tags = Tags { genres: vec!["Folk/Chant|Plain; chant".into()], ..Tags::default() };
    splitter.split(&mut tags);
    assert_eq!(tags.genres, ["Folk/Chant", "Plain; chant"]);
}

#[test]
fn genres_moods_and_sort_names() {
    let mut tags = Tags {
        artists: vec!["Guido feat. Paolo".into()],
        artist_sort: vec!["Arezzo, Guido feat. Verona, Paolo".into()],
        genres: vec!["Hip-Hop/Rap, Singer/Songwriter; rap".into()],
        moods: vec!["Calm; Sad".into()],
        ..Tags::default()
    };
    Splitter::default().split(&mut tags);
    assert_eq!(tags.artist_sort, ["Arezzo, Guido", "Verona, Paolo"]);
    assert_eq!(tags.genres, ["Hip-Hop", "Rap", "Singer/Songwriter"]);
    assert_eq!(tags.moods, ["Calm", "Sad"]);
    let mut tags = Tags { genres: vec!["R&B; Soul".into(), "Rap".into()], ..Tags::default() };
    Splitter::default().split(&mut tags);
    assert_eq!(tags.genres, ["R&B; Soul", "Rap"]);
}

#[test]
fn people_of_one_role_are_parted_and_named_once() {
    let person = |role, name: &str, instrument: Option<&str>| TaggedContributor {
        role,
        name: name.to_owned(),
        instrument: instrument.map(str::to_owned),
    };
    let (composer, performer) = (ContributorRole::Composer, ContributorRole::Performer);
    let mut tags = Tags {
        contributors: vec![
            person(composer, "Lennon/McCartney", None),
            person(performer, "AC/DC; X", Some("voice")),
            person(performer, "Guido", Some("Voice")),
            person(performer, "GUIDO", Some("voice")),
            person(performer, "Guido", None),
        ],
        ..Tags::default()
    };
    Splitter::default().split(&mut tags);
    assert_eq!(
        tags.contributors,
        [
            person(composer, "Lennon", None),
            person(composer, "McCartney", None),
            person(performer, "AC/DC; X", Some("voice")),
            person(performer, "Guido", Some("Voice")),
            person(performer, "Guido", None),
        ]
    );
}

#[test]
fn rules_differ_when_the_configuration_does() {
    let default = Splitter::default().rules();
    assert_eq!(default, Splitter::new(&Splitting::default()).rules());
    let other = Splitting { never_split: vec!["X".into()], ..Splitting::default() };
    assert_ne!(default, Splitter::new(&other).rules());
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost_and_nothing_is_empty(
        text in r"(A|b|ß|İ| |;|/|feat\. |ft|\(feat |\)|\[|AC/DC|, ){0,20}",
    ) {
        let parts = Splitter::default().artists.parts(&text);
        prop_assert!(!parts.is_empty());
        if parts.len() > 1 {
            prop_assert!(parts.iter().all(|part| !part.trim().is_empty()));
        }
        let length: usize = parts.iter().map(String::len).sum();
        prop_assert!(length <= text.len());
        let letters = |text: &str| text.matches(['A', 'b', 'ß', 'İ']).count();
        prop_assert_eq!(parts.iter().map(|part| letters(part)).sum::<usize>(), letters(&text));
    }
}
