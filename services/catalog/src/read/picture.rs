//! Which picture a file carries.

use std::fmt;
use std::fs::File;
use std::io::{Error, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::window::MOST_BYTES;
use crate::artwork::PictureFormat;

/// The first 128 bits of the BLAKE3 hash of a picture's bytes: its name in the artwork cache and the
/// `ETag` of covers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct PictureId(pub(crate) [u8; 16]);

impl PictureId {
    pub(crate) fn of(picture: &[u8]) -> Self {
        let mut id = [0; 16];
        id.copy_from_slice(&blake3::hash(picture).as_bytes()[..16]);
        Self(id)
    }

    /// Of a picture that is a file of its own; `None` when it is none that is shown, or too large.
    pub(crate) fn of_file(path: &Path) -> Result<Option<Self>, Error> {
        let picture = picture_file(path)?;
        Ok(picture.filter(|bytes| PictureFormat::of(bytes).is_some()).map(|bytes| Self::of(&bytes)))
    }
}

impl fmt::Display for PictureId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for PictureId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PictureId({self})")
    }
}

/// The bytes of a picture file; `None` when there are too many.
pub(crate) fn picture_file(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let (file, len) = super::file::open(path)?;
    if len > MOST_BYTES as u64 {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
    File::take(file, len).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// The best picture of a file so far.
pub(super) struct Found {
    pub(super) id: PictureId,
    pub(super) bytes: Option<Vec<u8>>,
    rank: u8,
}

impl Found {
    /// `kind` is that of `ID3v2`'s `APIC`; `None` for what is no picture that is shown.
    pub(super) fn new(kind: u8, picture: &[u8], keep: bool) -> Option<Self> {
        PictureFormat::of(picture)?;
        let bytes = keep.then(|| picture.to_vec());
        Some(Self { id: PictureId::of(picture), bytes, rank: rank(kind) })
    }

    pub(super) fn is_worse_than(&self, kind: u8) -> bool {
        rank(kind) < self.rank
    }
}

/// The front cover is best, then one that does not say what it shows.
fn rank(kind: u8) -> u8 {
    match kind {
        3 => 0,
        0 => 1,
        _ => 2,
    }
}
