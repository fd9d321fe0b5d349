//! Words: as they are kept in the index, and as they are looked for.

use std::collections::HashSet;

use super::fold::{APOSTROPHE, fold};

/// Letters of a word that count; what follows is cut off.
const LONGEST_WORD: usize = 64;
/// Words of one text that are kept: nobody finds a tag of a megabyte by its end.
const MOST_KEPT: usize = 512;
/// Words of a query that count; further ones are ignored.
const MOST_ASKED: usize = 16;
/// Letters and digits of a whole name that count.
const LONGEST_WHOLE: usize = 256;
/// What stands after or before an apostrophe is a word of its own from this length: *amour* of
/// *l'amour*, but not the *t* of *don't*.
const SHORTEST_PART: usize = 3;

/// So many first letters of a word are kept apart: many words begin so, and looking for all of
/// them would take longer than one list.
pub(crate) const LONGEST_BEGIN: usize = 2;

/// One word of a query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Word {
    Plain(String),
    /// One or two signs of a script that is written without spaces; they match as they are.
    Gram(String),
}

/// A query that can find something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    /// Never empty, without doubles.
    pub(crate) words: Vec<Word>,
    /// See [`whole`].
    pub(crate) whole: String,
}

impl Asked {
    /// `None` when the query has no letter and no digit.
    pub(crate) fn new(query: &str) -> Option<Self> {
        let folded = fold(query);
        let mut words = Vec::new();
        for piece in folded.split_whitespace().flat_map(pieces) {
            for run in runs(piece) {
                if is_sign(run.chars().next()?) {
                    words.extend(grams_asked(run).into_iter().map(Word::Gram));
                } else {
                    words.extend(word(run).map(Word::Plain));
                }
            }
        }
        let mut known = HashSet::new();
        words.retain(|word| known.insert(word.clone()));
        words.truncate(MOST_ASKED);
        (!words.is_empty()).then(|| Self { words, whole: whole_of(&folded) })
    }
}

/// What a text is found by: its words, and also words that punctuation parts written as one
/// (*acdc* for *AC/DC*).
pub(crate) fn index_terms(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut terms = Vec::new();
    for chunk in folded.split_whitespace() {
        let mut joined = 0;
        for run in pieces(chunk).flat_map(runs) {
            if run.chars().all(is_sign) {
                terms.extend(grams_kept(run));
                continue;
            }
            joined += 1;
            terms.extend(word(run));
            let parts = run.split(APOSTROPHE).filter(|part| *part != run);
            terms.extend(parts.filter(|part| part.chars().count() >= SHORTEST_PART).map(cut));
        }
        if joined > 1 {
            terms.extend(word(chunk));
        }
        if terms.len() >= MOST_KEPT {
            break;
        }
    }
    let mut known = HashSet::new();
    terms.retain(|term| known.insert(term.clone()));
    terms.truncate(MOST_KEPT);
    terms
}

/// How words of these terms begin, up to [`LONGEST_BEGIN`] letters.
pub(crate) fn begins(terms: &[String]) -> Vec<&str> {
    let mut known = HashSet::new();
    let begins = terms.iter().flat_map(|term| {
        let ends = term.char_indices().skip(1).take(LONGEST_BEGIN);
        ends.map(|(end, _)| &term[..end])
    });
    begins.filter(|begin| known.insert(*begin)).collect()
}

/// The letters and digits of a text without anything between them: two names are the same when
/// these are.
pub(crate) fn whole(text: &str) -> String {
    whole_of(&fold(text))
}

fn whole_of(folded: &str) -> String {
    folded.chars().filter(|letter| letter.is_alphanumeric()).take(LONGEST_WHOLE).collect()
}

/// What punctuation parts, but no apostrophe.
fn pieces(chunk: &str) -> impl Iterator<Item = &str> {
    chunk.split(|letter: char| !letter.is_alphanumeric() && letter != APOSTROPHE)
}

/// Where a script without spaces begins or ends: *AKB48劇場* is two.
fn runs(piece: &str) -> impl Iterator<Item = &str> {
    let mut rest = piece;
    std::iter::from_fn(move || {
        let first = is_sign(rest.chars().next()?);
        let end = rest.find(|letter| is_sign(letter) != first).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

/// The letters and digits of a run, unless there are none.
fn word(run: &str) -> Option<String> {
    let word: String = run.chars().filter(|l| l.is_alphanumeric()).take(LONGEST_WORD).collect();
    (!word.is_empty()).then_some(word)
}

fn cut(part: &str) -> String {
    part.chars().take(LONGEST_WORD).collect()
}

/// Every sign, and every two that stand side by side.
fn grams_kept(run: &str) -> Vec<String> {
    let signs: Vec<char> = run.chars().collect();
    let mut grams: Vec<String> = signs.iter().map(char::to_string).collect();
    grams.extend(signs.windows(2).map(String::from_iter));
    grams
}

/// The pairs that a text must have to contain the run; a sign that is alone is looked for alone.
fn grams_asked(run: &str) -> Vec<String> {
    let signs: Vec<char> = run.chars().collect();
    match signs.as_slice() {
        [alone] => vec![alone.to_string()],
        several => several.windows(2).map(String::from_iter).collect(),
    }
}

/// Han, kana and Hangul: found by their signs instead of by words.
fn is_sign(letter: char) -> bool {
    matches!(letter,
        '々' | '〇' | 'ぁ'..='ゟ' | 'ァ'..='ヺ' | 'ー'..='ヿ' | '가'..='힣'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
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
    fn texts_are_kept_in_words() {
        for (text, terms) in [
            ("Don't Stop Me Now", "dont don stop me now"),
            ("L'Été indien", "lete ete indien"),
            ("AC/DC", "ac dc acdc"),
            ("R.E.M.", "r e m rem"),
            ("Rock 'n' Roll", "rock n roll"),
            ("¿¡!?", ""),
            ("東京タワー", "東 京 た わ ー 東京 京た たわ わー"),
            ("AKB48劇場", "akb48 劇 場 劇場"),
            ("비틀즈", "비 틀 즈 비틀 틀즈"),
            ("one two one", "one two"),
        ] {
            assert_eq!(index_terms(text).join(" "), terms, "{text}");
        }
    }

    #[test]
    fn begins_are_shorter_than_their_words() {
        let terms = ["a", "ab", "éb", "abcd"].map(str::to_owned);
        assert_eq!(begins(&terms), ["a", "é", "ab"]);
    }

    #[test]
    fn queries_are_asked_in_words() {
        for (query, words) in [
            ("don't", "dont"),
            ("ac/dc ac", "ac dc"),
            ("東京", "(東京)"),
            ("東京都", "(東京) (京都)"),
            ("京", "(京)"),
            ("\u{0}a\u{0}b", "a b"),
            ("' '' -", ""),
            ("+title:(x OR \"y\")^2~", "title x or y 2"),
        ] {
            assert_eq!(asked(query).join(" "), words, "{query}");
        }
        assert_eq!(asked(&"a b c d e f g h i j k l m n o p q r".repeat(3)).len(), 16);
        assert_eq!(asked(&"ä".repeat(500)), ["a".repeat(64)]);
    }

    #[test]
    fn whole_names_ignore_what_is_between() {
        assert_eq!(whole("AC/DC"), whole("acdc"));
        assert_eq!(whole("The Beatles"), "thebeatles");
        assert_eq!(whole(&"x".repeat(1000)).len(), 256);
        assert_eq!(whole("…"), "");
    }
}
