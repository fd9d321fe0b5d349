//! Names and descriptions of playlists.

use crate::errors::{Refusable, invalid};

const LONGEST_NAME: usize = 200;
const LONGEST_DESCRIPTION: usize = 2_000;

/// The name without blanks around it.
pub(super) fn name(text: &str) -> Refusable<String> {
    let name = text.trim();
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
        return Err(invalid("name", format!("must have 1 to {LONGEST_NAME} characters")));
    }
    if name.contains(char::is_control) {
        return Err(invalid("name", "must not have control characters"));
    }
    Ok(name.to_owned())
}

pub(super) fn description(text: String) -> Refusable<String> {
    if text.chars().count() > LONGEST_DESCRIPTION {
        let reason = format!("has more than {LONGEST_DESCRIPTION} characters");
        return Err(invalid("description", reason));
    }
    Ok(text)
}
