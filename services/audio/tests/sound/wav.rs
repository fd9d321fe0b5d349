//! WAV there and back.

use hexachord_audio::{Codec, EncodeError, Layout, Wav, WavSettings};

use crate::support::{decoder, encoded, noise, rest};

fn settings(layout: Layout, bits: u8, frames: Option<u64>) -> WavSettings {
    WavSettings { layout, sample_rate: 48_000, bits, dither: None, frames }
}

#[test]
fn samples_come_back_as_they_are() {
    let two_one = Layout::from_mask(0xB).unwrap();
    let layouts =
        [Layout::MONO, Layout::STEREO, two_one, Layout::SURROUND_5_1, Layout::SURROUND_7_1];
    for layout in layouts {
        for bits in [16, 24, 32] {
            for frames in [0, 1, 3, 5_001] {
                let samples = noise(frames * layout.channels(), bits.min(24), 1);
                for said in [None, Some(frames as u64)] {
                    let wav = Wav::new(&settings(layout, bits, said)).unwrap();
                    let bytes = encoded(wav, &samples, layout.channels());
                    let len = u32::try_from(bytes.len() - 8).unwrap();
                    let riff = u32::from_le_bytes(bytes[4..8].try_into().unwrap());
                    assert_eq!(riff, if said.is_some() { len } else { u32::MAX });
                    let mut wav = decoder(bytes).unwrap();
                    let facts = *wav.facts();
                    assert_eq!((facts.layout, facts.bit_depth), (layout, Some(bits)));
                    let codec = if bits == 32 { Codec::PcmFloat } else { Codec::Pcm };
                    assert_eq!(facts.codec, codec);
                    assert_eq!(rest(&mut wav).unwrap(), samples, "{layout:?} {bits} {frames}");
                }
            }
        }
    }
}

#[test]
fn what_is_too_loud_becomes_the_loudest() {
    let samples = [0.0, 1.0, 1.5, -1.0, -7.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
    for dither in [None, Some(0)] {
        let wav = Wav::new(&WavSettings { dither, ..settings(Layout::MONO, 16, None) }).unwrap();
        let found = rest(&mut decoder(encoded(wav, &samples, 1)).unwrap()).unwrap();
        let most = 32_767.0 / 32_768.0;
        let expected = [0.0, most, most, -1.0, -1.0, most, -1.0, 0.0];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() <= 2.0 / 32_768.0, "{found}, not {expected}");
        }
    }
}

#[test]
fn dither_makes_noise_of_the_error() {
    // A tone of half a step would vanish, or be a square.
    let step = 1.0 / 32_768.0;
    let tone = |frame: usize| 0.4 * step * (frame as f32 * 0.05).sin();
    let samples: Vec<f32> = (0..200_000).map(tone).collect();
    let through = |dither| {
        let settings = WavSettings { dither, ..settings(Layout::MONO, 16, None) };
        rest(&mut decoder(encoded(Wav::new(&settings).unwrap(), &samples, 1)).unwrap()).unwrap()
    };
    assert!(through(None).iter().all(|&sample| sample == 0.0));
    let found = through(Some(0));
    let product: f64 = found.iter().zip(&samples).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    let power: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    // The tone is there, as loud as it was, and the error has the power of a quarter of a step squared.
    assert!((product / power - 1.0).abs() < 0.05, "{}", product / power);
    let error: f64 =
        found.iter().zip(&samples).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    let error = error / samples.len() as f64 / f64::from(step).powi(2);
    assert!((error - 0.25).abs() < 0.02, "{error}");
}

#[test]
fn dither_is_noise_that_repeats_nothing_and_tells_channels_apart() {
    let frames = 200_000;
    let settings = WavSettings { dither: Some(1 << 40), ..settings(Layout::STEREO, 16, None) };
    let silence = vec![0.0; 2 * frames];
    let found = encoded(Wav::new(&settings).unwrap(), &silence, 2);
    let found: Vec<f64> = rest(&mut decoder(found).unwrap())
        .unwrap()
        .iter()
        .map(|sample| f64::from(*sample * 32_768.0))
        .collect();
    let mean_of = |lag: usize| {
        let products = found.iter().zip(&found[lag..]).map(|(one, two)| one * two);
        products.sum::<f64>() / found.len() as f64
    };
    // Three in four are zero, the others one step away: a quarter of a step squared.
    assert!((mean_of(0) - 0.25).abs() < 0.01, "{}", mean_of(0));
    for lag in [1, 2, 3, 4, 5, 6, 7, 8, 64, 1_000, 4_096] {
        assert!(mean_of(lag).abs() < 0.003, "{lag}: {}", mean_of(lag));
    }
    assert!((found.iter().sum::<f64>() / found.len() as f64).abs() < 0.005);
}

#[test]
fn more_than_four_gigabytes_are_refused_in_words() {
    let error = Wav::new(&settings(Layout::STEREO, 16, Some(1 << 30))).err().unwrap();
    assert!(matches!(error, EncodeError::Unsupported(_)));
    assert!(error.to_string().contains("4 GB"), "{error}");
    assert!(Wav::new(&settings(Layout::STEREO, 16, Some((1 << 30) - 100))).is_ok());
    assert!(Wav::new(&settings(Layout::STEREO, 8, None)).is_err());
}
