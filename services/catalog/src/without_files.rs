//! A catalog of tracks that have no files, for benches of large libraries: everything but playing
//! works, until a scan finds the files missing.

use std::{path::Path, sync::Arc};

use hexachord_audio::Fingerprint;
use hexachord_contracts::Timestamp;
use hexachord_storage::{Store, StoreError};

use crate::{
    identity::{library_id, track_id},
    read::{MusicFile, Tags},
    scan::facts,
    splitting::Splitter,
    store::{Apply, Stat},
};

/// Tracks stored in one transaction.
const BATCH: usize = 5000;

/// What is known of a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackWithoutFile {
    pub title: String,
    pub artist: String,
    pub album: String,
    pub genre: String,
    pub year: i32,
    pub number: u32,
    pub duration_ms: u64,
}

/// Adds tracks to the library of this name. Blocks: never call it on a runtime thread.
pub fn add_tracks_without_files(
    store: &Store,
    library: &str,
    tracks: Vec<TrackWithoutFile>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (library, splitter) = (library_id(library), Arc::new(Splitter::default()));
    let mut tracks = tracks.into_iter().peekable();
    while tracks.peek().is_some() {
        let batch: Vec<TrackWithoutFile> = tracks.by_ref().take(BATCH).collect();
        let splitter = Arc::clone(&splitter);
        store.write_blocking(move |write| {
            let mut apply = Apply::new(write, now)?;
            for track in &batch {
                let path = format!("{}/{}/{}.flac", track.artist, track.album, track.number);
                let music = music(track, &path);
                let (id, size) = (track_id(music.fingerprint), music.duration_ms * 100);
                let (row, _) = facts(library, Path::new(&path), size, music, &splitter);
                let stat =
                    Stat { size, mtime_ns: 0, ctime_ns: 0, inode: id.0, beside: 0, rules: 0 };
                apply.put_track(id, stat, &row, &[])?;
            }
            apply.finish().map(drop)
        })?;
    }
    Ok(())
}

fn music(track: &TrackWithoutFile, path: &str) -> MusicFile {
    let mut fingerprint = [0; 16];
    fingerprint.copy_from_slice(&blake3::hash(path.as_bytes()).as_bytes()[..16]);
    MusicFile {
        fingerprint: Fingerprint(fingerprint),
        codec: "flac".to_owned(),
        content_type: "audio/flac".to_owned(),
        duration_ms: track.duration_ms,
        bitrate_kbps: 800,
        sample_rate: 44_100,
        channels: 2,
        bit_depth: Some(16),
        tags: Tags {
            title: Some(track.title.clone()),
            artists: vec![track.artist.clone()],
            album: Some(track.album.clone()),
            genres: vec![track.genre.clone()],
            year: Some(track.year),
            track_number: Some(track.number),
            ..Tags::default()
        },
        picture: None,
        parts: Vec::new(),
    }
}
