//! The words of a field in memory, so that those with typing mistakes are found by a look at a few
//! bytes of each.

use std::io;

use tantivy::{postings::TermInfo, termdict::TermDictionary};

use crate::text::{Mistake, ROMAN, SOUND, is_sign, mistake, most_mistakes};

/// Words that are looked at together.
const LANES: usize = 16;

/// The words of a dictionary, without those that no typing mistake leads to: signs, numbers and
/// single letters.
#[derive(Default)]
pub(crate) struct Vocabulary {
    plain: Words,
    /// Words of other scripts in Latin letters, without their mark.
    roman: Words,
}

#[derive(Default)]
struct Words {
    /// Which letters each has, a bit for all that are alike in their last five.
    letters: Vec<u32>,
    lengths: Vec<u8>,
    ends: Vec<u32>,
    text: String,
    lists: Vec<List>,
}

/// Where the list of a word's documents is.
struct List {
    documents: u32,
    start: u32,
    end: u32,
}

/// What a word must have to be worth a closer look.
struct Filter {
    letters: u32,
    length: u8,
    /// Mistakes that a whole word may have.
    most: u8,
    /// Whether a begin of a longer word may have one.
    in_begin: bool,
}

impl Vocabulary {
    pub(crate) fn new(words: &TermDictionary) -> io::Result<Self> {
        let mut vocabulary = Self::default();
        let mut stream = words.stream()?;
        while stream.advance() {
            if let Ok(word) = str::from_utf8(stream.key()) {
                vocabulary.insert(word, stream.value());
            }
        }
        vocabulary.plain.shrink();
        vocabulary.roman.shrink();
        Ok(vocabulary)
    }

    fn insert(&mut self, word: &str, list: &TermInfo) {
        match word.strip_prefix(ROMAN) {
            Some(word) => self.roman.insert(word, list),
            None if word.starts_with(|first| first == SOUND || is_sign(first)) => {}
            None => self.plain.insert(word, list),
        }
    }

    /// Gives `take` each word that `typed` may be with a typing mistake. Those that begin with it are
    /// none.
    pub(crate) fn similar(
        &self,
        typed: &str,
        mut take: impl FnMut(&str, &TermInfo, Mistake) -> io::Result<()>,
    ) -> io::Result<()> {
        match typed.strip_prefix(ROMAN) {
            None => self.plain.similar(typed, take),
            Some(typed) => {
                let mut marked = String::from(ROMAN);
                self.roman.similar(typed, |word, list, mistake| {
                    marked.truncate(ROMAN.len_utf8());
                    marked.push_str(word);
                    take(&marked, list, mistake)
                })
            }
        }
    }
}

impl Words {
    fn insert(&mut self, word: &str, list: &TermInfo) {
        let length = word.chars().count();
        if length < 2 || !word.contains(char::is_alphabetic) {
            return;
        }
        let numbers = || {
            let end = u32::try_from(self.text.len() + word.len()).ok()?;
            Some((end, List::new(list)?))
        };
        // No segment has four gigabytes of either.
        let Some((end, list)) = numbers() else { return };
        self.lists.push(list);
        self.text.push_str(word);
        self.ends.push(end);
        self.letters.push(letters(word));
        self.lengths.push(u8::try_from(length).unwrap_or(u8::MAX));
    }

    fn shrink(&mut self) {
        let Self { letters, lengths, ends, text, lists } = self;
        letters.shrink_to_fit();
        lengths.shrink_to_fit();
        ends.shrink_to_fit();
        text.shrink_to_fit();
        lists.shrink_to_fit();
    }

    fn similar(
        &self,
        typed: &str,
        mut take: impl FnMut(&str, &TermInfo, Mistake) -> io::Result<()>,
    ) -> io::Result<()> {
        let typed_letters: Vec<char> = typed.chars().collect();
        let Some(filter) = Filter::new(typed, typed_letters.len()) else { return Ok(()) };
        let mut buffer = Vec::new();
        let lanes = self.letters.chunks(LANES).zip(self.lengths.chunks(LANES));
        for (first, (letters, lengths)) in (0..).step_by(LANES).zip(lanes) {
            let mut passes = [false; LANES];
            for ((passes, letters), length) in passes.iter_mut().zip(letters).zip(lengths) {
                *passes = filter.passes(*letters, *length);
            }
            if passes == [false; LANES] {
                continue;
            }
            for (number, _) in (first..).zip(passes).filter(|(_, passes)| *passes) {
                let word = self.word(number);
                let mistake = if typed.is_ascii() && word.is_ascii() {
                    mistake(typed.as_bytes(), word.as_bytes())
                } else {
                    buffer.clear();
                    buffer.extend(word.chars());
                    mistake(&typed_letters, &buffer)
                };
                if let Some(mistake) = mistake {
                    take(word, &self.lists[number].to_term_info(), mistake)?;
                }
            }
        }
        Ok(())
    }

    fn word(&self, number: usize) -> &str {
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[begin as usize..self.ends[number] as usize]
    }
}

impl List {
    fn new(list: &TermInfo) -> Option<Self> {
        let start = u32::try_from(list.postings_range.start).ok()?;
        let end = u32::try_from(list.postings_range.end).ok()?;
        Some(Self { documents: list.doc_freq, start, end })
    }

    fn to_term_info(&self) -> TermInfo {
        let postings_range = self.start as usize..self.end as usize;
        TermInfo { doc_freq: self.documents, postings_range, positions_range: 0..0 }
    }
}

impl Filter {
    /// `None` when no mistake is allowed.
    fn new(typed: &str, length: usize) -> Option<Self> {
        let (in_begin, most) = most_mistakes(length);
        let length = u8::try_from(length).ok()?;
        (most > 0).then(|| Self { letters: letters(typed), length, most, in_begin })
    }

    /// Without a branch, so that many words are looked at a time.
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "`&&` and `||` would branch")]
    fn passes(&self, letters: u32, length: u8) -> bool {
        let (missing, more) = (self.letters & !letters, letters & !self.letters);
        let is_near = length.abs_diff(self.length) <= self.most;
        let most_missing = if self.most == 1 { but_one(missing) } else { but_two(missing) };
        let most_more = if self.most == 1 { but_one(more) } else { but_two(more) };
        (is_near & (most_missing | most_more == 0)) | (self.in_begin & (but_one(missing) == 0))
    }
}

fn letters(word: &str) -> u32 {
    word.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter) & 31))
}

/// All bits that are set but one.
#[inline]
fn but_one(bits: u32) -> u32 {
    bits & bits.wrapping_sub(1)
}

#[inline]
fn but_two(bits: u32) -> u32 {
    but_one(but_one(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similar(typed: &str) -> Vec<String> {
        let words =
            ["1999", "beatles", "beetle", "björk", "queen", "radiohead", "~kino", "кино", "東京"];
        let mut vocabulary = Vocabulary::default();
        for word in words {
            vocabulary.insert(word, &TermInfo::default());
        }
        let mut similar = Vec::new();
        let take = |word: &str, _: &TermInfo, _| {
            similar.push(word.to_owned());
            Ok(())
        };
        vocabulary.similar(typed, take).unwrap();
        similar
    }

    #[test]
    fn words_with_mistakes_are_found() {
        for (typed, found) in [
            ("beatels", vec!["beatles"]),
            ("beetles", vec!["beatles", "beetle"]),
            ("kueen", vec!["queen"]),
            ("radoihed", vec!["radiohead"]),
            ("raido", vec!["radiohead"]),
            ("кыно", vec!["кино"]),
            ("~kimo", vec!["~kino"]),
            ("~kin", vec![]),
            ("kimo", vec![]),
            ("1998", vec![]),
            ("beatle", vec!["beetle"]),
            ("", vec![]),
        ] {
            assert_eq!(similar(typed), found, "{typed}");
        }
    }
}
