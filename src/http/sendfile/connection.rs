//! A connection that knows windows.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
};

use super::windows::{Piece, Windows};

/// A TCP connection that sends the files behind its windows.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    windows: Arc<Windows>,
}

impl Connection {
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, windows: Arc::default() }
    }

    /// What bodies that are sent over this connection may open.
    pub fn windows(&self) -> &Arc<Windows> {
        &self.windows
    }

    /// Sends some of the next `len` bytes of a file. They were in the page cache a moment ago; should
    /// they have been dropped since, this waits for the disk.
    fn poll_send(
        &self,
        cx: &mut Context<'_>,
        piece: &Piece,
        len: usize,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(cx))?;
            let sent = self.stream.try_io(Interest::WRITABLE, || send(&self.stream, piece, len));
            match sent {
                Ok(0) => return Poll::Ready(Err(ends_early(piece.start))),
                Err(error) if is_transient(&error) => {}
                sent => return Poll::Ready(sent),
            }
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

fn is_transient(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
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
