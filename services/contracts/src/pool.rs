//! Blocking work off the runtime: crossbeam in (named workers, one bounded queue), oneshot out.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
    thread::JoinHandle,
};

use crossbeam_channel::{Sender, TrySendError, bounded};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// A fixed set of named threads over one bounded queue. It outlives the incarnations of the
/// service that uses it: dropping it lets the threads finish by themselves, and only
/// [`Pool::close`] waits for them.
pub struct Pool {
    jobs: Mutex<Option<Sender<Job>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    #[error("too much work is waiting")]
    Full,
    #[error("the work was interrupted")]
    Interrupted,
}

impl Pool {
    /// `threads` workers named `name-0`, `name-1`…, and room for `queue` waiting jobs.
    pub fn new(name: &str, threads: usize, queue: usize) -> std::io::Result<Self> {
        Self::begin(name, threads, queue, || {})
    }

    /// The same for work that nobody waits for: on Linux its threads, and those that they start,
    /// let all others go first, as `nice` counts: on a busy processor 10 leaves them about a tenth of
    /// what another thread has, 5 about a third.
    pub fn giving_way(name: &str, threads: usize, queue: usize, nice: u8) -> std::io::Result<Self> {
        Self::begin(name, threads, queue, move || give_way(nice))
    }

    fn begin(
        name: &str,
        threads: usize,
        queue: usize,
        prepare: impl Fn() + Copy + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, inbox) = bounded::<Job>(queue);
        let spawn = |n| {
            let inbox = inbox.clone();
            std::thread::Builder::new().name(format!("{name}-{n}")).spawn(move || {
                prepare();
                for job in inbox {
                    // The panic is told to who waits for the job: its sender is dropped.
                    drop(catch_unwind(AssertUnwindSafe(job)));
                }
            })
        };
        let threads = (0..threads.max(1)).map(spawn).collect::<Result<_, _>>()?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), threads: Mutex::new(threads) })
    }

    /// Runs `job` on a worker, in the span of who asks. Never blocks the calling task; a full queue
    /// is an error. A job whose caller has left before it began is not run.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PoolError> {
        let (done, result) = oneshot::channel();
        let span = tracing::Span::current();
        self.submit(Box::new(move || {
            if !done.is_closed() {
                drop(done.send(span.in_scope(job)));
            }
        }))?;
        result.await.map_err(|_dropped| PoolError::Interrupted)
    }

    fn submit(&self, job: Job) -> Result<(), PoolError> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = jobs.as_ref().ok_or(PoolError::Interrupted)?;
        sender.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => PoolError::Full,
            TrySendError::Disconnected(_) => PoolError::Interrupted,
        })
    }

    /// Takes no more jobs, finishes those that wait, and joins the workers. Blocks: never call it
    /// on a runtime thread.
    pub fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            drop(thread.join());
        }
    }
}

// Elsewhere than on Linux it would hold for the whole process. Without it there is only more of a hurry.
#[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "for Linux alone"))]
fn give_way(nice: u8) {
    #[cfg(target_os = "linux")]
    rustix::process::setpriority_process(None, nice.into()).ok();
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn a_panicking_job_costs_itself_only() {
        let pool = Pool::new("test", 1, 4).unwrap();
        assert_eq!(pool.run(|| panic!("planned")).await, Err::<(), _>(PoolError::Interrupted));
        assert_eq!(pool.run(|| 5).await, Ok(5));
    }

    #[tokio::test]
    async fn a_full_queue_refuses() {
        let pool = Arc::new(Pool::new("test", 1, 1).unwrap());
        let (release, wait) = bounded::<()>(0);
        let (begun, started) = bounded::<()>(0);
        let busy = {
            let pool = Arc::clone(&pool);
            #[expect(clippy::disallowed_methods, reason = "a test's own task")]
            tokio::spawn(async move {
                pool.run(move || {
                    begun.send(()).unwrap();
                    wait.recv().ok();
                })
                .await
            })
        };
        tokio::task::spawn_blocking(move || started.recv().unwrap()).await.unwrap();
        let mut waiting = std::pin::pin!(pool.run(|| 1));
        assert!(futures_util::poll!(&mut waiting).is_pending());
        assert_eq!(pool.run(|| 2).await, Err(PoolError::Full));
        drop(release);
        assert_eq!(waiting.await, Ok(1));
        assert_eq!(busy.await.unwrap(), Ok(()));
        let closing = Arc::clone(&pool);
        tokio::task::spawn_blocking(move || closing.close()).await.unwrap();
    }
}
