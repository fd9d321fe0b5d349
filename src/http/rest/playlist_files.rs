//! Playlists as files: written for other programs, and read from them.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use hexachord_contracts::{
    CallError, Context,
    catalog::{GetPaths, MatchTracks, Track, WantedTrack},
    ids::{PlaylistId, TrackId},
    page::Paging,
    profile::{
        AddToPlaylist, CreatePlaylist, GetPlaylist, ListEntries, MOST_AT_ONCE, Playlist,
        RemovePlaylist,
    },
};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use tokio::{sync::Semaphore, time::sleep};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    filled,
    pieces::{Broken, anew},
};
use crate::{
    http::{
        credential::Who,
        edge::Edge,
        extract::{self, Id, LONG_LIST_BYTES, Parameters},
        problem::{Problem, ProblemBody},
    },
    percent::percent_encoded,
    playlist_files::{self, Entry, Head, PlaylistFile, PlaylistFormat},
};

/// Files that are taken in at a time: each keeps the catalog busy.
static IMPORTS: Semaphore = Semaphore::const_new(2);
/// Entries that were not found and are named.
const MOST_NAMED: usize = 1_000;
/// How often a playlist that is made by half is tried to be removed, and how long is waited in between.
const REMOVALS: u32 = 10;
const AWAY: Duration = Duration::from_secs(1);
const UNNAMED: &str = "Imported playlist";
/// Characters of a playlist's name and description.
const LONGEST_NAME: usize = 200;
const LONGEST_DESCRIPTION: usize = 2_000;

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(export)).routes(routes!(import))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FileParameters {
    /// `m3u8` when left out; `json` is JSPF.
    #[param(inline)]
    format: Option<PlaylistFormat>,
}

/// A playlist as a file for other programs. A track is told by its tags and by its path in its library.
#[utoipa::path(get, path = "/playlists/{id}/file", tag = "playlists", params(("id" = PlaylistId, Path), FileParameters), responses(
    (status = 200, content(
        (String = "audio/x-mpegurl"), (String = "application/xspf+xml"), (serde_json::Value = "application/json"))),
    (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn export(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(playlist): Id<PlaylistId>,
    Parameters(FileParameters { format }): Parameters<FileParameters>,
) -> Result<Response, Problem> {
    let format = format.unwrap_or(PlaylistFormat::M3u8);
    let about = edge.profile.call(&who.context, GetPlaylist { playlist }).await?;
    // Before the answer begins: a playlist that changes meanwhile is a problem that can be told.
    let tracks = entries(&edge, &who.context, playlist).await?;
    let file = format!("{}.{}", about.name, format.ending());
    let disposition = format!("attachment; filename*=UTF-8''{}", percent_encoded(&file));
    let disposition = HeaderValue::try_from(disposition);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (
            header::CONTENT_DISPOSITION,
            disposition.unwrap_or(HeaderValue::from_static("attachment")),
        ),
        super::NO_STORE,
    ];
    let body = Body::from_stream(written(edge, who.context, format, about, tracks));
    Ok((headers, body).into_response())
}

/// The tracks of a playlist that the caller may see.
async fn entries(
    edge: &Edge,
    context: &Context,
    playlist: PlaylistId,
) -> Result<Vec<TrackId>, Problem> {
    let (mut tracks, mut cursor) = (Vec::new(), None);
    loop {
        let paging = Paging { limit: Paging::MOST, cursor };
        let page = edge.profile.call(&anew(context), ListEntries { playlist, paging }).await?;
        tracks.extend(page.items.into_iter().map(|entry| entry.track));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(tracks);
        }
    }
}

/// How far the writing of a file is.
enum Writing {
    Begin,
    /// So many tracks are written, and so many of them were there.
    Tracks(usize, usize),
    Ended,
}

/// The file, piece by piece. It breaks off when the catalog fails.
fn written(
    edge: Arc<Edge>,
    context: Context,
    format: PlaylistFormat,
    about: Playlist,
    tracks: Vec<TrackId>,
) -> impl stream::Stream<Item = Result<String, Broken>> {
    let description = Some(about.description).filter(|text| !text.is_empty());
    let head = Head { name: Some(about.name), description };
    let write = move |(edge, context, tracks, head, place): (Arc<Edge>, _, Vec<TrackId>, _, _)| async move {
        let (text, next) = match place {
            Writing::Begin => (format.begin(&head), Writing::Tracks(0, 0)),
            Writing::Ended => return Ok(None),
            Writing::Tracks(done, _) if done == tracks.len() => {
                (format.end().to_owned(), Writing::Ended)
            }
            Writing::Tracks(done, mut there) => {
                let some = tracks.iter().copied().skip(done).take(Paging::MOST as usize);
                let some: Vec<TrackId> = some.collect();
                let next = done + some.len();
                let mut text = String::new();
                for entry in told(&edge, &anew(&context), some).await? {
                    text.push_str(&format.entry(&entry, there == 0));
                    there += 1;
                }
                (text, Writing::Tracks(next, there))
            }
        };
        Ok(Some((text, (edge, context, tracks, head, next))))
    };
    stream::try_unfold((edge, context, tracks, head, Writing::Begin), write)
}

/// Those of the tracks that are there still.
async fn told(edge: &Edge, context: &Context, ids: Vec<TrackId>) -> Result<Vec<Entry>, Problem> {
    let paths = edge.catalog.call(context, GetPaths { tracks: ids.clone() }).await?;
    let tracks = filled::tracks(edge, context, ids).await?;
    let entry = |(track, path): (Option<Track>, Option<String>)| {
        let track = track?;
        Some(Entry {
            path,
            title: Some(track.title),
            artist: Some(track.display_artist).filter(|artist| !artist.is_empty()),
            album: Some(track.album.title).filter(|album| !album.is_empty()),
            track_number: track.track_number,
            duration_ms: Some(track.duration_ms),
        })
    };
    Ok(tracks.into_iter().zip(paths).filter_map(entry).collect())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportParameters {
    /// Absent: what the file is called inside, or `Imported playlist`.
    name: Option<String>,
    /// Everybody on this server may see it.
    public: Option<bool>,
    /// Makes no playlist, and answers what would be in it.
    dry_run: Option<bool>,
}

#[derive(Serialize, ToSchema)]
struct Imported {
    /// The new playlist; absent where nothing was found, or nothing was to be made.
    playlist: Option<Playlist>,
    found: u32,
    not_found: u32,
    /// The first 1,000 entries that were not found, or not without doubt.
    missing: Vec<NotFound>,
}

/// An entry of the file that is not in the library.
#[derive(Serialize, ToSchema)]
struct NotFound {
    /// Counted from 0.
    position: u32,
    path: Option<String>,
    title: Option<String>,
    artist: Option<String>,
}

/// Makes a playlist of a file of another program: M3U, XSPF or JSPF, of at most 1 MiB and 100,000 entries.
/// Entries are found by the end of their path, else by artist, title, album and length.
#[utoipa::path(post, path = "/playlists/import", tag = "playlists", params(ImportParameters),
    request_body(content((String = "audio/x-mpegurl"), (String = "application/xspf+xml"), (String = "text/plain"))), responses(
    (status = 200, body = Imported), (status = 201, body = Imported), (status = 400, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn import(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<ImportParameters>,
    request: Request,
) -> Result<Response, Problem> {
    let ImportParameters { name, public, dry_run } = parameters;
    let bytes = extract::read(request, LONG_LIST_BYTES).await?;
    let Ok(_place) = IMPORTS.try_acquire() else {
        let detail = "other playlists are being taken in: try again in a moment";
        return Err(
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail).retry_after(1)
        );
    };
    let reading = tokio::task::spawn_blocking(move || playlist_files::read(&bytes)).await;
    let file = reading.map_err(|panicked| {
        tracing::error!(%panicked, "a playlist could not be read");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "the playlist could not be read")
    })?;
    let PlaylistFile { head, entries } = file.map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not-a-playlist", error.to_string())
    })?;
    let found = found(&edge, &who.context, &entries).await?;
    let tracks: Vec<TrackId> = found.iter().flatten().copied().collect();
    let counted = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let mut answer = Imported {
        playlist: None,
        found: counted(tracks.len()),
        not_found: counted(entries.len() - tracks.len()),
        missing: entries
            .into_iter()
            .zip(&found)
            .enumerate()
            .filter(|(_, (_, found))| found.is_none())
            .take(MOST_NAMED)
            .map(|(position, (Entry { path, title, artist, .. }, _))| NotFound {
                position: counted(position),
                path,
                title,
                artist,
            })
            .collect(),
    };
    if dry_run.unwrap_or(false) || tracks.is_empty() {
        return Ok(axum::Json(answer).into_response());
    }
    let name = name.unwrap_or_else(|| own_name(head.name.as_deref().unwrap_or_default()));
    let description = head.description.unwrap_or_default();
    let description = description.chars().take(LONGEST_DESCRIPTION).collect();
    let public = public.unwrap_or(false);
    answer.playlist = Some(make(&edge, &who.context, (name, description, public), &tracks).await?);
    Ok((StatusCode::CREATED, axum::Json(answer)).into_response())
}

/// What the file is called inside, as far as a playlist may be called that: its reader chose none of it.
fn own_name(text: &str) -> String {
    let plain = text.replace(char::is_control, " ");
    let name: String = plain.trim().chars().take(LONGEST_NAME).collect();
    let name = name.trim_end();
    if name.is_empty() { UNNAMED.to_owned() } else { name.to_owned() }
}

/// The track that each of these is, as far as the caller may see it.
async fn found(
    edge: &Edge,
    context: &Context,
    entries: &[Entry],
) -> Result<Vec<Option<TrackId>>, Problem> {
    let mut all = Vec::with_capacity(entries.len());
    for some in entries.chunks(MatchTracks::MOST) {
        let wanted = some.iter().map(wanted).collect();
        let found = edge.catalog.call(&anew(context), MatchTracks { wanted }).await?;
        all.extend(found.into_iter().map(|found| found.map(|found| found.track)));
    }
    Ok(all)
}

fn wanted(entry: &Entry) -> WantedTrack {
    WantedTrack {
        path: entry.path.clone(),
        title: entry.title.clone(),
        artist: entry.artist.clone(),
        album: entry.album.clone(),
        track_number: entry.track_number,
        duration_ms: entry.duration_ms,
        ..WantedTrack::default()
    }
}

/// A long one is made in pieces, and removed if the rest cannot be added.
async fn make(
    edge: &Edge,
    context: &Context,
    (name, description, public): (String, String, bool),
    tracks: &[TrackId],
) -> Result<Playlist, Problem> {
    let mut pieces = tracks.chunks(MOST_AT_ONCE).map(<[TrackId]>::to_vec);
    let tracks = pieces.next().unwrap_or_default();
    let call = CreatePlaylist { name, description, public, tracks };
    let mut made = edge.profile.call(&anew(context), call).await?;
    for tracks in pieces {
        let call = AddToPlaylist { playlist: made.id, tracks, at: None, revision: None };
        made = match edge.profile.call(&anew(context), call).await {
            Ok(longer) => longer,
            Err(error) => {
                remove(edge, context, made.id).await;
                return Err(error.into());
            }
        };
    }
    Ok(made)
}

/// Tries for a while to remove a playlist that is made by half: the profile may be away for a moment.
async fn remove(edge: &Edge, context: &Context, playlist: PlaylistId) {
    for _ in 0..REMOVALS {
        let call = RemovePlaylist { playlist };
        match edge.profile.call(&anew(context), call).await {
            Ok(()) | Err(CallError::Refused(_)) => return,
            Err(_away) => sleep(AWAY).await,
        }
    }
    tracing::warn!(%playlist, "a playlist that was imported by half could not be removed");
}
