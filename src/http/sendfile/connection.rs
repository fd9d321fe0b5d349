//! A connection that knows windows.

use std::{
    io::{self, IoSlice},
    os::unix::fs::FileExt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
    task::spawn_blocking,
    time::{Duration, Instant},
};
use tokio_util::task::AbortOnDropHandle;

use super::windows::{Piece, Windows};
use crate::http::page_cache::is_cached;

/// What was cached so shortly ago is so still, and looking before each send costs.
const SURELY_CACHED: Duration = Duration::from_secs(1);
/// Read at once where `sendfile` does not help.
const COPIED: usize = 64 * 1024;

/// A TCP connection that sends the files behind its windows.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    windows: Arc<Windows>,
    /// Brings what is sent next into the page cache.
    reading: Option<AbortOnDropHandle<()>>,
    /// When something of a file was sent.
    sent_at: Option<Instant>,
}

impl Connection {
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, windows: Arc::default(), reading: None, sent_at: None }
    }

    /// What bodies that are sent over this connection may open.
    pub fn windows(&self) -> &Arc<Windows> {
        &self.windows
    }

    /// Sends some of the next `len` bytes of a file. They were cached when the window was opened, but a
    /// paused player may have left it open for hours: the disk is waited for on the blocking pool.
    fn poll_send(
        &mut self,
        cx: &mut Context<'_>,
        piece: &Piece,
        len: usize,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(cx))?;
            if let Some(reading) = &mut self.reading {
                // Whatever became of it shows in what follows.
                drop(ready!(Pin::new(reading).poll(cx)));
                self.reading = None;
            } else if self.has_paused()
                && !is_cached(&piece.file, piece.start, len as u64).unwrap_or(false)
            {
                let piece = piece.clone();
                let reading = spawn_blocking(move || read_through(&piece, len));
                self.reading = Some(AbortOnDropHandle::new(reading));
                continue;
            }
            let sent = self.stream.try_io(Interest::WRITABLE, || send(&self.stream, piece, len));
            match sent {
                Ok(0) => return Poll::Ready(Err(ends_early(piece.start))),
                Err(error) if is_transient(&error) => {}
                Err(error) if is_refusal(&error) => return self.poll_copy(cx, piece, len),
                sent => {
                    self.sent_at = Some(Instant::now());
                    return Poll::Ready(sent);
                }
            }
        }
    }

    fn has_paused(&self) -> bool {
        self.sent_at.is_none_or(|at| at.elapsed() > SURELY_CACHED)
    }

    /// Sends as [`Connection::poll_send`] does, through a buffer: for file systems and sandboxes that
    /// know no `sendfile`.
    fn poll_copy(
        &mut self,
        cx: &mut Context<'_>,
        piece: &Piece,
        len: usize,
    ) -> Poll<io::Result<usize>> {
        self.windows.refuse();
        let mut bytes = vec![0; len.min(COPIED)];
        match piece.file.read_at(&mut bytes, piece.start)? {
            0 => Poll::Ready(Err(ends_early(piece.start))),
            count => Pin::new(&mut self.stream).poll_write(cx, &bytes[..count]),
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.windows.behind(bytes) {
            Some(piece) => self.poll_send(cx, &piece, bytes.len()),
            None => Pin::new(&mut self.stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let is_plain = |slice: &&IoSlice<'_>| self.windows.behind(slice).is_none();
        let plain = slices.iter().take_while(is_plain).count();
        match slices {
            [window, ..] if plain == 0 => self.poll_write(cx, window),
            _ => Pin::new(&mut self.stream).poll_write_vectored(cx, &slices[..plain]),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// What is read is cached then; of what cannot be read, sending tells.
fn read_through(piece: &Piece, len: usize) {
    let mut buffer = vec![0; len.min(COPIED)];
    let (mut at, end) = (piece.start, piece.start.saturating_add(len as u64));
    while at < end {
        match piece.file.read_at(&mut buffer, at) {
            Ok(0) => return,
            Ok(count) => at += count as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

fn is_transient(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
}

/// The connection closes; nothing is padded.
fn ends_early(at: u64) -> io::Error {
    let text = format!("file ends at byte {at}, before the promised end");
    io::Error::new(io::ErrorKind::UnexpectedEof, text)
}

#[cfg(target_os = "linux")]
fn send(stream: &TcpStream, piece: &Piece, len: usize) -> io::Result<usize> {
    let mut offset = piece.start;
    Ok(rustix::fs::sendfile(stream, &piece.file, Some(&mut offset), len)?)
}

/// No window is opened elsewhere, for nobody can tell what is cached.
#[cfg(not(target_os = "linux"))]
fn send(_: &TcpStream, _: &Piece, _: usize) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncReadExt, net::TcpListener};

    use super::*;
    use crate::http::{ranges::ByteRange, sendfile::tests::file_of};

    /// As a sandbox does it that knows no `sendfile`.
    #[tokio::test]
    async fn what_is_refused_is_copied() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let mut connection = Connection::new(listener.accept().await.unwrap().0);
        let piece = Piece { file: file_of(b"0123456789"), start: 3 };
        let sent = std::future::poll_fn(|cx| connection.poll_copy(cx, &piece, 5)).await.unwrap();
        assert_eq!(sent, 5);
        let mut received = [0; 5];
        client.read_exact(&mut received).await.unwrap();
        assert_eq!(&received, b"34567");
        let range = ByteRange { start: 0, end: 10 };
        assert!(connection.windows.open(&piece.file, range).is_none(), "it is not tried again");
        let behind = Piece { start: 10, ..piece };
        let error = std::future::poll_fn(|cx| connection.poll_copy(cx, &behind, 1)).await;
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
