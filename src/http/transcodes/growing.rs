//! A job that writes a file, which its listeners read while it grows.

use std::{fs::File, io, ops::ControlFlow, os::unix::fs::FileExt, sync::Arc};

use axum::body::Bytes;
use hexachord_audio::{Decoder, Ended, Sink};
use hexachord_contracts::Failpoints;
use http_body_util::BodyExt;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{
    cache::{Cache, Part},
    failure::Failure,
    recipe::Recipe,
};
use crate::http::{
    file_body::{ChunkPool, FileBody, Segment},
    ranges::ByteRange,
    sendfile::Windows,
};

/// How far a job has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    file: Option<Arc<File>>,
    written: u64,
    end: Option<End>,
}

#[derive(Debug, Clone)]
enum End {
    Whole,
    /// The folder takes no more of it.
    OutOfRoom,
    Failed(Failure),
}

/// What listeners hold of a job: when the last one lets go, it ends.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) progress: watch::Receiver<Progress>,
}

impl Job {
    pub(super) fn written(&self) -> u64 {
        self.progress.borrow().written
    }
}

/// The thread's side.
pub(super) struct Growing {
    told: watch::Sender<Progress>,
    cache: Arc<Cache>,
    stop: CancellationToken,
    failpoints: Failpoints,
    part: Option<Part>,
    written: u64,
    /// How many bytes there will be, where that was said.
    promised: Option<u64>,
    /// Why no more could be written.
    unwritten: Option<io::Error>,
}

impl Growing {
    pub(super) fn new(
        told: watch::Sender<Progress>,
        cache: Arc<Cache>,
        stop: CancellationToken,
        failpoints: Failpoints,
    ) -> Self {
        Self {
            told,
            cache,
            stop,
            failpoints,
            part: None,
            written: 0,
            promised: None,
            unwritten: None,
        }
    }

    pub(super) fn run(mut self, recipe: &Recipe, mut decoder: Decoder) {
        self.promised = recipe.promised_bytes();
        match self.cache.begin(recipe.key) {
            Ok(part) => {
                self.told.send_modify(|progress| progress.file = Some(Arc::clone(&part.file)));
                self.part = Some(part);
            }
            Err(error) => return self.out_of_room(&error),
        }
        let ended = recipe.transcode.run(&mut decoder, &mut self);
        if let Some(error) = self.unwritten.take() {
            return self.out_of_room(&error);
        }
        let end = match ended {
            Ok(Ended::Cancelled) => return,
            Ok(Ended::Short) if recipe.promised_bytes().is_some() => End::Failed(Failure::Short),
            Ok(Ended::Complete | Ended::Short) => {
                if let Some(part) = &self.part {
                    self.cache.keep(part, self.written);
                }
                End::Whole
            }
            Err(error) => {
                tracing::info!(%error, "a stream cannot be made");
                End::Failed((&error).into())
            }
        };
        self.told.send_modify(|progress| progress.end = Some(end));
    }

    fn out_of_room(&self, error: &io::Error) {
        self.cache.rest(error);
        self.told.send_modify(|progress| progress.end = Some(End::OutOfRoom));
    }

    fn write(&self, piece: &[u8]) -> io::Result<()> {
        let Some(part) = &self.part else { return Err(io::ErrorKind::NotFound.into()) };
        if self.failpoints.hit("transcodes", "write") {
            return Err(io::ErrorKind::StorageFull.into());
        }
        if self.written + piece.len() as u64 > self.cache.most_bytes() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        part.file.write_all_at(piece, self.written)
    }
}

impl Sink for Growing {
    fn take(&mut self, piece: Vec<u8>) -> ControlFlow<()> {
        assert!(!self.failpoints.hit("transcodes", "panic"), "planned");
        if let Err(error) = self.write(&piece) {
            self.unwritten = Some(error);
            return ControlFlow::Break(());
        }
        self.written += piece.len() as u64;
        self.told.send_modify(|progress| progress.written = self.written);
        ControlFlow::Continue(())
    }

    fn is_wanted(&self) -> bool {
        // Who has heard all that was promised leaves before the job knows that it is done: it is kept.
        let is_whole = self.promised.is_some_and(|promised| self.written >= promised);
        is_whole || (!self.told.is_closed() && !self.stop.is_cancelled())
    }
}

/// One listener's side.
pub(super) struct Reader {
    /// Kept for as long as somebody listens.
    _job: Arc<Job>,
    progress: watch::Receiver<Progress>,
    chunks: Arc<ChunkPool>,
    windows: Option<Arc<Windows>>,
    reading: Option<FileBody>,
}

/// What comes next for a listener.
pub(super) enum Next {
    Bytes(Bytes),
    End,
    /// All of the file was read, and there will be no more of it.
    OutOfRoom,
}

impl Reader {
    pub(super) fn new(
        job: Arc<Job>,
        chunks: Arc<ChunkPool>,
        windows: Option<Arc<Windows>>,
    ) -> Self {
        let progress = job.progress.clone();
        Self { _job: job, progress, chunks, windows, reading: None }
    }

    /// The bytes from `at` on, up to `to`; waits until there are some. `at` follows on the bytes before.
    pub(super) async fn next(&mut self, at: u64, to: Option<u64>) -> Result<Next, Failure> {
        loop {
            if let Some(reading) = &mut self.reading {
                if let Some(frame) = reading.frame().await {
                    if let Ok(bytes) = frame?.into_data() {
                        return Ok(Next::Bytes(bytes));
                    }
                    continue;
                }
                self.reading = None;
            }
            let (file, written, end) = {
                let now = self.progress.borrow_and_update();
                (now.file.clone(), now.written, now.end.clone())
            };
            let until = to.map_or(written, |to| to.min(written));
            if let Some(file) = file.filter(|_file| until > at) {
                let range = ByteRange { start: at, end: until };
                let segments = vec![Segment::File(range)];
                let body = FileBody::new(file, segments, &self.chunks);
                self.reading = Some(body.through(self.windows.clone()));
                continue;
            }
            match end {
                Some(End::Whole) => return Ok(Next::End),
                Some(End::OutOfRoom) => return Ok(Next::OutOfRoom),
                Some(End::Failed(failure)) => return Err(failure),
                // A thread that ends without a word has panicked, or the server ends.
                None => self.progress.changed().await.map_err(|_gone| Failure::BrokenOff)?,
            }
        }
    }
}
