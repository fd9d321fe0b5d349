//! The fingerprint: a versioned hash of what a retag cannot change. A change of anything here, or of
//! what a format puts into its setup bytes, is a new version.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::ProbeError;
use crate::payload::Payload;
use crate::probe::Stream;
use crate::source::Source;

/// The version of the recipe; a part of every hash.
pub const FINGERPRINT_VERSION: u8 = 1;

/// Bytes of payload read at its start, its middle and its end.
const SAMPLE: usize = 16 * 1024;

/// 128 bits that recognise a piece of audio, whatever its tags and its place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint(pub [u8; 16]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Fingerprint({self})")
    }
}

impl Fingerprint {
    /// Hashes the stream's facts and samples of its payload; `buffer` is only working space.
    ///
    /// Integers are little endian, so that a data folder can move between machines.
    pub(crate) fn of(
        stream: &Stream,
        payload: &Payload,
        source: &mut Source<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<Self, ProbeError> {
        buffer.clear();
        buffer.extend_from_slice(b"hexachord audio ");
        buffer.push(FINGERPRINT_VERSION);
        buffer.push(stream.codec.number());
        buffer.extend_from_slice(&stream.sample_rate.to_le_bytes());
        buffer.extend_from_slice(&stream.channels.to_le_bytes());
        buffer.extend_from_slice(&payload.len().to_le_bytes());
        buffer.extend_from_slice(&(stream.setup.len() as u64).to_le_bytes());
        buffer.extend_from_slice(&stream.setup);

        let sample = SAMPLE as u64;
        if payload.len() <= 3 * sample {
            payload.append_to(buffer, source, 0, payload.len())?;
        } else {
            let (middle, end) = ((payload.len() - sample) / 2, payload.len() - sample);
            for start in [0, middle, end] {
                payload.append_to(buffer, source, start, sample)?;
            }
        }
        let hash = blake3::hash(buffer);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_bytes()[..16]);
        Ok(Self(bytes))
    }
}
