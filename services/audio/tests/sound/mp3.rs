//! MP3 there and back.

use std::f32::consts::TAU;

use hexachord_audio::{
    Codec, EncodeError, Layout, MP3_WARM_UP, Mp3, Mp3Rate, Mp3Settings, Target, Transcode,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::pipeline::transcoded;
use crate::support::{decoder, encoded, noise, rest, snr, tones, wav};

const RATES: [u32; 6] = [48_000, 44_100, 32_000, 24_000, 22_050, 16_000];
const STEREO: Mp3Settings = Mp3Settings {
    layout: Layout::STEREO,
    sample_rate: 44_100,
    rate: Mp3Rate::Constant(128),
    frames: None,
};

/// A stream whose length is known.
fn mp3(samples: &[f32], settings: &Mp3Settings) -> Vec<u8> {
    let channels = settings.layout.channels();
    let frames = Some((samples.len() / channels) as u64);
    let settings = Mp3Settings { frames, ..*settings };
    let stream = encoded(Mp3::new(&settings, 0).unwrap(), samples, channels);
    let promised = settings.promised_bytes();
    let is_constant = matches!(settings.rate, Mp3Rate::Constant(_));
    assert_eq!(promised, is_constant.then_some(stream.len() as u64), "{settings:?}");
    stream
}

/// What our decoder makes of a stream, which must say how long it is.
fn heard(stream: Vec<u8>, settings: &Mp3Settings, frames: usize) -> Vec<f32> {
    let mut decoder = decoder(stream).unwrap();
    let facts = *decoder.facts();
    assert_eq!((facts.codec, facts.sample_rate), (Codec::Mp3, settings.sample_rate));
    assert_eq!((facts.layout, facts.frames), (settings.layout, Some(frames as u64)));
    let samples = rest(&mut decoder).unwrap();
    assert_eq!(samples.len(), frames * settings.layout.channels(), "{settings:?}");
    samples
}

/// Chords over hiss, more alike in both channels than not.
pub(crate) fn music(frames: usize, channels: usize, rate: u32) -> Vec<f32> {
    let hiss = noise(frames * channels, 16, 3);
    let tone = |pitch: f32, frame: usize| (TAU * pitch * frame as f32 / rate as f32).sin();
    let chord = |frame: usize, channel: usize| {
        let side = 0.05 * tone(587.0 + 300.0 * channel as f32, frame);
        side + [220.0, 331.0, 440.0, 1_108.0, 2_637.0]
            .map(|pitch| 0.1 * tone(pitch, frame))
            .iter()
            .sum::<f32>()
    };
    let at = |at: usize| chord(at / channels, at % channels) + 0.01 * hiss[at];
    (0..frames * channels).map(at).collect()
}

#[test]
fn every_length_comes_back_at_every_rate() {
    for sample_rate in RATES {
        for layout in [Layout::MONO, Layout::STEREO] {
            for frames in [0, 1, 46, 47, 48, 623, 624, 1_199, 1_200, 3_000] {
                let settings = Mp3Settings { sample_rate, layout, ..STEREO };
                let samples = tones(frames, layout.channels(), sample_rate);
                let found = heard(mp3(&samples, &settings), &settings, frames);
                if frames == 3_000 {
                    let alike = snr(&samples, &found);
                    assert!(alike > 20.0, "{settings:?}: {alike:.1} dB");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn all_settings_keep_the_length_and_the_promise(
        rate in 0..RATES.len(),
        bitrate in 8_u32..330,
        quality in prop::option::of(0_u8..10),
        stereo: bool,
        frames in 0_usize..6_000,
        loudness in 0.0_f32..1.5,
        seed: u64,
    ) {
        let sample_rate = RATES[rate];
        let layout = if stereo { Layout::STEREO } else { Layout::MONO };
        let rate = quality.map_or(Mp3Rate::Constant(bitrate), Mp3Rate::Variable);
        let rate = rate.nearest_at(sample_rate);
        let settings = Mp3Settings { layout, sample_rate, rate, frames: None };
        let mut samples = noise(frames * layout.channels(), 16, seed);
        for sample in &mut samples {
            *sample *= loudness;
        }
        heard(mp3(&samples, &settings), &settings, frames);
    }
}

#[test]
fn more_bits_make_it_more_alike() {
    for (layout, sample_rate, floors) in [
        (Layout::STEREO, 44_100, [(64, 12.0), (128, 18.5), (192, 25.0), (320, 32.0)]),
        (Layout::STEREO, 48_000, [(64, 12.0), (128, 17.5), (192, 25.0), (320, 31.0)]),
        (Layout::MONO, 32_000, [(32, 12.0), (64, 20.0), (96, 25.5), (320, 45.0)]),
        (Layout::STEREO, 22_050, [(32, 12.5), (64, 20.0), (96, 24.5), (160, 34.5)]),
    ] {
        let samples = music(9_000, layout.channels(), sample_rate);
        for (bitrate, floor) in floors {
            let settings =
                Mp3Settings { layout, sample_rate, rate: Mp3Rate::Constant(bitrate), frames: None };
            let found = heard(mp3(&samples, &settings), &settings, 9_000);
            let alike = snr(&samples, &found);
            assert!(alike > floor, "{settings:?}: {alike:.1} dB");
        }
    }
}

#[test]
fn better_qualities_take_more_bytes_and_silence_hardly_any() {
    let samples = music(20_000, 2, 44_100);
    let len = |quality, samples: &[f32]| {
        let settings = Mp3Settings { rate: Mp3Rate::Variable(quality), ..STEREO };
        let stream = mp3(samples, &settings);
        heard(stream.clone(), &settings, samples.len() / 2);
        stream.len()
    };
    let lens = [0, 2, 4, 6, 9].map(|quality| len(quality, &samples));
    assert!(lens.is_sorted_by(|better, worse| better > worse), "{lens:?}");
    let silence = len(2, &vec![0.0; 40_000]);
    assert!(silence * 2 < lens[4], "{silence} bytes of silence, {lens:?} of music");
}

#[test]
fn a_warm_up_is_not_heard() {
    let samples = music(12_000, 2, 44_100);
    for rate in [Mp3Rate::Constant(128), Mp3Rate::Variable(4)] {
        // All of it, and as much as there is near the begin.
        for (start, warm_up) in [(5_001, MP3_WARM_UP), (1_000, 1_000), (7_000, 0)] {
            let frames = 12_000 - start;
            let settings = Mp3Settings { rate, frames: Some(frames as u64), ..STEREO };
            let encoder = Mp3::new(&settings, warm_up).unwrap();
            let stream = encoded(encoder, &samples[(start - warm_up) * 2..], 2);
            if let Some(promised) = settings.promised_bytes() {
                assert_eq!(stream.len() as u64, promised);
            }
            let found = heard(stream, &settings, frames);
            let expected = &samples[start * 2..];
            let all = snr(expected, &found);
            assert!(all > 15.0, "{rate:?} from {start}: {all:.1} dB");
            let first = snr(&expected[..800], &found[..800]);
            assert!(first > 10.0, "{rate:?} from {start}: {first:.1} dB at first");
        }
    }
}

#[test]
fn what_no_recording_holds_does_no_harm() {
    let square: Vec<f32> =
        (0..6_000).map(|at| if at / 100 % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let mut wild = noise(6_000, 16, 9);
    for (at, value) in
        [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e-40].into_iter().enumerate()
    {
        wild[1_000 + at * 700] = value;
    }
    for rate in [Mp3Rate::Constant(32), Mp3Rate::Constant(320), Mp3Rate::Variable(0)] {
        let settings = Mp3Settings { rate, ..STEREO };
        for samples in [&square, &wild, &vec![f32::NAN; 6_000], &vec![1.0; 6_000]] {
            let found = heard(mp3(samples, &settings), &settings, 3_000);
            assert!(found.iter().all(|sample| sample.abs() < 40.0), "{rate:?}");
        }
        let found = heard(mp3(&vec![0.0; 6_000], &settings), &settings, 3_000);
        assert!(found.iter().all(|sample| *sample == 0.0), "{rate:?}: silence is not silent");
    }
}

#[test]
fn nothing_is_heard_before_a_click() {
    // Clicks that ring for a few milliseconds, at places of all kinds within granules.
    let mut samples = vec![0.0; 40_000];
    let clicks: Vec<usize> = (1..9).map(|click| click * 4_000 + click * 173).collect();
    for (at, one) in clicks.iter().flat_map(|&click| (0..400).map(move |at| (at, click + at))) {
        let ringing = (-(at as f32) / 60.0).exp();
        samples[one] = 0.9 * ringing * (TAU * 3_200.0 * at as f32 / 44_100.0).cos();
    }
    for bitrate in [64, 128] {
        let settings =
            Mp3Settings { layout: Layout::MONO, rate: Mp3Rate::Constant(bitrate), ..STEREO };
        let found = heard(mp3(&samples, &settings), &settings, samples.len());
        let power = |from: usize, to: usize| {
            found[from..to].iter().map(|sample| sample * sample).sum::<f32>() / (to - from) as f32
        };
        for &click in &clicks {
            // Only what is more than 5 ms earlier is not hidden by the click itself.
            let (before, during) = (power(click - 1_200, click - 220), power(click, click + 100));
            let below = 10.0 * (during / before.max(1e-12)).log10();
            assert!(below > 48.0, "{bitrate} kbit/s, click at {click}: only {below:.1} dB");
        }
    }
}

#[test]
fn a_stream_of_unknown_length_tells_no_lies() {
    let samples = music(7_000, 2, 44_100);
    for rate in [Mp3Rate::Constant(128), Mp3Rate::Variable(3)] {
        let settings = Mp3Settings { rate, ..STEREO };
        assert_eq!(settings.promised_bytes(), None);
        let stream = encoded(Mp3::new(&settings, 0).unwrap(), &samples, 2);
        let mut decoder = decoder(stream).unwrap();
        assert_eq!(decoder.facts().frames, None);
        let found = rest(&mut decoder).unwrap();
        // Whole MPEG frames; the delay in front is known all the same.
        assert!((14_000..14_000 + 2 * 2_304).contains(&found.len()), "{}", found.len());
        assert!(snr(&samples, &found[..14_000]) > 18.0);
    }
}

#[test]
fn the_first_frame_describes_the_stream() {
    let settings = Mp3Settings { frames: Some(44_100), ..STEREO };
    let stream = encoded(Mp3::new(&settings, 0).unwrap(), &tones(44_100, 2, 44_100), 2);
    let word = |at: usize| u32::from_be_bytes(stream[at..at + 4].try_into().unwrap());
    assert_eq!(&stream[36..40], b"Info");
    // Frames, bytes and places.
    let frames = (44_100 + 576 + 529_u32).div_ceil(1_152);
    assert_eq!((word(40), word(44), word(48) as usize), (7, frames, stream.len()));
    assert!(stream[52..152].is_sorted());
    assert_eq!(&stream[152..156], b"LAME");
    let delays = word(152 + 20) & 0xFF_FFFF;
    assert_eq!((delays >> 12, delays & 0xFFF), (576, frames * 1_152 - 576 - 44_100));
    assert_eq!(word(152 + 28) as usize, stream.len());
    // The checksum of all before it, of the reversed kind.
    let checksum = stream[..186].iter().fold(0_u16, |sum, &byte| {
        (0..8).fold(sum ^ u16::from(byte), |sum, _| (sum >> 1) ^ (0xA001 * (sum & 1)))
    });
    assert_eq!(stream[186..188], checksum.to_be_bytes());
    // All frames have their place: one begins where the one before it ends.
    let (mut at, mut count) = (417, 0);
    while at < stream.len() {
        assert_eq!(stream[at..at + 2], [0xFF, 0xFB], "frame {count} is not at {at}");
        at += 417 + usize::from(stream[at + 2] >> 1 & 1);
        count += 1;
    }
    assert_eq!((at, count), (stream.len(), frames));
}

#[test]
fn what_mp3_cannot_hold_is_refused_in_words() {
    for bad in [
        Mp3Settings { layout: Layout::SURROUND_5_1, ..STEREO },
        Mp3Settings { sample_rate: 96_000, ..STEREO },
        Mp3Settings { rate: Mp3Rate::Constant(0), ..STEREO },
        Mp3Settings { rate: Mp3Rate::Constant(130), ..STEREO },
        Mp3Settings { sample_rate: 24_000, rate: Mp3Rate::Constant(320), ..STEREO },
        Mp3Settings { rate: Mp3Rate::Variable(10), ..STEREO },
    ] {
        assert!(matches!(Mp3::new(&bad, 0), Err(EncodeError::Unsupported(_))), "{bad:?}");
    }
}

#[test]
fn rates_and_bitrates_are_chosen_near() {
    for (wanted, most, expected) in [
        (96_000, None, 48_000),
        (44_100, None, 44_100),
        (37_800, None, 44_100),
        (37_800, Some(40_000), 32_000),
        (8_000, None, 16_000),
        (8_000, Some(8_000), 16_000),
    ] {
        assert_eq!(Mp3Settings::nearest_rate(wanted, most), expected, "{wanted} up to {most:?}");
    }
    let nearest = |kbps, sample_rate| Mp3Rate::Constant(kbps).nearest_at(sample_rate);
    assert_eq!(nearest(130, 44_100), Mp3Rate::Constant(128));
    assert_eq!(nearest(1_411, 44_100), Mp3Rate::Constant(320));
    assert_eq!(nearest(320, 24_000), Mp3Rate::Constant(160));
    assert_eq!(nearest(0, 24_000), Mp3Rate::Constant(8));
}

#[test]
fn files_of_all_kinds_become_mp3_from_anywhere() {
    let surround = Layout::SURROUND_5_1;
    for (layout, rate, expected_layout, expected_rate) in [
        (Layout::STEREO, 44_100, Layout::STEREO, 44_100),
        (Layout::MONO, 96_000, Layout::MONO, 48_000),
        (surround, 48_000, Layout::STEREO, 48_000),
        (Layout::from_mask(0x30).unwrap(), 11_025, Layout::STEREO, 16_000),
    ] {
        let samples = tones(30_000, layout.channels(), rate);
        let bytes = wav(&samples, layout, rate);
        for start in [0, 1, 3_000, 20_011] {
            for mp3 in [Mp3Rate::Constant(190), Mp3Rate::Variable(2)] {
                let wanted = Transcode { start, ..Transcode::new(Target::Mp3 { rate: mp3 }) };
                let mut source = decoder(bytes.clone()).unwrap();
                let facts = wanted.stream_facts(source.facts());
                assert_eq!((facts.layout, facts.sample_rate), (expected_layout, expected_rate));
                let promised = wanted.promised_bytes(source.facts());
                let stream = transcoded(&mut source, &wanted);
                assert!(promised.is_none_or(|promised| promised == stream.len() as u64));
                assert_eq!(promised.is_some(), matches!(mp3, Mp3Rate::Constant(_)));
                let settings =
                    Mp3Settings { layout: facts.layout, sample_rate: facts.sample_rate, ..STEREO };
                let frames = facts.frames.unwrap() as usize;
                let found = heard(stream, &settings, frames);
                if rate == facts.sample_rate && layout == facts.layout {
                    let expected = &samples[start as usize * 2..];
                    assert!(snr(expected, &found) > 25.0, "from {start}");
                    assert!(snr(&expected[..1_500], &found[..1_500]) > 20.0, "from {start}");
                }
            }
        }
    }
}

#[test]
fn two_parts_of_one_recording_join_without_a_click() {
    let samples = tones(24_000, 2, 44_100);
    for cut in [9_011, 11_520, 12_799] {
        // The second part begins without what is before it, as another track does.
        let mut joined = Vec::new();
        for part in [&samples[..cut * 2], &samples[cut * 2..]] {
            let settings = Mp3Settings { rate: Mp3Rate::Constant(192), ..STEREO };
            joined.extend(heard(mp3(part, &settings), &settings, part.len() / 2));
        }
        let near =
            |from: usize, to: usize| snr(&samples[from * 2..to * 2], &joined[from * 2..to * 2]);
        let (before, after) = (near(cut - 120, cut), near(cut, cut + 120));
        assert!(before > 20.0 && after > 20.0, "cut at {cut}: {before:.1}, {after:.1} dB");
    }
}
