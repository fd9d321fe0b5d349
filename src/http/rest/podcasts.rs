//! Podcasts: seen and heard by everybody, kept by administrators.

use std::sync::Arc;

use axum::{Json, extract::State, response::Response};
use hexachord_contracts::{
    Page,
    catalog::{
        AddPodcast, CoverOf, DownloadEpisode, Episode, GetEpisode, GetPodcast, ListEpisodes,
        ListPodcasts, LocateEpisode, Podcast, RefreshPodcasts, RemoveDownload, RemovePodcast,
    },
    ids::{EpisodeId, PodcastId},
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    covers::{CoverParameters, cover},
    stream::{send_located, send_located_file},
    stream_parameters::StreamParameters,
};
use crate::http::{
    asked::Asked,
    credential::{Administrator, Who},
    edge::Edge,
    extract::{Id, Json as JsonBody, ListParameters, Parameters},
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(one, remove))
        .routes(routes!(refresh_all))
        .routes(routes!(refresh))
        .routes(routes!(podcast_cover))
        .routes(routes!(episodes))
        .routes(routes!(newest))
        .routes(routes!(episode))
        .routes(routes!(fetch, remove_file))
        .routes(routes!(stream))
        .routes(routes!(download))
}

/// The podcasts of the house, by title.
#[utoipa::path(get, path = "/podcasts", tag = "podcasts", params(ListParameters), responses(
    (status = 200, body = Page<Podcast>), (status = 400, body = ProblemBody)))]
async fn list(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Page<Podcast>>, Problem> {
    let call = ListPodcasts { paging: list.paging() };
    Ok(Json(edge.catalog.call(&who.context, call).await?))
}

#[derive(Deserialize, ToSchema)]
struct NewPodcast {
    /// Of its feed: `http` or `https`, out on the internet.
    #[schema(max_length = 2048)]
    url: String,
}

/// Subscribes to a feed (administrators). It is fetched afterwards: the channel's status tells how that
/// went. A feed that is known stays what it is.
#[utoipa::path(post, path = "/podcasts", tag = "podcasts", request_body = NewPodcast, responses(
    (status = 201, body = Podcast), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn add(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    JsonBody(NewPodcast { url }): JsonBody<NewPodcast>,
) -> Result<(StatusCode, Json<Podcast>), Problem> {
    Ok((StatusCode::CREATED, Json(edge.catalog.call(&context, AddPodcast { url }).await?)))
}

/// A podcast.
#[utoipa::path(get, path = "/podcasts/{id}", tag = "podcasts", params(("id" = PodcastId, Path)), responses(
    (status = 200, body = Podcast), (status = 404, body = ProblemBody)))]
async fn one(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(podcast): Id<PodcastId>,
) -> Result<Json<Podcast>, Problem> {
    Ok(Json(edge.catalog.call(&who.context, GetPodcast { podcast }).await?))
}

/// Forgets a podcast, and deletes what was downloaded of it (administrators).
#[utoipa::path(delete, path = "/podcasts/{id}", tag = "podcasts", params(("id" = PodcastId, Path)), responses(
    (status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn remove(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(podcast): Id<PodcastId>,
) -> Result<StatusCode, Problem> {
    edge.catalog.call(&context, RemovePodcast { podcast }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Looks for new episodes of all podcasts (administrators).
#[utoipa::path(post, path = "/podcasts/refresh", tag = "podcasts", responses(
    (status = 202), (status = 403, body = ProblemBody)))]
async fn refresh_all(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
) -> Result<StatusCode, Problem> {
    edge.catalog.call(&context, RefreshPodcasts { podcast: None }).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Looks for new episodes of a podcast (administrators).
#[utoipa::path(post, path = "/podcasts/{id}/refresh", tag = "podcasts", params(("id" = PodcastId, Path)), responses(
    (status = 202), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn refresh(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(podcast): Id<PodcastId>,
) -> Result<StatusCode, Problem> {
    edge.catalog.call(&context, RefreshPodcasts { podcast: Some(podcast) }).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The picture of a podcast.
#[utoipa::path(get, path = "/podcasts/{id}/cover", tag = "podcasts", params(("id" = PodcastId, Path), CoverParameters), responses(
    (status = 200, content_type = "image/*"), (status = 304), (status = 400, body = ProblemBody),
    (status = 404, body = ProblemBody)))]
async fn podcast_cover(
    State(edge): State<Arc<Edge>>,
    who: Who,
    asked: Asked,
    Id(podcast): Id<PodcastId>,
    Parameters(parameters): Parameters<CoverParameters>,
) -> Result<Response, Problem> {
    cover(&edge, &who.context, &asked, CoverOf::Podcast(podcast), parameters).await
}

/// The episodes of a podcast, the newest first.
#[utoipa::path(get, path = "/podcasts/{id}/episodes", tag = "podcasts",
    params(("id" = PodcastId, Path), ListParameters), responses(
    (status = 200, body = Page<Episode>), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn episodes(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(podcast): Id<PodcastId>,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Page<Episode>>, Problem> {
    let call = ListEpisodes { podcast: Some(podcast), paging: list.paging() };
    Ok(Json(edge.catalog.call(&who.context, call).await?))
}

/// The newest episodes of all podcasts.
#[utoipa::path(get, path = "/episodes", tag = "podcasts", params(ListParameters), responses(
    (status = 200, body = Page<Episode>), (status = 400, body = ProblemBody)))]
async fn newest(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(mut list): Parameters<ListParameters>,
) -> Result<Json<Page<Episode>>, Problem> {
    let call = ListEpisodes { podcast: None, paging: list.paging() };
    Ok(Json(edge.catalog.call(&who.context, call).await?))
}

/// An episode.
#[utoipa::path(get, path = "/episodes/{id}", tag = "podcasts", params(("id" = EpisodeId, Path)), responses(
    (status = 200, body = Episode), (status = 404, body = ProblemBody)))]
async fn episode(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(episode): Id<EpisodeId>,
) -> Result<Json<Episode>, Problem> {
    Ok(Json(edge.catalog.call(&who.context, GetEpisode { episode }).await?))
}

/// Fetches the file of an episode, so that it can be played (administrators). Its status tells how that
/// went.
#[utoipa::path(post, path = "/episodes/{id}/file", tag = "podcasts", params(("id" = EpisodeId, Path)), responses(
    (status = 202, body = Episode), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn fetch(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(episode): Id<EpisodeId>,
) -> Result<(StatusCode, Json<Episode>), Problem> {
    let call = DownloadEpisode { episode };
    Ok((StatusCode::ACCEPTED, Json(edge.catalog.call(&context, call).await?)))
}

/// Deletes the file of an episode, or no longer fetches it (administrators). The episode stays in the
/// lists.
#[utoipa::path(delete, path = "/episodes/{id}/file", tag = "podcasts", params(("id" = EpisodeId, Path)), responses(
    (status = 200, body = Episode), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn remove_file(
    State(edge): State<Arc<Edge>>,
    Administrator(context): Administrator,
    Id(episode): Id<EpisodeId>,
) -> Result<Json<Episode>, Problem> {
    Ok(Json(edge.catalog.call(&context, RemoveDownload { episode }).await?))
}

/// An episode to be listened to, as a track is; it must have been fetched.
#[utoipa::path(get, path = "/episodes/{id}/stream", tag = "podcasts",
    params(("id" = EpisodeId, Path), StreamParameters), responses(
    (status = 200, content_type = "audio/*"), (status = 206, content_type = "audio/*"), (status = 304),
    (status = 400, body = ProblemBody), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 412, body = ProblemBody), (status = 416, body = ProblemBody), (status = 422, body = ProblemBody),
    (status = 503, body = ProblemBody)))]
async fn stream(
    State(edge): State<Arc<Edge>>,
    who: Who,
    asked: Asked,
    Id(episode): Id<EpisodeId>,
    Parameters(wanted): Parameters<StreamParameters>,
) -> Result<Response, Problem> {
    wanted.check()?;
    let location = edge.catalog.call(&who.context, LocateEpisode { episode }).await?;
    send_located(&edge, &who, None, &asked, location, &wanted).await
}

/// The file of an episode, to be kept.
#[utoipa::path(get, path = "/episodes/{id}/download", tag = "podcasts", params(("id" = EpisodeId, Path)), responses(
    (status = 200, content_type = "audio/*"), (status = 206, content_type = "audio/*"), (status = 304),
    (status = 402, body = ProblemBody), (status = 404, body = ProblemBody), (status = 412, body = ProblemBody),
    (status = 416, body = ProblemBody)))]
async fn download(
    State(edge): State<Arc<Edge>>,
    who: Who,
    asked: Asked,
    Id(episode): Id<EpisodeId>,
) -> Result<Response, Problem> {
    let location = edge.catalog.call(&who.context, LocateEpisode { episode }).await?;
    send_located_file(&edge, &who, &asked, location).await
}
