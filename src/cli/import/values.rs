//! Values of rows: columns hold anything, whatever their type says.

use hexachord_contracts::Timestamp;
use jiff::{Span, civil::DateTime, tz::TimeZone};
use rusqlite::{Row, types::ValueRef};

/// Text; bytes that are not UTF-8 are shown as what they are not.
pub(super) fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned()).filter(|text| !text.is_empty())
        }
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Null => None,
    })
}

pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<f64>> {
    Ok(match row.get_ref(column)? {
        #[expect(clippy::cast_precision_loss, reason = "counts and lengths are far smaller")]
        ValueRef::Integer(number) => Some(number as f64),
        ValueRef::Real(number) => Some(number),
        ValueRef::Text(bytes) => str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()),
        ValueRef::Blob(_) | ValueRef::Null => None,
    })
}

/// A number that is not negative, without its fraction.
pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u32>> {
    let number = number(row, column)?.filter(|number| *number >= 0.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float becomes the nearest integer that there is"
    )]
    Ok(number.map(|number| number as u32))
}

/// A number of disc or track: 0 is none.
pub(super) fn ordinal(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u32>> {
    Ok(count(row, column)?.filter(|number| *number > 0))
}

/// A length in units of which `per_second` are a second.
pub(super) fn duration_ms(
    row: &Row<'_>,
    column: usize,
    per_second: f64,
) -> rusqlite::Result<Option<u64>> {
    let seconds = number(row, column)?.map(|number| number / per_second);
    let seconds = seconds.filter(|seconds| (0.001..1e8).contains(seconds));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is within what fits"
    )]
    Ok(seconds.map(|seconds| (seconds * 1000.0) as u64))
}

pub(super) fn is_true(row: &Row<'_>, column: usize) -> rusqlite::Result<bool> {
    let is_word = text(row, column)?.is_some_and(|text| text.eq_ignore_ascii_case("true"));
    Ok(is_word || number(row, column)?.is_some_and(|number| number != 0.0))
}

/// How programs write the 16 bytes of a UUID.
#[derive(Debug, Clone, Copy)]
pub(super) enum Bytes {
    InOrder,
    /// As .NET does: its first three fields with the least byte first.
    DotNet,
}

/// A UUID, whether it is bytes or text with or without dashes, as 32 lower-case digits.
pub(super) fn uuid(row: &Row<'_>, column: usize, bytes: Bytes) -> rusqlite::Result<Option<String>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Blob(blob) if blob.len() == 16 => {
            let order: [usize; 16] = match bytes {
                Bytes::InOrder => std::array::from_fn(|place| place),
                Bytes::DotNet => [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15],
            };
            let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
            let halves = order.iter().flat_map(|place| [blob[*place] >> 4, blob[*place] & 15]);
            Some(halves.map(digit).collect())
        }
        _ => text(row, column)?.map(|text| undashed(&text)),
    })
}

pub(super) fn undashed(uuid: &str) -> String {
    uuid.chars().filter(|digit| *digit != '-').collect::<String>().to_lowercase()
}

/// A path with `/` between its folders.
pub(super) fn slashed(path: String) -> String {
    let of_windows = path.starts_with("\\\\") || path.as_bytes().get(1) == Some(&b':');
    if of_windows { path.replace('\\', "/") } else { path }
}

/// A time, as text or as seconds; in `zone` where it names none. Times of the first century are how
/// some programs write 'never'.
pub(super) fn time(
    row: &Row<'_>,
    column: usize,
    zone: &TimeZone,
) -> rusqlite::Result<Option<Timestamp>> {
    let time = match row.get_ref(column)? {
        ValueRef::Integer(seconds) => seconds.checked_mul(1000).map(Timestamp::from_millis),
        ValueRef::Text(bytes) => str::from_utf8(bytes).ok().and_then(|text| read_time(text, zone)),
        ValueRef::Real(_) | ValueRef::Blob(_) | ValueRef::Null => None,
    };
    Ok(time.filter(|time| time.as_millis() > 0))
}

/// `2024-05-06 07:08:09.123+02:00` and its relatives: with `T`, with `Z`, without a zone, with the
/// name of a zone behind.
fn read_time(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    let date_end = text.find(['T', ' '])?;
    let clock = &text[date_end + 1..];
    let clock_end = clock.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.');
    let (clock, rest) = clock.split_at(clock_end.unwrap_or(clock.len()));
    let civil: DateTime = format!("{}T{clock}", &text[..date_end]).parse().ok()?;
    let offset = rest.split_whitespace().next().unwrap_or_default();
    let moment = match offset {
        "" => zone.to_timestamp(civil).ok()?,
        "Z" | "z" | "UTC" => TimeZone::UTC.to_timestamp(civil).ok()?,
        _ => TimeZone::UTC.to_timestamp(civil.checked_sub(offset_minutes(offset)?).ok()?).ok()?,
    };
    Some(Timestamp::from_millis(moment.as_millisecond()))
}

/// `+02:00`, `-0330` or `+02`.
fn offset_minutes(text: &str) -> Option<Span> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits.replace(':', "")),
        ("-", digits) => (-1, digits.replace(':', "")),
        _ => return None,
    };
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = digits.get(2..4).map_or(Some(0), |minutes| minutes.parse().ok())?;
    Span::new().try_minutes(sign * (hours * 60 + minutes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let utc = "2024-05-06T05:08:09.123Z";
        for text in [
            "2024-05-06 05:08:09.123456789+00:00",
            "2024-05-06T05:08:09.123Z",
            "2024-05-06 07:08:09.123+02:00",
            "2024-05-06 01:38:09.123-0330",
            "2024-05-06 05:08:09.123 +0000 UTC",
            "2024-05-06 06:08:09.123",
            "2024-05-06 05:08:09.1230000Z",
        ] {
            let time = read_time(text, &zone).map(|time| time.to_string());
            assert_eq!(time.as_deref(), Some(utc), "{text}");
        }
        for text in ["", "never", "2024-05-06", "2024-13-06 05:08:09", "2024-05-06 05:08:09 soon"] {
            assert_eq!(read_time(text, &zone), None, "{text}");
        }
    }

    #[test]
    fn paths_of_windows_get_slashes() {
        assert_eq!(slashed("D:\\Music\\a.mp3".to_owned()), "D:/Music/a.mp3");
        assert_eq!(slashed("\\\\nas\\a.mp3".to_owned()), "//nas/a.mp3");
        assert_eq!(slashed("/music/a\\b.mp3".to_owned()), "/music/a\\b.mp3");
    }

    #[test]
    fn uuids_are_one_however_they_are_kept() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let query = "SELECT x'33221100554477668899aabbccddeeff', \
                     '00112233-4455-6677-8899-AABBCCDDEEFF', x'00112233445566778899aabbccddeeff', 7";
        let read = |row: &Row<'_>| {
            let kinds = [Bytes::DotNet, Bytes::DotNet, Bytes::InOrder, Bytes::InOrder];
            (0..).zip(kinds).map(|(column, bytes)| uuid(row, column, bytes)).collect()
        };
        let read: Vec<_> = connection.query_row(query, [], |row| read(row)).unwrap();
        let one = Some("00112233445566778899aabbccddeeff".to_owned());
        assert_eq!(read, [one.clone(), one.clone(), one, Some("7".to_owned())]);
    }
}
