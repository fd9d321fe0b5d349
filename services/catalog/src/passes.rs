//! What is done in the background, while nobody waits for it: on a thread that ends with its incarnation,
//! whenever there may be something to do. What there is to do stands in the store.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crossbeam_channel::{Receiver, Sender, bounded};
use hexachord_storage::StoreError;

/// Tells that there may be something to do; cheap to clone.
#[derive(Clone)]
pub(crate) struct Wake(Sender<()>);

impl Wake {
    pub(crate) fn wake(&self) {
        // Full: it is told already.
        self.0.try_send(()).ok();
    }
}

/// One incarnation's thread; it ends when this is dropped.
pub(crate) struct Passes {
    wake: Wake,
    stop: Arc<AtomicBool>,
}

/// What a pass is told while it runs.
pub(crate) struct Signals {
    told: Receiver<()>,
    stop: Arc<AtomicBool>,
}

impl Signals {
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Has it been woken since it began, or since it was asked last?
    pub(crate) fn was_woken(&self) -> bool {
        self.told.try_recv().is_ok()
    }
}

impl Passes {
    /// Begins at once with what an earlier incarnation left.
    pub(crate) fn start(
        name: &'static str,
        pass: impl Fn(&Signals) -> Result<(), StoreError> + Send + 'static,
    ) -> io::Result<Self> {
        let (wake, told) = bounded(1);
        let stop = Arc::new(AtomicBool::new(false));
        let signals = Signals { told, stop: Arc::clone(&stop) };
        std::thread::Builder::new().name(format!("catalog-{name}")).spawn(move || {
            while !signals.is_stopped() && signals.told.recv().is_ok() {
                if signals.is_stopped() {
                    break;
                }
                if let Err(error) = pass(&signals)
                    && !signals.is_stopped()
                {
                    tracing::warn!(%error, name, "it goes on after the next scan");
                }
            }
        })?;
        let passes = Self { wake: Wake(wake), stop };
        passes.wake.wake();
        Ok(passes)
    }

    pub(crate) fn wake(&self) -> Wake {
        self.wake.clone()
    }

    /// Ends it as soon as it can.
    pub(crate) fn retire(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.wake.wake();
    }
}

impl Drop for Passes {
    fn drop(&mut self) {
        self.retire();
    }
}
