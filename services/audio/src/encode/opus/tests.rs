//! Streams that begin anywhere, for decoders that have heard anything.

use std::f32::consts::TAU;

use opus_pure::{OpusDecoder, OpusMSDecoder};

use super::*;

const PACKETS: usize = 40;
/// The packets at which streams begin: in the midst of the sound.
const BEGINS: [usize; 5] = [3, 9, 14, 20, 29];

/// Chords, noise that swells, and nearly nothing: one that depends on what was before, and others.
fn signal(kind: usize) -> Vec<f32> {
    let mut state = 7_u32;
    let mut samples = Vec::new();
    for frame in 0..u16::try_from(PACKETS * OPUS_FRAME).unwrap() {
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
                _ => 0.000_1 * noise,
            });
        }
    }
    samples
}

fn packets(samples: &[f32], bitrate: u32, independent: usize) -> Vec<Vec<u8>> {
    let settings = OpusSettings::new(Layout::STEREO, bitrate);
    let mut packets = OpusPackets::new(&settings).unwrap().with_independent(independent);
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
fn least_alike(bitrate: u32, independent: usize) -> [f32; 2] {
    let mut least = [f32::INFINITY; 2];
    let signals: [Vec<f32>; 4] = std::array::from_fn(signal);
    let others = signals.each_ref().map(|other| packets(&other[..9 * OPUS_FRAME * 2], 128_000, 0));
    for (samples, begin) in signals.iter().flat_map(|samples| BEGINS.map(|begin| (samples, begin)))
    {
        let part = &samples[begin * OPUS_FRAME * 2..][..5 * OPUS_FRAME * 2];
        let stream = packets(part, bitrate, independent);
        let fresh = heard(&[], &stream);
        for other in &others {
            let late = heard(other, &stream);
            for (packet, least) in (1..).zip(&mut least) {
                *least = least.min(alike(&fresh[packet], &late[packet]));
            }
        }
    }
    least
}

#[test]
fn independent_packets_sound_the_same_after_anything() {
    for bitrate in [48_000, 128_000, 256_000] {
        let [first, second] = least_alike(bitrate, 2);
        assert!(first > 30.0 && second > 60.0, "at {bitrate}: {first:.1} dB, {second:.1} dB");
    }
    let [first, _] = least_alike(128_000, 0);
    assert!(first < 25.0, "all packets do: {first:.1} dB");
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

/// How much less alike to the signal what is heard is, in dB, when the stream begins in the middle behind
/// one packet for the decoder, than in a stream from the start: of the first packet, and of the first ten.
fn lost_at_the_begin(samples: &[f32], begin: usize, bitrate: u32) -> [f32; 2] {
    let a_packet = OPUS_FRAME * 2;
    let hears = |stream: &[Vec<u8>]| heard(&[], stream).concat();
    let whole = hears(&packets(samples, bitrate, 0));
    let part = hears(&packets(&samples[(begin - 1) * a_packet..], bitrate, 2));
    let late = LOOKAHEAD * 2;
    [1, 10].map(|packets| {
        let len = packets * a_packet;
        let signal = &samples[begin * a_packet..][..len];
        let of_whole = alike(signal, &whole[begin * a_packet + late..][..len]);
        of_whole - alike(signal, &part[a_packet + late..][..len])
    })
}

#[test]
fn a_begin_in_the_middle_sounds_as_good_as_the_rest() {
    for bitrate in [64_000, 96_000, 128_000, 192_000, 256_000] {
        for kind in 0..4 {
            let samples = signal(kind);
            let lost = BEGINS.map(|begin| lost_at_the_begin(&samples, begin, bitrate));
            let mean = |which: usize| lost.iter().map(|lost| lost[which]).sum::<f32>() / 5.0;
            // One packet is by chance worse than its like, and another better.
            let is_good = mean(0) < 1.0 && mean(1) < 1.5;
            assert!(is_good, "signal {kind} at {bitrate}: {lost:.1?} dB");
        }
    }
}
