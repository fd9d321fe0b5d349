//! JSPF: what XSPF says, in JSON.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{
    Entry, Head, MOST_ENTRIES, NotAPlaylist, PlaylistFile, address_as_path, as_address, said,
};

pub(super) const END: &str = "\n]}}\n";

#[derive(Serialize, Deserialize)]
struct Track {
    /// The first one is the best.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "several")]
    location: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    creator: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    album: Option<String>,
    #[serde(
        rename = "trackNum",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "number"
    )]
    number: Option<u32>,
    /// In milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number")]
    duration: Option<u64>,
}

#[derive(Deserialize)]
struct Document {
    playlist: Playlist,
}

#[derive(Deserialize)]
struct Playlist {
    #[serde(default, deserialize_with = "text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "text")]
    annotation: Option<String>,
    #[serde(default)]
    track: Vec<Track>,
}

pub(super) fn begin(head: &Head) -> String {
    let json = |text: &Option<String>| Value::from(text.as_deref().unwrap_or_default());
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
    let said = |text: Option<String>| text.as_deref().and_then(said);
    let entry = |track: Track| Entry {
        path: track.location.first().and_then(|place| address_as_path(place)),
        title: said(track.title),
        artist: said(track.creator),
        album: said(track.album),
        track_number: track.number,
        duration_ms: track.duration,
    };
    let entries = track.into_iter().map(entry).collect();
    Ok(PlaylistFile { head: Head { name: said(title), description: said(annotation) }, entries })
}

/// Some programs write the only one without a list.
fn several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let string = |value| if let Value::String(text) = value { Some(text) } else { None };
    Ok(match Value::deserialize(from)? {
        Value::Array(several) => several.into_iter().filter_map(string).collect(),
        one => string(one).into_iter().collect(),
    })
}

/// A text, or the number that stands in place of one; anything else says nothing.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A number, with a fraction or as text: rounded, if it fits.
fn number<'de, D: Deserializer<'de>, N: FromStr>(from: D) -> Result<Option<N>, D::Error> {
    let number: Option<f64> = match Value::deserialize(from)? {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_f64(),
        _ => None,
    };
    Ok(number.and_then(|number| format!("{number:.0}").parse().ok()))
}
