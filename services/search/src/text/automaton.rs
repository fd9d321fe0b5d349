//! Reading words letter by letter for as long as they may be what was typed, with its typing
//! mistakes: words that begin alike are read together, and most end after a few letters.

use super::edits::most_mistakes;

/// Letters of what was typed that are read: a bit for each, and one for none of them.
const MOST_LETTERS: usize = 63;

/// Mistakes of what was typed, as an automaton that reads other words.
pub(crate) struct Automaton {
    letters: Vec<char>,
    /// Which letters are this one, for those that most are.
    ascii: [u64; 128],
    /// None, one, and so on up to all letters are read.
    all: u64,
    /// All letters are read.
    end: u64,
    /// Where two mistakes may have been made.
    two: u64,
    /// Mistakes in a begin of a longer word, if there may be any.
    in_begin: Option<u8>,
    /// Mistakes in a whole word.
    most: u8,
    /// There is more that is not read.
    is_cut: bool,
    /// So many first letters have no two mistakes.
    begin: Option<usize>,
}

/// How much of what was typed may have been read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    /// With at most no, one and two mistakes.
    read: [u64; 3],
    /// The same one letter before, with no and one.
    before: [u64; 2],
    /// Where the last letter was typed.
    last: u64,
}

impl Automaton {
    /// `None` when no mistake is allowed. The automaton reads no word whose both mistakes are ahead of
    /// the last `end` letters: it ends as what was typed does, and is found by that.
    pub(crate) fn new(typed: &str, end: usize) -> Option<Self> {
        let mut letters: Vec<char> = typed.chars().collect();
        let (in_begin, most) = most_mistakes(letters.len());
        if most == 0 {
            return None;
        }
        let is_cut = letters.len() > MOST_LETTERS;
        letters.truncate(MOST_LETTERS);
        let begin = (most == 2 && !is_cut).then(|| letters.len().saturating_sub(end));
        let two = match begin {
            Some(begin) => u64::MAX << begin << 1,
            None if most == 2 => u64::MAX,
            None => 0,
        };
        let mut ascii = [0; 128];
        for (place, letter) in (1..).zip(&letters) {
            if let Some(places) = ascii.get_mut(*letter as usize) {
                *places |= 1 << place;
            }
        }
        let end = 1 << letters.len();
        let all = end | (end - 1);
        let two = two & all;
        // Of what is cut off only the begin is read.
        let in_begin = if is_cut { Some(most) } else { in_begin.then_some(1) };
        Some(Self { letters, ascii, all, end, two, in_begin, most, is_cut, begin })
    }

    /// Words with both mistakes before this letter are not read; `None` when all are.
    pub(crate) fn begin(&self) -> Option<usize> {
        self.begin
    }

    pub(crate) fn start(&self) -> State {
        State { read: [1, 3, 7 & self.two], before: [0; 2], last: 0 }
    }

    /// `None` when no word that goes on so is it with a mistake.
    #[inline]
    pub(crate) fn step(&self, state: &State, letter: char) -> Option<State> {
        let here = self.places(letter);
        let [none, one, two] = state.read;
        let [none_before, one_before] = state.before;
        // This letter and the last one were typed the other way round.
        let swapped = state.last & (here << 1);
        let exact = (none << 1) & here;
        let by_one = ((one << 1) & here)
            | none
            | (none << 1)
            | (exact << 1)
            | ((none_before << 2) & swapped);
        let by_two =
            ((two << 1) & here) | one | (one << 1) | (by_one << 1) | ((one_before << 2) & swapped);
        let read = [exact, by_one & self.all, by_two & self.two];
        // Where there may not be two mistakes yet, but the next letter and this one may be swapped.
        let swaps = (one << 2) & here & self.two;
        let is_dead = read[1] | read[2] | swaps == 0;
        let has_no_mistake = !self.is_cut && exact & self.end != 0;
        let next = State { read, before: [none, one], last: here };
        (!is_dead && !has_no_mistake).then_some(next)
    }

    /// Whether every word that goes on is what was typed, with a mistake in its begin.
    #[inline]
    pub(crate) fn begins(&self, state: &State) -> bool {
        self.in_begin.is_some_and(|most| state.read[usize::from(most)] & self.end != 0)
    }

    /// Whether a word that ends here may be what was typed.
    pub(crate) fn accepts(&self, state: &State) -> bool {
        state.read[usize::from(self.most)] & self.end != 0
    }

    #[inline]
    fn places(&self, letter: char) -> u64 {
        if let Some(places) = self.ascii.get(letter as usize) {
            return *places;
        }
        let places = (1..).zip(&self.letters).filter(|(_, typed)| **typed == letter);
        places.fold(0, |places, (place, _)| places | 1 << place)
    }
}
