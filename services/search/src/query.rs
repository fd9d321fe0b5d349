//! The language of queries: plain words, quoted words, fields, and what must not match.

mod field;
mod parser;
mod span;
mod values;

use std::ops::RangeInclusive;

use hexachord_contracts::ids::LibraryId;

use crate::{schema::Kind, text::Asked};

pub(crate) use parser::{ParseError, parse};

/// A query that was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Query {
    /// What is looked for everywhere.
    pub(crate) asked: Option<Asked>,
    pub(crate) texts: Vec<Text>,
    /// None of these may match.
    pub(crate) without: Vec<Text>,
    pub(crate) tests: Vec<Test>,
    /// Names of libraries, until somebody asked which ones they are.
    pub(crate) libraries: Vec<LibraryName>,
    /// Kinds that have all fields that it speaks of.
    pub(crate) kinds: Kinds,
}

/// Words that must stand side by side.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Text {
    pub(crate) place: Place,
    /// Never empty.
    pub(crate) units: Vec<String>,
    pub(crate) closeness: Closeness,
}

/// Where a text is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// In names of all sorts.
    Anywhere,
    Title,
    Tag(Tag),
    Lyrics,
}

/// What is told of a document besides its name; the letter begins its terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Tag {
    Title = b't',
    Artist = b'a',
    Album = b'l',
    Composer = b'c',
    Genre = b'g',
    Mood = b'm',
    Label = b'b',
    Comment = b'o',
    Format = b'f',
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Closeness {
    /// The words as they are.
    Exact,
    /// The last word may go on.
    Begins,
    /// One word, with its begins and typing mistakes.
    Similar,
}

/// A question about numbers, which a document answers with yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Test {
    pub(crate) of: Tested,
    pub(crate) negated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Tested {
    Number(Number, RangeInclusive<u64>),
    Loved,
    Rating(RangeInclusive<u64>),
    Plays(RangeInclusive<u64>),
    Libraries(Vec<LibraryId>),
}

/// A number of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Number {
    Year,
    Bitrate,
    /// Milliseconds.
    Length,
    Bpm,
    /// Milliseconds since the epoch.
    Added,
    /// 1 when it is.
    Explicit,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct LibraryName {
    /// The character of the query where it stands, from 1.
    pub(crate) at: u32,
    pub(crate) name: String,
    pub(crate) negated: bool,
}

/// Some of the kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Kinds(u8);

impl Kinds {
    const ALL: Self = Self(0b1111);
    const MUSIC: Self = Self(0b0111);
    const TRACKS: Self = Self(0b0100);
    const ALBUMS: Self = Self(0b0010);
    const ALBUMS_AND_TRACKS: Self = Self(0b0110);

    pub(crate) fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind.number()) != 0
    }

    fn limit_to(&mut self, other: Self) {
        self.0 &= other.0;
    }
}

impl Default for Kinds {
    fn default() -> Self {
        Self::ALL
    }
}

impl Tag {
    pub(crate) fn letter(self) -> char {
        char::from(self as u8)
    }
}

impl Query {
    /// Only plain words.
    pub(crate) fn plain(asked: Option<Asked>) -> Self {
        Self { asked, ..Self::default() }
    }

    /// It has no word and no field: nothing is looked for.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { asked, texts, without, tests, libraries, .. } = self;
        asked.is_none()
            && texts.is_empty()
            && without.is_empty()
            && tests.is_empty()
            && libraries.is_empty()
    }

    /// Whether it asks what the caller loves, rates or plays.
    pub(crate) fn is_personal(&self) -> bool {
        let is_personal =
            |test: &Test| matches!(test.of, Tested::Loved | Tested::Rating(_) | Tested::Plays(_));
        self.tests.iter().any(is_personal)
    }
}
