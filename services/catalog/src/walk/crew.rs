//! Two threads list folders from one stack: listing waits for the disk more than for the processor.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::WalkProgress;
use super::folder::{Seen, list};
use crate::artwork::PictureRules;

/// More find nothing to do: the kernel's locks and the disk bound a walk.
const THREADS: usize = 2;

/// Folders that a thread takes at a time.
const HANDFUL: usize = 16;

struct Stack {
    folders: Vec<PathBuf>,
    /// Threads that may still find folders.
    busy: usize,
}

struct Crew<'a> {
    root: &'a Path,
    wanted: &'a Arc<PictureRules>,
    progress: &'a WalkProgress,
    stack: Mutex<Stack>,
    changed: Condvar,
}

/// Lists `folders`, which are relative to `root`, and everything below them.
pub(super) fn walk(
    root: &Path,
    wanted: &Arc<PictureRules>,
    folders: Vec<PathBuf>,
    progress: &WalkProgress,
) -> Seen {
    let stack = Mutex::new(Stack { folders, busy: THREADS });
    let crew = Crew { root, wanted, progress, stack, changed: Condvar::new() };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..THREADS).map(|_| scope.spawn(|| crew.work())).collect();
        let mut seen = crew.work();
        for other in others {
            match other.join() {
                Ok(more) => seen.merge(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        seen
    })
}

impl Crew<'_> {
    fn work(&self) -> Seen {
        let mut place = Place { crew: self, taken: true };
        let mut seen = Seen::new(self.wanted);
        let mut deeper = Vec::new();
        let mut reported = 0;
        while let Some(folders) = place.next(&mut deeper) {
            for folder in folders {
                if self.progress.is_cancelled() {
                    deeper.clear();
                    break;
                }
                list(self.root, &folder, self.progress, &mut seen, &mut deeper);
            }
            let found = seen.walked.music.len();
            self.progress.found.fetch_add((found - reported) as u64, Ordering::Relaxed);
            reported = found;
        }
        seen
    }
}

/// One thread's place among the busy ones.
struct Place<'a> {
    crew: &'a Crew<'a>,
    /// It counts as busy.
    taken: bool,
}

impl Place<'_> {
    /// Puts new folders on the stack and takes some; `None` when all is listed.
    fn next(&mut self, deeper: &mut Vec<PathBuf>) -> Option<Vec<PathBuf>> {
        let mut stack = self.crew.stack.lock().unwrap_or_else(PoisonError::into_inner);
        if !deeper.is_empty() {
            stack.folders.append(deeper);
            self.crew.changed.notify_all();
        }
        stack.busy -= 1;
        self.taken = false;
        loop {
            if !stack.folders.is_empty() {
                stack.busy += 1;
                self.taken = true;
                let share = stack.folders.len().div_ceil(THREADS).min(HANDFUL);
                let rest = stack.folders.len() - share;
                return Some(stack.folders.split_off(rest));
            }
            if stack.busy == 0 {
                self.crew.changed.notify_all();
                return None;
            }
            stack = self.crew.changed.wait(stack).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Place<'_> {
    /// A thread that panics must not let the others wait for what it would have found.
    fn drop(&mut self) {
        if self.taken {
            self.crew.stack.lock().unwrap_or_else(PoisonError::into_inner).busy -= 1;
            self.crew.changed.notify_all();
        }
    }
}
