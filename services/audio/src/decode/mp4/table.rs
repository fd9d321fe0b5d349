//! Where a track's packets are.

use super::atoms::{find, long, word};
use crate::decode::DecodeError;

/// More packets than a day of music has.
const MOST_PACKETS: usize = 4 << 20;

/// A packet's place.
#[derive(Clone, Copy)]
pub(super) struct Packet {
    pub(super) at: u64,
    pub(super) len: u32,
}

/// All packets of a sample table, as far as its parts agree.
pub(super) fn packets(table: &[u8]) -> Result<Vec<Packet>, DecodeError> {
    let damaged = || DecodeError::Damaged("the sample table of MP4");
    let sizes = find(table, &[*b"stsz"]).ok_or_else(damaged)?;
    let runs = find(table, &[*b"stsc"]).ok_or_else(damaged)?;
    let (chunks, width) = match find(table, &[*b"stco"]) {
        Some(chunks) => (chunks, 4),
        None => (find(table, &[*b"co64"]).ok_or_else(damaged)?, 8),
    };
    let fixed = word(sizes, 4).unwrap_or_default();
    let count = word(sizes, 8).unwrap_or_default() as usize;
    let size = |packet: usize| match fixed {
        0 => word(sizes, 12 + 4 * packet),
        fixed => Some(fixed),
    };
    if count > MOST_PACKETS {
        return Err(DecodeError::Unsupported("so many packets in MP4"));
    }

    let mut found = Vec::new();
    let mut run = 0;
    for chunk in 0.. {
        let at = 8 + width * chunk;
        let offset = if width == 4 { word(chunks, at).map(u64::from) } else { long(chunks, at) };
        let Some(mut offset) = offset else { break };
        // A run says how many packets each chunk has, from its first chunk to the next run's.
        let next = word(runs, 8 + 12 * (run + 1)).map(|first| first as usize);
        if next.is_some_and(|first| first == chunk + 1) {
            run += 1;
        }
        for _ in 0..word(runs, 12 + 12 * run).unwrap_or_default() {
            let Some(len) = size(found.len()).filter(|_len| found.len() < count) else {
                return Ok(found);
            };
            found.push(Packet { at: offset, len });
            offset = offset.saturating_add(u64::from(len));
        }
    }
    Ok(found)
}
