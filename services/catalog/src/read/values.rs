//! What single texts of tags mean: numbers, gains, flags, codes.

use hexachord_contracts::decibels::Decibels;

/// The fastest music there is.
const FASTEST: f64 = 1_000.0;
/// Of full scale; a larger one is not the peak of a sample.
const LARGEST_PEAK: f64 = 1_000.0;
/// Opus files tell their gain against −23 LUFS, `ReplayGain` means −18.
const R128_TO_REPLAY_GAIN: f64 = 5.0;

pub(super) fn is_set(flag: &str) -> bool {
    !["0", "false", "no"].iter().any(|not| flag.eq_ignore_ascii_case(not))
}

/// As iTunes writes it: 1 (formerly 4) is explicit, 2 was cleaned, 0 tells nothing.
pub(super) fn is_explicit(advisory: &str) -> Option<bool> {
    match advisory.trim() {
        "1" | "4" => Some(true),
        "2" => Some(false),
        _ => None,
    }
}

pub(super) fn beats(text: &str) -> Option<u32> {
    let beats = decimal(text)?.round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is from 1 to 1,000"
    )]
    (1.0..=FASTEST).contains(&beats).then_some(beats as u32)
}

/// `-7.31 dB`, as `ReplayGain` is written.
pub(super) fn gain(text: &str) -> Option<Decibels> {
    let text = text.trim();
    let split = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at));
    let number = match split.map(|at| text.split_at(at)) {
        Some((number, unit)) if unit.eq_ignore_ascii_case("dB") => number,
        _ => text,
    };
    Decibels::from_db(decimal(number)?)
}

pub(super) fn r128_gain(text: &str) -> Option<Decibels> {
    let steps: i16 = text.trim().parse().ok()?;
    Decibels::from_db(f64::from(steps) / 256.0 + R128_TO_REPLAY_GAIN)
}

/// A peak in millionths of full scale.
pub(super) fn peak(text: &str) -> Option<u32> {
    let peak = decimal(text)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is from 0 to 1,000 millions"
    )]
    (0.0..=LARGEST_PEAK).contains(&peak).then_some((peak * 1_000_000.0).round() as u32)
}

/// A number as people write it, with a comma or a real minus.
fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let number: f64 = match text.parse() {
        Ok(number) => number,
        Err(_) => text.replace(',', ".").replace('\u{2212}', "-").parse().ok()?,
    };
    Some(number).filter(|number| number.is_finite())
}

/// The recording codes in `text`, without hyphens.
pub(super) fn recording_codes(text: &str) -> impl Iterator<Item = String> {
    text.split([';', ',', '/', ' ']).filter_map(|code| {
        let mut code: String = code.chars().filter(|character| *character != '-').collect();
        code.make_ascii_uppercase();
        let is_code = code.len() == 12
            && code.bytes().enumerate().all(|(place, byte)| match place {
                0 | 1 => byte.is_ascii_uppercase(),
                2..=4 => byte.is_ascii_alphanumeric(),
                _ => byte.is_ascii_digit(),
            });
        is_code.then_some(code)
    })
}

/// Is it written by a program for programs? iTunes keeps loudness and lengths in comments.
pub(super) fn is_for_programs(comment: &str) -> bool {
    let mut words = comment.split_ascii_whitespace().peekable();
    let is_number = |word: &str| {
        matches!(word.len(), 8 | 16) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    words.peek().is_some() && comment.len() > 16 && words.all(is_number)
}

/// A player and, in parentheses behind the name, what was played.
pub(super) fn player(text: &str) -> (String, Option<String>) {
    let behind = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    match behind {
        Some((name, instrument)) if !name.trim().is_empty() && !instrument.trim().is_empty() => {
            (name.trim().to_owned(), Some(instrument.trim().to_owned()))
        }
        _ => (text.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_and_peaks() {
        let hundredths = |text| gain(text).map(|gain| gain.0);
        for (text, expected) in [
            ("-7.31 dB", Some(-731)),
            ("+2.5dB", Some(250)),
            ("-7,31 DB", Some(-731)),
            ("\u{2212}1 dB", Some(-100)),
            ("0", Some(0)),
            ("dB", None),
            ("loud", None),
            ("nan", None),
            ("-1e300 dB", None),
        ] {
            assert_eq!(hundredths(text), expected, "{text}");
        }
        assert_eq!(r128_gain("-1280").map(|gain| gain.0), Some(0));
        assert_eq!(r128_gain("256").map(|gain| gain.0), Some(600));
        assert_eq!(r128_gain("40000"), None);
        assert_eq!(peak("0.98852539"), Some(988_525));
        assert_eq!(peak("1,5"), Some(1_500_000));
        assert_eq!((peak("-1"), peak("1e9"), peak("inf")), (None, None, None));
    }

    #[test]
    fn beats_flags_and_advice() {
        assert_eq!((beats("127.6"), beats("127,4"), beats("0")), (Some(128), Some(127), None));
        assert_eq!((beats("-3"), beats("1e9"), beats("fast")), (None, None, None));
        assert_eq!(
            ["1", "4", "2", "0", "x"].map(is_explicit),
            [Some(true), Some(true), Some(false), None, None]
        );
        assert_eq!(
            ["1", "true", "0", "No", "FALSE"].map(is_set),
            [true, true, false, false, false]
        );
    }

    #[test]
    fn recording_codes_are_checked() {
        let codes = |text| recording_codes(text).collect::<Vec<_>>();
        assert_eq!(codes("us-s1z-99-00001"), ["USS1Z9900001"]);
        assert_eq!(codes("USS1Z9900001;GBAYE0601498 / x"), ["USS1Z9900001", "GBAYE0601498"]);
        assert!(codes("123456789012").is_empty() && codes("US").is_empty());
        assert!(codes("ÜSS1Z9900001").is_empty());
    }

    #[test]
    fn loudness_in_a_comment_is_no_comment() {
        assert!(is_for_programs(" 00000A2B 00000B3C 00003C4D 0000A1B2"));
        assert!(!is_for_programs("00000A2B"), "may be what somebody wrote");
        assert!(!is_for_programs("recorded in 12345678 and on") && !is_for_programs(""));
    }

    #[test]
    fn players_name_what_they_play() {
        assert_eq!(player("Guido (monochord)"), ("Guido".into(), Some("monochord".into())));
        for plain in ["Guido", "(monochord)", "Guido ()", "Sunn O)))", "Sunn (O"] {
            assert_eq!(player(plain), (plain.to_owned(), None));
        }
    }
}
