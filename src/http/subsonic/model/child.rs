//! A song, or whatever else is in a folder.

use hexachord_contracts::{
    Timestamp,
    catalog::{ArtistRef, Contributor, ContributorRole, Cover, ReplayGain, Track},
    decibels::Decibels,
    profile::Annotation,
};
use serde::Serialize;

use super::{ArtistName, Named, cover_id, named, seconds};

/// `Child` of Subsonic: with all fields of a song, few of which a folder has.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::subsonic) struct Child {
    pub(in crate::http::subsonic) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) parent: Option<String>,
    pub(in crate::http::subsonic) is_dir: bool,
    pub(in crate::http::subsonic) title: String,
    /// Of an album that stands as a folder; songs have a title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) album: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) artist: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) track: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) year: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) genre: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) cover_art: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) suffix: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) duration: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) bit_rate: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) bit_depth: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) sampling_rate: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) channel_count: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) is_video: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) user_rating: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) play_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) song_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) disc_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) created: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) starred: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) album_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) artist_id: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) media_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) played: Option<Timestamp>,
    pub(in crate::http::subsonic) bpm: u32,
    pub(in crate::http::subsonic) comment: String,
    pub(in crate::http::subsonic) sort_name: String,
    pub(in crate::http::subsonic) music_brainz_id: String,
    pub(in crate::http::subsonic) isrc: Vec<String>,
    pub(in crate::http::subsonic) genres: Vec<Named>,
    pub(in crate::http::subsonic) artists: Vec<ArtistName>,
    pub(in crate::http::subsonic) display_artist: String,
    pub(in crate::http::subsonic) album_artists: Vec<ArtistName>,
    pub(in crate::http::subsonic) display_album_artist: String,
    pub(in crate::http::subsonic) contributors: Vec<ContributorOf>,
    pub(in crate::http::subsonic) display_composer: String,
    pub(in crate::http::subsonic) moods: Vec<String>,
    pub(in crate::http::subsonic) replay_gain: Gains,
    pub(in crate::http::subsonic) explicit_status: &'static str,
    /// Milliseconds, as bookmarks tell them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) bookmark_position: Option<u64>,
    /// Whoever plays it now; what follows is about that, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) minutes_ago: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) player_id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) player_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) position_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) playback_rate: Option<f64>,
    /// From here on of episodes of podcasts. What can be streamed: absent before it is downloaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) stream_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) channel_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::subsonic) publish_date: Option<Timestamp>,
}

/// What to add to play everything equally loud, in decibels, and peaks of full scale.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::subsonic) struct Gains {
    #[serde(skip_serializing_if = "Option::is_none")]
    track_gain: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album_gain: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track_peak: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album_peak: Option<f64>,
}

/// Somebody who took part, and how.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::subsonic) struct ContributorOf {
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_role: Option<String>,
    artist: ArtistName,
}

/// A track as a song, with what the caller thinks of it.
pub(in crate::http::subsonic) fn song(track: Track, annotation: Option<&Annotation>) -> Child {
    let composers: Vec<&str> = track
        .contributors
        .iter()
        .filter(|one| one.role == ContributorRole::Composer)
        .map(|one| one.artist.name.as_str())
        .collect();
    let display_composer = composers.join(", ");
    let album_id = track.album.id.to_string();
    Child {
        id: track.id.to_string(),
        parent: Some(album_id.clone()),
        is_dir: false,
        name: None,
        path: Some(path(&track)),
        suffix: Some(suffix(&track.content_type, &track.codec)),
        cover_art: track.cover.as_ref().map(|cover| cover_of(&track, cover)),
        artist: Some(track.display_artist.clone()),
        artist_id: track.artists.first().map(|artist| artist.id.to_string()),
        album: Some(track.album.title),
        album_id: Some(album_id),
        track: track.track_number,
        disc_number: track.disc_number,
        year: track.year,
        genre: track.genres.first().cloned(),
        genres: named(&track.genres),
        size: Some(track.size),
        content_type: Some(track.content_type),
        duration: Some(seconds(track.duration_ms)),
        bit_rate: Some(track.bitrate_kbps),
        bit_depth: track.bit_depth,
        sampling_rate: Some(track.sample_rate),
        channel_count: Some(track.channels),
        is_video: Some(false),
        created: Some(track.added_at),
        kind: Some("music"),
        media_type: Some("song"),
        bpm: track.bpm.unwrap_or(0),
        comment: track.comment.unwrap_or_default(),
        sort_name: track.sort_title.unwrap_or_default(),
        music_brainz_id: track.musicbrainz.recording.unwrap_or_default(),
        isrc: track.isrc,
        display_album_artist: in_one_line(&track.album_artists),
        artists: names(track.artists),
        display_artist: track.display_artist,
        album_artists: names(track.album_artists),
        contributors: track.contributors.into_iter().map(contributor).collect(),
        display_composer,
        moods: track.moods,
        replay_gain: gains(&track.gain),
        explicit_status: match track.explicit {
            None => "",
            Some(true) => "explicit",
            Some(false) => "clean",
        },
        title: track.title,
        user_rating: annotation.and_then(|annotation| annotation.rating),
        starred: annotation.and_then(|annotation| annotation.favourite_since),
        play_count: annotation.map(|annotation| annotation.plays),
        played: annotation.and_then(|annotation| annotation.last_played_at),
        ..Child::default()
    }
}

/// That of its album where both are one picture, so that apps keep it once.
fn cover_of(track: &Track, cover: &Cover) -> String {
    if track.cover_is_albums { cover_id(track.album.id, cover) } else { cover_id(track.id, cover) }
}

pub(super) fn names(artists: Vec<ArtistRef>) -> Vec<ArtistName> {
    let name = |artist: ArtistRef| ArtistName { id: artist.id.to_string(), name: artist.name };
    artists.into_iter().map(name).collect()
}

fn in_one_line(artists: &[ArtistRef]) -> String {
    artists.iter().map(|artist| artist.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn contributor(of: Contributor) -> ContributorOf {
    let role = match of.role {
        ContributorRole::Composer => "composer",
        ContributorRole::Lyricist => "lyricist",
        ContributorRole::Writer => "writer",
        ContributorRole::Conductor => "conductor",
        ContributorRole::Performer => "performer",
        ContributorRole::Remixer => "remixer",
        ContributorRole::Arranger => "arranger",
        ContributorRole::Producer => "producer",
        ContributorRole::Engineer => "engineer",
        ContributorRole::Mixer => "mixer",
        ContributorRole::DjMixer => "djmixer",
        ContributorRole::Director => "director",
    };
    let artist = ArtistName { id: of.artist.id.to_string(), name: of.artist.name };
    ContributorOf { role, sub_role: of.instrument, artist }
}

fn gains(gains: &ReplayGain) -> Gains {
    let peak = |millionths: Option<u32>| millionths.map(|peak| f64::from(peak) / 1_000_000.0);
    Gains {
        track_gain: gains.track_gain.map(Decibels::db),
        album_gain: gains.album_gain.map(Decibels::db),
        track_peak: peak(gains.track_peak),
        album_peak: peak(gains.album_peak),
    }
}

/// Apps name files by it that they keep.
pub(super) fn suffix(content_type: &str, codec: &str) -> &'static str {
    hexachord_audio::file_ending(content_type, codec).unwrap_or("bin")
}

/// Where an app may keep the file: by what it is, and not where it lies here.
fn path(track: &Track) -> String {
    let tidy = |text: &str| {
        let text: String =
            text.chars().map(|c| if c == '/' || c.is_control() { '_' } else { c }).collect();
        let text = text.trim();
        if text.is_empty() || text.chars().all(|c| c == '.') {
            "_".to_owned()
        } else {
            text.to_owned()
        }
    };
    let artist = track.album_artists.first().or_else(|| track.artists.first());
    let artist = tidy(artist.map_or("", |artist| &artist.name));
    let (album, title, suffix) =
        (tidy(&track.album.title), tidy(&track.title), suffix(&track.content_type, &track.codec));
    let disc = track.disc_number.filter(|disc| *disc > 1).map(|disc| format!("{disc}-"));
    let number = track.track_number.map(|number| format!("{number:02} - "));
    let (disc, number) = (disc.unwrap_or_default(), number.unwrap_or_default());
    format!("{artist}/{album}/{disc}{number}{title}.{suffix}")
}
