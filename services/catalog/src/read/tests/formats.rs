//! Every format, tagged by another program's hand.

use hexachord_fixtures::{Tags as Written, tag};
use lofty::ape::ApeTag;
use lofty::config::WriteOptions;
use lofty::file::{AudioFile, TaggedFileExt};
use lofty::tag::{ItemKey, ItemValue, Tag, TagExt, TagItem};

use super::*;

#[test]
fn tags_and_facts_of_every_format() {
    let folder = TempDir::new().unwrap();
    for format in Format::ALL {
        let path = piece(&folder, format);
        let untagged = music(&path);
        assert_eq!(untagged.tags, Tags::default(), "{format:?}");
        let written = Written {
            title: "Ut queant laxis".into(),
            artists: vec!["Guido".into(), "AC/DC".into()],
            album: "Micrologus".into(),
            album_artists: vec!["Guido".into()],
            track: Some(3),
            disc: Some(2),
            year: Some(1997),
            genres: vec!["Chant".into(), "Folk".into()],
            picture: Some(png(40_000)),
            padding_comment: 100_000,
        };
        tag(&path, &written).unwrap();
        let music = music(&path);
        let tags = &music.tags;
        assert_eq!(tags.title.as_deref(), Some("Ut queant laxis"), "{format:?}");
        assert_eq!(tags.artists, ["Guido", "AC/DC"], "{format:?}");
        assert_eq!(tags.album.as_deref(), Some("Micrologus"), "{format:?}");
        assert_eq!(tags.album_artists, ["Guido"], "{format:?}");
        assert_eq!((tags.track_number, tags.disc_number), (Some(3), Some(2)), "{format:?}");
        assert_eq!((tags.year, tags.date.as_deref()), (Some(1997), Some("1997")), "{format:?}");
        assert_eq!(tags.genres, ["Chant", "Folk"], "{format:?}");
        assert_eq!(music.picture, Some(PictureId::of(&png(40_000))), "{format:?}");
        assert_eq!(embedded_picture(&path).unwrap(), Some(png(40_000)), "{format:?}");
        assert_eq!(music.fingerprint, untagged.fingerprint, "{format:?}");
        assert_eq!(music.bitrate_kbps, untagged.bitrate_kbps, "{format:?}");
        assert!((200..60_000).contains(&music.duration_ms), "{format:?} {}", music.duration_ms);
        assert!(music.sample_rate >= 8_000 && music.channels >= 1, "{format:?}");
    }
}

#[test]
fn durations_are_those_that_lofty_tells() {
    let folder = TempDir::new().unwrap();
    for format in Format::ALL {
        let path = piece(&folder, format);
        let told = lofty::probe::Probe::open(&path).unwrap().guess_file_type().unwrap();
        let told = told.read().unwrap().properties().duration().as_millis();
        let ours = u128::from(music(&path).duration_ms);
        assert!(told.abs_diff(ours) <= 1, "{format:?}: {told} {ours}");
    }
}

#[test]
fn a_misnamed_file_is_read_by_its_content() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("really a flac.mp3");
    Piece::new(Format::Flac, 1).write(&path).unwrap();
    let music = music(&path);
    assert_eq!((music.codec.as_str(), music.content_type.as_str()), ("flac", "audio/flac"));
}

/// Writes `items` with lofty and reads them back.
fn tagged(format: Format, items: &[(ItemKey, &str)]) -> Tags {
    let folder = TempDir::new().unwrap();
    let path = piece(&folder, format);
    let file = lofty::probe::Probe::open(&path).unwrap().guess_file_type().unwrap();
    let mut file = file.read().unwrap();
    let mut tag = Tag::new(file.primary_tag_type());
    for (key, value) in items {
        assert!(tag.push(TagItem::new(*key, ItemValue::Text((*value).to_owned()))), "{key:?}");
    }
    if format == Format::WavPack {
        // What all formats have in common keeps one value of each.
        ApeTag::from(tag).save_to_path(&path, WriteOptions::default()).unwrap();
    } else {
        file.insert_tag(tag);
        file.save_to_path(&path, WriteOptions::default()).unwrap();
    }
    music(&path).tags
}

#[test]
fn less_common_fields_of_every_format() {
    let id = |digit: char| {
        let digits = |count| String::from(digit).repeat(count);
        format!("{}-{}-{}-{}-{}", digits(8), digits(4), digits(4), digits(4), digits(12))
    };
    let (recording, release, group) = (id('a'), id('b'), id('c'));
    let (first, second) = (id('d'), id('e'));
    for format in Format::ALL {
        let tags = tagged(
            format,
            &[
                (ItemKey::TrackArtist, "Paolo feat. Guido"),
                (ItemKey::TrackArtists, "Paolo"),
                (ItemKey::TrackArtists, "Guido"),
                (ItemKey::AlbumArtists, "Guido"),
                (ItemKey::TrackNumber, "3"),
                (ItemKey::TrackTotal, "12"),
                (ItemKey::DiscNumber, "1"),
                (ItemKey::DiscTotal, "2"),
                (ItemKey::RecordingDate, "1997-05-21"),
                (ItemKey::OriginalReleaseDate, "1962-11"),
                (ItemKey::SetSubtitle, "Vespers"),
                (ItemKey::Composer, "Hildegard"),
                (ItemKey::FlagCompilation, "1"),
                (ItemKey::TrackArtistSortOrder, "Paolo, Fra"),
                (ItemKey::AlbumArtistSortOrder, "Guido, Fra"),
                (ItemKey::TrackTitleSortOrder, "Ut"),
                (ItemKey::AlbumTitleSortOrder, "Micro"),
                (ItemKey::MusicBrainzRecordingId, &recording),
                (ItemKey::MusicBrainzReleaseId, &release),
                (ItemKey::MusicBrainzReleaseGroupId, &group),
                (ItemKey::MusicBrainzArtistId, &first),
                (ItemKey::MusicBrainzArtistId, &second),
                (ItemKey::MusicBrainzReleaseArtistId, &second),
            ],
        );
        let expected = Tags {
            artists: vec!["Paolo".into(), "Guido".into()],
            album_artists: vec!["Guido".into()],
            track_number: Some(3),
            track_total: Some(12),
            disc_number: Some(1),
            disc_total: Some(2),
            disc_title: Some("Vespers".into()),
            year: Some(1997),
            date: Some("1997-05-21".into()),
            original_date: Some("1962-11".into()),
            contributors: vec![TaggedContributor {
                role: ContributorRole::Composer,
                name: "Hildegard".into(),
                instrument: None,
            }],
            display_artist: Some("Paolo feat. Guido".into()),
            compilation: true,
            artist_sort: vec!["Paolo, Fra".into()],
            album_artist_sort: vec!["Guido, Fra".into()],
            title_sort: Some("Ut".into()),
            album_sort: Some("Micro".into()),
            musicbrainz: MusicBrainzIds {
                recording: Some(recording.clone()),
                track: None,
                album: Some(release.clone()),
                release_group: Some(group.clone()),
                artists: vec![first.clone(), second.clone()],
                album_artists: vec![second.clone()],
            },
            ..Tags::default()
        };
        assert_eq!(tags, expected, "{format:?}");
    }
}

#[test]
fn a_lesser_tag_fills_only_gaps() {
    let folder = TempDir::new().unwrap();
    let tag = id3v2_tag(4, &frame(*b"TIT2", b"\x03Long and right"));
    let path = mp3_with(&folder, &tag);
    let mut id3v1 = b"TAGLong and".to_vec();
    id3v1.resize(33, 0);
    id3v1.extend(b"Guido");
    id3v1.resize(127, 0);
    id3v1.push(255);
    fs::write(&path, [fs::read(&path).unwrap(), id3v1].concat()).unwrap();
    let tags = music(&path).tags;
    assert_eq!(tags.title.as_deref(), Some("Long and right"));
    assert_eq!(tags.artists, ["Guido"]);
}
