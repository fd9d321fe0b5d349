//! Decoding in segments: each from a little before its begin, with a decoder that has heard nothing.
//!
//! Some decoders never forget what they heard, or fill bands with noise of their choice. In segments on
//! a fixed grid what they say depends on the segment alone, so that from anywhere on it is, bit for bit,
//! what it is in the whole.

#[cfg(test)]
mod tests;

use super::block::Block;
use super::{DecodeError, Reader};

/// How many segments may be decoded for nothing but to go on: only damaged files need many.
const MOST_IN_VAIN: u64 = 240;

/// The grid, and the segment that is decoded.
pub(super) struct Segments {
    channels: usize,
    /// In frames.
    length: i64,
    begin: i64,
    end: i64,
    /// Frames that were decoded only to come to a segment, and those of the segments.
    in_vain: u64,
    heard: u64,
}

impl Segments {
    pub(super) fn new(length: u64, channels: usize) -> Self {
        let length = i64::try_from(length.max(1)).unwrap_or(i64::MAX);
        Self { channels, length, begin: i64::MIN, end: length, in_vain: 0, heard: 0 }
    }

    /// Goes to the begin of the segment with this frame.
    pub(super) fn seek(&mut self, reader: &mut dyn Reader, frame: u64) -> Result<(), DecodeError> {
        let frame = i64::try_from(frame).unwrap_or(i64::MAX);
        self.enter(reader, frame / self.length)
    }

    fn enter(&mut self, reader: &mut dyn Reader, number: i64) -> Result<(), DecodeError> {
        let begin = number.saturating_mul(self.length);
        // What is before the music belongs to it as well.
        self.begin = if number == 0 { i64::MIN } else { begin };
        self.end = begin.saturating_add(self.length);
        reader.seek(u64::try_from(begin).unwrap_or_default())
    }

    /// Leaves of a block what belongs to the segment, and goes to the next one behind its end. Whether
    /// there may be more.
    pub(super) fn cut(
        &mut self,
        reader: &mut dyn Reader,
        block: &mut Block,
        more: bool,
    ) -> Result<bool, DecodeError> {
        let frames = i64::try_from(block.samples.len() / self.channels).unwrap_or(i64::MAX);
        let (first, behind) = (block.position, block.position.saturating_add(frames));
        let place = |at: i64| {
            let frames = at.saturating_sub(first).clamp(0, frames);
            usize::try_from(frames).unwrap_or_default() * self.channels
        };
        let kept = place(self.begin)..place(self.end);
        let heard = (kept.len() / self.channels) as u64;
        self.heard += heard;
        self.in_vain += frames.unsigned_abs() - heard;
        block.position = first.max(self.begin);
        block.samples.truncate(kept.end);
        block.samples.drain(..kept.start);
        let is_behind = behind > self.end || (behind == self.end && more);
        if frames == 0 || !is_behind {
            return Ok(more);
        }
        let most = self.heard.saturating_add(MOST_IN_VAIN * self.length.unsigned_abs());
        if self.in_vain > most {
            // Its places make no sense: better heard as it comes than not at all.
            (self.begin, self.end) = (i64::MIN, i64::MAX);
            return Ok(more);
        }
        // A seek costs something, too.
        self.in_vain += self.length.unsigned_abs() / 16;
        let next = first.max(self.end) / self.length;
        self.enter(reader, next)?;
        Ok(true)
    }
}
