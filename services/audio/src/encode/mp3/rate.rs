//! How many bits each frame gets: all frames the same, with what earlier ones have saved, or whatever
//! a quality takes.

use super::block::{Block, MOST_BITS};
use super::format::Format;
use super::psycho::decibels;
use super::{EncodeError, Mp3Rate};

/// In dB, how much noise there may be beside what is hidden, at the best quality, and how much more
/// with each worse one.
const BEST: f32 = -14.0;
const WORSE: f32 = 2.3;
/// The limits of the same at a constant bitrate.
const LEVELS: (f32, f32) = (-30.0, 60.0);
/// How full the reservoir is to be.
const FULL: f32 = 0.85;
/// How many dB less noise a full reservoir makes than an empty one.
const SPENT: f32 = 4.0;
/// How much finer than wanted steps may become, in quarters of a power of two, for a band that has no
/// scalefactor: at a constant bitrate the bits are there, at a quality they would double the bitrate
/// for faint sounds above 16 kHz.
const CONSTANT_FINER: i32 = 16;
const VARIABLE_FINER: i32 = 6;
/// How quickly the level follows the music.
const FOLLOW: f32 = 0.15;
/// How many bytes a frame may leave free for each that follows in its segment: behind it they are lost.
const LEFT_A_FRAME: u64 = 64;
/// Bits of a coded line that a dB is worth.
const LINE_BITS: f32 = 0.14;
/// More bytes than a frame may have with what it takes of those before it: what decoders keep.
const MOST_KEPT: usize = 1440;

/// Above which frequency, in Hz, nothing is coded, for bits a second of each of two channels.
const CUTOFFS: [(u32, f32); 11] = [
    (12_000, 3_500.0),
    (16_000, 5_500.0),
    (24_000, 8_000.0),
    (32_000, 11_000.0),
    (40_000, 13_500.0),
    (48_000, 15_000.0),
    (56_000, 15_800.0),
    (64_000, 16_500.0),
    (80_000, 17_500.0),
    (96_000, 18_800.0),
    (128_000, 20_000.0),
];
/// The same for each quality.
const QUALITY_CUTOFFS: [f32; 10] = [
    22_000.0, 20_000.0, 19_000.0, 18_500.0, 18_000.0, 17_000.0, 16_000.0, 15_000.0, 13_000.0,
    10_500.0,
];

/// The bitrate and the padding of a frame.
pub(super) type Size = (usize, bool);

/// Decides about frames one after another.
pub(super) struct Control {
    rate: Kind,
    /// What the music has taken of late, in dB of noise beside what is hidden.
    level: f32,
    /// The number of the next frame of a constant bitrate.
    frames: u64,
    /// The number of the first one that is kept, and of the one behind the last.
    first: u64,
    end: Option<u64>,
    /// How many frames were coded to learn the level, before one that is kept.
    learned: Option<u8>,
}

enum Kind {
    Constant(usize),
    /// With this level.
    Variable(f32),
}

impl Control {
    pub(super) fn new(format: &Format, rate: Mp3Rate) -> Result<Self, EncodeError> {
        let rate = match rate {
            Mp3Rate::Constant(kbps) => Kind::Constant(
                format
                    .bitrate_index(kbps)
                    .ok_or(EncodeError::Unsupported("MP3 has no such bitrate at this rate"))?,
            ),
            Mp3Rate::Variable(quality @ 0..=9) => Kind::Variable(BEST + WORSE * f32::from(quality)),
            Mp3Rate::Variable(_) => {
                return Err(EncodeError::Unsupported("MP3 of a quality other than 0 to 9"));
            }
        };
        Ok(Self { rate, level: 0.0, frames: 0, first: 0, end: None, learned: None })
    }

    /// Which frames are kept.
    pub(super) fn limit(&mut self, first: u64, len: Option<u64>) {
        self.first = first;
        self.end = len.map(|len| first + len);
    }

    /// Whether the last frame that is kept is coded.
    pub(super) fn is_at_end(&self) -> bool {
        self.end == Some(self.frames)
    }

    /// Frames come first that are not kept: the level is their mean.
    pub(super) fn learn(&mut self) {
        self.learned = Some(0);
    }

    /// The next frame is the first that is kept.
    pub(super) fn restart(&mut self) {
        self.frames = self.first;
        self.learned = None;
    }

    /// About how many times what is hidden the next frame's noise will be.
    pub(super) fn louder(&self) -> f32 {
        match self.rate {
            Kind::Constant(_) => decibels(self.level),
            Kind::Variable(level) => decibels(level),
        }
    }

    /// Codes a frame's blocks so that they have room in it and in `free` bytes before it. How large
    /// the frame is, and how many bytes it may leave free for the next.
    pub(super) fn code(
        &mut self,
        format: &Format,
        blocks: &mut [Block],
        free: usize,
    ) -> (Size, usize) {
        let finer = match self.rate {
            Kind::Constant(_) => CONSTANT_FINER,
            Kind::Variable(_) => VARIABLE_FINER,
        };
        let mut frame = Frame { format, blocks, finer };
        match self.rate {
            Kind::Constant(bitrate) => {
                let padding = format.bytes(bitrate, self.frames + 1)
                    - format.bytes(bitrate, self.frames)
                    > format.frame_bytes(bitrate) as u64;
                self.frames += 1;
                let follow = self.end.map_or(u64::MAX, |end| end.saturating_sub(self.frames));
                let lost_soon = follow.saturating_mul(LEFT_A_FRAME);
                let lost_soon = usize::try_from(lost_soon).unwrap_or(usize::MAX);
                let most_free = most_free(format, bitrate).min(lost_soon);
                let bytes = format.frame_bytes(bitrate) + usize::from(padding);
                let room = 8 * (bytes - format.head_bytes()) as u32;
                let most = room + 8 * free as u32;
                let least = most.saturating_sub(8 * most_free as u32);
                let fullness = free as f32 / most_free.max(1) as f32;
                let level =
                    self.level + if most_free > 0 { SPENT * (FULL - fullness) } else { 0.0 };
                let (level, bits) = frame.between(level, least, most);
                let even = level + (bits as f32 - room as f32) / frame.bits_a_decibel();
                let follow = match &mut self.learned {
                    Some(learned) => {
                        *learned = learned.saturating_add(1);
                        FOLLOW.max(1.0 / f32::from(*learned))
                    }
                    None => FOLLOW,
                };
                self.level += follow * (even - self.level);
                self.level = self.level.clamp(LEVELS.0, LEVELS.1);
                ((bitrate, padding), most_free)
            }
            Kind::Variable(level) => {
                let room = |bitrate: usize| {
                    8 * (format.frame_bytes(bitrate) - format.head_bytes() + free) as u32
                };
                let (_, bits) = frame.between(level, 0, room(14));
                // The smallest frame may be smaller than what describes it.
                let fits = |&bitrate: &usize| {
                    format.frame_bytes(bitrate) > format.head_bytes() && room(bitrate) >= bits
                };
                let bitrate = (1..15).find(fits).unwrap_or(14);
                ((bitrate, false), most_free(format, bitrate))
            }
        }
    }
}

/// How many bytes a frame may leave free.
fn most_free(format: &Format, bitrate: usize) -> usize {
    let kept = MOST_KEPT.saturating_sub(format.frame_bytes(bitrate) + 1);
    format.most_reservoir().min(kept)
}

/// The cutoff frequency.
pub(super) fn cutoff(format: &Format, rate: Mp3Rate) -> f32 {
    let highest = format.sample_rate as f32 / 2.0;
    let found = match rate {
        Mp3Rate::Variable(quality) => QUALITY_CUTOFFS[usize::from(quality.min(9))],
        Mp3Rate::Constant(kbps) => {
            // One channel alone has nothing in common with another one, which would save bits.
            let each = if format.channels == 1 { kbps * 1000 * 6 / 7 } else { kbps * 1000 / 2 };
            // Fewer lines a second share what there is.
            let each = (each as f32 * 44_100.0 / (format.sample_rate as f32).max(32_000.0)) as u32;
            let at = CUTOFFS.partition_point(|(bitrate, _)| *bitrate < each);
            match (at.checked_sub(1).map(|below| CUTOFFS[below]), CUTOFFS.get(at)) {
                (None, _) => CUTOFFS[0].1,
                (_, None) => highest,
                (Some((below, low)), Some(&(above, high))) => {
                    low + (high - low) * (each - below) as f32 / (above - below) as f32
                }
            }
        }
    };
    found.min(highest)
}

/// The blocks of a frame.
struct Frame<'b> {
    format: &'b Format,
    blocks: &'b mut [Block],
    finer: i32,
}

impl Frame<'_> {
    /// Codes all blocks with this much noise beside what is hidden.
    fn code(&mut self, level: f32) -> u32 {
        let mut bits = 0;
        for block in &mut *self.blocks {
            let mut own_level = level;
            while block.code(self.format, decibels(own_level), self.finer) > MOST_BITS {
                own_level += 1.0;
            }
            bits += block.bits();
        }
        bits
    }

    /// Codes all blocks with as many bits as that, near this level if it can be.
    fn between(&mut self, mut level: f32, least: u32, most: u32) -> (f32, u32) {
        let mut bits = self.code(level);
        // Levels that are known to take too many bits, and not too many.
        let (mut loud, mut quiet) = (None, None);
        let mut tries = 0;
        while bits > most || (bits < least && level > LEVELS.0 && tries < 8) {
            tries += 1;
            let over = bits > most;
            *(if over { &mut quiet } else { &mut loud }) = Some(level);
            let margin = (most - least) as f32 * 0.1 + 20.0;
            let aim = if over { most as f32 - margin } else { least as f32 + margin };
            let change = (bits as f32 - aim) / self.bits_a_decibel();
            // Far from the aim the bits are less than straight.
            let change = if over { change.clamp(0.1, 12.0) } else { change.clamp(-12.0, -0.1) };
            level += if tries > 8 { 3.0 } else { change };
            if let (Some(quiet), Some(loud)) = (quiet, loud)
                && (level <= quiet || level >= loud)
                && tries <= 8
            {
                level = f32::midpoint(quiet, loud);
            }
            level = level.max(LEVELS.0);
            bits = self.code(level);
        }
        (level, bits)
    }

    fn bits_a_decibel(&self) -> f32 {
        let lines: usize =
            self.blocks.iter().map(|block| block.coding.large + block.coding.small).sum();
        LINE_BITS * lines as f32 + 10.0
    }
}
