//! The audio payload: the stretches of the file that hold coded audio, in playing order, read as if
//! they were one.

use crate::error::ProbeError;
use crate::source::Source;

/// How many stretches a payload may have: an Ogg file of several gigabytes, in 32 MiB of memory.
pub(crate) const MOST_EXTENTS: usize = 1 << 21;

/// Above this the list's memory is given back between files.
const KEPT_EXTENTS: usize = 1 << 16;

/// A stretch of the file.
#[derive(Clone, Copy)]
struct Extent {
    at: u64,
    len: u64,
}

/// The stretches of one file's payload.
#[derive(Default)]
pub(crate) struct Payload {
    extents: Vec<Extent>,
    len: u64,
    file_len: u64,
}

impl Payload {
    pub(crate) fn reset(&mut self, file_len: u64) {
        self.extents.clear();
        self.extents.shrink_to(KEPT_EXTENTS);
        self.len = 0;
        self.file_len = file_len;
    }

    /// The number of payload bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Adds a stretch; what lies past the end of the file is left out, so that a cut file still has
    /// the payload that is there.
    pub(crate) fn push(&mut self, at: u64, len: u64) -> Result<(), ProbeError> {
        let len = len.min(self.file_len.saturating_sub(at));
        if len == 0 {
            return Ok(());
        }
        // Stretches may stand in any order; a sum beyond the file says that they overlap.
        self.len = self.len.saturating_add(len);
        if self.len > self.file_len {
            return Err(ProbeError::Damaged("the audio is larger than its file"));
        }
        if let Some(last) = self.extents.last_mut()
            && last.at + last.len == at
        {
            last.len += len;
            return Ok(());
        }
        if self.extents.len() == MOST_EXTENTS {
            return Err(ProbeError::Damaged("the audio is scattered over too many pieces"));
        }
        self.extents.push(Extent { at, len });
        Ok(())
    }

    /// Appends `count` bytes of payload from `start` on to `target`; the caller keeps inside
    /// [`Self::len`] and asks for little.
    pub(crate) fn append_to(
        &self,
        target: &mut Vec<u8>,
        source: &mut Source<'_>,
        start: u64,
        count: u64,
    ) -> Result<(), ProbeError> {
        let mut skip = start;
        let mut left = count;
        for extent in &self.extents {
            if skip >= extent.len {
                skip -= extent.len;
                continue;
            }
            let part = (extent.len - skip).min(left);
            let filled = target.len();
            let grown = usize::try_from(part).map_or(filled, |part| filled + part);
            target.resize(grown, 0);
            source.fill(extent.at + skip, &mut target[filled..])?;
            skip = 0;
            left -= part;
            if left == 0 {
                break;
            }
        }
        Ok(())
    }
}
