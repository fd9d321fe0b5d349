//! Folders: the library as it lies on the disk, for those who sort by hand.

use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use super::Track;
use crate::{
    ids::{LibraryId, NotAnId},
    page::Paging,
};

/// Paths of systems are shorter.
const LONGEST_PATH: usize = 4096;

/// What is in a folder: sub-folders with music below them, then tracks, each by name. Missing tracks
/// are left out.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListFolder {
    pub folder: FolderId,
    pub paging: Paging,
}

/// A folder of a library. As text `fo-`, its library and its path in base 64 for addresses, so that
/// it holds whatever names the disk has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FolderId {
    pub library: LibraryId,
    /// Raw bytes below the library's folder; empty: that folder itself.
    pub path: Vec<u8>,
}

/// A folder with its place, and one page of what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FolderPage {
    pub id: FolderId,
    /// Of the library's own folder the name of the library.
    pub name: String,
    /// The folders above it, from the library down.
    pub above: Vec<FolderRef>,
    pub items: Vec<FolderItem>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FolderRef {
    pub id: FolderId,
    /// Bytes that are not UTF-8 are shown as U+FFFD.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FolderItem {
    Folder(FolderRef),
    Track(Box<Track>),
}

impl FolderId {
    pub const PREFIX: &'static str = "fo-";

    /// The folder of a library itself.
    pub fn root(library: LibraryId) -> Self {
        Self { library, path: Vec::new() }
    }
}

impl fmt::Display for FolderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.library.0.to_be_bytes()[..], &self.path].concat();
        write!(f, "{}{}", Self::PREFIX, BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for FolderId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let read = || {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.strip_prefix(Self::PREFIX)?).ok()?;
            let (library, path) = bytes.split_first_chunk::<8>()?;
            let library = LibraryId(u64::from_be_bytes(*library));
            // A path never leaves its library: the catalog only compares it with what it knows.
            (path.len() <= LONGEST_PATH).then(|| Self { library, path: path.to_vec() })
        };
        read().ok_or_else(|| NotAnId { kind: "a folder", text: text.chars().take(64).collect() })
    }
}

impl Serialize for FolderId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            to.collect_str(self)
        } else {
            (self.library, &self.path).serialize(to)
        }
    }
}

impl<'de> Deserialize<'de> for FolderId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            return String::deserialize(from)?.parse().map_err(de::Error::custom);
        }
        let (library, path) = Deserialize::deserialize(from)?;
        Ok(Self { library, path })
    }
}

impl PartialSchema for FolderId {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The id of a folder."))
            .pattern(Some("^fo-[0-9A-Za-z_-]+$"))
            .into()
    }
}

impl ToSchema for FolderId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for path in [&b""[..], b"Miles Davis/Kind of Blue", b"\xff\xfe"] {
            let folder = FolderId { library: LibraryId(7), path: path.to_vec() };
            assert_eq!(folder.to_string().parse::<FolderId>(), Ok(folder.clone()));
            let json = serde_json::to_string(&folder).unwrap();
            assert_eq!(serde_json::from_str::<FolderId>(&json).unwrap(), folder);
        }
        for text in ["", "fo-", "fo-AAAA", "li-0000000000000", "fo-!"] {
            assert!(text.parse::<FolderId>().is_err(), "{text}");
        }
    }
}
