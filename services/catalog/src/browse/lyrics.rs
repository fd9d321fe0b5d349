//! The lyrics of tracks.

use hexachord_contracts::{
    catalog::{Lyrics, LyricsTexts},
    ids::TrackId,
};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use super::{Answer, Tracks, Viewer, not_found};
use crate::store::{LYRICS, LyricsRow, record};

pub(crate) fn get_lyrics(
    read: &ReadTransaction,
    viewer: Viewer,
    track: TrackId,
) -> Answer<Vec<Lyrics>> {
    if Tracks::open(read, viewer)?.row(track)?.is_none() {
        return Ok(Err(not_found("track")));
    }
    let row: Option<LyricsRow> = record(&read.open_table(LYRICS)?, track.0)?;
    Ok(Ok(row.map_or_else(Vec::new, |row| row.lyrics)))
}

pub(crate) fn lyrics_texts(
    read: &ReadTransaction,
    tracks: &[TrackId],
) -> Result<Vec<Option<String>>, StoreError> {
    let lyrics = read.open_table(LYRICS)?;
    let text = |track: &TrackId| {
        let row: Option<LyricsRow> = record(&lyrics, track.0)?;
        Ok(row.and_then(|row| row.lyrics.first().map(text_of)))
    };
    tracks.iter().map(text).collect()
}

/// What is sung, without times.
fn text_of(lyrics: &Lyrics) -> String {
    let mut text = String::new();
    for line in &lyrics.lines {
        if text.len() + line.text.len() >= LyricsTexts::LONGEST {
            break;
        }
        text.push_str(if text.is_empty() { "" } else { "\n" });
        text.push_str(&line.text);
    }
    text
}
