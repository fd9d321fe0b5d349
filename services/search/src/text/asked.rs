//! The plain words of a query.

use std::collections::HashSet;

use super::{
    fold::fold,
    neighbours::units_of,
    whole::{Whole, of_folded, spelled_with_signs, stands_for_and, with_articles},
    words::{cut, is_sign, pieces, runs, word},
};

/// Words of a query that count; further ones are ignored.
const MOST_ASKED: usize = 16;

/// One word of a query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Word {
    Plain(String),
    /// One or two signs of a script that is written without spaces; they match as they are.
    Gram(String),
}

/// Plain words that can find something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    /// Never empty, without doubles and articles.
    pub(crate) words: Vec<Word>,
    pub(crate) whole: Whole,
    /// All of it in its order, as a line of lyrics would have it.
    pub(crate) line: Vec<String>,
}

impl Asked {
    /// `None` when there is nothing to look for.
    pub(crate) fn new(query: &str) -> Option<Self> {
        let folded = fold(query);
        let mut words = Vec::new();
        if folded.contains(char::is_alphanumeric) {
            for (chunk, counts) in with_articles(&folded) {
                if counts && !stands_for_and(chunk) {
                    words_of(chunk, &mut words);
                }
            }
        } else {
            words.extend(folded.split_whitespace().map(cut).map(Word::Gram));
        }
        let mut known = HashSet::new();
        words.retain(|word| known.insert(word.clone()));
        words.truncate(MOST_ASKED);
        let line = units_of(&folded).take(MOST_ASKED).collect();
        (!words.is_empty()).then(|| Self { words, whole: of_folded(&folded), line })
    }
}

fn words_of(chunk: &str, words: &mut Vec<Word>) {
    if let Some(spelled) = spelled_with_signs(chunk) {
        words.extend(word(&spelled).map(Word::Plain));
        return;
    }
    for run in pieces(chunk).flat_map(runs) {
        if run.chars().all(is_sign) {
            words.extend(grams_asked(run).into_iter().map(Word::Gram));
        } else {
            words.extend(word(run).map(Word::Plain));
        }
    }
}

/// The pairs that a text must have to contain the run; a sign that is alone is looked for alone.
fn grams_asked(run: &str) -> Vec<String> {
    let signs: Vec<char> = run.chars().collect();
    match signs.as_slice() {
        [alone] => vec![alone.to_string()],
        several => several.windows(2).map(String::from_iter).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Vec<String> {
        let words = Asked::new(query).map(|asked| asked.words).unwrap_or_default();
        let text = |word| match word {
            Word::Plain(text) => text,
            Word::Gram(text) => format!("({text})"),
        };
        words.into_iter().map(text).collect()
    }

    #[test]
    fn queries_are_asked_in_words() {
        for (query, words) in [
            ("don't", "dont"),
            ("ac/dc ac", "ac dc"),
            ("the beatles", "beatles"),
            ("beatles, the", "beatles"),
            ("love a", "love a"),
            ("the the", "the"),
            ("a", "a"),
            ("p!nk", "pink"),
            ("simon & garfunkel", "simon garfunkel"),
            ("東京", "(東京)"),
            ("東京都", "(東京) (京都)"),
            ("京", "(京)"),
            ("\u{0}a\u{0}b", "a b"),
            ("!!!", "(!!!)"),
            ("", ""),
        ] {
            assert_eq!(asked(query).join(" "), words, "{query}");
        }
        assert_eq!(asked(&"b c d e f g h i j k l m n o p q r s".repeat(3)).len(), 16);
        assert_eq!(asked(&"ä".repeat(500)), ["a".repeat(64)]);
    }
}
