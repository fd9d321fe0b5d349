//! What the tables hold.

use hexachord_contracts::{
    LibraryAccess, Timestamp,
    feed::FeedCursor,
    ids::{AccountId, AlbumId, ArtistId, LibraryId, TrackId},
    item::ItemId,
    profile::Annotation,
};
use hexachord_storage::Record;
use serde::{Deserialize, Serialize};

use super::totals::{Place, Totals};

/// What of a track of the catalog matters here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TrackRow {
    pub(crate) library: LibraryId,
    pub(crate) album: AlbumId,
    /// Those of the track and of its album, each once.
    pub(crate) artists: Vec<ArtistId>,
    pub(crate) duration_ms: u64,
    /// The catalog forgot it: nobody sees it, until it comes back.
    pub(crate) gone: bool,
    /// Its file is not there, so nothing is shown of it where there is no other track.
    pub(crate) missing: bool,
    /// The snapshot that told it, or the last one before.
    pub(crate) round: u64,
}

/// A [`TrackRow`] as it was written by version 1, which did not know which tracks are missing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TrackRow1 {
    pub(super) library: LibraryId,
    pub(super) album: AlbumId,
    pub(super) artists: Vec<ArtistId>,
    pub(super) duration_ms: u64,
    pub(super) gone: bool,
    pub(super) round: u64,
}

/// An album or an artist of the catalog: the libraries that have tracks of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GroupRow {
    pub(crate) libraries: Vec<LibraryId>,
    pub(crate) round: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccountRow {
    pub(crate) username: String,
    pub(crate) round: u64,
}

/// How far a feed was followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FollowRow {
    /// Absent until a snapshot is complete.
    pub(crate) cursor: Option<FeedCursor>,
    /// Counts snapshots: a row of another round was not told by this one.
    pub(crate) round: u64,
    /// Counts what followers wrote: no two writes leave the same row.
    pub(crate) writes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlayRow {
    pub(crate) track: TrackId,
    pub(crate) listened_ms: u64,
    pub(crate) counted: bool,
    pub(crate) source: Option<String>,
    pub(crate) device: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AnnotationRow {
    /// Those that counted.
    pub(crate) plays: u32,
    pub(crate) last_played_at: Option<Timestamp>,
    pub(crate) favourite_since: Option<Timestamp>,
    pub(crate) rating: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlaylistRow {
    pub(crate) owner: AccountId,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) public: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) changed_at: Timestamp,
    pub(crate) revision: u64,
    /// The last revision that put a track at another position.
    pub(crate) arranged: u64,
    pub(crate) totals: Totals,
}

impl PlaylistRow {
    /// One without a name that holds nothing.
    pub(crate) fn new(owner: AccountId, now: Timestamp) -> Self {
        Self {
            owner,
            name: String::new(),
            description: String::new(),
            public: false,
            created_at: now,
            changed_at: now,
            revision: 1,
            arranged: 1,
            totals: Totals::default(),
        }
    }
}

impl Record for TrackRow {
    const VERSION: u8 = 2;

    fn from_older(version: u8, body: &[u8]) -> Option<Self> {
        let row: TrackRow1 = (version == 1).then(|| postcard::from_bytes(body).ok())??;
        let TrackRow1 { library, album, artists, duration_ms, gone, round } = row;
        Some(Self { library, album, artists, duration_ms, gone, missing: false, round })
    }
}
impl Record for GroupRow {
    const VERSION: u8 = 1;
}
impl Record for AccountRow {
    const VERSION: u8 = 1;
}
impl Record for FollowRow {
    const VERSION: u8 = 1;
}
impl Record for PlayRow {
    const VERSION: u8 = 1;
}
impl Record for AnnotationRow {
    const VERSION: u8 = 1;
}
impl Record for PlaylistRow {
    const VERSION: u8 = 1;
}

impl TrackRow {
    /// The album and the artists that its plays are counted for.
    pub(crate) fn groups(&self) -> Vec<ItemId> {
        if self.gone {
            return Vec::new();
        }
        let artists = self.artists.iter().copied().map(ItemId::Artist);
        std::iter::once(ItemId::Album(self.album)).chain(artists).collect()
    }

    /// The album and the artists that are shown because of it.
    pub(super) fn shown(&self) -> Vec<ItemId> {
        if self.missing { Vec::new() } else { self.groups() }
    }

    /// What it adds to a playlist.
    pub(crate) fn place(&self) -> Option<Place> {
        let Self { library, duration_ms, .. } = *self;
        (!self.gone).then_some(Place { library, duration_ms })
    }
}

impl GroupRow {
    pub(crate) fn is_seen_by(&self, access: &LibraryAccess) -> bool {
        self.libraries.iter().any(|library| access.allows(*library))
    }
}

impl PlaylistRow {
    /// Its next revision.
    #[must_use]
    pub(crate) fn changed(self, now: Timestamp) -> Self {
        Self { changed_at: now, revision: self.revision + 1, ..self }
    }

    /// Its next revision, with tracks at other positions.
    #[must_use]
    pub(crate) fn rearranged(self, now: Timestamp) -> Self {
        let row = self.changed(now);
        Self { arranged: row.revision, ..row }
    }
}

impl AnnotationRow {
    /// Is the item loved or rated?
    pub(super) fn is_opinion(&self) -> bool {
        self.favourite_since.is_some() || self.rating.is_some()
    }

    pub(crate) fn annotation(self, item: ItemId) -> Annotation {
        let Self { plays, last_played_at, favourite_since, rating } = self;
        Annotation { item, plays, last_played_at, favourite_since, rating }
    }
}
