//! Pictures as they are put or taken away, what follows for albums, and how they look.

use hexachord_contracts::ids::{AlbumId, ArtistId, LibraryId};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;

use super::Apply;
use crate::{
    artwork::PictureRules,
    read::PictureId,
    store::{
        ArtistPictureRow, FileRow, FileState, LookRow, PictureRow, RulesRow, TrackRow, UnseenRow,
        keys::{file_key, folder_and_name},
        pictures::{picture_key_of, rules},
        record, record_at,
    },
};

/// Folders between a picture and the tracks that it may stand for: those of an artist's albums, and
/// in them of their discs.
const DEEPEST: usize = 2;

/// A picture in a library, by what it stands for and its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PicturePlace {
    pub(crate) library: LibraryId,
    pub(crate) path: Vec<u8>,
    /// It stands for the music file of its name, else for its folder.
    pub(crate) beside: bool,
}

impl Apply<'_> {
    /// A picture is there as `picture` says, or gone.
    pub(crate) fn set_picture(
        &mut self,
        PicturePlace { library, path, beside }: &PicturePlace,
        picture: Option<PictureRow>,
    ) -> Result<(), StoreError> {
        let folder = folder_and_name(path).0;
        let key = picture_key_of(*library, path);
        let tables = &mut self.tables;
        let table = if *beside { &mut tables.track_pictures } else { &mut tables.pictures };
        match picture {
            Some(row) => {
                table.insert(key.as_slice(), row.to_bytes()?.as_slice())?;
            }
            None => {
                table.remove(key.as_slice())?;
            }
        }
        if let Some(picture) = picture.and_then(|row| row.picture()) {
            self.want_look(picture, || UnseenRow::Folder(*library, path.clone()))?;
        }
        // Who asks for a track looks beside it.
        if *beside { Ok(()) } else { self.touch_albums_near(*library, folder) }
    }

    /// Albums with tracks in `folder` or not far below.
    fn touch_albums_near(&mut self, library: LibraryId, folder: &[u8]) -> Result<(), StoreError> {
        let mut prefix = file_key(library, folder);
        if !folder.is_empty() {
            prefix.push(b'/');
        }
        for file in self.tables.files.range(prefix.as_slice()..)? {
            let (key, file) = file?;
            let Some(below) = key.value().strip_prefix(prefix.as_slice()) else { break };
            let depth = below.split(|byte| *byte == b'/').skip(1).count();
            if let FileState::Plays(track, _) = FileRow::from_bytes(file.value())?.state
                && depth <= DEEPEST
                && let Some(row) = record::<TrackRow>(&self.tables.tracks, track.0)?
            {
                self.changes.touch_album(row.album);
            }
        }
        Ok(())
    }

    /// What is named after an artist is this picture, or none.
    pub(crate) fn set_artist_picture(
        &mut self,
        artist: ArtistId,
        picture: Option<&ArtistPictureRow>,
    ) -> Result<(), StoreError> {
        match picture {
            Some(row) => {
                self.tables.artist_pictures.insert(artist.0, row.to_bytes()?.as_slice())?;
                if let Some(picture) = row.row.picture() {
                    self.want_look(picture, || UnseenRow::Artist(row.name.clone()))?;
                }
            }
            None => {
                self.tables.artist_pictures.remove(artist.0)?;
            }
        }
        self.changes.touch_artist(artist);
        Ok(())
    }

    /// Someone is to look at a picture, unless somebody has.
    pub(super) fn want_look(
        &mut self,
        picture: PictureId,
        place: impl FnOnce() -> UnseenRow,
    ) -> Result<(), StoreError> {
        if !self.wanted_looks.insert(picture) || self.tables.looks.get(&picture.0[..])?.is_some() {
            return Ok(());
        }
        self.tables.unseen.insert(&picture.0[..], place().to_bytes()?.as_slice())?;
        Ok(())
    }

    /// How the picture at `place` looks; without a `look` it was not there.
    pub(crate) fn set_look(
        &mut self,
        picture: PictureId,
        place: &UnseenRow,
        look: Option<&LookRow>,
    ) -> Result<(), StoreError> {
        if let Some(look) = look {
            self.tables.looks.insert(&picture.0[..], look.to_bytes()?.as_slice())?;
        }
        // A scan may have found it at another place meanwhile.
        let wanted: Option<UnseenRow> = record_at(&self.tables.unseen, &picture.0)?;
        if look.is_some() || wanted.as_ref() == Some(place) {
            self.tables.unseen.remove(&picture.0[..])?;
        }
        Ok(())
    }

    /// Makes albums, some at a time, follow these rules. Do they all?
    pub(crate) fn follow_rules(
        &mut self,
        new: &PictureRules,
        most: usize,
    ) -> Result<bool, StoreError> {
        let old = rules(&self.tables.rules)?;
        let from = if old.rules == *new { old.albums_from } else { Some(0) };
        let Some(from) = from else { return Ok(true) };
        let mut next = None;
        for (count, album) in self.tables.albums.range(from..)?.enumerate() {
            let id = album?.0.value();
            if count == most {
                next = Some(id);
                break;
            }
            self.changes.touch_album(AlbumId(id));
        }
        let row = RulesRow { rules: new.clone(), albums_from: next };
        self.tables.rules.insert(0, row.to_bytes()?.as_slice())?;
        Ok(next.is_none())
    }
}
