//! FLAC there and back, and how short it becomes.

use hexachord_audio::{EncodeError, Flac, FlacSettings, Layout};

use crate::support::{decoder, encoded, noise, rest, tones};

fn flac(samples: &[f32], layout: Layout, sample_rate: u32, bits: u8) -> Vec<u8> {
    let frames = Some((samples.len() / layout.channels()) as u64);
    let settings = FlacSettings { layout, sample_rate, bits, dither: None, frames };
    encoded(Flac::new(&settings).unwrap(), samples, layout.channels())
}

/// Rounds samples to so many bits.
fn rounded(samples: &[f32], bits: u8) -> Vec<f32> {
    let scale = f32::from(u16::from(bits) - 1).exp2();
    samples.iter().map(|sample| (sample * scale).round() / scale).collect()
}

#[test]
fn samples_come_back_as_they_are() {
    for channels in 1..=8 {
        let layout = Layout::usual(channels).unwrap();
        for (bits, rate) in [(8, 8_000), (12, 12_345), (16, 44_100), (20, 96_000), (24, 192_000)] {
            for frames in [1, 2, 4, 5, 31, 4_095, 4_096, 4_097, 9_000] {
                let mut samples = noise(frames * channels, bits, frames as u64);
                // Loud noise, faint noise, silence, the loudest and the quietest.
                for (index, sample) in samples.iter_mut().enumerate() {
                    *sample = match index / 2_000 % 5 {
                        0 | 4 => *sample,
                        1 => rounded(&[*sample / 16.0], bits)[0],
                        2 => 0.0,
                        _ => {
                            if index % 3 == 0 {
                                -1.0
                            } else {
                                1.0 - f32::from(u16::from(bits) - 1).exp2().recip()
                            }
                        }
                    };
                }
                let what = format!("{channels} channels, {bits} bits, {frames} frames");
                let mut decoder = decoder(flac(&samples, layout, rate, bits)).unwrap();
                let facts = *decoder.facts();
                assert_eq!((facts.sample_rate, facts.layout), (rate, layout), "{what}");
                assert_eq!(facts.frames, Some(frames as u64), "{what}");
                assert_eq!(facts.bit_depth, Some(bits), "{what}");
                assert!(rest(&mut decoder).unwrap() == samples, "{what}");
            }
        }
    }
}

#[test]
fn many_frames_are_counted_right() {
    // Numbers of one, two and three bytes.
    let samples = vec![0.25; 2_050 * 4_096];
    let mut decoder = decoder(flac(&samples, Layout::MONO, 44_100, 16)).unwrap();
    for place in [127, 128, 129, 2_047, 2_048, 2_049] {
        decoder.seek_to(place * 4_096 + 1).unwrap();
        assert_eq!(decoder.next_block().unwrap().unwrap().len(), 4_095, "frame {place}");
    }
    decoder.seek_to(0).unwrap();
    let mut frames = 0;
    while let Some(block) = decoder.next_block().unwrap() {
        assert!(block.iter().all(|sample| sample.to_bits() == 0.25_f32.to_bits()));
        frames += block.len();
    }
    assert_eq!(frames, samples.len());
}

#[test]
fn music_becomes_shorter() {
    let samples = rounded(&tones(100_000, 2, 44_100), 16);
    let len = flac(&samples, Layout::STEREO, 44_100, 16).len();
    assert!(len < 100_000 * 4 * 45 / 100, "{len} bytes");
    // Bits that are not in use cost nothing.
    let wide = flac(&samples, Layout::STEREO, 44_100, 24).len();
    assert!(wide < len + 500, "{wide} bytes, not {len}");
    // What cannot be, hardly longer.
    let samples = noise(200_000, 16, 1);
    let len = flac(&samples, Layout::STEREO, 44_100, 16).len();
    assert!(len < 100_000 * 4 * 101 / 100, "{len} bytes");
    let silence = flac(&vec![0.0; 200_000], Layout::STEREO, 44_100, 16).len();
    assert!(silence < 1_000, "{silence} bytes");
}

#[test]
fn what_flac_cannot_hold_is_refused_in_words() {
    let good = FlacSettings {
        layout: Layout::STEREO,
        sample_rate: 44_100,
        bits: 16,
        dither: None,
        frames: None,
    };
    assert!(Flac::new(&good).is_ok());
    for bad in [
        FlacSettings { bits: 25, ..good },
        FlacSettings { bits: 7, ..good },
        FlacSettings { sample_rate: 0, ..good },
        FlacSettings { sample_rate: 1 << 20, ..good },
        FlacSettings { layout: Layout::from_mask(0xB).unwrap(), ..good },
    ] {
        assert!(matches!(Flac::new(&bad), Err(EncodeError::Unsupported(_))), "{bad:?}");
    }
}
