//! A job for one listener, whose pieces wait in a bounded channel until they are taken.

use std::{
    ops::ControlFlow,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::body::Bytes;
use crossbeam_channel::{Receiver, SendTimeoutError, Sender, TryRecvError, bounded};
use hexachord_audio::{Decoder, Ended, Sink, Transcode};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::failure::Failure;

/// Pieces, of about 16 KiB, that wait for a listener.
const WAITING: usize = 8;
/// So often a thread that waits for its listener looks whether the server ends.
const LOOK: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
struct Shared {
    /// Something was sent, or the thread has ended.
    sent: Notify,
    end: OnceLock<Result<(), Failure>>,
    /// Nobody listens any more.
    left: CancellationToken,
}

/// The thread's side.
pub(super) struct PipeSink {
    pieces: Option<Sender<Bytes>>,
    shared: Arc<Shared>,
    stop: CancellationToken,
    /// Bytes that are still wanted; absent: all.
    wanted: Option<u64>,
}

/// The listener's side.
#[derive(Debug)]
pub(super) struct Pipe {
    pieces: Receiver<Bytes>,
    shared: Arc<Shared>,
}

/// Leaves out all of a stream after the `wanted` bytes.
pub(super) fn pipe(wanted: Option<u64>, stop: CancellationToken) -> (PipeSink, Pipe) {
    let (sender, pieces) = bounded(WAITING);
    let shared = Arc::new(Shared::default());
    let sink = PipeSink { pieces: Some(sender), shared: Arc::clone(&shared), stop, wanted };
    (sink, Pipe { pieces, shared })
}

impl PipeSink {
    /// Sends what `transcode` makes, without its first `skip` bytes.
    pub(super) fn run(mut self, transcode: &Transcode, skip: u64, mut decoder: Decoder) {
        let end = match transcode.run_from(skip, &mut decoder, &mut self) {
            Ok(Ended::Complete | Ended::Short) => Ok(()),
            Ok(Ended::Cancelled) if self.wanted == Some(0) => Ok(()),
            Ok(Ended::Cancelled) => Err(Failure::BrokenOff),
            Err(error) => {
                tracing::info!(%error, "a stream cannot be made");
                Err((&error).into())
            }
        };
        drop(self.shared.end.set(end));
    }

    /// Blocks until there is room.
    fn send(&self, mut piece: Bytes) -> ControlFlow<()> {
        let Some(pieces) = &self.pieces else { return ControlFlow::Break(()) };
        loop {
            match pieces.send_timeout(piece, LOOK) {
                Ok(()) => break,
                Err(SendTimeoutError::Timeout(back)) if self.is_wanted() => piece = back,
                Err(_nobody) => return ControlFlow::Break(()),
            }
        }
        self.shared.sent.notify_one();
        if self.wanted == Some(0) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Sink for PipeSink {
    fn take(&mut self, piece: Vec<u8>) -> ControlFlow<()> {
        let mut piece = Bytes::from(piece);
        if let Some(wanted) = &mut self.wanted {
            piece.truncate(usize::try_from(*wanted).unwrap_or(usize::MAX));
            *wanted -= piece.len() as u64;
        }
        if piece.is_empty() {
            let has_all = self.wanted == Some(0);
            return if has_all { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        }
        self.send(piece)
    }

    fn is_wanted(&self) -> bool {
        !self.shared.left.is_cancelled() && !self.stop.is_cancelled()
    }
}

impl Drop for PipeSink {
    fn drop(&mut self) {
        // First, so that who is woken sees the end.
        self.pieces = None;
        self.shared.sent.notify_one();
    }
}

impl Pipe {
    /// What was sent next; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            match self.pieces.try_recv() {
                Ok(piece) => return Ok(Some(piece)),
                Err(TryRecvError::Empty) => self.shared.sent.notified().await,
                Err(TryRecvError::Disconnected) => {
                    let end = self.shared.end.get().cloned();
                    // A thread that ends without a word has panicked.
                    return end.unwrap_or(Err(Failure::BrokenOff)).map(|()| None);
                }
            }
        }
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.shared.left.cancel();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn piece(number: u8) -> Vec<u8> {
        vec![number; 10]
    }

    #[tokio::test]
    async fn a_thread_waits_for_its_listener_and_ends_when_it_leaves() {
        let (mut sink, mut pipe) = pipe(None, CancellationToken::new());
        let sender = thread::spawn(move || {
            let taken = (0..=u8::MAX).take_while(|number| sink.take(piece(*number)).is_continue());
            taken.count()
        });
        assert_eq!(pipe.next().await.unwrap().unwrap(), piece(0));
        assert_eq!(pipe.next().await.unwrap().unwrap(), piece(1));
        assert!(!sender.is_finished());
        drop(pipe);
        let sent = tokio::task::spawn_blocking(|| sender.join().unwrap()).await.unwrap();
        assert!(sent <= 2 + WAITING, "{sent} pieces were made");
    }

    #[tokio::test]
    async fn so_many_bytes_are_sent() {
        let (mut sink, mut pipe) = pipe(Some(17), CancellationToken::new());
        assert!(sink.take(piece(1)).is_continue());
        assert!(sink.take(piece(2)).is_break(), "that was all");
        drop(sink);
        assert_eq!(pipe.next().await.unwrap().unwrap(), piece(1));
        assert_eq!(pipe.next().await.unwrap().unwrap(), piece(2)[..7]);
        assert!(
            matches!(pipe.next().await, Err(Failure::BrokenOff)),
            "it did not say that it ended"
        );
    }

    #[tokio::test]
    async fn an_empty_piece_is_not_sent() {
        for (wanted, has_all) in [(Some(0), true), (Some(5), false), (None, false)] {
            let (mut sink, mut pipe) = pipe(wanted, CancellationToken::new());
            assert_eq!(sink.take(Vec::new()).is_break(), has_all, "{wanted:?}");
            drop(sink);
            assert!(matches!(pipe.next().await, Err(Failure::BrokenOff)), "{wanted:?}");
        }
    }

    #[tokio::test]
    async fn a_server_that_ends_stops_a_thread_that_waits() {
        let stop = CancellationToken::new();
        let (mut sink, pipe) = pipe(None, stop.clone());
        let sender = thread::spawn(move || while sink.take(piece(1)).is_continue() {});
        stop.cancel();
        tokio::task::spawn_blocking(|| sender.join().unwrap()).await.unwrap();
        drop(pipe);
    }
}
