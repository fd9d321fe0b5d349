//! Words that stand side by side: so quoted words and lines of lyrics are found.

use super::{
    fold::fold,
    words::{is_sign, pieces, runs, word},
};

/// Between the words of a gram: no word has it.
const JOINT: char = '_';
/// Words of one text whose neighbours are kept.
const MOST_UNITS: usize = 2048;

/// Two or three words that stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gram {
    Pairs = 2,
    Triples = 3,
}

/// Words, and signs of scripts that are written without spaces, in their order.
pub(crate) fn units(text: &str) -> Vec<String> {
    units_of(&fold(text)).take(MOST_UNITS).collect()
}

pub(super) fn units_of(folded: &str) -> impl Iterator<Item = String> {
    let runs = folded.split_whitespace().flat_map(pieces).flat_map(runs);
    runs.flat_map(|run| {
        if run.chars().all(is_sign) {
            run.chars().map(String::from).collect()
        } else {
            Vec::from_iter(word(run))
        }
    })
}

/// What a text is found by when words must stand side by side.
pub(crate) fn grams(text: &str, longest: Gram) -> Vec<String> {
    let units = units(text);
    (2..=longest as usize).flat_map(|size| joined(&units, size)).collect()
}

/// What a text must have to contain these units side by side; a unit that is alone is itself.
pub(crate) fn grams_of_units(units: &[String], longest: Gram) -> Vec<String> {
    joined(units, units.len().min(longest as usize).max(1)).collect()
}

fn joined(units: &[String], size: usize) -> impl Iterator<Item = String> {
    units.windows(size).map(|units| units.join(&String::from(JOINT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_kept_and_asked() {
        let kept = grams("Don't stop, me 東京", Gram::Triples).join(" ");
        assert_eq!(kept, "dont_stop stop_me me_東 東_京 dont_stop_me stop_me_東 me_東_京");
        let asked = |text: &str| grams_of_units(&units(text), Gram::Triples).join(" ");
        assert_eq!(asked("don't stop me now"), "dont_stop_me stop_me_now");
        assert_eq!(asked("trip hop"), "trip_hop");
        assert_eq!(asked("Live"), "live");
        assert_eq!(asked("…"), "");
    }
}
