//! AAC and ALAC in MP4, trimmed as its edit list or iTunes' tag says.

mod aac;
mod atoms;
mod gapless;
mod setup;
mod table;

use super::block::Block;
use super::coder::Coder;
use super::input::Input;
use super::{AudioFacts, DecodeError, Reader};
use crate::format::Codec;
use atoms::{atoms, find};
use gapless::Gapless;
use setup::Setup;
use table::Packet;

/// A longer movie box is not that of a music file.
const MOST_MOVIE: u64 = 96 << 20;
/// A longer packet is damaged: eight channels of 32 bits and 4,096 frames have 131,072 bytes.
const MOST_PACKET: u32 = 1 << 20;
/// Boxes that are looked at to find the movie.
const MOST_BOXES: usize = 4096;

/// An MP4 file's first audio track.
pub(super) struct Mp4 {
    input: Input,
    facts: AudioFacts,
    coder: Box<dyn Coder>,
    packets: Vec<Packet>,
    next: usize,
    setup: Setup,
    delay: u64,
    packet: Vec<u8>,
}

impl Mp4 {
    pub(super) fn open(mut input: Input, start: u64) -> Result<Self, DecodeError> {
        let movie = movie(&mut input, start)?;
        let track = atoms(&movie)
            .filter(|atom| atom.kind == *b"trak")
            .find(|track| is_sound(track.body))
            .ok_or(DecodeError::Unsupported("MP4 without audio"))?;
        let damaged = DecodeError::Damaged("an MP4 track without its tables");
        let table = find(track.body, &[*b"mdia", *b"minf", *b"stbl"]).ok_or(damaged)?;
        let packets = table::packets(table)?;
        let &first = packets
            .first()
            .ok_or(DecodeError::Unsupported("MP4 in fragments, or without samples"))?;
        let mut packet = Vec::new();
        take(&mut input, first, &mut packet)?;
        let (setup, mut coder) = Setup::read(table, &packet)?;
        coder.reset();
        let gapless = Gapless::read(&movie, track.body, &setup, packets.len());
        let facts = AudioFacts {
            codec: setup.codec,
            sample_rate: setup.sample_rate,
            layout: setup.layout,
            bit_depth: setup.bit_depth,
            frames: gapless.frames,
        };
        Ok(Self { input, facts, coder, packets, next: 0, setup, delay: gapless.delay, packet })
    }
}

/// Takes a packet in place of what `out` holds; whether it is there, and whole.
fn take(input: &mut Input, packet: Packet, out: &mut Vec<u8>) -> Result<bool, DecodeError> {
    out.clear();
    if packet.len > MOST_PACKET {
        return Ok(false);
    }
    let len = packet.len as usize;
    Ok(input.append(packet.at, len, out)? == len)
}

/// The contents of the movie box.
fn movie(input: &mut Input, start: u64) -> Result<Vec<u8>, DecodeError> {
    let mut at = start;
    for _ in 0..MOST_BOXES {
        let Some([a, b, c, d, kind @ ..]) = input.array::<8>(at)? else { break };
        let (header, len) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (8, input.len().saturating_sub(at)),
            1 => (16, input.array(at + 8)?.map_or(0, u64::from_be_bytes)),
            len => (8, u64::from(len)),
        };
        if len < header {
            break;
        }
        if &kind == b"moov" {
            let len = len - header;
            if len > MOST_MOVIE {
                return Err(DecodeError::Unsupported("so large an index of MP4"));
            }
            let mut movie = Vec::new();
            input.append(at + header, usize::try_from(len).unwrap_or_default(), &mut movie)?;
            return Ok(movie);
        }
        at = at.saturating_add(len);
    }
    Err(DecodeError::Damaged("MP4 without its index (moov)"))
}

fn is_sound(track: &[u8]) -> bool {
    let handler = find(track, &[*b"mdia", *b"hdlr"]);
    handler.and_then(|body| body.get(8..12)) == Some(b"soun")
}

impl Reader for Mp4 {
    fn facts(&self) -> &AudioFacts {
        &self.facts
    }

    fn next(&mut self, block: &mut Block) -> Result<bool, DecodeError> {
        let Some(&packet) = self.packets.get(self.next) else { return Ok(false) };
        let start = self.next as u64 * self.setup.duration;
        block.position = start.cast_signed() - self.delay.cast_signed();
        self.next += 1;
        if take(&mut self.input, packet, &mut self.packet)? {
            // A damaged packet leaves its place empty.
            self.coder.decode(&self.packet, &mut block.samples);
        }
        Ok(true)
    }

    fn seek(&mut self, frame: u64) -> Result<(), DecodeError> {
        let Setup { duration, pre_roll, begins_with_first, .. } = self.setup;
        let wanted = frame.saturating_add(self.delay) / duration;
        let packet = usize::try_from(wanted.saturating_sub(pre_roll)).unwrap_or(usize::MAX);
        self.next = packet.min(self.packets.len());
        self.coder.reset();
        if begins_with_first
            && self.next > 0
            && take(&mut self.input, self.packets[0], &mut self.packet)?
        {
            self.coder.decode(&self.packet, &mut Vec::new());
        }
        Ok(())
    }

    fn segment(&self) -> Option<u64> {
        // Of replicated bands a decoder has to hear more before.
        let (numerator, denominator) = if self.setup.begins_with_first { (5, 1) } else { (5, 2) };
        let length = u64::from(self.setup.sample_rate) * numerator / denominator;
        (self.setup.codec == Codec::Aac).then_some(length)
    }
}
