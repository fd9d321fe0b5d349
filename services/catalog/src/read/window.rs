//! A file seen through one reused window, with a budget: whatever its headers claim, reading it costs
//! bounded time and memory.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::os::unix::fs::FileExt;

/// Windows begin at multiples of their size, so that reading backwards is as cheap as forwards.
const WINDOW: usize = 32 * 1024;

/// The most that a picture may have: a larger one is left alone.
pub(crate) const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The most that one look at a file reads.
pub(super) const BUDGET: u64 = 128 * 1024 * 1024;

/// Working memory that outlives a file.
pub(super) struct Buffer(Vec<u8>);

impl Buffer {
    pub(super) fn new() -> Self {
        Self(vec![0; WINDOW])
    }
}

/// One file of known length; `Read` and `Seek` see it from `base` on.
pub(super) struct Window<'a> {
    file: &'a File,
    len: u64,
    base: u64,
    position: u64,
    budget: u64,
    /// The disk failed; a parser may take that for the file's end.
    failure: Option<ErrorKind>,
    start: u64,
    filled: usize,
    buffer: &'a mut Buffer,
}

impl<'a> Window<'a> {
    pub(super) fn new(file: &'a File, len: u64, buffer: &'a mut Buffer) -> Self {
        Self {
            file,
            len,
            base: 0,
            position: 0,
            budget: BUDGET,
            failure: None,
            start: 0,
            filled: 0,
            buffer,
        }
    }

    /// The file without its first `base` bytes, from its beginning, for another look.
    pub(super) fn behind(&mut self, base: u64) -> &mut Self {
        (self.base, self.position, self.budget) = (base, base, BUDGET);
        self
    }

    /// How the disk failed while the file was read, if it did.
    pub(super) fn failure(&self) -> Option<ErrorKind> {
        self.failure
    }

    fn load(&mut self, at: u64) -> Result<()> {
        let start = at - at % WINDOW as u64;
        let mut window = std::mem::take(&mut self.buffer.0);
        self.filled = 0;
        let read = self.read_at(start, &mut window);
        self.buffer.0 = window;
        (self.start, self.filled) = (start, read?);
        Ok(())
    }

    fn read_at(&mut self, at: u64, target: &mut [u8]) -> Result<usize> {
        self.budget = (self.budget.checked_sub(target.len() as u64))
            .ok_or_else(|| Error::other("its headers and tags are too large"))?;
        let mut filled = 0;
        while filled < target.len() {
            match self.file.read_at(&mut target[filled..], at + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure = Some(error.kind());
                    return Err(error);
                }
            }
        }
        Ok(filled)
    }
}

impl Read for Window<'_> {
    fn read(&mut self, target: &mut [u8]) -> Result<usize> {
        let left = self.len.saturating_sub(self.position);
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(target.len());
        if wanted == 0 {
            return Ok(0);
        }
        let inside = self.position.checked_sub(self.start).is_some_and(|skipped| {
            usize::try_from(skipped).is_ok_and(|skipped| skipped < self.filled)
        });
        if !inside {
            if wanted >= WINDOW {
                let position = self.position;
                let count = self.read_at(position, &mut target[..wanted])?;
                self.position += count as u64;
                return Ok(count);
            }
            self.load(self.position)?;
        }
        let skipped = usize::try_from(self.position - self.start).unwrap_or(usize::MAX);
        let held = self.buffer.0[..self.filled].get(skipped..).unwrap_or_default();
        let count = held.len().min(wanted);
        target[..count].copy_from_slice(&held[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Window<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let position = match to {
            SeekFrom::Start(offset) => self.base.checked_add(offset),
            SeekFrom::End(offset) => self.len.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        let position = position.filter(|position| *position >= self.base);
        self.position = position.ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
        Ok(self.position - self.base)
    }
}
