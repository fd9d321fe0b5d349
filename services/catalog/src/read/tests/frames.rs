//! Tags as single formats write them: frames, atoms, items and chunks.

use hexachord_contracts::{
    catalog::{ContributorRole as Role, ReplayGain},
    decibels::Decibels,
};
use lofty::ape::{ApeItem, ApeTag};
use lofty::config::WriteOptions;
use lofty::iff::aiff::AiffTextChunks;
use lofty::iff::wav::RiffInfoList;
use lofty::mp4::{AdvisoryRating, Atom, AtomData, AtomIdent, Ilst};
use lofty::picture::{MimeType, Picture, PictureType};
use lofty::tag::{Accessor, ItemValue, TagExt};

use super::fields::person;
use super::*;

fn id3v2(version: u8, frames: &[Vec<u8>]) -> Tags {
    let folder = TempDir::new().unwrap();
    music(&mp3_with(&folder, &id3v2_tag(version, &frames.concat()))).tags
}

/// A text frame in UTF-8.
fn text(id: [u8; 4], text: &str) -> Vec<u8> {
    frame(id, &[b"\x03", text.as_bytes()].concat())
}

/// A text frame in Latin-1, as older versions know it.
fn old(id: [u8; 4], text: &str) -> Vec<u8> {
    frame(id, &[b"\0", text.as_bytes()].concat())
}

/// A frame of version 2.2.
fn short(id: [u8; 3], content: &str) -> Vec<u8> {
    let size = u32::try_from(content.len() + 1).unwrap().to_be_bytes();
    [&id[..], &size[1..], b"\0", content.as_bytes()].concat()
}

#[test]
fn frames_of_version_2_4() {
    let tags = id3v2(
        4,
        &[
            text(*b"TPE1", "Paolo feat. Guido"),
            text(*b"TPE3", "Odo"),
            text(*b"TPE4", "DJ Neuma"),
            text(*b"TCOM", "Hildegard\0Kassia"),
            text(*b"TSOC", "Bingen, Hildegard\0Kassia"),
            text(*b"TEXT", "Paulus"),
            text(*b"TIPL", "producer\0Pro\0executive producer\0Exe\0mastering\0Nobody\0mix\0Mix"),
            text(*b"TMCL", "monochord\0Guido\0Lead Vocals\0Paolo\0\0Choir"),
            text(*b"TMOO", "Calm"),
            text(*b"TBPM", "128"),
            text(*b"TKEY", "8A"),
            text(*b"TSRC", "USS1Z9900001\0GBAYE0601498"),
            text(*b"TPUB", "Scriptorium"),
            text(*b"TSST", "Vespers"),
            text(*b"TDRC", "2009-09-09T10:00:00"),
            text(*b"TDOR", "1969-09"),
            text(*b"TCMP", "1"),
            frame(*b"COMM", b"\x03engiTunNORM\0 00000A2B 00000B3C"),
            frame(*b"COMM", b"\x03engSongs-DB_Custom1\0junk"),
            frame(*b"COMM", b"\x03eng\0Sung in Arezzo"),
            frame(*b"USLT", b"\x03lat\0Ut queant laxis\r\nresonare"),
            frame(*b"SYLT", b"\x03lat\x02\x01\0Ut queant\0\0\0\x03\xE8resonare\0\0\0\x07\xD0"),
            frame(*b"UFID", b"http://musicbrainz.org\0c5d3a8f0-0000-4000-8000-00000000000a"),
            frame(*b"TXXX", b"\x03replaygain_track_gain\0-7.31 dB"),
            frame(*b"RVA2", b"album\0\x01\xFC\x00\x10\x40\x00"),
        ],
    );
    let expected = Tags {
        artists: vec!["Paolo feat. Guido".into()],
        contributors: vec![
            person(Role::Composer, "Hildegard", None),
            person(Role::Composer, "Kassia", None),
            person(Role::Lyricist, "Paulus", None),
            person(Role::Conductor, "Odo", None),
            person(Role::Performer, "Guido", Some("monochord")),
            person(Role::Performer, "Paolo", Some("lead vocals")),
            person(Role::Performer, "Choir", None),
            person(Role::Remixer, "DJ Neuma", None),
            person(Role::Producer, "Pro", None),
            person(Role::Producer, "Exe", None),
            person(Role::Mixer, "Mix", None),
        ],
        composer_sort: vec!["Bingen, Hildegard".into(), "Kassia".into()],
        moods: vec!["Calm".into()],
        bpm: Some(128),
        key: Some("8A".into()),
        isrc: vec!["USS1Z9900001".into(), "GBAYE0601498".into()],
        labels: vec!["Scriptorium".into()],
        disc_title: Some("Vespers".into()),
        year: Some(2009),
        date: Some("2009-09-09".into()),
        original_date: Some("1969-09".into()),
        compilation: true,
        comment: Some("Sung in Arezzo".into()),
        replay_gain: ReplayGain {
            track_gain: Some(Decibels(-731)),
            album_gain: Some(Decibels(-200)),
            track_peak: None,
            album_peak: Some(500_000),
        },
        musicbrainz: MusicBrainzIds {
            recording: Some("c5d3a8f0-0000-4000-8000-00000000000a".into()),
            ..MusicBrainzIds::default()
        },
        lyrics: tags.lyrics.clone(),
        ..Tags::default()
    };
    assert_eq!(tags, expected);
    let lyrics: Vec<_> =
        tags.lyrics.iter().map(|l| (l.synced, l.language.as_deref(), l.lines.len())).collect();
    assert_eq!(lyrics, [(true, Some("lat"), 2), (false, Some("lat"), 2)]);
    assert_eq!(tags.lyrics[0].lines[1].start_ms, Some(2_000));
}

#[test]
fn frames_count_more_than_texts_of_ones_own() {
    let tags = id3v2(
        4,
        &[
            frame(*b"TXXX", b"\x03ALBUM ARTIST\0Someone"),
            frame(*b"TXXX", b"\x03DATE\x001901"),
            text(*b"TPE2", "Guido"),
            text(*b"TDRC", "1997"),
            frame(*b"TXXX", b"\x03MOOD\0Calm"),
        ],
    );
    assert_eq!((tags.album_artists, tags.date), (vec!["Guido".into()], Some("1997".into())));
    assert_eq!(tags.moods, ["Calm"]);
}

#[test]
fn frames_of_version_2_3() {
    let tags = id3v2(
        3,
        &[
            old(*b"TYER", "1997"),
            old(*b"TDAT", "2105"),
            old(*b"TORY", "1962"),
            old(*b"TCOM", "Lennon/McCartney"),
            old(*b"TCON", "(17)(4)Eurodisco"),
            frame(*b"IPLS", b"\0guitar\0Guido\0engineer\0Eng\0DJ-mix\0Dee\0"),
            frame(*b"COMM", b"\0eng\0old"),
        ],
    );
    let expected = Tags {
        year: Some(1997),
        date: Some("1997-05-21".into()),
        original_date: Some("1962".into()),
        genres: vec!["Rock".into(), "Disco".into(), "Eurodisco".into()],
        comment: Some("old".into()),
        contributors: vec![
            person(Role::Composer, "Lennon/McCartney", None),
            person(Role::Performer, "Guido", Some("guitar")),
            person(Role::Engineer, "Eng", None),
            person(Role::DjMixer, "Dee", None),
        ],
        ..Tags::default()
    };
    assert_eq!(tags, expected);
    // Taggers that mix the versions, and a day that is none.
    assert_eq!(id3v2(3, &[text(*b"TDRC", "1997-05-21")]).date.as_deref(), Some("1997-05-21"));
    let frames = [old(*b"TYER", "1997"), old(*b"TDAT", "0000")];
    assert_eq!(id3v2(3, &frames).date.as_deref(), Some("1997"));
    assert_eq!(id3v2(3, &[old(*b"TYER", "1997-05-21")]).date.as_deref(), Some("1997-05-21"));
}

#[test]
fn frames_of_version_2_2() {
    let tags = id3v2(
        2,
        &[
            short(*b"TT2", "Ut queant laxis"),
            short(*b"TP1", "Guido"),
            short(*b"TCM", "Hildegard"),
            short(*b"TRK", "3/12"),
            short(*b"TYE", "1997"),
            short(*b"TDA", "2105"),
            short(*b"TBP", "90"),
            short(*b"TXX", "ARTISTS\0Guido"),
            short(*b"COM", "eng\0old"),
            short(*b"ULT", "lat\0Ut queant laxis"),
            short(*b"IPL", "harp\0Paolo\0"),
        ],
    );
    let expected = Tags {
        title: Some("Ut queant laxis".into()),
        artists: vec!["Guido".into()],
        display_artist: Some("Guido".into()),
        track_number: Some(3),
        track_total: Some(12),
        year: Some(1997),
        date: Some("1997-05-21".into()),
        bpm: Some(90),
        comment: Some("old".into()),
        contributors: vec![
            person(Role::Composer, "Hildegard", None),
            person(Role::Performer, "Paolo", Some("harp")),
        ],
        lyrics: tags.lyrics.clone(),
        ..Tags::default()
    };
    assert_eq!(tags, expected);
    assert_eq!(tags.lyrics[0].language.as_deref(), Some("lat"));
}

#[test]
fn genres_by_number() {
    assert_eq!(id3v2(4, &[text(*b"TCON", "17\0Chant\0(4)")]).genres, ["Rock", "Chant", "Disco"]);
    assert_eq!(id3v2(4, &[text(*b"TCON", "Chant; Folk")]).genres, ["Chant; Folk"]);
}

#[test]
fn an_id3v1_tag() {
    let folder = TempDir::new().unwrap();
    let path = piece(&folder, Format::Mp3);
    let mut tag = b"TAGUt queant laxis".to_vec();
    tag.resize(93, 0);
    tag.extend(b"1962Sung in Arezzo");
    tag.resize(126, 0);
    tag.extend([5, 17]);
    fs::write(&path, [fs::read(&path).unwrap(), tag].concat()).unwrap();
    let expected = Tags {
        title: Some("Ut queant laxis".into()),
        year: Some(1962),
        date: Some("1962".into()),
        track_number: Some(5),
        genres: vec!["Rock".into()],
        comment: Some("Sung in Arezzo".into()),
        ..Tags::default()
    };
    assert_eq!(music(&path).tags, expected);
}

#[test]
fn items_of_an_ape_tag() {
    let folder = TempDir::new().unwrap();
    let path = piece(&folder, Format::Mp3);
    let mut tag = ApeTag::new();
    for (name, value) in [
        ("Artist", "Guido\0Paolo"),
        ("Album Artist", "Guido"),
        ("Year", "1997-05-21"),
        ("Track", "3/12"),
        ("MixArtist", "DJ Neuma"),
        ("Performer", "Guido (harp)"),
        ("Catalog", "SC 1"),
        ("REPLAYGAIN_TRACK_GAIN", "-3.00 dB"),
        ("Lyrics", "[00:01]Ut"),
    ] {
        tag.insert(ApeItem::new(name.into(), ItemValue::Text(value.into())).unwrap());
    }
    let picture = Picture::unchecked(png(500)).pic_type(PictureType::CoverFront);
    let picture = picture.mime_type(MimeType::Png).build().as_ape_bytes();
    let cover = ApeItem::new("Cover Art (Front)".into(), ItemValue::Binary(picture)).unwrap();
    tag.insert(cover);
    tag.save_to_path(&path, WriteOptions::default()).unwrap();
    let music = music(&path);
    let expected = Tags {
        artists: vec!["Guido".into(), "Paolo".into()],
        album_artists: vec!["Guido".into()],
        year: Some(1997),
        date: Some("1997-05-21".into()),
        track_number: Some(3),
        track_total: Some(12),
        contributors: vec![
            person(Role::Performer, "Guido", Some("harp")),
            person(Role::Remixer, "DJ Neuma", None),
        ],
        catalogue_numbers: vec!["SC 1".into()],
        replay_gain: ReplayGain { track_gain: Some(Decibels(-300)), ..ReplayGain::default() },
        lyrics: music.tags.lyrics.clone(),
        ..Tags::default()
    };
    assert_eq!(music.tags, expected);
    assert!(music.tags.lyrics[0].synced);
    assert_eq!(music.picture, Some(PictureId::of(&png(500))));
}

#[test]
fn atoms_of_mp4() {
    let folder = TempDir::new().unwrap();
    let path = piece(&folder, Format::Aac);
    let mut tag = Ilst::new();
    let mut add =
        |letters: &[u8; 4], data| tag.insert(Atom::new(AtomIdent::Fourcc(*letters), data));
    let utf8 = |text: &str| AtomData::UTF8(text.into());
    add(b"\xa9ART", utf8("Guido"));
    add(b"\xa9wrt", utf8("Hildegard"));
    add(b"soco", utf8("Bingen, Hildegard"));
    add(b"\xa9day", utf8("1997-05-21T07:00:00Z"));
    add(b"\xa9cmt", utf8("Sung in Arezzo"));
    add(b"\xa9lyr", utf8("Ut queant laxis"));
    add(b"tmpo", AtomData::SignedInteger(128));
    add(b"cpil", AtomData::Bool(true));
    let data = vec![0, 0, 0, 3, 0, 12, 0, 0];
    add(b"trkn", AtomData::Unknown { code: lofty::mp4::DataType::Reserved, data });
    let data = vec![0, 18];
    add(b"gnre", AtomData::Unknown { code: lofty::mp4::DataType::Reserved, data });
    tag.set_advisory_rating(AdvisoryRating::Explicit);
    tag.set_title("Ut".into());
    tag.save_to_path(&path, WriteOptions::default()).unwrap();
    let tags = music(&path).tags;
    let expected = Tags {
        title: Some("Ut".into()),
        artists: vec!["Guido".into()],
        contributors: vec![person(Role::Composer, "Hildegard", None)],
        composer_sort: vec!["Bingen, Hildegard".into()],
        year: Some(1997),
        date: Some("1997-05-21".into()),
        track_number: Some(3),
        track_total: Some(12),
        genres: vec!["Rock".into()],
        comment: Some("Sung in Arezzo".into()),
        bpm: Some(128),
        compilation: true,
        explicit: Some(true),
        lyrics: tags.lyrics.clone(),
        ..Tags::default()
    };
    assert_eq!(tags, expected);
    assert_eq!(tags.lyrics[0].lines[0].text, "Ut queant laxis");
}

#[test]
fn chunks_of_wav_and_aiff() {
    let folder = TempDir::new().unwrap();
    let path = piece(&folder, Format::Wav);
    let mut list = RiffInfoList::new();
    for (name, value) in [
        ("INAM", "Ut"),
        ("IART", "Guido"),
        ("IPRD", "Micrologus"),
        ("ICRD", "1997-05-21"),
        ("IGNR", "Chant"),
        ("ICMT", "Sung in Arezzo"),
        ("IMUS", "Hildegard"),
        ("IENG", "Eng"),
        ("ITRK", "3"),
    ] {
        list.insert(name.into(), value.into());
    }
    list.save_to_path(&path, WriteOptions::default()).unwrap();
    let expected = Tags {
        title: Some("Ut".into()),
        artists: vec!["Guido".into()],
        album: Some("Micrologus".into()),
        year: Some(1997),
        date: Some("1997-05-21".into()),
        genres: vec!["Chant".into()],
        comment: Some("Sung in Arezzo".into()),
        contributors: vec![
            person(Role::Composer, "Hildegard", None),
            person(Role::Engineer, "Eng", None),
        ],
        track_number: Some(3),
        ..Tags::default()
    };
    assert_eq!(music(&path).tags, expected);

    let path = piece(&folder, Format::Aiff);
    let chunks = AiffTextChunks {
        name: Some("Ut".into()),
        author: Some("Guido".into()),
        annotations: Some(vec!["Sung in Arezzo".into()]),
        ..AiffTextChunks::default()
    };
    chunks.save_to_path(&path, WriteOptions::default()).unwrap();
    let expected = Tags {
        title: Some("Ut".into()),
        artists: vec!["Guido".into()],
        comment: Some("Sung in Arezzo".into()),
        ..Tags::default()
    };
    assert_eq!(music(&path).tags, expected);
}
