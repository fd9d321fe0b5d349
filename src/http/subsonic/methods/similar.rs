//! What is like a song, an album or an artist.

use hexachord_contracts::{
    CallError, ItemId,
    catalog::{GetAlbum, GetArtist, GetTrack},
    recommendation::{FindSimilar, Recommend, RecommendationError},
};

use super::{
    super::{
        call::{Call, Outcome},
        failure::Failure,
        filling,
    },
    lists::Songs,
};

const USUAL: u32 = 50;

pub(super) async fn songs(call: &Call, name: &'static str) -> Outcome {
    let limit = call.parameters.count("count", USUAL, Recommend::MOST)?;
    let item: ItemId = call.parameters.id("id")?;
    require(call, item).await?;
    let mut ids = Vec::new();
    if limit > 0 {
        let find = FindSimilar { item, limit };
        let similar = call.edge.recommendation.call(call.context(), find).await;
        ids.extend(known(similar)?.into_iter().map(|one| one.track));
    }
    let song = filling::playable_songs(&call.edge, call.context(), &ids).await?;
    call.answer(name, &Songs { song })
}

/// It must be there, also where nothing is like it.
pub(super) async fn require(call: &Call, item: ItemId) -> Result<(), Failure> {
    let (catalog, context) = (&call.edge.catalog, call.context());
    match item {
        ItemId::Track(track) => drop(catalog.call(context, GetTrack { track }).await?),
        ItemId::Album(album) => drop(catalog.call(context, GetAlbum { album }).await?),
        ItemId::Artist(artist) => drop(catalog.call(context, GetArtist { artist }).await?),
    }
    Ok(())
}

/// Recommendation does not know what is new yet, or is away: then nothing is alike.
pub(super) fn known<T>(
    answer: Result<Vec<T>, CallError<RecommendationError>>,
) -> Result<Vec<T>, Failure> {
    match answer {
        Ok(similar) => Ok(similar),
        Err(CallError::Refused(error))
            if !matches!(error, RecommendationError::NotFound { .. }) =>
        {
            Err(CallError::Refused(error).into())
        }
        Err(error) => {
            tracing::debug!(%error, "what is similar is not told");
            Ok(Vec::new())
        }
    }
}
