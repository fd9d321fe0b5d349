//! The music among Jellyfin's items.

use std::collections::HashMap;

use hexachord_contracts::{ItemKind, Timestamp, catalog::WantedTrack};
use jiff::tz::TimeZone;
use rusqlite::Row;

use super::Age;
use crate::cli::import::{
    database::Database,
    error::ReadError,
    foreign::{Group, Thing, Things},
    values::{Bytes, duration_ms, ordinal, slashed, text, time, uuid},
};

pub(super) const COLUMNS: &[&str] = &[
    "Id",
    "Type",
    "Name",
    "Path",
    "Album",
    "Artists",
    "AlbumArtists",
    "IndexNumber",
    "ParentIndexNumber",
    "RunTimeTicks",
    "ParentId",
    "Data",
    "DateCreated",
    "Overview",
];
pub(super) const LEGACY_COLUMNS: &[&str] = &[
    "guid",
    "Type",
    "Name",
    "Path",
    "Album",
    "Artists",
    "AlbumArtists",
    "IndexNumber",
    "ParentIndexNumber",
    "RunTimeTicks",
    "ParentId",
    "Data",
    "DateCreated",
    "Overview",
    "UserDataKey",
];
const AUDIO: &str = "MediaBrowser.Controller.Entities.Audio.Audio";
const ALBUM: &str = "MediaBrowser.Controller.Entities.Audio.MusicAlbum";
const ARTIST: &str = "MediaBrowser.Controller.Entities.Audio.MusicArtist";
/// A tick is 100 nanoseconds.
const TICKS_PER_SECOND: f64 = 1e7;

pub(super) struct Items {
    pub(super) age: Age,
    pub(super) things: Things,
    pub(super) by_id: HashMap<String, Thing>,
    /// The first item of each key that opinions are kept under.
    pub(super) by_key: HashMap<String, Thing>,
    pub(super) by_path: HashMap<String, usize>,
    /// When a track came into the library.
    pub(super) added: HashMap<usize, Timestamp>,
}

impl Items {
    pub(super) fn read(database: &Database, age: Age) -> Result<Self, ReadError> {
        let mut items = Self {
            age,
            things: Things::default(),
            by_id: HashMap::new(),
            by_key: HashMap::new(),
            by_path: HashMap::new(),
            added: HashMap::new(),
        };
        let mut homes = Homes::default();
        items.groups(database, &mut homes)?;
        items.tracks(database, &homes)?;
        Ok(items)
    }

    /// The table of items, and its columns of id and key.
    pub(super) fn table(age: Age) -> (&'static str, &'static str, &'static str) {
        match age {
            Age::Modern => ("BaseItems", "Id", "NULL"),
            Age::Legacy => ("TypedBaseItems", "guid", "UserDataKey"),
        }
    }

    fn groups(&mut self, database: &Database, homes: &mut Homes) -> Result<(), ReadError> {
        let (table, id, key) = Self::table(self.age);
        let query =
            format!("SELECT {id}, Name, AlbumArtists, Path, {key} FROM {table} WHERE Type = ?1");
        for (kind, of_kind) in [(ItemKind::Album, ALBUM), (ItemKind::Artist, ARTIST)] {
            database.each(&query, [of_kind], |row| {
                let id = uuid(row, 0, Bytes::DotNet)?.unwrap_or_default();
                let name = text(row, 1)?.unwrap_or_default();
                let by = if kind == ItemKind::Album { first_name(text(row, 2)?) } else { None };
                if kind == ItemKind::Artist {
                    homes.artists.entry(name.to_lowercase()).or_insert_with(|| id.clone());
                } else if let Some(path) = text(row, 3)? {
                    homes.albums.insert(slashed(path), id.clone());
                }
                self.things.add_group(kind, id.clone(), Group { name, by, tracks: Vec::new() });
                self.know(kind, id, text(row, 4)?);
                Ok(())
            })?;
        }
        Ok(())
    }

    fn tracks(&mut self, database: &Database, homes: &Homes) -> Result<(), ReadError> {
        let (table, id, key) = Self::table(self.age);
        let query = format!(
            "SELECT {id}, Path, Name, Artists, Album, ParentIndexNumber, IndexNumber, RunTimeTicks, \
             ParentId, AlbumArtists, DateCreated, {key} FROM {table} WHERE Type = ?1"
        );
        database.each(&query, [AUDIO], |row| {
            let id = uuid(row, 0, Bytes::DotNet)?.unwrap_or_default();
            let wanted = WantedTrack {
                path: text(row, 1)?.map(slashed),
                title: text(row, 2)?,
                artist: text(row, 3)?,
                album: text(row, 4)?,
                disc_number: ordinal(row, 5)?,
                track_number: ordinal(row, 6)?,
                duration_ms: duration_ms(row, 7, TICKS_PER_SECOND)?,
                musicbrainz: None,
            };
            let path = wanted.path.clone();
            let track = self.things.add_track(id.clone(), wanted);
            self.know(ItemKind::Track, id, text(row, 11)?);
            if let Some(added) = time(row, 10, &TimeZone::UTC)? {
                self.added.insert(track, added);
            }
            self.settle(row, track, path.as_deref(), homes)?;
            if let Some(path) = path {
                self.by_path.entry(path).or_insert(track);
            }
            Ok(())
        })
    }

    /// Puts the track onto its album, which it is in or below, and to its artists.
    fn settle(
        &mut self,
        row: &Row<'_>,
        track: usize,
        path: Option<&str>,
        homes: &Homes,
    ) -> rusqlite::Result<()> {
        let parent = uuid(row, 8, Bytes::DotNet)?;
        let is_album = |id: &String| self.things.find(ItemKind::Album, id).is_some();
        let album = parent.filter(is_album).or_else(|| homes.album_above(path?));
        if let Some(album) = album {
            self.things.join(ItemKind::Album, &album, track);
        }
        for column in [3, 9] {
            for name in text(row, column)?.unwrap_or_default().split('|') {
                if let Some(artist) = homes.artists.get(&name.to_lowercase()) {
                    self.things.join(ItemKind::Artist, artist, track);
                }
            }
        }
        Ok(())
    }

    fn know(&mut self, kind: ItemKind, id: String, key: Option<String>) {
        let Some(thing) = self.things.find(kind, &id) else { return };
        self.by_id.insert(id, thing);
        if let Some(key) = key {
            self.by_key.entry(key).or_insert(thing);
        }
    }
}

fn first_name(names: Option<String>) -> Option<String> {
    names?.split('|').next().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Where tracks belong to: ids of albums by their folders, and of artists by their names.
#[derive(Default)]
struct Homes {
    albums: HashMap<String, String>,
    artists: HashMap<String, String>,
}

impl Homes {
    fn album_above(&self, path: &str) -> Option<String> {
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            if let Some(album) = self.albums.get(above) {
                return Some(album.clone());
            }
            folder = above;
        }
        None
    }
}
