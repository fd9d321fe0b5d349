//! What of an artist is played most in this house.

use std::cmp::Reverse;

use hexachord_contracts::{
    CallError,
    catalog::{CatalogError, FindArtist},
    ids::ArtistId,
    page::Paging,
    profile::CountPlays,
};

use super::{
    super::{
        call::{Call, Outcome},
        failure::Failure,
        filling,
    },
    lists::Songs,
    similar::of_artist,
};

const USUAL: u32 = 50;
/// Tracks of one artist that are looked at.
const LOOKED_AT: u32 = 2_000;

/// An id goes before a name. What nobody has played yet comes last.
pub(super) async fn songs(call: &Call) -> Outcome {
    let count = call.parameters.count("count", USUAL, Paging::MOST)?;
    let Some(artist) = artist(call).await? else {
        return call.answer("topSongs", &Songs { song: Vec::new() });
    };
    let tracks = of_artist(call, artist, LOOKED_AT).await?;
    let mut plays = Vec::with_capacity(tracks.len());
    for some in tracks.chunks(Paging::MOST as usize) {
        let ask = CountPlays { tracks: some.iter().map(|track| track.id).collect() };
        plays.extend(call.edge.profile.call(call.context(), ask).await?);
    }
    let mut tracks: Vec<_> = plays.into_iter().zip(tracks).collect();
    tracks.sort_by_key(|(plays, _)| Reverse(*plays));
    tracks.truncate(count as usize);
    let tracks = tracks.into_iter().map(|(_, track)| track).collect();
    let song = filling::songs(&call.edge, call.context(), tracks).await?;
    call.answer("topSongs", &Songs { song })
}

async fn artist(call: &Call) -> Result<Option<ArtistId>, Failure> {
    if call.parameters.text("id").is_some_and(|id| !id.is_empty()) {
        return Ok(Some(call.parameters.id("id")?));
    }
    let name = call.parameters.required("artist")?.to_owned();
    match call.edge.catalog.call(call.context(), FindArtist { name }).await {
        Ok(artist) => Ok(Some(artist.id)),
        Err(CallError::Refused(CatalogError::NotFound { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
