//! What was noticed in all libraries and waits to be looked at; it outlives incarnations.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use hexachord_contracts::{catalog::NoticedBy, ids::LibraryId};

use super::{
    changes::{Changes, LATEST, QUIET},
    events,
};
use crate::{
    scan::Places,
    walk::{Depth, Folders},
};

/// How often who waits for a library to be watched asks whether to go on waiting.
const LOOK: Duration = Duration::from_millis(100);
const TICK: Duration = Duration::from_millis(5);
const FOR_EVER: Duration = Duration::from_hours(1);

/// Shared by all incarnations, by those who notice and by those who look.
#[derive(Clone, Default)]
pub(crate) struct Pending(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    libraries: BTreeMap<LibraryId, Changes>,
    /// What somebody stopped looking at: it comes along with the next look.
    aside: Places,
    /// Scans of everything that are wanted or run.
    holds: usize,
    /// Until when whoever looks waits; for ever is far away.
    asleep_until: Option<Instant>,
}

/// While there is one, nothing that was noticed is looked at.
pub(crate) struct Hold(Pending);

impl Pending {
    /// The folder of a library is about to be watched: whoever walks it waits for that. Were changes
    /// missed since it was watched before?
    pub(crate) fn begin_to_watch(&self, library: LibraryId) -> bool {
        let mut state = self.lock();
        let changes = state.libraries.entry(library).or_default();
        changes.is_beginning = true;
        changes.was_watched
    }

    /// It is watched now, or `is_polled`; everything that happens from now on is noticed.
    pub(crate) fn watched(&self, library: LibraryId, is_polled: bool) {
        self.change(library, |changes| {
            changes.is_beginning = false;
            changes.was_watched = true;
            changes.is_polled = is_polled;
            changes.all_are_watched();
        });
    }

    pub(super) fn is_polled(&self, library: LibraryId) -> bool {
        self.lock().libraries.get(&library).is_some_and(|changes| changes.is_polled)
    }

    /// There is no such library any more: nobody waits for it to be watched.
    pub(super) fn forget(&self, library: LibraryId) {
        let mut state = self.lock();
        state.libraries.remove(&library);
        state.aside.remove(&library);
        drop(state);
        self.wake();
    }

    /// A folder of the library is watched, one of many.
    pub(super) fn step(&self, library: LibraryId) {
        self.lock().libraries.entry(library).or_default().steps += 1;
    }

    /// Waits until a library that is about to be watched is; false when nothing moves for as long as
    /// `patience`. Blocks.
    pub(crate) fn wait_until_watched(
        &self,
        library: LibraryId,
        patience: Duration,
        give_up: impl Fn() -> bool,
    ) -> bool {
        let mut state = self.lock();
        let steps = |state: &State| {
            let changes = state.libraries.get(&library).filter(|changes| changes.is_beginning);
            changes.map(|changes| changes.steps)
        };
        let (mut last, mut since) = (0, Instant::now());
        while let Some(steps) = steps(&state)
            && !give_up()
        {
            if steps != last {
                (last, since) = (steps, Instant::now());
            } else if since.elapsed() >= patience {
                return false;
            }
            state = self.wait(state, Some(LOOK));
        }
        true
    }

    /// Takes in what inotify tells of a library; whether there are folders to be watched.
    pub(super) fn event(&self, library: LibraryId, root: &Path, event: &notify::Event) -> bool {
        self.change(library, |changes| {
            events::notice(changes, root, event, Instant::now());
            changes.is_behind()
        })
    }

    /// Anything may have happened anywhere in a library.
    pub(super) fn everything(&self, library: LibraryId) {
        let now = Instant::now();
        let since = now.checked_sub(LATEST).unwrap_or(now);
        self.change(library, |changes| {
            changes.notice_since(Path::new(""), Depth::Deep, since, since);
        });
        self.wake();
    }

    /// Has a folder looked at when it is time for it.
    pub(crate) fn look_again(&self, library: LibraryId, folder: &Path, at: Instant) {
        self.change(library, |changes| {
            changes.notice_since(folder, Depth::Shallow, at, at);
        });
    }

    /// Folders that may have appeared, and are not watched.
    pub(super) fn appeared(&self, library: LibraryId) -> Vec<PathBuf> {
        self.lock().libraries.get(&library).map(Changes::appeared).unwrap_or_default()
    }

    /// These of them are.
    pub(super) fn are_watched(&self, library: LibraryId, folders: &[PathBuf]) {
        self.change(library, |changes| changes.are_watched(folders));
    }

    /// Files of a library that are open for writing.
    pub(crate) fn being_written(&self, library: LibraryId) -> Vec<PathBuf> {
        self.lock().libraries.get(&library).map(Changes::being_written).unwrap_or_default()
    }

    /// A look at everything that began then has seen what was noticed before.
    pub(crate) fn forget_before(&self, begun: Instant) {
        let mut state = self.lock();
        state.aside.clear();
        for changes in state.libraries.values_mut() {
            changes.forget_before(begun);
        }
    }

    pub(crate) fn hold(&self) -> Hold {
        self.lock().holds += 1;
        Hold(self.clone())
    }

    /// Waits until places are to be looked at, and takes them; `None` after `stop`. Blocks.
    pub(crate) fn next(&self, stop: &AtomicBool) -> Option<(Places, NoticedBy)> {
        let mut state = self.lock();
        loop {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let now = Instant::now();
            let due = if state.holds == 0 { state.due(now) } else { None };
            if due.is_some_and(|due| due <= now) {
                let taken = state.take(now);
                if !taken.0.is_empty() {
                    return Some(taken);
                }
            }
            // What is due but cannot be taken is a moment too young.
            let pause = due.map(|due| due.saturating_duration_since(now).max(TICK));
            state.asleep_until = Some(now + pause.unwrap_or(FOR_EVER));
            state = self.wait(state, pause);
            state.asleep_until = None;
        }
    }

    /// Places that were taken and not looked at are due again.
    pub(super) fn put_back(&self, places: Places) {
        let mut state = self.lock();
        let now = Instant::now();
        let since = now.checked_sub(LATEST).unwrap_or(now);
        for (library, folders) in places {
            let changes = state.libraries.entry(library).or_default();
            for (folder, depth) in folders.iter() {
                changes.notice_since(folder, depth, since, now);
            }
        }
        drop(state);
        self.wake();
    }

    /// Places that somebody does not want to be looked at now wait for the next ones.
    pub(super) fn put_aside(&self, places: Places) {
        merge(&mut self.lock().aside, places);
    }

    /// Waits for so long, or until `stop`. Blocks.
    pub(super) fn rest(&self, pause: Duration, stop: &AtomicBool) {
        let until = Instant::now() + pause;
        let mut state = self.lock();
        while !stop.load(Ordering::Relaxed) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = self.wait(state, Some(left));
        }
    }

    pub(super) fn wake(&self) {
        // Nobody is between looking and waiting while the lock is held.
        drop(self.lock());
        self.0.changed.notify_all();
    }

    fn change<T>(&self, library: LibraryId, change: impl FnOnce(&mut Changes) -> T) -> T {
        let mut state = self.lock();
        let changes = state.libraries.entry(library).or_default();
        let was_beginning = changes.is_beginning;
        let answer = change(changes);
        // Nothing new is due sooner: whoever wakes then needs no call for everything that happens.
        let soonest = Instant::now() + QUIET;
        let sleeps_longer = changes.waits() && state.asleep_until.is_some_and(|it| it > soonest);
        if sleeps_longer || was_beginning {
            self.0.changed.notify_all();
        }
        answer
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(
        &self,
        state: MutexGuard<'s, State>,
        pause: Option<Duration>,
    ) -> MutexGuard<'s, State> {
        match pause {
            None => self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            Some(pause) => {
                let waited = self.0.changed.wait_timeout(state, pause);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        }
    }
}

impl State {
    fn due(&mut self, now: Instant) -> Option<Instant> {
        for changes in self.libraries.values_mut() {
            changes.give_up_on_writers(now);
        }
        self.libraries.values().filter_map(Changes::due).min()
    }

    fn take(&mut self, now: Instant) -> (Places, NoticedBy) {
        let mut taken = Places::new();
        let mut by = NoticedBy::Poll;
        for (library, changes) in &mut self.libraries {
            let folders = changes.take(now);
            if !folders.is_empty() {
                if !changes.is_polled {
                    by = NoticedBy::Watch;
                }
                taken.insert(*library, folders);
            }
        }
        if !taken.is_empty() {
            merge(&mut taken, std::mem::take(&mut self.aside));
        }
        (taken, by)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.lock().holds -= 1;
        self.0.wake();
    }
}

fn merge(into: &mut Places, places: Places) {
    for (library, folders) in places {
        let known: &mut Folders = into.entry(library).or_default();
        for (folder, depth) in folders.iter() {
            known.add(folder.to_path_buf(), depth);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIBRARY: LibraryId = LibraryId(7);

    fn one(folder: &str) -> Places {
        let mut folders = Folders::default();
        folders.add(folder.into(), Depth::Shallow);
        Places::from([(LIBRARY, folders)])
    }

    #[test]
    fn nothing_is_taken_while_everything_is_scanned() {
        let pending = Pending::default();
        let stop = AtomicBool::new(false);
        pending.put_back(one("a"));
        let hold = pending.hold();
        std::thread::scope(|scope| {
            let next = scope.spawn(|| pending.next(&stop));
            pending.rest(Duration::from_millis(30), &stop);
            assert!(!next.is_finished());
            drop(hold);
            assert_eq!(next.join().unwrap(), Some((one("a"), NoticedBy::Watch)));
        });
    }

    #[test]
    fn what_was_put_aside_comes_along_with_the_next() {
        let (pending, stop) = (Pending::default(), AtomicBool::new(false));
        pending.put_aside(one("a"));
        pending.put_back(one("b"));
        let (taken, _) = pending.next(&stop).unwrap();
        assert_eq!(taken[&LIBRARY].iter().count(), 2);
        // A look at everything has seen it.
        pending.put_aside(one("a"));
        pending.put_back(one("b"));
        pending.forget_before(Instant::now() + Duration::from_millis(1));
        stop.store(true, Ordering::Relaxed);
        assert_eq!(pending.next(&stop), None);
        assert!(pending.lock().due(Instant::now()).is_none() && pending.lock().aside.is_empty());
    }

    #[test]
    fn a_change_is_taken_in_time_while_a_file_is_being_written() {
        let (pending, stop) = (Pending::default(), AtomicBool::new(false));
        let now = Instant::now();
        pending.change(LIBRARY, |changes| changes.write(Path::new("a.mp3"), now));
        std::thread::scope(|scope| {
            let next = scope.spawn(|| pending.next(&stop));
            // It waits for the file by now.
            pending.rest(Duration::from_millis(30), &stop);
            pending.change(LIBRARY, |it| it.notice(Path::new("b"), Depth::Shallow, Instant::now()));
            assert_eq!(next.join().unwrap(), Some((one("b"), NoticedBy::Watch)));
        });
        assert!(now.elapsed() < Duration::from_secs(20), "it slept as long as for the file");
    }

    #[test]
    fn who_waits_for_a_library_to_be_watched_waits_as_long_as_something_moves() {
        let (pending, short) = (Pending::default(), Duration::from_millis(150));
        pending.begin_to_watch(LIBRARY);
        assert!(!pending.wait_until_watched(LIBRARY, short, || false));
        assert!(pending.wait_until_watched(LIBRARY, FOR_EVER, || true));
        // Each folder that is watched is a reason to go on waiting.
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| pending.wait_until_watched(LIBRARY, short, || false));
            let begun = Instant::now();
            while begun.elapsed() < short * 4 {
                pending.step(LIBRARY);
                pending.rest(TICK, &AtomicBool::new(false));
            }
            assert!(!waiting.is_finished());
            pending.watched(LIBRARY, false);
            assert!(waiting.join().unwrap());
        });
    }

    #[test]
    fn polled_libraries_alone_are_told_of_as_polled() {
        let (pending, stop) = (Pending::default(), AtomicBool::new(false));
        assert!(!pending.begin_to_watch(LIBRARY));
        pending.everything(LIBRARY);
        pending.watched(LIBRARY, true);
        let (taken, by) = pending.next(&stop).unwrap();
        assert!(taken[&LIBRARY].is_everything());
        assert_eq!(by, NoticedBy::Poll);
        assert!(pending.begin_to_watch(LIBRARY), "it was watched before");
    }
}
