//! Which pictures stand for an album, for its discs and for its artist, by the rules.

use std::collections::{BTreeMap, BTreeSet};

use hexachord_contracts::ids::{LibraryId, TrackId};
use hexachord_storage::StoreError;
use redb::ReadableTable;

use super::{
    keys::folder_and_name,
    pictures::{Named, in_folder, pictures_in},
    rows::{AlbumPart, CoverRow, FolderPicture, TrackRow},
};
use crate::{
    artwork::{Pattern, PictureRules},
    read::PictureId,
};

/// Of one album in one library: where its tracks are, and which pictures they carry.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Folders with the discs of which they have tracks.
    folders: BTreeMap<Vec<u8>, BTreeSet<u32>>,
    /// Of each disc the first track with a picture.
    embedded: BTreeMap<u32, (TrackId, PictureId)>,
    /// The first of all tracks with one.
    first: Option<(TrackId, PictureId)>,
}

impl Sources {
    /// Tracks come by disc and number.
    pub(super) fn add(&mut self, id: TrackId, track: &TrackRow) {
        let disc = track.disc_number.unwrap_or(1);
        let folder = folder_and_name(&track.path).0;
        if let Some(discs) = self.folders.get_mut(folder) {
            discs.insert(disc);
        } else {
            self.folders.insert(folder.to_vec(), [disc].into());
        }
        if let Some(picture) = track.picture {
            self.embedded.entry(disc).or_insert((id, picture));
            self.first.get_or_insert((id, picture));
        }
    }

    /// Chooses the pictures of `part`.
    pub(super) fn choose(
        &self,
        part: &mut AlbumPart,
        rules: &PictureRules,
        pictures: &impl ReadableTable<&'static [u8], &'static [u8]>,
    ) -> Result<(), StoreError> {
        let places = Places::of(self, part.library, pictures)?;
        part.cover = self.of_album(rules, &places);
        part.artist_picture = rules
            .artist
            .iter()
            .find_map(|pattern| places.artist().find_map(|place| place.find(pattern, None)));
        for disc in &part.discs {
            let cover = self.of_disc(*disc, rules, &places);
            // One that is the album's stands there already.
            if let Some(cover) = cover.filter(|cover| !part.cover.as_ref().is_some_and(same(cover)))
            {
                part.disc_covers.push((*disc, cover));
            }
        }
        Ok(())
    }

    /// The best picture of the folder that stands for all of the album goes before those of others.
    fn of_album(&self, rules: &PictureRules, places: &Places) -> Option<CoverRow> {
        let patterns: Vec<&Pattern> = rules.album.iter().collect();
        let mut groups = patterns.split(|pattern| **pattern == Pattern::Embedded);
        let named = |group: &[&Pattern]| {
            let in_place = |place: &Place| group.iter().find_map(|named| place.find(named, None));
            places.album().find_map(in_place).map(CoverRow::Folder)
        };
        let before = groups.next().and_then(named);
        before.or_else(|| {
            // There is a group behind it: the pattern that parts them says that the files count.
            let rest: Vec<&[&Pattern]> = groups.collect();
            let inside = self.first.filter(|_| !rest.is_empty()).map(embedded);
            inside.or_else(|| rest.into_iter().find_map(named))
        })
    }

    fn of_disc(&self, disc: u32, rules: &PictureRules, places: &Places) -> Option<CoverRow> {
        rules.disc.iter().find_map(|pattern| match pattern {
            Pattern::Embedded => self.embedded.get(&disc).copied().map(embedded),
            Pattern::Named(_) => {
                let mut places =
                    places.0.iter().filter(|place| place.is_of_disc(disc, pattern.names_disc()));
                places.find_map(|place| place.find(pattern, Some(disc))).map(CoverRow::Folder)
            }
        })
    }
}

fn embedded((track, picture): (TrackId, PictureId)) -> CoverRow {
    CoverRow::Embedded { track, picture }
}

/// Is it the same picture as this one?
fn same(one: &CoverRow) -> impl Fn(&CoverRow) -> bool {
    move |other| one == other || one.picture().is_some_and(|id| other.picture() == Some(id))
}

/// A folder with its pictures.
struct Place {
    folder: Vec<u8>,
    kind: Kind,
    pictures: Vec<Named>,
}

enum Kind {
    /// It holds tracks of these discs.
    Tracks(BTreeSet<u32>),
    /// All folders of the album are in it: discs have folders of their own.
    Album,
    /// Above one of those.
    Above,
}

/// Folders of one album, the one that stands for all of it first.
struct Places(Vec<Place>);

impl Places {
    fn of(
        sources: &Sources,
        library: LibraryId,
        pictures: &impl ReadableTable<&'static [u8], &'static [u8]>,
    ) -> Result<Self, StoreError> {
        let parents: BTreeSet<&[u8]> = sources.folders.keys().filter_map(|f| parent(f)).collect();
        let shared = parents.iter().next().copied();
        let shared = shared.filter(|_| sources.folders.len() > 1 && parents.len() == 1);
        let mut folders: Vec<(&[u8], Kind)> = Vec::new();
        folders.extend(shared.map(|folder| (folder, Kind::Album)));
        let with_tracks = sources.folders.iter();
        folders.extend(with_tracks.map(|(f, discs)| (f.as_slice(), Kind::Tracks(discs.clone()))));
        folders.extend(parents.into_iter().map(|folder| (folder, Kind::Above)));
        folders.extend(shared.and_then(parent).map(|folder| (folder, Kind::Above)));
        let mut places: Vec<Place> = Vec::new();
        for (folder, kind) in folders {
            if places.iter().all(|place| place.folder != folder) {
                let pictures = pictures_in(library, folder, pictures)?;
                places.push(Place { folder: folder.to_vec(), kind, pictures });
            }
        }
        Ok(Self(places))
    }

    fn album(&self) -> impl Iterator<Item = &Place> {
        self.0.iter().filter(|place| !matches!(place.kind, Kind::Above))
    }

    fn artist(&self) -> impl Iterator<Item = &Place> {
        self.0.iter()
    }
}

impl Place {
    /// May a picture in it stand for a disc? One that names the disc may lie among other discs.
    fn is_of_disc(&self, disc: u32, named: bool) -> bool {
        match &self.kind {
            Kind::Tracks(discs) => discs.contains(&disc) && (named || discs.len() == 1),
            Kind::Album => named,
            Kind::Above => false,
        }
    }

    fn find(&self, pattern: &Pattern, disc: Option<u32>) -> Option<FolderPicture> {
        let fits = |(name, _): &&Named| pattern.matches(name, disc);
        let (name, picture) = self.pictures.iter().find(fits)?;
        Some(FolderPicture { path: in_folder(&self.folder, name), picture: *picture })
    }
}

/// The folder above, if it is in the library.
fn parent(folder: &[u8]) -> Option<&[u8]> {
    (!folder.is_empty()).then(|| folder_and_name(folder).0)
}
