//! Boxes (called atoms, because `Box` is taken) and the way over their children.

use crate::error::ProbeError;
use crate::source::Source;

/// How many children of one box are looked at.
const MOST_CHILDREN: usize = 4096;

/// Where a box is in the file.
#[derive(Clone, Copy)]
pub(super) struct Atom {
    pub(super) kind: [u8; 4],
    /// Where its content starts.
    pub(super) body: u64,
    pub(super) end: u64,
}

impl Atom {
    /// The file as if it were a box: its children are the top level.
    pub(super) fn whole_file(start: u64, len: u64) -> Self {
        Self { kind: *b"file", body: start, end: len }
    }

    pub(super) fn len(&self) -> u64 {
        self.end - self.body
    }

    pub(super) fn children(&self) -> Children {
        Children { at: self.body, end: self.end, seen: 0 }
    }

    /// The first child of this kind.
    pub(super) fn child(
        &self,
        source: &mut Source<'_>,
        kind: [u8; 4],
    ) -> Result<Option<Self>, ProbeError> {
        let mut children = self.children();
        while let Some(child) = children.next(source)? {
            if child.kind == kind {
                return Ok(Some(child));
            }
        }
        Ok(None)
    }
}

/// Walks the children of a box. Each lies inside its parent, whatever its header says.
pub(super) struct Children {
    at: u64,
    end: u64,
    seen: usize,
}

impl Children {
    pub(super) fn next(&mut self, source: &mut Source<'_>) -> Result<Option<Atom>, ProbeError> {
        if self.end.saturating_sub(self.at) < 8 || self.seen == MOST_CHILDREN {
            return Ok(None);
        }
        let [size @ .., a, b, c, d]: [u8; 8] = source.array(self.at)?;
        let (header, len) = match u32::from_be_bytes(size) {
            0 => (8, self.end - self.at),
            1 => (16, u64::from_be_bytes(source.array(self.at + 8)?)),
            len => (8, u64::from(len)),
        };
        if len < header {
            return Err(ProbeError::Damaged("an MP4 box is smaller than its header"));
        }
        let body = (self.at + header).min(self.end);
        let end = self.at.saturating_add(len).min(self.end);
        self.at = end;
        self.seen += 1;
        Ok(Some(Atom { kind: [a, b, c, d], body, end: end.max(body) }))
    }
}
