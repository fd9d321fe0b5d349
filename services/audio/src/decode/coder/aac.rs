//! AAC of the kinds that symphonia does not know: more than two channels, HE-AAC, shorter frames and
//! rarer tools. Channels come in the order of WAVE's bits, as ours stand.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusty_aac::config::StreamConfig;
use rusty_aac::decode::Decoder;
use rusty_aac::{DecodedAudio, Error};

use super::{Coder, Guarded};
use crate::decode::DecodeError;

/// A decoder of packets that all have as many frames.
pub(in crate::decode) struct Aac {
    config: StreamConfig,
    decoder: Decoder,
    channels: usize,
    frames: usize,
}

impl Aac {
    /// A decoder for packets of `frames` frames, with a net under it.
    pub(in crate::decode) fn guarded(
        config: &StreamConfig,
        channels: usize,
        frames: usize,
    ) -> Result<Guarded<Self>, DecodeError> {
        let config = config.clone();
        Guarded::new(move || {
            let decoder = decoder(&config)?;
            Ok(Self { config: config.clone(), decoder, channels, frames })
        })
    }

    /// What a packet decodes to, beside what the setup says: whether bands are replicated, and one
    /// channel becomes two, may be told there alone.
    pub(in crate::decode) fn listen(
        config: &StreamConfig,
        packet: &[u8],
    ) -> Option<(DecodedAudio, bool)> {
        let listen = || {
            let mut decoder = decoder(config).ok()?;
            let heard = decoder.decode(packet, None).ok()?;
            Some((heard, decoder.saw_sbr()))
        };
        catch_unwind(AssertUnwindSafe(listen)).ok().flatten()
    }
}

fn decoder(config: &StreamConfig) -> Result<Decoder, DecodeError> {
    Decoder::with_stream_config(config.clone()).map_err(|error| refused(&error))
}

/// Why a setup is of no use.
pub(in crate::decode) fn refused(error: &Error) -> DecodeError {
    match error {
        Error::Unsupported(_) | Error::Unimplemented(_) => {
            DecodeError::Unsupported("AAC of such a kind, as xHE-AAC")
        }
        _ => DecodeError::Damaged("the codec's setup makes no sense"),
    }
}

impl Coder for Aac {
    fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Option<usize> {
        let decoded = self.decoder.decode(packet, None).ok()?;
        let fits = usize::from(decoded.channels) == self.channels;
        if !fits || decoded.frames() != self.frames {
            return None;
        }
        let finite = |&sample: &f32| if sample.is_finite() { sample } else { 0.0 };
        out.extend(decoded.samples.iter().map(finite));
        Some(self.frames)
    }

    fn reset(&mut self) {
        if let Ok(decoder) = decoder(&self.config) {
            self.decoder = decoder;
        }
    }
}
