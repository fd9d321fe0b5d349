//! Navidrome: one file, `navidrome.db`.
//!
//! What its own migrations (`db/migrations` of its repository) tell: annotations hold counts, stars and
//! ratings of an item for a user; since 2020 playlists have a table of tracks; since 2021 they name
//! their owner by id; since 2024 (0.55) paths are below their library's folder; since the end of 2025
//! each play is kept in `scrobbles`, and is counted in the annotation too.

use std::{collections::HashMap, path::Path};

use hexachord_contracts::{ItemKind, Timestamp, catalog::WantedTrack};
use jiff::tz::TimeZone;
use rusqlite::Row;

use super::{
    database::{Database, within},
    error::ReadError,
    foreign::{Fact, Foreign, Group, Kind, Listener, Playlist, Things},
    tables::Needed,
    values::{count, duration_ms, is_true, ordinal, slashed, text, time},
};

const NEEDED: [Needed; 5] = [
    ("user", &["id", "user_name"]),
    ("media_file", &["id", "path", "title", "artist", "album", "album_id"]),
    (
        "annotation",
        &[
            "user_id",
            "item_id",
            "item_type",
            "play_count",
            "play_date",
            "rating",
            "starred",
            "starred_at",
        ],
    ),
    ("playlist", &["id", "name", "comment", "public"]),
    ("playlist_tracks", &["id", "playlist_id", "media_file_id"]),
];
const NOT_ITS_ANY_MORE: &str = "Navidrome itself does not have it any more";
const NOT_OF_MUSIC: &str = "only tracks, albums and artists are loved and rated here";

/// Single plays of a user and a track.
type Scrobbles = HashMap<(String, String), u32>;

pub(super) fn read(path: &Path) -> Result<Foreign, ReadError> {
    let database = Database::open(&within(path, &["navidrome.db"])?)?;
    database.tables.require(&database.path, "Navidrome", &NEEDED)?;
    let mut things = Things::default();
    groups(&database, &mut things)?;
    tracks(&database, &mut things)?;
    let mut listeners = Listeners::read(&database)?;
    let scrobbles = listeners.scrobbles(&database, &things)?;
    listeners.annotations(&database, &things, &scrobbles)?;
    let notes = listeners.playlists(&database, &things)?;
    let with = if database.tables.has("scrobbles") { "with" } else { "without" };
    let shape = format!("Navidrome, {with} single plays");
    Ok(Foreign { source: "navidrome", shape, things, listeners: listeners.all, notes })
}

fn groups(database: &Database, things: &mut Things) -> Result<(), ReadError> {
    let tables = &database.tables;
    for (kind, table, columns) in
        [(ItemKind::Album, "album", ["album_artist"]), (ItemKind::Artist, "artist", ["none"])]
    {
        if !tables.has_column(table, "id") || !tables.has_column(table, "name") {
            continue;
        }
        let by = tables.first(table, &columns);
        database.each(&format!("SELECT id, name, {by} FROM {table}"), [], |row| {
            let group = Group {
                name: text(row, 1)?.unwrap_or_default(),
                by: text(row, 2)?,
                tracks: Vec::new(),
            };
            things.add_group(kind, text(row, 0)?.unwrap_or_default(), group);
            Ok(())
        })?;
    }
    Ok(())
}

fn tracks(database: &Database, things: &mut Things) -> Result<(), ReadError> {
    let tables = &database.tables;
    let mut folders = HashMap::new();
    if tables.has_column("media_file", "library_id") && tables.has_column("library", "path") {
        database.each("SELECT id, path FROM library", [], |row| {
            folders.insert(text(row, 0)?, text(row, 1)?.unwrap_or_default());
            Ok(())
        })?;
    }
    let of_file = |columns: &[&'static str]| tables.first("media_file", columns);
    let query = format!(
        "SELECT id, path, title, artist, album, album_id, {}, {}, {}, {}, {}, {}, {} FROM media_file",
        of_file(&["disc_number"]),
        of_file(&["track_number"]),
        of_file(&["duration"]),
        of_file(&["mbz_recording_id", "mbz_track_id"]),
        of_file(&["library_id"]),
        of_file(&["artist_id"]),
        of_file(&["album_artist_id"]),
    );
    database.each(&query, [], |row| {
        let folder = text(row, 10)?.and_then(|id| folders.get(&Some(id)));
        let track = WantedTrack {
            path: text(row, 1)?.map(|path| located(path, folder)),
            title: text(row, 2)?,
            artist: text(row, 3)?,
            album: text(row, 4)?,
            disc_number: ordinal(row, 6)?,
            track_number: ordinal(row, 7)?,
            duration_ms: duration_ms(row, 8, 1.0)?,
            musicbrainz: text(row, 9)?,
        };
        let track = things.add_track(text(row, 0)?.unwrap_or_default(), track);
        let of = [(ItemKind::Album, 5), (ItemKind::Artist, 11), (ItemKind::Artist, 12)];
        for (kind, column) in of {
            things.join(kind, &text(row, column)?.unwrap_or_default(), track);
        }
        Ok(())
    })
}

/// The whole path of a file that may be told below its library's folder.
fn located(path: String, folder: Option<&String>) -> String {
    let path = slashed(path);
    match folder {
        Some(folder) if !path.starts_with('/') && path.as_bytes().get(1) != Some(&b':') => {
            format!("{}/{path}", slashed(folder.clone()).trim_end_matches('/'))
        }
        _ => path,
    }
}

/// Users in the order of the database.
struct Listeners {
    all: Vec<Listener>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

impl Listeners {
    fn read(database: &Database) -> Result<Self, ReadError> {
        let mut listeners =
            Self { all: Vec::new(), by_id: HashMap::new(), by_name: HashMap::new() };
        database.each("SELECT id, user_name FROM \"user\" ORDER BY user_name", [], |row| {
            let (id, name) = (text(row, 0)?.unwrap_or_default(), text(row, 1)?.unwrap_or_default());
            let place = listeners.all.len();
            listeners.by_id.insert(id, place);
            listeners.by_name.insert(name.clone(), place);
            listeners.all.push(Listener::new(name));
            Ok(())
        })?;
        Ok(listeners)
    }

    fn of_id(&mut self, id: &str) -> Option<&mut Listener> {
        self.by_id.get(id).map(|place| &mut self.all[*place])
    }

    fn scrobbles(&mut self, database: &Database, things: &Things) -> Result<Scrobbles, ReadError> {
        let mut scrobbles = Scrobbles::new();
        if !database.tables.has_column("scrobbles", "submission_time") {
            return Ok(scrobbles);
        }
        let query = "SELECT user_id, media_file_id, submission_time FROM scrobbles";
        database.each(query, [], |row| {
            let (user, file) =
                (text(row, 0)?.unwrap_or_default(), text(row, 1)?.unwrap_or_default());
            let at = time(row, 2, &TimeZone::UTC)?;
            let (Some(listener), Some(at)) = (self.of_id(&user), at) else { return Ok(()) };
            listener.facts.push(match things.track(&file) {
                Some(track) => Fact::Play { track, at },
                None => Fact::Lost {
                    kind: Kind::Play,
                    what: format!("media_file {file}"),
                    reason: NOT_ITS_ANY_MORE,
                },
            });
            *scrobbles.entry((user, file)).or_default() += 1;
            Ok(())
        })?;
        Ok(scrobbles)
    }

    fn annotations(
        &mut self,
        database: &Database,
        things: &Things,
        scrobbles: &Scrobbles,
    ) -> Result<(), ReadError> {
        let query = "SELECT user_id, item_type, item_id, play_count, play_date, rating, starred, \
                     starred_at FROM annotation";
        database.each(query, [], |row| {
            let user = text(row, 0)?.unwrap_or_default();
            let Some(listener) = self.of_id(&user) else { return Ok(()) };
            Annotation::read(row)?.tell(listener, things, |file| {
                scrobbles.get(&(user.clone(), file.to_owned())).copied().unwrap_or_default()
            });
            Ok(())
        })
    }

    fn playlists(
        &mut self,
        database: &Database,
        things: &Things,
    ) -> Result<Vec<String>, ReadError> {
        let owner = database.tables.first("playlist", &["owner_id", "owner"]);
        let rules = database.tables.first("playlist", &["rules"]);
        let mut places = HashMap::new();
        let mut notes = Vec::new();
        let query = format!("SELECT id, {owner}, name, comment, public, {rules} FROM playlist");
        database.each(&query, [], |row| {
            let owner = text(row, 1)?.unwrap_or_default();
            let place = self.by_id.get(&owner).or_else(|| self.by_name.get(&owner));
            let Some(place) = place.copied() else { return Ok(()) };
            let key = text(row, 0)?.unwrap_or_default();
            let playlist = Playlist {
                key: key.clone(),
                name: text(row, 2)?.unwrap_or_default(),
                description: text(row, 3)?.unwrap_or_default(),
                public: is_true(row, 4)?,
                tracks: Vec::new(),
            };
            if text(row, 5)?.is_some() {
                notes.push(format!(
                    "{} is a smart playlist: its tracks are taken over as they are now, its rules are not",
                    playlist.name
                ));
            }
            let playlists = &mut self.all[place].playlists;
            playlists.push(playlist);
            places.insert(key, (place, playlists.len() - 1));
            Ok(())
        })?;
        let query =
            "SELECT playlist_id, media_file_id FROM playlist_tracks ORDER BY playlist_id, id";
        database.each(query, [], |row| {
            let place = places.get(&text(row, 0)?.unwrap_or_default());
            if let Some((listener, playlist)) = place {
                let track = things.track(&text(row, 1)?.unwrap_or_default());
                self.all[*listener].playlists[*playlist].tracks.push(track);
            }
            Ok(())
        })?;
        Ok(notes)
    }
}

/// What a user thinks of an item.
struct Annotation {
    kind: String,
    item: String,
    plays: u32,
    last: Option<Timestamp>,
    rating: u8,
    starred: bool,
    since: Option<Timestamp>,
}

impl Annotation {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let rating = count(row, 5)?.unwrap_or_default();
        Ok(Self {
            kind: text(row, 1)?.unwrap_or_default(),
            item: text(row, 2)?.unwrap_or_default(),
            plays: count(row, 3)?.unwrap_or_default(),
            last: time(row, 4, &TimeZone::UTC)?,
            rating: u8::try_from(rating).unwrap_or(u8::MAX).min(5),
            starred: is_true(row, 6)?,
            since: time(row, 7, &TimeZone::UTC)?,
        })
    }

    /// Plays of albums and artists follow from those of their tracks.
    fn tell(self, listener: &mut Listener, things: &Things, scrobbles: impl Fn(&str) -> u32) {
        let kind = match self.kind.as_str() {
            "media_file" => Some(ItemKind::Track),
            "album" => Some(ItemKind::Album),
            "artist" => Some(ItemKind::Artist),
            _ => None,
        };
        let thing = kind.and_then(|kind| things.find(kind, &self.item));
        let what = format!("{} {}", self.kind, self.item);
        let reason = if kind.is_some() { NOT_ITS_ANY_MORE } else { NOT_OF_MUSIC };
        let dangling = |kind| Fact::Lost { kind, what: what.clone(), reason };
        let facts = &mut listener.facts;
        if self.starred {
            facts.push(match thing {
                Some(thing) => Fact::Favourite { thing, since: self.since },
                None => dangling(Kind::Favourite),
            });
        }
        if self.rating > 0 {
            facts.push(match thing {
                Some(thing) => Fact::Rating { thing, rating: self.rating },
                None => dangling(Kind::Rating),
            });
        }
        let plays = self.plays.saturating_sub(scrobbles(&self.item));
        if kind == Some(ItemKind::Track) && plays > 0 {
            facts.push(match (thing, self.last) {
                (Some(thing), Some(last)) => Fact::Plays { track: thing.place, plays, last },
                (Some(thing), None) => Fact::Lost {
                    kind: Kind::Plays,
                    what: things.label(thing),
                    reason: "Navidrome does not say when it was played",
                },
                (None, _) => dangling(Kind::Plays),
            });
        }
    }
}
