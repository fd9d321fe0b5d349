//! Opus in Ogg (RFC 7845): a stream that says exactly how long it is.

use super::opus::{LOOKAHEAD, OPUS_FRAME, OPUS_RATE, OpusPackets, OpusSettings};
use super::{Encode, EncodeError};
use crate::pack::ogg::Pages;

/// Packets a page: a listener waits for no more than a fifth of a second of music.
const PACKETS_A_PAGE: usize = 10;
const VENDOR: &[u8; 9] = b"hexachord";

/// An encoder of Opus in Ogg.
pub struct OggOpus {
    packets: OpusPackets,
    pages: Pages,
    /// The last packet of the stream has another position: it waits until it is known not to be it.
    waiting: Option<Vec<u8>>,
    /// Where `waiting` ends, in frames since the decoder's first.
    position: u64,
    on_page: usize,
    headers: Option<Vec<u8>>,
}

impl OggOpus {
    /// A stream whose first `warm_up` frames are not to be heard: those before the place where it
    /// begins (at most [`OPUS_WARM_UP`](super::OPUS_WARM_UP) are of use), or none. `serial` tells
    /// streams in one file apart.
    pub fn new(settings: &OpusSettings, warm_up: usize, serial: u32) -> Result<Self, EncodeError> {
        let packets = OpusPackets::new(settings)?;
        let skip = u16::try_from(LOOKAHEAD + warm_up)
            .map_err(|_too_long| EncodeError::Unsupported("so long a warm-up"))?;
        let mut pages = Pages::new(serial);
        let mut headers = Vec::new();
        pages.add(&head(&packets, skip), 0, &mut headers);
        pages.write(false, &mut headers);
        pages.add(&tags(), 0, &mut headers);
        pages.write(false, &mut headers);
        let headers = Some(headers);
        Ok(Self { packets, pages, waiting: None, position: 0, on_page: 0, headers })
    }

    fn begin(&mut self, out: &mut Vec<u8>) {
        out.extend(self.headers.take().unwrap_or_default());
    }
}

impl Encode for OggOpus {
    fn encode(&mut self, frames: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.begin(out);
        let Self { packets, pages, waiting, position, on_page, .. } = self;
        packets.push(frames, |packet| {
            add(packet, pages, waiting, position, on_page, out);
        })
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.begin(out);
        let Self { packets, pages, waiting, position, on_page, .. } = self;
        let padding = packets.finish(|packet| {
            add(packet, pages, waiting, position, on_page, out);
        })?;
        let last = waiting.take().unwrap_or_default();
        pages.add(&last, position.saturating_sub(padding as u64), out);
        pages.write(true, out);
        Ok(())
    }
}

/// Writes the packet that waited, and lets this one wait.
fn add(
    packet: &[u8],
    pages: &mut Pages,
    waiting: &mut Option<Vec<u8>>,
    position: &mut u64,
    on_page: &mut usize,
    out: &mut Vec<u8>,
) {
    if let Some(waited) = waiting.replace(packet.to_vec()) {
        pages.add(&waited, *position, out);
        *on_page += 1;
        if *on_page == PACKETS_A_PAGE {
            pages.write(false, out);
            *on_page = 0;
        }
    }
    *position += OPUS_FRAME as u64;
}

fn head(packets: &OpusPackets, skip: u16) -> Vec<u8> {
    let mapping = packets.mapping();
    let mut head = b"OpusHead\x01".to_vec();
    head.push(u8::try_from(mapping.channels.len()).unwrap_or(u8::MAX));
    head.extend_from_slice(&skip.to_le_bytes());
    head.extend_from_slice(&OPUS_RATE.to_le_bytes());
    // No gain.
    head.extend_from_slice(&[0, 0, mapping.family]);
    if mapping.family != 0 {
        head.extend_from_slice(&[mapping.streams, mapping.coupled]);
        head.extend_from_slice(&mapping.channels);
    }
    head
}

fn tags() -> Vec<u8> {
    let mut tags = b"OpusTags".to_vec();
    tags.extend_from_slice(&[9, 0, 0, 0]);
    tags.extend_from_slice(VENDOR);
    tags.extend_from_slice(&0_u32.to_le_bytes());
    tags
}
