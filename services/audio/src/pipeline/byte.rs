//! Streams from one of their bytes on.

use super::encoder::mp3_settings;
use super::{StreamFacts, Target, Transcode};
use crate::decode::AudioFacts;
use crate::dsp::resample::{scaled, unscaled};
use crate::encode::Mp3Rate;

impl Transcode {
    /// What to make to have the stream from byte `from` on, and how many bytes to leave out before it:
    /// they are those of the whole, bit for bit, and nothing that lies long before them is decoded.
    ///
    /// `None` where the whole has to be made: near its begin, and where its length is not promised.
    pub fn beginning_at(&self, source: &AudioFacts, from: u64) -> Option<(Self, u64)> {
        match self.target {
            Target::Wav { bits } => self.wav_at(bits, source, from),
            Target::Mp3 { rate } => self.mp3_at(rate, source, from),
            _ => None,
        }
    }

    /// Whether bytes of the stream can be asked for before they are made: then what is decoded must not
    /// depend on where that begins.
    pub(super) fn has_ranges(&self, source: &AudioFacts) -> bool {
        matches!(self.target, Target::Mp3Rest { .. }) || self.promised_bytes(source).is_some()
    }

    /// From one of its frames on, behind a header of its own.
    fn wav_at(&self, bits: u8, source: &AudioFacts, from: u64) -> Option<(Self, u64)> {
        let facts = self.stream_facts(source);
        let frame = facts.layout.channels() as u64 * u64::from(bits / 8);
        let data = facts.frames?.checked_mul(frame)?;
        let header = self.promised_bytes(source)?.checked_sub(data + data % 2)?;
        // An even number of bytes is left out, so that the end is padded as the whole's is.
        let left_out = from.checked_sub(header)? / frame / 2 * 2;
        let part = self.without(left_out, source, &facts)?;
        Some((part, from - left_out * frame))
    }

    /// From one of its segments on.
    fn mp3_at(&self, rate: Mp3Rate, source: &AudioFacts, from: u64) -> Option<(Self, u64)> {
        let facts = self.stream_facts(source);
        let settings = mp3_settings(rate, &facts);
        settings.segments_until(from).find_map(|segment| {
            let target = Target::Mp3Rest { rate, segment: segment.number };
            let part = self.without(segment.begin, source, &facts)?;
            Some((Self { target, ..part }, from - segment.byte))
        })
    }

    /// The same without the first so many frames of the stream, if a frame of the file is there.
    fn without(&self, frames: u64, source: &AudioFacts, facts: &StreamFacts) -> Option<Self> {
        let rates = (source.sample_rate.into(), facts.sample_rate.into());
        let begin = facts.start + frames;
        let start = unscaled(begin, rates);
        (scaled(start, rates) == begin).then_some(Self { start, ..*self })
    }
}
