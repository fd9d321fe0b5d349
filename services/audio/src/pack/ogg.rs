//! Ogg pages (RFC 3533) of one logical stream.

use crate::crc::OggCrc;

const MOST_SEGMENTS: usize = 255;
const FIRST: u8 = 2;
const LAST: u8 = 4;
const CONTINUED: u8 = 1;
/// The position of a page on which no packet ends.
const NO_POSITION: u64 = u64::MAX;

/// Puts packets into pages.
pub(crate) struct Pages {
    serial: u32,
    number: u32,
    lacing: Vec<u8>,
    body: Vec<u8>,
    /// The position behind the last packet that ends on this page.
    position: u64,
    continued: bool,
}

impl Pages {
    pub(crate) fn new(serial: u32) -> Self {
        Self {
            serial,
            number: 0,
            lacing: Vec::with_capacity(MOST_SEGMENTS),
            body: Vec::new(),
            position: NO_POSITION,
            continued: false,
        }
    }

    /// Adds a packet that ends at `position`; pages that become full are written.
    pub(crate) fn add(&mut self, packet: &[u8], position: u64, out: &mut Vec<u8>) {
        let mut rest = packet;
        loop {
            if self.lacing.len() == MOST_SEGMENTS {
                let inside = rest.len() < packet.len();
                self.write(false, out);
                self.continued = inside;
            }
            let (segment, after) = rest.split_at(rest.len().min(255));
            self.lacing.push(u8::try_from(segment.len()).unwrap_or(u8::MAX));
            self.body.extend_from_slice(segment);
            rest = after;
            if segment.len() < 255 {
                break;
            }
        }
        self.position = position;
    }

    /// Writes what has been added as a page of its own; the last one says so.
    pub(crate) fn write(&mut self, last: bool, out: &mut Vec<u8>) {
        let mut flags = if last { LAST } else { 0 };
        if self.number == 0 {
            flags |= FIRST;
        }
        if self.continued {
            flags |= CONTINUED;
        }
        let start = out.len();
        out.extend_from_slice(b"OggS\0");
        out.push(flags);
        out.extend_from_slice(&self.position.to_le_bytes());
        out.extend_from_slice(&self.serial.to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&[0; 4]);
        out.push(u8::try_from(self.lacing.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(&self.lacing);
        out.extend_from_slice(&self.body);
        let mut sum = OggCrc::default();
        sum.update(&out[start..]);
        out[start + 22..start + 26].copy_from_slice(&sum.value().to_le_bytes());
        self.number += 1;
        self.lacing.clear();
        self.body.clear();
        self.position = NO_POSITION;
        self.continued = false;
    }
}
