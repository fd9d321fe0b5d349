//! The body of a file on its way to a client: chunks are read as the connection takes them. What the
//! page cache holds is read where it is asked for, or not even read where the connection can send it by
//! itself; the rest is read on the blocking pool.

mod chunks;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio_util::task::AbortOnDropHandle;

use self::chunks::Chunk;
pub use self::chunks::ChunkPool;
use super::page_cache::{is_cached, read_cached};
use super::ranges::ByteRange;
use super::sendfile::{WINDOW_SIZE, Windows};

/// Cached chunks read in one turn of the task. The pause lets the connection send them while they are
/// in the processor's cache, and other connections have their turn.
const CHUNKS_PER_TURN: u8 = 2;

/// What a body sends, piece after piece.
#[derive(Clone, Debug)]
pub enum Segment {
    /// Bytes that are here already: the frame around a part.
    Frame(Bytes),
    /// Bytes of the file.
    File(ByteRange),
}

impl Segment {
    /// The number of bytes on the wire.
    pub fn size(&self) -> u64 {
        match self {
            Self::Frame(bytes) => bytes.len() as u64,
            Self::File(range) => range.size(),
        }
    }
}

/// Why a body ended before its last byte. The connection closes; nothing is padded.
#[derive(Debug, thiserror::Error)]
pub enum FileBodyError {
    #[error("file ends at byte {at}, before the promised end")]
    Shrunk { at: u64 },
    #[error("reading the file failed at byte {at}")]
    Read { at: u64, source: io::Error },
    #[error("reading the file was given up at byte {at}: the runtime is ending")]
    Ended { at: u64 },
}

/// Segments of an open file as an HTTP body. Nothing is read ahead of the asking, so that a slow client
/// holds what its connection buffers: two chunks in hyper with its default `max_buf_size`. A dropped
/// body reads nothing more, except for one chunk that the disk may be busy with.
#[derive(Debug)]
pub struct FileBody {
    file: Arc<File>,
    segments: VecDeque<Segment>,
    remaining: u64,
    pool: Arc<ChunkPool>,
    windows: Option<Arc<Windows>>,
    reading: Option<AbortOnDropHandle<io::Result<(Chunk, usize)>>>,
    /// False once the file system has refused to read only what is cached.
    cache_answers: bool,
    /// Chunks read since the task last made room for others.
    this_turn: u8,
}

impl FileBody {
    /// Sends `segments` of `file` in order. It is polled within a tokio runtime.
    pub fn new(file: impl Into<Arc<File>>, segments: Vec<Segment>, pool: &Arc<ChunkPool>) -> Self {
        Self {
            file: file.into(),
            remaining: segments.iter().map(Segment::size).sum(),
            segments: segments.into(),
            pool: Arc::clone(pool),
            windows: None,
            reading: None,
            cache_answers: true,
            this_turn: 0,
        }
    }

    /// Opens windows of the connection that the body is sent over, where that has any.
    #[must_use]
    pub fn through(mut self, windows: Option<Arc<Windows>>) -> Self {
        self.windows = windows;
        self
    }

    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        range: ByteRange,
    ) -> Poll<Result<Bytes, FileBodyError>> {
        let at = range.start;
        if self.reading.is_none() {
            ready!(self.poll_turn(cx));
            if let Some(window) = self.window(range) {
                return Poll::Ready(Ok(window));
            }
            let mut chunk = self.pool.take(range.size());
            if let Some(count) = self.read_now(chunk.space(), at) {
                return Poll::Ready(whole_or_shrunk(chunk, count, at));
            }
            let file = Arc::clone(&self.file);
            let task = tokio::task::spawn_blocking(move || {
                let count = read_retrying(&file, chunk.space(), at)?;
                Ok((chunk, count))
            });
            self.reading = Some(AbortOnDropHandle::new(task));
        }
        let Some(reading) = &mut self.reading else { return Poll::Pending };
        let done = ready!(Pin::new(reading).poll(cx));
        self.reading = None;
        Poll::Ready(match done {
            Ok(Ok((chunk, count))) => whole_or_shrunk(chunk, count, at),
            Ok(Err(source)) => Err(FileBodyError::Read { at, source }),
            Err(_) => Err(FileBodyError::Ended { at }),
        })
    }

    /// Pending once after each turn: the task goes to the end of its queue.
    fn poll_turn(&mut self, cx: &Context<'_>) -> Poll<()> {
        if self.this_turn == CHUNKS_PER_TURN {
            self.this_turn = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.this_turn += 1;
        Poll::Ready(())
    }

    /// Bytes that stand for what the page cache holds of the range's start.
    fn window(&mut self, range: ByteRange) -> Option<Bytes> {
        let windows = self.windows.as_ref().filter(|_windows| self.cache_answers)?;
        match is_cached(&self.file, range.start, range.size().min(WINDOW_SIZE as u64)) {
            Ok(true) => windows.open(&self.file, range),
            Ok(false) => None,
            Err(_) => {
                self.cache_answers = false;
                None
            }
        }
    }

    /// Reads without waiting for the disk; `None` sends the reading to the blocking pool.
    fn read_now(&mut self, space: &mut [u8], at: u64) -> Option<usize> {
        if !self.cache_answers {
            return None;
        }
        match read_cached(&self.file, space, at) {
            Ok(count) => Some(count),
            Err(error) => {
                self.cache_answers = error.kind() == io::ErrorKind::WouldBlock;
                None
            }
        }
    }

    /// Takes `count` sent bytes off the front.
    fn advance(&mut self, count: u64) {
        self.remaining -= count;
        match self.segments.front_mut() {
            Some(Segment::File(range)) if count < range.size() => range.start += count,
            _ => drop(self.segments.pop_front()),
        }
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = FileBodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, FileBodyError>>> {
        let body = self.get_mut();
        let bytes = match body.segments.front() {
            None => return Poll::Ready(None),
            Some(Segment::Frame(bytes)) => bytes.clone(),
            Some(&Segment::File(range)) => match ready!(body.poll_read(cx, range)) {
                Ok(bytes) => bytes,
                Err(error) => {
                    body.segments.clear();
                    return Poll::Ready(Some(Err(error)));
                }
            },
        };
        body.advance(bytes.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.segments.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}

fn whole_or_shrunk(chunk: Chunk, count: usize, at: u64) -> Result<Bytes, FileBodyError> {
    if count == 0 { Err(FileBodyError::Shrunk { at }) } else { Ok(chunk.into_bytes(count)) }
}

fn read_retrying(file: &File, space: &mut [u8], at: u64) -> io::Result<usize> {
    loop {
        match file.read_at(space, at) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
