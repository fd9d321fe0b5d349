//! Files over real connections, through hyper: the bytes that arrive, and what is held meanwhile.

use std::{convert::Infallible, fs::File, io::Write as _, sync::Arc};

use bytes::Bytes;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{Connection, WINDOW_SIZE, Windows};
use crate::http::{
    file_body::{FileBody, Segment},
    ranges::ByteRange,
};

fn content(len: usize) -> Vec<u8> {
    (0_u32..).flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()).take(len).collect()
}

pub(super) fn file_of(bytes: &[u8]) -> Arc<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    Arc::new(file)
}

async fn connected() -> (TcpStream, Connection) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    (client, Connection::new(listener.accept().await.unwrap().0))
}

fn range(start: usize, end: usize) -> ByteRange {
    ByteRange { start: start as u64, end: end as u64 }
}

#[tokio::test]
async fn windows_become_the_files_behind_them() {
    let content = content(3 * WINDOW_SIZE);
    let file = file_of(&content);
    let (mut client, mut connection) = connected().await;
    let windows = Arc::clone(connection.windows());
    let first = windows.open(&file, range(1, content.len())).unwrap();
    let second = windows.open(&file, range(WINDOW_SIZE + 1, WINDOW_SIZE + 8)).unwrap();
    assert_eq!((first.len(), second.len()), (WINDOW_SIZE, 7));
    // As hyper does: what is queued at once, and again from where the last write has ended.
    let mut queue = vec![Bytes::from_static(b"head"), first, second, Bytes::from_static(b"tail")];
    let writing = async {
        while !queue.is_empty() {
            let slices: Vec<_> = queue.iter().map(|bytes| std::io::IoSlice::new(bytes)).collect();
            let mut written = connection.write_vectored(&slices).await.unwrap();
            drop(slices);
            while written > 0 {
                let count = written.min(queue[0].len());
                drop(queue[0].split_to(count));
                written -= count;
                if queue[0].is_empty() {
                    queue.remove(0);
                }
            }
        }
        connection.shutdown().await.unwrap();
    };
    let mut received = Vec::new();
    let (read, ()) = tokio::join!(client.read_to_end(&mut received), writing);
    read.unwrap();
    let expected = [b"head", &content[1..WINDOW_SIZE + 8], b"tail"].concat();
    assert!(received == expected, "{} bytes", received.len());
    assert_eq!(windows.count(), 0);
}

#[test]
fn windows_end_and_are_used_again() {
    let (windows, file) = (Arc::<Windows>::default(), file_of(b"0123456789"));
    let mut open: Vec<Bytes> = std::iter::from_fn(|| windows.open(&file, range(0, 10))).collect();
    assert_eq!(open.len(), 8);
    assert!(windows.behind(b"0123456789").is_none(), "an address of another's");
    let rest = open[3].split_off(4);
    let places = [&open[3], &rest, &open[7]].map(|bytes| windows.behind(bytes).unwrap().start);
    assert_eq!(places, [0, 4, 0]);
    drop(open);
    assert_eq!(windows.count(), 1, "the rest of one is still to be written");
    drop(rest);
    assert_eq!(windows.count(), 0);
    let again = windows.open(&file, range(5, 10)).unwrap();
    assert_eq!(windows.behind(&again).unwrap().start, 5);
}

/// The same bytes whether the connection sends the file or the body reads it; one response after the
/// other, with frames between parts.
#[tokio::test]
async fn bodies_arrive_as_they_are() {
    let content = content(5 * WINDOW_SIZE + 77);
    let file = file_of(&content);
    let parts = [3..4 * WINDOW_SIZE, 5 * WINDOW_SIZE..content.len()];
    let [one, two] = [&parts[0], &parts[1]].map(|part| range(part.start, part.end));
    let (mut client, connection) = connected().await;
    let windows = Arc::clone(connection.windows());
    let service = service_fn(|_| {
        let segments = vec![
            Segment::Frame(Bytes::from_static(b"one")),
            Segment::File(one),
            Segment::Frame(Bytes::from_static(b"two")),
            Segment::File(two),
        ];
        let body = FileBody::new(Arc::clone(&file), segments, &Arc::default());
        let body = body.through(Some(Arc::clone(&windows)));
        async move { Ok::<_, Infallible>(http::Response::new(body)) }
    });
    let serving = http1::Builder::new().serve_connection(TokioIo::new(connection), service);
    client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut received = Vec::new();
    let (served, read) = tokio::join!(serving, client.read_to_end(&mut received));
    served.unwrap();
    read.unwrap();
    let [first, second] = parts.map(|part| &content[part]);
    let body = [b"one", first, b"two", second].concat();
    let begins: Vec<usize> =
        (0..received.len() - 4).filter(|at| received[*at..].starts_with(b"\r\n\r\none")).collect();
    assert_eq!(begins.len(), 2);
    assert!(begins.iter().all(|begin| received[begin + 4..].starts_with(&body)));
    assert_eq!(received.len(), begins[1] + 4 + body.len());
    assert_eq!(windows.count(), 0);
}

/// A player that goes on after a pause: what its window shows is not cached any more.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_is_not_cached_any_more_arrives_too() {
    let content = content(WINDOW_SIZE);
    let file = file_of(&content);
    let (mut client, mut connection) = connected().await;
    let window = connection.windows().open(&file, range(0, content.len())).unwrap();
    file.sync_all().unwrap();
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).unwrap();
    let mut received = vec![0; content.len()];
    let (written, read) =
        tokio::join!(connection.write_all(&window), client.read_exact(&mut received));
    written.unwrap();
    read.unwrap();
    assert!(received == content);
}

/// The promised length is never filled up: the client sees the connection close before it.
#[tokio::test]
async fn a_shrunk_file_is_an_error() {
    let file = file_of(b"0123456789");
    let (_client, mut connection) = connected().await;
    let window = connection.windows().open(&file, range(4, 20)).unwrap();
    assert_eq!(connection.write(&window).await.unwrap(), 6);
    let error = connection.write(&window[6..]).await.unwrap_err();
    assert_eq!(error.to_string(), "file ends at byte 10, before the promised end");
}

/// A client that reads nothing holds no more than hyper queues, and no memory of ours.
#[tokio::test]
async fn a_slow_client_holds_a_few_windows() {
    let len = 40 * WINDOW_SIZE;
    let file = file_of(&content(len));
    let (mut client, connection) = connected().await;
    let windows = Arc::clone(connection.windows());
    let service = service_fn(|_| {
        let segments = vec![Segment::File(range(0, len))];
        let body = FileBody::new(Arc::clone(&file), segments, &Arc::default());
        let body = body.through(Some(Arc::clone(&windows)));
        async move { Ok::<_, Infallible>(http::Response::new(body)) }
    });
    let serving = http1::Builder::new().serve_connection(TokioIo::new(connection), service);
    let mut serving = Box::pin(serving);
    client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut most = 0;
    for _ in 0..200 {
        let polled = futures_util::poll!(serving.as_mut());
        assert!(polled.is_pending());
        most = most.max(windows.count());
        tokio::task::yield_now().await;
    }
    // Two whole ones, or one that has begun and two behind it.
    assert!((2..=3).contains(&most), "{most}");
    drop(serving);
    assert_eq!(windows.count(), 0);
}
