//! A file that is still being written is not taken half.
//!
//! What a file holds is believed when two looks at it, some time apart, find the same size, times and
//! inode. Its own times may stand for the first look: what was last changed a second ago, by the clock
//! of this machine, needs no other. They may lie (clocks of file servers, files that came with the times
//! they had), but only towards one look too many: a copy's change time (ctime) is that of its last
//! write, whatever its modification time was set to. So it costs nothing but one `stat` of each file
//! that is read, and a scan that just began waits a moment for files that are younger.
//!
//! A file that changed between the looks is left as the store knows it: it is neither missing, nor can
//! another file take its track. Where folders are watched it is looked at again in a moment; else the
//! scan waits for it at its end, not for ever, and then says so.

use std::{
    fs, io,
    path::Path,
    time::{Duration, Instant},
};

use hexachord_storage::StoreError;

use super::{
    compare::ToRead,
    is_cancelled,
    reading::{Looked, Read, read_all},
    run::Run,
    settle::Unsettled,
};
use crate::{
    store::{FileState, Stat},
    walk::{file_facts, folder_of},
};

/// A file that was not changed for so long, by its own times, is not being written.
const CALM: Duration = Duration::from_secs(1);
/// A scan waits so long for files that are being written.
const PATIENCE: Duration = Duration::from_secs(3);
/// So long after a look that found a file changed comes the next one.
const AGAIN: Duration = Duration::from_secs(1);
/// How often who waits asks whether to go on waiting.
const TICK: Duration = Duration::from_millis(10);
/// Files that are named in a warning.
const NAMED: usize = 5;

/// A file after it was read, against what the walk saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Same,
    Changed(Stat),
    Gone,
}

impl After {
    pub(super) fn look(path: &Path, before: &ToRead) -> Self {
        let facts = match fs::metadata(path) {
            Ok(facts) => facts,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Self::Gone;
            }
            // Reading it says why.
            Err(_) => return Self::Same,
        };
        let mut stat = before.stat;
        (stat.size, stat.inode, stat.mtime_ns, stat.ctime_ns) = file_facts(&facts);
        if stat == before.stat { Self::Same } else { Self::Changed(stat) }
    }
}

/// Files that need another look, in the order in which they were found.
pub(super) struct Doubts<'r> {
    run: &'r Run<'r>,
    /// The first looks were no later.
    since: Instant,
    /// Files that are older are calm, in nanoseconds since the epoch.
    calm_before: i64,
    files: Vec<(ToRead, Read)>,
    /// They changed between two looks.
    changed: Vec<ToRead>,
}

impl<'r> Doubts<'r> {
    /// Of files that were found until now.
    pub(super) fn of(run: &'r Run<'r>) -> Self {
        let calm = i64::try_from(CALM.as_millis()).unwrap_or(i64::MAX);
        let calm_before = run.now.as_millis().saturating_sub(calm).saturating_mul(1_000_000);
        let since = Instant::now();
        Self { run, since, calm_before, files: Vec::new(), changed: Vec::new() }
    }

    /// Gives the file back if what was read of it is believed.
    pub(super) fn believe(&mut self, file: &ToRead, (read, after): Looked) -> Option<Read> {
        match after {
            After::Same
                if self.is_calm(&file.stat) || self.since.elapsed() >= self.run.task.apart() =>
            {
                return Some(read);
            }
            After::Same => self.files.push((file.clone(), read)),
            After::Changed(stat) => self.changed.push(ToRead { stat, ..file.clone() }),
            // Whoever looks next finds it gone.
            After::Gone => {}
        }
        None
    }

    fn is_calm(&self, stat: &Stat) -> bool {
        stat.mtime_ns.max(stat.ctime_ns) < self.calm_before
    }

    /// Looks at them again, and at what changed meanwhile until nothing does any more; gives `take`
    /// what is believed now.
    pub(super) fn settle(
        mut self,
        unsettled: &Unsettled,
        mut take: impl FnMut(&ToRead, Read) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let patience = Instant::now() + PATIENCE;
        loop {
            self.wait();
            if is_cancelled(self.run.stop) {
                return Ok(());
            }
            for (file, read) in std::mem::take(&mut self.files) {
                match After::look(&self.run.path(&file), &file) {
                    After::Same => take(&file, read)?,
                    After::Changed(stat) => self.changed.push(ToRead { stat, ..file }),
                    After::Gone => {}
                }
            }
            // It is at its place, whatever it becomes.
            for file in &self.changed {
                for before in &file.was {
                    if let FileState::Plays(track, audio) = before.state {
                        unsettled.settle(audio, track);
                    }
                }
            }
            if self.changed.is_empty() || self.are_looked_at_later() {
                return Ok(());
            }
            if Instant::now() > patience {
                self.warn();
                return Ok(());
            }
            self.read_again()?;
        }
    }

    fn wait(&self) {
        let until = self.since + self.run.task.apart();
        while !self.files.is_empty() && !is_cancelled(self.run.stop) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(TICK));
        }
    }

    fn are_looked_at_later(&self) -> bool {
        let Some(pending) = &self.run.setup.watched else { return false };
        for file in &self.changed {
            let folder = folder_of(&file.relative);
            let library = self.run.setup.libraries[file.library].id;
            pending.look_again(library, folder, Instant::now() + AGAIN);
        }
        true
    }

    fn read_again(&mut self) -> Result<(), StoreError> {
        self.since = Instant::now();
        let changed = std::mem::take(&mut self.changed);
        let run = self.run;
        read_all(run.setup, &changed, run.stop, |files, looked| {
            for (file, (read, after)) in files.iter().zip(looked) {
                match after {
                    After::Same => self.files.push((file.clone(), read)),
                    After::Changed(stat) => self.changed.push(ToRead { stat, ..file.clone() }),
                    After::Gone => {}
                }
            }
            Ok(())
        })
    }

    fn warn(&self) {
        for file in self.changed.iter().take(NAMED) {
            let library = &self.run.setup.libraries[file.library].name;
            let path = file.relative.display();
            self.run.progress.warn(format!(
                "{path} in the library `{library}` is still being written: the next scan takes it"
            ));
        }
        if self.changed.len() > NAMED {
            let more = self.changed.len() - NAMED;
            self.run.progress.warn(format!("{more} more files are still being written"));
        }
    }
}
