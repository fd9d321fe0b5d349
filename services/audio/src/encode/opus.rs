//! Opus packets (RFC 6716) of 20 ms, of one to eight channels at 48 kHz.

use std::ops::Range;

use ropus::{OPUS_APPLICATION_AUDIO, OPUS_SIGNAL_MUSIC, OpusEncoder, OpusMSEncoder};

use super::EncodeError;
use crate::layout::Layout;

/// The only rate at which we encode Opus, in Hz.
pub const OPUS_RATE: u32 = 48_000;
/// Frames a packet.
pub const OPUS_FRAME: usize = 960;
/// How many frames before the first one to hear a stream from the middle begins, so that encoder and
/// decoder have settled by then (RFC 7845 §4.2 and §4.5).
pub const OPUS_WARM_UP: usize = 3840;
/// How many frames the encoder is behind its input: fixed at this rate.
pub(crate) const LOOKAHEAD: usize = 312;

/// The largest packet of one Opus stream, and more than any at sensible bitrates.
const MOST_BYTES: usize = 1275;

/// How Opus is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpusSettings {
    pub layout: Layout,
    /// Bits a second of all channels together, on average: quiet passages take less.
    pub bitrate: u32,
    /// Effort from 0 to 10.
    pub complexity: u8,
}

impl OpusSettings {
    /// Full effort.
    pub const fn new(layout: Layout, bitrate: u32) -> Self {
        Self { layout, bitrate, complexity: 10 }
    }
}

/// How the streams of a packet become channels: a part of the stream's header.
pub(crate) struct Mapping {
    pub(crate) family: u8,
    pub(crate) streams: u8,
    pub(crate) coupled: u8,
    pub(crate) channels: Vec<u8>,
}

enum Coder {
    Plain(Box<OpusEncoder>),
    Surround(Box<OpusMSEncoder>),
}

/// Makes packets of frames.
pub(crate) struct OpusPackets {
    coder: Coder,
    mapping: Mapping,
    order: &'static [usize],
    /// Frames in the codec's order that do not fill a packet yet, behind the last packet's.
    frames: Vec<f32>,
    /// How much of `frames` is coded already.
    coded: usize,
    integers: Vec<i16>,
    packet: Vec<u8>,
    independent: Range<usize>,
    /// Of the next packet.
    number: usize,
}

impl OpusPackets {
    pub(crate) fn new(settings: &OpusSettings) -> Result<Self, EncodeError> {
        let layout = settings.layout;
        let order = layout
            .vorbis_order()
            .ok_or(EncodeError::Unsupported("Opus has no such layout of channels: mix it down"))?;
        let channels = layout.channels();
        let (coder, mapping) = match channels {
            1 | 2 => (plain(channels, settings)?, Mapping::plain(channels)),
            _ => surround(channels, settings)?,
        };
        let packet = vec![0; MOST_BYTES * usize::from(mapping.streams)];
        Ok(Self {
            coder,
            mapping,
            order,
            frames: Vec::new(),
            coded: 0,
            integers: Vec::new(),
            packet,
            independent: 0..0,
            number: 0,
        })
    }

    pub(crate) fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Packets of these numbers, from 0, are coded without regard to those before: for a decoder that
    /// has heard something else.
    pub(crate) fn with_independent(self, packets: Range<usize>) -> Self {
        Self { independent: packets, ..self }
    }

    /// Takes frames in the layout's order and hands each packet that they fill to `each`.
    pub(crate) fn push(
        &mut self,
        frames: &[f32],
        mut each: impl FnMut(&[u8]),
    ) -> Result<(), EncodeError> {
        for frame in frames.chunks_exact(self.order.len()) {
            self.frames.extend(self.order.iter().map(|&channel| frame[channel]));
            if self.frames.len() - self.coded == self.samples_a_packet() {
                each(self.packet()?);
            }
        }
        Ok(())
    }

    /// Hands out the packets that hold the last frames, with the encoder's delay; how many frames the
    /// last packet is too long. What follows the end is the music backwards, so that its end is not
    /// coded as a click.
    pub(crate) fn finish(&mut self, mut each: impl FnMut(&[u8])) -> Result<usize, EncodeError> {
        let channels = self.order.len();
        let waiting = (self.frames.len() - self.coded) / channels;
        let padding = (OPUS_FRAME - (waiting + LOOKAHEAD) % OPUS_FRAME) % OPUS_FRAME;
        let known = self.frames.len() / channels;
        for after in 0..LOOKAHEAD + padding {
            // To and fro through what is known of the end.
            let back = match known {
                0 => None,
                _ if (after / known).is_multiple_of(2) => Some(known - 1 - after % known),
                _ => Some(after % known),
            };
            // Packets drop what is known from the front: it has been copied before.
            let at = back.map(|frame| frame * channels);
            self.frames.extend((0..channels).map(|_| 0.0));
            if let Some(at) = at {
                let end = self.frames.len() - channels;
                self.frames.copy_within(at..at + channels, end);
            }
        }
        while self.frames.len() > self.coded {
            each(self.packet()?);
        }
        Ok(padding)
    }

    fn samples_a_packet(&self) -> usize {
        OPUS_FRAME * self.order.len()
    }

    /// Codes the next packet's frames, and keeps them alone of those that are coded.
    fn packet(&mut self) -> Result<&[u8], EncodeError> {
        self.frames.drain(..self.coded);
        self.coded = self.samples_a_packet();
        self.coder.set_independent(self.independent.contains(&self.number));
        let frames = &self.frames[..self.coded];
        let most = i32::try_from(self.packet.len()).unwrap_or(i32::MAX);
        let len = match &mut self.coder {
            Coder::Plain(coder) => coder.encode_float(frames, 960, &mut self.packet, most),
            Coder::Surround(coder) => {
                self.integers.clear();
                self.integers.extend(frames.iter().map(|&sample| to_i16(sample)));
                coder.encode(&self.integers, 960, &mut self.packet, most)
            }
        };
        let len = usize::try_from(len.map_err(failed)?).unwrap_or_default();
        self.number += 1;
        Ok(&self.packet[..len])
    }
}

impl Coder {
    fn set_independent(&mut self, independent: bool) {
        let disabled = i32::from(independent);
        // Both know no other answer than that it is done.
        let _done = match self {
            Self::Plain(coder) => coder.set_prediction_disabled(disabled),
            Self::Surround(coder) => coder.set_prediction_disabled(disabled),
        };
    }
}

impl Mapping {
    fn plain(channels: usize) -> Self {
        Self {
            family: 0,
            streams: 1,
            coupled: u8::from(channels == 2),
            channels: [0, 1][..channels].to_vec(),
        }
    }
}

fn plain(channels: usize, settings: &OpusSettings) -> Result<Coder, EncodeError> {
    let count = if channels == 1 { 1 } else { 2 };
    let mut coder = OpusEncoder::new(48_000, count, OPUS_APPLICATION_AUDIO).map_err(failed)?;
    let bitrate = i32::try_from(settings.bitrate).unwrap_or(i32::MAX);
    coder.set_complexity(i32::from(settings.complexity.min(10)));
    coder.set_signal(OPUS_SIGNAL_MUSIC);
    coder.set_vbr(1);
    coder.set_vbr_constraint(0);
    if coder.set_bitrate(bitrate) != ropus::OPUS_OK {
        return Err(EncodeError::Unsupported("Opus has no such bitrate"));
    }
    Ok(Coder::Plain(Box::new(coder)))
}

fn surround(channels: usize, settings: &OpusSettings) -> Result<(Coder, Mapping), EncodeError> {
    let count = i32::try_from(channels).unwrap_or(i32::MAX);
    let (mut coder, streams, coupled, channels) =
        OpusMSEncoder::new_surround(48_000, count, 1, OPUS_APPLICATION_AUDIO).map_err(failed)?;
    let bitrate = i32::try_from(settings.bitrate).unwrap_or(i32::MAX);
    coder.set_complexity(i32::from(settings.complexity.min(10)));
    coder.set_signal(OPUS_SIGNAL_MUSIC);
    coder.set_vbr(1);
    coder.set_vbr_constraint(0);
    if coder.set_bitrate(bitrate) != ropus::OPUS_OK {
        return Err(EncodeError::Unsupported("Opus has no such bitrate"));
    }
    let small = |count: i32| u8::try_from(count).unwrap_or_default();
    let mapping = Mapping { family: 1, streams: small(streams), coupled: small(coupled), channels };
    Ok((Coder::Surround(Box::new(coder)), mapping))
}

/// The nearest integer; what is too loud becomes the loudest.
#[expect(clippy::cast_possible_truncation, reason = "it saturates, as it should")]
fn to_i16(sample: f32) -> i16 {
    (sample * 32_768.0).round_ties_even() as i16
}

fn failed(code: i32) -> EncodeError {
    EncodeError::Failed { coder: "Opus", code }
}
