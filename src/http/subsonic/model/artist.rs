//! Artists: by their tags, and as folders of albums.

use hexachord_contracts::{Timestamp, catalog::Artist, profile::Annotation};
use serde::Serialize;

use super::{AlbumId3, cover_id};

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::subsonic) struct ArtistId3 {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cover_art: Option<String>,
    album_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    starred: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_rating: Option<u8>,
    music_brainz_id: String,
    sort_name: String,
    roles: Vec<&'static str>,
    /// Of one artist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) album: Option<Vec<AlbumId3>>,
}

impl ArtistId3 {
    pub(in crate::http::subsonic) fn new(artist: Artist, annotation: Option<&Annotation>) -> Self {
        let roles = [
            (artist.album_count > 0, "albumartist"),
            (artist.track_count > 0, "artist"),
            (artist.contribution_count > 0, "contributor"),
        ];
        Self {
            id: artist.id.to_string(),
            cover_art: artist.cover.as_ref().map(|cover| cover_id(artist.id, cover)),
            name: artist.name,
            album_count: artist.album_count,
            starred: annotation.and_then(|annotation| annotation.favourite_since),
            user_rating: annotation.and_then(|annotation| annotation.rating),
            music_brainz_id: String::new(),
            sort_name: artist.sort_name,
            roles: roles.into_iter().filter(|(is, _)| *is).map(|(_, role)| role).collect(),
            album: None,
        }
    }
}

/// `Artist` of Subsonic: an artist, or a folder at the top of a library.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::subsonic) struct Entity {
    pub(in crate::http::subsonic) id: String,
    pub(in crate::http::subsonic) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) starred: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) user_rating: Option<u8>,
}

impl Entity {
    pub(in crate::http::subsonic) fn of(artist: Artist, annotation: Option<&Annotation>) -> Self {
        Self {
            id: artist.id.to_string(),
            name: artist.name,
            starred: annotation.and_then(|annotation| annotation.favourite_since),
            user_rating: annotation.and_then(|annotation| annotation.rating),
        }
    }
}
