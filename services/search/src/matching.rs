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

/// Documents that are skipped at once when none of them matches, and those that are then.
const MANY: usize = 256;
const FEW: usize = 16;
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
    /// Words that were put together.
    joined: usize,
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
        self.joined = 0;
        if let Some(asked) = &query.asked {
            self.find_words(view, asked, scope)?;
            self.raise_names(view, names);
            if scope == Scope::Everything {
                self.find_line(view, asked)?;
            }
        }
        for text in &query.texts {
            self.join(view, |segment, nearest| texts::paint(text, segment, nearest))?;
        }
        if self.joined == 0 {
            let all = if query.is_empty() { 0 } else { u8::MAX };
            reset(&mut self.least, view.length(), all);
            reset(&mut self.sum, view.length(), 0);
        }
        for text in &query.without {
            paint(view, &mut self.nearest, |segment, nearest| {
                texts::paint(text, segment, nearest)
            })?;
            for (least, found) in self.least.iter_mut().zip(&self.nearest) {
                *least = if *found == 0 { *least } else { 0 };
            }
        }
        Ok(())
    }

    fn find_words(&mut self, view: &View, asked: &Asked, scope: Scope) -> io::Result<()> {
        for word in &asked.words {
            let word = SoughtWord::new(word);
            let any = self.join(view, |segment, nearest| {
                word.paint(&segment.title, Nearness::in_title, nearest)?;
                match scope {
                    Scope::Everything => word.paint(&segment.others, Nearness::elsewhere, nearest),
                    Scope::Names => Ok(()),
                }
            })?;
            if !any {
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
        paint(view, &mut self.nearest, |segment, nearest| texts::paint(&line, segment, nearest))?;
        let level = Nearness::Sung.elsewhere();
        for ((least, sum), found) in self.least.iter_mut().zip(&mut self.sum).zip(&self.nearest) {
            if *least == 0 && *found > 0 {
                (*least, *sum) = (level, level);
            }
        }
        Ok(())
    }

    /// Puts a word together with those before it. Returns whether anything is left.
    fn join(
        &mut self,
        view: &View,
        word: impl FnMut(&Segment, &mut [u8]) -> io::Result<()>,
    ) -> io::Result<bool> {
        self.joined += 1;
        if self.joined == 1 {
            paint(view, &mut self.least, word)?;
            self.sum.clone_from(&self.least);
            return Ok(any(&self.least));
        }
        paint(view, &mut self.nearest, word)?;
        let mut any = 0;
        let documents = self.least.iter_mut().zip(&mut self.sum).zip(&self.nearest);
        for ((least, sum), nearest) in documents {
            *least = (*least).min(*nearest);
            *sum = sum.saturating_add(*nearest);
            any |= *least;
        }
        Ok(any > 0)
    }

    /// What matches among these documents.
    pub(crate) fn each(&self, documents: Range<usize>, mut take: impl FnMut(DocId, Match)) {
        let (least, sum) = (&self.least[documents.clone()], &self.sum[documents]);
        let many = (0..).step_by(MANY).zip(least.chunks(MANY).zip(sum.chunks(MANY)));
        // One look at many bytes: in most blocks there is nothing.
        for (first, (least, sum)) in many.filter(|(_, (least, _))| any(least)) {
            let few = (first..).step_by(FEW).zip(least.chunks(FEW).zip(sum.chunks(FEW)));
            for (first, (least, sum)) in few {
                if !any(least) {
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
}

/// Fills `nearest` anew, segment by segment.
fn paint(
    view: &View,
    nearest: &mut Vec<u8>,
    mut paint: impl FnMut(&Segment, &mut [u8]) -> io::Result<()>,
) -> io::Result<()> {
    reset(nearest, view.length(), 0);
    let mut rest = nearest.as_mut_slice();
    for segment in view.segments.iter() {
        let (nearest, after) = rest.split_at_mut(segment.length());
        paint(segment, nearest)?;
        rest = after;
    }
    Ok(())
}

/// Without a branch, so that many bytes are looked at at a time.
fn any(bytes: &[u8]) -> bool {
    bytes.iter().fold(0, |any, one| any | one) > 0
}

/// The same value for all.
fn reset(bytes: &mut Vec<u8>, length: usize, value: u8) {
    bytes.clear();
    bytes.resize(length, value);
}
