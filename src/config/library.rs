//! Music folders, each a library: a path, or a name and a path. And how their tags are read.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de::Error};

/// Characters of a separator, or of a name that is not split.
const LONGEST_TEXT: usize = 200;

/// A folder of music under the name that listeners see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryFolder {
    pub name: String,
    pub path: PathBuf,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Path(PathBuf),
    Named(Named),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    path: PathBuf,
}

impl LibraryFolder {
    /// A folder without a name of its own is called like the last part of its path.
    pub fn named_after(path: PathBuf) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { name: name.unwrap_or_else(|| "Music".to_owned()), path }
    }
}

pub(super) fn folders<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<LibraryFolder>, D::Error> {
    let written = Vec::<Written>::deserialize(from).map_err(|_neither| {
        D::Error::custom(
            "expected paths, or tables like { name = \"Jazz\", path = \"/music/jazz\" }",
        )
    })?;
    let mut folders: Vec<LibraryFolder> = Vec::new();
    for one in written {
        let folder = match one {
            Written::Named(Named { name, path }) => LibraryFolder { name, path },
            Written::Path(path) => LibraryFolder::named_after(path),
        };
        if folder.name.trim().is_empty() {
            return Err(D::Error::custom("a library's name is empty"));
        }
        // The name decides who may see it: it must not depend on the order of the folders.
        if folders.iter().any(|other| other.name == folder.name) {
            return Err(D::Error::custom(format!(
                "two libraries are called `{name}`: give them names, like {{ name = \"{name} 2\", \
                 path = \"{path}\" }}",
                name = folder.name,
                path = folder.path.display(),
            )));
        }
        folders.push(folder);
    }
    Ok(folders)
}

pub(super) fn share<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    let share = f32::deserialize(from)?;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err(D::Error::custom("expected a share between 0.0 and 1.0"))
    }
}

/// What parts names: blanks count, but something else must be there.
pub(super) fn separators<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let separators = texts(from, "[\";\", \" / \", \" feat. \"]")?;
    if separators.iter().any(|separator| separator.trim().is_empty()) {
        return Err(D::Error::custom(
            "a separator is empty or a blank, which would part every word: leave it out",
        ));
    }
    Ok(separators)
}

pub(super) fn names<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let names = texts(from, "[\"AC/DC\", \"Simon & Garfunkel\"]")?;
    if names.iter().any(|name| name.trim().is_empty()) {
        return Err(D::Error::custom("a name is empty: leave it out"));
    }
    Ok(names)
}

fn texts<'de, D: Deserializer<'de>>(from: D, example: &str) -> Result<Vec<String>, D::Error> {
    let texts = Vec::<String>::deserialize(from)
        .map_err(|_other| D::Error::custom(format!("expected a list of texts like {example}")))?;
    let long = texts.iter().find(|text| text.chars().count() > LONGEST_TEXT);
    if let Some(long) = long {
        let start: String = long.chars().take(20).collect();
        return Err(D::Error::custom(format!(
            "`{start}…` has more than {LONGEST_TEXT} characters"
        )));
    }
    Ok(texts)
}
