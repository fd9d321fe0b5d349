//! Which Huffman tables code a granule best, and how many bits they take.

mod tables;

use std::sync::LazyLock;

use super::format::{Bands, GRANULE, MOST_BANDS, Window};
use crate::encode::flac::bits::Bits;
use tables::{PAIRS, quad};

/// The largest value that can be coded.
pub(super) const LARGEST: u16 = 8206;
/// Values from here on are coded as this one and the rest in plain bits.
const ESCAPE: u16 = 15;
/// The tables with plain bits in [`PAIRS`], how many those are, and the tables' numbers.
const WITH_REST: [(usize, [u32; 8], u8); 2] =
    [(13, [1, 2, 3, 4, 6, 8, 10, 13], 16), (14, [4, 5, 6, 7, 8, 9, 11, 13], 24)];
/// The first of [`PAIRS`] that has each value; for most there are some of the same size to choose from.
const FIRST: [usize; 16] = [0, 0, 1, 3, 5, 5, 8, 8, 11, 11, 11, 11, 11, 11, 11, 11];
const SMALL: usize = 13;

/// Bits of each pair, with signs, in each of [`PAIRS`]; too many where it has no such pair.
static LENGTHS: LazyLock<[[u8; 16]; 256]> = LazyLock::new(|| {
    std::array::from_fn(|pair| {
        let (first, second) = (pair / 16, pair % 16);
        let signs = u32::from(first > 0) + u32::from(second > 0);
        std::array::from_fn(|table| match PAIRS.get(table) {
            Some(pairs) if first.max(second) < pairs.side => {
                u8::try_from(pairs.code(first, second).1 + signs).unwrap_or(u8::MAX)
            }
            _ => 0,
        })
    })
});

/// Bits of each four values up to one, with signs, in both tables.
static QUAD_LENGTHS: LazyLock<[[u32; 2]; 16]> = LazyLock::new(|| {
    std::array::from_fn(|values| {
        [0, 1].map(|table| quad(table, values).1 + (values as u32).count_ones())
    })
});

/// A table for a region.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Choice {
    /// Its number in the side information.
    pub(super) number: u8,
    /// Its place in [`PAIRS`].
    table: usize,
    /// Plain bits of values from [`ESCAPE`] on.
    rest: u32,
}

/// How the values of a granule are coded.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Coding {
    pub(super) bits: u32,
    /// Values that are coded in pairs; behind those that are coded in fours, the rest are zeros.
    pub(super) large: usize,
    pub(super) small: usize,
    /// Bands in the first region, and in the second.
    pub(super) regions: [usize; 2],
    /// Where the regions end.
    ends: [usize; 3],
    pub(super) choices: [Choice; 3],
    pub(super) small_table: usize,
}

/// What the bands up to each one take in each table, and their largest values.
struct Costs {
    sums: [[u32; 16]; MOST_BANDS + 1],
    largest: [u16; MOST_BANDS],
}

impl Coding {
    /// The best coding of values.
    pub(super) fn best(values: &[u16; GRANULE], window: Window, bands: &Bands) -> Self {
        let end = values.iter().rposition(|&value| value > 0).map_or(0, |last| last + 1);
        let mut large = end.next_multiple_of(2);
        let small_end = large;
        let mut small_bits = [0; 2];
        while large >= 4 && values[large - 4..large].iter().all(|&value| value <= 1) {
            let four = values[large - 4..large].iter().fold(0, |all, &value| all << 1 | value);
            let lengths = QUAD_LENGTHS[usize::from(four)];
            small_bits = [small_bits[0] + lengths[0], small_bits[1] + lengths[1]];
            large -= 4;
        }
        let small_table = usize::from(small_bits[1] < small_bits[0]);
        let mut coding = Self {
            bits: small_bits[small_table],
            large,
            small: small_end - large,
            small_table,
            ..Self::default()
        };
        let costs = Costs::new(values, large, bands);
        let used = bands.edges.iter().take_while(|&&edge| edge < large).count();
        if window == Window::Long {
            coding.divide(&costs, used);
        } else {
            // Where the first region ends is fixed.
            let first = if window == Window::Short { 9 } else { 8 };
            coding.regions = [first, 0];
            coding.take(&costs, [first.min(used), used, used]);
        }
        coding.ends = coding.ends.map(|band| bands.edges[band].min(large));
        coding
    }

    /// Finds the best two borders of regions.
    fn divide(&mut self, costs: &Costs, used: usize) {
        if used == 0 {
            return;
        }
        let mut best = (u32::MAX, [0; 3]);
        for first in 1..=used.min(16) {
            let first_bits = costs.region(0, first).0;
            for second in first + 1..=(first + 8).max(first + 1) {
                let end = second.min(used).max(first);
                let bits = first_bits + costs.region(first, end).0 + costs.region(end, used).0;
                if bits < best.0 {
                    best = (bits, [first, end, used]);
                }
                if second >= used {
                    break;
                }
            }
        }
        let [first, second, _] = best.1;
        self.regions = [first, (second - first).max(1)];
        self.take(costs, best.1);
    }

    fn take(&mut self, costs: &Costs, ends: [usize; 3]) {
        let mut begin = 0;
        for (choice, end) in self.choices.iter_mut().zip(ends) {
            let (bits, best) = costs.region(begin, end);
            *choice = best;
            self.bits += bits;
            begin = end;
        }
        self.ends = ends;
    }

    /// Writes the values with the signs of `signs`.
    pub(super) fn write(&self, values: &[u16; GRANULE], signs: &[f32; GRANULE], out: &mut Bits) {
        let mut begin = 0;
        for (choice, &end) in self.choices.iter().zip(&self.ends) {
            let region = begin..end.max(begin);
            begin = region.end;
            if choice.number == 0 {
                continue;
            }
            for (pair, signs) in
                values[region.clone()].chunks_exact(2).zip(signs[region].chunks_exact(2))
            {
                let cut = |value: u16| {
                    usize::from(if choice.rest > 0 { value.min(ESCAPE) } else { value })
                };
                let (code, len) = PAIRS[choice.table].code(cut(pair[0]), cut(pair[1]));
                out.put(code, len);
                for (&value, sign) in pair.iter().zip(signs) {
                    if choice.rest > 0 && value >= ESCAPE {
                        out.put(u32::from(value - ESCAPE), choice.rest);
                    }
                    if value > 0 {
                        out.put(u32::from(sign.is_sign_negative()), 1);
                    }
                }
            }
        }
        let small = self.large..self.large + self.small;
        for (four, signs) in values[small.clone()].chunks_exact(4).zip(signs[small].chunks_exact(4))
        {
            let all = four.iter().fold(0, |all, &value| all << 1 | usize::from(value));
            let (code, len) = quad(self.small_table, all);
            out.put(code, len);
            for (_, sign) in four.iter().zip(signs).filter(|(value, _)| **value > 0) {
                out.put(u32::from(sign.is_sign_negative()), 1);
            }
        }
    }
}

impl Costs {
    fn new(values: &[u16; GRANULE], large: usize, bands: &Bands) -> Self {
        let mut costs = Self { sums: [[0; 16]; MOST_BANDS + 1], largest: [0; MOST_BANDS] };
        let lengths = &*LENGTHS;
        for band in 0..bands.count() {
            let lines = bands.edges[band].min(large)..bands.edges[band + 1].min(large);
            let (mut sums, mut escapes, mut largest) = ([0_u16; 16], 0, 0);
            for pair in values[lines].chunks_exact(2) {
                let (first, second) = (pair[0].min(ESCAPE), pair[1].min(ESCAPE));
                largest = largest.max(pair[0]).max(pair[1]);
                escapes += u32::from(first == ESCAPE) + u32::from(second == ESCAPE);
                let lengths = &lengths[usize::from(first << 4 | second)];
                for (sum, &length) in sums.iter_mut().zip(lengths) {
                    *sum += u16::from(length);
                }
            }
            costs.largest[band] = largest;
            let before = costs.sums[band];
            let after = &mut costs.sums[band + 1];
            for (table, sum) in after.iter_mut().enumerate() {
                *sum = before[table] + u32::from(sums[table]);
            }
            // No table: how many values have plain bits behind them.
            after[15] = before[15] + escapes;
        }
        costs
    }

    /// The fewest bits of some bands, and the table.
    fn region(&self, begin: usize, end: usize) -> (u32, Choice) {
        let largest = self.largest[begin.min(end)..end].iter().fold(0, |most, &one| one.max(most));
        if largest == 0 {
            return (0, Choice::default());
        }
        let bits = |table: usize| self.sums[end][table] - self.sums[begin][table];
        let mut best = (u32::MAX, Choice::default());
        if largest <= ESCAPE {
            for (table, pairs) in
                PAIRS.iter().enumerate().take(SMALL).skip(FIRST[usize::from(largest)])
            {
                if bits(table) < best.0 {
                    best = (bits(table), Choice { number: pairs.number, table, rest: 0 });
                }
            }
        }
        let needed = u16::BITS - largest.saturating_sub(ESCAPE).leading_zeros();
        for (table, rests, number) in WITH_REST {
            let place = rests.iter().position(|&rest| rest >= needed).unwrap_or(7);
            let all = bits(table) + bits(15) * rests[place];
            if all < best.0 {
                let number = number + place as u8;
                best = (all, Choice { number, table, rest: rests[place] });
            }
        }
        best
    }
}
