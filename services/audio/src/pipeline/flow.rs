//! Encoded bytes on their way to the sink, in pieces of a good size.

use std::ops::ControlFlow;

use super::Sink;
use crate::encode::{Encode, EncodeError};
use crate::layout::Layout;

/// About how many bytes a piece has.
const PIECE: usize = 16 * 1024;
/// While somebody waits for the first bytes, so many times in a second of music is looked whether they
/// are there: decoders hand out up to a second at once.
const LOOKS: usize = 50;

/// Gathers bytes to pieces.
pub(super) struct Flow<'s, S> {
    sink: &'s mut S,
    piece: Vec<u8>,
    /// Bytes that are left out before the first one.
    skip: u64,
    /// Samples a second, and samples that are encoded at once while somebody waits.
    rate: usize,
    at_once: usize,
    /// Samples that were encoded since the last piece, and in all that are sent.
    since: usize,
    all: usize,
    wanted: bool,
}

impl<'s, S: Sink> Flow<'s, S> {
    pub(super) fn new(sink: &'s mut S, skip: u64, sample_rate: u32, layout: Layout) -> Self {
        let (sample_rate, channels) = (sample_rate as usize, layout.channels());
        Self {
            sink,
            piece: Vec::with_capacity(PIECE),
            skip,
            rate: sample_rate * channels,
            at_once: (sample_rate / LOOKS).max(1) * channels,
            since: 0,
            all: 0,
            wanted: true,
        }
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
        mut samples: &[f32],
    ) -> Result<(), EncodeError> {
        loop {
            let most = if self.is_waited_for() { self.at_once } else { usize::MAX };
            let (some, rest) = samples.split_at(most.min(samples.len()));
            encoder.encode(some, &mut self.piece)?;
            self.leave_out();
            if self.skip == 0 {
                self.since += some.len();
                self.all = self.all.saturating_add(some.len());
            }
            if self.piece.len() >= PIECE || self.is_waited_for() || self.since >= self.rate {
                self.send();
            }
            samples = rest;
            if samples.is_empty() || !self.wanted {
                return Ok(());
            }
        }
    }

    /// Sends the rest.
    pub(super) fn finish(
        &mut self,
        encoder: &mut dyn Encode,
    ) -> Result<ControlFlow<()>, EncodeError> {
        encoder.finish(&mut self.piece)?;
        self.leave_out();
        self.send();
        Ok(if self.wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }

    /// Until a second of music was sent.
    fn is_waited_for(&self) -> bool {
        self.all <= self.rate
    }

    fn leave_out(&mut self) {
        if self.skip > 0 {
            let most = usize::try_from(self.skip).unwrap_or(usize::MAX);
            let left_out = self.piece.len().min(most);
            self.piece.drain(..left_out);
            self.skip -= left_out as u64;
        }
    }

    fn send(&mut self) {
        if self.wanted && !self.piece.is_empty() {
            let full = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
            self.wanted = self.sink.take(full).is_continue();
            self.since = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each sample is one byte, and the stream ends with another.
    struct Bytes;

    impl Encode for Bytes {
        fn encode(&mut self, frames: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError> {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole numbers below 256"
            )]
            out.extend(frames.iter().map(|sample| *sample as u8));
            Ok(())
        }

        fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
            out.push(255);
            Ok(())
        }
    }

    #[derive(Default)]
    struct Pieces(Vec<Vec<u8>>);

    impl Sink for Pieces {
        fn take(&mut self, piece: Vec<u8>) -> ControlFlow<()> {
            self.0.push(piece);
            ControlFlow::Continue(())
        }
    }

    /// What is sent of ten bytes that are encoded five at a time, and of the one at the end.
    fn without(skip: u64) -> Vec<Vec<u8>> {
        let mut pieces = Pieces::default();
        let mut flow = Flow::new(&mut pieces, skip, 250, Layout::MONO);
        for samples in [[0.0, 1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0, 9.0]] {
            flow.encode(&mut Bytes, &samples).unwrap();
        }
        assert!(flow.finish(&mut Bytes).unwrap().is_continue());
        pieces.0
    }

    #[test]
    fn what_is_left_out_ends_anywhere() {
        let whole: [Vec<u8>; 3] = [vec![0, 1, 2, 3, 4], vec![5, 6, 7, 8, 9], vec![255]];
        assert_eq!(without(0), whole);
        assert_eq!(without(2), [vec![2, 3, 4], whole[1].clone(), whole[2].clone()], "within one");
        assert_eq!(without(5), whole[1..], "all of one, and nothing empty is sent");
        assert_eq!(without(7), [vec![7, 8, 9], whole[2].clone()], "across two");
        assert_eq!(without(10), whole[2..]);
        assert_eq!(without(11), Vec::<Vec<u8>>::new());
        assert_eq!(without(u64::MAX), Vec::<Vec<u8>>::new());
    }
}
