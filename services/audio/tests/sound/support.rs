//! Signals, streams of ours, and what decodes from bytes.

use std::f32::consts::TAU;
use std::io::Cursor;

use hexachord_audio::{
    DecodeError, Decoder, Encode, Layout, OggOpus, OpusSettings, Wav, WavSettings,
};

/// A tone in each channel, each with another pitch: interleaved frames.
pub(crate) fn tones(frames: usize, channels: usize, rate: u32) -> Vec<f32> {
    let mut samples = Vec::with_capacity(frames * channels);
    for frame in 0..frames {
        let seconds = frame as f32 / rate as f32;
        let tone = |channel: usize| 0.5 * (TAU * (220.0 + 110.0 * channel as f32) * seconds).sin();
        samples.extend((0..channels).map(tone));
    }
    samples
}

pub(crate) fn decoder(bytes: Vec<u8>) -> Result<Decoder, DecodeError> {
    Decoder::open(Cursor::new(bytes))
}

/// All that comes, from where the decoder is.
pub(crate) fn rest(decoder: &mut Decoder) -> Result<Vec<f32>, DecodeError> {
    let mut samples = Vec::new();
    while let Some(block) = decoder.next_block()? {
        samples.extend_from_slice(block);
    }
    Ok(samples)
}

pub(crate) fn opus(samples: &[f32], layout: Layout, warm_up: usize) -> Vec<u8> {
    let bitrate = 64_000 * layout.channels() as u32;
    let settings = OpusSettings { complexity: 2, ..OpusSettings::new(layout, bitrate) };
    let mut stream = Vec::new();
    let mut encoder = OggOpus::new(&settings, warm_up, 7).unwrap();
    encoder.encode(samples, &mut stream).unwrap();
    encoder.finish(&mut stream).unwrap();
    stream
}

/// How far the difference between two pieces lies below the first, in dB.
pub(crate) fn snr(expected: &[f32], found: &[f32]) -> f64 {
    assert_eq!(expected.len(), found.len(), "lengths differ");
    let power = |samples: &mut dyn Iterator<Item = f64>| samples.map(|one| one * one).sum::<f64>();
    let signal = power(&mut expected.iter().map(|&sample| f64::from(sample)));
    let difference = expected.iter().zip(found).map(|(&one, &two)| f64::from(one) - f64::from(two));
    let difference = power(&mut { difference });
    if difference == 0.0 { f64::INFINITY } else { 10.0 * (signal / difference).log10() }
}

/// All of a stream, given to the encoder in awkward pieces.
pub(crate) fn encoded(mut encoder: impl Encode, samples: &[f32], channels: usize) -> Vec<u8> {
    let mut stream = Vec::new();
    for piece in samples.chunks(channels * 701) {
        encoder.encode(piece, &mut stream).unwrap();
    }
    encoder.finish(&mut stream).unwrap();
    stream
}

/// A WAV file of floats, which holds every sample as it is.
pub(crate) fn wav(samples: &[f32], layout: Layout, sample_rate: u32) -> Vec<u8> {
    let frames = Some((samples.len() / layout.channels()) as u64);
    let settings = WavSettings { layout, sample_rate, bits: 32, dither: None, frames };
    encoded(Wav::new(&settings).unwrap(), samples, layout.channels())
}

/// Samples of so many bits that depend on the seed alone: neither silent nor smooth.
pub(crate) fn noise(count: usize, bits: u8, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let scale = f64::from(1 << (bits - 1));
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let value = (state >> 32) as i32 >> (32 - bits);
        (f64::from(value) / scale) as f32
    };
    (0..count).map(|_| next()).collect()
}
