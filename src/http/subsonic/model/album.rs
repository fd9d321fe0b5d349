//! Albums: by their tags, and as folders of songs.

use hexachord_contracts::{Timestamp, catalog::Album, profile::Annotation};
use serde::Serialize;

use super::{ArtistName, Child, ItemDate, Named, child::names, cover_id, named, seconds};

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::subsonic) struct AlbumId3 {
    id: String,
    name: String,
    version: String,
    artist: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    artist_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cover_art: Option<String>,
    song_count: u32,
    duration: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    play_count: Option<u32>,
    created: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    starred: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    genre: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    played: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_rating: Option<u8>,
    record_labels: Vec<Named>,
    music_brainz_id: String,
    genres: Vec<Named>,
    artists: Vec<ArtistName>,
    display_artist: String,
    release_types: Vec<String>,
    sort_name: String,
    original_release_date: ItemDate,
    release_date: ItemDate,
    is_compilation: bool,
    explicit_status: &'static str,
    disc_titles: Vec<Disc>,
    /// Of one album.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) song: Option<Vec<Child>>,
}

#[derive(Debug, Clone, Serialize)]
struct Disc {
    disc: u32,
    title: String,
}

impl AlbumId3 {
    pub(in crate::http::subsonic) fn new(album: Album, annotation: Option<&Annotation>) -> Self {
        let disc = |disc: hexachord_contracts::catalog::DiscTitle| Disc {
            disc: disc.disc,
            title: disc.title,
        };
        Self {
            id: album.id.to_string(),
            cover_art: album.cover.as_ref().map(|cover| cover_id(album.id, cover)),
            name: album.title,
            version: album.version.unwrap_or_default(),
            artist: album.display_artist.clone(),
            artist_id: album.artists.first().map(|artist| artist.id.to_string()),
            song_count: album.track_count,
            duration: seconds(album.duration_ms),
            created: album.added_at,
            year: album.year,
            genre: album.genres.first().cloned(),
            record_labels: named(&album.labels),
            music_brainz_id: album.musicbrainz_release.unwrap_or_default(),
            genres: named(&album.genres),
            artists: names(album.artists),
            display_artist: album.display_artist,
            release_types: album.release_types,
            sort_name: album.sort_title.unwrap_or_default(),
            original_release_date: ItemDate::of(album.original_date.as_deref(), None),
            release_date: ItemDate::of(album.date.as_deref(), album.year),
            is_compilation: album.compilation,
            explicit_status: if album.explicit { "explicit" } else { "" },
            disc_titles: album.disc_titles.into_iter().map(disc).collect(),
            play_count: annotation.map(|annotation| annotation.plays),
            played: annotation.and_then(|annotation| annotation.last_played_at),
            starred: annotation.and_then(|annotation| annotation.favourite_since),
            user_rating: annotation.and_then(|annotation| annotation.rating),
            song: None,
        }
    }
}

/// An album as a folder of its songs.
pub(in crate::http::subsonic) fn album_child(
    album: Album,
    annotation: Option<&Annotation>,
) -> Child {
    let AlbumId3 { id, name, artist, artist_id, cover_art, song_count, duration, created, .. } =
        AlbumId3::new(album.clone(), annotation);
    Child {
        parent: artist_id.clone(),
        is_dir: true,
        title: name.clone(),
        name: Some(name.clone()),
        album: Some(name),
        album_id: Some(id.clone()),
        id,
        display_album_artist: artist.clone(),
        display_artist: artist.clone(),
        artist: Some(artist),
        artist_id,
        cover_art,
        song_count: Some(song_count),
        duration: Some(duration),
        created: Some(created),
        media_type: Some("album"),
        year: album.year,
        genre: album.genres.first().cloned(),
        genres: named(&album.genres),
        album_artists: names(album.artists.clone()),
        artists: names(album.artists),
        music_brainz_id: album.musicbrainz_release.unwrap_or_default(),
        sort_name: album.sort_title.unwrap_or_default(),
        explicit_status: if album.explicit { "explicit" } else { "" },
        play_count: annotation.map(|annotation| annotation.plays),
        played: annotation.and_then(|annotation| annotation.last_played_at),
        starred: annotation.and_then(|annotation| annotation.favourite_since),
        user_rating: annotation.and_then(|annotation| annotation.rating),
        ..Child::default()
    }
}
