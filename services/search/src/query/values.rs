//! The values of fields: numbers, lengths, dates, and ranges of them.

use std::ops::RangeInclusive;

use hexachord_contracts::Timestamp;

use super::{Number, span::Span};

pub(super) type Range = RangeInclusive<u64>;

/// Why a value is none, and where.
pub(super) struct Wrong {
    pub(super) at: u32,
    pub(super) reason: String,
}

/// What one value stands for: a year is many moments.
#[derive(Clone, Copy)]
struct Interval {
    first: u64,
    last: u64,
    /// It counts backwards from now: a smaller age is a later time.
    is_age: bool,
}

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// `a`, `a..b`, `a..`, `..b`, `>a`, `>=a`, `<a` or `<=a`.
pub(super) fn range(of: Number, value: Span<'_>, now: Timestamp) -> Result<Range, Wrong> {
    let read = |span: Span<'_>| interval(of, span, now);
    ranged(value, &read)
}

/// A range of plain numbers up to `most`.
pub(super) fn count(value: Span<'_>, most: u64, what: &str) -> Result<Range, Wrong> {
    let read = |span: Span<'_>| {
        let number = span.text.parse().ok().filter(|number| *number <= most);
        let number = number.ok_or_else(|| wrong(span, format!("write {what}")))?;
        Ok(Interval { first: number, last: number, is_age: false })
    };
    ranged(value, &read)
}

pub(super) fn yes_or_no(value: Span<'_>) -> Result<bool, Wrong> {
    match value.text.to_lowercase().as_str() {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err(wrong(value, "write yes or no".to_owned())),
    }
}

fn ranged(
    value: Span<'_>,
    read: &dyn Fn(Span<'_>) -> Result<Interval, Wrong>,
) -> Result<Range, Wrong> {
    for (sign, upwards, including) in
        [(">=", true, true), (">", true, false), ("<=", false, true), ("<", false, false)]
    {
        if value.text.starts_with(sign) {
            let limit = read(value.split(sign.len()).1)?;
            return Ok(limit.bound(upwards != limit.is_age, including));
        }
    }
    let Some(dots) = value.text.find("..") else {
        let Interval { first, last, is_age } = read(value)?;
        return Ok(if is_age { first..=u64::MAX } else { first..=last });
    };
    let (from, after) = value.split(dots);
    let to = after.split(2).1;
    let bound = |span: Span<'_>, upwards| {
        if span.text.is_empty() {
            return Ok(0..=u64::MAX);
        }
        let limit = read(span)?;
        Ok(limit.bound(upwards != limit.is_age, true))
    };
    if from.text.is_empty() && to.text.is_empty() {
        return Err(wrong(value, "write a number on one side of the dots".to_owned()));
    }
    let (from, to) = (bound(from, true)?, bound(to, false)?);
    let both = *from.start().max(to.start())..=*from.end().min(to.end());
    if both.is_empty() {
        return Err(wrong(value, "this range ends before it begins".to_owned()));
    }
    Ok(both)
}

impl Interval {
    fn bound(self, upwards: bool, including: bool) -> Range {
        match (upwards, including) {
            (true, true) => self.first..=u64::MAX,
            // Nothing is above the largest number.
            (true, false) => self.last.saturating_add(1)..=u64::MAX,
            (false, true) => 0..=self.last,
            // Nor below zero: an empty range.
            (false, false) => match self.first.checked_sub(1) {
                Some(last) => 0..=last,
                None => RangeInclusive::new(1, 0),
            },
        }
    }
}

fn interval(of: Number, span: Span<'_>, now: Timestamp) -> Result<Interval, Wrong> {
    let text = span.text.to_lowercase();
    let plain = |first, last| Interval { first, last, is_age: false };
    let (read, what) = match of {
        Number::Year => (
            years(&text).map(|(first, last)| plain(first, last)),
            "a year (1994) or a decade (1990s)",
        ),
        Number::Bitrate => {
            let text = text.trim_end_matches("bps").trim_end_matches('k');
            (digits(text).map(|one| plain(one, one)), "kilobits a second (320)")
        }
        Number::Bpm => (digits(&text).map(|one| plain(one, one)), "beats a minute (120)"),
        Number::Length => {
            let length = length(&text);
            (
                length.map(|first| plain(first, first.saturating_add(SECOND - 1))),
                "a length (5m, 4:30, 90s)",
            )
        }
        Number::Added => {
            (added(&text, now), "a date (2024, 2024-05, 2024-05-21) or an age (30d, 2w, 6mo, 1y)")
        }
        Number::Explicit => (None, "yes or no"),
    };
    read.ok_or_else(|| wrong(span, format!("write {what}")))
}

fn digits(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

fn years(text: &str) -> Option<(u64, u64)> {
    if let Some(decade) = text.strip_suffix('s') {
        let first = digits(decade).filter(|first| decade.len() == 4 && first.is_multiple_of(10))?;
        return Some((first, first + 9));
    }
    let year = digits(text).filter(|_| text.len() <= 4)?;
    Some((year, year))
}

/// Milliseconds: `1h5m`, `90s`, `4:30`, `1:02:03`, or seconds.
fn length(text: &str) -> Option<u64> {
    if text.contains(':') {
        let parts = text.split(':').collect::<Vec<_>>();
        let seconds = |sum: u64, part: &&str| sum.checked_mul(60)?.checked_add(digits(part)?);
        let seconds = parts.iter().try_fold(0, seconds).filter(|_| parts.len() <= 3)?;
        return seconds.checked_mul(SECOND);
    }
    with_units(text, &[("h", HOUR), ("m", MINUTE), ("s", SECOND)], SECOND)
}

/// Numbers with units, of which the last may have `usual` instead.
fn with_units(text: &str, units: &[(&str, u64)], usual: u64) -> Option<u64> {
    let (mut rest, mut sum) = (text, 0_u64);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let end = after.find(|letter: char| letter.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let worth = match units.iter().find(|(name, _)| *name == unit) {
            Some((_, worth)) => *worth,
            None if unit.is_empty() => usual,
            None => return None,
        };
        sum = sum.checked_add(digits(number)?.checked_mul(worth)?)?;
        rest = after;
    }
    Some(sum)
}

fn added(text: &str, now: Timestamp) -> Option<Interval> {
    if text.ends_with(|letter: char| letter.is_ascii_alphabetic()) {
        let units = [("h", HOUR), ("d", DAY), ("w", 7 * DAY), ("mo", 30 * DAY), ("y", 365 * DAY)];
        let age = with_units(text, &units, DAY)?;
        let now = u64::try_from(now.as_millis()).unwrap_or(0);
        let then = now.saturating_sub(age);
        return Some(Interval { first: then, last: then, is_age: true });
    }
    let parts: Vec<&str> = text.split('-').collect();
    let (year, month, day) = match parts.as_slice() {
        [year] => (year, None, None),
        [year, month] => (year, Some(month), None),
        [year, month, day] => (year, Some(month), Some(day)),
        _ => return None,
    };
    let year = digits(year).filter(|_| year.len() == 4)?;
    let month = month.map(|month| digits(month).filter(|month| (1..=12).contains(month)));
    let day = day.map(|day| digits(day).filter(|day| (1..=31).contains(day)));
    let (first, next) = match (month, day) {
        (None, _) => (start(year, 1, 1)?, start(year + 1, 1, 1)?),
        (Some(month), None) => {
            let month = month?;
            let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            (start(year, month, 1)?, start(next.0, next.1, 1)?)
        }
        (Some(month), Some(day)) => {
            let first = start(year, month?, day?)?;
            (first, first + DAY)
        }
    };
    Some(Interval { first, last: next - 1, is_age: false })
}

/// When a day begins, in milliseconds since the epoch.
fn start(year: u64, month: u64, day: u64) -> Option<u64> {
    let text = format!("{year:04}-{month:02}-{day:02}T00:00:00Z");
    let time: Timestamp = text.parse().ok()?;
    u64::try_from(time.as_millis()).ok()
}

pub(super) fn wrong(span: Span<'_>, reason: String) -> Wrong {
    Wrong { at: span.at, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(of: Number, text: &str) -> Option<(u64, u64)> {
        let now = Timestamp::from_millis(i64::try_from(1000 * DAY).unwrap());
        let range = range(of, Span { text, at: 1 }, now).ok()?;
        Some((*range.start(), *range.end()))
    }

    #[test]
    fn ranges_are_read() {
        const MAX: u64 = u64::MAX;
        for (of, text, expected) in [
            (Number::Year, "1994", (1994, 1994)),
            (Number::Year, "1990s", (1990, 1999)),
            (Number::Year, "1990..1999", (1990, 1999)),
            (Number::Year, "1980s..1990s", (1980, 1999)),
            (Number::Year, "1990..", (1990, MAX)),
            (Number::Year, "..1990", (0, 1990)),
            (Number::Year, ">1990", (1991, MAX)),
            (Number::Year, "<1990s", (0, 1989)),
            (Number::Bitrate, ">=320k", (320, MAX)),
            (Number::Bitrate, "<=128kbps", (0, 128)),
            (Number::Bpm, "120..130", (120, 130)),
            (Number::Length, ">5m", (5 * MINUTE + 1000, MAX)),
            (Number::Length, "4:30", (270 * SECOND, 270 * SECOND + 999)),
            (Number::Length, "1:02:03..", (3723 * SECOND, MAX)),
            (Number::Length, "<90", (0, 90 * SECOND - 1)),
            (Number::Length, "1h5m30s..2h", (HOUR + 330 * SECOND, 2 * HOUR + 999)),
            (Number::Added, "1970-01-02", (DAY, 2 * DAY - 1)),
            (Number::Added, "1970-01", (0, 31 * DAY - 1)),
            (Number::Added, ">1970", (365 * DAY, MAX)),
            (Number::Added, "<30d", (970 * DAY + 1, MAX)),
            (Number::Added, ">=2w", (0, 986 * DAY)),
            (Number::Added, "30d", (970 * DAY, MAX)),
            (Number::Added, "1d..3d", (997 * DAY, 999 * DAY)),
        ] {
            assert_eq!(read(of, text), Some(expected), "{of:?} {text}");
        }
    }

    #[test]
    fn what_is_no_value_is_none() {
        for (of, texts) in [
            (
                Number::Year,
                vec![
                    "",
                    "x",
                    "19x4",
                    "-5",
                    "+5",
                    "1995s",
                    "12345",
                    "..",
                    "2000..1990",
                    ">",
                    "1..2..3",
                ],
            ),
            (Number::Bitrate, vec!["k", "3.5", "many"]),
            (Number::Length, vec!["m", "5x", "1:2:3:4", "1:", ":"]),
            (Number::Added, vec!["2024-13", "2024-02-30", "2024-1-1-1", "d", "30 d", "24"]),
            (Number::Bpm, vec!["fast", "99999999999999999999"]),
        ] {
            for text in texts {
                assert_eq!(read(of, text), None, "{of:?} {text}");
            }
        }
        assert_eq!(read(Number::Bpm, "<0"), Some((1, 0)), "nothing is below zero");
    }
}
