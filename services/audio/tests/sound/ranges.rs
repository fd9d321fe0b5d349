//! Streams of files whose decoders remember, and of an encoder that does, from one of their bytes on.

use std::ops::ControlFlow;

use hexachord_audio::{Ended, Gain, Layout, Mp3Rate, Sink, Target, Transcode};

use crate::aac::{HE, HE_2, SURROUND};
use crate::bytes::flac;
use crate::long::{aac, repeated};
use crate::pipeline::{FLOATS, transcoded};
use crate::support::{decoder, noise, opus, rest, snr, tones, wav};

/// Frames in a segment that is decoded.
const OPUS_SEGMENT: usize = 120_000;
const WAV: Transcode = Transcode::new(Target::Wav { bits: 16 });
const fn mp3(kbps: u32) -> Transcode {
    Transcode::new(Target::Mp3 { rate: Mp3Rate::Constant(kbps) })
}

/// Places everywhere in a stream of `len` bytes, and around those where something new begins.
fn places(len: usize, borders: &[usize], seed: u64) -> Vec<usize> {
    let mut places: Vec<usize> =
        borders.iter().flat_map(|&border| [border - 1, border, border + 1]).collect();
    places.extend([len / 2 + 1, len - 1]);
    // Some that depend on the seed alone.
    let mut state = seed;
    places.extend((0..4).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % len
    }));
    places.retain(|&place| place < len);
    places
}

/// Checks that a stream from any byte on is what it is in the whole. How many of the places were made
/// from the middle.
#[track_caller]
fn is_the_same_from_anywhere(bytes: &[u8], transcode: &Transcode, borders: &[usize]) -> usize {
    let whole = transcoded(&mut decoder(bytes.to_vec()).unwrap(), transcode);
    let source = *decoder(bytes.to_vec()).unwrap().facts();
    assert_eq!(transcode.promised_bytes(&source), Some(whole.len() as u64));
    let mut from_the_middle = 0;
    for from in places(whole.len(), borders, whole.len() as u64) {
        let Some((part, skip)) = transcode.beginning_at(&source, from as u64) else {
            continue;
        };
        from_the_middle += 1;
        // All of it, or enough to see it go on.
        let most = if from + 1 == whole.len() || from_the_middle == 1 { usize::MAX } else { 9_000 };
        let mut found = Begin { bytes: Vec::new(), most };
        part.run_from(skip, &mut decoder(bytes.to_vec()).unwrap(), &mut found).unwrap();
        let found = &found.bytes;
        assert!(found.len() >= (whole.len() - from).min(most), "{transcode:?} from {from} ends");
        assert!(whole[from..].starts_with(found), "{transcode:?} from {from}: {part:?}, {skip}");
    }
    assert!(from_the_middle > 0, "{transcode:?}: never from the middle");
    from_the_middle
}

/// The begin of a stream, of at least so many bytes.
struct Begin {
    bytes: Vec<u8>,
    most: usize,
}

impl Sink for Begin {
    fn take(&mut self, piece: Vec<u8>) -> ControlFlow<()> {
        self.bytes.extend(piece);
        if self.bytes.len() < self.most {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }
}

/// A signal of some seconds in one channel: chords over hiss, louder and fainter.
fn music(seconds: usize, channels: usize, rate: u32) -> Vec<f32> {
    let frames = seconds * rate as usize + 123;
    let hiss = noise(frames * channels, 16, 5);
    let swell = |at: usize| 0.6 + 0.4 * (at as f32 / rate as f32 * 3.0).sin();
    let tones = tones(frames, channels, rate);
    let both = tones.iter().zip(&hiss).enumerate();
    both.map(|(at, (tone, hiss))| swell(at / channels) * (0.6 * tone + 0.02 * hiss)).collect()
}

#[test]
fn wav_of_opus_is_the_same_from_anywhere() {
    let mono = opus(&music(12, 1, 48_000), Layout::MONO, 0);
    let at = |segment: usize| 44 + segment * OPUS_SEGMENT * 2;
    let whole = is_the_same_from_anywhere(&mono, &WAV, &[at(1), at(4)]);
    assert!(whole >= 9, "{whole}");
    let start = Transcode { start: 100_003, ..WAV };
    is_the_same_from_anywhere(&mono, &start, &[44 + (OPUS_SEGMENT - 100_003) * 2]);
    let lower = Transcode {
        most_rate: Some(44_100),
        gain: Some(Gain::from_decibels(6.0)),
        end: Some(500_000),
        ..WAV
    };
    is_the_same_from_anywhere(&mono, &lower, &[]);
    let surround = opus(&music(11, 6, 48_000), Layout::SURROUND_5_1, 0);
    is_the_same_from_anywhere(&surround, &WAV, &[44 + 3 * OPUS_SEGMENT * 4]);
}

#[test]
fn wav_of_aac_is_the_same_from_anywhere() {
    let music = music(11, 2, 44_100);
    for with_noise in [false, true] {
        let at = |halves: usize| 44 + halves * 22_050 * 4;
        let file = aac(&music, with_noise);
        is_the_same_from_anywhere(&file, &WAV, &[at(5), at(20)]);
    }
    is_the_same_from_anywhere(&repeated(HE, 40), &WAV, &[44 + 5 * 44_100 * 4]);
    is_the_same_from_anywhere(&repeated(HE_2, 40), &WAV, &[44 + 15 * 44_100 * 4]);
    is_the_same_from_anywhere(&repeated(SURROUND, 28), &WAV, &[44 + 5 * 48_000 * 4]);
}

#[test]
fn mp3_is_the_same_from_anywhere() {
    // Of each kind of frames, with and without padding.
    for (rate, channels, kbps) in
        [(44_100, 2, 128), (48_000, 1, 64), (16_000, 1, 32), (22_050, 2, 40)]
    {
        let layout = Layout::usual(channels).unwrap();
        let bytes = wav(&music(17, channels, rate), layout, rate);
        let source = *decoder(bytes.clone()).unwrap().facts();
        let transcode = mp3(kbps);
        // Where the part begins that ends the stream, and the one before.
        let begin_before = |byte: u64| {
            let (_, skip) = transcode.beginning_at(&source, byte - 1)?;
            Some(byte - 1 - skip)
        };
        let promised = transcode.promised_bytes(&source).unwrap();
        let last = begin_before(promised).unwrap();
        let borders: Vec<_> = [begin_before(last), Some(last)].into_iter().flatten().collect();
        let borders: Vec<_> = borders.into_iter().map(|byte| byte as usize).collect();
        let made = is_the_same_from_anywhere(&bytes, &transcode, &borders);
        assert!(made >= 6, "{made}");
        let start = Transcode { start: 44_444, ..transcode };
        is_the_same_from_anywhere(&bytes, &start, &borders[..1]);
    }
}

#[test]
fn mp3_of_other_rates_and_of_what_remembers_is_the_same_from_anywhere() {
    let gain = Some(Gain::from_decibels(9.0));
    let high = flac(96_000 * 11, 1, Layout::MONO, 96_000);
    is_the_same_from_anywhere(&high, &mp3(64), &[]);
    is_the_same_from_anywhere(&high, &Transcode { most_rate: Some(44_100), gain, ..mp3(96) }, &[]);
    let odd = wav(&music(16, 1, 11_025), Layout::MONO, 11_025);
    is_the_same_from_anywhere(&odd, &mp3(32), &[]);
    let opus = opus(&music(11, 1, 48_000), Layout::MONO, 0);
    is_the_same_from_anywhere(&opus, &mp3(64), &[]);
    is_the_same_from_anywhere(&aac(&music(11, 2, 44_100), true), &mp3(128), &[]);
}

#[test]
fn no_more_is_made_than_the_first_byte_needs() {
    let rate = 48_000;
    let music = music(17, 1, rate);
    for file in [wav(&music, Layout::MONO, rate), opus(&music, Layout::MONO, 0)] {
        let source = *decoder(file.clone()).unwrap().facts();
        let (frames, rate) = (source.frames.unwrap(), u64::from(rate));
        for transcode in [mp3(64), mp3(320), WAV] {
            let promised = transcode.promised_bytes(&source).unwrap();
            for from in (promised / 7..promised).step_by(promised as usize / 29) {
                let (part, skip) = transcode.beginning_at(&source, from).unwrap();
                let mut source = decoder(file.clone()).unwrap();
                let mut found = Begin { bytes: Vec::new(), most: 1 };
                assert_eq!(part.run_from(skip, &mut source, &mut found).unwrap(), Ended::Cancelled);
                // What it stands for, about, and where it begins and ends to be made.
                let wanted = from * frames / promised;
                let (begin, end) = (part.start, source.position());
                let what = format!("{transcode:?} from frame {wanted}: {begin} to {end}");
                assert!(begin + 7 * rate / 4 > wanted, "{what}");
                assert!(end < wanted + rate / 4, "{what}");
            }
        }
    }
}

/// How alike what is decoded in segments is to what is decoded at once, in dB, and how far it is from it
/// at most, in 16-bit steps.
#[track_caller]
fn in_segments(bytes: &[u8]) -> (f64, f32) {
    let linear = rest(&mut decoder(bytes.to_vec()).unwrap()).unwrap();
    let all = Transcode { most_channels: 8, ..Transcode::new(FLOATS) };
    let stream = transcoded(&mut decoder(bytes.to_vec()).unwrap(), &all);
    let found = rest(&mut decoder(stream).unwrap()).unwrap();
    let apart = linear.iter().zip(&found).map(|(one, other)| (one - other).abs());
    (snr(&linear, &found), apart.fold(0.0, f32::max) * 32_768.0)
}

#[test]
fn segments_join_below_the_last_bit_or_in_other_noise() {
    let (alike, apart) = in_segments(&opus(&music(11, 1, 48_000), Layout::MONO, 0));
    assert!(alike > 105.0 && apart < 1.0, "Opus: {alike:.1} dB, {apart}");
    let (alike, _) = in_segments(&aac(&music(11, 2, 44_100), false));
    assert!(alike.is_infinite(), "AAC: {alike:.1} dB");
    // These have noise of the decoder's choice, which is not the same noise in each segment.
    for (name, file, times) in [("HE", HE, 40), ("HE v2", HE_2, 40), ("5.1", SURROUND, 28)] {
        let (alike, _) = in_segments(&repeated(file, times));
        assert!(alike > 55.0, "{name}: {alike:.1} dB");
    }
}

/// Silences all but the first bytes of what is long before the end.
fn forgotten(bytes: &[u8], first: usize, last: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[first..last].fill(0x55);
    bytes
}

#[test]
fn what_is_long_before_makes_no_difference() {
    let opus = opus(&music(21, 1, 48_000), Layout::MONO, 0);
    let aac = aac(&music(21, 2, 44_100), true);
    let lossless = wav(&music(21, 1, 44_100), Layout::MONO, 44_100);
    for (file, transcode) in
        [(&opus, WAV), (&aac, WAV), (&opus, mp3(64)), (&aac, mp3(96)), (&lossless, mp3(64))]
    {
        let mut source = decoder(file.clone()).unwrap();
        let whole = transcoded(&mut source, &transcode);
        let from = whole.len() - whole.len() / 20;
        let (part, skip) = transcode.beginning_at(source.facts(), from as u64).unwrap();
        // All but the begin, and the last twelve seconds.
        let damaged = forgotten(file, 6_000, file.len() * 4 / 10);
        let found = transcoded(&mut decoder(damaged.clone()).unwrap(), &part);
        assert!(found[usize::try_from(skip).unwrap()..] == whole[from..], "{transcode:?}");
        let heard = |file: &[u8]| rest(&mut decoder(file.to_vec()).unwrap()).unwrap();
        assert!(heard(&damaged) != heard(file), "it is heard elsewhere");
    }
}
