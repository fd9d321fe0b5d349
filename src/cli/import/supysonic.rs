//! Supysonic: one file, often `supysonic.db`.
//!
//! What its own schema and migrations (`supysonic/schema` of its repository) tell: ids are UUIDs, as
//! bytes before 2023 and as text since; a playlist's tracks were one text with commas before October
//! 2025 and have a table since; plays are counted for everyone together, and each user has a last one;
//! times are those of the machine's clock, without a zone.

use std::{collections::HashMap, path::Path};

use hexachord_contracts::{ItemKind, Timestamp, catalog::WantedTrack};
use jiff::tz::TimeZone;

use self::folders::Folders;
use super::{
    database::{Database, within},
    error::ReadError,
    foreign::{Fact, Foreign, Group, Kind, Listener, Playlist, Things},
    tables::Needed,
    values::{Bytes, count, duration_ms, is_true, ordinal, slashed, text, time, undashed, uuid},
};

mod folders;

const NEEDED: [Needed; 9] = [
    ("user", &["id", "name", "last_play_id", "last_play_date"]),
    (
        "track",
        &[
            "id",
            "disc",
            "number",
            "title",
            "duration",
            "album_id",
            "artist_id",
            "path",
            "play_count",
            "last_play",
        ],
    ),
    ("album", &["id", "name", "artist_id"]),
    ("artist", &["id", "name"]),
    ("folder", &["id", "path"]),
    ("starred_track", &["user_id", "starred_id", "date"]),
    ("starred_album", &["user_id", "starred_id", "date"]),
    ("rating_track", &["user_id", "rated_id", "rating"]),
    ("playlist", &["id", "user_id", "name", "comment", "public"]),
];
const GONE: &str = "Supysonic itself does not have it any more";

/// `plays_of`: whose all plays are.
pub(super) fn read(path: &Path, plays_of: Option<&str>) -> Result<Foreign, ReadError> {
    let database = Database::open(&within(path, &["supysonic.db"])?)?;
    database.tables.require(&database.path, "Supysonic", &NEEDED)?;
    let zone = TimeZone::system();
    let mut things = Things::default();
    groups(&database, &mut things)?;
    let counts = tracks(&database, &mut things, &zone)?;
    let mut reading = Reading::begin(database, things, zone)?;
    let notes = reading.plays(counts, plays_of)?;
    reading.stars_and_ratings()?;
    reading.playlists()?;
    let Reading { things, listeners, .. } = reading;
    Ok(Foreign { source: "supysonic", shape: "Supysonic".to_owned(), things, listeners, notes })
}

fn groups(database: &Database, things: &mut Things) -> Result<(), ReadError> {
    let albums = "SELECT al.id, al.name, ar.name FROM album AS al \
                  LEFT JOIN artist AS ar ON ar.id = al.artist_id";
    let artists = "SELECT id, name, NULL FROM artist";
    for (kind, query) in [(ItemKind::Album, albums), (ItemKind::Artist, artists)] {
        database.each(query, [], |row| {
            let (name, by) = (text(row, 1)?.unwrap_or_default(), text(row, 2)?);
            let id = uuid(row, 0, Bytes::InOrder)?.unwrap_or_default();
            things.add_group(kind, id, Group { name, by, tracks: Vec::new() });
            Ok(())
        })?;
    }
    Ok(())
}

/// Plays of a track by everyone.
struct Counted {
    track: usize,
    plays: u32,
    last: Option<Timestamp>,
}

fn tracks(
    database: &Database,
    things: &mut Things,
    zone: &TimeZone,
) -> Result<Vec<Counted>, ReadError> {
    let mut counts = Vec::new();
    let query = "SELECT t.id, t.path, t.title, ar.name, al.name, t.disc, t.number, t.duration, \
                 t.play_count, t.last_play, t.album_id, t.artist_id, al.artist_id FROM track AS t \
                 LEFT JOIN album AS al ON al.id = t.album_id \
                 LEFT JOIN artist AS ar ON ar.id = t.artist_id";
    database.each(query, [], |row| {
        let wanted = WantedTrack {
            path: text(row, 1)?.map(slashed),
            title: text(row, 2)?,
            artist: text(row, 3)?,
            album: text(row, 4)?,
            disc_number: ordinal(row, 5)?,
            track_number: ordinal(row, 6)?,
            duration_ms: duration_ms(row, 7, 1.0)?,
            musicbrainz: None,
        };
        let track = things.add_track(uuid(row, 0, Bytes::InOrder)?.unwrap_or_default(), wanted);
        let of = [(ItemKind::Album, 10), (ItemKind::Artist, 11), (ItemKind::Artist, 12)];
        for (kind, column) in of {
            let id = uuid(row, column, Bytes::InOrder)?.unwrap_or_default();
            things.join(kind, &id, track);
        }
        let plays = count(row, 8)?.unwrap_or_default();
        if plays > 0 {
            counts.push(Counted { track, plays, last: time(row, 9, zone)? });
        }
        Ok(())
    })?;
    Ok(counts)
}

struct Reading {
    database: Database,
    things: Things,
    zone: TimeZone,
    listeners: Vec<Listener>,
    by_id: HashMap<String, usize>,
    /// The last play of each.
    last_plays: Vec<Option<Fact>>,
}

impl Reading {
    fn begin(database: Database, things: Things, zone: TimeZone) -> Result<Self, ReadError> {
        let (mut listeners, mut by_id, mut last_plays) = (Vec::new(), HashMap::new(), Vec::new());
        let query = "SELECT id, name, last_play_id, last_play_date FROM \"user\" ORDER BY name";
        database.each(query, [], |row| {
            by_id.insert(uuid(row, 0, Bytes::InOrder)?.unwrap_or_default(), listeners.len());
            listeners.push(Listener::new(text(row, 1)?.unwrap_or_default()));
            let track = uuid(row, 2, Bytes::InOrder)?.and_then(|id| things.track(&id));
            let at = time(row, 3, &zone)?;
            last_plays.push(track.zip(at).map(|(track, at)| Fact::Play { track, at }));
            Ok(())
        })?;
        Ok(Self { database, things, zone, listeners, by_id, last_plays })
    }

    /// Whose the counts are is known when there is one user, or when somebody says so. Otherwise the
    /// last play of each is all that is theirs.
    fn plays(
        &mut self,
        counts: Vec<Counted>,
        plays_of: Option<&str>,
    ) -> Result<Vec<String>, ReadError> {
        let named = plays_of.map(|wanted| {
            let place = self.listeners.iter().position(|one| one.name.eq_ignore_ascii_case(wanted));
            let nobody = || format!("--plays-of: there is nobody called {wanted} in Supysonic");
            place.ok_or_else(|| ReadError::Arguments(nobody()))
        });
        let owner = match named.transpose()? {
            None if self.listeners.len() == 1 => Some(0),
            named => named,
        };
        if let Some(owner) = owner {
            let facts = counts.into_iter().map(|Counted { track, plays, last }| match last {
                Some(last) => Fact::Plays { track, plays, last },
                None => Fact::Lost {
                    kind: Kind::Plays,
                    what: self.things.track_label(track),
                    reason: "Supysonic does not say when it was played",
                },
            });
            self.listeners[owner].facts.extend(facts);
            return Ok(Vec::new());
        }
        for (listener, last) in self.listeners.iter_mut().zip(self.last_plays.drain(..)) {
            listener.facts.extend(last);
        }
        if counts.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![format!(
            "Supysonic counts the plays of everyone together: those of {} tracks are left out; say whose \
             they are with --plays-of NAME",
            counts.len()
        )])
    }

    fn stars_and_ratings(&mut self) -> Result<(), ReadError> {
        let (tracks, albums) = (Some(ItemKind::Track), Some(ItemKind::Album));
        let artists = Some(ItemKind::Artist);
        let folders = Folders::read(&self.database, &self.things)?;
        for (table, kind) in [
            ("starred_track", tracks),
            ("starred_album", albums),
            ("starred_artist", artists),
            ("starred_folder", None),
            ("rating_track", tracks),
            ("rating_folder", None),
        ] {
            let is_star = table.starts_with("starred");
            let (id, value) = if is_star { ("starred_id", "date") } else { ("rated_id", "rating") };
            if !self.database.tables.has_column(table, id) {
                continue;
            }
            let query = format!("SELECT user_id, {id}, {value} FROM {table}");
            self.database.each(&query, [], |row| {
                let user = uuid(row, 0, Bytes::InOrder)?.unwrap_or_default();
                let Some(place) = self.by_id.get(&user) else { return Ok(()) };
                let item = uuid(row, 1, Bytes::InOrder)?.unwrap_or_default();
                let thing = match kind {
                    Some(kind) => self.things.find(kind, &item).ok_or((item, GONE)),
                    None => folders.thing(&self.things, &item),
                };
                let rating = if is_star { None } else { count(row, 2)? };
                let rating = rating.and_then(|rating| u8::try_from(rating).ok());
                if !is_star && rating.is_none() {
                    return Ok(());
                }
                let fact = match (thing, rating) {
                    (Ok(thing), None) => {
                        Fact::Favourite { thing, since: time(row, 2, &self.zone)? }
                    }
                    (Ok(thing), Some(rating)) => Fact::Rating { thing, rating: rating.clamp(1, 5) },
                    (Err((what, reason)), _) => {
                        let kind = if is_star { Kind::Favourite } else { Kind::Rating };
                        Fact::Lost { kind, what, reason }
                    }
                };
                self.listeners[*place].facts.push(fact);
                Ok(())
            })?;
        }
        Ok(())
    }

    fn playlists(&mut self) -> Result<(), ReadError> {
        let packed = self.database.tables.first("playlist", &["tracks"]);
        let mut places = HashMap::new();
        let query = format!("SELECT id, user_id, name, comment, public, {packed} FROM playlist");
        self.database.each(&query, [], |row| {
            let user = uuid(row, 1, Bytes::InOrder)?.unwrap_or_default();
            let Some(place) = self.by_id.get(&user) else { return Ok(()) };
            let key = uuid(row, 0, Bytes::InOrder)?.unwrap_or_default();
            let tracks = text(row, 5)?.unwrap_or_default();
            let tracks = tracks.split(',').filter(|id| !id.is_empty());
            let playlist = Playlist {
                key: key.clone(),
                name: text(row, 2)?.unwrap_or_default(),
                description: text(row, 3)?.unwrap_or_default(),
                public: is_true(row, 4)?,
                tracks: tracks.map(|id| self.things.track(&undashed(id))).collect(),
            };
            let playlists = &mut self.listeners[*place].playlists;
            playlists.push(playlist);
            places.insert(key, (*place, playlists.len() - 1));
            Ok(())
        })?;
        if !self.database.tables.has_column("playlist_track", "track_id") {
            return Ok(());
        }
        let query =
            "SELECT playlist_id, track_id FROM playlist_track ORDER BY playlist_id, \"index\"";
        self.database.each(query, [], |row| {
            let place = places.get(&uuid(row, 0, Bytes::InOrder)?.unwrap_or_default());
            if let Some((listener, playlist)) = place {
                let id = uuid(row, 1, Bytes::InOrder)?.unwrap_or_default();
                let track = self.things.track(&id);
                self.listeners[*listener].playlists[*playlist].tracks.push(track);
            }
            Ok(())
        })
    }
}
