//! Genres as people read them: several in one text, and the numbers of `ID3v1` by their names.

use lofty::id3::v1::GENRES;

/// The genres that `texts` name, each once, at most `most`.
pub(super) fn names(texts: &[String], most: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(texts.len());
    let mut add = |name: &str| {
        let known = names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if !name.is_empty() && !known && names.len() < most {
            names.push(name.to_owned());
        }
    };
    for part in texts.iter().flat_map(|text| text.split(';')) {
        let mut rest = part.trim();
        // ID3v2.3: any number of references in brackets, then a name that refines the last one.
        while let Some((reference, behind)) =
            rest.strip_prefix('(').and_then(|inside| inside.split_once(')'))
        {
            let Some(name) = by_reference(reference) else { break };
            rest = behind.trim_start();
            if rest.is_empty() || rest.starts_with('(') {
                add(name);
            }
        }
        // "((" stands for a bracket that belongs to the name.
        let rest = if rest.starts_with("((") { &rest[1..] } else { rest };
        add(by_reference(rest).unwrap_or(rest));
    }
    names
}

/// By the number of `ID3v1` and its extensions, or by the two words of `ID3v2.3`.
fn by_reference(reference: &str) -> Option<&str> {
    match reference {
        "RX" => Some("Remix"),
        "CR" => Some("Cover"),
        _ if reference.len() <= 3 && reference.bytes().all(|byte| byte.is_ascii_digit()) => {
            GENRES.get(reference.parse::<usize>().ok()?).copied()
        }
        _ => None,
    }
}

/// The number of MP4's `gnre`, which counts from 1.
pub(super) fn by_mp4_number(number: u16) -> Option<&'static str> {
    GENRES.get(usize::from(number).checked_sub(1)?).copied()
}

/// The number of `ID3v1`.
pub(super) fn by_number(number: u8) -> Option<&'static str> {
    GENRES.get(usize::from(number)).copied()
}
