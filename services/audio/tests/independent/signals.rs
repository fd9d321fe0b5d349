//! Audio to test with, and measures of how alike two pieces are.

use std::f32::consts::TAU;

use hexachord_audio::Encode;

/// Chords with vibrato over faint noise, another one in each channel: interleaved frames.
pub(crate) fn music(frames: usize, channels: usize, rate: u32) -> Vec<f32> {
    let mut noise = 1_u32;
    let mut samples = Vec::with_capacity(frames * channels);
    for frame in 0..frames {
        let seconds = frame as f32 / rate as f32;
        for channel in 0..channels {
            let root = 110.0 * (1.0 + channel as f32 * 0.37);
            let swell = 0.6 + 0.4 * (TAU * seconds * (0.7 + channel as f32 * 0.1)).sin();
            let tone = |ratio: f32| {
                (TAU * root * ratio * seconds + 0.3 * (TAU * 5.0 * seconds).sin()).sin()
            };
            let chord = tone(1.0) + 0.5 * tone(2.5) + 0.3 * tone(5.02) + 0.15 * tone(11.9);
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hiss = (noise >> 8) as f32 / (1 << 23) as f32 - 1.0;
            samples.push(0.2 * swell * chord + 0.003 * hiss);
        }
    }
    samples
}

/// Noise that is fainter the higher it is, another one in each channel: interleaved frames.
pub(crate) fn noise(frames: usize, channels: usize) -> Vec<f32> {
    let mut state = 7_u32;
    let mut samples = Vec::with_capacity(frames * channels);
    for at in 0..frames * channels {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let white = (state >> 8) as f32 / (1 << 23) as f32 - 1.0;
        let before = if at < channels { 0.0 } else { samples[at - channels] };
        samples.push(before + 0.25 * (white - before));
    }
    samples
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

/// A WAV file of floats.
pub(crate) fn float_wav(samples: &[f32], channels: u16, rate: u32) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let len = u32::try_from(data.len()).unwrap();
    let mut file = b"RIFF".to_vec();
    file.extend_from_slice(&(36 + len).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt \x10\0\0\0\x03\0");
    file.extend_from_slice(&channels.to_le_bytes());
    file.extend_from_slice(&rate.to_le_bytes());
    file.extend_from_slice(&(rate * u32::from(channels) * 4).to_le_bytes());
    file.extend_from_slice(&(channels * 4).to_le_bytes());
    file.extend_from_slice(b"\x20\0data");
    file.extend_from_slice(&len.to_le_bytes());
    file.extend_from_slice(&data);
    file
}

/// All of a stream, given to the encoder in pieces of an awkward size.
pub(crate) fn encoded(mut encoder: impl Encode, samples: &[f32], channels: usize) -> Vec<u8> {
    let mut stream = Vec::new();
    for piece in samples.chunks(channels * 701) {
        encoder.encode(piece, &mut stream).unwrap();
    }
    encoder.finish(&mut stream).unwrap();
    stream
}
