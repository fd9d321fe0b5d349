//! The calls of search. Each needs an account (or the program, which sees everything) and finds only
//! what it may see.

use serde::{Deserialize, Serialize};

/// What fits the query that was typed so far, best first.
///
/// **Words** match exactly, as the begin of a word, in Latin letters for another script (*kino* finds
/// *Кино*), or with typing mistakes: one from three letters, two from six. All must be in the name or
/// in what it is found by besides: artists, album, contributors. Case, accents, width and punctuation
/// make no difference, and `the`, `a` and `an` are left out before another word. A name that is what
/// was typed comes first; then exact words (in the name before elsewhere), begins, other scripts,
/// mistakes. Among equals comes first what all listeners and the caller play and love. Three words or
/// more are also found in lyrics, last. A query of symbols finds names that are nothing else.
///
/// **Quoted words** stand side by side in one of these texts.
///
/// **Fields**: `title`, `artist`, `album`, `composer`, `genre`, `mood`, `label`, `comment`, `lyrics`,
/// `format` (codec, kind of file, `lossless`, `lossy`) hold words or quoted words; `year`, `bitrate`,
/// `length`, `bpm`, `added`, `rating`, `plays` hold numbers and ranges (`1994`, `1990s`, `>=320`,
/// `4:30..6m`, `2024-05..`, `<30d`); `loved`, `explicit`, `lossless` yes or no; `library` an id or a
/// name. A hyphen before a word, quoted words or a field: it must not match, as it is written. What is
/// no field here is plain text; a field that cannot hold its value is
/// [`Query`](super::SearchError::Query). A query may have fields only. Of words, and of everything else,
/// the first 16 count.
///
/// Of each kind only what has all fields that are named is found: tracks have all but `label`; albums
/// have `title`, `artist`, `album`, `genre`, `label`, `year`, `added`, `explicit`; artists `artist`;
/// all three `library`, `loved`, `rating`, `plays`; playlists have none.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Find {
    /// At most [`Find::LONGEST`] bytes.
    pub query: String,
    /// Of each kind: 1 to [`Find::MOST`].
    pub limit: u32,
    /// Only of this kind; `None`: of all.
    pub kind: Option<super::FoundKind>,
    /// Reads on behind the last one of an answer of this query and `kind`.
    pub cursor: Option<String>,
    /// Count what was found by genre, decade, format and library, too.
    pub facets: bool,
    /// The query is a name, or what somebody typed who knows of no fields: all of it is plain words.
    #[serde(default)]
    pub plain: bool,
}

impl Find {
    pub const LONGEST: usize = 1024;
    pub const MOST: u32 = 100;
    pub const USUAL: u32 = 20;
}

/// Names that a query that was begun may become, the likeliest first, each once; when no name has
/// its words, those with a typing mistake. A query with fields has none.
#[derive(Debug, Serialize, Deserialize)]
pub struct Suggest {
    /// At most [`Find::LONGEST`] bytes.
    pub query: String,
    /// 1 to [`Suggest::MOST`].
    pub limit: u32,
}

impl Suggest {
    pub const MOST: u32 = 20;
}

/// Which parts of these texts a query matches, in their order: of each the parts from its begin to its
/// end, never a part of a letter. Plain and quoted words count, and those of `title`, `artist`,
/// `album` and `composer`. At most [`Mark::MOST`] texts, of which the first 4 kB are looked at.
#[derive(Debug, Serialize, Deserialize)]
pub struct Mark {
    pub query: String,
    pub texts: Vec<String>,
}

impl Mark {
    pub const MOST: usize = 1000;
}

/// The program and administrators: what the index knows.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetIndex {}
