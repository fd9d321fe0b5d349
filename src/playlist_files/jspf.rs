//! JSPF: what XSPF says, in JSON.

use serde::{Deserialize, Deserializer, Serialize};

use super::{
    Entry, Head, MOST_ENTRIES, NotAPlaylist, PlaylistFile, address_as_path, as_address, said,
};

pub(super) const END: &str = "\n]}}\n";

#[derive(Serialize, Deserialize)]
struct Track {
    /// The first one is the best.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "several")]
    location: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album: Option<String>,
    #[serde(rename = "trackNum", skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u64>,
}

#[derive(Deserialize)]
struct Document {
    playlist: Playlist,
}

#[derive(Deserialize)]
struct Playlist {
    title: Option<String>,
    annotation: Option<String>,
    #[serde(default)]
    track: Vec<Track>,
}

pub(super) fn begin(head: &Head) -> String {
    let json = |text: &Option<String>| serde_json::Value::from(text.as_deref().unwrap_or_default());
    let (title, annotation) = (json(&head.name), json(&head.description));
    format!("{{\"playlist\":{{\"title\":{title},\"annotation\":{annotation},\"track\":[")
}

pub(super) fn entry(entry: &Entry, is_first: bool) -> String {
    let track = Track {
        location: entry.path.as_deref().map(as_address).into_iter().collect(),
        title: entry.title.clone(),
        creator: entry.artist.clone(),
        album: entry.album.clone(),
        number: entry.track_number,
        duration: entry.duration_ms,
    };
    // Plain texts and numbers: their encoding cannot fail.
    let track = serde_json::to_string(&track).unwrap_or_else(|_never| "{}".to_owned());
    format!("{}\n{track}", if is_first { "" } else { "," })
}

pub(super) fn read(text: &str) -> Result<PlaylistFile, NotAPlaylist> {
    let document: Document =
        serde_json::from_str(text).map_err(|error| NotAPlaylist::Json(error.to_string()))?;
    let Playlist { title, annotation, track } = document.playlist;
    if track.len() > MOST_ENTRIES {
        return Err(NotAPlaylist::TooMany);
    }
    let text = |text: Option<String>| text.as_deref().and_then(said);
    let entry = |track: Track| Entry {
        path: track.location.first().and_then(|place| address_as_path(place)),
        title: text(track.title),
        artist: text(track.creator),
        album: text(track.album),
        track_number: track.number,
        duration_ms: track.duration,
    };
    let entries = track.into_iter().map(entry).collect();
    Ok(PlaylistFile { head: Head { name: text(title), description: text(annotation) }, entries })
}

/// Some programs write the only one without a list.
fn several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Several(Vec<String>),
        One(String),
        None(()),
    }
    Ok(match Written::deserialize(from)? {
        Written::Several(several) => several,
        Written::One(one) => vec![one],
        Written::None(()) => Vec::new(),
    })
}
