//! Where the rows of a list stand: how many there are, so that each page tells it, and where to begin to
//! read for a row far down. Worked out with one walk through the list, and kept while it is of its
//! revision ([`super::revision`]).

use hexachord_contracts::{
    LibraryAccess,
    catalog::{Decade, Letter, Years},
};
use hexachord_storage::StoreError;
use redb::ReadableTable;

use super::{page::Asked, revision::ByRevision};
use crate::store::PREFIX;

/// Rows from one that is remembered to the next.
const STEP: u32 = 100;

/// What the catalog remembers of its lists.
#[derive(Default)]
pub(crate) struct Remembered {
    pub(super) positions: ByRevision<ListKey, Positions>,
    pub(super) decades: ByRevision<LibraryAccess, Vec<Decade>>,
}

/// A list as one caller sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ListKey {
    pub(super) prefix: [u8; PREFIX],
    pub(super) descending: bool,
    pub(super) years: Option<Years>,
    pub(super) access: LibraryAccess,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Positions {
    pub(super) total: u64,
    /// Entries that were looked at to find the rows.
    walked: u64,
    /// The key of each row whose number is a multiple of [`STEP`].
    marks: Vec<Vec<u8>>,
    /// Where each letter begins, of a list that is sorted by a text.
    letters: Vec<(char, u64)>,
}

impl Positions {
    /// Of rows with these keys, in the order of the list.
    pub(super) fn of_keys<'k>(keys: impl IntoIterator<Item = &'k [u8]>) -> Self {
        let mut positions = Self::default();
        for key in keys {
            positions.walked += 1;
            positions.add(key);
        }
        positions
    }

    /// Of the rows of a table; `is_row` says which keys are some.
    pub(super) fn walked(
        list: &Asked,
        table: &impl ReadableTable<&'static [u8], &'static [u8]>,
        mut is_row: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<Self, StoreError> {
        let mut positions = Self::default();
        list.at_the_start().each(table, |key, value| {
            positions.walked += 1;
            if is_row(key, value)? {
                positions.add(key);
            }
            Ok(true)
        })?;
        Ok(positions)
    }

    /// Worth remembering: a walk within one step is soon repeated, and the tracks of an artist are a list for
    /// everybody who looks at one.
    pub(super) fn was_a_long_walk(&self) -> bool {
        self.walked > u64::from(STEP)
    }

    fn add(&mut self, key: &[u8]) {
        if self.total.is_multiple_of(STEP.into()) {
            self.marks.push(key.to_vec());
        }
        let letter = letter_of(key);
        let is_last = self.letters.last().is_some_and(|(last, _)| *last == letter);
        // What is no letter may stand before the letters and behind them: it is told where it begins.
        if !is_last && self.letters.iter().all(|(known, _)| *known != letter) {
            self.letters.push((letter, self.total));
        }
        self.total += 1;
    }

    /// Where the letters begin; only of a list that is sorted by a text.
    pub(super) fn letters(&self) -> Vec<Letter> {
        let letter =
            |(letter, skip): &(char, u64)| Letter { letter: letter.to_string(), skip: *skip };
        self.letters.iter().map(letter).collect()
    }

    /// A row at or before the last one that is skipped, and how many rows behind it that one is; `None`
    /// where there are fewer rows.
    pub(super) fn before(&self, skip: u32) -> Option<(&[u8], u32)> {
        let last = skip.checked_sub(1).filter(|last| u64::from(*last) < self.total)?;
        let mark = self.marks.get((last / STEP) as usize)?;
        Some((mark, last % STEP))
    }
}

/// The first letter of the text that a key is sorted by, which has no case and no diacritics.
fn letter_of(key: &[u8]) -> char {
    let text = key.get(PREFIX..).unwrap_or_default();
    let text = &text[..text.len().min(char::MAX.len_utf8())];
    let first = text.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    let Some(letter) = first.filter(|first| first.is_alphabetic()) else { return '#' };
    let mut upper = letter.to_uppercase();
    let one = upper.next().filter(|_| upper.len() == 0);
    one.unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str, id: u64) -> Vec<u8> {
        [&[0; PREFIX][..], text.as_bytes(), &[0], &id.to_be_bytes()].concat()
    }

    #[test]
    fn the_row_before_is_found_from_a_mark() {
        let keys: Vec<_> = (0..250).map(|number| key("same", number)).collect();
        let positions = Positions::of_keys(keys.iter().map(Vec::as_slice));
        assert_eq!(positions.total, 250);
        assert_eq!(positions.before(0), None);
        for (skip, mark, further) in [(1, 0, 0), (100, 0, 99), (101, 100, 0), (250, 200, 49)] {
            assert_eq!(positions.before(skip), Some((keys[mark].as_slice(), further)), "{skip}");
        }
        assert_eq!(positions.before(251), None);
        let walks = [100, 101].map(|count| keys[..count].iter().map(Vec::as_slice));
        let is_long = walks.map(|keys| Positions::of_keys(keys).was_a_long_walk());
        assert_eq!(is_long, [false, true]);
    }

    #[test]
    fn letters_are_told_in_their_order_and_once() {
        let texts =
            ["13", "  ", "abba", "alt", "ege", "\u{df}", "\u{436}", "\u{97f3}\u{697d}", "\u{2014}"];
        let keys: Vec<_> = (0..).zip(texts).map(|(id, text)| key(text, id)).collect();
        let letters = Positions::of_keys(keys.iter().map(Vec::as_slice)).letters();
        let letters: Vec<_> =
            letters.iter().map(|letter| (letter.letter.as_str(), letter.skip)).collect();
        let wanted = [("#", 0), ("A", 2), ("E", 4), ("\u{df}", 5), ("\u{416}", 6), ("\u{97f3}", 7)];
        assert_eq!(letters, wanted);
    }
}
