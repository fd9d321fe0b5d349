//! What exactly is made of which file: equal recipes make equal bytes.

use std::{fs::Metadata, os::unix::fs::MetadataExt};

use hexachord_audio::{AudioFacts, DecodeError, Decoder, Target, Transcode};
use http::StatusCode;

use super::{cache::Key, failure::Failure};
use crate::http::{
    conditional::EntityTag,
    opens::{Disk, Opens},
    problem::Problem,
};

/// Counts up when the same recipe makes other bytes than before within a version of the program.
const PIPELINE: u32 = 4;
/// kbit/s of MP3 at most.
const MOST_MP3: u32 = 320;
/// What containers add to what was coded, in bytes, at the start of a stream.
const HEADERS: u64 = 64 * 1024;

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity {
    inode: u64,
    len: u64,
    /// Nanoseconds since 1970.
    modified: i128,
}

impl Identity {
    pub fn of(metadata: &Metadata) -> Self {
        let modified = i128::from(metadata.mtime()) * 1_000_000_000;
        let modified = modified + i128::from(metadata.mtime_nsec());
        Self { inode: metadata.ino(), len: metadata.len(), modified }
    }

    /// What the entity tag of the file as it is says.
    pub fn etag(&self) -> String {
        format!("{:x}-{:x}-{:x}", self.inode, self.len, self.modified)
    }
}

/// A file that was looked into.
pub struct Looked {
    pub identity: Identity,
    pub audio: Result<AudioFacts, DecodeError>,
}

/// Opens a file and reads its headers.
pub async fn look(opens: &Opens, disk: Disk, path: Vec<u8>) -> Result<Looked, Problem> {
    opens
        .during(disk, path, |file, metadata| {
            let audio = Decoder::open(file).map(|decoder| *decoder.facts());
            Ok(Looked { identity: Identity::of(&metadata), audio })
        })
        .await
}

/// A stream that can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    pub key: Key,
    pub transcode: Transcode,
    pub source: AudioFacts,
    disk: Disk,
    path: Vec<u8>,
    identity: Identity,
}

impl Recipe {
    pub fn new(
        disk: Disk,
        path: Vec<u8>,
        identity: Identity,
        source: AudioFacts,
        transcode: Transcode,
    ) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("hexachord transcode");
        let version = env!("CARGO_PKG_VERSION");
        // All that there is to say about it, also what recipes learn to say later.
        let text = format!("{version} {PIPELINE} {disk:?} {identity:?} {transcode:?}");
        hasher.update(text.as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self { key: Key(key), transcode, source, disk, path, identity }
    }

    pub fn etag(&self) -> EntityTag {
        let tag = EntityTag::strong(&format!("transcode-{}", self.key));
        tag.expect("letters and digits are valid in a tag")
    }

    /// How many bytes the stream will have, where it is known.
    pub fn promised_bytes(&self) -> Option<u64> {
        self.transcode.promised_bytes(&self.source)
    }

    /// No stream of this recipe has more bytes; 0 where that is not known.
    pub fn most_bytes(&self) -> u64 {
        let facts = self.transcode.stream_facts(&self.source);
        let Some(frames) = facts.frames else { return 0 };
        let rate = u64::from(facts.sample_rate);
        let plain = |bits: u8| {
            let a_frame = facts.layout.channels() as u64 * u64::from(bits).div_ceil(8);
            frames.saturating_mul(a_frame)
        };
        let coded = match self.transcode.target {
            Target::Wav { bits }
            | Target::Flac { bits }
            | Target::FlacMp4 { bits }
            | Target::FlacSegment { bits } => plain(bits),
            Target::Mp3 { .. } | Target::Mp3Rest { .. } => {
                (frames / rate.max(1) + 1).saturating_mul(u64::from(MOST_MP3) * 1000 / 8)
            }
            // Twice: quiet pieces save what loud ones take.
            Target::Opus { bitrate }
            | Target::OpusMp4 { bitrate }
            | Target::OpusSegment { bitrate, .. } => {
                (frames / rate.max(1) + 1).saturating_mul(u64::from(bitrate) / 8 * 2)
            }
        };
        coded.saturating_add(HEADERS)
    }

    /// Opens the file again, if it is still the same.
    pub(super) async fn decoder(&self, opens: &Opens) -> Result<Decoder, Problem> {
        let identity = self.identity;
        let opened = opens.during(self.disk, self.path.clone(), move |file, metadata| {
            let same = Identity::of(&metadata) == identity;
            Ok(same.then(|| Decoder::open(file)))
        });
        match opened.await? {
            Some(Ok(decoder)) => Ok(decoder),
            Some(Err(error)) => Err(Failure::from(&error).into()),
            None => {
                let detail = "the file was replaced just now: ask again";
                let status = StatusCode::SERVICE_UNAVAILABLE;
                Err(Problem::new(status, "file-replaced", detail).retry_after(1))
            }
        }
    }

    /// What to make to hear the stream from a byte on, and how many bytes to leave out before it; `None`
    /// where the whole has to be made.
    pub(super) fn beginning_at(&self, from: u64) -> Option<(Transcode, u64)> {
        self.transcode.beginning_at(&self.source, from)
    }
}
