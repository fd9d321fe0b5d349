//! Places in a library: the folders that a walk looks at.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// How much of a folder is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depth {
    /// The files that lie in it.
    Shallow,
    /// Everything below it.
    Deep,
}

/// Folders below that of a library, none of them below another one that is deep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Folders(BTreeMap<PathBuf, Depth>);

/// The folder that a file lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or_else(|| Path::new(""))
}

impl Folders {
    /// The whole library.
    pub(crate) fn everything() -> Self {
        Self(BTreeMap::from([(PathBuf::new(), Depth::Deep)]))
    }

    pub(crate) fn is_everything(&self) -> bool {
        self.0.get(Path::new("")) == Some(&Depth::Deep)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self, folder: PathBuf, depth: Depth) {
        if folder.ancestors().any(|above| self.0.get(above) == Some(&Depth::Deep)) {
            return;
        }
        if depth == Depth::Deep {
            // Paths compare by their parts: all that lies below a folder follows it.
            let below: Vec<PathBuf> = self
                .0
                .range(folder.clone()..)
                .map(|(path, _)| path.clone())
                .take_while(|path| path.starts_with(&folder))
                .collect();
            for path in below {
                self.0.remove(&path);
            }
        }
        self.0.insert(folder, depth);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Path, Depth)> {
        self.0.iter().map(|(folder, depth)| (folder.as_path(), *depth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(added: &[(&str, Depth)]) -> Vec<(String, Depth)> {
        let mut folders = Folders::default();
        for (folder, depth) in added {
            folders.add(PathBuf::from(folder), *depth);
        }
        folders.iter().map(|(folder, depth)| (folder.display().to_string(), depth)).collect()
    }

    #[test]
    fn a_deep_folder_covers_what_is_below_it() {
        use Depth::{Deep, Shallow};
        let one = |folder: &str, depth| (folder.to_owned(), depth);
        let mixed =
            [("a/b", Shallow), ("a b", Shallow), ("a/c/d", Deep), ("a", Deep), ("a", Shallow)];
        assert_eq!(folders(&mixed), [one("a", Deep), one("a b", Shallow)]);
        let apart = [("a", Shallow), ("a/b", Deep), ("a/b/c", Shallow)];
        assert_eq!(folders(&apart), [one("a", Shallow), one("a/b", Deep)]);
        assert_eq!(
            folders(&[("x", Deep), ("y", Shallow), ("", Deep), ("z", Deep)]),
            [one("", Deep)]
        );
        let mut everything = Folders::everything();
        everything.add("a".into(), Deep);
        assert!(everything.is_everything() && everything.iter().count() == 1);
    }
}
