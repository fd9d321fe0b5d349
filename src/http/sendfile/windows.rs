//! Bytes that stand for pieces of files.

use std::{
    fs::File,
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;

use crate::http::ranges::ByteRange;

/// The most that one window shows of its file. A connection goes through one after the other, so that
/// larger ones save little, and smaller ones let other connections have their turn.
pub const WINDOW_SIZE: usize = 256 * 1024;
/// More than hyper takes before it has written some: it stops at about 400 KiB.
const WINDOWS: usize = 8;

/// Where all windows have their addresses. Nobody reads it, so it costs no memory.
static REGION: LazyLock<Box<[u8]>> =
    LazyLock::new(|| vec![0; WINDOWS * WINDOW_SIZE].into_boxed_slice());

/// The windows of one connection: which piece of which file stands behind which address.
#[derive(Debug, Default)]
pub struct Windows {
    /// `sendfile` does not work here.
    refused: AtomicBool,
    open: Mutex<[Option<Piece>; WINDOWS]>,
}

/// A file from some byte on.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) file: Arc<File>,
    pub(super) start: u64,
}

impl Windows {
    /// Bytes that stand for those of `file` at the start of `range`, as many as a window shows. `None`
    /// while all windows are open, or once sending was refused. The range must not be empty.
    pub fn open(self: &Arc<Self>, file: &Arc<File>, range: ByteRange) -> Option<Bytes> {
        if self.refused.load(Ordering::Relaxed) {
            return None;
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let number = open.iter().position(Option::is_none)?;
        open[number] = Some(Piece { file: Arc::clone(file), start: range.start });
        let len = usize::try_from(range.size()).map_or(WINDOW_SIZE, |size| size.min(WINDOW_SIZE));
        Some(Bytes::from_owner(Window { windows: Arc::clone(self), number, len }))
    }

    /// Opens no more windows.
    pub(super) fn refuse(&self) {
        self.refused.store(true, Ordering::Relaxed);
    }

    /// What stands behind these bytes, or behind the rest of a window; `None` for bytes like any others.
    pub(super) fn behind(&self, bytes: &[u8]) -> Option<Piece> {
        let place = bytes.as_ptr().addr().checked_sub(REGION.as_ptr().addr())?;
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let piece = open.get(place / WINDOW_SIZE)?.as_ref()?;
        let into = (place % WINDOW_SIZE) as u64;
        Some(Piece { file: Arc::clone(&piece.file), start: piece.start + into })
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).iter().flatten().count()
    }
}

/// An open window; it closes when hyper has written all of it, or gives up.
struct Window {
    windows: Arc<Windows>,
    number: usize,
    len: usize,
}

impl AsRef<[u8]> for Window {
    fn as_ref(&self) -> &[u8] {
        &REGION[self.number * WINDOW_SIZE..][..self.len]
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.windows.open.lock().unwrap_or_else(PoisonError::into_inner)[self.number] = None;
    }
}
