//! What commands print: results on standard output, the rest on standard error.

use std::{fmt, io::Write};

/// A line of result. A reader that left (a closed pipe) does not make the command fail.
pub(super) fn say(line: impl fmt::Display) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// A line for the person, not for the pipe.
pub(super) fn tell(line: impl fmt::Display) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

pub(super) fn complain(error: &(impl fmt::Display + ?Sized)) {
    drop(writeln!(std::io::stderr(), "hexachord: {error}"));
}
