//! Encoded bytes on their way to the sink, in pieces of a good size.

use std::ops::ControlFlow;

use super::Sink;
use crate::encode::{Encode, EncodeError};
use crate::layout::Layout;

/// About how many bytes a piece has.
const PIECE: usize = 16 * 1024;

/// Gathers bytes to pieces.
pub(super) struct Flow<'s, S> {
    sink: &'s mut S,
    piece: Vec<u8>,
    /// Samples a second.
    rate: usize,
    /// Samples that were encoded since the last piece, and in all.
    since: usize,
    all: usize,
    wanted: bool,
}

impl<'s, S: Sink> Flow<'s, S> {
    pub(super) fn new(sink: &'s mut S, sample_rate: u32, layout: Layout) -> Self {
        let rate = sample_rate as usize * layout.channels();
        Self { sink, piece: Vec::with_capacity(PIECE), rate, since: 0, all: 0, wanted: true }
    }

    /// Whether the sink wants more.
    pub(super) fn is_wanted(&self) -> bool {
        self.wanted && self.sink.is_wanted()
    }

    /// Encodes samples, and sends what is ready of them: at first all of it, because somebody waits for
    /// it, then by a size, or after a second of music.
    pub(super) fn encode(
        &mut self,
        encoder: &mut dyn Encode,
        samples: &[f32],
    ) -> Result<(), EncodeError> {
        encoder.encode(samples, &mut self.piece)?;
        self.since += samples.len();
        self.all = self.all.saturating_add(samples.len());
        let is_time = self.all <= self.rate || self.since >= self.rate;
        if self.piece.len() >= PIECE || is_time {
            self.send();
        }
        Ok(())
    }

    /// Sends the rest.
    pub(super) fn finish(
        &mut self,
        encoder: &mut dyn Encode,
    ) -> Result<ControlFlow<()>, EncodeError> {
        encoder.finish(&mut self.piece)?;
        self.send();
        Ok(if self.wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }

    fn send(&mut self) {
        if self.wanted && !self.piece.is_empty() {
            let full = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
            self.wanted = self.sink.take(full).is_continue();
            self.since = 0;
        }
    }
}
