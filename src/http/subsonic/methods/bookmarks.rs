//! Bookmarks: where one goes on in a song.

use hexachord_contracts::{
    Timestamp,
    ids::TrackId,
    profile::{ListBookmarks, RemoveBookmark, SetBookmark},
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::{Failure, Names},
    filling,
    model::Child,
    rows,
};

/// Bookmarks of one answer.
const MOST: u32 = 10_000;
const NAMES: &Names = &[("position_ms", "position")];

#[derive(Serialize)]
struct Bookmark<'a> {
    /// Milliseconds.
    position: u64,
    username: &'a str,
    comment: String,
    created: Timestamp,
    changed: Timestamp,
    entry: Child,
}

/// The latest change first.
pub(super) async fn all(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct Bookmarks<'a> {
        bookmark: Vec<Bookmark<'a>>,
    }
    let bookmarks = rows::all(MOST, |paging| async move {
        Ok(call.edge.profile.call(call.context(), ListBookmarks { paging }).await?)
    })
    .await?;
    let ids: Vec<TrackId> = bookmarks.iter().map(|bookmark| bookmark.track).collect();
    let mut songs = filling::songs_by_id(&call.edge, call.context(), &ids).await?;
    let username = call.username()?;
    let bookmark = bookmarks.into_iter().filter_map(|bookmark| {
        Some(Bookmark {
            entry: songs.remove(&bookmark.track)?,
            position: bookmark.position_ms,
            username,
            comment: bookmark.comment,
            created: bookmark.created_at,
            changed: bookmark.changed_at,
        })
    });
    call.answer("bookmarks", &Bookmarks { bookmark: bookmark.collect() })
}

/// A new one, or another place in place of the old one.
pub(super) async fn create(call: &Call) -> Outcome {
    let track: TrackId = call.parameters.id("id")?;
    call.parameters.required("position")?;
    let position_ms = call.parameters.number("position")?.unwrap_or(0);
    let comment = call.parameters.text("comment").unwrap_or_default().to_owned();
    let set = SetBookmark { track, position_ms, comment };
    let set = call.edge.profile.call(call.context(), set).await;
    set.map_err(|error| Failure::named(error, NAMES))?;
    call.done()
}

pub(super) async fn delete(call: &Call) -> Outcome {
    let track: TrackId = call.parameters.id("id")?;
    call.edge.profile.call(call.context(), RemoveBookmark { track }).await?;
    call.done()
}
