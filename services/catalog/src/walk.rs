//! Which music files and folder pictures a library holds.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::artwork::PictureRules;

mod crew;
mod folder;
mod links;
mod names;

#[cfg(test)]
mod tests;

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
    #[error("the walk was cancelled")]
    Cancelled,
}

/// Progress of a walk, and the wish to end it; shared with whoever watches.
#[derive(Debug, Default)]
pub(crate) struct WalkProgress {
    /// Music files seen so far.
    pub(crate) found: AtomicU64,
    pub(crate) cancelled: AtomicBool,
}

impl WalkProgress {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// Lists the music below `root` and the pictures that are `wanted`. Links are followed where they stay below it, and nothing is listed
/// twice because of them: a link to what the walk sees anyway adds nothing.
pub(crate) fn walk(
    root: &Path,
    wanted: &Arc<PictureRules>,
    progress: &WalkProgress,
) -> Result<Walked, WalkError> {
    let root = root.canonicalize().map_err(|error| refusal(root, error))?;
    if !root.is_dir() {
        return Err(WalkError::NotAFolder(root));
    }
    // What a sub-folder is only skipped for ends the walk here.
    drop(std::fs::read_dir(&root).map_err(|error| refusal(&root, error))?);

    let mut seen = crew::walk(&root, wanted, vec![PathBuf::new()], progress);
    links::follow(&root, &mut seen, progress);
    if progress.is_cancelled() {
        return Err(WalkError::Cancelled);
    }
    let mut walked = seen.walked;
    walked.music.sort_unstable_by(|a, b| a.relative.as_os_str().cmp(b.relative.as_os_str()));
    walked.pictures.sort_unstable_by(|a, b| a.relative.as_os_str().cmp(b.relative.as_os_str()));
    walked.skipped.sort_unstable_by(|a, b| a.0.as_os_str().cmp(b.0.as_os_str()));
    Ok(walked)
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
