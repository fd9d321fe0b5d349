//! Text from tags is anyone's: it is decoded, cleaned and bounded before it goes further.

use std::borrow::Cow;

/// Characters kept of one text.
const MOST_CHARACTERS: usize = 1_000;

/// Bytes looked at of what may hold several texts.
const MOST_BYTES: usize = 128 * 1024;

/// Text as it was meant: old taggers wrote UTF-8 where Latin-1 was promised. What is valid UTF-8
/// beyond ASCII when taken byte by byte was hardly meant as anything else.
pub(super) fn readable(text: &str) -> Cow<'_, str> {
    let text = &text[..text.floor_char_boundary(MOST_BYTES)];
    if text.is_ascii() || text.chars().any(|character| u32::from(character) > 0xFF) {
        return Cow::Borrowed(text);
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|character| character.try_into().ok()).collect();
    let meant = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    meant.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// One line without control characters and without marks that turn the direction of what follows;
/// `None` when nothing is left.
pub(super) fn clean(text: &str) -> Option<String> {
    let cleaned = visible(text.trim());
    let trimmed = cleaned.trim();
    if trimmed.len() == cleaned.len() {
        return (!cleaned.is_empty()).then_some(cleaned);
    }
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// The same with the blanks around it.
pub(super) fn visible(text: &str) -> String {
    if text.len() <= MOST_CHARACTERS && text.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
        return text.to_owned();
    }
    text.chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .filter(|character| !character.is_control() && !is_invisible_order(*character))
        .take(MOST_CHARACTERS)
        .collect()
}

/// Lines, however they are ended.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

/// The text of a file: UTF-8, UTF-16 with a byte order mark, else Windows-1252.
pub(super) fn decoded(content: &[u8]) -> String {
    match content {
        [0xFF, 0xFE, rest @ ..] => return utf_16(rest, true),
        [0xFE, 0xFF, rest @ ..] => return utf_16(rest, false),
        _ => {}
    }
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    match std::str::from_utf8(content) {
        Ok(text) => text.to_owned(),
        // It was cut in the middle of a character.
        Err(error) if error.error_len().is_none() => {
            String::from_utf8_lossy(&content[..error.valid_up_to()]).into_owned()
        }
        Err(_) => content.iter().map(|byte| windows_1252(*byte)).collect(),
    }
}

pub(super) fn utf_16(bytes: &[u8], little: bool) -> String {
    let order = if little { u16::from_le_bytes } else { u16::from_be_bytes };
    let units = bytes.chunks_exact(2).map(|unit| order([unit[0], unit[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn windows_1252(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž',
        '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}',
        'ž', 'Ÿ',
    ];
    let special = byte.checked_sub(0x80).and_then(|place| FROM_80.get(usize::from(place)));
    special.copied().unwrap_or_else(|| char::from(byte))
}

/// Overrides, embeddings and isolates of the bidirectional algorithm, and the byte order mark.
fn is_invisible_order(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The number at the start of `text`, as in `3/12`, and the one behind the slash.
pub(super) fn number_and_total(text: &str) -> (Option<u32>, Option<u32>) {
    let (number, total) = text.split_once('/').unwrap_or((text, ""));
    (number_of(number), number_of(total))
}

/// A number from 1 to 9,999: what is beyond is no position in a list.
pub(super) fn number_of(text: &str) -> Option<u32> {
    let text = text.trim();
    text.parse().ok().filter(|number| (1..=9_999).contains(number))
}

/// A date as precise as it is written: `1997`, `1997-05` or `1997-05-21`. Understands what begins
/// like ISO 8601, and `19970521`.
pub(super) fn date_of(text: &str) -> Option<String> {
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok())?
    };
    let text_is_compact = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let year = digits(0..4).filter(|year| (1_000..=2_999).contains(year))?;
    let followed_by_digit = text.as_bytes().get(4).is_some_and(u8::is_ascii_digit);
    if followed_by_digit && !text_is_compact {
        return None;
    }
    let (month, day) = if text_is_compact {
        (digits(4..6), digits(6..8))
    } else {
        (
            digits(5..7).filter(|_| is_separator(text, 4)),
            digits(8..10).filter(|_| is_separator(text, 7)),
        )
    };
    let month = month.filter(|month| (1..=12).contains(month));
    let day = day.filter(|day| (1..=31).contains(day));
    Some(match (month, day) {
        (Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year:04}-{month:02}"),
        _ => format!("{year:04}"),
    })
}

fn is_separator(text: &str, at: usize) -> bool {
    matches!(text.as_bytes().get(at), Some(b'-' | b'/' | b'.'))
}

/// A UUID in lowercase; anything else is no identifier of MusicBrainz.
pub(super) fn uuid_of(text: &str) -> Option<String> {
    let text = text.trim();
    let well_formed = text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    well_formed.then(|| text.to_ascii_lowercase())
}
