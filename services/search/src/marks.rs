//! Marking: the same comparison as finding, of one text, with the places of what was found.

use std::{collections::HashMap, ops::Range};

use hexachord_contracts::search::Span;

use crate::{
    query::{Closeness, Place, Query, Tag},
    text::{
        Folded, Whole, Word, each_term, latin, mistake_of, roman_key, sound_key, whole_of_folded,
    },
};

/// Bytes of a text that are looked at.
const LONGEST: usize = 4096;

/// What is marked in texts.
pub(crate) struct Marker {
    words: Vec<MarkedWord>,
    whole: Option<Whole>,
}

struct MarkedWord {
    text: String,
    letters: Vec<char>,
    /// The same in Latin letters, or as it sounds.
    keys: Vec<String>,
    closeness: Closeness,
}

impl Marker {
    pub(crate) fn new(query: &Query) -> Self {
        let mut words = Vec::new();
        if let Some(asked) = &query.asked {
            for word in &asked.words {
                words.push(match word {
                    Word::Plain(text) => MarkedWord::new(text, Closeness::Similar),
                    Word::Gram(text) => MarkedWord::new(text, Closeness::Exact),
                });
            }
            // Articles too, where they are.
            words.extend(asked.line.iter().map(|unit| MarkedWord::new(unit, Closeness::Exact)));
        }
        for text in &query.texts {
            let is_of_names = matches!(
                text.place,
                Place::Anywhere
                    | Place::Title
                    | Place::Tag(Tag::Artist | Tag::Album | Tag::Composer)
            );
            if is_of_names {
                words.extend(text.units.iter().map(|unit| MarkedWord::new(unit, text.closeness)));
            }
        }
        Self { words, whole: query.asked.as_ref().map(|asked| asked.whole.clone()) }
    }

    /// The parts of each text. Many are the same: the album of all its tracks.
    pub(crate) fn mark_all(&self, texts: &[String]) -> Vec<Vec<Span>> {
        let mut known: HashMap<&str, Vec<Span>> = HashMap::new();
        let mark = |text| known.entry(text).or_insert_with(|| self.mark(text)).clone();
        texts.iter().map(String::as_str).map(mark).collect()
    }

    /// The parts, one after the other, in bytes of the text.
    fn mark(&self, text: &str) -> Vec<Span> {
        let text = &text[..text.floor_char_boundary(LONGEST)];
        let folded = Folded::new(text);
        let mut parts: Vec<Range<usize>> = Vec::new();
        each_term(&folded.text, &mut |term, part| {
            let reached = self.words.iter().filter_map(|word| word.reach(&term)).max();
            parts.extend(reached.map(|reach| folded.origin(reach.of(&term, part))));
            true
        });
        if parts.is_empty()
            && self
                .whole
                .as_ref()
                .is_some_and(|typed| typed.letters == whole_of_folded(&folded.text).letters)
            && !text.is_empty()
        {
            parts.push(0..text.len());
        }
        joined(parts)
    }
}

/// How much of a word is marked: more comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// So many letters.
    Begin(usize),
    All,
}

impl Reach {
    fn of<'t>(self, term: &str, part: &'t str) -> &'t str {
        match self {
            // Letters of the part are those of the term, with what stands between.
            Self::Begin(letters) if part.starts_with(term) => {
                let end = part.char_indices().nth(letters).map_or(part.len(), |(at, _)| at);
                &part[..end]
            }
            Self::Begin(letters) => {
                let mut ends = part.char_indices().filter(|(_, letter)| letter.is_alphanumeric());
                let last = ends.nth(letters.saturating_sub(1));
                let end = last.map_or(part.len(), |(at, letter)| at + letter.len_utf8());
                &part[..end]
            }
            Self::All => part,
        }
    }
}

impl MarkedWord {
    fn new(text: &str, closeness: Closeness) -> Self {
        let mut keys = Vec::new();
        if closeness == Closeness::Similar {
            keys.extend(latin(text));
            keys.extend(
                sound_key(text)
                    .into_iter()
                    .flat_map(|(word, sound)| [Some(word), sound].into_iter().flatten()),
            );
        }
        Self { text: text.to_owned(), letters: text.chars().collect(), keys, closeness }
    }

    fn reach(&self, term: &str) -> Option<Reach> {
        if term == self.text {
            return Some(Reach::All);
        }
        if self.closeness == Closeness::Exact {
            return None;
        }
        if term.starts_with(&self.text) {
            return Some(Reach::Begin(self.letters.len()));
        }
        if self.closeness == Closeness::Begins {
            return None;
        }
        if self.keys.iter().any(|key| term.starts_with(key.as_str())) {
            return Some(Reach::All);
        }
        let is_word = || {
            let is_key = roman_key(term).is_some() || !term.starts_with(char::is_alphanumeric);
            !is_key && self.text.contains(char::is_alphabetic)
        };
        let is_it = mistake_of(&self.text, &self.letters, term).is_some() && is_word();
        is_it.then_some(Reach::All)
    }
}

/// What touches or overlaps is one part.
fn joined(mut parts: Vec<Range<usize>>) -> Vec<Span> {
    parts.retain(|part| !part.is_empty());
    parts.sort_unstable_by_key(|part| (part.start, part.end));
    let mut joined: Vec<Span> = Vec::new();
    for part in parts {
        let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
        let (start, end) = (number(part.start), number(part.end));
        match joined.last_mut() {
            Some(last) if last.end >= start => last.end = last.end.max(end),
            _ => joined.push(Span { start, end }),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::Timestamp;
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;
    use crate::query::parse;

    fn spans(query: &str, text: &str) -> Vec<Span> {
        Marker::new(&parse(query, Timestamp::default()).unwrap()).mark(text)
    }

    /// What is marked, in brackets.
    fn marked(query: &str, text: &str) -> String {
        let mut marked = text.to_owned();
        for span in spans(query, text).iter().rev() {
            marked.insert(span.end as usize, ']');
            marked.insert(span.start as usize, '[');
        }
        marked
    }

    #[test]
    fn parts_are_marked_in_the_text_as_it_is_written() {
        for (query, expected) in [
            ("beat", "The [Beat]les"),
            ("the beatles", "[The] [Beatles]"),
            ("beatels", "The [Beatles]"),
            ("bjork joga", "[Björk]: [Jóga]"),
            ("strass", "[Straß]e"),
            ("stras", "[Straß]e"),
            ("fi", "[ﬁ]nal"),
            ("are", "[Å\u{301}re]na"),
            ("don't", "[Don’t] stop"),
            ("dont", "[Don’t] stop"),
            ("do", "[Do]n’t stop"),
            ("acdc", "[AC/DC]"),
            ("ac dc", "[AC]/[DC]"),
            ("pink", "[P!nk]"),
            ("p!nk", "[P!nk] and [Pink]"),
            ("kino", "Группа [Кино]"),
            ("fairuz", "[فيروز]"),
            ("東京", "[東京]タワー"),
            ("たわ", "東京[タワ]ー"),
            ("ﾀﾜｰ", "東京[タワー]"),
            ("hikaru", "宇多田[ヒカル]"),
            ("sigurros", "[Sigur Rós]"),
            ("\"dark side\" -live", "The [Dark] [Side] Live"),
            ("artist:bjo year:1990..", "[Bjö]rk"),
            ("genre:rock", "Rock"),
            ("", "Rock"),
            ("zzz", "Rock"),
        ] {
            let text = expected.replace(['[', ']'], "");
            assert_eq!(marked(query, &text), expected, "{query}");
        }
    }

    #[test]
    fn no_letter_is_split() {
        let config = ProptestConfig {
            cases: 500,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        };
        let text = "[a-c \u{301}ßﬁÅé'/가ガ\u{3099}ﾞ東]{0,16}|\\PC{0,20}";
        proptest!(config, |(query in "[a-cßé'/가が東]{1,5}", text in text)| {
            let mut end = 0;
            for span in spans(&query, &text) {
                prop_assert!(span.start >= end && span.end > span.start);
                prop_assert!(text.get(span.start as usize..span.end as usize).is_some());
                end = span.end + 1;
            }
        });
    }
}
