//! Answers a GET or HEAD for an open file: the plan of `conditional` becomes status, headers, body.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderValue, LAST_MODIFIED,
};
use http::{Method, Response, StatusCode};

use super::asked::Asked;
use super::conditional::{Plan, Representation, plan};
use super::file_body::{ChunkPool, FileBody, Segment};
use super::ranges::ByteRange;

/// A file to send and how to describe it. The representation is made from the metadata of this very
/// open file, so that a file replaced on disk is sent whole as it was.
#[derive(Debug)]
pub struct FileToSend {
    pub file: File,
    pub representation: Representation,
    pub content_type: HeaderValue,
    pub cache_control: HeaderValue,
}

/// A request that is answered with a problem; `headers` belong into that answer.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// 412
    #[error("the file is not the one the request's preconditions name")]
    PreconditionFailed { headers: HeaderMap },
    /// 416, with `Content-Range: bytes */len`
    #[error("the requested range lies outside the file of {len} bytes")]
    RangeNotSatisfiable { len: u64, headers: HeaderMap },
}

/// The response to a request with GET or HEAD: 200, 206 or 304.
pub fn respond(
    asked: &Asked,
    send: FileToSend,
    pool: &Arc<ChunkPool>,
) -> Result<Response<Body>, Refusal> {
    let current = &send.representation;
    let len = current.len();
    let mut answer = validators(current);
    let (status, segments) = match plan(&asked.method, &asked.headers, current) {
        Plan::PreconditionFailed => return Err(Refusal::PreconditionFailed { headers: answer }),
        Plan::RangeNotSatisfiable => {
            answer.insert(CONTENT_RANGE, text(format!("bytes */{len}")));
            return Err(Refusal::RangeNotSatisfiable { len, headers: answer });
        }
        Plan::NotModified => {
            answer.insert(CACHE_CONTROL, send.cache_control);
            return Ok(assemble(StatusCode::NOT_MODIFIED, answer, Body::empty()));
        }
        Plan::Whole if len == 0 => (StatusCode::OK, Vec::new()),
        Plan::Whole => (StatusCode::OK, vec![Segment::File(ByteRange { start: 0, end: len })]),
        Plan::Part(range) => {
            answer.insert(CONTENT_RANGE, text(range.content_range(len)));
            (StatusCode::PARTIAL_CONTENT, vec![Segment::File(range)])
        }
        Plan::Parts(ranges) => {
            let boundary = boundary(current, &ranges);
            let segments = multipart(&ranges, len, &send.content_type, &boundary);
            let content_type = format!("multipart/byteranges; boundary={boundary}");
            answer.insert(CONTENT_TYPE, text(content_type));
            (StatusCode::PARTIAL_CONTENT, segments)
        }
    };
    answer.insert(CACHE_CONTROL, send.cache_control);
    answer.entry(CONTENT_TYPE).or_insert(send.content_type);
    answer.insert(CONTENT_LENGTH, segments.iter().map(Segment::size).sum::<u64>().into());
    let body = if asked.method == Method::HEAD || segments.is_empty() {
        Body::empty()
    } else {
        // Nothing compresses audio, so that nothing reads it on its way.
        let windows = asked.windows.clone().filter(|_windows| is_audio(&answer));
        Body::new(FileBody::new(send.file, segments, pool).through(windows))
    };
    Ok(assemble(status, answer, body))
}

fn assemble(status: StatusCode, headers: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// What stands on every answer about a representation.
pub fn validators(current: &Representation) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(ETAG, current.etag().header().clone());
    if let Some(date) = current.last_modified() {
        headers.insert(LAST_MODIFIED, date);
    }
    headers
}

fn is_audio(answer: &HeaderMap) -> bool {
    answer.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"audio/"))
}

fn text(value: String) -> HeaderValue {
    HeaderValue::try_from(value).expect("digits, letters and punctuation are valid in a header")
}

/// A delimiter that the parts do not hold by chance; the same request gets the same bytes.
fn boundary(current: &Representation, ranges: &[ByteRange]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("hexachord multipart/byteranges boundary");
    hasher.update(current.etag().header().as_bytes());
    for range in ranges {
        hasher.update(&range.start.to_le_bytes()).update(&range.end.to_le_bytes());
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Frames and parts of `multipart/byteranges` (RFC 9110 section 14.6).
fn multipart(
    ranges: &[ByteRange],
    len: u64,
    content_type: &HeaderValue,
    boundary: &str,
) -> Vec<Segment> {
    let mut segments = Vec::with_capacity(2 * ranges.len() + 1);
    let mut before = "";
    for range in ranges {
        let mut frame = format!("{before}--{boundary}\r\nContent-Type: ").into_bytes();
        frame.extend_from_slice(content_type.as_bytes());
        let place = range.content_range(len);
        frame.extend_from_slice(format!("\r\nContent-Range: {place}\r\n\r\n").as_bytes());
        segments.push(Segment::Frame(Bytes::from(frame)));
        segments.push(Segment::File(*range));
        before = "\r\n";
    }
    segments.push(Segment::Frame(Bytes::from(format!("\r\n--{boundary}--\r\n"))));
    segments
}
