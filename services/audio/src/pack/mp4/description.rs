//! What a track's packets are: its sample entry.

use super::boxes::boxed;

/// The largest rate that a sample entry has room for.
const LARGEST_RATE: u32 = u16::MAX as u32;

/// A codec with its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Description {
    /// Frames a second, which is also the timescale.
    pub(crate) rate: u32,
    pub(crate) channels: u8,
    pub(crate) coding: Coding,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Coding {
    /// "Encapsulation of Opus in ISO Base Media File Format", §4.3.2.
    Opus {
        /// Family, and unless that is 0: streams, coupled streams, and each channel's place.
        mapping: Vec<u8>,
        /// What decoders amplify by, in 1/256 dB.
        gain: i16,
    },
    /// "Encapsulation of FLAC in ISO Base Media File Format", §3.3.2.
    Flac {
        /// The block with its header.
        stream_info: Vec<u8>,
        bits: u8,
    },
}

impl Description {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (name, bits) = match &self.coding {
            Coding::Opus { .. } => (*b"Opus", 16),
            Coding::Flac { bits, .. } => (*b"fLaC", u16::from(*bits)),
        };
        boxed(out, name, |out| {
            out.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
            out.extend_from_slice(&[0, self.channels]);
            out.extend_from_slice(&bits.to_be_bytes());
            out.extend_from_slice(&[0; 4]);
            out.extend_from_slice(&(self.fitting_rate() << 16).to_be_bytes());
            match &self.coding {
                Coding::Opus { mapping, gain } => boxed(out, *b"dOps", |out| {
                    // The delay before the first frame is cut by whoever plays.
                    out.extend_from_slice(&[0, self.channels, 0, 0]);
                    out.extend_from_slice(&self.rate.to_be_bytes());
                    out.extend_from_slice(&gain.to_be_bytes());
                    out.extend_from_slice(mapping);
                }),
                Coding::Flac { stream_info, .. } => boxed(out, *b"dfLa", |out| {
                    out.extend_from_slice(&[0; 4]);
                    out.extend_from_slice(stream_info);
                }),
            }
        });
    }

    /// Halved as often as it takes to fit.
    fn fitting_rate(&self) -> u32 {
        std::iter::successors(Some(self.rate), |rate| Some(rate / 2))
            .find(|rate| *rate <= LARGEST_RATE)
            .unwrap_or_default()
    }
}
