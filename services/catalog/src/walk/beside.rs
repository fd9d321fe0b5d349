//! Files beside music that belong to it: lyrics with the same name but for the extension.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{DirEntry, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;

use super::Found;

const LYRICS: [&[u8]; 2] = [b"lrc", b"txt"];

/// What lies beside a music file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beside {
    /// Another one when one of the files comes, changes or goes; never 0.
    pub(crate) stamp: u64,
    /// In their order as bytes.
    pub(crate) names: Vec<Vec<u8>>,
}

/// Files of one folder that may belong to its music. Most do not: they are looked at only when
/// there is music of that name.
#[derive(Default)]
pub(super) struct Candidates(Vec<(OsString, Candidate)>);

enum Candidate {
    Entry(DirEntry),
    /// What a link leads to was looked at.
    Linked(Metadata),
}

impl Candidates {
    pub(super) fn are(name: &[u8]) -> bool {
        let extension = extension(name);
        LYRICS.iter().any(|known| known.eq_ignore_ascii_case(extension))
    }

    pub(super) fn add(&mut self, entry: DirEntry) {
        self.0.push((entry.file_name(), Candidate::Entry(entry)));
    }

    pub(super) fn add_linked(&mut self, name: OsString, facts: Metadata) {
        self.0.push((name, Candidate::Linked(facts)));
    }

    /// Gives each to the `music` of its name.
    pub(super) fn attach(mut self, music: &mut [Found]) {
        if self.0.is_empty() || music.is_empty() {
            return;
        }
        self.0.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let mut by_stem: HashMap<&[u8], Vec<&(OsString, Candidate)>> = HashMap::new();
        for candidate in &self.0 {
            by_stem.entry(stem(candidate.0.as_bytes())).or_default().push(candidate);
        }
        for found in music {
            let name = found.relative.file_name().unwrap_or_default();
            if let Some(candidates) = by_stem.get(stem(name.as_bytes())) {
                found.beside = beside(candidates).map(Box::new);
            }
        }
    }
}

impl Candidate {
    fn facts(&self) -> io::Result<Metadata> {
        match self {
            Self::Entry(entry) => entry.metadata(),
            Self::Linked(facts) => Ok(facts.clone()),
        }
    }
}

fn beside(candidates: &[&(OsString, Candidate)]) -> Option<Beside> {
    let mut hasher = blake3::Hasher::new();
    let mut names = Vec::new();
    for (name, candidate) in candidates {
        // It was removed meanwhile, or cannot be looked at: then it cannot be read either.
        let Ok(facts) = candidate.facts() else { continue };
        let name = name.as_bytes().to_vec();
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
