//! Which documents have all words of a query, and how near they come to it.
//!
//! For each word one byte a document says how near its nearest word comes: the terms that a word
//! may stand for are few, so their lists are painted into it one after the other. The bytes of all
//! words are then put together. That costs a pass over one byte a document and word, many bytes at
//! a time, needs no scores, and makes the tiers strict.

use std::ops::Range;

use tantivy::DocId;

use crate::{
    error::IndexError,
    sought::{Nearness, SoughtWord},
    text::Asked,
    view::{Segment, View},
};

/// Documents that are skipped at once when none of them matches.
const BLOCK: usize = 16;

/// How near one document comes: the least of its words, and all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) least: u8,
    pub(crate) sum: u8,
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
    pub(crate) fn find(&mut self, view: &View, asked: &Asked) -> Result<(), IndexError> {
        let length = view.segments.iter().map(Segment::length).sum();
        reset(&mut self.least, length, u8::MAX);
        reset(&mut self.sum, length, 0);
        for word in &asked.words {
            let word = SoughtWord::new(word)?;
            reset(&mut self.nearest, length, 0);
            let mut rest = self.nearest.as_mut_slice();
            for segment in view.segments.iter() {
                let (nearest, after) = rest.split_at_mut(segment.length());
                word.paint(&segment.title, Nearness::in_title, nearest)?;
                word.paint(&segment.others, Nearness::elsewhere, nearest)?;
                rest = after;
            }
            if !self.join() {
                break;
            }
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
