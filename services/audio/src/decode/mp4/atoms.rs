//! Boxes in boxes, in memory.

/// A box: its kind and its contents.
#[derive(Clone, Copy)]
pub(super) struct Atom<'b> {
    pub(super) kind: [u8; 4],
    pub(super) body: &'b [u8],
}

/// The boxes that stand one after the other; what is cut off at the end is not one.
pub(super) fn atoms(mut bytes: &[u8]) -> impl Iterator<Item = Atom<'_>> {
    std::iter::from_fn(move || {
        let (&[a, b, c, d], rest) = bytes.split_first_chunk()?;
        let (&kind, rest) = rest.split_first_chunk()?;
        let (len, body) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (rest.len(), rest),
            1 => {
                let (&long, rest) = rest.split_first_chunk()?;
                (usize::try_from(u64::from_be_bytes(long)).ok()?.checked_sub(16)?, rest)
            }
            len => (usize::try_from(len).ok()?.checked_sub(8)?, rest),
        };
        let (body, after) = body.split_at_checked(len)?;
        bytes = after;
        Some(Atom { kind, body })
    })
}

/// The contents of the first box on this path.
pub(super) fn find<'b>(bytes: &'b [u8], path: &[[u8; 4]]) -> Option<&'b [u8]> {
    let mut bytes = bytes;
    for kind in path {
        bytes = atoms(bytes).find(|atom| atom.kind == *kind)?.body;
    }
    Some(bytes)
}

/// A number of four bytes at `at`.
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A number of eight bytes at `at`.
pub(super) fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}
