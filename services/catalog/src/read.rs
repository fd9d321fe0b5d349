//! What is in a music file: its audio facts, its fingerprint, its tags and which picture it carries.

use std::path::Path;

use hexachord_audio::Fingerprint;
use hexachord_contracts::catalog::{ContributorRole, Lyrics, ReplayGain};
use serde::{Deserialize, Serialize};

mod beside;
mod collector;
mod cue;
mod fallbacks;
mod field;
mod file;
mod genre;
mod lyrics;
mod meaning;
mod measure;
mod picture;
mod pictures;
mod reading;
mod tags;
mod text;
mod values;
mod window;
mod worker;

#[cfg(test)]
mod tests;

use file::{Reader, embedded_picture};
pub(crate) use measure::{Listened, MeasureJob, NotMeasured};
pub(crate) use picture::PictureId;
pub(crate) use reading::Reading;
pub use reading::WorkerCommand;
pub use worker::{WORKER_ARGUMENT, run_worker};

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReadJob {
    /// Absolute, as the bytes that the system knows it by.
    path: Vec<u8>,
    /// Names of files in the same folder that belong to it.
    beside: Vec<Vec<u8>>,
    /// The folder of its library: links beside it are followed below it.
    library: Vec<u8>,
}

/// What came of a [`ReadJob`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum ReadOutcome {
    Music(Box<MusicFile>),
    /// `reason` is a sentence for people.
    Unreadable {
        reason: String,
    },
}

/// A file that plays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MusicFile {
    pub(crate) fingerprint: Fingerprint,
    /// `mp3`, `flac`, `vorbis`, `opus`, `aac`, `alac` or `pcm`.
    pub(crate) codec: String,
    pub(crate) content_type: String,
    pub(crate) duration_ms: u64,
    pub(crate) bitrate_kbps: u32,
    /// Hz.
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    /// Bits a sample, where it is lossless.
    pub(crate) bit_depth: Option<u8>,
    pub(crate) tags: Tags,
    pub(crate) picture: Option<PictureId>,
    /// Its pieces where a cue sheet cuts it; else none.
    pub(crate) parts: Vec<MusicPart>,
}

/// A piece of a file that holds several one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MusicPart {
    /// From 1 to 999; no other piece of the file has it.
    pub(crate) number: u16,
    /// Microseconds from the beginning of the file.
    pub(crate) start_us: u64,
    /// `None`: it plays to the file's end.
    pub(crate) end_us: Option<u64>,
    pub(crate) tags: Tags,
}

/// Tags, cleaned and bounded: no control characters, at most 1,000 characters a text and 100 texts
/// a list. Names are as tagged: one that stands for several is parted by a
/// [`Splitter`](crate::splitting::Splitter).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tags {
    pub(crate) title: Option<String>,
    pub(crate) artists: Vec<String>,
    pub(crate) album: Option<String>,
    pub(crate) album_artists: Vec<String>,
    pub(crate) track_number: Option<u32>,
    pub(crate) track_total: Option<u32>,
    pub(crate) disc_number: Option<u32>,
    pub(crate) disc_total: Option<u32>,
    pub(crate) disc_title: Option<String>,
    pub(crate) year: Option<i32>,
    /// Of this release, as precise as tagged: `1997`, `1997-05` or `1997-05-21`.
    pub(crate) date: Option<String>,
    /// Of the first release.
    pub(crate) original_date: Option<String>,
    pub(crate) genres: Vec<String>,
    pub(crate) moods: Vec<String>,
    pub(crate) contributors: Vec<TaggedContributor>,
    pub(crate) compilation: bool,
    /// Absent where nothing is tagged; false: cleaned.
    pub(crate) explicit: Option<bool>,
    /// Beats a minute.
    pub(crate) bpm: Option<u32>,
    pub(crate) key: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) isrc: Vec<String>,
    pub(crate) replay_gain: ReplayGain,
    pub(crate) labels: Vec<String>,
    pub(crate) catalogue_numbers: Vec<String>,
    /// In lower case.
    pub(crate) release_types: Vec<String>,
    /// As the artists are written in one line, where that differs from their names in a list.
    pub(crate) display_artist: Option<String>,
    pub(crate) display_album_artist: Option<String>,
    pub(crate) lyrics: Vec<Lyrics>,
    pub(crate) artist_sort: Vec<String>,
    pub(crate) album_artist_sort: Vec<String>,
    pub(crate) composer_sort: Vec<String>,
    pub(crate) title_sort: Option<String>,
    pub(crate) album_sort: Option<String>,
    /// Tells releases of one album apart, as in `25th anniversary edition`.
    pub(crate) album_version: Option<String>,
    pub(crate) musicbrainz: MusicBrainzIds,
}

/// Somebody who took part, as tagged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TaggedContributor {
    pub(crate) role: ContributorRole,
    pub(crate) name: String,
    /// Of a performer: what was played or sung.
    pub(crate) instrument: Option<String>,
}

/// Identifiers of MusicBrainz, lowercase UUIDs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MusicBrainzIds {
    pub(crate) recording: Option<String>,
    /// Of the track on its release.
    pub(crate) track: Option<String>,
    /// Of the release.
    pub(crate) album: Option<String>,
    pub(crate) release_group: Option<String>,
    pub(crate) artists: Vec<String>,
    pub(crate) album_artists: Vec<String>,
}

/// Reads files one after the other; what is wrong with one costs only that one.
fn read_batch(jobs: &[ReadJob], reader: &mut Reader) -> Vec<ReadOutcome> {
    jobs.iter().map(|job| reader.read(job)).collect()
}

impl Tags {
    /// Fills in what is not tagged from where the file lies in its library, so that every track has
    /// a title, an artist and an album.
    pub(crate) fn fallbacks(&mut self, relative: &Path) {
        fallbacks::fill(self, relative);
    }
}
