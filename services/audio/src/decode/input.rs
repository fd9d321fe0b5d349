//! The file that is decoded: read through a window, never further than a budget allows.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use symphonia::core::io::MediaSource;

use crate::tags::Bytes;

/// Bytes that may be read, and frames decoded, without anything coming of it.
const BUDGET: u64 = 96 << 20;
/// The window's size.
const WINDOW: usize = 128 * 1024;

/// How much may still be read before something has to come of it.
#[derive(Clone)]
pub(super) struct Budget(Arc<AtomicU64>);

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(BUDGET)))
    }
}

impl Budget {
    pub(super) fn refill(&self) {
        self.0.store(BUDGET, Ordering::Relaxed);
    }

    pub(super) fn spend(&self, bytes: usize) -> Result<()> {
        // One thread alone reads: two steps are one.
        let left = self.0.load(Ordering::Relaxed).checked_sub(bytes as u64);
        self.0.store(left.unwrap_or_default(), Ordering::Relaxed);
        left.map(|_left| ()).ok_or_else(|| Error::new(ErrorKind::QuotaExceeded, "nothing to hear"))
    }
}

/// What a file must be able to do.
pub(super) trait File: Read + Seek + Send + Sync {}
impl<T: Read + Seek + Send + Sync> File for T {}

/// A file of known length.
pub(super) struct Source {
    file: Box<dyn File>,
    at: u64,
    len: u64,
    pub(super) budget: Budget,
    /// Bytes that are read at a place in place of the file's own.
    mended: Option<(u64, [u8; 2])>,
}

impl Source {
    pub(super) fn new(mut file: Box<dyn File>, budget: Budget) -> Result<Self> {
        let len = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Self { file, at: 0, len, budget, mended: None })
    }

    /// Reads two bytes at `at` in place of the file's own.
    pub(super) fn mend(&mut self, at: u64, bytes: [u8; 2]) {
        self.mended = Some((at, bytes));
    }
}

impl Read for Source {
    fn read(&mut self, target: &mut [u8]) -> Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = target.len().min(left);
        let count = self.file.read(&mut target[..most])?;
        for (place, byte) in self.mended.iter().flat_map(|(at, bytes)| (*at..).zip(bytes)) {
            let within = place.checked_sub(self.at).and_then(|within| usize::try_from(within).ok());
            if let Some(read) = within.and_then(|within| target[..count].get_mut(within)) {
                *read = *byte;
            }
        }
        self.at += count as u64;
        self.budget.spend(count)?;
        Ok(count)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.at = match to {
            SeekFrom::End(0) => self.file.seek(SeekFrom::Start(self.len))?,
            to => self.file.seek(to)?,
        };
        Ok(self.at)
    }
}

impl MediaSource for Source {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len)
    }
}

/// A source that is read at any place.
pub(super) struct Input {
    source: Source,
    /// Where the source would read next.
    at: u64,
    window: Vec<u8>,
    /// Where the window starts.
    start: u64,
}

impl Input {
    pub(super) fn new(source: Source) -> Self {
        Self { source, at: u64::MAX, window: Vec::with_capacity(WINDOW), start: 0 }
    }

    /// The source, to be read from its start up to `end`.
    pub(super) fn into_source(mut self, end: u64) -> Result<Source> {
        self.source.len = end;
        self.source.seek(SeekFrom::Start(0))?;
        Ok(self.source)
    }

    pub(super) fn len(&self) -> u64 {
        self.source.len
    }

    /// Tells that what was read made sense.
    pub(super) fn refill_budget(&self) {
        self.source.budget.refill();
    }

    /// Tells that so many bytes were looked through and made none: it costs as much as reading them.
    pub(super) fn looked_through(&self, bytes: usize) -> Result<()> {
        self.source.budget.spend(bytes)
    }

    /// The bytes at `at`, as many as there are up to `count`, which the window must hold.
    pub(super) fn up_to(&mut self, at: u64, count: usize) -> Result<&[u8]> {
        let end = at.saturating_add(count as u64);
        let held = self.start..self.start + self.window.len() as u64;
        if at < held.start || end > held.end {
            self.load(at)?;
        }
        let skipped = usize::try_from(at.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let bytes = self.window.get(skipped..).unwrap_or_default();
        Ok(&bytes[..bytes.len().min(count)])
    }

    /// Exactly these bytes; `None` where the file ends before.
    pub(super) fn array<const N: usize>(&mut self, at: u64) -> Result<Option<[u8; N]>> {
        Ok(self.up_to(at, N)?.try_into().ok())
    }

    /// Appends the bytes at `at`, as many as there are up to `count`.
    pub(super) fn append(&mut self, at: u64, count: usize, out: &mut Vec<u8>) -> Result<usize> {
        let before = out.len();
        while out.len() - before < count {
            let done = out.len() - before;
            let bytes = self.up_to(at + done as u64, (count - done).min(WINDOW))?;
            if bytes.is_empty() {
                break;
            }
            out.extend_from_slice(bytes);
        }
        Ok(out.len() - before)
    }

    fn load(&mut self, at: u64) -> Result<()> {
        self.window.clear();
        self.start = at;
        if at >= self.len() {
            return Ok(());
        }
        if self.at != at {
            self.source.seek(SeekFrom::Start(at))?;
        }
        // After a failure nobody knows.
        self.at = u64::MAX;
        let count = (&mut self.source).take(WINDOW as u64).read_to_end(&mut self.window)?;
        self.at = at + count as u64;
        Ok(())
    }
}

impl Bytes for Input {
    type Error = Error;

    fn len(&self) -> u64 {
        self.source.len
    }

    fn up_to(&mut self, at: u64, count: usize) -> Result<&[u8]> {
        Self::up_to(self, at, count)
    }
}
