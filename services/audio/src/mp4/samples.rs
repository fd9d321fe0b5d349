//! Where a track's samples are: sizes (`stsz`), samples a chunk (`stsc`), and chunk offsets (`stco` or
//! `co64`). Only tables that the file really holds are read.

use crate::error::ProbeError;
use crate::payload::{MOST_EXTENTS, Payload};
use crate::source::Source;

use super::atom::Atom;

/// How much of the size table is fetched at once.
const READ_AHEAD: usize = 64 * 1024;

/// Puts the samples of a sample table into `payload`, in their order.
pub(super) fn collect(
    source: &mut Source<'_>,
    table: Atom,
    payload: &mut Payload,
) -> Result<(), ProbeError> {
    let runs = entries(source, table, *b"stsc", 12)?
        .ok_or(ProbeError::Damaged("the MP4 track has no chunk table (stsc)"))?;
    let (offsets, width) = match entries(source, table, *b"stco", 4)? {
        Some(offsets) => (offsets, 4),
        None => (
            entries(source, table, *b"co64", 8)?
                .ok_or(ProbeError::Damaged("the MP4 track has no chunk offsets (stco)"))?,
            8,
        ),
    };
    let sizes = table
        .child(source, *b"stsz")?
        .ok_or(ProbeError::Damaged("the MP4 track has no sample sizes (stsz)"))?;
    let mut sizes = Sizes::open(source, sizes)?;

    source.expect_reads(Some(READ_AHEAD));
    let mut runs = runs.chunks_exact(12).map(|run| (number(&run[..4]), number(&run[4..8])));
    let mut run = runs.next();
    let mut next_run = runs.next();
    for (index, offset) in (1..).zip(offsets.chunks_exact(width)) {
        while next_run.is_some_and(|(first, _)| first <= index) {
            run = next_run;
            next_run = runs.next();
        }
        let samples = run.map_or(0, |(_, samples)| samples);
        payload.push(number(offset), sizes.sum(source, samples)?)?;
    }
    Ok(())
}

/// The entries of a table of fixed-size entries.
fn entries(
    source: &mut Source<'_>,
    table: Atom,
    kind: [u8; 4],
    width: u64,
) -> Result<Option<Vec<u8>>, ProbeError> {
    let Some(atom) = table.child(source, kind)? else { return Ok(None) };
    let count = u64::from(u32::from_be_bytes(source.array(atom.body + 4)?));
    let len = count * width;
    if len > atom.len().saturating_sub(8) {
        return Err(ProbeError::Damaged("an MP4 table is longer than its box"));
    }
    if count > MOST_EXTENTS as u64 {
        return Err(ProbeError::Damaged("the MP4 track has too many chunks"));
    }
    let mut entries = vec![0; usize::try_from(len).unwrap_or_default()];
    source.fill(atom.body + 8, &mut entries)?;
    Ok(Some(entries))
}

/// The sample sizes, read in order.
struct Sizes {
    /// The size of every sample; 0 where a table follows.
    uniform: u64,
    at: u64,
    left: u64,
}

impl Sizes {
    fn open(source: &mut Source<'_>, atom: Atom) -> Result<Self, ProbeError> {
        let [_, _, _, _, uniform @ .., c0, c1, c2, c3]: [u8; 12] = source.array(atom.body)?;
        let sizes =
            Self { uniform: number(&uniform), at: atom.body + 12, left: number(&[c0, c1, c2, c3]) };
        if sizes.uniform == 0 && sizes.left * 4 > atom.len().saturating_sub(12) {
            return Err(ProbeError::Damaged("an MP4 table is longer than its box"));
        }
        Ok(sizes)
    }

    /// The bytes of the next `count` samples, or of those that are left.
    fn sum(&mut self, source: &mut Source<'_>, count: u64) -> Result<u64, ProbeError> {
        let mut count = count.min(self.left);
        self.left -= count;
        if self.uniform != 0 {
            return Ok(count * self.uniform);
        }
        let mut sum = 0;
        while count > 0 {
            let part = count.min(READ_AHEAD as u64 / 4);
            let bytes = source.exact(self.at, usize::try_from(part * 4).unwrap_or(READ_AHEAD))?;
            sum += bytes.chunks_exact(4).map(number).sum::<u64>();
            self.at += part * 4;
            count -= part;
        }
        Ok(sum)
    }
}

/// A big-endian number.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, &byte| (value << 8) | u64::from(byte))
}
