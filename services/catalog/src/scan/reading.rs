//! Reader threads: batches of files in, what they hold out, in the order of the walk.

use std::{
    collections::BTreeMap,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use hexachord_contracts::catalog::Lyrics;
use hexachord_storage::StoreError;

use super::{ScanSetup, calm::After, compare::ToRead, facts::tracks, is_cancelled};
use crate::{
    read::{ReadJob, ReadOutcome, Reading},
    store::TrackRow,
    walk::WalkProgress,
};

/// Files in a batch: enough to make a hand-over cheap.
const BATCH: usize = 32;
/// Batches between the first that is not taken yet and the last that is handed out. They keep the
/// readers busy while the store writes.
const WINDOW: usize = 128;
/// Bytes that were read and are not taken yet: with more of them readers wait. Most files have less
/// than a thousandth of it.
const MOST_READ: usize = 64 * 1024 * 1024;

/// How often who waits for room asks whether to go on waiting.
const TICK: Duration = Duration::from_millis(100);

/// A file as it was read: the rows of its tracks and their lyrics, or why there is none.
pub(super) type Read = Result<Vec<(Box<TrackRow>, Vec<Lyrics>)>, String>;

/// What came of a file, and whether it is still as the walk saw it.
pub(super) type Looked = (Read, After);

type Batch<'f> = (usize, &'f [ToRead]);
/// A batch as it was read, and its bytes. An error: it could not be read at all.
type Done = (usize, io::Result<Vec<Looked>>, usize);

/// How much was read and is not taken yet. Batches are handed out in order, so the one that is waited
/// for is always among those that are read or were read already.
#[derive(Default)]
struct Room {
    used: Mutex<usize>,
    freed: Condvar,
}

impl Room {
    fn wait(&self, stop: &WalkProgress) {
        let mut used = self.lock();
        while *used > MOST_READ && !is_cancelled(stop) {
            let waited = self.freed.wait_timeout(used, TICK);
            used = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn take(&self, bytes: usize) {
        *self.lock() += bytes;
    }

    fn give_back(&self, bytes: usize) {
        *self.lock() -= bytes;
        self.freed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads all `files` and gives them to `take`, batch by batch in their order, until one fails.
pub(super) fn read_all(
    setup: &ScanSetup,
    files: &[ToRead],
    stop: &WalkProgress,
    mut take: impl FnMut(&[ToRead], Vec<Looked>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let (jobs, todo) = bounded::<Batch<'_>>(WINDOW);
    let (done, results) = bounded::<Done>(WINDOW);
    let room = Room::default();
    std::thread::scope(|scope| {
        for n in 0..setup.readers.max(1) {
            let (todo, done, room) = (todo.clone(), done.clone(), &room);
            let thread = std::thread::Builder::new().name(format!("catalog-read-{n}"));
            thread.spawn_scoped(scope, move || {
                read_batches(setup, (&todo, room), &done, stop);
            })?;
        }
        drop(done);
        let mut waiting = files.chunks(BATCH).enumerate();
        let mut handed_out = 0;
        let mut early = BTreeMap::new();
        for (number, batch) in files.chunks(BATCH).enumerate() {
            while !early.contains_key(&number) {
                // Never more than the window is under way, so neither channel is ever full.
                for job in waiting.by_ref().take(WINDOW + number - handed_out) {
                    jobs.send(job).map_err(|_readers_gone| StoreError::Interrupted)?;
                    handed_out += 1;
                }
                let done = results.recv().map_err(|_ended| StoreError::Interrupted)?;
                let (number, read, bytes) = done;
                early.insert(number, (read, bytes));
            }
            let (read, bytes) = early.remove(&number).unwrap_or_else(|| (Ok(Vec::new()), 0));
            room.give_back(bytes);
            take(batch, read?)?;
            if is_cancelled(stop) {
                break;
            }
        }
        drop(jobs);
        Ok(())
    })
}

fn read_batches(
    setup: &ScanSetup,
    (todo, room): (&Receiver<Batch<'_>>, &Room),
    done: &Sender<Done>,
    stop: &WalkProgress,
) {
    let mut reading = Reading::new(setup.worker.clone());
    loop {
        // Before it takes a batch, so that who waits for one that was taken waits for nobody else.
        room.wait(stop);
        let Ok((number, files)) = todo.recv() else { return };
        if is_cancelled(stop) {
            // The batch is not taken any more, but its place in the order must be filled.
            drop(done.send((number, Ok(Vec::new()), 0)));
            continue;
        }
        // A batch that does not come back would hold up all that follow.
        let read = catch_unwind(AssertUnwindSafe(|| read_files(setup, files, &mut reading, stop)));
        let read = read.unwrap_or_else(|_panic| {
            reading = Reading::new(setup.worker.clone());
            // Files have their own outcomes: this says nothing of them, so nothing turns missing.
            Err(io::Error::other("the reading of files broke off"))
        });
        let bytes = reading.answered_bytes();
        room.take(bytes);
        if done.send((number, read, bytes)).is_err() {
            return;
        }
    }
}

fn read_files(
    setup: &ScanSetup,
    files: &[ToRead],
    reading: &mut Reading,
    stop: &WalkProgress,
) -> io::Result<Vec<Looked>> {
    let path = |file: &ToRead| setup.libraries[file.library].folder.join(&file.relative);
    let job = |file: &ToRead| {
        let library = &setup.libraries[file.library].folder;
        let job = ReadJob::of(&path(file));
        match &file.beside {
            Some(beside) => job.with_beside(library, &beside.names),
            None => job,
        }
    };
    let jobs: Vec<ReadJob> = files.iter().map(job).collect();
    let outcomes = match reading.read(&jobs, &|| is_cancelled(stop)) {
        Ok(outcomes) => outcomes,
        Err(_given_up) if is_cancelled(stop) => return Ok(Vec::new()),
        Err(error) => {
            let reason = format!("the process that reads files does not work: {error}");
            return Err(io::Error::other(reason));
        }
    };
    let read = files.iter().zip(outcomes).map(|(file, outcome)| {
        let read = match outcome {
            ReadOutcome::Music(music) => {
                let library = setup.libraries[file.library].id;
                let (size, splitter) = (file.stat.size, &setup.splitter);
                Ok(tracks(library, &file.relative, size, *music, splitter))
            }
            ReadOutcome::Unreadable { reason } => Err(reason),
        };
        (read, After::look(&path(file), file))
    });
    Ok(read.collect())
}
