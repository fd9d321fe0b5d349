//! The words of a field in memory, without those that no typing mistake leads to: signs, numbers and
//! single letters.

mod words;

use std::io;

use tantivy::{postings::TermInfo, termdict::TermDictionary};

use crate::text::{Mistake, ROMAN, SOUND, is_sign};
use words::Words;

#[derive(Default)]
pub(crate) struct Vocabulary {
    plain: Words,
    /// Words of other scripts in Latin letters, without their mark.
    roman: Words,
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

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_set, prelude::*, test_runner::RngSeed};

    use super::*;
    use crate::text::mistake_of;

    fn similar(typed: &str, words: impl IntoIterator<Item: AsRef<str>>) -> Vec<(String, Mistake)> {
        let mut vocabulary = Vocabulary::default();
        for word in words {
            vocabulary.insert(word.as_ref(), &TermInfo::default());
        }
        let mut similar = Vec::new();
        let take = |word: &str, _: &TermInfo, mistake| {
            similar.push((word.to_owned(), mistake));
            Ok(())
        };
        vocabulary.similar(typed, take).unwrap();
        similar
    }

    #[test]
    fn words_with_mistakes_are_found() {
        let words =
            ["1999", "beatles", "beetle", "björk", "queen", "radiohead", "~kino", "кино", "東京"];
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
            let similar = similar(typed, words).into_iter().map(|(word, _)| word);
            assert_eq!(similar.collect::<Vec<_>>(), found, "{typed}");
        }
    }

    #[test]
    fn no_word_is_missed() {
        let config = ProptestConfig {
            cases: 1000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        };
        let typed = "[abé]{3,5}|[ab]{6,9}|[aéж]{6,9}|a{55}[ab]{6,14}";
        let word = "[abé]{2,6}|[ab]{4,11}|[aéж]{4,11}|a{55}[ab]{4,16}|[ab]{2,4}a{51}[ab]{4,16}";
        proptest!(config, |(typed in typed, words in btree_set(word, 1..60))| {
            let letters: Vec<char> = typed.chars().collect();
            let each = words.iter().filter_map(|word| {
                Some((word.clone(), mistake_of(&typed, &letters, word)?))
            });
            prop_assert_eq!(similar(&typed, &words), each.collect::<Vec<_>>());
        });
    }
}
