//! Who reads files: a worker process, or this one.

use std::{
    ffi::OsString,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
};

use std::os::unix::{ffi::OsStrExt, process::ExitStatusExt};

use rustix::process::Signal;

use super::{
    ReadJob, ReadOutcome, Reader, embedded_picture, read_batch,
    worker::{Picture, Question, decode, encode, read_frame, write_frame},
};

/// How a worker is started: a program that calls [`run_worker`](crate::run_worker).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
}

/// Reads files for one thread.
pub(crate) enum Reading {
    /// In this process: what brings a parser down brings everything down.
    Here(Box<Reader>),
    /// In a worker, started when it is needed and again after it ended.
    Worker { command: WorkerCommand, running: Option<Worker> },
}

/// A worker process; killed when it is dropped.
pub(crate) struct Worker {
    child: Child,
    questions: ChildStdin,
    answers: ChildStdout,
}

/// Why a worker gave no answer.
enum NoAnswer {
    NotStarted(io::Error),
    /// It ended over the question.
    Died(Option<ExitStatus>),
}

impl Reading {
    pub(crate) fn new(command: Option<WorkerCommand>) -> Self {
        match command {
            Some(command) => Self::Worker { command, running: None },
            None => Self::Here(Box::new(Reader::new())),
        }
    }

    /// What came of each file. A file that a worker dies of is unreadable; the others are read.
    ///
    /// # Errors
    /// Fails when no worker can be started: then nothing is known of the files.
    pub(crate) fn read(&mut self, jobs: &[ReadJob]) -> io::Result<Vec<ReadOutcome>> {
        if let Self::Here(reader) = self {
            return Ok(read_batch(jobs, reader));
        }
        match self.ask(&Question::Files(jobs.to_vec())) {
            Ok(outcomes) => return Ok(outcomes),
            Err(NoAnswer::NotStarted(error)) => return Err(error),
            Err(NoAnswer::Died(_)) => {}
        }
        // One of them was it; each alone, so that it is told from its neighbours.
        let alone = |job: &ReadJob| match self.ask(&Question::Files(vec![job.clone()])) {
            Ok(outcomes) => Ok(outcomes),
            Err(NoAnswer::NotStarted(error)) => Err(error),
            Err(NoAnswer::Died(status)) => {
                let reason = cause_of_death(status).to_owned();
                Ok(vec![ReadOutcome::Unreadable { reason }])
            }
        };
        Ok(jobs.iter().map(alone).collect::<io::Result<Vec<_>>>()?.concat())
    }

    /// The picture that a music file carries.
    pub(crate) fn picture(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        if let Self::Here(_) = self {
            return embedded_picture(path);
        }
        let answer = self.ask(&Question::Picture(ReadJob::of(path)));
        match answer.map_err(NoAnswer::into_error)? {
            Picture::Follows => self.frame().map(Some),
            Picture::None => Ok(None),
            Picture::Gone => Err(ErrorKind::NotFound.into()),
            Picture::Unreadable(reason) => Err(io::Error::other(reason)),
        }
    }

    fn ask<T: serde::de::DeserializeOwned>(&mut self, question: &Question) -> Result<T, NoAnswer> {
        let Self::Worker { command, running } = self else {
            return Err(NoAnswer::NotStarted(ErrorKind::Unsupported.into()));
        };
        let mut worker = match running.take() {
            Some(worker) => worker,
            None => Worker::start(command).map_err(NoAnswer::NotStarted)?,
        };
        match worker.ask(question) {
            Ok(answer) => {
                *running = Some(worker);
                Ok(answer)
            }
            Err(error) => {
                let status = worker.end();
                tracing::warn!(%error, ?status, "a worker ended over a file");
                Err(NoAnswer::Died(status))
            }
        }
    }

    /// The next frame of the worker that answered last.
    fn frame(&mut self) -> io::Result<Vec<u8>> {
        let Self::Worker { running: Some(worker), .. } = self else {
            return Err(ErrorKind::Unsupported.into());
        };
        read_frame(&mut worker.answers)?.ok_or_else(|| ErrorKind::UnexpectedEof.into())
    }
}

impl Worker {
    fn start(command: &WorkerCommand) -> io::Result<Self> {
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            // It needs nothing of it, and there may be secrets in it.
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (questions, answers) = pipes.ok_or(ErrorKind::BrokenPipe)?;
        Ok(Self { child, questions, answers })
    }

    fn ask<T: serde::de::DeserializeOwned>(&mut self, question: &Question) -> io::Result<T> {
        write_frame(&mut self.questions, &encode(question)?)?;
        decode(&read_frame(&mut self.answers)?.ok_or(ErrorKind::UnexpectedEof)?)
    }

    /// Ends it, if it has not ended itself.
    fn end(&mut self) -> Option<ExitStatus> {
        // It may have ended; then this finds nobody, and its status is still there.
        drop(self.child.kill());
        self.child.wait().ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

impl NoAnswer {
    fn into_error(self) -> io::Error {
        match self {
            Self::NotStarted(error) => error,
            Self::Died(status) => io::Error::other(cause_of_death(status)),
        }
    }
}

fn cause_of_death(status: Option<ExitStatus>) -> &'static str {
    let signal = status.and_then(|status| status.signal());
    if signal == Some(Signal::XCPU.as_raw()) {
        "damaged: reading it takes too long"
    } else {
        "damaged: reading it needs too much memory, or broke off"
    }
}

impl ReadJob {
    pub(crate) fn of(path: &Path) -> Self {
        Self { path: path.as_os_str().as_bytes().to_vec() }
    }
}
