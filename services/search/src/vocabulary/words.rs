//! Words in their order: those with typing mistakes are found by a look at a few letters of a few of
//! them.

use std::io;

use tantivy::postings::TermInfo;

use crate::text::{Automaton, AutomatonState, Mistake, mistake_of};

/// Bytes that are looked at together.
const LANES: usize = 16;
/// Letters at the end of a word that it is found by when both mistakes are before them.
const END: usize = 3;

#[derive(Default)]
pub(super) struct Words {
    /// So many first letters each has in common with the one before it.
    shared: Vec<u8>,
    /// A byte of the last letters of each.
    tails: Vec<u8>,
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

impl Words {
    pub(super) fn insert(&mut self, word: &str, list: &TermInfo) {
        let is_letter = word.chars().nth(1).is_none();
        if is_letter || !word.contains(char::is_alphabetic) {
            return;
        }
        let numbers = || {
            let end = u32::try_from(self.text.len() + word.len()).ok()?;
            Some((end, List::new(list)?))
        };
        // No segment has four gigabytes of either.
        let Some((end, list)) = numbers() else { return };
        let before = self.ends.len().checked_sub(1).map_or("", |before| self.word(before));
        let shared = word.chars().zip(before.chars()).take_while(|(one, other)| one == other);
        self.shared.push(u8::try_from(shared.count()).unwrap_or(u8::MAX));
        self.tails.push(tail(word));
        self.lists.push(list);
        self.text.push_str(word);
        self.ends.push(end);
    }

    pub(super) fn shrink(&mut self) {
        let Self { shared, tails, ends, text, lists } = self;
        shared.shrink_to_fit();
        tails.shrink_to_fit();
        ends.shrink_to_fit();
        text.shrink_to_fit();
        lists.shrink_to_fit();
    }

    pub(super) fn similar(
        &self,
        typed: &str,
        mut take: impl FnMut(&str, &TermInfo, Mistake) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(automaton) = Automaton::new(typed, END) else { return Ok(()) };
        let mut candidates = self.read_by(&automaton);
        if let Some(begin) = automaton.begin()
            && let Some((at, _)) = typed.char_indices().nth(begin)
        {
            self.each_ending(&typed[at..], |number| candidates.push(number));
            candidates.sort_unstable();
            candidates.dedup();
        }
        let letters: Vec<char> = typed.chars().collect();
        for number in candidates {
            let word = self.word(number);
            if let Some(mistake) = mistake_of(typed, &letters, word) {
                take(word, &self.lists[number].to_term_info(), mistake)?;
            }
        }
        Ok(())
    }

    /// Words that the automaton reads, in their order. What a word has in common with the one before
    /// it is not read again.
    fn read_by(&self, automaton: &Automaton) -> Vec<usize> {
        let mut read = Vec::new();
        // After no letter, one, and so on.
        let mut states = vec![(automaton.start(), 0)];
        let mut number = 0;
        while let Some(shared) = self.shared.get(number) {
            states.truncate(1 + usize::from(*shared));
            let is_read = read_on(automaton, self.word(number), &mut states);
            if is_read == Some(true) {
                read.push(number);
            }
            number += 1;
            if is_read.is_none() {
                // Those that have the letter where it ended end there too.
                let ended = u8::try_from(states.len()).unwrap_or(u8::MAX);
                number += first(&self.shared[number..], |shared| shared < ended);
            }
        }
        read
    }

    /// Gives `take` each word that ends so: with a few letters, not less than [`END`].
    fn each_ending(&self, end: &str, mut take: impl FnMut(usize)) {
        let tail = tail(end);
        let mut number = 0;
        loop {
            number += first(&self.tails[number..], |other| other == tail);
            if number >= self.tails.len() {
                return;
            }
            if self.word(number).ends_with(end) {
                take(number);
            }
            number += 1;
        }
    }

    fn word(&self, number: usize) -> &str {
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[begin as usize..self.ends[number] as usize]
    }
}

/// Reads a word on from the last state. Returns whether it may be what was typed; `None` when no word
/// that has this letter there is.
fn read_on(
    automaton: &Automaton,
    word: &str,
    states: &mut Vec<(AutomatonState, usize)>,
) -> Option<bool> {
    loop {
        let (state, at) = states.last()?;
        if automaton.begins(state) {
            return Some(true);
        }
        let Some(letter) = word[*at..].chars().next() else {
            return Some(automaton.accepts(state));
        };
        let next = (automaton.step(state, letter)?, at + letter.len_utf8());
        states.push(next);
    }
}

/// Where the first such byte is, many looked at at a time; the length when there is none.
#[inline]
fn first(bytes: &[u8], is_it: impl Fn(u8) -> bool) -> usize {
    let mut at = 0;
    for lanes in bytes.chunks(LANES) {
        // Without a branch.
        if lanes.iter().fold(false, |any, byte| any | is_it(*byte)) {
            break;
        }
        at += lanes.len();
    }
    at + bytes[at..].iter().take_while(|byte| !is_it(**byte)).count()
}

/// A byte of the last three: words that end in the same letters have the same.
fn tail(word: &str) -> u8 {
    let last = word.as_bytes().iter().rev().take(3);
    let number = last.fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    number.wrapping_mul(0x9e37_79b1).to_be_bytes()[0]
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
