//! What a listener thinks of music, and what was played.

use hexachord_contracts::{
    ItemId, Timestamp,
    ids::TrackId,
    profile::{RecordPlay, RecordPlays, SetFavourites, SetRating},
};

use super::{
    super::{
        call::{Call, Outcome},
        failure::Failure,
        filling,
        parameters::{id, number},
    },
    playing,
};

/// Things that one call may be about.
const MOST: usize = 500;
/// So much of any track counts as a play.
const COUNTS_MS: u64 = 240_000;

/// `id` may be of a song, an album or an artist, as in the times of folders.
pub(super) async fn star(call: &Call, favourite: bool) -> Outcome {
    let names = ["id", "albumId", "artistId"];
    let texts = names.into_iter().flat_map(|name| call.parameters.all(name));
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    if texts.is_empty() {
        return Err(Failure::missing("id"));
    }
    check_count("id", texts.len())?;
    let items = texts.into_iter().map(id).collect::<Result<Vec<ItemId>, _>>()?;
    call.edge.profile.call(call.context(), SetFavourites { items, favourite }).await?;
    call.done()
}

pub(super) async fn rate(call: &Call) -> Outcome {
    let item: ItemId = call.parameters.id("id")?;
    call.parameters.required("rating")?;
    let rating = call.parameters.number::<u8>("rating")?.unwrap_or(0);
    call.edge.profile.call(call.context(), SetRating { item, rating }).await?;
    call.done()
}

/// A song that an app says was played counts as heard whole. What plays now is no play yet.
pub(super) async fn scrobble(call: &Call) -> Outcome {
    let named = call.parameters.songs("id")?;
    if named.is_empty() {
        return Err(Failure::missing("id"));
    }
    check_count("id", named.len())?;
    // Episodes have no plays; those of songs beside them count.
    let tracks: Vec<TrackId> = named.iter().flatten().copied().collect();
    let Some(last) = tracks.last().copied() else { return call.done() };
    let times = call.parameters.all("time").map(|text| number::<i64>("time", text));
    let times = times.collect::<Result<Vec<_>, _>>()?;
    if !call.parameters.flag("submission")?.unwrap_or(true) {
        // An app plays one song at a time.
        return playing::begin(call, last).await;
    }
    let known = filling::fetch_tracks(&call.edge, call.context(), &tracks).await?;
    if known.is_empty() {
        return Err(Failure::not_found("song"));
    }
    let now = call.edge.clock.now();
    let play = |(number, track): (usize, Option<TrackId>)| {
        let track = track?;
        // An app that was offline tells of what is gone by now, too: the others count.
        let found = known.iter().find(|found| found.id == track)?;
        let listened_ms = if found.duration_ms > 0 { found.duration_ms } else { COUNTS_MS };
        Some(RecordPlay {
            track,
            started_at: times.get(number).map_or(now, |ms| Timestamp::from_millis(*ms)),
            // No longer than the service believes of any play.
            listened_ms: listened_ms.min(24 * 60 * 60 * 1000),
            source: None,
            device: call.device(),
            id: None,
        })
    };
    let plays = named.into_iter().enumerate().filter_map(play).collect();
    let told = call.edge.profile.call(call.context(), RecordPlays { plays }).await;
    told.map_err(|error| Failure::named(error, &[("started_at", "time")]))?;
    call.done()
}

fn check_count(parameter: &str, count: usize) -> Result<(), Failure> {
    if count > MOST {
        return Err(Failure::wrong(parameter, &format!("is given more than {MOST} times")));
    }
    Ok(())
}
