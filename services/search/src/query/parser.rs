//! Reading a query: what is not understood is plain text, what is half understood says where.

use hexachord_contracts::Timestamp;

use super::{
    Closeness, LibraryName, Number, Place, Query, Tag, Test, Tested, Text,
    field::{Holds, named},
    span::{Piece, Quotes, Span, pieces},
    values::{self, Wrong},
};
use crate::text::{Asked, units};

const MOST_STARS: u64 = 5;
/// Quoted words that count.
const MOST_UNITS: usize = 32;

/// Why a query is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParseError {
    /// The character where it goes wrong, from 1.
    pub(crate) at: u32,
    pub(crate) reason: String,
}

/// Fields, quoted words and what must not match: further ones are ignored, as further words are.
const MOST_CLAUSES: usize = 16;

/// `now` is what ages count from.
pub(crate) fn parse(text: &str, now: Timestamp) -> Result<Query, ParseError> {
    let mut query = Query::default();
    let mut plain = String::new();
    let mut clauses = 0;
    for piece in pieces(text) {
        let is_word = piece.name.is_none()
            && !piece.negated
            && matches!(piece.quotes, Quotes::None | Quotes::Open);
        if !is_word {
            clauses += 1;
            if clauses > MOST_CLAUSES {
                continue;
            }
        }
        match piece {
            Piece { name: Some(name), .. } => {
                if let Err(Wrong { at, reason }) = with_field(&mut query, name, piece, now) {
                    let reason = format!("{}: {reason}", name.text.to_ascii_lowercase());
                    // What is missing at the end is missing behind the last character.
                    let last = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                    return Err(ParseError { at: at.min(last), reason });
                }
            }
            Piece { negated: false, quotes: Quotes::None | Quotes::Open, value, .. } => {
                plain.push_str(value.text);
                plain.push(' ');
            }
            Piece { negated, value, .. } => {
                let text = Text::new(Place::Anywhere, value, Closeness::Exact);
                let texts = if negated { &mut query.without } else { &mut query.texts };
                texts.extend(text);
            }
        }
    }
    query.asked = Asked::new(&plain);
    Ok(query)
}

fn with_field(
    query: &mut Query,
    name: Span<'_>,
    piece: Piece<'_>,
    now: Timestamp,
) -> Result<(), Wrong> {
    let Piece { mut negated, value, quotes, .. } = piece;
    let Some((holds, kinds)) = named(name.text) else { return Ok(()) };
    let tested = match holds {
        Holds::Text(place) => {
            let text = Text::new(place, value, closeness(quotes, negated));
            let none = || values::wrong(value, "write a word to look for".to_owned());
            let texts = if negated { &mut query.without } else { &mut query.texts };
            texts.push(text.ok_or_else(none)?);
            query.kinds.limit_to(kinds);
            return Ok(());
        }
        Holds::Lossless => {
            let word = if values::yes_or_no(value)? == negated { "lossy" } else { "lossless" };
            let units = vec![word.to_owned()];
            let place = Place::Tag(Tag::Format);
            query.texts.push(Text { place, units, closeness: Closeness::Exact });
            query.kinds.limit_to(kinds);
            return Ok(());
        }
        Holds::Library => {
            let name = value.text.to_owned();
            query.libraries.push(LibraryName { at: value.at, name, negated });
            query.kinds.limit_to(kinds);
            return Ok(());
        }
        Holds::Number(number) => Tested::Number(number, values::range(number, value, now)?),
        Holds::Explicit => {
            negated ^= !values::yes_or_no(value)?;
            Tested::Number(Number::Explicit, 1..=1)
        }
        Holds::Loved => {
            negated ^= !values::yes_or_no(value)?;
            Tested::Loved
        }
        Holds::Rating => {
            let range = values::count(value, MOST_STARS, "1 to 5 stars, or 0 for not rated")?;
            // What is not rated is not rated low.
            let is_open = value.text.starts_with(['<', '.']);
            Tested::Rating(if is_open { 1..=*range.end() } else { range })
        }
        Holds::Plays => {
            Tested::Plays(values::count(value, u64::from(u32::MAX), "a number of plays (10)")?)
        }
    };
    query.tests.push(Test { of: tested, negated });
    query.kinds.limit_to(kinds);
    Ok(())
}

fn closeness(quotes: Quotes, negated: bool) -> Closeness {
    match quotes {
        Quotes::Closed => Closeness::Exact,
        _ if negated => Closeness::Exact,
        Quotes::Open => Closeness::Begins,
        Quotes::None => Closeness::Similar,
    }
}

impl Text {
    /// `None` when there is no letter and no digit in it.
    fn new(place: Place, value: Span<'_>, closeness: Closeness) -> Option<Self> {
        let mut units = units(value.text);
        units.truncate(MOST_UNITS);
        let closeness = match closeness {
            Closeness::Similar if units.len() > 1 => Closeness::Begins,
            other => other,
        };
        (!units.is_empty()).then_some(Self { place, units, closeness })
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;
    use crate::schema::Kind;

    fn parsed(text: &str) -> Result<Query, ParseError> {
        parse(text, Timestamp::from_millis(1_800_000_000_000))
    }

    #[test]
    fn plain_text_stays_plain() {
        for text in
            ["Re: Stacks", "2:00", "http://example.org", "foo:bar", "year: zero", "a-ha", "- b"]
        {
            let query = parsed(text).unwrap();
            assert_eq!(query, Query { asked: Asked::new(text), ..Query::default() }, "{text}");
        }
        assert!(parsed("").unwrap().is_empty());
        assert!(parsed(" \"\" ").unwrap().is_empty());
    }

    #[test]
    fn fields_words_and_quotes() {
        let text =
            "jóga artist:björk year:1990..1999 genre:\"trip hop\" -live bitrate:>=320 loved:no";
        let query = parsed(text).unwrap();
        assert_eq!(query.asked, Asked::new("joga"));
        let texts: Vec<_> = query.texts.iter().map(|text| text.units.join("_")).collect();
        assert_eq!(texts, ["bjork", "trip_hop"]);
        assert_eq!(query.without[0].units, ["live"]);
        let expected = [
            Test { of: Tested::Number(Number::Year, 1990..=1999), negated: false },
            Test { of: Tested::Number(Number::Bitrate, 320..=u64::MAX), negated: false },
            Test { of: Tested::Loved, negated: true },
        ];
        assert_eq!(query.tests, expected);
        let kinds = [Kind::Artist, Kind::Album, Kind::Track, Kind::Playlist];
        assert_eq!(kinds.map(|kind| query.kinds.has(kind)), [false, false, true, false]);
        let of = |text: &str| kinds.map(|kind| parsed(text).unwrap().kinds.has(kind));
        assert_eq!(of("x -\"y z\""), [true; 4]);
        assert_eq!(of("artist:x loved:yes"), [true, true, true, false]);
        assert_eq!(of("YEAR:1990"), [false, true, true, false]);
        assert_eq!(of("label:ecm bpm:1"), [false; 4]);
    }

    #[test]
    fn errors_say_where() {
        for (text, at, reason) in [
            ("björk year:abc", 12, "year: write a year (1994) or a decade (1990s)"),
            ("year:1990..1980", 6, "year: this range ends before it begins"),
            ("year:1990..x", 12, "year: write a year (1994) or a decade (1990s)"),
            ("-loved:maybe", 8, "loved: write yes or no"),
            ("Rating:>=6", 10, "rating: write 1 to 5 stars, or 0 for not rated"),
            ("artist:!", 8, "artist: write a word to look for"),
            ("bitrate:\"\"", 10, "bitrate: write kilobits a second (320)"),
        ] {
            let expected = ParseError { at, reason: reason.to_owned() };
            assert_eq!(parsed(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn any_text_is_read_or_says_where() {
        let config = ProptestConfig {
            cases: 3000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        };
        let piece = "(-|\"|é| |:|\\.\\.|>=|<|year:|artist:|loved:|added:|length:|library:|rating:|[0-9a-z]{1,4}|\\PC){0,12}";
        proptest!(config, |(text in piece)| {
            match parsed(&text) {
                Ok(query) => prop_assert!(query.texts.iter().all(|text| !text.units.is_empty())),
                Err(ParseError { at, reason }) => {
                    prop_assert!(at >= 1 && at as usize <= text.chars().count());
                    prop_assert!(!reason.is_empty());
                }
            }
        });
    }
}
