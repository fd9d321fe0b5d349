//! What text is made of when it is looked for: folded letters, in words.

mod fold;
mod words;

pub(crate) use words::{Asked, LONGEST_BEGIN, Word, begins, index_terms, whole};
