//! Lists one folder: one `stat` a file of interest, relative to the open folder.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{DirEntry, FileType, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::beside::Candidates;
use super::names::{Purpose, is_hidden, purpose_of};
use super::{Found, FoundPicture, WalkProgress, Walked};
use crate::artwork::PictureRules;

/// What is gathered of one folder or of many.
pub(super) struct Seen {
    pub(super) wanted: Arc<PictureRules>,
    pub(super) walked: Walked,
    /// Folders that were listed, by device and inode.
    pub(super) folders: Vec<(u64, u64)>,
    /// Links to folders, or to what looks like music or a picture.
    pub(super) links: Vec<PathBuf>,
    /// Pictures in the folder that is being listed that may be called like a music file.
    beside: Vec<DirEntry>,
}

impl Seen {
    pub(super) fn new(wanted: &Arc<PictureRules>) -> Self {
        let wanted = Arc::clone(wanted);
        let (folders, links, beside) = (Vec::new(), Vec::new(), Vec::new());
        Self { wanted, walked: Walked::default(), folders, links, beside }
    }

    pub(super) fn merge(&mut self, mut other: Self) {
        self.walked.music.append(&mut other.walked.music);
        self.walked.pictures.append(&mut other.walked.pictures);
        self.walked.skipped.append(&mut other.walked.skipped);
        self.walked.unseen.append(&mut other.walked.unseen);
        self.folders.append(&mut other.folders);
        self.links.append(&mut other.links);
    }

    pub(super) fn skip(&mut self, relative: PathBuf, reason: &str) {
        self.walked.skipped.push((relative, reason.to_owned()));
    }

    /// Skips what could not be read: what it holds is not known.
    pub(super) fn skip_unseen(&mut self, relative: PathBuf, reason: &str) {
        self.walked.unseen.push(relative.clone());
        self.skip(relative, reason);
    }

    /// Takes a regular file in, if it is of interest.
    pub(super) fn add(&mut self, relative: PathBuf, purpose: Purpose, facts: &Metadata) {
        let (size, inode, mtime_ns, ctime_ns) = file_facts(facts);
        match purpose {
            Purpose::Music => {
                let device = facts.dev();
                let beside = None;
                let found = Found { relative, size, mtime_ns, ctime_ns, inode, device, beside };
                self.walked.music.push(found);
            }
            Purpose::Picture | Purpose::PictureBeside => {
                let beside = purpose == Purpose::PictureBeside;
                self.walked.pictures.push(FoundPicture { relative, size, mtime_ns, beside });
            }
        }
    }

    /// Takes in the pictures of a folder that are called like music in it, which is behind `first`.
    fn add_beside(&mut self, folder: &Path, first: usize, progress: &WalkProgress) {
        let beside = std::mem::take(&mut self.beside);
        if beside.is_empty() {
            return;
        }
        let music = self.walked.music[first..].iter();
        let stems: HashSet<_> =
            music.filter_map(|found| Some(found.relative.file_stem()?.to_owned())).collect();
        for entry in beside {
            progress.step();
            let name = entry.file_name();
            if Path::new(&name).file_stem().is_some_and(|stem| stems.contains(stem)) {
                look(&entry, folder.join(name), Purpose::PictureBeside, self);
            }
        }
    }
}

/// Lists `relative` below `root` into `seen`, and its sub-folders into `deeper`.
pub(super) fn list(
    root: &Path,
    relative: &Path,
    progress: &WalkProgress,
    seen: &mut Seen,
    deeper: &mut Vec<PathBuf>,
) {
    let first = seen.walked.music.len();
    let listed = try_list(root, relative, progress, seen, deeper);
    seen.add_beside(relative, first, progress);
    if let Err(error) = listed {
        let reason = format!("the folder cannot be read: {}", words(&error));
        seen.skip_unseen(relative.to_path_buf(), &reason);
    }
}

fn try_list(
    root: &Path,
    relative: &Path,
    progress: &WalkProgress,
    seen: &mut Seen,
    deeper: &mut Vec<PathBuf>,
) -> io::Result<()> {
    let folder = root.join(relative);
    let facts = folder.symlink_metadata()?;
    seen.folders.push((facts.dev(), facts.ino()));
    let first = seen.walked.music.len();
    let mut beside = Candidates::default();
    for entry in folder.read_dir()? {
        let entry = entry?;
        if progress.is_cancelled() {
            return Ok(());
        }
        progress.step();
        let name = entry.file_name();
        if is_hidden(name.as_bytes()) {
            continue;
        }
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => {
                seen.skip_unseen(relative.join(name), &words(&error));
                continue;
            }
        };
        if kind.is_dir() {
            deeper.push(relative.join(name));
        } else if kind.is_file() && Candidates::are(name.as_bytes()) {
            beside.add(entry);
        } else {
            take(entry, &name, kind, relative, seen);
        }
    }
    beside.attach(&mut seen.walked.music[first..], progress);
    Ok(())
}

fn take(entry: DirEntry, name: &OsStr, kind: FileType, folder: &Path, seen: &mut Seen) {
    let purpose = purpose_of(name.as_bytes(), &seen.wanted);
    if kind.is_symlink() {
        seen.links.push(folder.join(name));
        return;
    }
    let Some(purpose) = purpose else { return };
    let relative = folder.join(name);
    if !kind.is_file() {
        return seen.skip(relative, "neither a file nor a folder");
    }
    if purpose == Purpose::PictureBeside {
        return seen.beside.push(entry);
    }
    look(&entry, relative, purpose, seen);
}

fn look(entry: &DirEntry, relative: PathBuf, purpose: Purpose, seen: &mut Seen) {
    match entry.metadata() {
        Ok(facts) => seen.add(relative, purpose, &facts),
        // It was removed meanwhile.
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => seen.skip_unseen(relative, &words(&error)),
    }
}

pub(super) fn words(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// What a change of a file is told by: its size, its inode, when it was modified and when it was changed
/// in any way, in nanoseconds since the epoch.
pub(crate) fn file_facts(facts: &Metadata) -> (u64, u64, i64, i64) {
    let mtime_ns = nanoseconds(facts.mtime(), facts.mtime_nsec());
    let ctime_ns = nanoseconds(facts.ctime(), facts.ctime_nsec());
    (facts.size(), facts.ino(), mtime_ns, ctime_ns)
}

fn nanoseconds(seconds: i64, nanoseconds: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds)
}
