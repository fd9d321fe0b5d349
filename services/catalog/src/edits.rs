//! Edits: what an administrator says of artists, genres and albums goes before what files are tagged
//! with. Rows are made of what is tagged and of the edits, whichever came first, so that a scan makes
//! the same of them.

mod apply;
mod check;
mod list;
mod put;

pub(crate) use apply::edited;
pub(crate) use check::checked;
pub(crate) use list::list_edits;
pub(crate) use put::{Put, remove};
