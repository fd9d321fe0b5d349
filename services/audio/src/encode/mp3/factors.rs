//! Scalefactors: finer steps for some bands, and how many bits it takes to say so.

use super::format::{Bands, Format, MOST_BANDS};
use super::quantize::COARSEST;
use crate::encode::flac::bits::Bits;

/// The step of bands that are left out.
pub(super) const NONE: i32 = i32::MAX;
/// The gain that stands for a step of one.
const UNIT_GAIN: i32 = 210;
/// Bits that one line takes more with a step that is finer by a quarter of a power of two.
const LINE_BITS: f32 = 0.2;

/// Bits of the scalefactors of the lower and of the higher bands, by their number in MPEG-1.
const LENGTHS: [(u8, u8); 16] = [
    (0, 0),
    (0, 1),
    (0, 2),
    (0, 3),
    (3, 0),
    (1, 1),
    (1, 2),
    (1, 3),
    (2, 1),
    (2, 2),
    (2, 3),
    (3, 1),
    (3, 2),
    (3, 3),
    (4, 2),
    (4, 3),
];

/// The steps of a granule, as they are told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Factors {
    pub(super) gain: i32,
    pub(super) coarse: bool,
    pub(super) emphasis: bool,
    pub(super) window_gains: [i32; 3],
    of_bands: [u8; MOST_BANDS],
    /// The number of their lengths.
    pub(super) lengths: u16,
    pub(super) bits: u32,
}

impl Default for Factors {
    fn default() -> Self {
        Self {
            gain: UNIT_GAIN,
            coarse: false,
            emphasis: false,
            window_gains: [0; 3],
            of_bands: [0; MOST_BANDS],
            lengths: 0,
            bits: 0,
        }
    }
}

impl Factors {
    /// Steps no coarser than the wanted ones, as few bits finer as can be. For the sake of the highest
    /// band, which has no scalefactor, they may become `finer` by so many quarters of a power of two:
    /// what is still too coarse for it then stays so.
    pub(super) fn new(
        format: &Format,
        bands: &Bands,
        wanted: &[i32; MOST_BANDS],
        finer: i32,
    ) -> Self {
        let count = bands.count();
        let scaled = count - bands.windows;
        let windows = bands.windows;
        let coarsest = |window: usize| {
            let all = (window..scaled).step_by(windows).map(|band| wanted[band]);
            all.filter(|&step| step != NONE).max()
        };
        let highest = |window: usize| Some(wanted[scaled + window]).filter(|&step| step != NONE);
        let mut tops = [NONE; 3];
        for (window, top) in tops.iter_mut().enumerate().take(windows) {
            *top = match (coarsest(window), highest(window)) {
                (Some(step), Some(highest)) => step.min(highest.max(step - finer)),
                (Some(step), None) | (None, Some(step)) => step,
                (None, None) => NONE,
            };
        }
        let Some(top) = tops.iter().copied().filter(|&top| top != NONE).max() else {
            return Self::default();
        };
        let mut best: Option<(f32, Self)> = None;
        let ways = if windows == 1 && format.is_mpeg_1() { 2 } else { 1 };
        for way in 0..2 * ways {
            let (coarse, emphasis) = (way % 2 == 1, way / 2 == 1);
            let mut one = Self { gain: top, coarse, emphasis, ..Self::default() };
            if let Some(cost) = one.fit(format, bands, wanted, &tops)
                && best.as_ref().is_none_or(|(least, _)| cost < *least)
            {
                best = Some((cost, one));
            }
        }
        let mut found =
            best.map_or_else(|| Self::lowered(format, bands, wanted, top), |(_, one)| one);
        found.gain += UNIT_GAIN;
        found
    }

    /// The scalefactors for the wanted steps under this gain, and about how many bits they and what is
    /// too fine take; `None` where some would have to be too large.
    fn fit(
        &mut self,
        format: &Format,
        bands: &Bands,
        wanted: &[i32; MOST_BANDS],
        tops: &[i32; 3],
    ) -> Option<f32> {
        for (window, top) in tops.iter().enumerate().take(bands.windows) {
            if bands.windows == 3 && *top != NONE {
                self.window_gains[window] = ((self.gain - top) / 8).clamp(0, 7);
            }
        }
        let unit = if self.coarse { 4 } else { 2 };
        let mut waste = 0;
        for (band, &wanted) in wanted.iter().enumerate().take(bands.count()) {
            if wanted == NONE {
                continue;
            }
            let base = self.gain - 8 * self.window_gains[band % bands.windows];
            let extra = if self.emphasis { i32::from(bands.emphasis[band]) } else { 0 };
            let needed = (base - wanted + unit - 1).div_euclid(unit) - extra;
            let most = i32::from(bands.most[band]);
            if needed > most && most > 0 {
                return None;
            }
            self.of_bands[band] = needed.clamp(0, most) as u8;
            let step = base - unit * (i32::from(self.of_bands[band]) + extra);
            waste += (wanted - step).max(0) * bands.lines(band).len() as i32;
        }
        self.measure(format, bands);
        Some(self.bits as f32 + LINE_BITS * waste as f32)
    }

    /// A lower gain, under which no scalefactor is too large.
    fn lowered(format: &Format, bands: &Bands, wanted: &[i32; MOST_BANDS], top: i32) -> Self {
        let emphasis = bands.windows == 1 && format.is_mpeg_1();
        let scaled = 0..bands.count() - bands.windows;
        let reach = |band: usize| {
            let extra = if emphasis { bands.emphasis[band] } else { 0 };
            wanted[band].saturating_add(4 * i32::from(bands.most[band] + extra))
        };
        let lowest = scaled.map(reach).min().unwrap_or(top).min(top);
        // All windows alike: what is wanted of the finest is finer than their gains reach.
        let mut one = Self { gain: lowest, coarse: true, emphasis, ..Self::default() };
        let tops = [NONE; 3];
        let _cost = one.fit(format, bands, wanted, &tops);
        one
    }

    /// The step of a band.
    pub(super) fn step(&self, bands: &Bands, band: usize) -> i32 {
        let extra = if self.emphasis { i32::from(bands.emphasis[band]) } else { 0 };
        let unit = if self.coarse { 4 } else { 2 };
        let factors = unit * (i32::from(self.of_bands[band]) + extra);
        let gain = self.gain - UNIT_GAIN - 8 * self.window_gains[band % bands.windows];
        (gain - factors).min(COARSEST)
    }

    /// Finds the lengths with the fewest bits.
    fn measure(&mut self, format: &Format, bands: &Bands) {
        let mut needed = [0_u8; 4];
        let ends = groups(format, bands);
        let mut begin = 0;
        for (needed, &end) in needed.iter_mut().zip(ends) {
            let largest = self.of_bands[begin..end].iter().fold(0, |most, &one| one.max(most));
            *needed = (u8::BITS - largest.leading_zeros()) as u8;
            begin = end;
        }
        if format.is_mpeg_1() {
            let bits = |(low, high): (u8, u8)| {
                u32::from(low) * ends[0] as u32 + u32::from(high) * (ends[1] - ends[0]) as u32
            };
            let fitting = LENGTHS
                .iter()
                .enumerate()
                .filter(|(_, lengths)| lengths.0 >= needed[0] && lengths.1 >= needed[1]);
            let least = fitting.map(|(number, &lengths)| (bits(lengths), number)).min();
            let (bits, number) = least.unwrap_or_default();
            (self.bits, self.lengths) = (bits, number as u16);
        } else {
            let [first, second, third, fourth] = needed.map(u16::from);
            self.lengths = (first * 5 + second) << 4 | third << 2 | fourth;
            let mut begin = 0;
            self.bits = 0;
            for (&end, needed) in ends.iter().zip(needed) {
                self.bits += (end - begin) as u32 * u32::from(needed);
                begin = end;
            }
        }
    }

    pub(super) fn write(&self, format: &Format, bands: &Bands, out: &mut Bits) {
        let number = self.lengths;
        let lengths = if format.is_mpeg_1() {
            let (low, high) = LENGTHS[usize::from(number)];
            [low, high, 0, 0].map(u32::from)
        } else {
            [number / 16 / 5, number / 16 % 5, number >> 2 & 3, number & 3].map(u32::from)
        };
        let mut begin = 0;
        for (&end, len) in groups(format, bands).iter().zip(lengths) {
            for &factor in &self.of_bands[begin..end] {
                out.put(factor.into(), len);
            }
            begin = end;
        }
    }
}

/// Where the groups of bands end whose scalefactors have the same length.
fn groups(format: &Format, bands: &Bands) -> &'static [usize] {
    match (format.is_mpeg_1(), bands.windows) {
        (true, 1) => &[11, 21],
        (true, _) => &[18, 36],
        (false, 1) => &[6, 11, 16, 21],
        (false, _) => &[9, 18, 27, 36],
    }
}
