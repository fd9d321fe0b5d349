//! Which music files and folder pictures a library holds.

use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::artwork::PictureRules;

mod beside;
mod crew;
mod folder;
mod linked;
mod links;
mod names;
mod places;

#[cfg(test)]
mod tests;

pub(crate) use beside::Beside;
use folder::Seen;
pub(crate) use folder::file_facts;
pub(crate) use names::{is_hidden, is_music, is_of_interest};
pub(crate) use places::{Depth, Folders, folder_of};

/// A music file, as the file system describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Below the library's folder; need not be UTF-8.
    pub(crate) relative: PathBuf,
    pub(crate) size: u64,
    pub(crate) mtime_ns: i64,
    pub(crate) ctime_ns: i64,
    pub(crate) inode: u64,
    pub(crate) device: u64,
    /// Files of the same folder that belong to it.
    pub(crate) beside: Option<Box<Beside>>,
}

/// A picture that stands for its folder, or for the music file beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundPicture {
    pub(crate) relative: PathBuf,
    pub(crate) size: u64,
    pub(crate) mtime_ns: i64,
    /// It is called like a music file in its folder.
    pub(crate) beside: bool,
}

/// What a walk saw, each list by the bytes of its paths.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Walked {
    pub(crate) music: Vec<Found>,
    pub(crate) pictures: Vec<FoundPicture>,
    /// What was left alone, and why.
    pub(crate) skipped: Vec<(PathBuf, String)>,
    /// Of those, what could not be read, and so may be as it was before.
    pub(crate) unseen: Vec<PathBuf>,
    /// That of the library's folder.
    pub(crate) device: u64,
    /// Folders that were listed.
    pub(crate) listed: usize,
    /// Is there nothing at all in the library's folder? Not known where everything is walked.
    pub(crate) bare: bool,
    /// Do links lead to what the walk does not see anyway? Then what one of them adds depends on all
    /// others, and only a walk of everything can tell.
    pub(crate) links: bool,
}

/// Why there is nothing to walk.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WalkError {
    #[error("the music folder {} is not there: its disk may be unmounted", .0.display())]
    Missing(PathBuf),
    #[error("the music folder {} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    #[error("the music folder {} may not be read: permission denied", .0.display())]
    PermissionDenied(PathBuf),
    #[error("the music folder {} cannot be read: {source}", folder.display())]
    Unreadable { folder: PathBuf, source: std::io::Error },
    #[error(
        "the music folder {} does not answer: its disk or its network may be away", .0.display()
    )]
    Silent(PathBuf),
    #[error("the walk was cancelled")]
    Cancelled,
}

/// Progress of a walk, and the wish to end it; shared with whoever watches.
#[derive(Debug, Default)]
pub(crate) struct WalkProgress {
    /// Music files seen so far.
    pub(crate) found: AtomicU64,
    /// Grows with everything that is looked at.
    pub(crate) steps: AtomicU64,
    pub(crate) cancelled: AtomicBool,
}

impl WalkProgress {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    pub(crate) fn step(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }
}

/// Lists the music in `folders` of the library at `root`, and the pictures that are `wanted`. Links are
/// followed where they stay below `root`, and nothing is listed twice because of them: a link to music that
/// the walk sees anyway adds nothing. Where less than everything is walked, links to anything else are
/// only told of.
pub(crate) fn walk(
    root: &Path,
    folders: &Folders,
    wanted: &Arc<PictureRules>,
    progress: &WalkProgress,
) -> Result<Walked, WalkError> {
    let root = root.canonicalize().map_err(|error| refusal(root, error))?;
    let facts = root.metadata().map_err(|error| refusal(&root, error))?;
    if !facts.is_dir() {
        return Err(WalkError::NotAFolder(root));
    }
    // What a sub-folder is only skipped for ends the walk here.
    drop(std::fs::read_dir(&root).map_err(|error| refusal(&root, error))?);

    let seen = if folders.is_everything() {
        let mut seen = crew::walk(&root, wanted, vec![PathBuf::new()], progress);
        links::follow(&root, &mut seen, progress);
        seen
    } else {
        let mut seen = walk_some(&root, folders, wanted, progress);
        links::look_at(&root, &mut seen, progress);
        seen.walked.bare = is_bare(&root);
        seen
    };
    if progress.is_cancelled() {
        return Err(WalkError::Cancelled);
    }
    let listed = seen.folders.len();
    let mut walked = Walked { device: facts.dev(), listed, ..seen.walked };
    walked.music.sort_unstable_by(|a, b| a.relative.as_os_str().cmp(b.relative.as_os_str()));
    walked.pictures.sort_unstable_by(|a, b| a.relative.as_os_str().cmp(b.relative.as_os_str()));
    walked.skipped.sort_unstable_by(|a, b| a.0.as_os_str().cmp(b.0.as_os_str()));
    Ok(walked)
}

/// Is there nothing at all in the folder? It may be where a disk was mounted.
fn is_bare(folder: &Path) -> bool {
    let entries = folder.read_dir().map(Iterator::flatten);
    entries.is_ok_and(|mut entries| entries.all(|entry| is_hidden(entry.file_name().as_bytes())))
}

/// A folder that is gone holds nothing.
fn walk_some(
    root: &Path,
    folders: &Folders,
    wanted: &Arc<PictureRules>,
    progress: &WalkProgress,
) -> Seen {
    let mut seen = Seen::new(wanted);
    let mut deep = Vec::new();
    for (relative, depth) in folders.iter() {
        match (is_walked(root, relative), depth) {
            (Ok(false), _) => {}
            (Ok(true), Depth::Deep) => deep.push(relative.to_path_buf()),
            (Ok(true), Depth::Shallow) => {
                folder::list(root, relative, progress, &mut seen, &mut Vec::new());
            }
            (Err(error), _) => {
                let reason = format!("the folder cannot be read: {}", folder::words(&error));
                seen.skip_unseen(relative.to_path_buf(), &reason);
            }
        }
    }
    progress.found.fetch_add(seen.walked.music.len() as u64, Ordering::Relaxed);
    if !deep.is_empty() {
        seen.merge(crew::walk(root, wanted, deep, progress));
    }
    seen
}

/// Would a walk of everything come to this folder, without following a link?
fn is_walked(root: &Path, relative: &Path) -> std::io::Result<bool> {
    if relative.iter().any(|name| is_hidden(name.as_bytes())) {
        return Ok(false);
    }
    let folder = root.join(relative);
    match folder.canonicalize() {
        Ok(real) => Ok(real == folder && real.is_dir()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

fn refusal(folder: &Path, error: std::io::Error) -> WalkError {
    let folder = folder.to_path_buf();
    match error.kind() {
        ErrorKind::NotFound => WalkError::Missing(folder),
        ErrorKind::NotADirectory => WalkError::NotAFolder(folder),
        ErrorKind::PermissionDenied => WalkError::PermissionDenied(folder),
        _ => WalkError::Unreadable { folder, source: error },
    }
}
