//! Typing mistakes: how many letters are other ones, missing, too many, or changed places.

/// What a word was mistaken for another by: the better ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mistake {
    One,
    /// The other word goes on behind what was typed.
    OneInBegin,
    Two,
}

/// One mistake in a whole word: from so many letters.
const ONE_FROM: usize = 3;
/// In the begin of a word: shorter ones would find half of everything.
const ONE_IN_BEGIN_FROM: usize = 4;
/// Two mistakes in a whole word.
const TWO_FROM: usize = 6;

/// By which mistake `typed` would be `word`; `None` when it is another word, and when it is it or its
/// begin without a mistake.
fn mistake<T: PartialEq>(typed: &[T], word: &[T]) -> Option<Mistake> {
    let same = typed.iter().zip(word).take_while(|(one, other)| one == other).count();
    let (length, typed, word) = (typed.len(), &typed[same..], &word[same..]);
    if typed.is_empty() {
        return None;
    }
    if length >= ONE_FROM && is_within(typed, word, 1) {
        return Some(Mistake::One);
    }
    if length >= ONE_IN_BEGIN_FROM && begins_within_one(typed, word) {
        return Some(Mistake::OneInBegin);
    }
    (length >= TWO_FROM && is_within(typed, word, 2)).then_some(Mistake::Two)
}

/// [`mistake`] of words that are given as text; `letters` are those of `typed`.
pub(crate) fn mistake_of(typed: &str, letters: &[char], word: &str) -> Option<Mistake> {
    if typed.is_ascii() && word.is_ascii() {
        mistake(typed.as_bytes(), word.as_bytes())
    } else {
        mistake(letters, &word.chars().collect::<Vec<_>>())
    }
}

/// Whether a typed word of so many letters may be the begin of a word with a mistake, and how many
/// mistakes it may have as a whole one.
pub(super) fn most_mistakes(length: usize) -> (bool, u8) {
    let most = u8::from(length >= ONE_FROM) + u8::from(length >= TWO_FROM);
    (length >= ONE_IN_BEGIN_FROM, most)
}

fn is_within<T: PartialEq>(one: &[T], other: &[T], most: usize) -> bool {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[same..], &other[same..]);
    if one.len().abs_diff(other.len()) > most {
        return false;
    }
    let ([first, one_rest @ ..], [second, other_rest @ ..]) = (one, other) else { return true };
    let Some(most) = most.checked_sub(1) else { return false };
    let swapped = match (one_rest, other_rest) {
        ([next, one @ ..], [second_next, other @ ..]) => {
            first == second_next && next == second && is_within(one, other, most)
        }
        _ => false,
    };
    swapped
        || is_within(one_rest, other_rest, most)
        || is_within(one_rest, other, most)
        || is_within(one, other_rest, most)
}

/// Whether some begin of `word` is one mistake away. They differ in their first letters.
fn begins_within_one<T: PartialEq>(typed: &[T], word: &[T]) -> bool {
    let [first, rest @ ..] = typed else { return false };
    let [second, word_rest @ ..] = word else { return rest.is_empty() };
    let swapped = match (rest, word_rest) {
        ([next, rest @ ..], [second_next, word @ ..]) => {
            first == second_next && next == second && word.starts_with(rest)
        }
        _ => false,
    };
    swapped || word_rest.starts_with(rest) || word_rest.starts_with(typed) || word.starts_with(rest)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    fn of(typed: &str, word: &str) -> Option<Mistake> {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        mistake(&letters(typed), &letters(word))
    }

    #[test]
    fn one_two_or_too_many() {
        for word in ["beetles", "beatle", "eatles", "beatless", "beattles", "beatels", "ebatles"] {
            // The begin of a word is no mistake.
            let one = |typed: &str, word: &str| (!word.starts_with(typed)).then_some(Mistake::One);
            assert_eq!(of("beatles", word), one("beatles", word), "{word}");
            assert_eq!(of(word, "beatles"), one(word, "beatles"), "{word}");
        }
        for word in ["beetlas", "batels", "sbeatle", "tbeatlez", "beats", "ebaltes"] {
            assert_eq!(of("beatles", word), Some(Mistake::Two), "{word}");
        }
        for word in ["", "beat", "tbealez", "beetals", "selteab"] {
            assert_eq!(of("beatles", word), None, "{word}");
        }
        assert_eq!(of("ёлк", "елк"), Some(Mistake::One), "letters, not bytes");
        assert_eq!(of("beta", "beatles"), Some(Mistake::OneInBegin));
        assert_eq!(of("eatl", "beatles"), Some(Mistake::OneInBegin));
        assert_eq!(of("bet", "beatles"), None, "three letters are too few for that");
        assert_eq!(of("ez", "ze"), None, "two letters allow no mistake");
        assert_eq!(of("beels", "beatles"), None, "five letters allow one");
    }

    #[test]
    fn as_a_table_would_count() {
        let config = ProptestConfig {
            cases: 2000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        };
        proptest!(config, |(typed in "[abc]{6,9}", word in "[abc]{1,9}")| {
            let distance = table(typed.as_bytes(), word.as_bytes());
            let is_begin = (0..=word.len()).any(|end| table(typed.as_bytes(), &word.as_bytes()[..end]) <= 1);
            let expected = match distance {
                _ if word.starts_with(&typed) => None,
                0..=1 => Some(Mistake::One),
                _ if is_begin => Some(Mistake::OneInBegin),
                2 => Some(Mistake::Two),
                _ => None,
            };
            prop_assert_eq!(mistake(typed.as_bytes(), word.as_bytes()), expected);
        });
    }

    /// Optimal string alignment.
    fn table(one: &[u8], other: &[u8]) -> usize {
        let mut rows = vec![(0..=other.len()).collect::<Vec<_>>()];
        for i in 1..=one.len() {
            let mut row = vec![i];
            for j in 1..=other.len() {
                let cost = usize::from(one[i - 1] != other[j - 1]);
                let mut best =
                    (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + cost);
                if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                row.push(best);
            }
            rows.push(row);
        }
        rows[one.len()][other.len()]
    }
}
