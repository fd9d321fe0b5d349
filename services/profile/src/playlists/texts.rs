//! Names and descriptions of playlists.

use crate::errors::{Refusable, invalid};

const LONGEST_NAME: usize = 200;
const LONGEST_DESCRIPTION: usize = 2_000;
/// A playlist from elsewhere may have no name.
const UNNAMED: &str = "Untitled";

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

/// A name from elsewhere within what is allowed here.
pub(super) fn fitted_name(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name: String = plain.trim().chars().take(LONGEST_NAME).collect();
    let name = name.trim_end();
    if name.is_empty() { UNNAMED.to_owned() } else { name.to_owned() }
}

/// A description from elsewhere within what is allowed here.
pub(super) fn fitted(text: &str) -> String {
    text.chars().take(LONGEST_DESCRIPTION).collect()
}
