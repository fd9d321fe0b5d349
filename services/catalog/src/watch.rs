//! Watching: changes in the libraries' folders are noticed, and looked at, without being asked for.
//!
//! Every library has a thread that notices: through inotify, or by looking through everything again and
//! again where that does not work. What is noticed is a place: a folder whose own files changed, or one
//! below which anything may have. Places of all libraries gather in [`Pending`], which outlives
//! incarnations, until nothing happened in one of them for a moment; one thread then has all of them
//! scanned at once, so that a file that moved from one place to another is found again.
//!
//! An incarnation watches anew. What happened since the one before it stopped watching is found by a
//! look at everything as soon as the folders are watched again; at the first start whoever wants it
//! scans, and that scan waits until the folders are watched.

mod changes;
mod events;
mod kind;
mod library;
mod pending;

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crossbeam_channel::{Sender, bounded};
use library::Watcher;
pub(crate) use pending::{Hold, Pending};

use crate::{
    scan::{Looked, ScannedLibrary, Scanner},
    service::Watch,
};

/// After a failure of the store it is left in peace for so long.
const REST: Duration = Duration::from_secs(10);

/// The watching of one incarnation.
pub(crate) struct Watching {
    stop: Arc<AtomicBool>,
    /// Wake the threads of the libraries.
    bells: Vec<Sender<()>>,
    pending: Pending,
}

impl Watching {
    /// Begins to watch; where `how` says so.
    pub(crate) fn begin(
        how: Watch,
        poll_interval: Duration,
        libraries: &[ScannedLibrary],
        pending: &Pending,
        scanner: Arc<Scanner>,
    ) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut this = Self { stop, bells: Vec::new(), pending: pending.clone() };
        if how == Watch::Off {
            return Ok(this);
        }
        for (number, library) in libraries.iter().enumerate() {
            let (bell, woken) = bounded(1);
            this.bells.push(bell.clone());
            let watcher = Watcher {
                id: library.id,
                name: Arc::clone(&library.name),
                folder: library.folder.clone(),
                always_poll: how == Watch::Poll,
                poll_interval,
                pending: pending.clone(),
                stop: Arc::clone(&this.stop),
                bell,
                woken,
            };
            let missed = pending.begin_to_watch(library.id);
            let thread = std::thread::Builder::new().name(format!("catalog-watch-{number}"));
            thread.spawn(move || watcher.run(missed))?;
        }
        let (pending, stop) = (pending.clone(), Arc::clone(&this.stop));
        let thread = std::thread::Builder::new().name("catalog-noticed".to_owned());
        thread.spawn(move || look_at_what_is_noticed(&pending, &scanner, &stop))?;
        Ok(this)
    }

    /// Ends it; its threads end by themselves, even if a folder hangs now.
    pub(crate) fn retire(&self) {
        self.stop.store(true, Ordering::Relaxed);
        for bell in &self.bells {
            // A bell that rings already is heard.
            bell.try_send(()).ok();
        }
        self.pending.wake();
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.retire();
    }
}

fn look_at_what_is_noticed(pending: &Pending, scanner: &Scanner, stop: &AtomicBool) {
    while let Some((places, by)) = pending.next(stop) {
        match scanner.look(places.clone(), by) {
            Looked::Done => {}
            Looked::Interrupted => pending.put_back(places),
            Looked::Unwanted => pending.put_aside(places),
            Looked::Failed => {
                pending.put_back(places);
                pending.rest(REST, stop);
            }
        }
    }
}
