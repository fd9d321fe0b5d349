//! The fields of a document.

use hexachord_contracts::ids::AccountId;
use tantivy::{
    Term,
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing,
        TextOptions,
    },
};

use crate::query::Number;

/// Grows with every change of the fields or of how text is folded: an index of another version
/// is built anew.
pub(crate) const VERSION: u32 = 2;

pub(crate) const KIND: &str = "kind";
pub(crate) const ID: &str = "id";
pub(crate) const LIBRARY: &str = "library";
pub(crate) const OWNER: &str = "owner";
pub(crate) const PUBLIC: &str = "public";
pub(crate) const ORDER: &str = "order";
pub(crate) const WHOLE: &str = "whole";
pub(crate) const GENRE: &str = "genre";
pub(crate) const CODEC: &str = "codec";

/// Stands for a field that an index of another version does not have.
const ABSENT: Field = Field::from_field_id(u32::MAX);

/// What a document is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Artist,
    Album,
    Track,
    Playlist,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// What is replaced and removed at once: an id as text.
    pub(crate) key: Field,
    /// Which run of a feed told it last.
    pub(crate) telling: Field,
    /// The words of the name.
    pub(crate) title: Field,
    pub(crate) title_begins: Field,
    /// The words that it is found by besides.
    pub(crate) others: Field,
    pub(crate) others_begin: Field,
    /// Words and neighbouring words, after the letter of their tag.
    pub(crate) tagged: Field,
    /// Words, and pairs of words.
    pub(crate) lyrics: Field,
    /// The kind, and how many articles its whole name leaves out.
    pub(crate) kind: Field,
    pub(crate) id: Field,
    pub(crate) library: Field,
    pub(crate) owner: Field,
    pub(crate) public: Field,
    pub(crate) order: Field,
    pub(crate) whole: Field,
    numbers: [Field; Number::ALL.len()],
    pub(crate) genre: Field,
    pub(crate) codec: Field,
    /// As it is written.
    pub(crate) name: Field,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Artist, Self::Album, Self::Track, Self::Playlist];
    pub(crate) const COUNT: usize = Self::ALL.len();

    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Artist => 0,
            Self::Album => 1,
            Self::Track => 2,
            Self::Playlist => 3,
        }
    }
}

impl Number {
    pub(crate) const ALL: [Self; 6] =
        [Self::Year, Self::Bitrate, Self::Length, Self::Bpm, Self::Added, Self::Explicit];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Bitrate => "bitrate",
            Self::Length => "length",
            Self::Bpm => "bpm",
            Self::Added => "added",
            Self::Explicit => "explicit",
        }
    }
}

impl Fields {
    pub(crate) fn new() -> (Self, Schema) {
        let words = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        let words = TextOptions::default().set_indexing_options(words);
        let mut schema = Schema::builder();
        let fields = Self {
            key: schema.add_text_field("key", STRING),
            telling: schema.add_text_field("telling", STRING),
            title: schema.add_text_field("title", words.clone()),
            title_begins: schema.add_text_field("title_begins", words.clone()),
            others: schema.add_text_field("others", words.clone()),
            others_begin: schema.add_text_field("others_begin", words.clone()),
            tagged: schema.add_text_field("tagged", words.clone()),
            lyrics: schema.add_text_field("lyrics", words),
            kind: schema.add_u64_field(KIND, FAST),
            id: schema.add_u64_field(ID, FAST),
            library: schema.add_u64_field(LIBRARY, FAST),
            owner: schema.add_u64_field(OWNER, FAST | INDEXED),
            public: schema.add_u64_field(PUBLIC, FAST),
            order: schema.add_u64_field(ORDER, FAST),
            whole: schema.add_text_field(WHOLE, TextOptions::from(FAST)),
            numbers: Number::ALL.map(|number| schema.add_u64_field(number.name(), FAST)),
            genre: schema.add_text_field(GENRE, TextOptions::from(FAST)),
            codec: schema.add_text_field(CODEC, TextOptions::from(FAST)),
            name: schema.add_text_field("name", STORED),
        };
        (fields, schema.build())
    }

    /// Today's fields in an index of another version. In those that it lacks nothing is found;
    /// `None` where it lacks one that everything is found by.
    pub(crate) fn of(schema: &Schema) -> Option<Self> {
        let (today, entries) = Self::new();
        let find = |field: Field| {
            let entry = entries.get_field_entry(field);
            let found = schema.get_field(entry.name()).ok()?;
            (schema.get_field_entry(found) == entry).then_some(found)
        };
        let find_or_absent = |field| find(field).unwrap_or(ABSENT);
        Some(Self {
            key: find(today.key)?,
            telling: find_or_absent(today.telling),
            title: find(today.title)?,
            title_begins: find(today.title_begins)?,
            others: find_or_absent(today.others),
            others_begin: find_or_absent(today.others_begin),
            tagged: find_or_absent(today.tagged),
            lyrics: find_or_absent(today.lyrics),
            kind: find_or_absent(today.kind),
            id: find_or_absent(today.id),
            library: find_or_absent(today.library),
            owner: find_or_absent(today.owner),
            public: find_or_absent(today.public),
            order: find_or_absent(today.order),
            whole: find_or_absent(today.whole),
            numbers: today.numbers.map(find_or_absent),
            genre: find_or_absent(today.genre),
            codec: find_or_absent(today.codec),
            name: find(today.name)?,
        })
    }

    pub(crate) fn has(field: Field) -> bool {
        field != ABSENT
    }

    pub(crate) fn number(&self, number: Number) -> Field {
        self.numbers[number as usize]
    }

    pub(crate) fn of_key(&self, key: &str) -> Term {
        Term::from_field_text(self.key, key)
    }

    pub(crate) fn of_telling(&self, telling: &str) -> Term {
        Term::from_field_text(self.telling, telling)
    }

    pub(crate) fn of_owner(&self, owner: AccountId) -> Term {
        Term::from_field_u64(self.owner, owner.0)
    }
}
