//! Status, headers and bytes of each kind of answer.

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::body::to_bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};

use super::super::asked::Asked;
use super::super::conditional::{EntityTag, Representation};
use super::{FileToSend, Refusal, respond};

const CONTENT: &[u8] = b"0123456789abcdefghij";

fn to_send(bytes: &[u8]) -> FileToSend {
    let mut file: File = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let modified = UNIX_EPOCH + Duration::from_secs(784_111_777);
    let now = modified + Duration::from_secs(10);
    let tag = EntityTag::strong("tag").unwrap();
    FileToSend {
        file,
        representation: Representation::new(bytes.len() as u64, tag, Some(modified), now),
        content_type: HeaderValue::from_static("audio/flac"),
        cache_control: HeaderValue::from_static("private, max-age=60"),
    }
}

/// Status, headers as sorted lines, and body.
async fn answer(
    method: Method,
    bytes: &[u8],
    line: Option<(HeaderName, &str)>,
) -> Result<(StatusCode, String, String), Refusal> {
    let headers: HeaderMap = line
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::try_from(value).unwrap()))
        .collect();
    let response =
        respond(&Asked { method, headers, windows: None }, to_send(bytes), &Arc::default())?;
    let (status, headers) = (response.status(), lines(response.headers()));
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    Ok((status, headers, String::from_utf8(body.to_vec()).unwrap()))
}

fn lines(headers: &HeaderMap) -> String {
    let mut lines: Vec<_> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    lines.join("\n")
}

const VALIDATORS: &str = "etag: \"tag\"\nlast-modified: Sun, 06 Nov 1994 08:49:37 GMT";

#[tokio::test]
async fn whole_files() {
    let expected = format!(
        "accept-ranges: bytes\ncache-control: private, max-age=60\ncontent-length: 20\n\
         content-type: audio/flac\n{VALIDATORS}"
    );
    let (status, headers, body) = answer(Method::GET, CONTENT, None).await.unwrap();
    assert_eq!((status, headers.as_str()), (StatusCode::OK, expected.as_str()));
    assert_eq!(body.as_bytes(), CONTENT);
    let (status, headers, body) = answer(Method::HEAD, CONTENT, None).await.unwrap();
    assert_eq!((status, headers, body.as_str()), (StatusCode::OK, expected, ""));
}

#[tokio::test]
async fn empty_files() {
    let (status, headers, body) = answer(Method::GET, b"", None).await.unwrap();
    assert_eq!((status, body.as_str()), (StatusCode::OK, ""));
    assert!(headers.contains("content-length: 0\n"), "{headers}");
}

#[tokio::test]
async fn one_part() {
    let range = Some((header::RANGE, "bytes=10-14"));
    let (status, headers, body) = answer(Method::GET, CONTENT, range).await.unwrap();
    let expected = format!(
        "accept-ranges: bytes\ncache-control: private, max-age=60\ncontent-length: 5\n\
         content-range: bytes 10-14/20\ncontent-type: audio/flac\n{VALIDATORS}"
    );
    assert_eq!((status, headers), (StatusCode::PARTIAL_CONTENT, expected));
    assert_eq!(body, "abcde");
}

#[tokio::test]
async fn several_parts() {
    let range = Some((header::RANGE, "bytes=-2,0-3,4-5"));
    let (status, headers, body) = answer(Method::GET, CONTENT, range).await.unwrap();
    assert_eq!(status, StatusCode::PARTIAL_CONTENT);
    assert!(!headers.contains("content-range"), "{headers}");
    let (_, rest) = headers.split_once("multipart/byteranges; boundary=").unwrap();
    let boundary = rest.lines().next().unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Type: audio/flac\r\nContent-Range: bytes 18-19/20\r\n\r\nij\r\n\
         --{boundary}\r\nContent-Type: audio/flac\r\nContent-Range: bytes 0-5/20\r\n\r\n012345\r\n\
         --{boundary}--\r\n"
    );
    assert_eq!(body, expected);
    assert!(headers.contains(&format!("content-length: {}\n", expected.len())), "{headers}");
}

#[tokio::test]
async fn not_modified_carries_validators_and_no_content() {
    let known = Some((header::IF_NONE_MATCH, "\"tag\""));
    let (status, headers, body) = answer(Method::GET, CONTENT, known).await.unwrap();
    let expected =
        format!("accept-ranges: bytes\ncache-control: private, max-age=60\n{VALIDATORS}");
    assert_eq!((status, headers, body.as_str()), (StatusCode::NOT_MODIFIED, expected, ""));
}

#[tokio::test]
async fn refusals_carry_headers_for_the_problem() {
    let outside = Some((header::RANGE, "bytes=20-"));
    match answer(Method::GET, CONTENT, outside).await {
        Err(Refusal::RangeNotSatisfiable { len: 20, headers }) => {
            assert_eq!(headers[header::CONTENT_RANGE], "bytes */20");
        }
        other => panic!("{other:?}"),
    }
    let other_file = Some((header::IF_MATCH, "\"other\""));
    match answer(Method::GET, CONTENT, other_file).await {
        Err(Refusal::PreconditionFailed { headers }) => {
            assert_eq!(headers[header::ETAG], "\"tag\"");
        }
        other => panic!("{other:?}"),
    }
}
