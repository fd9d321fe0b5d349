//! What text is made of when it is looked for: folded letters, in words.

mod asked;
mod automaton;
mod edits;
mod fold;
mod neighbours;
mod roman;
mod whole;
mod words;

pub(crate) use asked::{Asked, Word};
pub(crate) use automaton::{Automaton, State as AutomatonState};
pub(crate) use edits::{Mistake, mistake_of};
pub(crate) use fold::{Folded, fold};
pub(crate) use neighbours::{Gram, grams, grams_of_units, units};
pub(crate) use roman::{ROMAN, SOUND, latin, roman_key, sound_key};
pub(crate) use whole::{Whole, of_folded as whole_of_folded, whole};
pub(crate) use words::{LONGEST_BEGIN, begins, each_term, index_terms, is_sign};
