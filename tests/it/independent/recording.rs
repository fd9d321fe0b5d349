//! Noise, and recordings of it that are held against it.

use std::{ops::Range, path::Path};

/// What is looked for in a recording, and how far, in frames.
const WINDOW: usize = 1024;
const FARTHEST: usize = 800;
/// Places that are looked for, in frames: everywhere, and around joins.
const EVERYWHERE: usize = 16_384;
const AROUND: usize = 512;
/// Softer than anything but what a decoder makes of silence.
const SILENCE: f32 = 1e-4;
/// A full scale of 16 bits.
const FULL: f32 = 32_768.0;

/// Noise that is fainter the higher it is, another one in each of two channels: interleaved.
pub(super) fn noise(frames: usize) -> Vec<i16> {
    let mut state = 7_u32;
    let mut samples = vec![0_i16; 2];
    for at in 0..frames * 2 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [.., low, high] = state.to_le_bytes();
        let (white, before) = (i16::from_le_bytes([low, high]), samples[at]);
        samples.push(before + (white / 4 - before / 4));
    }
    samples.split_off(2)
}

/// Writes a WAV file of two channels.
pub(super) fn write_wav(path: &Path, rate: u32, samples: &[i16]) {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let len = u32::try_from(data.len()).expect("it is small");
    let mut file = b"RIFF".to_vec();
    file.extend_from_slice(&(36 + len).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    file.extend_from_slice(&rate.to_le_bytes());
    file.extend_from_slice(&(rate * 4).to_le_bytes());
    file.extend_from_slice(b"\x04\0\x10\0data");
    file.extend_from_slice(&len.to_le_bytes());
    file.extend_from_slice(&data);
    std::fs::write(path, file).expect("a file can be written");
}

/// Little-endian floats.
pub(super) fn samples(bytes: &[u8]) -> Vec<f32> {
    let (samples, _) = bytes.as_chunks::<4>();
    samples.iter().copied().map(f32::from_le_bytes).collect()
}

pub(super) fn energy(samples: &[f32]) -> f64 {
    samples.iter().map(|sample| f64::from(*sample).powi(2)).sum()
}

pub(super) fn power(samples: &[f32]) -> f64 {
    energy(samples) / f64::from(u32::try_from(samples.len()).expect("some seconds"))
}

/// The first channel of what was heard of a piece of music.
pub(super) struct Recording {
    heard: Vec<f32>,
    original: Vec<f32>,
    /// The frames of the music that are in it.
    frames: Range<usize>,
    /// Where its first sound is.
    onset: usize,
    /// Where the first frame of the music would be.
    origin: isize,
}

impl Recording {
    /// What was heard of interleaved music from about frame `from` on.
    #[track_caller]
    pub(super) fn new(heard: Vec<f32>, music: &[i16], from: usize) -> Self {
        let original: Vec<f32> = music.chunks(2).map(|frame| f32::from(frame[0]) / FULL).collect();
        let onset = heard.iter().position(|sample| sample.abs() > SILENCE);
        let onset = onset.expect("something is heard");
        // Not at its very begin, where encoders settle.
        let first = from + WINDOW;
        let frames = first..original.len() - WINDOW;
        let mut recording = Self { heard, original, frames, onset, origin: 0 };
        let about = (onset + WINDOW).cast_signed() - first.cast_signed();
        let (at, alike) = recording.found(first, about);
        assert!(alike > 0.7, "the music is not heard: {alike}");
        recording.origin = at.cast_signed() - first.cast_signed();
        recording
    }

    /// The frame of the music with which it begins.
    pub(super) fn begin(&self) -> isize {
        self.onset.cast_signed() - self.origin
    }

    /// Where a frame of the music is heard that is expected with this origin, and how alike it is, up to 1.
    fn found(&self, frame: usize, origin: isize) -> (usize, f32) {
        let product =
            |one: &[f32], two: &[f32]| one.iter().zip(two).map(|(a, b)| a * b).sum::<f32>();
        let wanted = &self.original[frame..frame + WINDOW];
        let wanted_power = product(wanted, wanted);
        let expected = frame.checked_add_signed(origin).expect("it is heard");
        let last = (expected + FARTHEST).min(self.heard.len() - WINDOW);
        let alike = |at: usize| {
            let there = &self.heard[at..at + WINDOW];
            let powers = product(there, there) * wanted_power;
            product(there, wanted) / powers.sqrt().max(f32::EPSILON)
        };
        let places = expected.saturating_sub(FARTHEST)..=last;
        let best = places.map(|at| (at, alike(at))).max_by(|(_, a), (_, b)| a.total_cmp(b));
        best.expect("there is somewhere to look")
    }

    /// Everything is heard in its place, the more so around the joins.
    #[track_caller]
    pub(super) fn is_in_place(&self, joins: &[usize]) {
        let around = joins.iter().flat_map(|join| {
            let begin = join.saturating_sub(2 * WINDOW).max(self.frames.start);
            (begin..join + WINDOW).step_by(AROUND)
        });
        for frame in self.frames.clone().step_by(EVERYWHERE).chain(around) {
            let (at, alike) = self.found(frame, self.origin);
            let error = at.cast_signed() - frame.cast_signed() - self.origin;
            assert!(error == 0 && alike > 0.7, "{frame} is heard {error} frames late: {alike}");
        }
    }

    /// Every frame from `from` to the end is heard as it is. A browser may divide by 32,767 where we do
    /// by 32,768: less than a step of the integers.
    #[track_caller]
    pub(super) fn is_exact(&self, from: usize) {
        let begin = from.checked_add_signed(self.origin).expect("it is heard");
        let original = &self.original[from..];
        let heard = &self.heard[begin..begin + original.len()];
        let differ = |(one, other): (&f32, &f32)| {
            (one - other).abs() > other.abs() / (FULL - 1.0) + 0.1 / FULL
        };
        assert_eq!(heard.iter().zip(original).position(differ), None);
        let behind = &self.heard[begin + original.len()..];
        assert!(behind.iter().all(|sample| sample.abs() <= SILENCE), "more is heard behind it");
    }

    /// The power of what differs from the music in these frames.
    pub(super) fn noise(&self, frames: Range<usize>) -> f64 {
        let begin = frames.start.checked_add_signed(self.origin).expect("it is heard");
        let heard = self.heard[begin..].iter().zip(&self.original[frames]);
        power(&heard.map(|(heard, sent)| heard - sent).collect::<Vec<f32>>())
    }
}
