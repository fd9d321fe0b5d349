//! The music of the tests.

use hexachord_contracts::{
    Timestamp,
    catalog::{Album, AlbumRef, Artist, ArtistRef, Track},
    ids::{AlbumId, ArtistId, LibraryId, TrackId},
};

/// What of a track matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Song {
    pub(crate) id: u64,
    pub(crate) library: u64,
    pub(crate) album: u64,
    pub(crate) artists: Vec<u64>,
    pub(crate) duration_ms: u64,
    pub(crate) missing: bool,
}

pub(crate) const MINUTES_2: u64 = 120_000;

impl Song {
    /// Two minutes by artist 1 on album 1 in library 1.
    pub(crate) fn new(id: u64) -> Self {
        Self { id, library: 1, album: 1, artists: vec![1], duration_ms: MINUTES_2, missing: false }
    }

    pub(crate) fn library(self, library: u64) -> Self {
        Self { library, ..self }
    }

    pub(crate) fn album(self, album: u64) -> Self {
        Self { album, ..self }
    }

    pub(crate) fn artists(self, artists: &[u64]) -> Self {
        Self { artists: artists.to_vec(), ..self }
    }

    pub(crate) fn lasting(self, duration_ms: u64) -> Self {
        Self { duration_ms, ..self }
    }

    /// Its file is not there.
    pub(crate) fn missing(self) -> Self {
        Self { missing: true, ..self }
    }

    pub(crate) fn track(&self) -> Track {
        let artists = self
            .artists
            .iter()
            .map(|id| ArtistRef { id: ArtistId(*id), name: format!("Artist {id}") });
        let artists: Vec<_> = artists.collect();
        Track {
            id: TrackId(self.id),
            title: format!("Song {}", self.id),
            // The first one stands twice: as the artist of the album, too.
            album_artists: artists[..1].to_vec(),
            artists,
            album: AlbumRef { id: AlbumId(self.album), title: format!("Album {}", self.album) },
            duration_ms: self.duration_ms,
            size: 1,
            content_type: "audio/flac".to_owned(),
            codec: "flac".to_owned(),
            bitrate_kbps: 900,
            sample_rate: 44_100,
            channels: 2,
            bit_depth: Some(16),
            library: LibraryId(self.library),
            missing_since: self.missing.then(Timestamp::default),
            ..Track::default()
        }
    }
}

pub(crate) fn album(id: AlbumId) -> Album {
    Album {
        id,
        title: format!("Album {}", id.0),
        track_count: 1,
        disc_count: 1,
        duration_ms: 1,
        ..Album::default()
    }
}

pub(crate) fn artist(id: ArtistId) -> Artist {
    Artist {
        id,
        name: format!("Artist {}", id.0),
        sort_name: format!("Artist {}", id.0),
        album_count: 1,
        track_count: 1,
        duration_ms: 1,
        ..Artist::default()
    }
}
