//! Which picture a file carries.

use std::fmt;
use std::fs::File;
use std::io::{Error, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::window::MOST_BYTES;
use crate::artwork::PictureFormat;

/// Bytes at the beginning of a picture that tell its kind.
const HEAD: usize = 16;

/// The first 128 bits of the BLAKE3 hash of a picture's bytes: its name in the artwork cache and the
/// `ETag` of covers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct PictureId(pub(crate) [u8; 16]);

impl PictureId {
    pub(crate) fn of(picture: &[u8]) -> Self {
        Self::of_hash(&blake3::hash(picture))
    }

    /// Of a picture that is a file of its own below `library`; `None` when it is none that is shown,
    /// or too large. It is not held in memory.
    pub(crate) fn of_file(library: &Path, path: &Path) -> Result<Option<Self>, Error> {
        let (mut file, len) = open_below(library, path)?;
        let mut head = Vec::with_capacity(HEAD);
        file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        if len > MOST_BYTES as u64 || PictureFormat::of(&head).is_none() {
            return Ok(None);
        }
        let mut hasher = blake3::Hasher::new();
        // As long as it was when it was opened.
        hasher.update(&head).update_reader(file.take(len.saturating_sub(head.len() as u64)))?;
        Ok(Some(Self::of_hash(&hasher.finalize())))
    }

    fn of_hash(hash: &blake3::Hash) -> Self {
        let mut id = [0; 16];
        id.copy_from_slice(&hash.as_bytes()[..16]);
        Self(id)
    }

    /// Reads what [`fmt::Display`] writes.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let mut id = [0; 16];
        if text.len() != 32 || !text.is_ascii() {
            return None;
        }
        for (place, byte) in id.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).ok()?;
        }
        Some(Self(id))
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
pub(super) fn picture_file(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let (file, len) = super::file::open(path)?;
    if len > MOST_BYTES as u64 {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
    File::take(file, len).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Opens a regular file that lies below a library's folder, even where links lead to it.
pub(super) fn open_below(library: &Path, path: &Path) -> Result<(File, u64), Error> {
    let path = path.canonicalize()?;
    if !path.starts_with(library.canonicalize()?) {
        return Err(Error::other("a link leads out of the library"));
    }
    super::file::open_itself(&path)
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
