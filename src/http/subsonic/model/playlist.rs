//! Playlists.

use hexachord_contracts::{Timestamp, ids::AccountId, profile};
use serde::Serialize;

use super::{Child, seconds};

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::subsonic) struct Playlist {
    id: String,
    name: String,
    comment: String,
    owner: String,
    public: bool,
    song_count: u32,
    duration: u32,
    created: Timestamp,
    changed: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    cover_art: Option<String>,
    readonly: bool,
    allowed_user: Vec<String>,
    /// Of one playlist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) entry: Option<Vec<Child>>,
}

impl Playlist {
    /// As `viewer` sees it.
    pub(in crate::http::subsonic) fn new(
        playlist: profile::Playlist,
        viewer: Option<AccountId>,
    ) -> Self {
        let id = playlist.id.to_string();
        Self {
            cover_art: (playlist.track_count > 0).then(|| id.clone()),
            id,
            name: playlist.name,
            comment: playlist.description,
            readonly: viewer != Some(playlist.owner),
            owner: playlist.owner_name,
            public: playlist.public,
            song_count: playlist.track_count,
            duration: seconds(playlist.duration_ms),
            created: playlist.created_at,
            changed: playlist.changed_at,
            allowed_user: Vec::new(),
            entry: None,
        }
    }
}
