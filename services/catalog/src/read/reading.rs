//! Who reads files: a worker process, or this one.

use std::{
    io::{self, ErrorKind},
    os::{
        fd::AsFd,
        unix::{
            ffi::OsStrExt,
            process::{CommandExt, ExitStatusExt},
        },
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::Signal,
};
use serde::de::DeserializeOwned;

use super::{
    ReadJob, ReadOutcome, Reader, WORKER_ARGUMENT, read_batch,
    worker::{Question, decode, encode, read_frame, write_frame},
};

/// How often who waits for a worker asks whether to go on waiting.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
/// A worker that was ended from outside gets so many more tries at its question.
const TRIES: u32 = 3;

/// For glibc's allocator: pictures of many sizes come and go, and what they leave is kept for the next
/// one instead of being tidied up and given back each time.
const KEEP_MEMORY: &str = "glibc.malloc.mxfast=0:glibc.malloc.mmap_threshold=67108864:glibc.malloc.trim_threshold=134217728";

/// How a worker is started: this program with [`WORKER_ARGUMENT`], which calls
/// [`run_worker`](crate::run_worker). It runs as the same user with an empty environment: it has
/// limits, but it is no sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The path of the program.
    pub program: PathBuf,
}

/// Tells whether to give up waiting for a file.
pub(crate) type GiveUp<'a> = &'a dyn Fn() -> bool;

/// Reads files for one thread.
pub(crate) enum Reading {
    /// In this process: what brings a parser down brings everything down.
    Here(Box<Reader>),
    /// In a worker, started when it is needed and again after it ended.
    Elsewhere { command: WorkerCommand, running: Option<Worker> },
}

/// A worker process; killed when it is dropped.
pub(crate) struct Worker {
    child: Child,
    questions: ChildStdin,
    answers: ChildStdout,
}

/// Why a worker gave no answer.
pub(super) enum NoAnswer {
    /// The file brought it down, in words for people.
    Died(&'static str),
    /// It is not the file's fault.
    Failed(io::Error),
}

impl Reading {
    pub(crate) fn new(command: Option<WorkerCommand>) -> Self {
        match command {
            Some(command) => Self::Elsewhere { command, running: None },
            None => Self::Here(Box::new(Reader::new())),
        }
    }

    /// What came of each file. A file that a worker dies of is unreadable; the others are read.
    ///
    /// # Errors
    /// Fails when nothing is known of the files: no worker can be started, workers are ended from
    /// outside, or `give_up` said so.
    pub(crate) fn read(
        &mut self,
        jobs: &[ReadJob],
        give_up: GiveUp<'_>,
    ) -> io::Result<Vec<ReadOutcome>> {
        if let Self::Here(reader) = self {
            return Ok(read_batch(jobs, reader));
        }
        match self.ask(&Question::Files(jobs.to_vec()), give_up) {
            Ok(outcomes) => return Ok(outcomes),
            Err(NoAnswer::Failed(error)) => return Err(error),
            // One of them was it: each alone, so that it is told from its neighbours.
            Err(NoAnswer::Died(_)) => {}
        }
        let mut outcomes = Vec::with_capacity(jobs.len());
        for job in jobs {
            match self.ask::<Vec<_>>(&Question::Files(vec![job.clone()]), give_up) {
                Ok(outcome) => outcomes.extend(outcome),
                Err(NoAnswer::Failed(error)) => return Err(error),
                Err(NoAnswer::Died(reason)) => {
                    let path = job.path().display();
                    tracing::warn!(%path, reason, "a file brought its reader down");
                    outcomes.push(ReadOutcome::Unreadable { reason: reason.to_owned() });
                }
            }
        }
        Ok(outcomes)
    }

    /// Asks a worker.
    pub(super) fn ask<T: DeserializeOwned>(
        &mut self,
        question: &Question,
        give_up: GiveUp<'_>,
    ) -> Result<T, NoAnswer> {
        let Self::Elsewhere { command, running } = self else {
            return Err(NoAnswer::Failed(ErrorKind::Unsupported.into()));
        };
        let mut tries = TRIES;
        loop {
            let mut worker = match running.take() {
                Some(worker) => worker,
                None => Worker::start(command, give_up).map_err(NoAnswer::Failed)?,
            };
            let error = match worker.ask(question, give_up) {
                Ok(answer) => {
                    *running = Some(worker);
                    return Ok(answer);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    return Err(NoAnswer::Failed(error));
                }
                Err(error) => error,
            };
            let signal = worker.end();
            if let Some(reason) = signal.and_then(verdict) {
                return Err(NoAnswer::Died(reason));
            }
            tries -= 1;
            if tries == 0 {
                let error = format!("a worker ended over and over ({error}, signal {signal:?})");
                return Err(NoAnswer::Failed(io::Error::other(error)));
            }
            tracing::warn!(%error, ?signal, "a worker ended, and is started again");
        }
    }
}

impl Worker {
    /// Starts one and waits until its limits hold.
    fn start(command: &WorkerCommand, give_up: GiveUp<'_>) -> io::Result<Self> {
        let mut child = Command::new(&command.program)
            .arg(WORKER_ARGUMENT)
            // It needs nothing of it, and there may be secrets in it.
            .env_clear()
            .env("GLIBC_TUNABLES", KEEP_MEMORY)
            // The interrupt that a terminal sends is for the server.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (questions, answers) = pipes.ok_or(ErrorKind::BrokenPipe)?;
        let mut worker = Self { child, questions, answers };
        match worker.answer(give_up) {
            Ok(greeting) if greeting.is_empty() => Ok(worker),
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(error),
            _ => Err(io::Error::other("it does not say that it is ready")),
        }
    }

    fn ask<T: DeserializeOwned>(
        &mut self,
        question: &Question,
        give_up: GiveUp<'_>,
    ) -> io::Result<T> {
        write_frame(&mut self.questions, &encode(question)?)?;
        decode(&self.answer(give_up)?)
    }

    /// The next frame; `Interrupted` when it was given up.
    fn answer(&mut self, give_up: GiveUp<'_>) -> io::Result<Vec<u8>> {
        while !has(&self.answers, PollFlags::IN)? {
            if give_up() {
                return Err(ErrorKind::Interrupted.into());
            }
        }
        read_frame(&mut self.answers)?.ok_or_else(|| ErrorKind::UnexpectedEof.into())
    }

    /// Ends it, if it has not ended itself; the signal that ended it.
    fn end(&mut self) -> Option<i32> {
        // Its pipes are closed when it dies, a moment before it can be waited for.
        if let Ok(None) = self.child.try_wait()
            && !has(&self.answers, PollFlags::empty()).unwrap_or(false)
        {
            drop(self.child.kill());
        }
        self.child.wait().ok()?.signal()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended; then this finds nobody.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Is there what is asked for, or in any case an end? Waits for [`LOOK`].
fn has(pipe: &impl AsFd, asked: PollFlags) -> io::Result<bool> {
    let mut watched = [PollFd::new(pipe, asked)];
    match poll(&mut watched, Some(&LOOK)) {
        Ok(ready) => Ok(ready > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// What a signal says of the file: the limits, or a crash. Any other came from outside.
fn verdict(signal: i32) -> Option<&'static str> {
    match Signal::from_named_raw(signal)? {
        Signal::XCPU => Some("damaged: reading it takes too long"),
        Signal::ABORT | Signal::SEGV | Signal::BUS => {
            Some("damaged: reading it needs too much memory, or broke off")
        }
        _ => None,
    }
}

impl ReadJob {
    pub(crate) fn of(path: &Path) -> Self {
        let path = path.as_os_str().as_bytes().to_vec();
        Self { path, beside: Vec::new(), library: Vec::new() }
    }

    /// With files of these names beside it, in the library with this folder.
    pub(crate) fn with_beside(self, library: &Path, beside: &[Vec<u8>]) -> Self {
        let library = library.as_os_str().as_bytes().to_vec();
        Self { beside: beside.to_vec(), library, ..self }
    }
}
