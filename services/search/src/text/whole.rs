//! Whole names: two are the same when their letters and digits are, whatever stands between.

use super::fold::fold;

/// Letters and digits of a whole name that count.
const LONGEST_WHOLE: usize = 256;
/// Articles that are left out where another word follows. Those of other languages are words of
/// this one (*die*, *la*, *os*), so they stay.
const ARTICLES: [&str; 3] = ["the", "a", "an"];
const MOST_ARTICLES: u8 = 15;

/// A name without what is between its letters, and without articles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Whole {
    pub(crate) letters: String,
    /// How many were left out: of two names that are the same otherwise, the one with as many as
    /// were typed comes first.
    pub(crate) articles: u8,
}

pub(crate) fn whole(text: &str) -> Whole {
    of_folded(&fold(text))
}

pub(crate) fn of_folded(folded: &str) -> Whole {
    let mut whole = Whole::default();
    for (chunk, counts) in with_articles(folded) {
        if !counts {
            whole.articles = (whole.articles + 1).min(MOST_ARTICLES);
        } else if stands_for_and(chunk) {
            whole.letters.push_str("and");
        } else {
            let spelled = spelled_with_signs(chunk);
            let letters = spelled.as_deref().unwrap_or(chunk).chars();
            whole.letters.extend(letters.filter(|letter| letter.is_alphanumeric()));
        }
    }
    if whole.letters.is_empty() {
        whole.letters = folded.split_whitespace().collect();
    }
    if let Some((end, _)) = whole.letters.char_indices().nth(LONGEST_WHOLE) {
        whole.letters.truncate(end);
    }
    whole
}

/// The chunks of a text, and whether they count: an article does only at the end, for it may be
/// the begin of a word (*love a*), unless it was put there (*Beatles, The*).
pub(super) fn with_articles(folded: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut chunks = folded.split_whitespace().peekable();
    let mut after_comma = false;
    std::iter::from_fn(move || {
        let chunk = chunks.next()?;
        let is_left_out = ARTICLES.contains(&chunk) && (chunks.peek().is_some() || after_comma);
        after_comma = chunk.ends_with(',');
        Some((chunk, !is_left_out))
    })
}

/// *Simon & Garfunkel* are Simon and Garfunkel.
pub(super) fn stands_for_and(chunk: &str) -> bool {
    matches!(chunk, "&" | "+")
}

/// Signs that are drawn instead of letters: *p!nk*, *ke$ha*, *a$ap*. `None` when there are none.
pub(super) fn spelled_with_signs(chunk: &str) -> Option<String> {
    if !chunk.contains(['!', '$']) {
        return None;
    }
    let letters: Vec<char> = chunk.chars().collect();
    let is_letter = |at: Option<usize>| {
        at.and_then(|at| letters.get(at)).is_some_and(|letter: &char| letter.is_alphabetic())
    };
    let spelled = letters.iter().enumerate().map(|(at, letter)| {
        let (before, after) = (is_letter(at.checked_sub(1)), is_letter(Some(at + 1)));
        match letter {
            '!' if before && after => 'i',
            '$' if before || after => 's',
            other => *other,
        }
    });
    let spelled: String = spelled.collect();
    (spelled != chunk).then_some(spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_ignore_what_is_between() {
        for [one, other] in [
            ["AC/DC", "acdc"],
            ["The Beatles", "beatles"],
            ["Beatles, The", "the beatles"],
            ["The The", "the"],
            ["Live at the BBC", "live at bbc"],
            ["P!nk", "pink"],
            ["A$AP Rocky", "asap rocky"],
            ["Blink-182", "blink182"],
            ["Simon & Garfunkel", "simon and garfunkel"],
            ["¿¡!? …", "¿¡!?..."],
        ] {
            assert_eq!(whole(one).letters, whole(other).letters, "{one}");
        }
        for [one, other] in [["Vitamin A", "vitamin"], ["A", "The"], ["Die Hard", "hard"]] {
            assert_ne!(whole(one).letters, whole(other).letters, "{one}");
        }
        assert_eq!(whole(&"x".repeat(1000)).letters.len(), 256);
        assert_eq!(whole("").letters, "");
        assert_eq!(whole("The Best of the Rest").articles, 2);
    }
}
