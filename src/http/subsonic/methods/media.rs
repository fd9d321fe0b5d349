//! Streams, files and pictures: the same bytes that REST sends.

use axum::{body::Body, response::Response};
use hexachord_contracts::{
    CallError, ItemId,
    catalog::{
        CatalogError, CoverOf, FolderId, FolderItem, ListFolder, Locate, LocateEpisode, Location,
    },
    ids::{EpisodeId, PlaylistId, PodcastId, TrackId},
    page::Paging,
    profile::ListEntries,
};
use http::{StatusCode, header};

use super::{
    super::{
        call::{Call, Outcome},
        failure::Failure,
        filling,
        parameters::Parameters,
    },
    wish::Wanted,
};
use crate::http::{
    problem::Problem,
    rest::{
        covers::send_cover,
        played::DECISION,
        stream::{send_located, send_located_file},
    },
};

/// Larger pictures are not made.
const LARGEST: u32 = 4096;
/// Prefixes that apps put before the ids of pictures.
const PREFIXES: [&str; 8] = ["al-", "ar-", "mf-", "tr-", "pl-", "fo-", "album-", "artist-"];

/// It never counts as a play: an app tells of plays by itself.
pub(super) async fn stream(call: &Call) -> Outcome {
    let location = Media::asked(&call.parameters)?.locate(call).await?;
    let wanted = Wanted::of(&call.parameters)?;
    let with_length = call.parameters.flag("estimateContentLength")?.unwrap_or(false);
    let sent = send_located(&call.edge, &call.who, None, &call.asked, location, &wanted).await;
    let response = bytes(sent)?;
    Ok(if with_length { response } else { without_length_if_made(response) })
}

/// The length of what is made is told to those alone who ask for it; a part has one always.
fn without_length_if_made(response: Response) -> Response {
    let decision = response.headers().get(DECISION);
    let is_made = decision.is_some_and(|decision| decision.as_bytes().starts_with(b"transcode"));
    if !is_made || response.status() != StatusCode::OK {
        return response;
    }
    let mut response = response.map(|body| Body::from_stream(body.into_data_stream()));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

pub(super) async fn download(call: &Call) -> Outcome {
    let location = Media::asked(&call.parameters)?.locate(call).await?;
    bytes(send_located_file(&call.edge, &call.who, &call.asked, location).await)
}

/// What can be listened to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Media {
    Song(TrackId),
    Episode(EpisodeId),
}

impl Media {
    /// Of an id, whichever it is.
    fn asked(parameters: &Parameters) -> Result<Self, Failure> {
        match parameters.required("id")?.parse() {
            Ok(episode) => Ok(Self::Episode(episode)),
            Err(_) => Ok(Self::Song(parameters.id("id")?)),
        }
    }

    pub(super) async fn locate(self, call: &Call) -> Result<Location, CallError<CatalogError>> {
        let (catalog, context) = (&call.edge.catalog, call.context());
        match self {
            Self::Song(track) => catalog.call(context, Locate { track }).await,
            Self::Episode(episode) => catalog.call(context, LocateEpisode { episode }).await,
        }
    }
}

/// What is wrong with a request comes in an envelope, what is right with its conditions as it is.
fn bytes(sent: Result<Response, Problem>) -> Outcome {
    Ok(sent?)
}

pub(super) async fn cover(call: &Call) -> Outcome {
    let size = match call.parameters.number::<u32>("size")? {
        None | Some(0) => None,
        Some(size) => Some(size.min(LARGEST)),
    };
    let id = call.parameters.required("id")?;
    // Ids of folders have such a character, too.
    let parts = id.split_once('_').filter(|_parts| id.parse::<FolderId>().is_err());
    let (owner, hash) = parts.map_or((id, None), |(owner, hash)| (owner, Some(hash)));
    let of = owner_of(call, owner).await?;
    let (edge, context) = (&call.edge, call.context());
    bytes(send_cover(edge, context, &call.asked, of, (size, hash)).await)
}

/// Whose picture it is. Ids of pictures are opaque, and some apps make their own of other ids.
async fn owner_of(call: &Call, id: &str) -> Result<CoverOf, Failure> {
    if let Ok(item) = id.parse::<ItemId>() {
        return Ok(of_item(item));
    }
    if let Ok(podcast) = id.parse::<PodcastId>() {
        return Ok(CoverOf::Podcast(podcast));
    }
    if let Ok(episode) = id.parse::<EpisodeId>() {
        return Ok(CoverOf::Episode(episode));
    }
    if let Ok(playlist) = id.parse::<PlaylistId>() {
        return of_playlist(call, playlist).await;
    }
    if let Ok(folder) = id.parse::<FolderId>() {
        return of_folder(call, folder).await;
    }
    let rest = PREFIXES.into_iter().find_map(|prefix| id.strip_prefix(prefix));
    let item = rest.and_then(|rest| rest.parse::<ItemId>().ok());
    item.map(of_item).ok_or_else(|| Failure::not_found("cover"))
}

fn of_item(item: ItemId) -> CoverOf {
    match item {
        ItemId::Track(track) => CoverOf::Track(track),
        ItemId::Album(album) => CoverOf::Album(album),
        ItemId::Artist(artist) => CoverOf::Artist(artist),
    }
}

/// The first of its tracks that has one.
async fn of_playlist(call: &Call, playlist: PlaylistId) -> Result<CoverOf, Failure> {
    let list = ListEntries { playlist, paging: Paging::first(20) };
    let entries = call.edge.profile.call(call.context(), list).await.map_err(Failure::from)?;
    let ids: Vec<_> = entries.items.iter().map(|entry| entry.track).collect();
    let tracks = filling::fetch_tracks(&call.edge, call.context(), &ids).await?;
    let pictured = tracks.into_iter().find(|track| track.cover.is_some());
    pictured.map(|track| CoverOf::Track(track.id)).ok_or_else(|| Failure::not_found("cover"))
}

/// That of the first track in it.
async fn of_folder(call: &Call, folder: FolderId) -> Result<CoverOf, Failure> {
    let list = ListFolder { folder, paging: Paging::first(Paging::MOST) };
    let page = call.edge.catalog.call(call.context(), list).await.map_err(Failure::from)?;
    let tracks = page.items.into_iter().filter_map(|item| match item {
        FolderItem::Track(track) if track.cover.is_some() => Some(track.id),
        _ => None,
    });
    tracks.into_iter().next().map(CoverOf::Track).ok_or_else(|| Failure::not_found("cover"))
}
