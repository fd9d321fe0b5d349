//! One channel of a block: constant, or what a polynomial through the samples before leaves over in
//! Rice's code, or as it is.

use super::bits::Bits;

/// The highest polynomial.
const MOST_ORDER: usize = 4;
/// Parts of a block, as a power of two, that have a parameter of their own.
const MOST_PARTITIONS: u32 = 6;
const VERBATIM: u32 = 1;
const FIXED: u32 = 8;

/// A coded channel.
pub(super) struct Subframe {
    samples: Vec<i32>,
    /// Bits of a sample, without those below that are zero in all of them.
    bits: u32,
    wasted: u32,
    kind: Kind,
    len: u64,
}

enum Kind {
    Constant,
    Verbatim,
    Fixed { order: usize, residual: Vec<u32>, partitions: u32, parameters: Vec<u32> },
}

impl Subframe {
    /// Finds the shortest way to write samples of `bits` bits.
    pub(super) fn new(mut samples: Vec<i32>, mut bits: u32) -> Self {
        if samples.iter().all(|&sample| sample == samples[0]) {
            return Self { samples, bits, wasted: 0, kind: Kind::Constant, len: bits.into() };
        }
        let wasted = samples.iter().fold(0, |all, &sample| all | sample).trailing_zeros();
        if wasted > 0 {
            for sample in &mut samples {
                *sample >>= wasted;
            }
            bits -= wasted;
        }
        let verbatim = samples.len() as u64 * u64::from(bits);
        let (order, residual) = best_order(&samples);
        let (partitions, parameters, coded) = best_partitions(&residual, order, samples.len());
        let len = coded + order as u64 * u64::from(bits) + 6;
        if len >= verbatim {
            return Self { samples, bits, wasted, kind: Kind::Verbatim, len: verbatim };
        }
        let kind = Kind::Fixed { order, residual, partitions, parameters };
        Self { samples, bits, wasted, kind, len }
    }

    /// Its length in bits, without its first byte.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn write(&self, out: &mut Bits) {
        match &self.kind {
            Kind::Constant => {
                out.put(0, 8);
                out.put_signed(self.samples[0], self.bits);
            }
            Kind::Verbatim => {
                self.put_kind(VERBATIM, out);
                self.samples.iter().for_each(|&sample| out.put_signed(sample, self.bits));
            }
            Kind::Fixed { order, residual, partitions, parameters } => {
                self.put_kind(FIXED | u32::try_from(*order).unwrap_or_default(), out);
                let first = self.samples.iter().take(*order);
                first.for_each(|&sample| out.put_signed(sample, self.bits));
                // Parameters of five bits.
                out.put(1, 2);
                out.put(*partitions, 4);
                let mut rest = residual.as_slice();
                for (index, &parameter) in parameters.iter().enumerate() {
                    out.put(parameter, 5);
                    let count = part_len(self.samples.len(), *partitions, index, *order);
                    let (part, after) = rest.split_at(count);
                    rest = after;
                    for &value in part {
                        out.put_unary(value >> parameter);
                        out.put(value, parameter);
                    }
                }
            }
        }
    }

    /// The first byte, and how many bits are left out.
    fn put_kind(&self, kind: u32, out: &mut Bits) {
        out.put((kind << 1) | u32::from(self.wasted > 0), 8);
        if self.wasted > 0 {
            out.put_unary(self.wasted - 1);
        }
    }
}

/// How many residuals a part has: the first lacks those samples that are written as they are.
fn part_len(samples: usize, partitions: u32, index: usize, order: usize) -> usize {
    (samples >> partitions) - if index == 0 { order } else { 0 }
}

/// The polynomial that leaves least over, and what it leaves over: folded to positive numbers.
fn best_order(samples: &[i32]) -> (usize, Vec<u32>) {
    let mut best = (0, u64::MAX, Vec::new());
    let mut differences = samples.to_vec();
    for order in 0..=MOST_ORDER.min(samples.len() - 1) {
        if order > 0 {
            differences = differences.windows(2).map(|two| two[1] - two[0]).collect();
        }
        // All are judged by the same samples.
        let judged = differences.iter().skip(MOST_ORDER - order);
        let sum = judged.map(|&value| u64::from(value.unsigned_abs())).sum();
        if sum < best.1 || order == 0 {
            best = (order, sum, differences.clone());
        }
    }
    let fold = |value: &i32| ((value << 1) ^ (value >> 31)).cast_unsigned();
    (best.0, best.2.iter().map(fold).collect())
}

/// How many parts, each one's parameter, and the length of all in bits.
fn best_partitions(residual: &[u32], order: usize, samples: usize) -> (u32, Vec<u32>, u64) {
    let mut best = (0, Vec::new(), u64::MAX);
    for partitions in 0..=MOST_PARTITIONS {
        let len = samples >> partitions;
        if len << partitions != samples || len <= order {
            break;
        }
        let mut rest = residual;
        let mut parameters = Vec::with_capacity(1 << partitions);
        let mut sum = 0;
        for index in 0..1_usize << partitions {
            let (part, after) = rest.split_at(part_len(samples, partitions, index, order));
            rest = after;
            let (parameter, coded) = best_parameter(part);
            parameters.push(parameter);
            sum += coded + 5;
        }
        if sum < best.2 {
            best = (partitions, parameters, sum);
        }
    }
    best
}

/// The parameter of a part near the logarithm of its mean, and the part's length in bits.
fn best_parameter(part: &[u32]) -> (u32, u64) {
    let sum: u64 = part.iter().map(|&value| u64::from(value)).sum();
    let count = part.len() as u64;
    let mean = sum / count.max(1);
    let near = (u64::BITS - mean.leading_zeros()).saturating_sub(1).min(30);
    let coded = |parameter: u32| {
        let ones = part.iter().map(|&value| u64::from(value >> parameter)).sum::<u64>();
        ones + count * u64::from(parameter + 1)
    };
    let tried = near.saturating_sub(1)..=(near + 1).min(30);
    let best = tried.map(|parameter| (coded(parameter), parameter)).min();
    best.map_or((0, 0), |(coded, parameter)| (parameter, coded))
}
