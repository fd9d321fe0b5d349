//! One word of a query: the terms of the index that it may stand for, and their documents.

use std::io;

use tantivy::{
    InvertedIndexReader, TantivyError, Term,
    postings::{BlockSegmentPostings, TermInfo},
    query::{DfaWrapper, FuzzyTermQuery},
    schema::Field,
};

use crate::{
    text::{LONGEST_BEGIN, Word},
    view::Words,
};

/// Shorter words allow no typing mistake.
const ONE_TYPO_FROM: usize = 3;
/// Nor do the begins of words that are shorter than this: they would find half of everything.
const BEGIN_WITH_TYPO_FROM: usize = 4;
/// Two mistakes, but not in the first letter: that would be a look at every word there is.
const TWO_TYPOS_FROM: usize = 8;

/// How near a word of a text comes to a word of a query.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Nearness {
    TwoTypos,
    BeginsWithTypo,
    Typo,
    Begins,
    Exact,
}

impl Nearness {
    /// A word of the title counts a little more.
    pub(crate) fn in_title(self) -> u8 {
        self.elsewhere() + 1
    }

    /// Never zero, which is no match.
    pub(crate) fn elsewhere(self) -> u8 {
        match self {
            Self::TwoTypos => 1,
            Self::BeginsWithTypo => 3,
            Self::Typo => 5,
            Self::Begins => 7,
            Self::Exact => 9,
        }
    }
}

/// A word of a query, ready to be looked for.
pub(crate) struct SoughtWord {
    text: String,
    begins: Begins,
    typos: Vec<Typos>,
}

/// How words that begin with this one are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    Never,
    /// There is a list for just these letters.
    Kept,
    /// Each of them has a list.
    Terms,
}

/// Words with typing mistakes.
struct Typos {
    automaton: DfaWrapper,
    kind: TypoKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TypoKind {
    /// One mistake, in the whole word.
    Whole,
    /// One mistake, in the begin of a word or in the whole one.
    Begin,
    /// Two mistakes, but not in the first letter.
    Two,
}

impl SoughtWord {
    pub(crate) fn new(word: &Word) -> Result<Self, TantivyError> {
        let text = match word {
            Word::Plain(text) => text,
            Word::Gram(text) => {
                return Ok(Self { text: text.clone(), begins: Begins::Never, typos: vec![] });
            }
        };
        let length = text.chars().count();
        let begins = if length > LONGEST_BEGIN { Begins::Terms } else { Begins::Kept };
        // Another number is another number, and no typing mistake.
        let allows = |from| length >= from && text.chars().any(char::is_alphabetic);
        // The field is of no importance here.
        let term = Term::from_field_text(Field::from_field_id(0), text);
        let mut typos = Vec::new();
        if allows(BEGIN_WITH_TYPO_FROM) {
            let automaton = FuzzyTermQuery::new_prefix(term.clone(), 1, true).automaton()?;
            typos.push(Typos { automaton, kind: TypoKind::Begin });
        } else if allows(ONE_TYPO_FROM) {
            let automaton = FuzzyTermQuery::new(term.clone(), 1, true).automaton()?;
            typos.push(Typos { automaton, kind: TypoKind::Whole });
        }
        if allows(TWO_TYPOS_FROM) {
            let automaton = FuzzyTermQuery::new_prefix(term, 2, true).automaton()?;
            typos.push(Typos { automaton, kind: TypoKind::Two });
        }
        Ok(Self { text: text.clone(), begins, typos })
    }

    /// Raises what `nearest` says of the documents that have a term of it.
    pub(crate) fn paint(
        &self,
        words: &Words,
        level: fn(Nearness) -> u8,
        nearest: &mut [u8],
    ) -> io::Result<()> {
        let word = self.text.as_bytes();
        let mut brush = Brush::new(&words.begins, nearest);
        if let (Begins::Kept, Some(term)) = (self.begins, words.begins.terms().get(word)?) {
            brush.paint(&term, level(Nearness::Begins))?;
        }
        let mut brush = Brush::new(&words.all, nearest);
        if let Some(term) = words.all.terms().get(word)? {
            brush.paint(&term, level(Nearness::Exact))?;
        }
        if self.begins == Begins::Terms {
            let terms = words.all.terms().range().gt(word).lt(after(word));
            let mut terms = terms.into_stream()?;
            while terms.advance() {
                brush.paint(terms.value(), level(Nearness::Begins))?;
            }
        }
        for Typos { automaton, kind } in &self.typos {
            let mut terms = words.all.terms().search(automaton);
            if *kind == TypoKind::Two {
                let first: String = self.text.chars().take(1).collect();
                terms = terms.ge(&first).lt(after(first.as_bytes()));
            }
            let mut terms = terms.into_stream()?;
            while terms.advance() {
                if !terms.key().starts_with(word) {
                    let nearness = kind.nearness(&self.text, terms.key());
                    brush.paint(terms.value(), level(nearness))?;
                }
            }
        }
        Ok(())
    }
}

impl TypoKind {
    /// Of a term that an automaton of this kind found for the word.
    fn nearness(self, word: &str, term: &[u8]) -> Nearness {
        match self {
            Self::Whole => Nearness::Typo,
            Self::Begin if str::from_utf8(term).is_ok_and(|term| is_one_typo(word, term)) => {
                Nearness::Typo
            }
            Self::Begin => Nearness::BeginsWithTypo,
            Self::Two => Nearness::TwoTypos,
        }
    }
}

/// One letter is another one, too many, or missing; or two that stand side by side changed places.
fn is_one_typo(word: &str, other: &str) -> bool {
    let is_same = |(one, other): &(char, char)| one == other;
    let begin = word.chars().zip(other.chars()).take_while(is_same);
    let begin: usize = begin.map(|(letter, _)| letter.len_utf8()).sum();
    let (word, other) = (&word[begin..], &other[begin..]);
    let end = word.chars().rev().zip(other.chars().rev()).take_while(is_same);
    let end: usize = end.map(|(letter, _)| letter.len_utf8()).sum();
    let letters = |text: &str| text[..text.len() - end].chars().collect::<Vec<_>>();
    match (letters(word).as_slice(), letters(other).as_slice()) {
        ([a, b], [c, d]) => (a, b) == (d, c),
        (one, other) => one.len().max(other.len()) == 1,
    }
}

/// Comes after everything that begins so: no text has this byte.
pub(crate) fn after(begin: &[u8]) -> Vec<u8> {
    [begin, &[0xff]].concat()
}

/// Paints lists of documents.
struct Brush<'a> {
    index: &'a InvertedIndexReader,
    postings: BlockSegmentPostings,
    nearest: &'a mut [u8],
}

impl<'a> Brush<'a> {
    fn new(index: &'a InvertedIndexReader, nearest: &'a mut [u8]) -> Self {
        Self { index, postings: BlockSegmentPostings::empty(), nearest }
    }

    fn paint(&mut self, term: &TermInfo, level: u8) -> io::Result<()> {
        self.index.reset_block_postings_from_terminfo(term, &mut self.postings)?;
        loop {
            let documents = self.postings.docs();
            if documents.is_empty() {
                return Ok(());
            }
            for document in documents {
                let nearest = &mut self.nearest[*document as usize];
                *nearest = level.max(*nearest);
            }
            self.postings.advance();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_typo_is_one_letter_or_two_that_changed_places() {
        for other in ["beetles", "beatle", "eatles", "beatless", "beattles", "beatels", "ebatles"] {
            assert!(is_one_typo("beatles", other), "{other}");
            assert!(is_one_typo(other, "beatles"), "{other}");
        }
        for other in ["beatles", "beat", "beetlas", "batels", "sbeatle", "tbeales", ""] {
            assert!(!is_one_typo("beatles", other), "{other}");
        }
        assert!(is_one_typo("ёлка", "елка"), "letters, not bytes");
    }
}
