//! Notices what happens in the folder of one library, on a thread of its own: a folder that hangs holds up
//! nobody else.

use std::{
    fs,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender};
use hexachord_contracts::ids::LibraryId;
use notify::{Config, ErrorKind, EventHandler, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::{kind::silent, pending::Pending};
use crate::walk::is_hidden;

/// How often it is asked whether the folder is still the one that is watched: what is mounted over it,
/// or unmounted, tells nobody.
const CHECK: Duration = Duration::from_secs(2);

pub(super) struct Watcher {
    pub(super) id: LibraryId,
    pub(super) name: Arc<str>,
    pub(super) folder: PathBuf,
    pub(super) always_poll: bool,
    pub(super) poll_interval: Duration,
    pub(super) pending: Pending,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) bell: Sender<()>,
    pub(super) woken: Receiver<()>,
}

/// The folder that is watched, and not another one in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Root {
    /// Without links.
    path: PathBuf,
    device: u64,
    inode: u64,
}

/// The folders cannot be watched, for this reason.
struct CannotWatch(String);

impl Watcher {
    /// Until it is stopped. `missed`: something may have happened since it was watched last.
    pub(super) fn run(self, mut missed: bool) {
        let mut polls = self.always_poll;
        let mut was_there = missed;
        while !self.is_stopped() {
            let Some(root) = Root::of(&self.folder) else {
                self.tell_watched(polls);
                // A scan sees that it is gone, and tells.
                if std::mem::take(&mut was_there) {
                    self.pending.everything(self.id);
                }
                missed = true;
                self.sleep(CHECK);
                continue;
            };
            was_there = true;
            if polls || self.is_silent(&root) {
                self.poll(missed);
            } else if let Err(CannotWatch(reason)) = self.watch(&root, missed) {
                tracing::warn!(
                    library = &*self.name,
                    reason,
                    every = ?self.poll_interval,
                    "a library cannot be watched: it is looked through again and again"
                );
                polls = true;
                continue;
            }
            missed = true;
        }
    }

    fn is_silent(&self, root: &Root) -> bool {
        let silent = silent(&root.path);
        if let Some(kind) = silent {
            tracing::debug!(library = &*self.name, kind, "polled: its file system tells nothing");
        }
        silent.is_some()
    }

    /// Once: then it may be another folder.
    fn poll(&self, missed: bool) {
        self.tell_watched(true);
        if missed {
            self.pending.everything(self.id);
        }
        self.sleep(self.poll_interval);
    }

    /// Watches until the folder is another one, or until it is stopped.
    fn watch(&self, root: &Root, missed: bool) -> Result<(), CannotWatch> {
        let limit = Arc::new(AtomicBool::new(false));
        let handler = self.handler(root, Arc::clone(&limit));
        // Links are not followed: a walk does not follow them either, but to what is hidden.
        let config = Config::default().with_follow_symlinks(false);
        let mut watcher = RecommendedWatcher::new(handler, config).map_err(CannotWatch::because)?;
        self.watch_below(&mut watcher, &root.path)?;
        self.tell_watched(false);
        if missed {
            self.pending.everything(self.id);
        }
        while !self.is_stopped() {
            let appeared = self.pending.appeared(self.id);
            for folder in &appeared {
                self.watch_below(&mut watcher, &root.path.join(folder))?;
            }
            if self.is_stopped() {
                // Some may have been left out; the next incarnation watches all of them.
                return Ok(());
            }
            self.pending.are_watched(self.id, &appeared);
            if limit.load(Ordering::Relaxed) {
                return Err(CannotWatch::because(notify::Error::new(ErrorKind::MaxFilesWatch)));
            }
            if Root::of(&self.folder).as_ref() != Some(root) {
                return Ok(());
            }
            if appeared.is_empty() {
                self.sleep(CHECK);
            }
        }
        Ok(())
    }

    fn tell_watched(&self, is_polled: bool) {
        // The next incarnation tells for itself.
        if !self.is_stopped() {
            self.pending.watched(self.id, is_polled);
        }
    }

    fn handler(&self, root: &Root, limit: Arc<AtomicBool>) -> impl EventHandler + use<> {
        let (pending, id, root, bell) =
            (self.pending.clone(), self.id, root.path.clone(), self.bell.clone());
        move |event: notify::Result<notify::Event>| {
            let wants_watching = match event {
                Ok(event) => pending.event(id, &root, &event) || is_of(&root, &event),
                Err(error) => {
                    let is_limit = matches!(error.kind, ErrorKind::MaxFilesWatch);
                    limit.fetch_or(is_limit, Ordering::Relaxed);
                    pending.everything(id);
                    true
                }
            };
            if wants_watching {
                // A bell that rings already is heard.
                bell.try_send(()).ok();
            }
        }
    }

    /// Watches a folder and all below it. A folder is watched before it is listed: what appears
    /// meanwhile is either listed or told. One that cannot be read is left out, like in a walk.
    fn watch_below(
        &self,
        watcher: &mut RecommendedWatcher,
        folder: &Path,
    ) -> Result<(), CannotWatch> {
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            if self.is_stopped() {
                return Ok(());
            }
            self.pending.step(self.id);
            if !fs::symlink_metadata(&folder).is_ok_and(|facts| facts.is_dir()) {
                continue;
            }
            match watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {}
                Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => {
                    return Err(CannotWatch::because(error));
                }
                Err(error) => {
                    tracing::debug!(%error, folder = %folder.display(), "not watched");
                    continue;
                }
            }
            let Ok(entries) = folder.read_dir() else { continue };
            for entry in entries.flatten() {
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder && !is_hidden(entry.file_name().as_bytes()) {
                    folders.push(entry.path());
                }
            }
        }
        Ok(())
    }

    /// Until something is to be done, at most for so long.
    fn sleep(&self, longest: Duration) {
        if !self.is_stopped() {
            // Late or woken: both times it looks again.
            self.woken.recv_timeout(longest).ok();
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Is it about the library's folder itself?
fn is_of(root: &Path, event: &notify::Event) -> bool {
    !event.kind.is_access() && event.paths.iter().any(|path| path == root)
}

impl Root {
    fn of(folder: &Path) -> Option<Self> {
        let path = folder.canonicalize().ok()?;
        let facts = path.metadata().ok().filter(fs::Metadata::is_dir)?;
        Some(Self { path, device: facts.dev(), inode: facts.ino() })
    }
}

impl CannotWatch {
    #[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
    fn because(error: notify::Error) -> Self {
        let reason = match error.kind {
            ErrorKind::MaxFilesWatch => "the limit of watched folders is reached: raise it in \
                 /proc/sys/fs/inotify/max_user_watches (`sysctl fs.inotify.max_user_watches=1048576`) \
                 and start again"
                .to_owned(),
            _ => error.to_string(),
        };
        Self(reason)
    }
}
