//! Cue sheets: a file that holds a whole disc, and which pieces it is made of.
//!
//! The commands are those that CDRWIN wrote first and every ripper since. Sheets are written by many
//! programs and by hand, so they are read leniently, but a cut is made only where the sheet is clear.

use super::{MusicPart, Tags};

mod facts;
mod sheet;

#[cfg(test)]
mod tests;

use sheet::Sheet;

/// Bytes of one sheet: 99 pieces with long names need a tenth of it.
pub(super) const MOST_BYTES: u64 = 256 * 1024;

/// Bytes of the tags of all pieces together: each has those of the file, too.
const MOST_TAGS: usize = 2 * 1024 * 1024;

/// A sheet that may be of a file, and how it was found.
pub(super) struct Offered {
    pub(super) text: String,
    /// It stands in the file, or is called like it: the name in it may be an older one.
    pub(super) is_own: bool,
}

/// The pieces of the file called `name`, which plays for `duration_ms` (0: not known) and is tagged
/// with `tags`. The first sheet that cuts it counts. None: it is one piece, or would be cut into more
/// than anybody means.
pub(super) fn parts(
    offered: &[Offered],
    name: &str,
    duration_ms: u64,
    tags: &Tags,
) -> Vec<MusicPart> {
    let cut = |offered: &Offered| {
        let sheet = Sheet::parse(&offered.text);
        let pieces = sheet.pieces_of(name, offered.is_own, duration_ms)?;
        let of_file = postcard::to_allocvec(tags).map_or(MOST_TAGS, |tags| tags.len());
        if of_file.saturating_mul(pieces.len()) > MOST_TAGS {
            return None;
        }
        let ends = pieces.iter().skip(1).map(|piece| Some(piece.start_us));
        let parts = pieces.iter().zip(ends.chain([None])).map(|(piece, end_us)| MusicPart {
            number: piece.number,
            start_us: piece.start_us,
            end_us,
            tags: facts::of_piece(tags, &sheet, piece),
        });
        Some(parts.collect())
    };
    offered.iter().find_map(cut).unwrap_or_default()
}
