//! Words: as a text is found by them.

use std::collections::HashSet;

use super::{
    fold::{APOSTROPHE, fold},
    roman::{ROMAN, SOUND, roman_kana, roman_key},
    whole::{spelled_with_signs, stands_for_and},
};

/// Letters of a word that count; what follows is cut off.
pub(super) const LONGEST_WORD: usize = 64;
/// Words of one text that are kept: nobody finds a tag of a megabyte by its end.
const MOST_KEPT: usize = 512;
/// What stands after or before an apostrophe is a word of its own from this length: *amour* of
/// *l'amour*, but not the *t* of *don't*.
const SHORTEST_PART: usize = 3;

/// So many first letters of a word are kept apart: many words begin so, and looking for all of
/// them would take longer than one list.
pub(crate) const LONGEST_BEGIN: usize = 2;

/// What a text is found by: its words, words that punctuation parts written as one (*acdc* for
/// *AC/DC*), words of other scripts in Latin letters, and signs.
pub(crate) fn index_terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let mut known = HashSet::new();
    each_term(&fold(text), &mut |term, _| {
        if known.insert(term.clone()) {
            terms.push(term);
        }
        terms.len() < MOST_KEPT
    });
    terms
}

/// Gives `take` each term of a folded text, and the part that it is of, until it returns false.
pub(crate) fn each_term<'t>(folded: &'t str, take: &mut impl FnMut(String, &'t str) -> bool) {
    let only_symbols = !folded.contains(char::is_alphanumeric);
    for chunk in folded.split_whitespace() {
        if only_symbols {
            if !take(cut(chunk), chunk) {
                return;
            }
            continue;
        }
        for (term, part) in terms_of_chunk(chunk) {
            if !take(term, part) {
                return;
            }
        }
    }
}

fn terms_of_chunk(chunk: &str) -> Vec<(String, &str)> {
    if stands_for_and(chunk) {
        return vec![("and".to_owned(), chunk)];
    }
    let mut terms = Vec::new();
    let mut joined = 0;
    for run in pieces(chunk).flat_map(runs) {
        if run.chars().all(is_sign) {
            sign_terms(run, &mut terms);
            continue;
        }
        joined += 1;
        if let Some(word) = word(run) {
            terms.extend(roman_key(&word).map(|key| (key, run)));
            terms.push((word, run));
        }
        let parts = run.split(APOSTROPHE).filter(|part| *part != run);
        let parts = parts.filter(|part| part.chars().count() >= SHORTEST_PART);
        terms.extend(parts.map(|part| (cut(part), part)));
    }
    if joined > 1 {
        terms.extend(word(chunk).map(|word| (word, chunk)));
    }
    terms.extend(shortened(chunk).map(|word| (word.to_owned(), chunk)));
    terms.extend(spelled_with_signs(chunk).and_then(|spelled| Some((word(&spelled)?, chunk))));
    terms
}

/// *Rock 'n' Roll*, *Sweet Child o' Mine*: what people write who spell it out.
fn shortened(chunk: &str) -> Option<&'static str> {
    match chunk {
        "'n'" | "'n" | "n'" => Some("and"),
        "o'" => Some("of"),
        _ => None,
    }
}

/// How words of these terms begin, up to [`LONGEST_BEGIN`] letters.
pub(crate) fn begins(terms: &[String]) -> Vec<&str> {
    let mut known = HashSet::new();
    let begins = terms.iter().flat_map(|term| {
        let marked = usize::from(term.starts_with([ROMAN, SOUND]));
        let ends = term.char_indices().skip(1 + marked).take(LONGEST_BEGIN);
        ends.map(|(end, _)| &term[..end])
    });
    begins.filter(|begin| known.insert(*begin)).collect()
}

/// What punctuation parts, but no apostrophe.
pub(super) fn pieces(chunk: &str) -> impl Iterator<Item = &str> {
    chunk.split(|letter: char| !letter.is_alphanumeric() && letter != APOSTROPHE)
}

/// Where a script without spaces begins or ends: *AKB48劇場* is two.
pub(super) fn runs(piece: &str) -> impl Iterator<Item = &str> {
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
pub(super) fn word(run: &str) -> Option<String> {
    let word: String = run.chars().filter(|l| l.is_alphanumeric()).take(LONGEST_WORD).collect();
    (!word.is_empty()).then_some(word)
}

pub(super) fn cut(part: &str) -> String {
    part.chars().take(LONGEST_WORD).collect()
}

/// Every sign, every two that stand side by side, and kana in Latin letters.
fn sign_terms<'t>(run: &'t str, terms: &mut Vec<(String, &'t str)>) {
    let places: Vec<(usize, char)> = run.char_indices().collect();
    for (number, (at, sign)) in places.iter().enumerate() {
        let end = at + sign.len_utf8();
        terms.push((run[*at..end].to_owned(), &run[*at..end]));
        if let Some((next, sign)) = places.get(number + 1) {
            let pair = &run[*at..next + sign.len_utf8()];
            terms.push((pair.to_owned(), pair));
        }
    }
    for kana in run.split(|sign: char| !matches!(sign, 'ぁ'..='ゟ' | 'ー')) {
        terms.extend(roman_kana(kana).map(|key| (key, kana)));
    }
}

/// Han, kana and Hangul: found by their signs instead of by words.
pub(crate) fn is_sign(letter: char) -> bool {
    matches!(letter,
        '々' | '〇' | 'ぁ'..='ゟ' | 'ァ'..='ヺ' | 'ー'..='ヿ' | '가'..='힣'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_in_words() {
        for (text, terms) in [
            ("Don't Stop Me Now", "dont don stop me now"),
            ("L'Été indien", "lete ete indien"),
            ("AC/DC", "ac dc acdc"),
            ("R.E.M.", "r e m rem"),
            ("P!nk", "p nk pnk pink"),
            ("Ke$ha", "ke ha keha kesha"),
            ("Wham! $100", "wham 100"),
            ("Simon & Garfunkel", "simon and garfunkel"),
            ("Rock 'n' Roll", "rock n and roll"),
            ("¿¡!?", "¿¡!?"),
            ("東京タワー", "東 東京 京 京た た たわ わ わー ー ~tava"),
            ("AKB48劇場", "akb48 劇 劇場 場"),
            ("비틀즈", "비 비틀 틀 틀즈 즈"),
            ("Кино", "~kino кино"),
            ("one two one", "one two"),
        ] {
            assert_eq!(index_terms(text).join(" "), terms, "{text}");
        }
    }

    #[test]
    fn begins_are_shorter_than_their_words() {
        let terms = ["a", "ab", "éb", "abcd", "~kino"].map(str::to_owned);
        assert_eq!(begins(&terms), ["a", "é", "ab", "~k", "~ki"]);
    }
}
