//! The one writer of a store: takes what waits, writes it in one transaction, one fsync for all.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use redb::WriteTransaction;
use tokio::sync::{oneshot, watch};

use crate::{StoreError, outbox, store::Files};

/// Jobs that may wait; more are refused.
const QUEUE: usize = 1024;
/// Jobs that share a commit.
const GROUP: usize = 256;

pub(crate) struct Writer {
    jobs: Mutex<Option<Sender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    commits: watch::Sender<u64>,
}

/// A write with its way back.
trait Job: Send {
    /// Nobody waits for it: it need not run.
    fn is_abandoned(&self) -> bool;
    /// Runs it inside the transaction; may be called again on another one.
    fn run(&mut self, write: &WriteTransaction) -> Result<(), StoreError>;
    /// Tells the caller; a success carries what the last run returned.
    fn finish(self: Box<Self>, outcome: Result<(), StoreError>);
}

struct Typed<T, F> {
    work: F,
    value: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Typed<T, F>
where
    T: Send,
    F: FnMut(&WriteTransaction) -> Result<T, StoreError> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(&mut self, write: &WriteTransaction) -> Result<(), StoreError> {
        self.value = Some((self.work)(write)?);
        Ok(())
    }

    fn finish(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { value, reply, .. } = *self;
        // A caller that left needs no answer.
        drop(reply.send(outcome.and_then(|()| value.ok_or(StoreError::Interrupted))));
    }
}

impl Writer {
    /// `epoch` is that of the entries which the outbox gets from now on.
    pub(crate) fn start(name: &str, files: Arc<Files>, epoch: u64) -> std::io::Result<Self> {
        let (jobs, inbox) = bounded(QUEUE);
        let (commits, _) = watch::channel(0);
        let told = commits.clone();
        let thread = std::thread::Builder::new()
            .name(format!("{name}-write"))
            .spawn(move || run(&inbox, &files, &told, epoch))?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)), commits })
    }

    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    pub(crate) fn submit<T: Send + 'static>(
        &self,
        work: impl FnMut(&WriteTransaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, StoreError>>, StoreError> {
        let (reply, outcome) = oneshot::channel();
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = jobs.as_ref().ok_or(StoreError::Interrupted)?;
        match sender.try_send(Box::new(Typed { work, value: None, reply })) {
            Ok(()) => Ok(outcome),
            Err(TrySendError::Full(_)) => Err(StoreError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(StoreError::Interrupted),
        }
    }

    /// Takes no more jobs, writes those that wait, and joins the thread. Blocks.
    pub(crate) fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            drop(thread.join());
        }
    }
}

fn run(inbox: &Receiver<Box<dyn Job>>, files: &Files, commits: &watch::Sender<u64>, epoch: u64) {
    let mut fresh = Some(epoch);
    while let Ok(first) = inbox.recv() {
        let mut group = vec![first];
        group.extend(inbox.try_iter().take(GROUP - 1));
        group.retain(|job| !job.is_abandoned());
        while !group.is_empty() {
            group = match files.with(|database| write_group(database, &mut group, fresh)) {
                Ok(Written::All { begun }) => {
                    fresh = fresh.filter(|_| !begun);
                    commits.send_modify(|count| *count += 1);
                    finish_all(group, &Ok(()))
                }
                Ok(Written::NoneBecause { failed, error }) => {
                    group.remove(failed).finish(Err(error));
                    group
                }
                Err(error) => {
                    // Nothing of the group is durable. redb refuses to go on until reopened.
                    tracing::error!(%error, "commit failed");
                    if let Err(error) = files.reopen() {
                        tracing::error!(%error, "store cannot be opened again");
                    }
                    finish_all(group, &Err(error))
                }
            };
        }
    }
}

enum Written {
    /// `begun`: with the first entries of the outbox since the store was opened.
    All { begun: bool },
    /// Nothing was committed, because the job at this place failed; the others may try again.
    NoneBecause { failed: usize, error: StoreError },
}

fn write_group(
    database: &redb::Database,
    group: &mut [Box<dyn Job>],
    fresh: Option<u64>,
) -> Result<Written, StoreError> {
    let mut write = database.begin_write()?;
    // Names and tags come from anywhere: nobody may craft pages that pass for a finished commit.
    write.set_two_phase_commit(true);
    let before = fresh.map(|_| outbox::last_written(&write)).transpose()?;
    for (place, job) in group.iter_mut().enumerate() {
        let outcome = catch_unwind(AssertUnwindSafe(|| job.run(&write)));
        if let Err(error) = outcome.unwrap_or(Err(StoreError::Interrupted)) {
            // After an I/O error redb cannot abort either, and only the job's error says why.
            return match write.abort() {
                Ok(()) => Ok(Written::NoneBecause { failed: place, error }),
                Err(_refused) => Err(error),
            };
        }
    }
    let begun = match fresh.zip(before) {
        Some((epoch, before)) => outbox::begin_epoch(&write, before, epoch)?,
        None => false,
    };
    write.commit()?;
    Ok(Written::All { begun })
}

fn finish_all(group: Vec<Box<dyn Job>>, outcome: &Result<(), StoreError>) -> Vec<Box<dyn Job>> {
    for job in group {
        job.finish(outcome.clone());
    }
    Vec::new()
}
