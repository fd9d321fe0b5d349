//! Tags and durations as lofty reads them. What they say is taken from the tags of each format
//! themselves: what lofty has in common for all formats leaves out much of it.

use std::time::Duration;

use hexachord_audio::{Codec, Container, Probe};
use lofty::config::{GlobalOptions, ParseOptions, ParsingMode, apply_global_options};
use lofty::error::FileParseError;
use lofty::file::AudioFile;
use lofty::flac::FlacFile;
use lofty::iff::{aiff::AiffFile, wav::WavFile};
use lofty::mp4::Mp4File;
use lofty::mpeg::MpegFile;
use lofty::ogg::tag::VorbisComments;
use lofty::ogg::{OggPictureStorage, OpusFile, VorbisFile};
use lofty::picture::Picture;
use lofty::wavpack::WavPackFile;

use super::collector::Collector;
use super::window::{BUDGET, Window};

mod id3v2;
mod mp4;
mod plain;

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
    let told = LOOKS.into_iter().find_map(|look| parse(window, probe, look, collector).ok());
    told.unwrap_or_default()
}

/// Collects only from what was parsed as a whole.
fn parse(
    window: &mut Window<'_>,
    probe: &Probe,
    look: Look,
    collector: &mut Collector,
) -> Result<Duration, FileParseError> {
    // These belong to the thread, and cost nothing to set.
    apply_global_options(
        GlobalOptions::new()
            .allocation_limit(usize::try_from(BUDGET).unwrap_or(usize::MAX))
            .use_custom_resolvers(false)
            .preserve_format_specific_items(false),
    );
    let options = ParseOptions::new()
        .parsing_mode(ParsingMode::Relaxed)
        // They lose what older tags tell of dates.
        .implicit_conversions(false)
        // Of WavPack the probe tells more.
        .read_properties(probe.container != Container::WavPack)
        .read_tags(look.tags)
        .read_cover_art(look.pictures);
    // Of these two lofty knows how to skip what stands before them.
    let skipped =
        if matches!(probe.container, Container::Mpeg | Container::Flac) { 0 } else { probe.start };
    let source = window.behind(skipped);
    Ok(match (probe.container, probe.codec) {
        (Container::Mpeg, _) => mpeg(&MpegFile::read_from(source, options)?, collector),
        (Container::Flac, _) => flac(&FlacFile::read_from(source, options)?, collector),
        (Container::Mp4, _) => {
            let file = Mp4File::read_from(source, options)?;
            if let Some(items) = file.ilst() {
                mp4::collect(items, collector);
            }
            file.properties().duration()
        }
        (Container::Ogg, Codec::Opus) => {
            let file = OpusFile::read_from(source, options)?;
            vorbis(file.vorbis_comments(), collector);
            file.properties().duration()
        }
        (Container::Ogg, _) => {
            let file = VorbisFile::read_from(source, options)?;
            vorbis(file.vorbis_comments(), collector);
            file.properties().duration()
        }
        (Container::Wav, _) => {
            let file = WavFile::read_from(source, options)?;
            if let Some(tag) = file.id3v2() {
                id3v2::collect(tag, collector);
            }
            if let Some(list) = file.riff_info() {
                collector.begin_lesser_tag();
                plain::riff_info(list, collector);
            }
            file.properties().duration()
        }
        (Container::Aiff, _) => {
            let file = AiffFile::read_from(source, options)?;
            if let Some(tag) = file.id3v2() {
                id3v2::collect(tag, collector);
            }
            if let Some(chunks) = file.text_chunks() {
                collector.begin_lesser_tag();
                plain::aiff_text(chunks, collector);
            }
            file.properties().duration()
        }
        (Container::WavPack, _) => {
            let file = WavPackFile::read_from(source, options)?;
            if let Some(tag) = file.ape() {
                plain::ape(tag, collector);
            }
            if let Some(tag) = file.id3v1() {
                collector.begin_lesser_tag();
                plain::id3v1(tag, collector);
            }
            Duration::ZERO
        }
    })
}

/// The best tag first; `ID3v1` cuts its texts.
fn mpeg(file: &MpegFile, collector: &mut Collector) -> Duration {
    if let Some(tag) = file.id3v2() {
        id3v2::collect(tag, collector);
    }
    if let Some(tag) = file.ape() {
        collector.begin_lesser_tag();
        plain::ape(tag, collector);
    }
    if let Some(tag) = file.id3v1() {
        collector.begin_lesser_tag();
        plain::id3v1(tag, collector);
    }
    file.properties().duration()
}

fn flac(file: &FlacFile, collector: &mut Collector) -> Duration {
    if let Some(comments) = file.vorbis_comments() {
        vorbis(comments, collector);
    }
    for (picture, _) in file.pictures() {
        offer(picture, collector);
    }
    if let Some(tag) = file.id3v2() {
        collector.begin_lesser_tag();
        id3v2::collect(tag, collector);
    }
    file.properties().duration()
}

fn vorbis(comments: &VorbisComments, collector: &mut Collector) {
    for (name, value) in comments.items() {
        plain::named(name, value, collector);
    }
    for (picture, _) in comments.pictures() {
        offer(picture, collector);
    }
}

fn offer(picture: &Picture, collector: &mut Collector) {
    collector.offer_picture(picture.pic_type().as_u8(), picture.data());
}
