//! What can be found, and how it becomes a document.

use hexachord_contracts::ids::{AccountId, LibraryId};
use tantivy::TantivyDocument;

use crate::{
    query::{Number, Tag},
    schema::{Fields, Kind},
    text::{self, Gram},
};

/// Bytes of a name that are kept as they are written.
const LONGEST_NAME: usize = 512;

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
    /// What it is found by when its field is named.
    pub(crate) tagged: Vec<(Tag, String)>,
    pub(crate) numbers: Vec<(Number, u64)>,
    pub(crate) genres: Vec<String>,
    pub(crate) codec: Option<String>,
    pub(crate) lyrics: Option<String>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum SeenBy {
    /// Whoever may see the library.
    Library(LibraryId),
    /// Its owner, and everybody when it is public.
    Owner { owner: AccountId, public: bool },
}

impl Entry {
    pub(crate) fn new(kind: Kind, id: u64, seen_by: SeenBy, name: String) -> Self {
        Self {
            kind,
            id,
            seen_by,
            name,
            also: None,
            others: vec![],
            tagged: vec![],
            numbers: vec![],
            genres: vec![],
            codec: None,
            lyrics: None,
        }
    }

    pub(crate) fn document(&self, fields: &Fields, key: &str, telling: &str) -> TantivyDocument {
        let whole = text::whole(&self.name);
        let mut title = text::index_terms(&self.name);
        title.extend(self.also.iter().flat_map(|also| text::index_terms(also)));
        let others: Vec<_> = self.others.iter().flat_map(|text| text::index_terms(text)).collect();
        let (library, owner, public) = match self.seen_by {
            SeenBy::Library(library) => (library.0, None, false),
            SeenBy::Owner { owner, public } => (0, Some(owner.0), public),
        };
        let mut document = TantivyDocument::new();
        document.add_text(fields.key, key);
        document.add_text(fields.telling, telling);
        document.add_text(fields.title, title.join(" "));
        document.add_text(fields.title_begins, text::begins(&title).join(" "));
        document.add_text(fields.others, others.join(" "));
        document.add_text(fields.others_begin, text::begins(&others).join(" "));
        document.add_text(fields.tagged, self.tagged_terms().join(" "));
        if let Some(lyrics) = &self.lyrics {
            document.add_text(fields.lyrics, lyrics_terms(lyrics).join(" "));
        }
        let kind = KindAndArticles { kind: self.kind.number(), articles: whole.articles };
        document.add_u64(fields.kind, kind.to_number().into());
        document.add_u64(fields.id, self.id);
        document.add_u64(fields.library, library);
        if let Some(owner) = owner {
            document.add_u64(fields.owner, owner);
        }
        document.add_u64(fields.public, public.into());
        document.add_u64(fields.order, order(&whole.letters));
        document.add_text(fields.whole, whole.letters);
        for (number, value) in &self.numbers {
            document.add_u64(fields.number(*number), *value);
        }
        for genre in &self.genres {
            document.add_text(fields.genre, genre);
        }
        if let Some(codec) = &self.codec {
            document.add_text(fields.codec, codec);
        }
        document.add_text(fields.name, begin(&self.name, LONGEST_NAME));
        document
    }

    /// The name's own words are in another field already: of it only neighbours.
    fn tagged_terms(&self) -> Vec<String> {
        let name = text::grams(&self.name, Gram::Triples);
        let mut terms: Vec<_> = name.into_iter().map(|term| with_tag(Tag::Title, &term)).collect();
        for (tag, text) in &self.tagged {
            let words = text::index_terms(text);
            let grams = text::grams(text, Gram::Triples);
            terms.extend(words.iter().chain(&grams).map(|term| with_tag(*tag, term)));
        }
        terms
    }
}

/// Of one byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KindAndArticles {
    pub(crate) kind: u8,
    pub(crate) articles: u8,
}

impl KindAndArticles {
    fn to_number(self) -> u8 {
        self.articles << 2 | self.kind
    }

    pub(crate) fn from_number(number: u8) -> Self {
        Self { kind: number & 3, articles: number >> 2 }
    }
}

pub(crate) fn with_tag(tag: Tag, term: &str) -> String {
    let mut tagged = String::with_capacity(1 + term.len());
    tagged.push(tag.letter());
    tagged.push_str(term);
    tagged
}

fn lyrics_terms(lyrics: &str) -> Vec<String> {
    let mut terms = text::units(lyrics);
    terms.extend(text::grams(lyrics, Gram::Pairs));
    terms
}

fn begin(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
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

    #[test]
    fn a_byte_holds_kind_and_articles() {
        for kind in 0..4 {
            for articles in 0..16 {
                let number = KindAndArticles { kind, articles }.to_number();
                let read = KindAndArticles::from_number(number);
                assert_eq!((read.kind, read.articles), (kind, articles));
            }
        }
    }
}
