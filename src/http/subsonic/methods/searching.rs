//! Search. A query of nothing pages through everything, which is how apps copy a library.

use hexachord_contracts::{
    Context,
    catalog::{Album, Artist, Track},
    search::{Find, Found, FoundKind},
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::Failure,
    filling,
    model::Child,
    rows::{self, AlbumsBy, Rows},
};

/// Of each kind where nobody says how many.
const USUAL: u32 = 20;
/// Nobody reads further down in what was found.
const DEEPEST: u32 = 2_000;

#[derive(Serialize)]
struct Results<R, A> {
    artist: Vec<R>,
    album: Vec<A>,
    song: Vec<Child>,
}

struct Asked {
    artists: Rows,
    albums: Rows,
    songs: Rows,
}

impl Asked {
    fn of(call: &Call) -> Result<Self, Failure> {
        let rows = |count: &str, offset: &str| {
            let count = call.parameters.count(count, USUAL, rows::MOST)?;
            Ok::<_, Failure>(Rows { skip: call.parameters.number(offset)?.unwrap_or(0), count })
        };
        Ok(Self {
            artists: rows("artistCount", "artistOffset")?,
            albums: rows("albumCount", "albumOffset")?,
            songs: rows("songCount", "songOffset")?,
        })
    }
}

struct Everything {
    artists: Vec<Artist>,
    albums: Vec<Album>,
    tracks: Vec<Track>,
}

pub(super) async fn by_tags(call: &Call) -> Outcome {
    let context = call.narrowed().await?;
    let found = searched(call, &context).await?;
    let results = Results {
        artist: filling::artists(&call.edge, &context, found.artists).await?,
        album: filling::albums(&call.edge, &context, found.albums).await?,
        song: filling::songs(&call.edge, &context, found.tracks).await?,
    };
    call.answer("searchResult3", &results)
}

pub(super) async fn as_folders(call: &Call) -> Outcome {
    let context = call.narrowed().await?;
    let found = searched(call, &context).await?;
    let results = Results {
        artist: filling::entities(&call.edge, &context, found.artists).await?,
        album: filling::album_children(&call.edge, &context, found.albums).await?,
        song: filling::songs(&call.edge, &context, found.tracks).await?,
    };
    call.answer("searchResult2", &results)
}

/// Songs alone, by what is said of them.
pub(super) async fn oldest(call: &Call) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Result1 {
        offset: u32,
        total_hits: usize,
        #[serde(rename = "match")]
        found: Vec<Child>,
    }
    let words = ["any", "title", "album", "artist"];
    let words = words.into_iter().filter_map(|name| call.parameters.text(name));
    let query = words.collect::<Vec<_>>().join(" ");
    let count = call.parameters.count("count", USUAL, rows::MOST)?;
    let skip = call.parameters.number("offset")?.unwrap_or(0);
    let tracks = tracks(call, call.context(), query.trim(), Rows { skip, count }).await?;
    let found = filling::songs(&call.edge, call.context(), tracks).await?;
    call.answer(
        "searchResult",
        &Result1 { offset: skip, total_hits: skip as usize + found.len(), found },
    )
}

async fn searched(call: &Call, context: &Context) -> Result<Everything, Failure> {
    let query = call.parameters.text("query").ok_or_else(|| Failure::missing("query"))?;
    // Some clients quote nothing.
    let query = if query.trim() == "\"\"" { "" } else { query.trim() };
    let asked = Asked::of(call)?;
    let (edge, is_all) = (&call.edge, query.is_empty());
    let artists = async {
        if asked.artists.count == 0 {
            return Ok(Vec::new());
        }
        if is_all {
            return rows::artists(edge, context, asked.artists).await;
        }
        let found = found(call, context, query, FoundKind::Artist, asked.artists).await?;
        filling::fetch_artists(edge, context, &found.artists).await
    };
    let albums = async {
        if asked.albums.count == 0 {
            return Ok(Vec::new());
        }
        if is_all {
            return rows::albums(edge, context, AlbumsBy::default(), asked.albums).await;
        }
        let found = found(call, context, query, FoundKind::Album, asked.albums).await?;
        filling::fetch_albums(edge, context, &found.albums).await
    };
    let (artists, albums, tracks) =
        tokio::try_join!(artists, albums, tracks(call, context, query, asked.songs))?;
    Ok(Everything { artists, albums, tracks })
}

/// Tracks that are found, or all where nothing is asked for.
pub(super) async fn tracks(
    call: &Call,
    context: &Context,
    query: &str,
    rows: Rows,
) -> Result<Vec<Track>, Failure> {
    if rows.count == 0 {
        return Ok(Vec::new());
    }
    if query.is_empty() {
        return rows::tracks(&call.edge, context, None, rows).await;
    }
    let found = found(call, context, query, FoundKind::Track, rows).await?;
    let mut tracks = filling::fetch_tracks(&call.edge, context, &found.tracks).await?;
    // The index is a moment behind.
    tracks.retain(|track| track.missing_since.is_none());
    Ok(tracks)
}

/// What is found of a kind, from a row on.
async fn found(
    call: &Call,
    context: &Context,
    query: &str,
    kind: FoundKind,
    rows: Rows,
) -> Result<Found, Failure> {
    let skip = rows.skip as usize;
    let enough = rows.skip.saturating_add(rows.count).min(DEEPEST) as usize;
    let (mut all, mut cursor) = (Found::default(), None);
    if skip >= enough {
        return Ok(all);
    }
    loop {
        let got = all.artists.len().max(all.albums.len()).max(all.tracks.len());
        let limit = u32::try_from(enough - got).unwrap_or(Find::MOST).clamp(1, Find::MOST);
        // Who types into an app's field means words.
        let find = Find {
            query: query.to_owned(),
            limit,
            kind: Some(kind),
            cursor: cursor.take(),
            plain: true,
            ..Find::default()
        };
        let page = call.edge.search.call(context, find).await?;
        all.artists.extend(page.artists);
        all.albums.extend(page.albums);
        all.tracks.extend(page.tracks);
        cursor = page.next_cursor;
        let count = all.artists.len().max(all.albums.len()).max(all.tracks.len());
        if cursor.is_none() || count >= enough {
            break;
        }
    }
    cut(&mut all.artists, skip, enough);
    cut(&mut all.albums, skip, enough);
    cut(&mut all.tracks, skip, enough);
    Ok(all)
}

fn cut<T>(all: &mut Vec<T>, from: usize, to: usize) {
    all.truncate(to);
    all.drain(..from.min(all.len()));
}
