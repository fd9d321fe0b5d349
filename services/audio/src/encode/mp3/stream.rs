//! Frames into bytes. A frame's audio may begin in what frames before it have left free (the bit
//! reservoir): so bytes are complete up to the first one that is free.

use std::collections::VecDeque;
use std::ops::Range;

use super::block::Block;
use super::format::{Format, Window};
use crate::encode::flac::bits::Bits;

/// The bytes that are not complete yet.
#[derive(Default)]
pub(super) struct Stream {
    bytes: Vec<u8>,
    /// What of `bytes` is free.
    gaps: VecDeque<Range<usize>>,
    side: Bits,
    main: Bits,
}

impl Stream {
    /// How many bytes are free for the next frame's audio, before its own.
    pub(super) fn free(&self) -> usize {
        self.gaps.iter().map(Range::len).sum()
    }

    /// Forgets everything: what follows does not need it.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.gaps.clear();
    }

    /// Adds a frame of this bitrate, with blocks that have room in it and in what is free, and leaves
    /// no more free than `most`.
    pub(super) fn add(
        &mut self,
        format: &Format,
        (bitrate, padding): (usize, bool),
        mid_side: bool,
        blocks: &[Block],
        most: usize,
    ) {
        self.side.bytes.clear();
        side_information(format, self.free(), blocks, &mut self.side);
        self.bytes.extend_from_slice(&format.header(bitrate, padding, mid_side));
        self.bytes.extend_from_slice(&self.side.bytes);
        let begin = self.bytes.len();
        let room = format.frame_bytes(bitrate) + usize::from(padding) - format.head_bytes();
        self.bytes.resize(begin + room, 0);
        self.gaps.push_back(begin..begin + room);

        self.main.bytes.clear();
        for block in blocks {
            block.write(format, &mut self.main);
        }
        self.main.align();
        let mut left = &*self.main.bytes;
        while let Some(gap) = self.gaps.front_mut() {
            let taken = left.len().min(gap.len());
            self.bytes[gap.start..gap.start + taken].copy_from_slice(&left[..taken]);
            left = &left[taken..];
            gap.start += taken;
            if gap.start < gap.end {
                break;
            }
            self.gaps.pop_front();
        }
        debug_assert!(left.is_empty(), "{} bytes too many", left.len());
        self.leave(most);
    }

    /// Fills free bytes with nothing until no more than `most` are left.
    fn leave(&mut self, most: usize) {
        let mut unwanted = self.free().saturating_sub(most);
        while let Some(gap) = self.gaps.front_mut().filter(|_| unwanted > 0) {
            let taken = unwanted.min(gap.len());
            gap.start += taken;
            unwanted -= taken;
            if gap.start == gap.end {
                self.gaps.pop_front();
            }
        }
    }

    /// Appends what is complete.
    pub(super) fn take(&mut self, out: &mut Vec<u8>) {
        let complete = self.gaps.front().map_or(self.bytes.len(), |gap| gap.start);
        out.extend(self.bytes.drain(..complete));
        for gap in &mut self.gaps {
            *gap = gap.start - complete..gap.end - complete;
        }
    }

    /// Appends all: nothing follows.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.leave(0);
        self.take(out);
    }
}

/// What a decoder has to know of the granules.
fn side_information(format: &Format, free: usize, blocks: &[Block], out: &mut Bits) {
    let channels = format.channels as u32;
    if format.is_mpeg_1() {
        // No scalefactors are shared by granules.
        out.put(free as u32, 9);
        out.put(0, if channels == 1 { 5 } else { 3 } + 4 * channels);
    } else {
        out.put(free as u32, 8);
        out.put(0, channels);
    }
    for block in blocks {
        let (factors, coding) = (&block.factors, &block.coding);
        out.put(block.bits(), 12);
        out.put(coding.large as u32 / 2, 9);
        out.put(factors.gain.clamp(0, 255) as u32, 8);
        out.put(factors.lengths.into(), if format.is_mpeg_1() { 4 } else { 9 });
        let [first, second, third] = coding.choices.map(|choice| u32::from(choice.number));
        out.put(u32::from(block.window != Window::Long), 1);
        if block.window == Window::Long {
            out.put(first << 10 | second << 5 | third, 15);
            let [first, second] = coding.regions.map(|bands| bands.saturating_sub(1) as u32);
            out.put(first << 3 | second, 7);
        } else {
            // The kinds of windows have these numbers in the standard, too. None are mixed.
            out.put((block.window as u32) << 1, 3);
            out.put(first << 5 | second, 10);
            factors.window_gains.iter().for_each(|&gain| out.put(gain as u32, 3));
        }
        if format.is_mpeg_1() {
            out.put(factors.emphasis.into(), 1);
        }
        out.put(factors.coarse.into(), 1);
        out.put(coding.small_table as u32, 1);
    }
}
