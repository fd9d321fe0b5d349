//! Positional reads through one reused window: the only place that touches the file. Every length
//! asked for is checked here against the file's, so a header's claim never costs memory.

use std::fs::File;
use std::io::{Error, ErrorKind};
use std::os::unix::fs::FileExt;

use crate::error::ProbeError;
use crate::payload::Payload;
use crate::tags::Bytes;

/// The window's size: a file that fits is read at once.
const WINDOW: usize = 128 * 1024;

/// What a read fetches beside what was asked for, in a file larger than the window.
const READ_AHEAD: usize = 16 * 1024;

/// Working memory of [`probe`](crate::probe()): keep one a thread and hand it to every call.
pub struct Scratch {
    pub(crate) window: Window,
    pub(crate) payload: Payload,
    pub(crate) buffer: Vec<u8>,
}

impl Scratch {
    pub fn new() -> Self {
        Self { window: Window::new(), payload: Payload::default(), buffer: Vec::new() }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

/// A stretch of the file held in memory.
pub(crate) struct Window {
    bytes: Vec<u8>,
    start: u64,
    filled: usize,
}

impl Window {
    fn new() -> Self {
        Self { bytes: vec![0; WINDOW], start: 0, filled: 0 }
    }

    /// The held bytes from `at` on; empty where `at` is outside.
    fn from(&self, at: u64) -> &[u8] {
        at.checked_sub(self.start)
            .and_then(|skipped| usize::try_from(skipped).ok())
            .and_then(|skipped| self.bytes[..self.filled].get(skipped..))
            .unwrap_or_default()
    }
}

/// One file of known length, read through a window.
pub(crate) struct Source<'a> {
    file: &'a File,
    len: u64,
    window: &'a mut Window,
    read_ahead: usize,
}

impl<'a> Source<'a> {
    pub(crate) fn new(file: &'a File, len: u64, window: &'a mut Window) -> Self {
        window.filled = 0;
        Self { file, len, window, read_ahead: READ_AHEAD }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Tells how far reads that follow will probably go; `None` restores the ordinary.
    pub(crate) fn expect_reads(&mut self, read_ahead: Option<usize>) {
        self.read_ahead = read_ahead.unwrap_or(READ_AHEAD).min(WINDOW);
    }

    /// The bytes at `at`, as many as there are up to `count` (at most the window's size).
    pub(crate) fn up_to(&mut self, at: u64, count: usize) -> Result<&[u8], ProbeError> {
        let left = usize::try_from(self.len.saturating_sub(at)).unwrap_or(usize::MAX);
        let count = count.min(left).min(WINDOW);
        if self.window.from(at).len() < count {
            self.load(at, count)?;
        }
        let held = self.window.from(at);
        Ok(&held[..count.min(held.len())])
    }

    /// Exactly `count` bytes at `at`.
    pub(crate) fn exact(&mut self, at: u64, count: usize) -> Result<&[u8], ProbeError> {
        let bytes = self.up_to(at, count)?;
        if bytes.len() < count {
            return Err(ProbeError::Truncated("the file ends inside its headers"));
        }
        Ok(bytes)
    }

    /// Exactly `N` bytes at `at`.
    pub(crate) fn array<const N: usize>(&mut self, at: u64) -> Result<[u8; N], ProbeError> {
        let mut array = [0; N];
        array.copy_from_slice(self.exact(at, N)?);
        Ok(array)
    }

    /// Fills `target` from `at`; long reads that the window does not hold go past it.
    pub(crate) fn fill(&mut self, mut at: u64, mut target: &mut [u8]) -> Result<(), ProbeError> {
        while !target.is_empty() {
            let mut held = self.window.from(at);
            if held.is_empty() {
                if target.len() >= READ_AHEAD / 2 {
                    return match read_fully(self.file, at, target)? {
                        count if count == target.len() => Ok(()),
                        _ => Err(shortened()),
                    };
                }
                held = self.up_to(at, target.len())?;
            }
            let count = held.len().min(target.len());
            if count == 0 {
                return Err(shortened());
            }
            target[..count].copy_from_slice(&held[..count]);
            target = &mut target[count..];
            at += count as u64;
        }
        Ok(())
    }

    fn load(&mut self, at: u64, count: usize) -> Result<(), ProbeError> {
        let (start, wanted) = if self.len <= WINDOW as u64 {
            (0, self.len)
        } else {
            (at, (count.max(self.read_ahead) as u64).min(self.len - at))
        };
        let wanted = usize::try_from(wanted).unwrap_or(WINDOW).min(WINDOW);
        self.window.filled = 0;
        self.window.start = start;
        self.window.filled = read_fully(self.file, start, &mut self.window.bytes[..wanted])?;
        Ok(())
    }
}

fn shortened() -> ProbeError {
    ProbeError::Truncated("the file became shorter while it was read")
}

/// Reads until `target` is full or the file ends; answers how many bytes there were.
fn read_fully(file: &File, at: u64, target: &mut [u8]) -> Result<usize, Error> {
    let mut filled = 0;
    while filled < target.len() {
        match file.read_at(&mut target[filled..], at + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

impl Bytes for Source<'_> {
    type Error = ProbeError;

    fn len(&self) -> u64 {
        self.len
    }

    fn up_to(&mut self, at: u64, count: usize) -> Result<&[u8], ProbeError> {
        Source::up_to(self, at, count)
    }
}
