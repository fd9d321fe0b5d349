//! One Ogg page: its header, and where its body is.

use crate::error::ProbeError;
use crate::source::Source;

const HEADER: usize = 27;
const MOST_SEGMENTS: usize = 255;

/// A page of a logical stream.
#[derive(Clone, Copy)]
pub(super) struct Page {
    flags: u8,
    pub(super) serial: u32,
    segments: u8,
    /// Where the body starts in the file.
    pub(super) body: u64,
    pub(super) body_len: u64,
}

impl Page {
    /// The page at `at`; `None` where there is none.
    pub(super) fn read(source: &mut Source<'_>, at: u64) -> Result<Option<Self>, ProbeError> {
        let bytes = source.up_to(at, HEADER + MOST_SEGMENTS)?;
        if bytes.len() < HEADER || !bytes.starts_with(b"OggS\0") {
            return Ok(None);
        }
        let segments = bytes[26];
        let Some(lacing) = bytes[HEADER..].get(..usize::from(segments)) else { return Ok(None) };
        Ok(Some(Self {
            flags: bytes[5],
            serial: u32::from_le_bytes([bytes[14], bytes[15], bytes[16], bytes[17]]),
            segments,
            body: at + (HEADER + lacing.len()) as u64,
            body_len: lacing.iter().map(|&len| u64::from(len)).sum(),
        }))
    }

    pub(super) fn is_first(&self) -> bool {
        self.flags & 2 != 0
    }

    pub(super) fn is_last(&self) -> bool {
        self.flags & 4 != 0
    }

    /// Where the next page starts.
    pub(super) fn end(&self) -> u64 {
        self.body + self.body_len
    }

    /// The lengths of the segments that make up the body; below 255 a packet ends.
    pub(super) fn lacing(&self, source: &mut Source<'_>) -> Result<Vec<u8>, ProbeError> {
        let count = usize::from(self.segments);
        Ok(source.exact(self.body - count as u64, count)?.to_vec())
    }
}
