//! The demo library as a whole: its scores, its sound, its files.

use super::catalogue::{Format, VARIOUS};
use super::*;
use lofty::config::ParseOptions;
use lofty::file::{AudioFile, TaggedFileExt};
use lofty::picture::MimeType;
use lofty::probe::Probe;
use lofty::tag::{Accessor, ItemKey};
use std::collections::HashSet;
use std::sync::Mutex;

const CHIME: &str = "tempo 240\nbroaden 0\npart tune musicbox\nsection A\ntune: C5 E G C6\nplay A";

/// A library that is rendered in no time: both formats, both kinds of cover.
static SMALL: &[Album] = &[
    Album {
        title: "Bells",
        artist: VARIOUS,
        year: 2020,
        genre: "Test",
        cover: Cover::Embedded,
        motif: covers::Motif::Tiles,
        tracks: &[Track {
            disc: 2,
            number: 1,
            title: "Chime",
            artists: &["One", "Two"],
            composer: "Nobody",
            format: Format::Flac,
            tune: CHIME,
        }],
    },
    Album {
        title: "Waves",
        artist: "One",
        year: 2021,
        genre: "Test",
        cover: Cover::Beside("cover.png"),
        motif: covers::Motif::Arcade,
        tracks: &[Track {
            disc: 1,
            number: 1,
            title: "Chime",
            artists: &[],
            composer: "Nobody",
            format: Format::Wav,
            tune: CHIME,
        }],
    },
];

fn quiet(_: Progress<'_>) {}

fn every_track() -> impl Iterator<Item = (&'static Album, &'static Track)> {
    ALBUMS.iter().flat_map(|album| album.tracks.iter().map(move |track| (album, track)))
}

/// Seconds, the peak and the longest stretch below -60 dBFS of 16-bit stereo.
fn measure(samples: &[u8]) -> (f64, f64, f64) {
    let levels: Vec<i32> = samples
        .chunks_exact(2)
        .map(|pair| i32::from(i16::from_le_bytes([pair[0], pair[1]])).abs())
        .collect();
    let seconds = |count: usize| f64::from(u32::try_from(count).unwrap()) / 88_200.0;
    let peak = levels.iter().copied().max().unwrap();
    let (mut run, mut longest) = (0, 0);
    for level in &levels {
        run = if *level < 33 { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    (seconds(levels.len()), f64::from(peak) / 32_768.0, seconds(longest))
}

fn assert_sounds_well(title: &str, samples: &[u8]) {
    let (seconds, peak, silence) = measure(samples);
    // -3 and -0.5 dBFS.
    assert!((0.708..0.944).contains(&peak), "{title} peaks at {peak}");
    assert!(silence < 3.0, "{title} is silent for {silence} s");
    assert!((3.0..75.0).contains(&seconds), "{title} lasts {seconds} s");
}

#[test]
fn every_score_adds_up_and_lasts_a_while() {
    for (_, track) in every_track() {
        let score =
            Score::parse(track.tune).unwrap_or_else(|error| panic!("{}: {error}", track.title));
        let (cues, end) = arrange::arrange(&score);
        assert!((20.0..60.0).contains(&end), "{} lasts {end} s", track.title);
        for number in 0..score.parts.len() {
            let part = &score.parts[number].line;
            assert!(cues.iter().any(|cue| cue.part == number), "{}: {part} is mute", track.title);
        }
        assert!(cues.iter().all(|cue| (23..=103).contains(&cue.pitch)), "{}", track.title);
    }
}

#[test]
fn the_catalogue_is_varied_and_its_names_are_safe() {
    let count = |names: HashSet<&str>| names.len();
    let titles = every_track().map(|(_, track)| track.title).collect();
    assert_eq!(count(titles), every_track().count());
    assert!(count(ALBUMS.iter().map(|album| album.genre).collect()) >= 6);
    assert!(every_track().any(|(_, track)| track.artists.len() == 2));
    for (album, track) in every_track() {
        assert!(album.artist != VARIOUS || !track.artists.is_empty(), "{}", track.title);
        let name = album.file_name(track);
        let unsafe_on_some_system = |c: char| "/\\:*?\"<>|".contains(c) || c.is_control();
        assert!(!name.contains(unsafe_on_some_system), "{name}");
    }
}

#[test]
fn a_short_tune_sounds_well_and_always_the_same() {
    let score = Score::parse(CHIME).unwrap();
    let samples = render::render(&score, 1);
    assert_sounds_well("the chime", &samples);
    assert_eq!(samples, render::render(&score, 1));
    assert_ne!(samples, render::render(&score, 2));
}

#[test]
fn every_tune_sounds_well() {
    for (_, track) in every_track() {
        let score = Score::parse(track.tune).unwrap();
        assert_sounds_well(track.title, &render::render(&score, seed(track.title)));
    }
}

#[test]
fn files_carry_their_tags_and_covers() {
    let folder = tempfile::tempdir().unwrap();
    let heard = Mutex::new(Vec::new());
    let summary = create_from(SMALL, folder.path(), &|progress| {
        heard.lock().unwrap().push((progress.done, progress.total));
    })
    .unwrap();
    assert_eq!((summary.created, summary.kept, summary.albums), (2, 0, 2));
    assert_eq!(heard.into_inner().unwrap(), [(1, 2), (2, 2)]);

    let path = folder.path().join("Various Artists/2020 - Bells/2-01 Chime.flac");
    let file = Probe::open(path).unwrap().options(ParseOptions::new()).read().unwrap();
    let length = file.properties().duration().as_secs_f64();
    assert!((3.3..3.5).contains(&length), "{length}");
    let tag = file.primary_tag().unwrap();
    assert_eq!(tag.get_strings(ItemKey::TrackArtist).collect::<Vec<_>>(), ["One", "Two"]);
    assert_eq!(tag.get_string(ItemKey::AlbumArtist), Some(VARIOUS));
    assert_eq!(tag.get_string(ItemKey::Composer), Some("Nobody"));
    assert_eq!(tag.get_string(ItemKey::FlagCompilation), Some("1"));
    assert_eq!(tag.get_string(ItemKey::RecordingDate), Some("2020"));
    assert_eq!((tag.disk(), tag.disk_total(), tag.track()), (Some(2), Some(2), Some(1)));
    assert_eq!(tag.pictures()[0].mime_type(), Some(&MimeType::Jpeg));
    let picture = image::load_from_memory(tag.pictures()[0].data()).unwrap();
    assert_eq!((picture.width(), picture.height()), (800, 800));

    let place = folder.path().join("One/2021 - Waves");
    let file = Probe::open(place.join("01 Chime.wav")).unwrap().read().unwrap();
    let tag = file.primary_tag().unwrap();
    assert_eq!(tag.title().as_deref(), Some("Chime"));
    assert_eq!(tag.artist().as_deref(), Some("One"));
    assert_eq!((tag.album().as_deref(), tag.genre().as_deref()), (Some("Waves"), Some("Test")));
    assert_eq!(image::open(place.join("cover.png")).unwrap().width(), 800);
}

#[test]
fn an_interrupted_creation_goes_on_and_ends_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["Various Artists/2020 - Bells/2-01 Chime.flac", "One/2021 - Waves/01 Chime.wav"]
        .map(|path| folder.path().join(path));
    create_from(SMALL, folder.path(), &quiet).unwrap();
    assert!(!is_wanted(folder.path()), "complete");
    assert!(is_wanted(&folder.path().join("elsewhere")));
    std::fs::write(folder.path().join(UNFINISHED), []).unwrap();
    assert!(is_wanted(folder.path()), "interrupted");

    for path in &paths {
        let before = std::fs::read(path).unwrap();
        std::fs::remove_file(path).unwrap();
        // What a killed process leaves behind: half a file under its temporary name.
        let half = path.with_extension(format!("{}.part", path.extension().unwrap().display()));
        std::fs::write(&half, &before[..1000]).unwrap();
        let summary = create_from(SMALL, folder.path(), &quiet).unwrap();
        assert_eq!((summary.created, summary.kept), (1, 1));
        assert!(std::fs::read(path).unwrap() == before, "{} differs", path.display());
        assert!(!half.exists());
    }
}

#[test]
fn a_file_where_a_folder_should_be_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("One"), "in the way").unwrap();
    let error = create_from(&SMALL[1..], folder.path(), &quiet).unwrap_err();
    assert!(matches!(error, DemoError::Write(WriteError::InTheWay { .. })), "{error:?}");
    assert!(error.to_string().contains("2021 - Waves stands in the way"), "{error}");
}
