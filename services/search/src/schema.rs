//! The fields of a document.

use hexachord_contracts::ids::{AccountId, LibraryId};
use tantivy::{
    TantivyDocument, Term,
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
    },
};

use crate::text;

/// Grows with every change of the fields or of how text is folded: an index of another version
/// is built anew.
pub(crate) const VERSION: u32 = 1;

pub(crate) const KIND: &str = "kind";
pub(crate) const ID: &str = "id";
pub(crate) const LIBRARY: &str = "library";
pub(crate) const OWNER: &str = "owner";
pub(crate) const PUBLIC: &str = "public";
pub(crate) const ORDER: &str = "order";
pub(crate) const WHOLE: &str = "whole";

/// What a document is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Artist,
    Album,
    Track,
    Playlist,
}

/// What can be found, before it is a document.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) id: u64,
    pub(crate) seen_by: SeenBy,
    /// The title of a track or an album, the name of an artist or a playlist.
    pub(crate) name: String,
    /// Another way to write the name.
    pub(crate) also: Option<String>,
    /// What it is found by besides.
    pub(crate) others: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum SeenBy {
    /// Whoever may see the library.
    Library(LibraryId),
    /// Its owner, and everybody when it is public.
    Owner { owner: AccountId, public: bool },
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// What is replaced and removed at once: an id as text.
    key: Field,
    /// Which run of a feed told it last.
    telling: Field,
    pub(crate) title: Field,
    pub(crate) title_begins: Field,
    pub(crate) others: Field,
    pub(crate) others_begin: Field,
    kind: Field,
    id: Field,
    library: Field,
    owner: Field,
    public: Field,
    order: Field,
    whole: Field,
}

impl Kind {
    pub(crate) const COUNT: usize = 4;

    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Artist => 0,
            Self::Album => 1,
            Self::Track => 2,
            Self::Playlist => 3,
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
            others_begin: schema.add_text_field("others_begin", words),
            kind: schema.add_u64_field(KIND, FAST),
            id: schema.add_u64_field(ID, FAST),
            library: schema.add_u64_field(LIBRARY, FAST),
            owner: schema.add_u64_field(OWNER, FAST | INDEXED),
            public: schema.add_u64_field(PUBLIC, FAST),
            order: schema.add_u64_field(ORDER, FAST),
            whole: schema.add_text_field(WHOLE, TextOptions::from(FAST)),
        };
        (fields, schema.build())
    }

    pub(crate) fn document(&self, key: &str, telling: &str, entry: &Entry) -> TantivyDocument {
        let whole = text::whole(&entry.name);
        let mut title = text::index_terms(&entry.name);
        title.extend(entry.also.iter().flat_map(|also| text::index_terms(also)));
        let others: Vec<_> = entry.others.iter().flat_map(|text| text::index_terms(text)).collect();
        let (library, owner, public) = match entry.seen_by {
            SeenBy::Library(library) => (library.0, None, false),
            SeenBy::Owner { owner, public } => (0, Some(owner.0), public),
        };
        let mut document = TantivyDocument::new();
        document.add_text(self.key, key);
        document.add_text(self.telling, telling);
        document.add_text(self.title, title.join(" "));
        document.add_text(self.title_begins, text::begins(&title).join(" "));
        document.add_text(self.others, others.join(" "));
        document.add_text(self.others_begin, text::begins(&others).join(" "));
        document.add_u64(self.kind, entry.kind.number());
        document.add_u64(self.id, entry.id);
        document.add_u64(self.library, library);
        if let Some(owner) = owner {
            document.add_u64(self.owner, owner);
        }
        document.add_u64(self.public, public.into());
        document.add_u64(self.order, order(&whole));
        document.add_text(self.whole, whole);
        document
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

/// Shorter names first, then by how they begin: one number that is compared instead of the name.
fn order(whole: &str) -> u64 {
    let length = u8::try_from(whole.chars().count()).unwrap_or(u8::MAX);
    let mut bytes = [0; 8];
    let (first, rest) = bytes.split_at_mut(1);
    first.fill(length);
    for (to, from) in rest.iter_mut().zip(whole.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorter_names_come_first_then_by_letters() {
        let mut names = ["help", "a", "", "zz", "beatles", "aa", "ä"];
        names.sort_by_key(|name| order(name));
        assert_eq!(names, ["", "a", "ä", "aa", "zz", "help", "beatles"]);
        assert!(order(&"a".repeat(300)) < order(&"b".repeat(300)));
    }
}
