//! Symbolic links: followed only below the library's folder, each target once, in the order of their
//! names, so that two walks see the same and none goes round in circles.

use std::collections::{BTreeSet, HashSet};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::WalkProgress;
use super::folder::{Seen, list, words};
use super::linked::{self, belongs_to_music};
use super::names::{Purpose, is_hidden, is_music, purpose_of};
use super::places::folder_of;

/// Adds to `seen` what its links lead to.
pub(super) fn follow(root: &Path, seen: &mut Seen, progress: &WalkProgress) {
    let mut links = sorted(std::mem::take(&mut seen.links));
    if links.is_empty() {
        return;
    }
    let mut folders: HashSet<(u64, u64)> = seen.folders.iter().copied().collect();
    let mut files: HashSet<(u64, u64)> =
        seen.walked.music.iter().map(|found| (found.device, found.inode)).collect();
    let before = seen.walked.music.len();
    let mut beside = BTreeSet::new();
    while let Some(link) = links.pop() {
        if progress.is_cancelled() {
            return;
        }
        progress.step();
        note_beside(&link, seen, &mut beside);
        let Some(target) = target_of(root, &link, seen) else { continue };
        let key = (target.facts.dev(), target.facts.ino());
        if target.facts.is_dir() {
            if folders.insert(key) {
                seen.walked.links = true;
                list_below(root, link, progress, seen, &mut folders, &mut files);
                links.append(&mut sorted(std::mem::take(&mut seen.links)));
            }
        } else if let Some(purpose) = target.purpose {
            let is_new = purpose == Purpose::Picture || files.insert(key);
            seen.walked.links |= purpose == Purpose::Music && is_new;
            match (target.facts.is_file(), is_new) {
                (true, true) => {
                    if purpose == Purpose::Music {
                        beside.insert(folder_of(&link).to_path_buf());
                    }
                    seen.add(link, purpose, &target.facts);
                }
                (true, false) => {}
                (false, _) => seen.skip(link, "neither a file nor a folder"),
            }
        }
    }
    let added = seen.walked.music.len() - before;
    progress.found.fetch_add(added as u64, Ordering::Relaxed);
    linked::attach(root, &beside, seen, progress);
}

/// Notes the folder of a link that may belong to music in it.
fn note_beside(link: &Path, seen: &Seen, beside: &mut BTreeSet<PathBuf>) {
    if belongs_to_music(link.file_name().unwrap_or_default().as_bytes(), seen) {
        beside.insert(folder_of(link).to_path_buf());
    }
}

/// Tells of links in some folders of a library whether they lead to what a walk of everything does
/// not see anyway. Pictures depend on no other link, and are taken.
pub(super) fn look_at(root: &Path, seen: &mut Seen, progress: &WalkProgress) {
    let mut beside = BTreeSet::new();
    for link in std::mem::take(&mut seen.links) {
        if progress.is_cancelled() {
            return;
        }
        progress.step();
        note_beside(&link, seen, &mut beside);
        let Some(target) = target_of(root, &link, seen) else { continue };
        let is_music = target.purpose == Some(Purpose::Music);
        if target.facts.is_dir() || (is_music && target.facts.is_file()) {
            seen.walked.links |= !is_seen_anyway(&target);
        } else if let Some(purpose) = target.purpose {
            if target.facts.is_file() {
                seen.add(link, purpose, &target.facts);
            } else {
                seen.skip(link, "neither a file nor a folder");
            }
        }
    }
    linked::attach(root, &beside, seen, progress);
}

fn is_seen_anyway(target: &Target) -> bool {
    let name = target.relative.file_name().unwrap_or_default().as_bytes();
    let is_visible = !target.relative.iter().any(|name| is_hidden(name.as_bytes()));
    is_visible && (target.facts.is_dir() || is_music(name))
}

/// The last in order of names first.
fn sorted(mut links: Vec<PathBuf>) -> Vec<PathBuf> {
    links.sort_unstable_by(|a, b| b.as_os_str().cmp(a.as_os_str()));
    links
}

struct Target {
    /// Without links.
    relative: PathBuf,
    facts: std::fs::Metadata,
    purpose: Option<Purpose>,
}

/// What `link` leads to; `None`, with a word where it would be missed, for what is not followed.
fn target_of(root: &Path, link: &Path, seen: &mut Seen) -> Option<Target> {
    let purpose = purpose_of(link.file_name().unwrap_or_default().as_bytes(), &seen.wanted)
        .filter(|purpose| *purpose != Purpose::PictureBeside);
    let target = root.join(link).canonicalize();
    let facts = target.as_ref().map(|target| (target.strip_prefix(root), target.metadata()));
    match facts {
        Ok((Ok(relative), Ok(facts))) => {
            Some(Target { relative: relative.to_path_buf(), facts, purpose })
        }
        Ok((Err(_outside), Ok(facts))) => {
            if facts.is_dir() || purpose.is_some() {
                seen.skip(link.to_path_buf(), "the link leads out of the library");
            }
            None
        }
        Ok((_, Err(error))) => {
            seen.skip_unseen(link.to_path_buf(), &words(&error));
            None
        }
        Err(error) => {
            if error.kind() != ErrorKind::NotFound {
                let reason = format!("the link cannot be followed: {}", words(error));
                seen.skip_unseen(link.to_path_buf(), &reason);
            } else if purpose.is_some() {
                seen.skip(link.to_path_buf(), "the link leads nowhere");
            }
            None
        }
    }
}

/// Lists a folder that only a link leads to, and what is below it and was not seen before.
fn list_below(
    root: &Path,
    link: PathBuf,
    progress: &WalkProgress,
    seen: &mut Seen,
    folders: &mut HashSet<(u64, u64)>,
    files: &mut HashSet<(u64, u64)>,
) {
    let mut stack = vec![link];
    let before = seen.walked.music.len();
    while let Some(folder) = stack.pop() {
        if progress.is_cancelled() {
            return;
        }
        let mut deeper = Vec::new();
        list(root, &folder, progress, seen, &mut deeper);
        deeper.retain(|folder| {
            progress.step();
            let facts = root.join(folder).metadata();
            facts.is_ok_and(|facts| folders.insert((facts.dev(), facts.ino())))
        });
        stack.append(&mut deeper);
    }
    let listed = seen.walked.music.split_off(before);
    let new = listed.into_iter().filter(|found| files.insert((found.device, found.inode)));
    seen.walked.music.extend(new);
}
