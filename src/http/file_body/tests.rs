//! Bodies over real files: whole, in segments, shrunk under way, dropped, and behind a slow client.

use std::convert::Infallible;
use std::fs::File;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::Body as _;
use http_body_util::BodyExt as _;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::chunks::CHUNK_SIZE;
use super::{ByteRange, ChunkPool, FileBody, FileBodyError, Segment};

const CHUNK: u64 = CHUNK_SIZE as u64;

/// Content in which every position of the first megabytes can be told from its neighbours.
fn content(len: u64) -> Vec<u8> {
    let mut hash = blake3::Hasher::new().finalize_xof();
    let mut bytes = vec![0; usize::try_from(len).unwrap()];
    hash.fill(&mut bytes);
    bytes
}

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn whole(len: u64) -> Vec<Segment> {
    vec![Segment::File(ByteRange { start: 0, end: len })]
}

#[tokio::test]
async fn sends_every_byte_of_files_around_the_chunk_size() {
    for len in [1, 4096, CHUNK - 1, CHUNK, CHUNK + 1, 9 * CHUNK + 7] {
        let bytes = content(len);
        for cache_answers in [true, false] {
            let pool = Arc::default();
            let mut body = FileBody::new(file_of(&bytes), whole(len), &pool);
            body.cache_answers = cache_answers;
            assert_eq!(body.size_hint().exact(), Some(len));
            assert_eq!(body.collect().await.unwrap().to_bytes(), bytes, "{len} {cache_answers}");
            assert_eq!(Arc::strong_count(&pool), 1);
        }
    }
}

#[tokio::test]
async fn sends_segments_in_order() {
    let bytes = content(3 * CHUNK);
    let segments = vec![
        Segment::Frame(Bytes::from_static(b"first ")),
        Segment::File(ByteRange { start: 2 * CHUNK - 1, end: 3 * CHUNK }),
        Segment::Frame(Bytes::from_static(b" second ")),
        Segment::File(ByteRange { start: 5, end: 6 }),
        Segment::Frame(Bytes::from_static(b" end")),
    ];
    let body = FileBody::new(file_of(&bytes), segments, &Arc::default());
    let tail = &bytes[2 * CHUNK_SIZE - 1..];
    let expected = [b"first ", tail, b" second ", &bytes[5..6], b" end"].concat();
    assert_eq!(body.size_hint().exact(), Some(expected.len() as u64));
    assert_eq!(body.collect().await.unwrap().to_bytes(), expected);
}

#[tokio::test]
async fn a_file_that_shrinks_ends_with_an_error() {
    for cache_answers in [true, false] {
        let file = file_of(&content(4 * CHUNK));
        let shrinking = file.try_clone().unwrap();
        let mut body = FileBody::new(file, whole(4 * CHUNK), &Arc::default());
        body.cache_answers = cache_answers;
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(first.len(), CHUNK_SIZE);
        shrinking.set_len(CHUNK + 10).unwrap();
        let second = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(second.len(), 10);
        let error = body.frame().await.unwrap().unwrap_err();
        assert!(matches!(error, FileBodyError::Shrunk { at } if at == CHUNK + 10), "{error}");
        assert!(body.frame().await.is_none());
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let file = File::open(folder.path()).unwrap();
    let mut body = FileBody::new(file, whole(10), &Arc::default());
    let error = body.frame().await.unwrap().unwrap_err();
    assert!(matches!(error, FileBodyError::Read { at: 0, .. }), "{error}");
}

#[tokio::test]
async fn makes_room_for_other_tasks() {
    let len = 20 * CHUNK;
    let mut body = FileBody::new(file_of(&content(len)), whole(len), &Arc::default());
    let mut cx = Context::from_waker(Waker::noop());
    let mut at_once = 0;
    while let Poll::Ready(frame) = Pin::new(&mut body).poll_frame(&mut cx) {
        frame.unwrap().unwrap();
        at_once += 1;
    }
    assert!(at_once <= super::CHUNKS_PER_TURN);
}

#[tokio::test]
async fn buffers_go_round() {
    let pool = Arc::<ChunkPool>::default();
    let len = 5 * CHUNK;
    let mut body = FileBody::new(file_of(&content(len)), whole(len), &pool);
    body.cache_answers = false;
    let mut places = Vec::new();
    while let Some(frame) = body.frame().await {
        places.push(frame.unwrap().into_data().unwrap().as_ptr());
    }
    places.dedup();
    assert_eq!(places.len(), 1, "every chunk was read into the same buffer");
}

/// A client that sends a request and reads nothing: what it holds, and that nothing stays after it.
#[tokio::test]
async fn a_slow_client_holds_two_chunks() {
    let pool = Arc::<ChunkPool>::default();
    let len = 40 * CHUNK;
    let file = file_of(&content(len));
    let (mut client, connection) = tokio::io::duplex(4096);
    let serving = {
        let pool = Arc::clone(&pool);
        let service = service_fn(move |_| {
            let body = FileBody::new(file.try_clone().unwrap(), whole(len), &pool);
            async move { Ok::<_, Infallible>(http::Response::new(body)) }
        });
        hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(connection), service)
    };
    let mut serving = Box::pin(serving);
    client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let held = |pool: &Arc<ChunkPool>| Arc::strong_count(pool);
    // The pool is held by the test, the service, the body, and each chunk on its way.
    let mut most = 0;
    for _ in 0..100 {
        let mut cx = Context::from_waker(Waker::noop());
        assert!(serving.as_mut().poll(&mut cx).is_pending());
        most = most.max(held(&pool));
    }
    assert!((4..=5).contains(&most), "{most}");
    drop(serving);
    assert_eq!(held(&pool), 1);
}

/// The promised length is never filled up: the client sees the connection close before it.
#[tokio::test]
async fn a_shrunk_file_closes_the_connection() {
    let file = file_of(&content(5 * CHUNK));
    let (mut client, connection) = tokio::io::duplex(4096);
    let service = service_fn(move |_| {
        let body = FileBody::new(file.try_clone().unwrap(), whole(6 * CHUNK), &Arc::default());
        async move { Ok::<_, Infallible>(http::Response::new(body)) }
    });
    let serving = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(connection), service);
    client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut received = Vec::new();
    let (served, read) = tokio::join!(serving, client.read_to_end(&mut received));
    assert!(served.is_err_and(|error| error.is_user()));
    read.unwrap();
    assert!(received.starts_with(b"HTTP/1.1 200 OK\r\ncontent-length: 1572864\r\n"));
    let head = received.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    assert!(content(5 * CHUNK).starts_with(&received[head..]));
}
