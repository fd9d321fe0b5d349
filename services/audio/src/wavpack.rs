//! `WavPack`: blocks that say of themselves which frames they hold, as the "`WavPack` 4 & 5 Binary File /
//! Block Format" (David Bryant, 2020) has them.

pub(crate) mod blocks;
pub(crate) mod description;
pub(crate) mod header;

use crate::error::ProbeError;
use crate::format::{Codec, Container};
use crate::payload::Payload;
use crate::probe::Stream;
use crate::source::Source;
use crate::tags;

use blocks::Extent;
use description::Description;

/// Everything from the first block on is payload: tags stand around the blocks, never in them.
pub(crate) fn read(
    source: &mut Source<'_>,
    start: u64,
    payload: &mut Payload,
) -> Result<Stream, ProbeError> {
    let end = tags::trim_trailing(source, start)?;
    let first = blocks::first_audio(source, start, end)?;
    let Some((at, header)) = first else {
        return Err(ProbeError::Truncated("no block of the WavPack file has audio"));
    };
    if header.flags.is_dsd() {
        return Err(ProbeError::Unsupported("WavPack with DSD"));
    }
    let Some(description) = Description::read(source, at, &header)? else {
        return Err(ProbeError::Damaged("the WavPack file's first block"));
    };
    payload.push(start, end.saturating_sub(start))?;
    let extent = Extent::find(source, start, end, at, &header)?;
    let codec = codec(&description);
    let setup = vec![description.bits, u8::from(description.is_float)];
    Ok(Stream {
        codec,
        container: Container::WavPack,
        sample_rate: description.sample_rate,
        channels: description.channels,
        bit_depth: Some(description.bits),
        frames: extent.frames,
        setup,
    })
}

/// Without its correction file, what the hybrid mode left out is lost.
pub(crate) const fn codec(description: &Description) -> Codec {
    if description.is_hybrid { Codec::WavPackHybrid } else { Codec::WavPack }
}
