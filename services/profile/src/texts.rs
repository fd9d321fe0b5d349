//! Names, descriptions and other small things that people and clients tell, within their limits.

use crate::errors::{Refusable, invalid};

const LONGEST_NAME: usize = 200;
const LONGEST_DEVICE: usize = 200;
/// Longer than any file plays.
const FARTHEST_MS: u64 = 30 * 24 * 60 * 60 * 1000;
const LONGEST_DESCRIPTION: usize = 2_000;
/// A playlist from elsewhere may have no name.
const UNNAMED: &str = "Untitled";

/// The name without blanks around it.
pub(crate) fn name(text: &str) -> Refusable<String> {
    let name = text.trim();
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
        return Err(invalid("name", format!("must have 1 to {LONGEST_NAME} characters")));
    }
    if name.contains(char::is_control) {
        return Err(invalid("name", "must not have control characters"));
    }
    Ok(name.to_owned())
}

pub(crate) fn description(text: String) -> Refusable<String> {
    long("description", text)
}

/// A text of some sentences.
pub(crate) fn long(field: &str, text: String) -> Refusable<String> {
    if text.chars().count() > LONGEST_DESCRIPTION {
        let reason = format!("has more than {LONGEST_DESCRIPTION} characters");
        return Err(invalid(field, reason));
    }
    Ok(text)
}

/// What a client calls itself, as far as it can be printed.
pub(crate) fn device(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).take(LONGEST_DEVICE).collect()
}

/// Refuses a place that is in no track.
pub(crate) fn position(position_ms: u64) -> Refusable<()> {
    if position_ms > FARTHEST_MS {
        return Err(invalid("position_ms", "is more than 30 days"));
    }
    Ok(())
}

/// A name from elsewhere within what is allowed here.
pub(crate) fn fitted_name(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name: String = plain.trim().chars().take(LONGEST_NAME).collect();
    let name = name.trim_end();
    if name.is_empty() { UNNAMED.to_owned() } else { name.to_owned() }
}

/// A description from elsewhere within what is allowed here.
pub(crate) fn fitted(text: &str) -> String {
    text.chars().take(LONGEST_DESCRIPTION).collect()
}
