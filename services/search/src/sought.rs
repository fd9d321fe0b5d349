//! One word of a query: the terms of the index that it may stand for, and their documents.

use std::io;

use tantivy::{
    InvertedIndexReader,
    postings::{BlockSegmentPostings, TermInfo},
};

use crate::{
    segment::Words,
    text::{LONGEST_BEGIN, Mistake, Word, latin, sound_key},
};

/// How near a word of a text comes to a word of a query.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Nearness {
    /// What is sung: below everything else.
    Sung,
    SoundsInBegin,
    RomanMistake,
    TwoMistakes,
    BeginsWithMistake,
    Sounds,
    RomanBegins,
    Mistake,
    Roman,
    /// The name begins so when nothing is between its words.
    Joined,
    Begins,
    Exact,
}

impl Nearness {
    /// A word of the name counts a little more.
    pub(crate) fn in_title(self) -> u8 {
        self.elsewhere() + 1
    }

    /// Never zero, which is no match.
    pub(crate) fn elsewhere(self) -> u8 {
        2 * self as u8 + 1
    }
}

/// From this nearness on nobody made a mistake.
pub(crate) const WITHOUT_MISTAKE: u8 = 2 * Nearness::Roman as u8 + 1;

/// So many letters fewer a word may have in coarse Latin letters.
const MOST_SHORTENED: usize = 2;

/// A word of a query, ready to be looked for.
pub(crate) struct SoughtWord {
    keys: Vec<Key>,
}

/// One way to write the word.
struct Key {
    text: String,
    exact: Nearness,
    begins: Option<(Nearness, Begins)>,
    mistakes: Mistakes,
}

/// How words that begin with this one are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// There is a list for just these letters.
    Kept,
    /// Each of them has a list.
    Terms,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistakes {
    None,
    OfWord,
    OfRoman,
}

impl SoughtWord {
    pub(crate) fn new(word: &Word) -> Self {
        let text = match word {
            Word::Plain(text) => text,
            Word::Gram(text) => {
                let (exact, mistakes) = (Nearness::Exact, Mistakes::None);
                let key = Key { text: text.clone(), exact, begins: None, mistakes };
                return Self { keys: vec![key] };
            }
        };
        // Another number is another number, and no typing mistake.
        let is_word = text.contains(char::is_alphabetic);
        let mistakes = if is_word { Mistakes::OfWord } else { Mistakes::None };
        let typed = text.chars().count();
        let key = |text: String, marks, exact, begins, mistakes| {
            let length = text.chars().count() - marks;
            let how = if length <= LONGEST_BEGIN { Begins::Kept } else { Begins::Terms };
            // Of `zzzz` too little is left to say how a word begins.
            let says_enough = length + MOST_SHORTENED >= typed;
            Key { text, exact, begins: says_enough.then_some((begins, how)), mistakes }
        };
        let mut keys = vec![key(text.clone(), 0, Nearness::Exact, Nearness::Begins, mistakes)];
        let mut roman = |text, marks, mistakes| {
            keys.push(key(text, marks, Nearness::Roman, Nearness::RomanBegins, mistakes));
        };
        if let Some(latin) = latin(text) {
            roman(latin, 0, Mistakes::None);
        }
        if let Some((word, sound)) = sound_key(text) {
            roman(word, 1, Mistakes::OfRoman);
            let sound = sound.map(|sound| {
                key(sound, 1, Nearness::Sounds, Nearness::SoundsInBegin, Mistakes::None)
            });
            keys.extend(sound);
        }
        Self { keys }
    }

    /// Only as it is.
    pub(crate) fn exact(text: &str) -> Self {
        Self::new(&Word::Gram(text.to_owned()))
    }

    /// Raises what `nearest` says of the documents that have a term of it.
    pub(crate) fn paint(
        &self,
        words: &Words,
        level: fn(Nearness) -> u8,
        nearest: &mut [u8],
    ) -> io::Result<()> {
        for key in &self.keys {
            key.paint(words, level, nearest)?;
        }
        Ok(())
    }

    /// Gives `paint` every term of a vocabulary's words that the word may stand for; begins come by
    /// their first letters.
    pub(crate) fn each_tagged(
        &self,
        words: [&Words; 2],
        mut take: impl FnMut(&str, Reach, Nearness) -> io::Result<()>,
    ) -> io::Result<()> {
        for key in &self.keys {
            take(&key.text, Reach::Term, key.exact)?;
            if let Some((nearness, _)) = key.begins {
                take(&key.text, Reach::Begins, nearness)?;
            }
            for words in words {
                key.each_mistake(words, |word, _, nearness| take(word, Reach::Term, nearness))?;
            }
        }
        Ok(())
    }
}

/// One term, or all that begin so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Term,
    Begins,
}

impl Key {
    fn paint(
        &self,
        words: &Words,
        level: fn(Nearness) -> u8,
        nearest: &mut [u8],
    ) -> io::Result<()> {
        if let Some((nearness, Begins::Kept)) = self.begins {
            let mut brush = Brush::new(&words.begins, nearest);
            brush.paint_term(&self.text, level(nearness))?;
        }
        let mut brush = Brush::new(&words.all, nearest);
        brush.paint_term(&self.text, level(self.exact))?;
        if let Some((nearness, Begins::Terms)) = self.begins {
            brush.paint_begins(&self.text, level(nearness))?;
        }
        self.each_mistake(words, |_, list, nearness| brush.paint(list, level(nearness)))
    }

    fn each_mistake(
        &self,
        words: &Words,
        mut take: impl FnMut(&str, &TermInfo, Nearness) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.mistakes == Mistakes::None {
            return Ok(());
        }
        words.vocabulary.similar(&self.text, |word, list, mistake| {
            let nearness = match mistake {
                _ if self.mistakes == Mistakes::OfRoman => Nearness::RomanMistake,
                Mistake::One => Nearness::Mistake,
                Mistake::OneInBegin => Nearness::BeginsWithMistake,
                Mistake::Two => Nearness::TwoMistakes,
            };
            take(word, list, nearness)
        })
    }
}

/// Comes after everything that begins so: no text has this byte.
pub(crate) fn after(begin: &[u8]) -> Vec<u8> {
    [begin, &[0xff]].concat()
}

/// Paints lists of documents.
pub(crate) struct Brush<'a> {
    index: &'a InvertedIndexReader,
    postings: BlockSegmentPostings,
    nearest: &'a mut [u8],
}

impl<'a> Brush<'a> {
    pub(crate) fn new(index: &'a InvertedIndexReader, nearest: &'a mut [u8]) -> Self {
        Self { index, postings: BlockSegmentPostings::empty(), nearest }
    }

    pub(crate) fn paint_term(&mut self, term: &str, level: u8) -> io::Result<()> {
        match self.index.terms().get(term.as_bytes())? {
            Some(term) => self.paint(&term, level),
            None => Ok(()),
        }
    }

    /// Every term that begins so and is longer.
    pub(crate) fn paint_begins(&mut self, begin: &str, level: u8) -> io::Result<()> {
        let begin = begin.as_bytes();
        let index = self.index;
        let mut terms = index.terms().range().gt(begin).lt(after(begin)).into_stream()?;
        while terms.advance() {
            self.paint(terms.value(), level)?;
        }
        Ok(())
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
