//! Buffers that files are read into. They go round: a fresh allocation for every chunk would pay for
//! its pages and their zeroing again and again.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// Bytes read at once. Smaller chunks cost more system calls and wakings a byte, larger ones leave the
/// processor's cache and cost memory for every listener.
pub(super) const CHUNK_SIZE: usize = 256 * 1024;

/// Buffers that rest here between uses: 4 MiB.
const KEPT: usize = 16;

/// Buffers at rest, the warmest on top. Memory at rest is bounded here, memory in use by the bodies.
#[derive(Debug, Default)]
pub struct ChunkPool {
    idle: Mutex<Vec<Box<[u8]>>>,
}

impl ChunkPool {
    /// A buffer for at most `wanted` bytes.
    pub(super) fn take(self: &Arc<Self>, wanted: u64) -> Chunk {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let buffer = idle.unwrap_or_else(|| vec![0; CHUNK_SIZE].into_boxed_slice());
        let len = usize::try_from(wanted).map_or(CHUNK_SIZE, |wanted| wanted.min(CHUNK_SIZE));
        Chunk { buffer, len, pool: Arc::clone(self) }
    }

    fn put_back(&self, buffer: Box<[u8]>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(buffer);
        }
    }
}

/// A buffer on loan from its pool.
#[derive(Debug)]
pub(super) struct Chunk {
    buffer: Box<[u8]>,
    len: usize,
    pool: Arc<ChunkPool>,
}

impl Chunk {
    /// The room to read into.
    pub(super) fn space(&mut self) -> &mut [u8] {
        &mut self.buffer[..self.len]
    }

    /// The first `count` bytes that were read.
    pub(super) fn into_bytes(mut self, count: usize) -> Bytes {
        self.len = self.len.min(count);
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.len]
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        self.pool.put_back(std::mem::take(&mut self.buffer));
    }
}
