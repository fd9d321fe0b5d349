//! Work that a service does by itself: following feeds, training, looking at due dates.

use std::{
    future::Future,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The tasks of one incarnation. They end when it retires, at the latest when it is dropped.
#[derive(Default)]
pub struct Background {
    stop: CancellationToken,
    tasks: Mutex<JoinSet<()>>,
}

impl Background {
    /// Keeps the work that `begin` starts running: when it panics it is begun again, after a pause
    /// that doubles. Work that returns has ended; it should return soon after its token is
    /// cancelled. Must be called inside a runtime.
    pub fn keep<F>(
        &self,
        name: &'static str,
        begin: impl Fn(CancellationToken) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = self.stop.clone();
        let kept = async move {
            let mut pause = FIRST_PAUSE;
            loop {
                let mut running = JoinSet::new();
                running.spawn(begin(stop.clone()));
                match running.join_next().await {
                    Some(Err(error)) if error.is_panic() => {
                        tracing::error!(name, ?pause, "background work panicked: begun again");
                    }
                    _ => return,
                }
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        };
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).spawn(kept);
    }

    /// Asks all work to end.
    pub fn retire(&self) {
        self.stop.cancel();
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_panics_is_begun_again_until_it_retires() {
        let begun = Arc::new(AtomicU32::new(0));
        let (told, mut heard) = tokio::sync::mpsc::channel(8);
        let background = Background::default();
        let counter = Arc::clone(&begun);
        background.keep("test", move |stop| {
            let (begun, told) = (Arc::clone(&counter), told.clone());
            async move {
                assert!(begun.fetch_add(1, Ordering::Relaxed) >= 2, "planned");
                told.send("runs").await.unwrap();
                stop.cancelled().await;
                told.send("ended").await.unwrap();
            }
        });
        assert_eq!(heard.recv().await, Some("runs"));
        assert_eq!(begun.load(Ordering::Relaxed), 3);
        background.retire();
        assert_eq!(heard.recv().await, Some("ended"));
    }
}
