//! The calls of search. Each needs an account (or the program, which sees everything) and finds only
//! what it may see.

use serde::{Deserialize, Serialize};

/// What fits the words that were typed so far, best first: exact words before words that begin so,
/// those before words with a typing mistake. One without a letter or a digit finds nothing.
///
/// Besides words a query may hold fields (`artist:björk`, `year:1990..1999`, `genre:"trip hop"`,
/// `bitrate:>=320`, `loved:yes`), texts in quotes, and what must not match (`-live`).
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Find {
    /// At most [`Find::LONGEST`] bytes.
    pub query: String,
    /// Of each kind: 1 to [`Find::MOST`].
    pub limit: u32,
    /// Only of this kind; `None`: of all.
    pub kind: Option<super::FoundKind>,
    /// Reads on behind the last one of an answer of this `kind`.
    pub cursor: Option<String>,
    /// Count what was found by genre, decade, format and library, too.
    pub facets: bool,
}

impl Find {
    pub const LONGEST: usize = 1024;
    pub const MOST: u32 = 100;
    pub const USUAL: u32 = 20;
}

/// How a query that was begun may go on, the likeliest first; with typing mistakes mended.
#[derive(Debug, Serialize, Deserialize)]
pub struct Suggest {
    /// At most [`Find::LONGEST`] bytes.
    pub query: String,
    /// 1 to 20.
    pub limit: u32,
}

/// Which parts of these texts a query matches, in their order; at most [`Mark::MOST`] texts.
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
