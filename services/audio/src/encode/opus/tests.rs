//! Streams that begin anywhere, for decoders that have heard anything.

use std::f32::consts::TAU;

use opus_pure::{OpusDecoder, OpusMSDecoder};

use super::*;

const PACKETS: usize = 40;
/// The packets at which streams begin: in the midst of the sound.
const BEGINS: std::ops::Range<usize> = 8..32;
/// Kinds of signals.
const KINDS: usize = 6;

/// Chords, noise that swells, a tone, nearly nothing, strings that are plucked, and a voice.
fn signal(kind: usize) -> Vec<f32> {
    signal_of(kind, PACKETS)
}

/// The same of so many packets.
fn signal_of(kind: usize, packets: usize) -> Vec<f32> {
    let mut state = 7_u32;
    let mut samples = Vec::new();
    for frame in 0..u16::try_from(packets * OPUS_FRAME).unwrap() {
        let seconds = f32::from(frame) / 48_000.0;
        let tone = |pitch: f32| (TAU * pitch * seconds).sin();
        for _side in 0..2 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f32::from(u16::try_from(state >> 16).unwrap()) / 32_768.0 - 1.0;
            samples.push(match kind {
                0 => {
                    0.15 * (1..30_u8).map(|n| tone(98.0 * f32::from(n)) / f32::from(n)).sum::<f32>()
                }
                1 => 0.4 * noise * tone(3.0),
                2 => 0.3 * tone(220.0) + 0.003 * noise,
                3 => 0.000_1 * noise,
                4 => {
                    let since = f32::from(frame % 4001) / 48_000.0;
                    let strings = 0.4 * tone(700.0) + 0.2 * tone(1411.0) + 0.05 * noise;
                    (-25.0 * since).exp() * strings
                }
                _ => {
                    let angle = TAU * 196.0 * seconds + 3.0 * tone(5.0);
                    let waves = (1..20_u8).map(|n| (angle * f32::from(n)).sin() / f32::from(n));
                    0.15 * waves.sum::<f32>() + 0.01 * noise
                }
            });
        }
    }
    samples
}

fn packets(samples: &[f32], bitrate: u32) -> Vec<Vec<u8>> {
    let settings = OpusSettings::new(Layout::STEREO, bitrate);
    made(OpusPackets::new(&settings).unwrap(), samples)
}

/// A stream that begins in the middle: a packet before, and all from `begin` on.
fn begun(samples: &[f32], begin: usize, bitrate: u32) -> Vec<Vec<u8>> {
    let settings = OpusSettings::new(Layout::STEREO, bitrate);
    let packets = OpusPackets::new(&settings).unwrap().for_any_decoder(3);
    made(packets, &samples[(begin - 4) * OPUS_FRAME * 2..])
}

fn made(mut packets: OpusPackets, samples: &[f32]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    packets.push(samples, |packet| found.push(packet.to_vec())).unwrap();
    found
}

/// The samples of each packet, in a decoder that has heard others before.
fn heard(before: &[Vec<u8>], packets: &[Vec<u8>]) -> Vec<Vec<f32>> {
    let mut decoder = OpusDecoder::new(48_000, 2).unwrap();
    let mut samples = vec![0.0; OPUS_FRAME * 2];
    let mut heard = Vec::new();
    for packet in before.iter().chain(packets) {
        decoder.decode(packet, OPUS_FRAME, &mut samples).unwrap();
        heard.push(samples.clone());
    }
    heard.split_off(before.len())
}

/// How far the difference lies below the first, in dB.
fn alike(one: &[f32], other: &[f32]) -> f32 {
    let power = |samples: &mut dyn Iterator<Item = f32>| samples.map(|one| one * one).sum::<f32>();
    let signal = power(&mut one.iter().copied());
    let difference = power(&mut one.iter().zip(other).map(|(one, other)| one - other));
    10.0 * (signal / difference.max(f32::MIN_POSITIVE)).log10()
}

/// How alike the first packets that are heard of a stream are to what they are in a new decoder, in dB:
/// the least of all begins, and of all that could have been heard before.
fn least_alike(stream: impl Fn(&[f32], usize) -> Vec<Vec<u8>>) -> [f32; 2] {
    let mut least = [f32::INFINITY; 2];
    let signals: [Vec<f32>; KINDS] = std::array::from_fn(signal);
    let others = signals.each_ref().map(|other| packets(&other[..9 * OPUS_FRAME * 2], 128_000));
    for samples in &signals {
        for begin in BEGINS.step_by(5) {
            let mut stream = stream(samples, begin);
            stream.truncate(4);
            let fresh = heard(&[], &stream);
            for other in &others {
                let late = heard(other, &stream);
                // What is before the music at the begin is not heard.
                least[0] =
                    least[0].min(alike(&fresh[1][LOOKAHEAD * 2..], &late[1][LOOKAHEAD * 2..]));
                least[1] = least[1].min(alike(&fresh[2], &late[2]));
            }
        }
    }
    least
}

#[test]
fn streams_from_the_middle_sound_the_same_after_anything() {
    for (bitrate, least) in [(24_000, 50.0), (48_000, 70.0), (128_000, 90.0), (256_000, 90.0)] {
        let [first, second] = least_alike(|samples, begin| begun(samples, begin, bitrate));
        let is_same = first > least && second > least;
        assert!(is_same, "at {bitrate}: {first:.1} dB, {second:.1} dB");
    }
    let from_the_start = |samples: &[f32], begin| packets(samples, 128_000).split_off(begin - 1);
    let [first, _] = least_alike(from_the_start);
    assert!(first < 20.0, "all streams do: {first:.1} dB");
}

#[test]
fn another_decoder_understands_the_mapping() {
    for channels in 3..=8 {
        let layout = Layout::usual(channels).unwrap();
        let settings = OpusSettings::new(layout, 64_000 * u32::try_from(channels).unwrap());
        let mut packets = OpusPackets::new(&settings).unwrap();
        let samples: Vec<f32> = signal(2).iter().map(|one| one * 0.5).collect();
        let frames = samples.len() / channels * channels;
        let mut decoder = OpusMSDecoder::new(48_000, channels, 1).unwrap();
        assert_eq!(decoder.layout().mapping, packets.mapping().channels);
        let mut found = vec![0.0; OPUS_FRAME * channels];
        let mut count = 0;
        packets
            .push(&samples[..frames], |packet| {
                count += decoder.decode(packet, OPUS_FRAME, &mut found).unwrap();
            })
            .unwrap();
        assert_eq!(count, frames / channels / OPUS_FRAME * OPUS_FRAME);
    }
}

/// How much less alike to the signal what is heard is, in dB, from packet `begin` on, than in a stream from
/// the start: of the first packet, and of the first ten.
fn lost(samples: &[f32], whole: &[Vec<u8>], before: &[Vec<u8>], part: &[Vec<u8>]) -> [f32; 2] {
    let a_packet = OPUS_FRAME * 2;
    let late = LOOKAHEAD * 2;
    let begin = whole.len() - part.len();
    let whole = heard(&[], whole).concat();
    let part = heard(before, part).concat();
    [1, 8].map(|packets| {
        let len = packets * a_packet;
        let signal = &samples[begin * a_packet..][..len];
        let of_whole = alike(signal, &whole[begin * a_packet + late..][..len]);
        of_whole - alike(signal, &part[late..][..len])
    })
}

/// The mean of both, and the first one's worst.
fn mean_and_worst(lost: &[[f32; 2]]) -> [f32; 3] {
    let count = f32::from(u16::try_from(lost.len()).unwrap());
    let mean = |which: usize| lost.iter().map(|lost| lost[which]).sum::<f32>() / count;
    let worst = lost.iter().map(|lost| lost[0]).fold(f32::MIN, f32::max);
    [mean(0), mean(1), worst]
}

#[test]
fn a_begin_in_the_middle_sounds_as_good_as_the_rest() {
    // Where there are most bits, each packet of the whole is so like the signal that less is as good.
    for (bitrate, most) in
        [(64_000, 1.0), (96_000, 1.0), (128_000, 1.0), (192_000, 2.0), (256_000, 4.5)]
    {
        for kind in 0..KINDS {
            let samples = signal(kind);
            let whole = packets(&samples, bitrate);
            let lost: Vec<_> = BEGINS
                .map(|begin| {
                    let part = begun(&samples, begin, bitrate);
                    lost(&samples, &whole, &part[..1], &part[1..])
                })
                .collect();
            let [first, all, worst] = mean_and_worst(&lost);
            let is_good = first < 0.0 && all < 1.0 && worst < most;
            assert!(is_good, "signal {kind} at {bitrate}: {first:.1}, {all:.1}, {worst:.1} dB");
        }
    }
}

/// Behind a segment that was made by itself another one sounds as in one stream.
#[test]
fn segments_join_as_if_they_were_one_stream() {
    const LONG: usize = 68;
    const WARM_UP: usize = OPUS_SEGMENT_WARM_UP / OPUS_FRAME;
    let loss = |bitrate: u32, warm_up: usize| {
        let mut losses = Vec::new();
        for kind in 0..KINDS {
            let samples = signal_of(kind, LONG);
            let whole = packets(&samples, bitrate);
            let segment = |from: usize, to: usize| {
                let heard = &samples[(from - warm_up) * OPUS_FRAME * 2..to * OPUS_FRAME * 2];
                packets(heard, bitrate).split_off(warm_up)
            };
            losses.extend((WARM_UP + 4..LONG - 9).map(|begin| {
                let before = [&whole[..begin - 4], &segment(begin - 4, begin)].concat();
                lost(&samples, &whole, &before, &segment(begin, LONG))
            }));
        }
        mean_and_worst(&losses)
    };
    for bitrate in [64_000, 128_000, 256_000] {
        let [first, all, worst] = loss(bitrate, WARM_UP);
        assert!(
            first.abs() < 0.02 && all.abs() < 0.02 && worst < 0.2,
            "at {bitrate}: {first:.2}, {all:.2}, {worst:.1} dB"
        );
    }
    let [_, _, worst] = loss(128_000, OPUS_WARM_UP / OPUS_FRAME);
    assert!(worst > 5.0, "it takes so long: {worst:.1} dB");
}
