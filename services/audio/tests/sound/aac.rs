//! AAC of more than two channels and with replicated bands: files that other encoders made of tones.

use std::f32::consts::TAU;

use hexachord_audio::{Codec, Layout, Target, Transcode};

use crate::pipeline::heard;
use crate::support::{decoder, rest, snr};

/// HE-AAC: 440 Hz on the left, 660 Hz on the right, and 9 kHz, which only the replicated bands have.
pub(crate) const HE: &[u8] = include_bytes!("files/he.m4a");
/// HE-AAC v2 of the same: one channel, and how it becomes two.
pub(crate) const HE_2: &[u8] = include_bytes!("files/he-2.m4a");
/// 5.1: another tone in each channel.
pub(crate) const SURROUND: &[u8] = include_bytes!("files/surround.m4a");

/// The setup without a word of replicated bands, as old encoders wrote it.
fn implicit(bytes: &[u8], setup: &[u8], core: [u8; 4]) -> Vec<u8> {
    let at = bytes.windows(setup.len()).position(|bytes| bytes == setup).unwrap();
    let mut bytes = bytes.to_vec();
    bytes[at..at + setup.len()].fill(0);
    bytes[at..at + 4].copy_from_slice(&core);
    bytes
}

/// How loud a tone is in a channel: its amplitude.
fn tone(samples: &[f32], channels: usize, channel: usize, pitch: f32, rate: f32) -> f32 {
    let of_channel = samples.iter().skip(channel).step_by(channels);
    let (mut sine, mut cosine, mut count) = (0.0, 0.0, 0.0);
    for (frame, sample) in of_channel.enumerate() {
        let angle = TAU * pitch * frame as f32 / rate;
        sine += sample * angle.sin();
        cosine += sample * angle.cos();
        count += 1.0;
    }
    2.0 * sine.hypot(cosine) / count
}

#[test]
fn replicated_bands_are_heard() {
    for (bytes, setup, core) in [
        (HE, &[0x2B, 0x92, 0x08, 0x00][..], [0x13, 0x90, 0, 0]),
        (HE_2, &[0xEB, 0x8A, 0x08, 0x00], [0x13, 0x88, 0, 0]),
    ] {
        let said = bytes.to_vec();
        let unsaid = implicit(bytes, setup, core);
        let expected = rest(&mut decoder(said.clone()).unwrap()).unwrap();
        for bytes in [said, unsaid] {
            let mut source = decoder(bytes).unwrap();
            let facts = *source.facts();
            assert_eq!((facts.codec, facts.sample_rate), (Codec::Aac, 44_100));
            assert_eq!((facts.layout, facts.frames), (Layout::STEREO, Some(26_460)));
            let samples = rest(&mut source).unwrap();
            assert!(samples == expected);
            let inner = &samples[4_000..samples.len() - 4_000];
            for (channel, own, other) in [(0, 440.0, 660.0), (1, 660.0, 440.0)] {
                let tone = |pitch| tone(inner, 2, channel, pitch, 44_100.0);
                assert!((0.2..0.55).contains(&tone(own)), "{channel}: {}", tone(own));
                assert!(tone(other) < 0.2, "{channel}: {}", tone(other));
            }
            // Noise and a tone, somewhere near: nothing but half of it would be there otherwise.
            let near = (0..100).map(|step| 8_500.0 + 10.0 * step as f32);
            let power = near.map(|pitch| tone(inner, 2, 0, pitch, 44_100.0).powi(2)).sum::<f32>();
            assert!(power.sqrt() > 0.004, "nothing at 9 kHz: {power}");
        }
    }
}

#[test]
fn every_channel_of_surround_is_at_its_place() {
    let mut source = decoder(SURROUND.to_vec()).unwrap();
    let facts = *source.facts();
    assert_eq!((facts.layout, facts.frames), (Layout::SURROUND_5_1, Some(12_000)));
    let samples = rest(&mut source).unwrap();
    let pitches = [300.0, 400.0, 500.0, 60.0, 700.0, 800.0];
    for channel in 0..pitches.len() {
        for (other, pitch) in pitches.into_iter().enumerate() {
            let found = tone(&samples, 6, channel, pitch, 48_000.0);
            let expected = if other == channel { 0.25..0.35 } else { 0.0..0.03 };
            assert!(expected.contains(&found), "{pitch} Hz in {channel}: {found}");
        }
    }
    let stereo = heard(SURROUND.to_vec(), &Transcode::new(Target::Wav { bits: 16 }));
    assert_eq!(stereo.len(), 24_000);
}

#[test]
fn seeks_land_on_their_sample() {
    for (bytes, enough) in [(HE, 30.0), (HE_2, 30.0), (SURROUND, 50.0)] {
        let mut source = decoder(bytes.to_vec()).unwrap();
        let all = rest(&mut source).unwrap();
        let channels = source.facts().layout.channels();
        let frames = all.len() / channels;
        for place in [1, 2_000, frames / 2, frames - 3_000, frames - 1, frames, 0] {
            // Also in a decoder that has heard nothing before.
            for mut source in [decoder(bytes.to_vec()).unwrap(), source_at_end(bytes)] {
                source.seek_to(place as u64).unwrap();
                let found = rest(&mut source).unwrap();
                let expected = &all[place * channels..];
                assert_eq!(found.len(), expected.len());
                let alike = snr(expected, &found);
                let is_short = frames - place < 1_000;
                assert!(is_short || alike > enough, "from {place}: {alike:.1} dB");
            }
        }
    }
}

fn source_at_end(bytes: &[u8]) -> hexachord_audio::Decoder {
    let mut source = decoder(bytes.to_vec()).unwrap();
    rest(&mut source).unwrap();
    source
}
