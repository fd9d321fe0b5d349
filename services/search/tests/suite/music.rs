//! Facts that the feeds tell.

use hexachord_contracts::{
    Timestamp,
    catalog::{Album, AlbumRef, Artist, ArtistRef, CatalogChange, Track},
    ids::{AccountId, AlbumId, ArtistId, LibraryId, PlaylistId, TrackId},
    profile::{Playlist, ProfileChange},
};

pub(crate) const HOME: LibraryId = LibraryId(1);
pub(crate) const STUDIO: LibraryId = LibraryId(2);

const NOON: Timestamp = Timestamp::from_millis(1_800_000_000_000);

pub(crate) fn artists(names: &[&str]) -> Vec<ArtistRef> {
    let artist = |name: &&str| ArtistRef { id: ArtistId(0), name: (*name).to_owned() };
    names.iter().map(artist).collect()
}

pub(crate) fn track(id: u64, title: &str, artist: &str, album: &str) -> Track {
    Track {
        id: TrackId(id),
        title: title.to_owned(),
        artists: artists(&[artist]),
        album: AlbumRef { id: AlbumId(0), title: album.to_owned() },
        album_artists: artists(&[artist]),
        duration_ms: 1000,
        size: 1,
        content_type: "audio/flac".to_owned(),
        codec: "flac".to_owned(),
        bitrate_kbps: 1,
        sample_rate: 44_100,
        channels: 2,
        library: HOME,
        added_at: NOON,
        modified_at: NOON,
        ..Track::default()
    }
}

pub(crate) fn missing(track: Track) -> Track {
    Track { missing_since: Some(NOON), ..track }
}

pub(crate) fn told(track: Track) -> CatalogChange {
    CatalogChange::Track(Box::new(track))
}

/// A track by nobody, on no album.
pub(crate) fn titled(id: u64, title: &str) -> CatalogChange {
    told(track(id, title, "", ""))
}

/// An album with a title for each library.
pub(crate) fn album(id: u64, parts: &[(LibraryId, &str)], artist: &str) -> CatalogChange {
    let part = |(library, title): &(LibraryId, &str)| {
        let album = Album {
            id: AlbumId(id),
            title: (*title).to_owned(),
            artists: artists(&[artist]),
            track_count: 1,
            disc_count: 1,
            duration_ms: 1000,
            added_at: NOON,
            ..Album::default()
        };
        (*library, album)
    };
    CatalogChange::Album { id: AlbumId(id), parts: parts.iter().map(part).collect() }
}

pub(crate) fn artist(id: u64, libraries: &[LibraryId], name: &str, sort: &str) -> CatalogChange {
    let part = |library: &LibraryId| {
        let artist = Artist {
            id: ArtistId(id),
            name: name.to_owned(),
            sort_name: sort.to_owned(),
            album_count: 1,
            track_count: 1,
            duration_ms: 1000,
            ..Artist::default()
        };
        (*library, artist)
    };
    CatalogChange::Artist { id: ArtistId(id), parts: libraries.iter().map(part).collect() }
}

pub(crate) fn playlist(id: u64, owner: u64, public: bool, name: &str) -> ProfileChange {
    let playlist = Playlist {
        id: PlaylistId(id),
        name: name.to_owned(),
        description: String::new(),
        public,
        owner: AccountId(owner),
        owner_name: "somebody".to_owned(),
        track_count: 0,
        duration_ms: 0,
        created_at: NOON,
        changed_at: NOON,
        revision: 1,
    };
    ProfileChange::Playlist(Box::new(playlist))
}
