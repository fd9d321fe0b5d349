//! What lies beside music, where one of both is a link: lyrics, cue sheets and pictures belong to the music
//! in the folder where they are found, wherever in the library they are. What leads out of the library is
//! left alone.
//!
//! Changes of what such a link leads to are found when its folder is walked: nothing is noticed there.

use std::{
    collections::{BTreeSet, HashSet},
    ffi::OsStr,
    fs::{DirEntry, Metadata},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use super::{
    Found, WalkProgress,
    beside::{Candidates, is_sheet},
    folder::Seen,
    names::{Purpose, is_hidden, purpose_of},
    places::folder_of,
};

/// Can a file of this name belong to music in its folder?
pub(super) fn belongs_to_music(name: &[u8], seen: &Seen) -> bool {
    Candidates::are(name) || purpose_of(name, &seen.wanted) == Some(Purpose::PictureBeside)
}

/// Gives the music of these folders what lies beside it, whichever of both is a link.
pub(super) fn attach(
    root: &Path,
    folders: &BTreeSet<PathBuf>,
    seen: &mut Seen,
    progress: &WalkProgress,
) {
    if folders.is_empty() {
        return;
    }
    let mut music = std::mem::take(&mut seen.walked.music);
    music.sort_by_cached_key(|found| folder_of(&found.relative).as_os_str().to_owned());
    for music in
        music.chunk_by_mut(|one, other| folder_of(&one.relative) == folder_of(&other.relative))
    {
        let folder = folder_of(&music[0].relative);
        if let Some(folder) = folders.get(folder) {
            attach_in(root, folder, music, seen, progress);
        }
    }
    seen.walked.music = music;
    // Those of music that is no link are known.
    seen.walked.pictures.sort_unstable_by(|one, other| one.relative.cmp(&other.relative));
    seen.walked.pictures.dedup();
}

/// `music` is all that there is in the folder.
fn attach_in(
    root: &Path,
    folder: &Path,
    music: &mut [Found],
    seen: &mut Seen,
    progress: &WalkProgress,
) {
    // A folder that cannot be listed was told of before.
    let Ok(entries) = root.join(folder).read_dir() else { return };
    let stem = |name: &OsStr| Path::new(name).file_stem().map(OsStr::to_owned);
    let stems: HashSet<_> =
        music.iter().filter_map(|found| stem(found.relative.as_os_str())).collect();
    let mut candidates = Candidates::default();
    for entry in entries.flatten() {
        if progress.is_cancelled() {
            return;
        }
        progress.step();
        let name = entry.file_name();
        let is_wanted = !is_hidden(name.as_bytes())
            && belongs_to_music(name.as_bytes(), seen)
            && (is_sheet(name.as_bytes()) || stem(&name).is_some_and(|stem| stems.contains(&stem)));
        let Some(facts) = is_wanted.then(|| file_below(root, &entry)).flatten() else { continue };
        if Candidates::are(name.as_bytes()) {
            candidates.add_linked(name, facts);
        } else {
            seen.add(folder.join(name), Purpose::PictureBeside, &facts);
        }
    }
    candidates.attach(music, progress);
}

/// Of a regular file below the library's folder, even where a link leads to it.
fn file_below(root: &Path, entry: &DirEntry) -> Option<Metadata> {
    let path = entry.path().canonicalize().ok().filter(|path| path.starts_with(root))?;
    path.metadata().ok().filter(Metadata::is_file)
}
