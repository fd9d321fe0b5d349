//! Opus packets (RFC 6716) of 20 ms, of one to eight channels at 48 kHz.

#[cfg(test)]
mod tests;

use opus_pure::{Application, Bandwidth, Error, OpusMSEncoder, RateControl, Signal};

use super::EncodeError;
use crate::layout::Layout;

/// The only rate at which we encode Opus, in Hz.
pub const OPUS_RATE: u32 = 48_000;
/// Frames a packet.
pub const OPUS_FRAME: usize = 960;
/// How many frames before the first one to hear the encoder of a stream from the middle begins, so that it
/// and, in Ogg, the decoder have settled by then (RFC 7845 §4.2 and §4.5).
pub const OPUS_WARM_UP: usize = 3840;
/// The same for a segment, whose decoder has heard the one before: what encoders remember of loudness fades
/// by half a packet at best, and as long as two do not remember the same their packets do not fit together.
/// Tones lost 20 dB in the first packet behind [`OPUS_WARM_UP`], and nothing behind this.
pub const OPUS_SEGMENT_WARM_UP: usize = 48_000;
/// How many frames the encoder is behind its input: fixed at this rate.
pub(crate) const LOOKAHEAD: usize = 312;

/// How many times their share of bits the first packets of a stream get that has to be understood from
/// there on: what is known of those before would save as many.
const FIRST_SHARE: i32 = 3;
/// How many packets that is.
const FIRST: usize = 2;
/// More than a packet of one stream has.
const MOST_BYTES: usize = 1500;
/// From so many channels on, the last stream is of low frequencies alone.
const WITH_LOW_FREQUENCIES: usize = 6;

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

/// Makes packets of frames.
pub(crate) struct OpusPackets {
    coder: OpusMSEncoder,
    /// Bits a second of each of its streams.
    bitrates: Vec<i32>,
    mapping: Mapping,
    order: &'static [usize],
    /// Frames in the codec's order that do not fill a packet yet, behind the last packet's.
    frames: Vec<f32>,
    /// How much of `frames` is coded already.
    coded: usize,
    packet: Vec<u8>,
    /// How many of the next packets only the encoder has to hear.
    unheard: usize,
    /// How many of those after them are the first ones for a decoder.
    first: usize,
}

impl OpusPackets {
    pub(crate) fn new(settings: &OpusSettings) -> Result<Self, EncodeError> {
        let layout = settings.layout;
        let order = layout
            .vorbis_order()
            .ok_or(EncodeError::Unsupported("Opus has no such layout of channels: mix it down"))?;
        let mut coder = coder(settings)?;
        let bitrates = coder.streams_mut().iter().map(|stream| stream.bitrate_bps).collect();
        let streams = coder.layout();
        let small = |count: usize| u8::try_from(count).unwrap_or_default();
        let mapping = Mapping {
            family: streams.mapping_family,
            streams: small(streams.nb_streams),
            coupled: small(streams.nb_coupled_streams),
            channels: streams.mapping.clone(),
        };
        let packet = vec![0; MOST_BYTES * streams.nb_streams];
        Ok(Self {
            coder,
            bitrates,
            mapping,
            order,
            frames: Vec::new(),
            coded: 0,
            packet,
            unheard: 0,
            first: 0,
        })
    }

    pub(crate) fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The first `unheard` packets are only for the encoder, and are not handed out. The one after them is
    /// for a decoder that has heard something else before.
    ///
    /// That packet is coded as if most were lost on the way: then nothing is taken from the waves before.
    /// Behind silence, which the encoder takes the packet before it for, it takes no loudness from there
    /// either: anything else is longer. The next one may take from it what it can.
    pub(crate) fn for_any_decoder(self, unheard: usize) -> Self {
        Self { unheard, first: FIRST, ..self }
    }

    /// Takes frames in the layout's order and hands each packet that they fill to `each`.
    pub(crate) fn push(
        &mut self,
        frames: &[f32],
        mut each: impl FnMut(&[u8]),
    ) -> Result<(), EncodeError> {
        for frame in frames.chunks_exact(self.order.len()) {
            self.frames.extend(self.order.iter().map(|&channel| frame[channel]));
            if self.frames.len() - self.coded == self.samples_a_packet()
                && let Some(packet) = self.packet()?
            {
                each(packet);
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
            if let Some(packet) = self.packet()? {
                each(packet);
            }
        }
        Ok(padding)
    }

    fn samples_a_packet(&self) -> usize {
        OPUS_FRAME * self.order.len()
    }

    /// Codes the next packet's frames, and keeps them alone of those that are coded. `None` if it is only
    /// for the encoder.
    fn packet(&mut self) -> Result<Option<&[u8]>, EncodeError> {
        self.frames.drain(..self.coded);
        self.coded = self.samples_a_packet();
        let is_unheard = self.unheard > 0;
        let silence = vec![0.0; if self.unheard == 1 { self.coded } else { 0 }];
        let frames = if self.unheard == 1 { &silence } else { &self.frames[..self.coded] };
        let is_first = !is_unheard && self.first > 0;
        let share = if is_first { FIRST_SHARE } else { 1 };
        let lost = if is_first && self.first == FIRST { 100 } else { 0 };
        for (stream, bitrate) in self.coder.streams_mut().iter_mut().zip(&self.bitrates) {
            stream.packet_loss_perc = lost;
            stream.bitrate_bps = bitrate.saturating_mul(share);
        }
        let coded = self.coder.encode(frames, OPUS_FRAME, &mut self.packet);
        let len = coded.map_err(|error| failed(&error))?;
        if is_unheard {
            self.unheard -= 1;
            return Ok(None);
        }
        self.first = self.first.saturating_sub(1);
        Ok(Some(&self.packet[..len]))
    }
}

fn coder(settings: &OpusSettings) -> Result<OpusMSEncoder, EncodeError> {
    let channels = settings.layout.channels();
    let family = u8::from(channels > 2);
    let mut coder = OpusMSEncoder::new(48_000, channels, family, Application::Audio)
        .map_err(|error| failed(&error))?;
    let bitrate = i32::try_from(settings.bitrate).unwrap_or(i32::MAX);
    if bitrate == 0 {
        return Err(EncodeError::Unsupported("Opus has no such bitrate"));
    }
    coder.set_bitrate(bitrate);
    for stream in coder.streams_mut() {
        stream.complexity = i32::from(settings.complexity);
        stream.signal_type = Some(Signal::Music);
        stream.rate_control = RateControl::Vbr;
    }
    if channels >= WITH_LOW_FREQUENCIES {
        // Below 120 Hz there is little to say: the others have the rest.
        let low = (bitrate / 32).max(12_000).min(bitrate / 6);
        let share = i64::from(bitrate - low);
        let channels = i64::try_from(channels - 1).unwrap_or(1);
        for stream in coder.streams_mut() {
            let sides = i64::try_from(stream.channels()).unwrap_or(1);
            stream.bitrate_bps = i32::try_from(share * sides / channels).unwrap_or(i32::MAX);
        }
        if let Some(last) = coder.streams_mut().last_mut() {
            last.bitrate_bps = low;
            last.max_bandwidth = Bandwidth::Narrowband;
        }
    }
    Ok(coder)
}

fn failed(error: &Error) -> EncodeError {
    let code = match error {
        Error::InvalidArgument(_) => 1,
        Error::BufferTooSmall { .. } => 2,
        _ => 3,
    };
    EncodeError::Failed { coder: "Opus", code }
}
