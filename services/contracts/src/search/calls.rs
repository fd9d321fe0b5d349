//! The calls of search.

use serde::{Deserialize, Serialize};

/// What fits the words that were typed so far, best first: exact words before words that begin so,
/// those before words with a typing mistake. Everything in a query is plain text; one without a
/// letter or a digit finds nothing. Needs an account (or the program, which sees everything).
#[derive(Debug, Serialize, Deserialize)]
pub struct Find {
    /// At most [`Find::LONGEST`] bytes.
    pub query: String,
    /// Of each kind: 1 to [`Find::MOST`].
    pub limit: u32,
}

impl Find {
    pub const LONGEST: usize = 1024;
    pub const MOST: u32 = 100;
    pub const USUAL: u32 = 20;
}

/// The program and administrators: what the index knows.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetIndex {}
