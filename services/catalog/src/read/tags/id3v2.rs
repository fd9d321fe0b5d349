//! Frames of `ID3v2`, whichever of its versions.

use lofty::id3::v2::{
    BinaryFrame, ChannelType, CommentFrame, Frame, FrameFlags, FrameId, Id3v2Tag, Id3v2Version,
    KeyValueFrame, RelativeVolumeAdjustmentFrame,
};

use super::super::collector::Collector;
use super::super::field::Field;
use super::super::text;
use super::plain;

/// The most that is looked at of a list of people.
const MOST_BYTES: usize = 128 * 1024;

/// A frame that is made for what it says counts more than a text of one's own.
pub(super) fn collect(tag: &Id3v2Tag, collector: &mut Collector) {
    standard(tag, collector);
    collector.begin_lesser_tag();
    for frame in tag {
        match frame {
            Frame::UserText(frame) => {
                plain::named(&frame.description, &frame.content, collector);
            }
            Frame::RelativeVolumeAdjustment(frame) => volume(frame, collector),
            _ => {}
        }
    }
}

fn standard(tag: &Id3v2Tag, collector: &mut Collector) {
    // Before version 2.4 musicians and all others stood in one list.
    let in_one_list = tag.original_version() != Id3v2Version::V4;
    for frame in tag {
        match frame {
            Frame::Text(frame) => {
                if let Some(field) = of_frame(frame.id().as_str()) {
                    collector.add(field, &frame.value);
                }
            }
            Frame::Timestamp(frame) => {
                if let Some(field) = of_frame(frame.id().as_str()) {
                    collector.add(field, &frame.timestamp.to_string());
                }
            }
            Frame::Comment(frame) => comment(frame, collector),
            Frame::UnsynchronizedText(frame) => {
                collector.lyrics().add_text(&frame.content, Some(frame.language));
            }
            Frame::UniqueFileIdentifier(frame) if frame.owner == "http://musicbrainz.org" => {
                collector.add(Field::RecordingId, &String::from_utf8_lossy(&frame.identifier));
            }
            Frame::KeyValue(frame) => {
                people(frame, in_one_list || frame.id().as_str() == "TMCL", collector);
            }
            Frame::Picture(frame) => super::offer(&frame.picture, collector),
            Frame::Binary(frame) => binary(frame, collector),
            _ => {}
        }
    }
}

fn of_frame(id: &str) -> Option<Field> {
    Some(match id {
        "TIT2" => Field::Title,
        "TPE1" => Field::Artist,
        "TALB" => Field::Album,
        "TPE2" => Field::AlbumArtist,
        "TRCK" => Field::TrackNumber,
        "TPOS" => Field::DiscNumber,
        "TSST" => Field::DiscTitle,
        "TDRC" => Field::Date,
        "TDRL" => Field::ReleaseDate,
        "TYER" => Field::Year,
        "TDAT" | "TDA" => Field::DayAndMonth,
        "TDOR" => Field::OriginalDate,
        "TORY" => Field::OriginalYear,
        "TCON" => Field::Genre,
        "TMOO" => Field::Mood,
        "TCOM" => Field::Composer,
        "TEXT" => Field::Lyricist,
        "TPE3" => Field::Conductor,
        "TPE4" => Field::Remixer,
        "TCMP" => Field::Compilation,
        "TBPM" => Field::Bpm,
        "TKEY" => Field::Key,
        "TSRC" => Field::Isrc,
        "TPUB" => Field::Publisher,
        "TSOP" => Field::ArtistSort,
        "TSO2" => Field::AlbumArtistSort,
        "TSOC" => Field::ComposerSort,
        "TSOT" => Field::TitleSort,
        "TSOA" => Field::AlbumSort,
        _ => return None,
    })
}

/// Comments with descriptions are mostly notes of programs for themselves.
fn comment(frame: &CommentFrame<'_>, collector: &mut Collector) {
    if frame.description.is_empty() || frame.description.eq_ignore_ascii_case("comment") {
        collector.add(Field::Comment, &frame.content);
    }
}

/// What people did, and who: `producer`, `mix`, or an instrument.
fn people(frame: &KeyValueFrame<'_>, may_play: bool, collector: &mut Collector) {
    for (what, name) in frame.key_value_pairs.iter() {
        person(what, name, may_play, collector);
    }
}

fn person(what: &str, name: &str, may_play: bool, collector: &mut Collector) {
    let function = text::readable(what).trim().to_lowercase();
    let field = match function.as_str() {
        "arranger" => Field::Arranger,
        "producer" => Field::Producer,
        "engineer" => Field::Engineer,
        "mix" | "mixer" => Field::Mixer,
        "dj-mix" | "djmixer" | "dj mix" => Field::DjMixer,
        "remixer" | "remix" => Field::Remixer,
        "conductor" => Field::Conductor,
        "composer" => Field::Composer,
        "lyricist" => Field::Lyricist,
        "writer" => Field::Writer,
        "director" => Field::Director,
        function if function.ends_with("producer") => Field::Producer,
        function if function.ends_with("engineer") => Field::Engineer,
        "" | "performer" => return collector.add(Field::Performer, name),
        instrument if may_play => {
            for name in name.split('\0').map(str::trim).filter(|name| !name.is_empty()) {
                collector.add(Field::Performer, &format!("{name} ({instrument})"));
            }
            return;
        }
        _ => return,
    };
    collector.add(field, name);
}

/// `ReplayGain` as some programs write it.
fn volume(frame: &RelativeVolumeAdjustmentFrame<'_>, collector: &mut Collector) {
    let (gain, peak) = match frame.identification.to_ascii_lowercase().as_str() {
        "track" => (Field::TrackGain, Field::TrackPeak),
        "album" => (Field::AlbumGain, Field::AlbumPeak),
        _ => return,
    };
    let Some(channel) = frame.channels.get(&ChannelType::MasterVolume) else { return };
    collector.add(gain, &(f64::from(channel.volume_adjustment) / 512.0).to_string());
    let bytes = channel.peak_volume.as_deref().unwrap_or_default();
    let bits = i32::from(channel.bits_representing_peak);
    if (1..=4).contains(&bytes.len()) && bits > 0 {
        let value = bytes.iter().fold(0.0, |value, byte| value * 256.0 + f64::from(*byte));
        collector.add(peak, &(value / 2.0_f64.powi(bits - 1)).to_string());
    }
}

/// Frames that lofty leaves as they are.
fn binary(frame: &BinaryFrame<'_>, collector: &mut Collector) {
    match frame.id().as_str() {
        "SYLT" => collector.lyrics().add_synchronised(&frame.data),
        "IPLS" => {
            let mut data = &frame.data[..frame.data.len().min(MOST_BYTES)];
            let id = FrameId::Valid("IPLS".into());
            let flags = FrameFlags::default();
            let parsed = KeyValueFrame::parse(&mut data, id, flags, Id3v2Version::V3);
            if let Ok(Some(list)) = parsed {
                people(&list, true, collector);
            }
        }
        _ => {}
    }
}
