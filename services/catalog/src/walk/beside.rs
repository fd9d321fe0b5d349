//! Files beside music that belong to it: lyrics with the same name but for the extension, and cue
//! sheets, which may have any name: what they say decides.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{DirEntry, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;

use super::{Found, WalkProgress};

const LYRICS: [&[u8]; 2] = [b"lrc", b"txt"];
const CUE_SHEET: &[u8] = b"cue";
/// In a folder with more sheets of other names than its music nobody knows what they are for.
const MOST_SHEETS: usize = 4;

/// What lies beside a music file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beside {
    /// Another one when one of the files comes, changes or goes; never 0.
    pub(crate) stamp: u64,
    /// Always in the same order.
    pub(crate) names: Vec<Vec<u8>>,
}

/// Files of one folder that may belong to its music. Most do not: they are looked at only when
/// there is music of that name.
#[derive(Default)]
pub(super) struct Candidates(Vec<Candidate>);

struct Candidate {
    name: OsString,
    /// `None`: a link, and what it leads to was looked at.
    entry: Option<DirEntry>,
    /// `None`: it was removed meanwhile, or cannot be looked at: then it cannot be read either.
    facts: OnceCell<Option<Metadata>>,
}

impl Candidates {
    pub(super) fn are(name: &[u8]) -> bool {
        let extension = extension(name);
        LYRICS.iter().any(|known| known.eq_ignore_ascii_case(extension)) || is_sheet(name)
    }

    pub(super) fn add(&mut self, entry: DirEntry) {
        let (name, facts) = (entry.file_name(), OnceCell::new());
        self.0.push(Candidate { name, entry: Some(entry), facts });
    }

    pub(super) fn add_linked(&mut self, name: OsString, facts: Metadata) {
        self.0.push(Candidate { name, entry: None, facts: OnceCell::from(Some(facts)) });
    }

    /// Gives each to the `music` of its name, and sheets of other names to all that has none.
    pub(super) fn attach(mut self, music: &mut [Found], progress: &WalkProgress) {
        if self.0.is_empty() || music.is_empty() {
            return;
        }
        self.0.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        let mut by_stem: HashMap<&[u8], Vec<&Candidate>> = HashMap::new();
        for candidate in &self.0 {
            by_stem.entry(stem(candidate.name.as_bytes())).or_default().push(candidate);
        }
        let others = sheets_of_no(music, &self.0);
        for found in music {
            progress.step();
            let name = found.relative.file_name().unwrap_or_default().as_bytes();
            let called_like = |name| by_stem.get(name).into_iter().flatten().copied();
            let whole_name = called_like(name).filter(|candidate| is_sheet(candidate.name()));
            let mut own: Vec<&Candidate> = called_like(stem(name)).chain(whole_name).collect();
            if !own.iter().any(|candidate| is_sheet(candidate.name())) {
                own.extend(&others);
            }
            found.beside = beside(&own).map(Box::new);
        }
    }
}

impl Candidate {
    fn name(&self) -> &[u8] {
        self.name.as_bytes()
    }

    fn facts(&self) -> Option<&Metadata> {
        let look = || self.entry.as_ref().and_then(|entry| entry.metadata().ok());
        self.facts.get_or_init(look).as_ref()
    }
}

/// Cue sheets that are not called like any of the music.
fn sheets_of_no<'c>(music: &[Found], candidates: &'c [Candidate]) -> Vec<&'c Candidate> {
    let is_sheet = |candidate: &&Candidate| is_sheet(candidate.name());
    let sheets: Vec<&Candidate> = candidates.iter().filter(is_sheet).collect();
    if sheets.is_empty() {
        return sheets;
    }
    let names = || music.iter().map(|found| found.relative.file_name().unwrap_or_default());
    let known: HashSet<&[u8]> =
        names().flat_map(|name| [name.as_bytes(), stem(name.as_bytes())]).collect();
    let is_of_no = |sheet: &&Candidate| !known.contains(stem(sheet.name()));
    let sheets: Vec<&Candidate> = sheets.into_iter().filter(is_of_no).collect();
    if sheets.len() > MOST_SHEETS { Vec::new() } else { sheets }
}

fn beside(candidates: &[&Candidate]) -> Option<Beside> {
    let mut hasher = blake3::Hasher::new();
    let mut names = Vec::new();
    for candidate in candidates {
        let Some(facts) = candidate.facts() else { continue };
        let name = candidate.name().to_vec();
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(&name);
        hasher.update(&facts.size().to_le_bytes());
        for time in [facts.mtime(), facts.mtime_nsec(), facts.ctime(), facts.ctime_nsec()] {
            hasher.update(&time.to_le_bytes());
        }
        names.push(name);
    }
    let hash = *hasher.finalize().as_bytes();
    let stamp = hash.first_chunk().copied().map_or(0, u64::from_le_bytes).max(1);
    (!names.is_empty()).then_some(Beside { stamp, names })
}

/// What it says decides which music of its folder it belongs to, whatever it is called.
pub(super) fn is_sheet(name: &[u8]) -> bool {
    extension(name).eq_ignore_ascii_case(CUE_SHEET)
}

fn stem(name: &[u8]) -> &[u8] {
    name.iter().rposition(|byte| *byte == b'.').map_or(name, |dot| &name[..dot])
}

fn extension(name: &[u8]) -> &[u8] {
    name.iter().rposition(|byte| *byte == b'.').map_or(&[], |dot| &name[dot + 1..])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use std::sync::Arc;

    use crate::walk::{Folders, WalkProgress, walk};

    #[test]
    fn lyrics_belong_to_all_music_of_their_name() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |file: &str, content: &str| fs::write(folder.path().join(file), content).unwrap();
        for file in ["1.flac", "1.mp3", "1.LRC", "1.txt", "2.flac", "x.txt", "1.b.lrc", ".1.lrc"] {
            write(file, file);
        }
        let beside = || -> Vec<Option<Beside>> {
            let walked = walk(
                folder.path(),
                &Folders::everything(),
                &Arc::default(),
                &WalkProgress::default(),
            )
            .unwrap();
            walked.music.into_iter().map(|found| found.beside.map(|beside| *beside)).collect()
        };
        let before = beside();
        let first = before[0].clone().unwrap();
        assert_eq!(first.names, [b"1.LRC".to_vec(), b"1.txt".to_vec()]);
        assert_eq!((&before[1], &before[2]), (&Some(first.clone()), &None));
        assert_eq!(beside(), before, "the same stamps again");
        write("1.txt", "longer than before");
        let changed = beside()[0].clone().unwrap();
        assert_ne!(changed.stamp, first.stamp);
        fs::remove_file(folder.path().join("1.txt")).unwrap();
        let left = beside()[0].clone().unwrap();
        assert!(left.stamp != changed.stamp && left.names == [b"1.LRC".to_vec()]);
    }
}
