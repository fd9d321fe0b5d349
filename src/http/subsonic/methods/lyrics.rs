//! Lyrics by the names of a song, and by its id.

use hexachord_contracts::{
    catalog::{GetLyrics, GetTrack, Lyrics},
    ids::TrackId,
};
use serde::Serialize;

use super::{
    super::{
        call::{Call, Outcome},
        model::{PlainLyrics, StructuredLyrics},
        rows::Rows,
    },
    searching::tracks,
};

/// Songs that may be the one.
const LOOKED_AT: u32 = 5;

/// There is always an answer; where nothing is found it has no text.
pub(super) async fn plain(call: &Call) -> Outcome {
    let text = |name| call.parameters.text(name).map(str::trim).filter(|text| !text.is_empty());
    let (artist, title) = (text("artist"), text("title"));
    let nothing = || PlainLyrics {
        artist: artist.map(str::to_owned),
        title: title.map(str::to_owned),
        value: String::new(),
    };
    let Some(wanted) = title else { return call.answer("lyrics", &nothing()) };
    let query = format!("{} {wanted}", artist.unwrap_or_default());
    let rows = Rows { skip: 0, count: LOOKED_AT };
    for track in tracks(call, call.context(), query.trim(), rows).await? {
        if !track.has_lyrics || !track.title.eq_ignore_ascii_case(wanted) {
            continue;
        }
        let ask = GetLyrics { track: track.id };
        let lyrics = call.edge.catalog.call(call.context(), ask).await?;
        if let Some(lyrics) = lyrics.first() {
            let artist = Some(track.display_artist);
            let found = PlainLyrics { artist, title: Some(track.title), value: as_text(lyrics) };
            return call.answer("lyrics", &found);
        }
    }
    call.answer("lyrics", &nothing())
}

fn as_text(lyrics: &Lyrics) -> String {
    lyrics.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

pub(super) async fn structured(call: &Call) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct LyricsList {
        structured_lyrics: Vec<StructuredLyrics>,
    }
    let track: TrackId = call.parameters.id("id")?;
    let enhanced = call.parameters.flag("enhanced")?.unwrap_or(false);
    let (track, lyrics) = tokio::try_join!(
        call.edge.catalog.call(call.context(), GetTrack { track }),
        call.edge.catalog.call(call.context(), GetLyrics { track }),
    )?;
    let names = (track.display_artist.as_str(), track.title.as_str());
    let structured = |lyrics| StructuredLyrics::new(lyrics, names, enhanced);
    let structured_lyrics = lyrics.into_iter().map(structured).collect();
    call.answer("lyricsList", &LyricsList { structured_lyrics })
}
