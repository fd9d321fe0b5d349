//! Pictures: what lies in folders, how pictures look, and by which rules they are chosen.

use hexachord_contracts::ids::{ArtistId, LibraryId};
use hexachord_storage::{Record, StoreError};
use redb::{ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};

use super::{ByBytes, ById, folder_and_name, keys::picture_key, record, rows::FolderPicture};
use crate::{
    artwork::{Look, PictureRules, stem_and_ending},
    read::PictureId,
};

/// Library and path of a picture that stands for its folder → [`PictureRow`].
pub(crate) const PICTURES: ByBytes = TableDefinition::new("pictures");
/// Library and path of a picture that stands for the music file of its name → [`PictureRow`].
pub(crate) const TRACK_PICTURES: ByBytes = TableDefinition::new("track_pictures");
/// Artist → [`ArtistPictureRow`], from the folder of pictures that are named after artists.
pub(crate) const ARTIST_PICTURES: ById = TableDefinition::new("artist_pictures");
/// [`PictureId`] → [`LookRow`]. It grows with the pictures there ever were: some 60 bytes each.
pub(crate) const LOOKS: ByBytes = TableDefinition::new("looks");
/// [`PictureId`] of those that nobody looked at yet → [`UnseenRow`].
pub(crate) const UNSEEN: ByBytes = TableDefinition::new("unseen_pictures");
/// 0 → [`RulesRow`]; without it the rules are the default ones.
pub(crate) const RULES: ById = TableDefinition::new("picture_rules");

/// A picture by its name, and what it is as far as known.
pub(super) type Named = (Vec<u8>, Option<PictureId>);

/// A picture in a folder, as it was seen last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PictureRow {
    pub(crate) size: u64,
    pub(crate) mtime_ns: i64,
    pub(crate) content: PictureContent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PictureContent {
    /// Not known: the next scan reads it.
    Unread,
    /// No picture of a kind that is shown, or too large.
    Unusable,
    Is(PictureId),
}

/// A picture that is named after an artist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ArtistPictureRow {
    /// Of the file.
    pub(crate) name: Vec<u8>,
    pub(crate) row: PictureRow,
}

/// How a picture looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum LookRow {
    Seen(Look),
    /// It is damaged or too large, and will be.
    Unusable,
}

/// Where a picture is that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum UnseenRow {
    /// In the music file at this path below the library's folder.
    Embedded(LibraryId, Vec<u8>),
    Folder(LibraryId, Vec<u8>),
    /// By this name in the folder of artists' pictures.
    Artist(Vec<u8>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RulesRow {
    pub(crate) rules: PictureRules,
    /// The first album that older rules may have chosen pictures for; `None`: there is none.
    pub(crate) albums_from: Option<u64>,
}

impl Record for PictureRow {
    const VERSION: u8 = 2;

    fn from_older(version: u8, body: &[u8]) -> Option<Self> {
        let first = || postcard::from_bytes::<(u64, i64)>(body).ok();
        let (size, mtime_ns) = (version == 1).then(first)??;
        Some(Self { size, mtime_ns, content: PictureContent::Unread })
    }
}

impl Record for ArtistPictureRow {
    const VERSION: u8 = 1;
}

impl Record for LookRow {
    const VERSION: u8 = 1;
}

impl Record for UnseenRow {
    const VERSION: u8 = 1;
}

impl Record for RulesRow {
    const VERSION: u8 = 1;
}

impl PictureRow {
    pub(crate) fn picture(&self) -> Option<PictureId> {
        match self.content {
            PictureContent::Is(picture) => Some(picture),
            PictureContent::Unread | PictureContent::Unusable => None,
        }
    }

    pub(crate) fn is_usable(&self) -> bool {
        self.content != PictureContent::Unusable
    }
}

/// The rules that albums follow.
pub(crate) fn rules(
    table: &impl ReadableTable<u64, &'static [u8]>,
) -> Result<RulesRow, StoreError> {
    let fresh = || RulesRow { rules: PictureRules::default(), albums_from: None };
    Ok(record(table, 0)?.unwrap_or_else(fresh))
}

/// Where the picture at `path` stands in the tables by place.
pub(crate) fn picture_key_of(library: LibraryId, path: &[u8]) -> Vec<u8> {
    let (folder, name) = folder_and_name(path);
    picture_key(library, folder, name)
}

/// Names of the usable pictures of a folder, in their order.
pub(super) fn pictures_in(
    library: LibraryId,
    folder: &[u8],
    pictures: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Vec<Named>, StoreError> {
    with_prefix(&picture_key(library, folder, &[]), pictures)
}

/// The picture that stands for the music file at `path`.
pub(crate) fn picture_beside(
    library: LibraryId,
    path: &[u8],
    pictures: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Option<FolderPicture>, StoreError> {
    let (folder, name) = folder_and_name(path);
    let Some((stem, _)) = stem_and_ending(name) else { return Ok(None) };
    let stem = [stem, b"."].concat();
    let found = with_prefix(&picture_key(library, folder, &stem), pictures)?;
    let found = found.into_iter().find(|(ending, _)| !ending.contains(&b'.'));
    Ok(found.map(|(ending, picture)| {
        let path = in_folder(folder, &[stem, ending].concat());
        FolderPicture { path, picture }
    }))
}

/// Usable pictures by what their keys have behind `prefix`.
fn with_prefix(
    prefix: &[u8],
    pictures: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Vec<Named>, StoreError> {
    let mut found = Vec::new();
    for entry in pictures.range(prefix..)? {
        let (key, row) = entry?;
        let Some(rest) = key.value().strip_prefix(prefix) else { break };
        let row = PictureRow::from_bytes(row.value())?;
        if row.is_usable() {
            found.push((rest.to_vec(), row.picture()));
        }
    }
    Ok(found)
}

/// The path of what is called `name` in a folder.
pub(super) fn in_folder(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let separator: &[u8] = if folder.is_empty() { b"" } else { b"/" };
    [folder, separator, name].concat()
}

/// The picture that is named after an artist.
pub(crate) fn artist_picture(
    artist: ArtistId,
    pictures: &impl ReadableTable<u64, &'static [u8]>,
) -> Result<Option<ArtistPictureRow>, StoreError> {
    let row: Option<ArtistPictureRow> = record(pictures, artist.0)?;
    Ok(row.filter(|row| row.row.is_usable()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_version_1_is_read_again() {
        let old = postcard::to_extend(&(7_u64, -3_i64), vec![1]).unwrap();
        let row = PictureRow { size: 7, mtime_ns: -3, content: PictureContent::Unread };
        assert_eq!(PictureRow::from_bytes(&old).unwrap(), row);
        assert_eq!(PictureRow::from_bytes(&row.to_bytes().unwrap()).unwrap(), row);
    }
}
