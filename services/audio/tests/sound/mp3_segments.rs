//! The segments of MP3 streams of a promised length: what they cost, and how they join.

use hexachord_audio::{Layout, Mp3, Mp3Rate, Mp3Settings};

use crate::mp3::music;
use crate::support::{decoder, encoded, rest, snr};

/// MPEG frames in a segment, and samples in one of them.
const SEGMENT: usize = 64;
const FRAME: usize = 1_152;
/// By how many samples what is decoded is late.
const LATE: usize = 1_105;

fn settings(kbps: u32, frames: Option<u64>) -> Mp3Settings {
    let rate = Mp3Rate::Constant(kbps);
    Mp3Settings { layout: Layout::STEREO, sample_rate: 44_100, rate, frames }
}

fn made(samples: &[f32], settings: &Mp3Settings) -> Vec<u8> {
    encoded(Mp3::new(settings, 0).unwrap(), samples, 2)
}

/// Where each MPEG frame behind the first begins, and how many bytes before it its audio does.
fn frames(stream: &[u8], len: usize) -> Vec<(usize, usize)> {
    let mut at = len;
    let mut found = Vec::new();
    while let Some(frame) = stream.get(at..at + 6) {
        assert_eq!(frame[..2], [0xFF, 0xFB], "no frame at {at}");
        found.push((at, usize::from(frame[4]) << 1 | usize::from(frame[5] >> 7)));
        at += len + usize::from(frame[2] >> 1 & 1);
    }
    found
}

#[test]
fn segments_need_nothing_of_those_before() {
    let samples = music(FRAME * 410, 2, 44_100);
    let promised = made(&samples, &settings(128, Some(FRAME as u64 * 410)));
    let at_once = made(&samples, &settings(128, None));
    assert_eq!(promised.len(), at_once.len());
    let (promised, at_once) = (frames(&promised, 417), frames(&at_once, 417));
    let places = |frames: &[(usize, usize)]| frames.iter().map(|(at, _)| *at).collect::<Vec<_>>();
    assert_eq!(places(&promised), places(&at_once), "the padding is the same");
    assert_eq!(promised[SEGMENT].1, 0);
    assert!(at_once[SEGMENT].1 > 100, "elsewhere earlier frames are made use of");
    assert!(promised[SEGMENT - 20].1 > 100 && promised[SEGMENT + 20].1 > 100);
}

#[test]
fn segments_join_as_well_as_the_rest() {
    let samples = music(FRAME * 300, 2, 44_100);
    let border = SEGMENT * FRAME - LATE;
    for kbps in [64, 128, 192, 320] {
        let heard = |frames| {
            let stream = made(&samples, &settings(kbps, frames));
            let mut found = rest(&mut decoder(stream).unwrap()).unwrap();
            found.truncate(samples.len());
            found
        };
        let (segments, at_once) = (heard(Some(FRAME as u64 * 300)), heard(None));
        let alike = |from: usize, to: usize| {
            let of = |all: &[f32]| snr(&samples[from * 2..to * 2], &all[from * 2..to * 2]);
            (of(&at_once), of(&segments))
        };
        // The first frames have little that earlier ones have saved: as those of any stream.
        let near = [
            (alike(border - 60, border + 60), 6.0),
            (alike(border - 4 * FRAME, border), 1.5),
            (alike(border, border + 4 * FRAME), 3.0),
            (alike(0, samples.len() / 2), 0.5),
        ];
        for ((at_once, segments), less) in near {
            assert!(segments > at_once - less, "{kbps} kbit/s: {near:.1?} dB");
        }
    }
}
