//! Which documents have all words of a query, and how near they come to it.
//!
//! For each word one byte a document says how near its nearest word comes: the terms that a word
//! may stand for are few, so their lists are painted into it one after the other. The bytes of all
//! words are then put together. That costs a pass over one byte a document and word, many bytes at
//! a time, needs no scores, and makes the tiers strict.

use std::{io, ops::Range};

use tantivy::DocId;

use crate::{
    names::Names,
    query::{Query, Text},
    segment::Segment,
    sought::{Nearness, SoughtWord},
    text::Asked,
    texts,
    view::View,
};

/// Documents that are skipped at once when none of them matches.
const BLOCK: usize = 16;
/// Fewer words are no line of a song: every song has them.
const SHORTEST_LINE: usize = 3;

/// The whole name: above all nearnesses of words.
const WHOLE: u8 = u8::MAX;

/// How near one document comes: the least of its words, and all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) least: u8,
    pub(crate) sum: u8,
}

/// Where plain words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Everything,
    /// Only in names, as what is suggested.
    Names,
}

/// How near each document comes to all words: of all segments, one after the other.
///
/// Each thread that searches keeps its own: three bytes a document, which are not asked of the
/// system for every query.
#[derive(Default)]
pub(crate) struct Matches {
    /// 0: some word does not match.
    least: Vec<u8>,
    sum: Vec<u8>,
    /// How near the word that is looked for comes.
    nearest: Vec<u8>,
}

impl Matches {
    /// `names`: where what was typed stands among the names of each segment.
    pub(crate) fn find(
        &mut self,
        view: &View,
        query: &Query,
        names: &[Names],
        scope: Scope,
    ) -> io::Result<()> {
        let length = view.length();
        reset(&mut self.sum, length, 0);
        if let Some(asked) = &query.asked {
            reset(&mut self.least, length, u8::MAX);
            self.find_words(view, asked, scope)?;
            self.raise_names(view, names);
            if scope == Scope::Everything {
                self.find_line(view, asked)?;
            }
        } else {
            reset(&mut self.least, length, if query.is_empty() { 0 } else { u8::MAX });
        }
        for text in &query.texts {
            self.paint(view, |segment, nearest| texts::paint(text, segment, nearest))?;
            self.join();
        }
        for text in &query.without {
            self.paint(view, |segment, nearest| texts::paint(text, segment, nearest))?;
            for (least, found) in self.least.iter_mut().zip(&self.nearest) {
                *least = if *found == 0 { *least } else { 0 };
            }
        }
        Ok(())
    }

    fn find_words(&mut self, view: &View, asked: &Asked, scope: Scope) -> io::Result<()> {
        for word in &asked.words {
            let word = SoughtWord::new(word);
            self.paint(view, |segment, nearest| {
                word.paint(&segment.title, Nearness::in_title, nearest)?;
                match scope {
                    Scope::Everything => word.paint(&segment.others, Nearness::elsewhere, nearest),
                    Scope::Names => Ok(()),
                }
            })?;
            if !self.join() {
                break;
            }
        }
        Ok(())
    }

    /// A name that is, or begins with, what was typed is found however its words are parted. One that
    /// is what was typed stands above all others.
    fn raise_names(&mut self, view: &View, names: &[Names]) {
        let level = Nearness::Joined.in_title();
        let mut rest = self.least.as_mut_slice();
        let mut sums = self.sum.as_mut_slice();
        for (segment, names) in view.segments.iter().zip(names) {
            let (least, after) = rest.split_at_mut(segment.length());
            let (sum, sums_after) = sums.split_at_mut(segment.length());
            (rest, sums) = (after, sums_after);
            if names.is_empty() {
                continue;
            }
            let documents = least.iter_mut().zip(sum).zip(&segment.names);
            for ((least, sum), name) in documents {
                // Without a branch, so that many names are looked at at a time.
                let raised = if names.raise(*name) { level } else { 0 };
                let raised = if names.is_same(*name) { WHOLE } else { raised };
                *least = raised.max(*least);
                *sum = raised.max(*sum);
            }
        }
    }

    /// Three words or more may be a line of a song.
    fn find_line(&mut self, view: &View, asked: &Asked) -> io::Result<()> {
        if asked.line.len() < SHORTEST_LINE {
            return Ok(());
        }
        let line = Text::of_line(&asked.line);
        self.paint(view, |segment, nearest| texts::paint(&line, segment, nearest))?;
        let level = Nearness::Sung.elsewhere();
        for ((least, sum), found) in self.least.iter_mut().zip(&mut self.sum).zip(&self.nearest) {
            if *least == 0 && *found > 0 {
                (*least, *sum) = (level, level);
            }
        }
        Ok(())
    }

    /// Fills `nearest` anew, segment by segment.
    fn paint(
        &mut self,
        view: &View,
        mut paint: impl FnMut(&Segment, &mut [u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        reset(&mut self.nearest, self.least.len(), 0);
        let mut rest = self.nearest.as_mut_slice();
        for segment in view.segments.iter() {
            let (nearest, after) = rest.split_at_mut(segment.length());
            paint(segment, nearest)?;
            rest = after;
        }
        Ok(())
    }

    /// Puts a word together with those before it. Returns whether anything is left.
    fn join(&mut self) -> bool {
        let mut any = 0;
        let documents = self.least.iter_mut().zip(&mut self.sum).zip(&self.nearest);
        for ((least, sum), nearest) in documents {
            *least = (*least).min(*nearest);
            *sum = sum.saturating_add(*nearest);
            any |= *least;
        }
        any > 0
    }

    /// What matches among these documents.
    pub(crate) fn each(&self, documents: Range<usize>, mut take: impl FnMut(DocId, Match)) {
        let (least, sum) = (&self.least[documents.clone()], &self.sum[documents]);
        let blocks = least.chunks(BLOCK).zip(sum.chunks(BLOCK));
        for (first, (least, sum)) in (0..).step_by(BLOCK).zip(blocks) {
            // One look at many bytes: in most blocks there is nothing.
            if least.iter().fold(0, |any, one| any | one) == 0 {
                continue;
            }
            for (document, (&least, &sum)) in (first..).zip(least.iter().zip(sum)) {
                if least > 0 {
                    take(document, Match { least, sum });
                }
            }
        }
    }
}

/// The same value for all.
fn reset(bytes: &mut Vec<u8>, length: usize, value: u8) {
    bytes.clear();
    bytes.resize(length, value);
}
