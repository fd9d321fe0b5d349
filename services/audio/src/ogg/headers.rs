//! The header packets of a logical stream: identification, comments (passed over) and, for Vorbis,
//! the setup with its codebooks.

use crate::error::ProbeError;
use crate::flac::{self, STREAMINFO};
use crate::format::{Codec, Container};
use crate::payload::Payload;
use crate::probe::Stream;
use crate::source::Source;

use super::page::Page;

/// Vorbis setup headers have some kilobytes; more than this is not hashed but refused.
const MOST_SETUP: u64 = 1024 * 1024;

/// Collects the header packets page by page.
pub(super) struct Headers {
    stream: Stream,
    /// Packets that have ended.
    packets: usize,
    /// Whether the last segment seen did not end its packet.
    inside_packet: bool,
    setup: Payload,
}

impl Headers {
    /// Recognises a stream by its identification header; `None` for those that are not audio.
    pub(super) fn begin(source: &mut Source<'_>, page: &Page) -> Result<Option<Self>, ProbeError> {
        let body = usize::try_from(page.body_len).unwrap_or_default();
        let Some(stream) = identify(source.up_to(page.body, body)?)? else { return Ok(None) };
        let mut setup = Payload::default();
        setup.reset(source.len());
        Ok(Some(Self { stream, packets: 0, inside_packet: false, setup }))
    }

    /// Takes in a page; answers where the audio starts in it, if it does.
    pub(super) fn take(
        &mut self,
        source: &mut Source<'_>,
        page: &Page,
    ) -> Result<Option<u64>, ProbeError> {
        let mut at = page.body;
        for segment in page.lacing(source)? {
            if !self.inside_packet && self.is_audio(source, at, segment)? {
                return Ok(Some(at));
            }
            if self.stream.codec == Codec::Vorbis && self.packets == 2 {
                self.setup.push(at, u64::from(segment))?;
            }
            self.inside_packet = segment == u8::MAX;
            if !self.inside_packet {
                self.packets += 1;
            }
            at += u64::from(segment);
        }
        Ok(None)
    }

    /// The stream's facts, once all header packets have been taken.
    pub(super) fn finish(mut self, source: &mut Source<'_>) -> Result<Stream, ProbeError> {
        if self.setup.len() > MOST_SETUP {
            return Err(ProbeError::Damaged("the Vorbis setup header is too large"));
        }
        self.setup.append_to(&mut self.stream.setup, source, 0, self.setup.len())?;
        Ok(self.stream)
    }

    /// Whether a packet that starts at `at` is audio.
    fn is_audio(&self, source: &mut Source<'_>, at: u64, segment: u8) -> Result<bool, ProbeError> {
        match self.stream.codec {
            Codec::Vorbis => Ok(self.packets >= 3),
            Codec::Opus => Ok(self.packets >= 2),
            // A FLAC frame starts with its sync code, which no metadata block does.
            _ => Ok(self.packets > 0 && segment > 0 && source.up_to(at, 1)? == [0xFF]),
        }
    }
}

/// The stream that starts with this identification header.
fn identify(packet: &[u8]) -> Result<Option<Stream>, ProbeError> {
    let incomplete = ProbeError::Damaged("the Ogg stream's first header is too short");
    let stream = if packet.starts_with(b"\x01vorbis") {
        let fields = packet.get(..30).ok_or(incomplete)?;
        let rate = [fields[12], fields[13], fields[14], fields[15]];
        // Version and block sizes; the bitrates between them are only hints.
        let mut setup = fields[7..11].to_vec();
        setup.push(fields[28]);
        facts(Codec::Vorbis, u32::from_le_bytes(rate), fields[11], setup)
    } else if packet.starts_with(b"OpusHead") {
        let fields = packet.get(8..19).ok_or(incomplete)?;
        // Pre-skip, original rate and gain are not audio: only the mapping is (RFC 7845 §5.1).
        let mut setup = vec![fields[10]];
        if fields[10] != 0 {
            setup.extend_from_slice(packet.get(19..21 + usize::from(fields[1])).unwrap_or(&[]));
        }
        facts(Codec::Opus, 48_000, fields[1], setup)
    } else if packet.starts_with(b"\x7FFLAC") {
        let info = packet.get(17..17 + STREAMINFO).and_then(|info| info.try_into().ok());
        flac::streaminfo(info.ok_or(incomplete)?, Container::Ogg)
    } else {
        return Ok(None);
    };
    Ok(Some(stream))
}

fn facts(codec: Codec, sample_rate: u32, channels: u8, setup: Vec<u8>) -> Stream {
    Stream {
        codec,
        container: Container::Ogg,
        sample_rate,
        channels: u16::from(channels),
        bit_depth: None,
        frames: None,
        setup,
    }
}
