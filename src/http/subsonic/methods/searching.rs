//! Search. A query of nothing pages through everything, which is how apps copy a library.

use hexachord_contracts::{
    Context,
    catalog::{Album, Artist, Track},
    ids::TrackId,
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

    fn kinds(&self) -> [Rows; 3] {
        [self.artists, self.albums, self.songs]
    }

    /// Of each kind not more than one answer of search has, from the first on.
    fn is_at_the_top(&self) -> bool {
        self.kinds().iter().all(|rows| rows.skip == 0 && rows.count <= Find::MOST)
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
    let (artist, album, song) = tokio::try_join!(
        filling::artists(&call.edge, &context, found.artists),
        filling::albums(&call.edge, &context, found.albums),
        filling::songs(&call.edge, &context, found.tracks),
    )?;
    call.answer("searchResult3", &Results { artist, album, song })
}

pub(super) async fn as_folders(call: &Call) -> Outcome {
    let context = call.narrowed().await?;
    let found = searched(call, &context).await?;
    let (artist, album, song) = tokio::try_join!(
        filling::entities(&call.edge, &context, found.artists),
        filling::album_children(&call.edge, &context, found.albums),
        filling::songs(&call.edge, &context, found.tracks),
    )?;
    call.answer("searchResult2", &Results { artist, album, song })
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
    if query.is_empty() {
        return all(call, context, &asked).await;
    }
    let found = if asked.is_at_the_top() {
        at_once(call, context, query, &asked).await?
    } else {
        let (artists, albums, tracks) = tokio::try_join!(
            found(call, context, query, FoundKind::Artist, asked.artists),
            found(call, context, query, FoundKind::Album, asked.albums),
            found(call, context, query, FoundKind::Track, asked.songs),
        )?;
        let (artists, albums, tracks) = (artists.artists, albums.albums, tracks.tracks);
        Found { artists, albums, tracks, ..Found::default() }
    };
    let edge = &call.edge;
    let (artists, albums, tracks) = tokio::try_join!(
        filling::fetch_artists(edge, context, &found.artists),
        filling::fetch_albums(edge, context, &found.albums),
        present(call, context, &found.tracks),
    )?;
    Ok(Everything { artists, albums, tracks })
}

/// Some rows of everything there is.
async fn all(call: &Call, context: &Context, asked: &Asked) -> Result<Everything, Failure> {
    let edge = &call.edge;
    let (artists, albums, tracks) = tokio::try_join!(
        rows::artists(edge, context, asked.artists),
        rows::albums(edge, context, AlbumsBy::default(), asked.albums),
        rows::tracks(edge, context, None, asked.songs),
    )?;
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
    present(call, context, &found.tracks).await
}

/// These tracks as far as they are there: the index is a moment behind.
async fn present(call: &Call, context: &Context, ids: &[TrackId]) -> Result<Vec<Track>, Failure> {
    let mut tracks = filling::fetch_tracks(&call.edge, context, ids).await?;
    tracks.retain(|track| track.missing_since.is_none());
    Ok(tracks)
}

/// The first of all kinds with one question: so people search who type.
async fn at_once(
    call: &Call,
    context: &Context,
    query: &str,
    asked: &Asked,
) -> Result<Found, Failure> {
    let limit = asked.kinds().into_iter().map(|rows| rows.count).max().unwrap_or(0);
    if limit == 0 {
        return Ok(Found::default());
    }
    let find = Find { query: query.to_owned(), limit, plain: true, ..Find::default() };
    let mut found = call.edge.search.call(context, find).await?;
    found.artists.truncate(asked.artists.count as usize);
    found.albums.truncate(asked.albums.count as usize);
    found.tracks.truncate(asked.songs.count as usize);
    Ok(found)
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
