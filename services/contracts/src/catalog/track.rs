//! A track, with everything that its tags say.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AlbumLoudness, AlbumRef, ArtistRef, Cover, Loudness};
use crate::{
    Timestamp,
    decibels::Decibels,
    ids::{LibraryId, TrackId},
};

/// What listeners love: it keeps its id when its file moves, is renamed or retagged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Track {
    pub id: TrackId,
    pub title: String,
    /// What the title is sorted by, where that is tagged.
    pub sort_title: Option<String>,
    pub artists: Vec<ArtistRef>,
    /// The artists as they are written on the cover: `Ella Fitzgerald feat. Count Basie`.
    pub display_artist: String,
    pub album: AlbumRef,
    pub album_artists: Vec<ArtistRef>,
    /// Who took part besides: composers, conductors, remixers, players of instruments.
    pub contributors: Vec<Contributor>,
    pub track_number: Option<u32>,
    pub disc_number: Option<u32>,
    pub disc_title: Option<String>,
    pub duration_ms: u64,
    /// Which part of its file it is, where a cue sheet cuts the file into tracks.
    pub excerpt: Option<Excerpt>,
    /// Of this release.
    pub year: Option<i32>,
    /// Of this release, as tagged: `1997`, `1997-05` or `1997-05-21`.
    pub date: Option<String>,
    /// Of the first release, as tagged.
    pub original_date: Option<String>,
    pub genres: Vec<String>,
    pub moods: Vec<String>,
    pub compilation: bool,
    /// Absent where nothing is tagged; false: cleaned.
    pub explicit: Option<bool>,
    /// Beats a minute.
    pub bpm: Option<u32>,
    /// The musical key as tagged: `Am`, `8A`.
    pub key: Option<String>,
    pub comment: Option<String>,
    /// International standard recording codes, twelve characters each.
    pub isrc: Vec<String>,
    pub musicbrainz: MusicBrainz,
    /// What its tags say.
    pub replay_gain: ReplayGain,
    /// As measured; absent until it is, and of silence.
    pub loudness: Option<Loudness>,
    /// Of its album in its library; absent until all tracks of it are measured.
    pub album_loudness: Option<AlbumLoudness>,
    /// What to add to play everything equally loud: what is tagged or what was measured, as the server
    /// is set up. Feeds leave it out.
    pub gain: ReplayGain,
    /// Synchronised with the music or not.
    pub has_lyrics: bool,
    /// Bytes of the file.
    pub size: u64,
    pub content_type: String,
    /// `mp3`, `flac`, `vorbis`, `opus`, `aac`, `alac`, `pcm`.
    pub codec: String,
    pub bitrate_kbps: u32,
    pub sample_rate: u32,
    pub channels: u16,
    pub bit_depth: Option<u8>,
    /// Its own picture, else the cover of its album.
    pub cover: Option<Cover>,
    /// The same picture stands for its album: who has that one needs no other. Feeds do not tell it.
    #[serde(default)]
    pub cover_is_albums: bool,
    pub library: LibraryId,
    pub added_at: Timestamp,
    pub modified_at: Timestamp,
    /// Since when its file cannot be found; absent for a track that plays.
    pub missing_since: Option<Timestamp>,
}

/// A part of a file, in microseconds from its beginning: a frame of a disc is 1/75 of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Excerpt {
    pub start_us: u64,
    /// Absent: it plays to the file's end.
    pub end_us: Option<u64>,
}

/// Somebody who took part in a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contributor {
    pub role: ContributorRole,
    /// Of a performer: what was played or sung.
    pub instrument: Option<String>,
    pub artist: ArtistRef,
}

/// What a contributor did.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ContributorRole {
    Composer,
    Lyricist,
    Writer,
    Conductor,
    Performer,
    Remixer,
    Arranger,
    Producer,
    Engineer,
    Mixer,
    DjMixer,
    Director,
}

/// Identifiers of MusicBrainz: lower-case UUIDs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MusicBrainz {
    pub recording: Option<String>,
    /// Of the track on its release.
    pub track: Option<String>,
    pub release: Option<String>,
    pub release_group: Option<String>,
    pub artists: Vec<String>,
    pub album_artists: Vec<String>,
}

/// What to add to play everything equally loud, at -18 LUFS (ReplayGain 2.0).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReplayGain {
    pub track_gain: Option<Decibels>,
    pub album_gain: Option<Decibels>,
    /// The largest sample, or the peak between samples where it was measured, in millionths of full scale.
    pub track_peak: Option<u32>,
    pub album_peak: Option<u32>,
}
