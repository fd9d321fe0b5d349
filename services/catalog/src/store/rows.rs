//! What the tables hold.

use std::{borrow::Cow, collections::BTreeSet};

use hexachord_audio::Fingerprint;
use hexachord_contracts::{
    Timestamp,
    catalog::{ContributorRole, DiscTitle, Lyrics, MusicBrainz, ReplayGain},
    ids::{AlbumId, ArtistId, GenreId, LibraryId, TrackId},
};
use hexachord_storage::Record;
use serde::{Deserialize, Serialize};

use super::{
    keys::{file_key, place},
    lists::Scope,
};
use crate::read::PictureId;

/// How the file system describes a file; unchanged means that all of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stat {
    pub(crate) size: u64,
    pub(crate) mtime_ns: i64,
    pub(crate) ctime_ns: i64,
    pub(crate) inode: u64,
    /// Of the files beside it that belong to it: 0 when there are none.
    pub(crate) beside: u64,
    /// Of the rules by which its tags were understood.
    pub(crate) rules: u32,
}

/// A music file as it was read last, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileRow {
    pub(crate) stat: Stat,
    pub(crate) state: FileState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FileState {
    /// With its audio, so that a scan knows what a gone file held without its track.
    Plays(TrackId, Fingerprint),
    /// Why stands in the table of unreadable files. A track that it was before is missing.
    Unreadable { was: Option<TrackId> },
}

/// A name with what it is sorted by, where that is tagged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Credit {
    pub(crate) id: ArtistId,
    pub(crate) name: String,
    pub(crate) sort: Option<String>,
}

/// Somebody who took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContributorRow {
    pub(crate) role: ContributorRole,
    pub(crate) instrument: Option<String>,
    pub(crate) artist: Credit,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GenreRef {
    pub(crate) id: GenreId,
    pub(crate) name: String,
}

/// A track, missing or not, with everything that its entries in the lists were made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TrackRow {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) library: LibraryId,
    /// Raw bytes below the library's folder; of a missing track where it was last.
    pub(crate) path: Vec<u8>,
    pub(crate) size: u64,
    pub(crate) title: String,
    pub(crate) title_sort: Option<String>,
    pub(crate) artists: Vec<Credit>,
    /// Absent where it is the names of the artists with commas between them.
    pub(crate) display_artist: Option<String>,
    pub(crate) album: AlbumId,
    pub(crate) album_title: String,
    pub(crate) album_sort: Option<String>,
    pub(crate) album_version: Option<String>,
    pub(crate) album_artists: Vec<Credit>,
    pub(crate) display_album_artist: Option<String>,
    pub(crate) contributors: Vec<ContributorRow>,
    pub(crate) track_number: Option<u32>,
    pub(crate) disc_number: Option<u32>,
    pub(crate) disc_title: Option<String>,
    pub(crate) duration_ms: u64,
    pub(crate) year: Option<i32>,
    pub(crate) date: Option<String>,
    pub(crate) original_date: Option<String>,
    pub(crate) genres: Vec<GenreRef>,
    pub(crate) moods: Vec<String>,
    pub(crate) compilation: bool,
    pub(crate) explicit: Option<bool>,
    pub(crate) bpm: Option<u32>,
    pub(crate) key: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) isrc: Vec<String>,
    pub(crate) musicbrainz: MusicBrainz,
    pub(crate) replay_gain: ReplayGain,
    pub(crate) labels: Vec<String>,
    pub(crate) catalogue_numbers: Vec<String>,
    pub(crate) release_types: Vec<String>,
    /// Of what stands in the table of lyrics, to tell whether it changed.
    pub(crate) lyrics: Option<LyricsHash>,
    pub(crate) content_type: String,
    pub(crate) codec: String,
    pub(crate) bitrate_kbps: u32,
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    pub(crate) bit_depth: Option<u8>,
    pub(crate) picture: Option<PictureId>,
    pub(crate) added_at: Timestamp,
    pub(crate) modified_at: Timestamp,
    pub(crate) missing_since: Option<Timestamp>,
    /// Where a cue sheet cuts its file. The last field: the migration to version 3 appends it.
    pub(crate) part: Option<Part>,
}

/// One of the tracks that a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// From 1 to 999.
    pub(crate) number: u16,
    pub(crate) start_us: u64,
    pub(crate) end_us: Option<u64>,
}

/// 64 bits of the BLAKE3 hash of a track's lyrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LyricsHash(pub(crate) u64);

/// The lyrics of a track, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LyricsRow {
    pub(crate) lyrics: Vec<Lyrics>,
}

impl TrackRow {
    /// Where it is in its library, as in the keys of files.
    pub(crate) fn place(&self) -> Cow<'_, [u8]> {
        place(&self.path, self.part.map(|part| part.number))
    }

    /// The key of its file.
    pub(crate) fn file_key(&self) -> Vec<u8> {
        file_key(self.library, &self.place())
    }

    /// Those whose lists it is in: its artists and its album's, each once.
    pub(crate) fn credits(&self) -> impl Iterator<Item = &Credit> {
        let performs = |id| self.artists.iter().any(|artist| artist.id == id);
        let others = distinct(&self.album_artists, |artist| artist.id);
        distinct(&self.artists, |artist| artist.id)
            .chain(others.filter(move |artist| !performs(artist.id)))
    }

    /// Those who took part and are not in its lists otherwise, each once.
    pub(crate) fn others(&self) -> impl Iterator<Item = &Credit> {
        let is_credited = |id| self.credits().any(|credit| credit.id == id);
        distinct(&self.contributors, |contributor| contributor.artist.id)
            .map(|contributor| &contributor.artist)
            .filter(move |artist| !is_credited(artist.id))
    }

    /// Its genres, each once.
    pub(crate) fn distinct_genres(&self) -> impl Iterator<Item = &GenreRef> {
        distinct(&self.genres, |genre| genre.id)
    }
}

/// An album as long as something of it plays; derived from its tracks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AlbumRow {
    /// One for each library with tracks of it, by library.
    pub(crate) parts: Vec<AlbumPart>,
}

/// What one library has of an album, and how it is tagged there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AlbumPart {
    pub(crate) library: LibraryId,
    pub(crate) title: String,
    pub(crate) sort: Option<String>,
    pub(crate) artists: Vec<Credit>,
    pub(crate) year: Option<i32>,
    pub(crate) date: Option<String>,
    pub(crate) original_date: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) display_artist: Option<String>,
    pub(crate) release_types: Vec<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) catalogue_numbers: Vec<String>,
    pub(crate) explicit: bool,
    pub(crate) musicbrainz_release: Option<String>,
    pub(crate) musicbrainz_release_group: Option<String>,
    pub(crate) compilation: bool,
    pub(crate) tracks: u32,
    pub(crate) discs: Vec<u32>,
    pub(crate) disc_titles: Vec<DiscTitle>,
    pub(crate) duration_ms: u64,
    pub(crate) genres: Vec<GenreRef>,
    pub(crate) added_at: Timestamp,
    pub(crate) cover: Option<CoverRow>,
    /// Of discs whose picture is another one.
    pub(crate) disc_covers: Vec<(u32, CoverRow)>,
    /// A picture of the artist that lies in the album's folder or above it.
    pub(crate) artist_picture: Option<FolderPicture>,
}

/// Where a cover comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CoverRow {
    /// In the file of this track.
    Embedded {
        track: TrackId,
        picture: PictureId,
    },
    Folder(FolderPicture),
}

/// A picture that lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FolderPicture {
    /// Below the library's folder.
    pub(crate) path: Vec<u8>,
    /// What it is; `None` until a scan has read it.
    pub(crate) picture: Option<PictureId>,
}

/// An artist or a genre as long as something of it plays; derived from tracks and albums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GroupRow {
    /// One for each library that has something of it, by library.
    pub(crate) parts: Vec<GroupPart>,
    /// An album may be in several libraries: it counts once for whoever sees one of them.
    pub(crate) albums: Vec<AlbumCount>,
}

/// What one library has of an artist or of a genre, and how it is written there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GroupPart {
    pub(crate) library: LibraryId,
    pub(crate) name: String,
    pub(crate) sort: Option<String>,
    pub(crate) tracks: u32,
    /// Tracks of others that an artist took part in.
    pub(crate) contributions: u32,
    pub(crate) duration_ms: u64,
    /// Albums that have a picture to show for it.
    pub(crate) pictured: u32,
}

/// How many albums are in exactly these libraries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AlbumCount {
    pub(crate) libraries: Vec<LibraryId>,
    pub(crate) albums: u32,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnreadableRow {
    pub(crate) reason: String,
    pub(crate) seen_at: Timestamp,
}

macro_rules! versions {
    ($($row:ty = $version:literal),+) => { $(impl Record for $row { const VERSION: u8 = $version; })+ };
}

// Older ones are read by migrations alone.
versions!(FileRow = 2, TrackRow = 3, AlbumRow = 2, GroupRow = 2, UnreadableRow = 1, LyricsRow = 1);

impl AlbumRow {
    /// Its artists in all libraries, each once.
    pub(crate) fn artists(&self) -> BTreeSet<ArtistId> {
        self.parts.iter().flat_map(|part| &part.artists).map(|artist| artist.id).collect()
    }

    /// Genres of its tracks in all libraries, each once.
    pub(crate) fn genres(&self) -> BTreeSet<GenreId> {
        self.parts.iter().flat_map(|part| &part.genres).map(|genre| genre.id).collect()
    }
}

impl AlbumPart {
    /// Is it in the lists of albums that are limited to `scope`?
    pub(crate) fn is_in(&self, scope: Scope) -> bool {
        match scope {
            Scope::Artist(wanted) => self.artists.iter().any(|artist| artist.id == wanted),
            Scope::Genre(wanted) => self.genres.iter().any(|genre| genre.id == wanted),
            Scope::All | Scope::Album(_) => true,
        }
    }

    /// Has it a picture to show for its artist?
    pub(crate) fn is_pictured(&self) -> bool {
        self.cover.is_some() || self.artist_picture.is_some()
    }
}

impl CoverRow {
    /// What it is, as far as that is known.
    pub(crate) fn picture(&self) -> Option<PictureId> {
        match self {
            Self::Embedded { picture, .. } => Some(*picture),
            Self::Folder(folder) => folder.picture,
        }
    }
}

impl GroupPart {
    pub(crate) fn none(library: LibraryId, name: String, sort: Option<String>) -> Self {
        Self { library, name, sort, tracks: 0, contributions: 0, duration_ms: 0, pictured: 0 }
    }
}

fn distinct<T, I: PartialEq>(all: &[T], id: impl Fn(&T) -> I) -> impl Iterator<Item = &T> {
    let is_first = move |(place, one): &(usize, &T)| {
        all[..*place].iter().all(|earlier| id(earlier) != id(one))
    };
    all.iter().enumerate().filter(is_first).map(|(_, one)| one)
}
