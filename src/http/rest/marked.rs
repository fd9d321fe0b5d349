//! The parts of names that a query matches.

use std::collections::BTreeMap;

use hexachord_contracts::{
    Context,
    search::{Mark, Span},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::search::SearchResults;
use crate::http::{edge::Edge, problem::Problem};

/// By the id of an artist, an album, a track or a playlist.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct Marked(BTreeMap<String, MarkedTexts>);

/// Texts in parts; absent where nothing of them is matched.
#[derive(Default, Serialize, ToSchema)]
struct MarkedTexts {
    /// The name or the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Vec<Part>>,
    /// The artists as they are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    artist: Option<Vec<Part>>,
    /// The title of a track's album.
    #[serde(skip_serializing_if = "Option::is_none")]
    album: Option<Vec<Part>>,
}

/// A part of a text: all of them together are the text.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Part {
    text: String,
    /// The query matches it.
    matched: bool,
}

enum Which {
    Name,
    Artist,
    Album,
}

/// Marks what was found.
pub(super) async fn mark(
    edge: &Edge,
    context: &Context,
    query: String,
    results: &SearchResults,
) -> Result<Marked, Problem> {
    let texts = texts(results);
    if texts.is_empty() {
        return Ok(Marked::default());
    }
    let (places, texts): (Vec<_>, Vec<String>) =
        texts.into_iter().map(|(id, which, text)| ((id, which), text)).unzip();
    let call = Mark { query, texts: texts.clone() };
    let spans = edge.search.call(context, call).await?;
    let mut marked = Marked::default();
    for (((id, which), text), spans) in places.into_iter().zip(texts).zip(spans) {
        if spans.is_empty() {
            continue;
        }
        let of_id = marked.0.entry(id).or_default();
        let place = match which {
            Which::Name => &mut of_id.name,
            Which::Artist => &mut of_id.artist,
            Which::Album => &mut of_id.album,
        };
        *place = Some(parts(&text, &spans));
    }
    Ok(marked)
}

fn texts(results: &SearchResults) -> Vec<(String, Which, String)> {
    let mut texts = Vec::new();
    for artist in &results.artists {
        texts.push((artist.id.to_string(), Which::Name, artist.name.clone()));
    }
    for album in &results.albums {
        let id = album.id.to_string();
        texts.push((id.clone(), Which::Artist, album.display_artist.clone()));
        texts.push((id, Which::Name, album.title.clone()));
    }
    for track in &results.tracks {
        let id = track.id.to_string();
        texts.push((id.clone(), Which::Artist, track.display_artist.clone()));
        texts.push((id.clone(), Which::Album, track.album.title.clone()));
        texts.push((id, Which::Name, track.title.clone()));
    }
    for playlist in &results.playlists {
        texts.push((playlist.id.to_string(), Which::Name, playlist.name.clone()));
    }
    texts.truncate(Mark::MOST);
    texts
}

/// A text cut at its spans, which are in order and do not overlap.
fn parts(text: &str, spans: &[Span]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |text: Option<&str>, matched| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            parts.push(Part { text: text.to_owned(), matched });
        }
    };
    let mut behind = 0;
    for span in spans {
        let (start, end) = (span.start as usize, span.end as usize);
        add(text.get(behind..start), false);
        add(text.get(start..end), true);
        behind = end;
    }
    add(text.get(behind..), false);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_together_are_the_text() {
        let spans = [Span { start: 0, end: 4 }, Span { start: 6, end: 9 }];
        let parts = parts("Sigur Rós", &spans);
        let text: String = parts.iter().map(|part| part.text.as_str()).collect();
        let matched: Vec<&str> =
            parts.iter().filter(|part| part.matched).map(|part| part.text.as_str()).collect();
        assert_eq!((text.as_str(), matched), ("Sigur Rós", vec!["Sigu", "Ró"]));
        assert_eq!(super::parts("", &[]), []);
    }
}
