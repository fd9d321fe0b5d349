//! Where a stream goes.

use std::ops::ControlFlow;

use crossbeam_channel::Sender;

/// Takes a stream piece by piece.
pub trait Sink {
    /// Takes the next piece, however long there is no room for it; breaks when no more is wanted.
    fn take(&mut self, piece: Vec<u8>) -> ControlFlow<()>;

    /// Whether anybody still wants more: asked after every block of the file, also while no piece is
    /// ready.
    fn is_wanted(&self) -> bool {
        true
    }
}

/// Blocks while the channel is full, and breaks once its receiver is dropped.
impl Sink for Sender<Vec<u8>> {
    fn take(&mut self, piece: Vec<u8>) -> ControlFlow<()> {
        match self.send(piece) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_dropped) => ControlFlow::Break(()),
        }
    }
}
