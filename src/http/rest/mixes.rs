//! What a day begins with: mixes, and what was not heard for long; and music that goes on.

use std::sync::Arc;

use axum::{Json, extract::State};
use hexachord_contracts::{
    Context, ItemId, ItemKind, Timestamp,
    catalog::{Album, ArtistRef, Filter, PickTracks, Track},
    ids::{GenreId, MixId, PlaylistId, TrackId},
    page::Paging,
    profile::ListEntries,
    recommendation::{ContinueFrom, GetMix, GetMixes, Mix, MixTheme, Rediscover},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    filled::{self, Item},
    recommendations::{ReasonInWords, Recommendations, filled_in},
};
use crate::http::{
    credential::Who,
    edge::Edge,
    extract::{Id, Parameters},
    problem::{Problem, ProblemBody},
};

/// Tracks or albums to hear again, and tracks of a radio, where nobody says how many.
const USUAL: u32 = 20;
/// Tracks by chance that speak for a genre.
const OF_GENRE: u32 = 200;
/// What a caller may exclude: the tracks of a playlist come to it.
const MOST_EXCLUDED: usize = ContinueFrom::MOST_EXCLUDED - ContinueFrom::MOST;

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .routes(routes!(mixes))
        .routes(routes!(mix))
        .routes(routes!(rediscover))
        .routes(routes!(radio))
}

#[derive(Serialize, ToSchema)]
struct Mixes {
    items: Vec<MixInWords>,
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct MixInWords {
    /// Of this day.
    id: MixId,
    theme: ThemeInWords,
    /// Who has most of its tracks.
    artists: Vec<ArtistRef>,
    reason: ReasonInWords,
    track_ids: Vec<TrackId>,
}

/// For programs by its `kind`, for people in `title`.
#[derive(Serialize, ToSchema)]
struct ThemeInWords {
    title: String,
    #[serde(flatten)]
    theme: MixTheme,
}

/// A mix with its tracks; what is gone meanwhile is left out.
#[derive(Serialize, ToSchema)]
struct MixWithTracks {
    #[serde(flatten)]
    mix: MixInWords,
    tracks: Vec<Track>,
}

impl From<Mix> for MixInWords {
    fn from(mix: Mix) -> Self {
        let Mix { id, theme, artists, reason, tracks } = mix;
        let theme = ThemeInWords { title: theme.to_string(), theme };
        Self { id, theme, artists, reason: reason.into(), track_ids: tracks }
    }
}

/// Mixes for oneself, at most six: the same all day long (UTC), others tomorrow. Newcomers have better
/// ones as soon as something is known of them.
#[utoipa::path(get, path = "/mixes", tag = "listening", responses((status = 200, body = Mixes)))]
async fn mixes(State(edge): State<Arc<Edge>>, who: Who) -> Result<Json<Mixes>, Problem> {
    let mixes = edge.recommendation.call(&who.context, GetMixes {}).await?;
    let items = mixes.into_iter().map(MixInWords::from).collect();
    Ok(Json(Mixes { items, next_cursor: None }))
}

/// One of one's mixes of this day, with its tracks.
#[utoipa::path(get, path = "/mixes/{id}", tag = "listening", params(("id" = MixId, Path)), responses(
    (status = 200, body = MixWithTracks), (status = 404, body = ProblemBody)))]
async fn mix(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Id(mix): Id<MixId>,
) -> Result<Json<MixWithTracks>, Problem> {
    let mix = edge.recommendation.call(&who.context, GetMix { mix }).await?;
    let tracks = filled::tracks(&edge, &who.context, mix.tracks.clone()).await?;
    let tracks = tracks.into_iter().flatten().collect();
    Ok(Json(MixWithTracks { mix: mix.into(), tracks }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RediscoverParameters {
    /// Albums when left out.
    #[param(inline)]
    kind: Option<RediscoverKind>,
    /// 1 to 500; 20 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RediscoverKind {
    Track,
    Album,
}

#[derive(Serialize, ToSchema)]
struct RediscoveredItems {
    items: Vec<RediscoveredItem>,
    next_cursor: Option<String>,
}

/// One of `track` and `album` is there.
#[derive(Serialize, ToSchema)]
struct RediscoveredItem {
    id: ItemId,
    kind: ItemKind,
    track: Option<Track>,
    album: Option<Album>,
    /// Plays of one's own that counted, of an album those of its tracks.
    plays: u32,
    /// Absent for what was loved and never played.
    last_played_at: Option<Timestamp>,
}

/// What one played much or loved, and has not heard for two months or longer.
#[utoipa::path(get, path = "/rediscover", tag = "listening", params(RediscoverParameters), responses(
    (status = 200, body = RediscoveredItems), (status = 400, body = ProblemBody)))]
async fn rediscover(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<RediscoverParameters>,
) -> Result<Json<RediscoveredItems>, Problem> {
    let kind = match parameters.kind {
        Some(RediscoverKind::Track) => ItemKind::Track,
        Some(RediscoverKind::Album) | None => ItemKind::Album,
    };
    let call = Rediscover { kind, limit: parameters.limit.unwrap_or(USUAL) };
    let found = edge.recommendation.call(&who.context, call).await?;
    let ids: Vec<ItemId> = found.iter().map(|one| one.item).collect();
    let filled = filled::items(&edge, &who.context, &ids).await?;
    let items = found.into_iter().zip(filled).filter_map(|(one, item)| {
        let (track, album) = match item? {
            Item::Track(track) => (Some(*track), None),
            Item::Album(album) => (None, Some(*album)),
            Item::Artist(_) => return None,
        };
        let (plays, last_played_at) = (one.plays, one.last_played_at);
        Some(RediscoveredItem { id: one.item, kind, track, album, plays, last_played_at })
    });
    Ok(Json(RediscoveredItems { items: items.collect(), next_cursor: None }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RadioParameters {
    /// The id of a track, an album, an artist, a genre or a playlist.
    from: String,
    /// 1 to 500; 20 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Ids of tracks that were played or wait already, with commas between them; at most 2,000.
    exclude: Option<String>,
}

/// Music that goes on: tracks like what it begins from, none twice that `exclude` names, and what one
/// heard in the last hours only when nothing else is left. After a playlist come other tracks.
#[utoipa::path(get, path = "/radio", tag = "listening", params(RadioParameters), responses(
    (status = 200, body = Recommendations), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn radio(
    State(edge): State<Arc<Edge>>,
    who: Who,
    Parameters(parameters): Parameters<RadioParameters>,
) -> Result<Json<Recommendations>, Problem> {
    let RadioParameters { from, limit, exclude } = parameters;
    let exclude = exclude.unwrap_or_default();
    let exclude = exclude.split(',').filter(|id| !id.is_empty()).map(str::parse);
    let exclude: Result<Vec<TrackId>, _> = exclude.collect();
    let exclude = exclude.map_err(|error| Problem::bad_request("exclude", error.to_string()))?;
    if exclude.len() > MOST_EXCLUDED {
        let reason = format!("names more than {MOST_EXCLUDED} tracks");
        return Err(Problem::bad_request("exclude", reason));
    }
    let limit = limit.unwrap_or(USUAL);
    let (items, of_playlist) = beginning(&edge, &who.context, &from).await?;
    if items.is_empty() {
        return Ok(Json(Recommendations::default()));
    }
    let exclude = exclude.into_iter().chain(of_playlist).collect();
    let call = ContinueFrom { items, exclude, limit };
    let next = edge.recommendation.call(&who.context, call).await?;
    filled_in(&edge, &who.context, next).await
}

/// The items that a radio begins from, and what of them it does not play.
async fn beginning(
    edge: &Edge,
    context: &Context,
    from: &str,
) -> Result<(Vec<ItemId>, Vec<TrackId>), Problem> {
    if let Ok(genre) = from.parse::<GenreId>() {
        let filter = Some(Filter::Genre(genre));
        let call = PickTracks { limit: OF_GENRE, filter, ..PickTracks::default() };
        let tracks = edge.catalog.call(context, call).await?;
        return Ok((tracks.iter().map(|track| ItemId::Track(track.id)).collect(), Vec::new()));
    }
    if let Ok(playlist) = from.parse::<PlaylistId>() {
        let call = ListEntries { playlist, paging: Paging::first(Paging::MOST) };
        let entries = edge.profile.call(context, call).await?.items;
        let tracks: Vec<TrackId> = entries.into_iter().map(|entry| entry.track).collect();
        return Ok((tracks.iter().copied().map(ItemId::Track).collect(), tracks));
    }
    let item: Result<ItemId, _> = from.parse();
    let wrong = |_| {
        let kinds = "is not the id of a track, an album, an artist, a genre or a playlist";
        Problem::bad_request(
            "from",
            format!("`{}` {kinds}", from.chars().take(64).collect::<String>()),
        )
    };
    Ok((vec![item.map_err(wrong)?], Vec::new()))
}
