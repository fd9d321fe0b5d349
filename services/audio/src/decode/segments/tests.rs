//! Readers that tell which frames they hand out, and since when they have been listening.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::decode::{AudioFacts, Budget, Decoder};
use crate::format::Codec;
use crate::layout::Layout;

const LENGTH: u64 = 120_000;
/// Frames a block, and those before a place at which a decoder begins.
const BLOCK: u64 = 960;
const PRE_ROLL: u64 = 24_000;

/// Decodes frames to their numbers, beside the place at which it began.
struct Numbers {
    facts: AudioFacts,
    frames: u64,
    /// The place of each block of frames.
    place: fn(u64) -> Option<u64>,
    /// Whether it comes near a place that is sought.
    finds: bool,
    next: u64,
    began: u64,
    decoded: Arc<AtomicU64>,
}

impl Reader for Numbers {
    fn facts(&self) -> &AudioFacts {
        &self.facts
    }

    fn next(&mut self, block: &mut Block) -> Result<bool, DecodeError> {
        let first = self.next;
        self.next += BLOCK;
        if let Some(place) = (self.place)(first) {
            block.position = place.cast_signed();
            let len = BLOCK.min(self.frames - first);
            self.decoded.fetch_add(len, Ordering::Relaxed);
            for frame in place..place + len {
                block.samples.extend([number(frame), number(self.began)]);
            }
        }
        Ok(self.next < self.frames)
    }

    fn seek(&mut self, frame: u64) -> Result<(), DecodeError> {
        let near = frame.saturating_sub(PRE_ROLL).min(self.frames) / BLOCK * BLOCK;
        self.next = if self.finds { near } else { 0 };
        self.began = self.next;
        Ok(())
    }

    fn segment(&self) -> Option<u64> {
        Some(LENGTH)
    }
}

#[expect(clippy::cast_precision_loss, reason = "fewer frames than floats count")]
fn number(frame: u64) -> f32 {
    frame as f32
}

/// A decoder of so many frames, and how many it has decoded.
fn decoder(frames: u64, place: fn(u64) -> Option<u64>, finds: bool) -> (Decoder, Arc<AtomicU64>) {
    let decoded = Arc::new(AtomicU64::new(0));
    let facts = AudioFacts {
        codec: Codec::Opus,
        sample_rate: 48_000,
        layout: Layout::STEREO,
        bit_depth: None,
        frames: finds.then_some(frames),
    };
    let reader =
        Numbers { facts, frames, place, finds, next: 0, began: 0, decoded: Arc::clone(&decoded) };
    let mut numbers = Decoder {
        reader: Box::new(reader),
        budget: Budget::default(),
        segments: None,
        repeats: false,
        block: Block::default(),
        silence: vec![0.0; 2 * 4096],
        position: 0,
        gap: 0,
        held: 0..0,
        ended: false,
    };
    numbers.repeat_exactly(true);
    (numbers, decoded)
}

fn all(decoder: &mut Decoder, from: u64) -> Vec<f32> {
    decoder.seek_to(from).unwrap();
    let mut samples = Vec::new();
    while let Some(block) = decoder.next_block().unwrap() {
        samples.extend_from_slice(block);
    }
    samples
}

#[test]
fn frames_are_the_same_wherever_one_begins() {
    let places: [fn(u64) -> Option<u64>; 3] = [
        Some,
        // Nothing there before a border, around one, and over several.
        |at| (!(230_000..260_000).contains(&at)).then_some(at),
        |at| (!(200_000..600_000).contains(&at)).then_some(at),
    ];
    for place in places {
        let (mut whole, _) = decoder(1_000_123, place, true);
        let samples = all(&mut whole, 0);
        assert_eq!(samples.len(), 2_000_246);
        for from in [
            1, 225_600, 229_999, 239_999, 240_000, 240_001, 255_000, 479_999, 480_000, 480_959,
            599_000, 960_000, 999_999, 1_000_122,
        ] {
            let (mut part, _) = decoder(1_000_123, place, true);
            let found = all(&mut part, from);
            let at = usize::try_from(from).unwrap() * 2;
            assert!(found == samples[at..], "from {from}");
        }
        let is_at_its_place =
            |(at, frame): (u64, &[f32])| frame[..1] == [number(at)] || frame == [0.0, 0.0];
        assert!((0..).zip(samples.chunks_exact(2)).all(is_at_its_place));
    }
}

#[test]
fn segments_cost_less_than_a_fifth() {
    let frames = 60 * 48_000;
    let (mut whole, decoded) = decoder(frames, Some, true);
    all(&mut whole, 0);
    let more = decoded.load(Ordering::Relaxed) - frames;
    assert!(more > 0 && more * 5 < frames, "{more} of {frames} more");
    // And a place in the middle no more than its segment.
    let (mut part, decoded) = decoder(frames, Some, true);
    part.seek_to(frames - LENGTH / 2).unwrap();
    part.next_block().unwrap();
    let before = decoded.load(Ordering::Relaxed);
    assert!(before < LENGTH / 2 + PRE_ROLL + 3 * BLOCK, "{before}");
}

#[test]
fn places_that_make_no_sense_cost_no_more_than_some_segments() {
    // Each block says that it is somewhere else, and no place is found.
    let wild = |at: u64| Some(at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24);
    let frames = 2_000_000;
    let (mut whole, decoded) = decoder(frames, wild, false);
    all(&mut whole, 0);
    let decoded = decoded.load(Ordering::Relaxed);
    assert!(decoded < (MOST_IN_VAIN + 1) * LENGTH + 2 * frames, "{decoded}");
}
