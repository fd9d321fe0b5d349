//! References of payments: short, and read out easily.

/// No 0 and O, no 1, I and L, no U beside V.
const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS: usize = 6;

/// `HX-` and six letters from `random`.
pub(crate) fn reference(random: u64) -> String {
    let mut rest = random;
    let mut text = "HX-".to_owned();
    for _ in 0..DIGITS {
        let letter = rest % LETTERS.len() as u64;
        rest /= LETTERS.len() as u64;
        text.extend(
            usize::try_from(letter).ok().and_then(|at| LETTERS.get(at)).map(|l| *l as char),
        );
    }
    text
}

/// A reference as it was given out, however its letters and digits were typed: banks leave out
/// dashes, and people write small letters and groups.
pub(crate) fn as_written(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric).take(32);
    let letters = letters.collect::<String>().to_ascii_uppercase();
    let rest = letters.strip_prefix("HX").filter(|rest| rest.len() == DIGITS);
    format!("HX-{}", rest.unwrap_or(&letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_six_letters_that_cannot_be_mistaken() {
        for random in [0, 1, 29, 30, u64::MAX, 0x0123_4567_89ab_cdef] {
            let text = reference(random);
            let letters = text.strip_prefix("HX-").unwrap();
            assert_eq!(letters.len(), DIGITS);
            assert!(letters.bytes().all(|letter| LETTERS.contains(&letter)), "{text}");
        }
        assert_ne!(reference(1), reference(2));
    }

    #[test]
    fn a_reference_is_known_however_it_is_typed() {
        for typed in ["HX-HXA234", "hx-hxa234", " hxHXa234 ", "HX hxa 234", "HXA234"] {
            assert_eq!(as_written(typed), "HX-HXA234", "{typed}");
        }
        for other in ["", "HX-", "HX-HXA23", "HX-HXA2345", "ÄÖ"] {
            assert_ne!(as_written(other), "HX-HXA234", "{other}");
        }
    }
}
