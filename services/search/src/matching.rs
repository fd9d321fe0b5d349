//! Which documents of a segment have all words of a query, and how near they come to it.
//!
//! For each word one byte a document says how near its nearest word comes: the terms that a word
//! may stand for are few, so their lists are painted into it one after the other. The bytes of all
//! words are then put together. That costs a pass over one byte a document and word, needs no
//! scores, and makes the tiers strict.

use std::io;

use tantivy::{
    InvertedIndexReader, TantivyError, Term,
    postings::{BlockSegmentPostings, TermInfo},
    query::{DfaWrapper, FuzzyTermQuery},
    schema::Field,
};

use crate::{
    error::IndexError,
    text::{Asked, LONGEST_BEGIN, Word},
    view::{Segment, View, Words},
};

/// Shorter words allow no typing mistake.
const ONE_TYPO_FROM: usize = 3;
/// Nor do the begins of words that are shorter than this: they would find half of everything.
const BEGIN_WITH_TYPO_FROM: usize = 4;
/// Two mistakes, but not in the first letter: that would be a look at every word there is.
const TWO_TYPOS_FROM: usize = 8;

/// How near a word of a text comes to a word of a query.
#[derive(Debug, Clone, Copy)]
enum Nearness {
    TwoTypos,
    BeginsWithTypo,
    Typo,
    Begins,
    Exact,
}

impl Nearness {
    /// A word of the title counts a little more.
    fn in_title(self) -> u8 {
        self.elsewhere() + 1
    }

    /// Never zero, which is no match.
    fn elsewhere(self) -> u8 {
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
struct SoughtWord {
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
    nearness: Nearness,
    automaton: DfaWrapper,
    /// The letter that must be right.
    first: Option<char>,
}

/// How near one document comes: the least of its words, and all together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Match {
    /// 0: some word does not match.
    pub(crate) least: u8,
    pub(crate) sum: u8,
}

/// For each document of each segment, how near it comes to all words.
pub(crate) fn matches(view: &View, asked: &Asked) -> Result<Vec<Vec<Match>>, IndexError> {
    let none = |segment: &Segment| vec![Match::default(); segment.length()];
    let mut matches: Vec<_> = view.segments.iter().map(none).collect();
    for (n, word) in asked.words.iter().enumerate() {
        let word = SoughtWord::new(word)?;
        let mut any = false;
        for (segment, matches) in view.segments.iter().zip(&mut matches) {
            let mut nearest = vec![0; segment.length()];
            word.paint(&segment.title, Nearness::in_title, &mut nearest)?;
            word.paint(&segment.others, Nearness::elsewhere, &mut nearest)?;
            for (known, near) in matches.iter_mut().zip(nearest) {
                let least = if n == 0 { near } else { known.least.min(near) };
                *known = Match { least, sum: known.sum.saturating_add(near) };
                any |= least > 0;
            }
        }
        if !any {
            break;
        }
    }
    Ok(matches)
}

impl SoughtWord {
    fn new(word: &Word) -> Result<Self, TantivyError> {
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
        if allows(ONE_TYPO_FROM) {
            let automaton = FuzzyTermQuery::new(term.clone(), 1, true).automaton()?;
            typos.push(Typos { nearness: Nearness::Typo, automaton, first: None });
        }
        if allows(BEGIN_WITH_TYPO_FROM) {
            let automaton = FuzzyTermQuery::new_prefix(term.clone(), 1, true).automaton()?;
            typos.push(Typos { nearness: Nearness::BeginsWithTypo, automaton, first: None });
        }
        if allows(TWO_TYPOS_FROM) {
            let automaton = FuzzyTermQuery::new_prefix(term, 2, true).automaton()?;
            let first = text.chars().next();
            typos.push(Typos { nearness: Nearness::TwoTypos, automaton, first });
        }
        Ok(Self { text: text.clone(), begins, typos })
    }

    fn paint(
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
        for Typos { nearness, automaton, first } in &self.typos {
            let mut terms = words.all.terms().search(automaton);
            if let Some(first) = first {
                let first = first.to_string();
                terms = terms.ge(&first).lt(after(first.as_bytes()));
            }
            let mut terms = terms.into_stream()?;
            while terms.advance() {
                if !terms.key().starts_with(word) {
                    brush.paint(terms.value(), level(*nearness))?;
                }
            }
        }
        Ok(())
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
