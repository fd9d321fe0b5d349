//! Shares: music that one shows to people without an account.

use hexachord_contracts::{
    ItemId, Timestamp,
    ids::{PlaylistId, ShareId},
    profile::{self, CreateShare, Expiry, ListShares, RemoveShare, UpdateShare},
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::{Failure, Names},
    filling,
    model::Child,
    parameters::id,
    rows,
};
use crate::http::shared;

/// Shares of one answer.
const MOST: u32 = 5_000;
/// Songs of one answer: those of later shares are left out.
const MOST_SONGS: usize = 10_000;
const NAMES: &Names = &[("items", "id"), ("playlists", "id"), ("expires_at", "expires")];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Share<'a> {
    id: String,
    url: String,
    description: String,
    username: &'a str,
    created: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_visited: Option<Timestamp>,
    visit_count: i32,
    entry: Vec<Child>,
}

/// One's own, the newest first; also those that have ended.
pub(super) async fn all(call: &Call) -> Outcome {
    let shares = rows::all(MOST, |paging| async move {
        Ok(call.edge.profile.call(call.context(), ListShares { paging }).await?)
    });
    told(call, shares.await?).await
}

pub(super) async fn create(call: &Call) -> Outcome {
    call.parameters.required("id")?;
    let (mut items, mut playlists) = (Vec::new(), Vec::new());
    for text in call.parameters.all("id").filter(|text| !text.is_empty()) {
        match text.parse::<PlaylistId>() {
            Ok(playlist) => playlists.push(playlist),
            Err(_of_something_else) => items.push(id::<ItemId>(text)?),
        }
    }
    let description = call.parameters.text("description").unwrap_or_default().to_owned();
    let expires_at = match expiry(call)? {
        None | Some(Expiry::Never) => None,
        Some(Expiry::At(at)) => Some(at),
    };
    // What cannot be shown now is not made: an app would try again, and make another one.
    shared::tracks(&call.edge, call.context(), &items, &playlists, shared::MOST).await?;
    let create = CreateShare { items, playlists, description, expires_at };
    let made = call.edge.profile.call(call.context(), create).await;
    told(call, vec![made.map_err(|error| Failure::named(error, NAMES))?]).await
}

pub(super) async fn update(call: &Call) -> Outcome {
    let share: ShareId = call.parameters.id("id")?;
    let description = call.parameters.text("description").map(str::to_owned);
    let update = UpdateShare { share, description, expires: expiry(call)? };
    let updated = call.edge.profile.call(call.context(), update).await;
    updated.map_err(|error| Failure::named(error, NAMES))?;
    call.done()
}

pub(super) async fn delete(call: &Call) -> Outcome {
    let share: ShareId = call.parameters.id("id")?;
    call.edge.profile.call(call.context(), RemoveShare { share }).await?;
    call.done()
}

/// Milliseconds since 1970; 0 is never.
fn expiry(call: &Call) -> Result<Option<Expiry>, Failure> {
    Ok(call.parameters.number("expires")?.map(|millis| match millis {
        0 => Expiry::Never,
        millis => Expiry::At(Timestamp::from_millis(millis)),
    }))
}

/// Shares with their songs, as their owner sees them now.
async fn told(call: &Call, shares: Vec<profile::Share>) -> Outcome {
    #[derive(Serialize)]
    struct Shares<'a> {
        share: Vec<Share<'a>>,
    }
    let (edge, context) = (&call.edge, call.context());
    let (mut all, mut left) = (Vec::with_capacity(shares.len()), MOST_SONGS);
    for share in shares {
        let most = left.min(shared::MOST);
        let tracks = shared::tracks(edge, context, &share.items, &share.playlists, most).await?;
        left -= tracks.len();
        all.push(Share {
            id: share.id.to_string(),
            url: shared::address(edge, &call.arrival, &call.asked.headers, &share.secret),
            description: share.description,
            username: call.username()?,
            created: share.created_at,
            expires: share.expires_at,
            last_visited: share.last_visited_at,
            visit_count: i32::try_from(share.visits).unwrap_or(i32::MAX),
            entry: filling::songs(edge, context, tracks).await?,
        });
    }
    call.answer("shares", &Shares { share: all })
}
