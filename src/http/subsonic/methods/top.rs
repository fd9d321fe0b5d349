//! What of an artist is played most in this house.

use hexachord_contracts::{
    CallError, ItemId,
    catalog::{CatalogError, FindArtist},
    ids::ArtistId,
    page::Paging,
    profile::{ListTopOfArtist, ProfileError},
};

use super::{
    super::{
        call::{Call, Outcome},
        failure::Failure,
        filling,
    },
    lists::Songs,
    similar::require,
};

const USUAL: u32 = 50;

/// An id goes before a name. What nobody has played yet comes last.
pub(super) async fn songs(call: &Call) -> Outcome {
    let limit = call.parameters.count("count", USUAL, Paging::MOST)?;
    let mut ids = Vec::new();
    if let (Some(artist), 1..) = (artist(call).await?, limit) {
        let list = ListTopOfArtist { artist, limit };
        match call.edge.profile.call(call.context(), list).await {
            Ok(top) => ids.extend(top.into_iter().map(|one| one.track)),
            // It is there, and profile has not heard of it yet.
            Err(CallError::Refused(ProfileError::NotFound { .. })) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let song = filling::playable_songs(&call.edge, call.context(), &ids).await?;
    call.answer("topSongs", &Songs { song })
}

async fn artist(call: &Call) -> Result<Option<ArtistId>, Failure> {
    if call.parameters.text("id").is_some_and(|id| !id.is_empty()) {
        let artist = call.parameters.id("id")?;
        require(call, ItemId::Artist(artist)).await?;
        return Ok(Some(artist));
    }
    let name = call.parameters.required("artist")?.to_owned();
    match call.edge.catalog.call(call.context(), FindArtist { name }).await {
        Ok(artist) => Ok(Some(artist.id)),
        Err(CallError::Refused(CatalogError::NotFound { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
