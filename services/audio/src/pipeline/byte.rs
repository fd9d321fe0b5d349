//! Streams from one of their bytes on.

use super::{Target, Transcode};
use crate::decode::AudioFacts;
use crate::dsp::resample::{scaled, unscaled};

impl Transcode {
    /// What to make to have the stream from byte `from` on, and how many bytes to leave out before it:
    /// they are those of the whole, bit for bit, and nothing that lies long before them is decoded.
    ///
    /// `None` where the whole has to be made. That is within the header; in other formats than WAV,
    /// whose encoders remember; and of files whose decoders remember more than is decoded before a
    /// place.
    pub fn beginning_at(&self, source: &AudioFacts, from: u64) -> Option<(Self, u64)> {
        let Target::Wav { bits } = self.target else { return None };
        if !source.codec.is_exact_anywhere() {
            return None;
        }
        let facts = self.stream_facts(source);
        let frame = facts.layout.channels() as u64 * u64::from(bits / 8);
        let data = facts.frames?.checked_mul(frame)?;
        let header = self.promised_bytes(source)?.checked_sub(data + data % 2)?;
        // An even number of bytes is left out, so that the end is padded as the whole's is.
        let left_out = from.checked_sub(header)? / frame / 2 * 2;
        let rates = (source.sample_rate.into(), facts.sample_rate.into());
        let begin = facts.start + left_out;
        let start = unscaled(begin, rates);
        let part = Self { start, ..*self };
        (scaled(start, rates) == begin).then_some((part, from - left_out * frame))
    }
}
