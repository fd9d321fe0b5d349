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
    collections::{BTreeMap, btree_map::Entry},
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crossbeam_channel::{Sender, bounded};
use hexachord_contracts::{catalog::WatchedHow, ids::LibraryId};
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
    how: Watch,
    poll_interval: Duration,
    stop: Arc<AtomicBool>,
    libraries: Mutex<BTreeMap<LibraryId, Watched>>,
    pending: Pending,
}

/// The thread of a library.
struct Watched {
    stop: Arc<AtomicBool>,
    bell: Sender<()>,
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
        let (stop, pending) = (Arc::new(AtomicBool::new(false)), pending.clone());
        let this = Self { how, poll_interval, stop, libraries: Mutex::default(), pending };
        if how == Watch::Off {
            return Ok(this);
        }
        this.follow(libraries)?;
        let pending = &this.pending;
        let (pending, stop) = (pending.clone(), Arc::clone(&this.stop));
        let thread = std::thread::Builder::new().name("catalog-noticed".to_owned());
        thread.spawn(move || look_at_what_is_noticed(&pending, &scanner, &stop))?;
        Ok(this)
    }

    /// Watches these, and no others any more.
    pub(crate) fn follow(&self, libraries: &[ScannedLibrary]) -> io::Result<()> {
        let mut watched = self.libraries.lock().unwrap_or_else(PoisonError::into_inner);
        if self.how == Watch::Off || self.stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        watched.retain(|library, thread| {
            let is_there = libraries.iter().any(|known| known.id == *library);
            if !is_there {
                thread.end();
                self.pending.forget(*library);
            }
            is_there
        });
        for library in libraries {
            if let Entry::Vacant(place) = watched.entry(library.id) {
                place.insert(self.begin_one(library)?);
            }
        }
        Ok(())
    }

    fn begin_one(&self, library: &ScannedLibrary) -> io::Result<Watched> {
        let (stop, (bell, woken)) = (Arc::new(AtomicBool::new(false)), bounded(1));
        let watcher = Watcher {
            id: library.id,
            name: Arc::clone(&library.name),
            folder: library.folder.clone(),
            always_poll: self.how == Watch::Poll,
            poll_interval: self.poll_interval,
            pending: self.pending.clone(),
            stop: Arc::clone(&stop),
            bell: bell.clone(),
            woken,
        };
        let missed = self.pending.begin_to_watch(library.id);
        let thread = std::thread::Builder::new().name("catalog-watch".to_owned());
        thread.spawn(move || watcher.run(missed))?;
        Ok(Watched { stop, bell })
    }

    /// How changes in this library are noticed.
    pub(crate) fn how(&self, library: LibraryId) -> WatchedHow {
        match self.how {
            Watch::Off => WatchedHow::Off,
            Watch::Poll => WatchedHow::Poll,
            Watch::Auto if self.pending.is_polled(library) => WatchedHow::Poll,
            Watch::Auto => WatchedHow::Watch,
        }
    }

    /// Ends it; its threads end by themselves, even if a folder hangs now.
    pub(crate) fn retire(&self) {
        let watched = self.libraries.lock().unwrap_or_else(PoisonError::into_inner);
        self.stop.store(true, Ordering::Relaxed);
        watched.values().for_each(Watched::end);
        drop(watched);
        self.pending.wake();
    }
}

impl Watched {
    fn end(&self) {
        self.stop.store(true, Ordering::Relaxed);
        // A bell that rings already is heard.
        self.bell.try_send(()).ok();
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
