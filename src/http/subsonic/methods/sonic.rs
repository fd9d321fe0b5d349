//! What sounds like a song, whatever its tags say.

use hexachord_contracts::{
    ids::TrackId,
    recommendation::{FindSonic, FindSonicPath, Recommend, SonicMatch},
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    filling,
    model::Child,
};

const USUAL: u32 = 10;

#[derive(Serialize)]
struct Match {
    entry: Child,
    similarity: f32,
}

pub(super) async fn similar(call: &Call) -> Outcome {
    let track = call.parameters.id("id")?;
    let limit = call.parameters.count("count", USUAL, Recommend::MOST)?;
    let found = match limit {
        0 => Vec::new(),
        limit => {
            let find = FindSonic { track, limit };
            call.edge.recommendation.call(call.context(), find).await?
        }
    };
    matched(call, found).await
}

pub(super) async fn path(call: &Call) -> Outcome {
    let (from, to) = (call.parameters.id("startSongId")?, call.parameters.id("endSongId")?);
    let limit = call.parameters.count("count", FindSonicPath::USUAL, FindSonicPath::MOST)?.max(1);
    let find = FindSonicPath { from, to, limit };
    let found = call.edge.recommendation.call(call.context(), find).await?;
    matched(call, found).await
}

/// What is gone meanwhile is left out.
async fn matched(call: &Call, found: Vec<SonicMatch>) -> Outcome {
    let ids: Vec<TrackId> = found.iter().map(|one| one.track).collect();
    let tracks = filling::fetch_tracks(&call.edge, call.context(), &ids).await?;
    let similarity = |id: TrackId| found.iter().find(|one| one.track == id);
    let similarities: Vec<f32> =
        tracks.iter().map(|track| similarity(track.id).map_or(0.0, |one| one.similarity)).collect();
    let songs = filling::songs(&call.edge, call.context(), tracks).await?;
    let matches = songs.into_iter().zip(similarities);
    let matches: Vec<Match> =
        matches.map(|(entry, similarity)| Match { entry, similarity }).collect();
    call.answer("sonicMatch", &matches)
}
