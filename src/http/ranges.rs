//! Byte ranges of a request (RFC 9110 section 14): the header is read, what a file cannot satisfy is
//! left out, and what overlaps or adjoins becomes one range.

#[cfg(test)]
mod tests;

/// Ranges answered in one response; a request that leaves more gets the whole file.
const MAX_PARTS: usize = 16;

/// Bytes of a file: at least one, `end` is not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    pub start: u64,
    pub end: u64,
}

impl ByteRange {
    /// The number of bytes, at least one.
    pub fn size(self) -> u64 {
        self.end - self.start
    }

    /// The value of `Content-Range` for this part of a file of `len` bytes.
    pub fn content_range(self, len: u64) -> String {
        format!("bytes {}-{}/{len}", self.start, self.end - 1)
    }
}

/// What a `Range` header asks of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The header is malformed, has another unit, or asks for too many parts: as if it were absent.
    Whole,
    /// Well-formed, and no byte of it exists.
    Unsatisfiable,
    /// One to sixteen disjoint ranges, none adjoining another, in the order they were asked for.
    Parts(Vec<ByteRange>),
}

/// Reads the value of a `Range` header for a file of `len` bytes.
pub fn select(value: &str, len: u64) -> Selection {
    let Some(specs) = parse(value) else { return Selection::Whole };
    // A suffix of nothing is satisfiable, but no Content-Range can say so.
    if len == 0 && specs.iter().any(|spec| matches!(spec, Spec::Last(1..))) {
        return Selection::Whole;
    }
    let parts = coalesce(specs.into_iter().filter_map(|spec| spec.resolve(len)).collect());
    match parts.len() {
        0 => Selection::Unsatisfiable,
        1..=MAX_PARTS => Selection::Parts(parts),
        _ => Selection::Whole,
    }
}

/// One element of the header, before the length of the file is known; positions as written.
#[derive(Clone, Copy)]
enum Spec {
    Between(u64, u64),
    Last(u64),
}

impl Spec {
    fn resolve(self, len: u64) -> Option<ByteRange> {
        let range = match self {
            Self::Between(first, last) => {
                ByteRange { start: first, end: last.saturating_add(1).min(len) }
            }
            Self::Last(count) => ByteRange { start: len.saturating_sub(count), end: len },
        };
        (range.start < range.end).then_some(range)
    }
}

/// `None` when the unit is not bytes or any element is malformed.
fn parse(value: &str) -> Option<Vec<Spec>> {
    let (unit, set) = value.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let specs = set
        .split(',')
        .map(|element| element.trim_matches([' ', '\t']))
        .filter(|element| !element.is_empty())
        .map(parse_spec)
        .collect::<Option<Vec<_>>>()?;
    (!specs.is_empty()).then_some(specs)
}

fn parse_spec(element: &str) -> Option<Spec> {
    let (first, last) = element.split_once('-')?;
    match (first, last) {
        ("", count) => Some(Spec::Last(position(count)?)),
        (first, "") => Some(Spec::Between(position(first)?, u64::MAX)),
        (first, last) => {
            let (first, last) = (position(first)?, position(last)?);
            (first <= last).then_some(Spec::Between(first, last))
        }
    }
}

/// Digits only; a number too large to hold is beyond the end of every file all the same.
fn position(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

/// Merges what overlaps or adjoins; a merged range stands where its earliest member was asked for.
fn coalesce(asked: Vec<ByteRange>) -> Vec<ByteRange> {
    let mut by_start: Vec<(usize, ByteRange)> = asked.into_iter().enumerate().collect();
    by_start.sort_unstable_by_key(|(_, range)| range.start);
    let mut merged: Vec<(usize, ByteRange)> = Vec::new();
    for (place, range) in by_start {
        match merged.last_mut() {
            Some((first_place, last)) if range.start <= last.end => {
                last.end = last.end.max(range.end);
                *first_place = place.min(*first_place);
            }
            _ => merged.push((place, range)),
        }
    }
    merged.sort_unstable_by_key(|(place, _)| *place);
    merged.into_iter().map(|(_, range)| range).collect()
}
