//! Usernames and labels: what they may contain, and when two usernames are the same.

use hexachord_contracts::authentication::AuthenticationError;
use unicode_normalization::UnicodeNormalization;

const LONGEST: usize = 64;
/// No text that is longer than this is looked at closely.
const LONGEST_INPUT: usize = 1024;

/// A valid username.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Username {
    /// As its owner writes it: NFKC, without space around it.
    pub(crate) shown: String,
    /// What is unique.
    pub(crate) folded: String,
}

impl Username {
    pub(crate) fn parse(text: &str) -> Result<Self, AuthenticationError> {
        let shown = one_line("username", text, LONGEST)?;
        if shown.contains('/') {
            return Err(invalid("username", "leave out the `/`"));
        }
        let folded = fold(&shown);
        Ok(Self { shown, folded })
    }
}

/// The label of a device key.
pub(crate) fn label(text: &str) -> Result<String, AuthenticationError> {
    one_line("label", text, LONGEST)
}

pub(crate) fn invalid(field: &str, reason: &str) -> AuthenticationError {
    AuthenticationError::Invalid { field: field.to_owned(), reason: reason.to_owned() }
}

fn one_line(field: &str, text: &str, longest: usize) -> Result<String, AuthenticationError> {
    let too_long = || invalid(field, &format!("use at most {longest} characters"));
    if text.len() > LONGEST_INPUT {
        return Err(too_long());
    }
    let normal: String = text.nfkc().collect();
    let shown = normal.trim();
    if shown.is_empty() {
        return Err(invalid(field, "is empty"));
    }
    if shown.chars().count() > longest {
        return Err(too_long());
    }
    if shown.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Err(invalid(field, "leave out control characters and invisible characters"));
    }
    Ok(shown.to_owned())
}

/// Characters without a shape of their own with which one name can be made to look like another:
/// marks and embeddings of direction, separators, spaces and joins without width. The joiners that
/// Persian and Indic spelling needs (U+200C, U+200D) are not among them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
    ) || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e0000}'..='\u{e007f}')
}

/// Lower case, one character at a time, so that a letter's neighbours do not matter (the final
/// sigma is the one letter for which they would).
fn fold(shown: &str) -> String {
    let lower = shown.chars().flat_map(char::to_lowercase);
    lower.map(|c| if c == 'ς' { 'σ' } else { c }).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    fn folded(text: &str) -> String {
        Username::parse(text).unwrap().folded
    }

    #[test]
    fn the_same_name_is_written_in_several_ways() {
        for (one, other) in [
            ("Anna", " aNNA\t"),
            ("Zoë", "Zoe\u{308}"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
            ("ｗｉｄｅ", "wide"),
            ("ﬁona", "Fiona"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("anna"), folded("ana"));
        assert_eq!(Username::parse("  Zoë B. ").unwrap().shown, "Zoë B.");
    }

    #[test]
    fn a_refused_name_says_what_to_do() {
        let long = "x".repeat(65);
        let huge = "y".repeat(100_000);
        for (text, word) in [
            ("", "empty"),
            (" \u{3000} ", "empty"),
            (long.as_str(), "64"),
            (huge.as_str(), "64"),
            ("a/b", "`/`"),
            ("a\u{ff0f}b", "`/`"),
            ("a\u{7}b", "control"),
            ("a\nb", "control"),
            ("admin\u{202e}", "invisible"),
            ("ad\u{200b}min", "invisible"),
        ] {
            match Username::parse(text) {
                Err(AuthenticationError::Invalid { field, reason }) => {
                    assert_eq!(field, "username");
                    assert!(reason.contains(word), "{text:?}: {reason}");
                }
                other => panic!("{text:?}: {other:?}"),
            }
        }
        assert!(Username::parse(&"ü".repeat(64)).is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        })]

        #[test]
        fn a_valid_name_is_a_fixed_point(text in "\\PC{0,70}|.{0,20}") {
            if let Ok(name) = Username::parse(&text) {
                let length = name.shown.chars().count();
                prop_assert!((1..=64).contains(&length));
                prop_assert_eq!(name.shown.trim(), &name.shown);
                prop_assert!(!name.shown.chars().any(char::is_control));
                prop_assert!(!name.shown.contains('/'));
                prop_assert_eq!(&Username::parse(&name.shown).unwrap(), &name);
                prop_assert_eq!(&fold(&name.folded), &name.folded);
                // Who shouts or whispers the name means the same account.
                if name.shown.is_ascii() {
                    let upper = Username::parse(&name.shown.to_uppercase()).unwrap();
                    prop_assert_eq!(upper.folded, name.folded);
                }
            }
        }
    }
}
