//! Tags and durations as lofty reads them, whatever the format.

use std::time::Duration;

use hexachord_audio::{Codec, Container, Probe};
use lofty::ape::ApeTag;
use lofty::config::{GlobalOptions, ParseOptions, ParsingMode, apply_global_options};
use lofty::error::FileParseError;
use lofty::file::{AudioFile, TaggedFile, TaggedFileExt};
use lofty::flac::FlacFile;
use lofty::id3::v2::Id3v2Tag;
use lofty::iff::{aiff::AiffFile, wav::WavFile};
use lofty::mp4::{AtomData, AtomIdent, Ilst, Mp4File};
use lofty::mpeg::MpegFile;
use lofty::ogg::tag::VorbisComments;
use lofty::ogg::{OpusFile, VorbisFile};
use lofty::tag::{ItemKey, Tag, TagType};

use super::collector::{Collector, Field};
use super::window::{BUDGET, Window};

/// Names under which programs write what tells releases of one album apart.
const ALBUM_VERSION: [&str; 3] =
    ["ALBUMVERSION", "MUSICBRAINZ_ALBUMCOMMENT", "MusicBrainz Album Comment"];

/// What lofty makes of a file.
struct Parsed {
    file: TaggedFile,
    /// Lofty has no common key for it.
    album_version: Option<String>,
}

/// What is asked of lofty, from the most to the least: a tag that it refuses may hide behind its
/// picture, and what it does not read it cannot refuse.
const LOOKS: [Look; 3] = [
    Look { tags: true, pictures: true },
    Look { tags: true, pictures: false },
    Look { tags: false, pictures: false },
];

#[derive(Clone, Copy)]
struct Look {
    tags: bool,
    pictures: bool,
}

/// Gives what the tags say to `collector`, and returns how long the file plays as its headers tell
/// it (zero where they do not). Tags that lofty refuses are no reason not to play.
pub(super) fn read(window: &mut Window<'_>, probe: &Probe, collector: &mut Collector) -> Duration {
    let parsed = LOOKS.into_iter().find_map(|look| parse(window, probe, look).ok());
    parsed.map_or(Duration::ZERO, |parsed| {
        collect(&parsed, collector);
        parsed.file.properties().duration()
    })
}

fn parse(window: &mut Window<'_>, probe: &Probe, look: Look) -> Result<Parsed, FileParseError> {
    // These belong to the thread, and cost nothing to set.
    apply_global_options(
        GlobalOptions::new()
            .allocation_limit(usize::try_from(BUDGET).unwrap_or(usize::MAX))
            .use_custom_resolvers(false)
            .preserve_format_specific_items(false),
    );
    let options = ParseOptions::new()
        .parsing_mode(ParsingMode::Relaxed)
        .read_tags(look.tags)
        .read_cover_art(look.pictures);
    // Of these two lofty knows how to skip what stands before them.
    let skipped =
        if matches!(probe.container, Container::Mpeg | Container::Flac) { 0 } else { probe.start };
    let source = window.behind(skipped);
    Ok(match (probe.container, probe.codec) {
        (Container::Mpeg, _) => {
            let file = MpegFile::read_from(source, options)?;
            let album_version = file.id3v2().and_then(id3v2_version);
            let album_version = album_version.or_else(|| file.ape().and_then(ape_version));
            Parsed { file: file.into(), album_version }
        }
        (Container::Flac, _) => {
            let file = FlacFile::read_from(source, options)?;
            let album_version = file.vorbis_comments().and_then(vorbis_version);
            Parsed { file: file.into(), album_version }
        }
        (Container::Mp4, _) => {
            let file = Mp4File::read_from(source, options)?;
            let album_version = file.ilst().and_then(mp4_version);
            Parsed { file: file.into(), album_version }
        }
        (Container::Ogg, Codec::Opus) => {
            let file = OpusFile::read_from(source, options)?;
            let album_version = vorbis_version(file.vorbis_comments());
            Parsed { file: file.into(), album_version }
        }
        (Container::Ogg, _) => {
            let file = VorbisFile::read_from(source, options)?;
            let album_version = vorbis_version(file.vorbis_comments());
            Parsed { file: file.into(), album_version }
        }
        (Container::Wav, _) => {
            let file = WavFile::read_from(source, options)?;
            let album_version = file.id3v2().and_then(id3v2_version);
            Parsed { file: file.into(), album_version }
        }
        (Container::Aiff, _) => {
            let file = AiffFile::read_from(source, options)?;
            let album_version = file.id3v2().and_then(id3v2_version);
            Parsed { file: file.into(), album_version }
        }
    })
}

fn collect(parsed: &Parsed, collector: &mut Collector) {
    let mut tags: Vec<&Tag> = parsed.file.tags().iter().collect();
    tags.sort_by_key(|tag| rank(tag.tag_type()));
    for tag in tags {
        collector.begin_lesser_tag();
        for item in tag.items() {
            if let (Some(field), Some(text)) = (field(item.key()), item.value().text()) {
                collector.add(field, text);
            }
        }
        for picture in tag.pictures() {
            collector.offer_picture(picture.pic_type().as_u8(), picture.data());
        }
    }
    if let Some(version) = &parsed.album_version {
        collector.add(Field::AlbumVersion, version);
    }
}

/// Lower is better: a file may have several tags. `ID3v1` cuts its texts.
fn rank(tag: TagType) -> u8 {
    match tag {
        TagType::VorbisComments | TagType::Mp4Ilst => 0,
        TagType::Id3v2 => 1,
        TagType::Ape => 2,
        TagType::Id3v1 => 4,
        _ => 3,
    }
}

fn field(key: ItemKey) -> Option<Field> {
    Some(match key {
        ItemKey::TrackTitle => Field::Title,
        ItemKey::TrackArtist => Field::Artist,
        ItemKey::TrackArtists => Field::Artists,
        ItemKey::AlbumTitle => Field::Album,
        ItemKey::AlbumArtist => Field::AlbumArtist,
        ItemKey::AlbumArtists => Field::AlbumArtists,
        ItemKey::TrackNumber => Field::TrackNumber,
        ItemKey::TrackTotal => Field::TrackTotal,
        ItemKey::DiscNumber => Field::DiscNumber,
        ItemKey::DiscTotal => Field::DiscTotal,
        ItemKey::SetSubtitle => Field::DiscTitle,
        ItemKey::RecordingDate => Field::Date,
        ItemKey::ReleaseDate => Field::ReleaseDate,
        ItemKey::Year => Field::Year,
        ItemKey::OriginalReleaseDate => Field::OriginalDate,
        ItemKey::Genre => Field::Genre,
        ItemKey::Composer => Field::Composer,
        ItemKey::FlagCompilation => Field::Compilation,
        ItemKey::TrackArtistSortOrder => Field::ArtistSort,
        ItemKey::AlbumArtistSortOrder => Field::AlbumArtistSort,
        ItemKey::TrackTitleSortOrder => Field::TitleSort,
        ItemKey::AlbumTitleSortOrder => Field::AlbumSort,
        ItemKey::MusicBrainzRecordingId => Field::RecordingId,
        ItemKey::MusicBrainzTrackId => Field::TrackId,
        ItemKey::MusicBrainzReleaseId => Field::AlbumId,
        ItemKey::MusicBrainzReleaseGroupId => Field::ReleaseGroupId,
        ItemKey::MusicBrainzArtistId => Field::ArtistId,
        ItemKey::MusicBrainzReleaseArtistId => Field::AlbumArtistId,
        _ => return None,
    })
}

fn vorbis_version(comments: &VorbisComments) -> Option<String> {
    ALBUM_VERSION.iter().find_map(|name| comments.get(name)).map(str::to_owned)
}

fn id3v2_version(tag: &Id3v2Tag) -> Option<String> {
    ALBUM_VERSION.iter().find_map(|name| tag.get_user_text(name)).map(str::to_owned)
}

fn ape_version(tag: &ApeTag) -> Option<String> {
    let text = |name: &&str| tag.get(name)?.value().text().map(str::to_owned);
    ALBUM_VERSION.iter().find_map(text)
}

fn mp4_version(items: &Ilst) -> Option<String> {
    let text = |name: &&str| {
        let ident = AtomIdent::Freeform { mean: "com.apple.iTunes".into(), name: (*name).into() };
        items.get(&ident)?.data().find_map(|value| match value {
            AtomData::UTF8(text) | AtomData::UTF16(text) => Some(text.clone()),
            _ => None,
        })
    };
    ALBUM_VERSION.iter().find_map(text)
}
