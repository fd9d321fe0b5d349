//! Decides how a request for a file is answered: preconditions in the order of RFC 9110 section
//! 13.2.2, then ranges. Nothing here touches a file.

#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Method;
use http::header::{
    HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, RANGE,
};

use super::ranges::{ByteRange, Selection, select};

/// The first second of the year 10000, which an HTTP date cannot write.
const END_OF_DATES: u64 = 253_402_300_800;

/// A strong entity tag (RFC 9110 section 8.8.3): equal tags promise equal bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityTag(HeaderValue);

/// The text given for an entity tag holds a character that a tag cannot carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entity tag holds a space, a quote, a control character or a letter beyond ascii: {0:?}")]
pub struct InvalidEntityTag(String);

impl EntityTag {
    /// `opaque` is the text between the quotes: visible ASCII without `"`.
    pub fn strong(opaque: &str) -> Result<Self, InvalidEntityTag> {
        let visible = opaque.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
        match HeaderValue::try_from(format!("\"{opaque}\"")) {
            Ok(value) if visible => Ok(Self(value)),
            _ => Err(InvalidEntityTag(opaque.to_owned())),
        }
    }

    /// The tag of these bytes, wherever they come from.
    pub fn of_content(bytes: &[u8]) -> Self {
        let hash = &blake3::hash(bytes).to_hex()[..32];
        let tag = HeaderValue::try_from(format!("\"{hash}\""));
        Self(tag.expect("hexadecimal digits in quotes are valid in a header"))
    }

    /// The tag with its quotes, as `ETag` carries it.
    pub fn header(&self) -> &HeaderValue {
        &self.0
    }
}

/// The bytes that would be sent now, and what identifies them.
#[derive(Clone, Debug)]
pub struct Representation {
    len: u64,
    etag: EntityTag,
    /// Seconds since 1970.
    last_modified: Option<u64>,
    /// The second of the change is over, so that the date identifies one state of the file.
    date_is_strong: bool,
}

impl Representation {
    /// `len` in bytes. A modification time after `now` counts as `now` (RFC 9110 section 8.8.2.1);
    /// one that no HTTP date can write is left out.
    pub fn new(len: u64, etag: EntityTag, modified: Option<SystemTime>, now: SystemTime) -> Self {
        let modified = modified.map(|time| time.min(now)).and_then(seconds);
        let date_is_strong = modified < seconds(now);
        Self { len, etag, last_modified: modified, date_is_strong }
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// True for a file of no bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The tag for `ETag`.
    pub fn etag(&self) -> &EntityTag {
        &self.etag
    }

    /// The value of `Last-Modified`.
    pub fn last_modified(&self) -> Option<HeaderValue> {
        let time = UNIX_EPOCH + Duration::from_secs(self.last_modified?);
        HeaderValue::try_from(httpdate::fmt_http_date(time)).ok()
    }
}

/// How to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// 200
    Whole,
    /// 206 with `Content-Range`
    Part(ByteRange),
    /// 206 as `multipart/byteranges`: two to sixteen parts in this order
    Parts(Vec<ByteRange>),
    /// 304
    NotModified,
    /// 412
    PreconditionFailed,
    /// 416 with `Content-Range: bytes */len`
    RangeNotSatisfiable,
}

/// Plans the answer to a GET or HEAD; other methods are refused before. Ranges are defined for GET alone
/// (RFC 9110 section 14.2), so HEAD tells the whole length.
pub fn plan(method: &Method, headers: &HeaderMap, current: &Representation) -> Plan {
    if !unchanged_as_demanded(headers, current) {
        return Plan::PreconditionFailed;
    }
    if client_has_it(headers, current) {
        return Plan::NotModified;
    }
    let range = single(headers, &RANGE).filter(|_| *method == Method::GET);
    let Some(range) = range.filter(|_| range_still_applies(headers, current)) else {
        return Plan::Whole;
    };
    match select(range, current.len) {
        Selection::Whole => Plan::Whole,
        Selection::Unsatisfiable => Plan::RangeNotSatisfiable,
        Selection::Parts(parts) => match parts[..] {
            [part] => Plan::Part(part),
            _ => Plan::Parts(parts),
        },
    }
}

/// If-Match, or else If-Unmodified-Since.
fn unchanged_as_demanded(headers: &HeaderMap, current: &Representation) -> bool {
    if headers.contains_key(IF_MATCH) {
        return any_tag(headers, &IF_MATCH, |tag| tag.is_strongly(&current.etag));
    }
    match (date(headers, &IF_UNMODIFIED_SINCE), current.last_modified) {
        (Some(limit), Some(modified)) => modified <= limit,
        _ => true,
    }
}

/// If-None-Match, or else If-Modified-Since.
fn client_has_it(headers: &HeaderMap, current: &Representation) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        return any_tag(headers, &IF_NONE_MATCH, |tag| tag.is_weakly(&current.etag));
    }
    match (date(headers, &IF_MODIFIED_SINCE), current.last_modified) {
        (Some(known), Some(modified)) => modified <= known,
        _ => false,
    }
}

/// If-Range: the tag by strong comparison, or exactly the date, where the date is a strong validator.
fn range_still_applies(headers: &HeaderMap, current: &Representation) -> bool {
    if !headers.contains_key(IF_RANGE) {
        return true;
    }
    let Some(value) = single(headers, &IF_RANGE) else { return false };
    let value = value.trim();
    if value.starts_with(['"', 'W']) && value.ends_with('"') {
        let mut tags = Tags(value.as_bytes());
        return tags.next().is_some_and(|tag| tag.is_strongly(&current.etag))
            && tags.next().is_none();
    }
    let asked = parse_date(value);
    current.date_is_strong && asked.is_some() && asked == current.last_modified
}

/// The value of a field that must not be repeated; `None` where it is, or is not text.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut lines = headers.get_all(name).iter();
    let first = lines.next()?;
    if lines.next().is_some() { None } else { first.to_str().ok() }
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    parse_date(single(headers, name)?)
}

fn parse_date(value: &str) -> Option<u64> {
    seconds(httpdate::parse_http_date(value).ok()?)
}

fn seconds(time: SystemTime) -> Option<u64> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    (seconds < END_OF_DATES).then_some(seconds)
}

/// True for `*`, or when any tag of the list, which may span lines, fits.
fn any_tag(headers: &HeaderMap, name: &HeaderName, fits: impl Fn(Tag<'_>) -> bool) -> bool {
    headers.get_all(name).iter().any(|line| {
        let line = line.as_bytes().trim_ascii();
        line == b"*" || Tags(line).any(&fits)
    })
}

/// An entity tag of a request, without its quotes.
#[derive(Clone, Copy)]
struct Tag<'a> {
    weak: bool,
    opaque: &'a [u8],
}

impl Tag<'_> {
    fn is_strongly(self, own: &EntityTag) -> bool {
        !self.weak && self.is_weakly(own)
    }

    fn is_weakly(self, own: &EntityTag) -> bool {
        let quoted = own.0.as_bytes();
        self.opaque == &quoted[1..quoted.len() - 1]
    }
}

/// The tags of a list, up to the first thing that is none. A comma may stand inside a tag.
struct Tags<'a>(&'a [u8]);

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        let separators = |byte: &u8| matches!(byte, b' ' | b'\t' | b',');
        let start = self.0.iter().position(|byte| !separators(byte))?;
        let element = &self.0[start..];
        let (weak, element) = match element.strip_prefix(b"W/") {
            Some(rest) => (true, rest),
            None => (false, element),
        };
        let opened = element.strip_prefix(b"\"")?;
        let closed = opened.iter().position(|byte| *byte == b'"')?;
        self.0 = &opened[closed + 1..];
        Some(Tag { weak, opaque: &opened[..closed] })
    }
}
