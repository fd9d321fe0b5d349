//! What is like a song, an album or an artist.

use std::collections::HashSet;

use hexachord_contracts::{
    ItemId,
    catalog::{Filter, GetAlbum, GetTrack, Track},
    ids::{ArtistId, TrackId},
    recommendation::{FindSimilar, Recommend},
};

use super::{
    super::{
        call::{Call, Outcome},
        failure::Failure,
        filling,
        rows::{self, Rows},
    },
    lists::Songs,
};

const USUAL: u32 = 50;
/// Tracks of an album or an artist that speak for it.
const SEEDS: usize = 5;
/// Tracks of an artist that seeds are taken from.
const LOOKED_AT: u32 = 200;

pub(super) async fn songs(call: &Call, name: &'static str) -> Outcome {
    let count = call.parameters.count("count", USUAL, Recommend::MOST)?;
    let item: ItemId = call.parameters.id("id")?;
    let ids = like(call, &seeds(call, item).await?, count as usize).await;
    let song = filling::playable_songs(&call.edge, call.context(), &ids).await?;
    call.answer(name, &Songs { song })
}

/// The tracks that speak for an item: it, or some from all over it.
pub(super) async fn seeds(call: &Call, item: ItemId) -> Result<Vec<TrackId>, Failure> {
    let tracks = match item {
        ItemId::Track(track) => {
            vec![call.edge.catalog.call(call.context(), GetTrack { track }).await?]
        }
        ItemId::Album(album) => {
            call.edge.catalog.call(call.context(), GetAlbum { album }).await?.tracks
        }
        ItemId::Artist(artist) => of_artist(call, artist, LOOKED_AT).await?,
    };
    let step = tracks.len().div_ceil(SEEDS).max(1);
    Ok(tracks.iter().step_by(step).map(|track| track.id).collect())
}

/// Tracks of an artist by album.
pub(super) async fn of_artist(
    call: &Call,
    artist: ArtistId,
    count: u32,
) -> Result<Vec<Track>, Failure> {
    let rows = Rows { skip: 0, count };
    rows::tracks(&call.edge, call.context(), Some(Filter::Artist(artist)), rows).await
}

/// Tracks like these, in turn what is most like each of them.
pub(super) async fn like(call: &Call, seeds: &[TrackId], count: usize) -> Vec<TrackId> {
    if count == 0 {
        return Vec::new();
    }
    let limit = u32::try_from(count).unwrap_or(Recommend::MOST).min(Recommend::MOST);
    let mut lists = Vec::with_capacity(seeds.len());
    for track in seeds {
        let find = FindSimilar { track: *track, limit };
        match call.edge.recommendation.call(call.context(), find).await {
            Ok(similar) => lists.push(similar.into_iter().map(|one| one.track).collect::<Vec<_>>()),
            // It does not know a new track yet, or is away: then nothing is alike.
            Err(error) => tracing::debug!(%error, "similar tracks are not told"),
        }
    }
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    let in_turn = (0..longest).flat_map(|n| lists.iter().filter_map(move |list| list.get(n)));
    let mut known: HashSet<TrackId> = seeds.iter().copied().collect();
    in_turn.copied().filter(|id| known.insert(*id)).take(count).collect()
}
