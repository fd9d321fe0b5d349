//! The predictors: each adds back what could be told from the samples before, or from the other
//! channel, with weights that follow the signs.

/// The farthest that a predictor looks back.
const FARTHEST: usize = 8;
/// Weights of predictors between channels stay within 1.
const ONE: i32 = 1024;

/// Where a predictor takes its sample from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    /// So many frames before: 1 to 8.
    Before(usize),
    /// The last two, continued as a line.
    Line,
    /// Half as far as that.
    HalfLine,
    /// The right channel from the left, and that from the frame before of the right.
    RightFromLeft,
    /// The other way round.
    LeftFromRight,
    /// Each from the frame before of the other.
    Crossed,
}

impl Term {
    /// Its number is the format's; mono has no predictors between channels.
    pub(super) const fn parse(number: i8, is_mono: bool) -> Option<Self> {
        Some(match number {
            1..=8 => Self::Before(number.unsigned_abs() as usize),
            17 => Self::Line,
            18 => Self::HalfLine,
            -1 if !is_mono => Self::RightFromLeft,
            -2 if !is_mono => Self::LeftFromRight,
            -3 if !is_mono => Self::Crossed,
            _ => return None,
        })
    }

    /// How many frames are told at the start of a block.
    pub(super) const fn memory(self) -> usize {
        match self {
            Self::Before(count) => count,
            Self::Line | Self::HalfLine => 2,
            Self::RightFromLeft | Self::LeftFromRight | Self::Crossed => 1,
        }
    }
}

/// One predictor with its state.
#[derive(Clone)]
pub(super) struct Predictor<const C: usize> {
    pub(super) term: Term,
    /// By how much weights change.
    pub(super) step: i32,
    pub(super) weights: [i32; C],
    /// What is told of the samples before: the farthest first for [`Term::Before`], the nearest first
    /// for lines; between channels those that each one's predictor takes.
    pub(super) memory: [[i32; C]; FARTHEST],
}

impl<const C: usize> Predictor<C> {
    pub(super) const fn new(term: Term, step: i32) -> Self {
        Self { term, step, weights: [0; C], memory: [[0; C]; FARTHEST] }
    }

    /// Turns what is left of samples into samples, or what is left for the next predictor.
    pub(super) fn run(&mut self, frames: &mut [[i32; C]]) {
        match self.term {
            Term::Before(1) => self.continued(frames, |last, _before| last),
            Term::Before(count) => self.delayed(frames, count),
            Term::Line => {
                self.continued(frames, |last, before| last.wrapping_mul(2).wrapping_sub(before));
            }
            Term::HalfLine => self.continued(frames, |last, before| {
                last.wrapping_add(last.wrapping_sub(before) >> 1)
            }),
            Term::RightFromLeft => self.between::<0>(frames),
            Term::LeftFromRight => self.between::<1>(frames),
            Term::Crossed => self.crossed(frames),
        }
    }

    fn continued(&mut self, frames: &mut [[i32; C]], from: impl Fn(i32, i32) -> i32) {
        let mut weights = self.weights;
        let [mut last, mut before, ..] = self.memory;
        for frame in frames {
            let mut samples = [0; C];
            for channel in 0..C {
                let told = from(last[channel], before[channel]);
                let left = frame[channel];
                samples[channel] = left.wrapping_add(weighted(weights[channel], told));
                weights[channel] = followed(weights[channel], self.step, told, left);
            }
            (before, last) = (last, samples);
            *frame = samples;
        }
        self.weights = weights;
        (self.memory[0], self.memory[1]) = (last, before);
    }

    fn delayed(&mut self, frames: &mut [[i32; C]], count: usize) {
        let mut weights = self.weights;
        let mut predict = |told: [i32; C], frame: &mut [i32; C]| {
            for channel in 0..C {
                let left = frame[channel];
                frame[channel] = left.wrapping_add(weighted(weights[channel], told[channel]));
                weights[channel] = followed(weights[channel], self.step, told[channel], left);
            }
        };
        for (told, frame) in self.memory.iter().take(count).zip(frames.iter_mut()) {
            predict(*told, frame);
        }
        for at in count..frames.len() {
            let told = frames[at - count];
            predict(told, &mut frames[at]);
        }
        self.weights = weights;
        let memory = &mut self.memory[..count];
        let kept = count.saturating_sub(frames.len());
        memory.copy_within(count - kept.., 0);
        memory[kept..].copy_from_slice(&frames[frames.len() - (count - kept)..]);
    }

    /// One channel from the other's frame before, then that one from this.
    fn between<const FIRST: usize>(&mut self, frames: &mut [[i32; C]]) {
        let (first, second) = (FIRST, 1 - FIRST);
        let mut weights = self.weights;
        let mut told = self.memory[0][first];
        for frame in frames {
            let left = frame[first];
            let sample = left.wrapping_add(weighted(weights[first], told));
            weights[first] = clipped(weights[first], self.step, told, left);
            frame[first] = sample;
            let left = frame[second];
            told = left.wrapping_add(weighted(weights[second], sample));
            weights[second] = clipped(weights[second], self.step, sample, left);
            frame[second] = told;
        }
        self.weights = weights;
        self.memory[0][first] = told;
    }

    fn crossed(&mut self, frames: &mut [[i32; C]]) {
        let mut weights = self.weights;
        let mut told = self.memory[0];
        for frame in frames {
            for channel in 0..C {
                let left = frame[channel];
                frame[channel] = left.wrapping_add(weighted(weights[channel], told[channel]));
                weights[channel] = clipped(weights[channel], self.step, told[channel], left);
            }
            told = *frame;
            told.reverse();
        }
        self.weights = weights;
        self.memory[0] = told;
    }
}

/// Rounded to the nearest; weights are 1,024th parts.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the format's samples have 32 bits")]
fn weighted(weight: i32, sample: i32) -> i32 {
    ((i64::from(weight) * i64::from(sample) + 512) >> 10) as i32
}

/// The weight after a sample was told from another one: by the signs of it and of what was left.
#[inline]
const fn followed(weight: i32, step: i32, told: i32, left: i32) -> i32 {
    if told == 0 || left == 0 {
        weight
    } else if told ^ left < 0 {
        weight.wrapping_sub(step)
    } else {
        weight.wrapping_add(step)
    }
}

/// The same, within bounds.
#[inline]
fn clipped(weight: i32, step: i32, told: i32, left: i32) -> i32 {
    if told == 0 || left == 0 {
        weight
    } else if told ^ left < 0 {
        weight.wrapping_sub(step).max(-ONE)
    } else {
        weight.wrapping_add(step).min(ONE)
    }
}
