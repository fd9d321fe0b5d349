//! What somebody did here, as one document.

use std::{fmt::Write as _, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::stream::{self, Stream};
use hexachord_contracts::{
    Context, ItemKind, Page,
    authentication::{GetMe, ListDeviceKeys, ListSessions},
    ids::{AccountId, TrackId},
    page::Paging,
    profile::{
        AnnotatedBy, GetPlayQueue, ListAnnotated, ListBookmarks, ListEntries, ListFavourites,
        ListPlaylists, ListPlays, ListShares, Playlist,
    },
};
use http::{HeaderValue, header};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    filled,
    pieces::{Broken, anew},
};
use crate::http::{
    credential::Who,
    edge::Edge,
    problem::{Problem, ProblemBody},
};

pub(super) fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new().routes(routes!(export))
}

/// A list of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Sessions,
    DeviceKeys,
    Plays,
    Favourites,
    Ratings(ItemKind),
    Playlists,
    Queue,
    Bookmarks,
    Shares,
}

/// In their order in the document.
const SECTIONS: [(&str, Section); 11] = [
    ("sessions", Section::Sessions),
    ("device_keys", Section::DeviceKeys),
    ("plays", Section::Plays),
    ("favourites", Section::Favourites),
    ("track_ratings", Section::Ratings(ItemKind::Track)),
    ("album_ratings", Section::Ratings(ItemKind::Album)),
    ("artist_ratings", Section::Ratings(ItemKind::Artist)),
    ("playlists", Section::Playlists),
    ("queue", Section::Queue),
    ("bookmarks", Section::Bookmarks),
    ("shares", Section::Shares),
];

/// What the server keeps about one: the account, sessions, device keys, plays, favourites, ratings, playlists
/// of one's own, queue, bookmarks and shares. Messages of the chat, the plan and payments, and the avatar are
/// not in it. Nothing of it opens anything: passwords, keys and addresses of shares are left out.
#[utoipa::path(get, path = "/me/export", tag = "accounts", responses(
    (status = 200, body = serde_json::Value), (status = 401, body = ProblemBody)))]
async fn export(State(edge): State<Arc<Edge>>, who: Who) -> Result<Response, Problem> {
    let account = edge.authentication.call(&who.context, GetMe {}).await?;
    let head =
        json!({ "format": "hexachord-export", "version": 1, "exported_at": edge.clock.now() });
    let begin = format!("{{\"about\":{head},\n\"account\":{}", json!(account));
    let disposition = HeaderValue::from_static("attachment; filename=\"hexachord-export.json\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, disposition),
        super::NO_STORE,
    ];
    let writing =
        Writing { edge, context: who.context, account: account.id, next: Next::Begin(begin) };
    Ok((headers, Body::from_stream(writing.pieces())).into_response())
}

struct Writing {
    edge: Arc<Edge>,
    context: Context,
    account: AccountId,
    next: Next,
}

enum Next {
    Begin(String),
    /// A page of the section of this number.
    Page(usize, Place),
    Ended,
}

/// Where a section goes on.
#[derive(Default)]
struct Place {
    cursor: Option<String>,
    skip: u32,
}

/// Items of a section, and where it goes on if it does.
type Items = (Vec<Value>, Option<Place>);

impl Writing {
    fn pieces(self) -> impl Stream<Item = Result<String, Broken>> {
        stream::try_unfold(self, |mut writing| async move {
            let piece = writing.piece().await?;
            Ok(piece.map(|piece| (piece, writing)))
        })
    }

    async fn piece(&mut self) -> Result<Option<String>, Broken> {
        let (number, place) = match std::mem::replace(&mut self.next, Next::Ended) {
            Next::Begin(text) => {
                self.next = Next::Page(0, Place::default());
                return Ok(Some(text));
            }
            Next::Page(number, place) => (number, place),
            Next::Ended => return Ok(None),
        };
        let Some((name, section)) = SECTIONS.get(number) else { return Ok(Some("}\n".to_owned())) };
        let is_first = place.cursor.is_none() && place.skip == 0;
        let (items, more) = self.page(*section, place).await?;
        let mut text = if is_first { format!(",\n\"{name}\":[") } else { String::new() };
        for (place, item) in items.iter().enumerate() {
            let comma = if is_first && place == 0 { "" } else { "," };
            write!(text, "{comma}\n{item}").ok();
        }
        self.next = if let Some(place) = more {
            Next::Page(number, place)
        } else {
            text.push(']');
            Next::Page(number + 1, Place::default())
        };
        Ok(Some(text))
    }

    async fn page(&self, section: Section, place: Place) -> Result<Items, Broken> {
        let (edge, context) = (&self.edge, anew(&self.context));
        let Place { cursor, skip } = place;
        let paging = Paging { limit: Paging::MOST, cursor };
        Ok(match section {
            Section::Sessions => {
                let sessions = edge.authentication.call(&context, ListSessions { current: None });
                (values(sessions.await?), None)
            }
            Section::DeviceKeys => {
                (values(edge.authentication.call(&context, ListDeviceKeys {}).await?), None)
            }
            Section::Plays => {
                let page = edge.profile.call(&context, ListPlays { paging }).await?;
                let tracks = page.items.iter().map(|play| play.track).collect();
                self.named(&context, tracks, page).await?
            }
            Section::Favourites => {
                paged(edge.profile.call(&context, ListFavourites { kind: None, paging }).await?)
            }
            Section::Ratings(kind) => {
                let (by, limit) = (AnnotatedBy::Rating, Paging::MOST);
                let call = ListAnnotated { kind, by, skip, limit };
                let rated = edge.profile.call(&context, call).await?;
                let more = rated.len() == limit as usize;
                let place = Place { cursor: None, skip: skip + limit };
                (values(rated), more.then_some(place))
            }
            Section::Playlists => {
                let call = ListPlaylists { paging, ..ListPlaylists::default() };
                let page = edge.profile.call(&context, call).await?;
                let mut items = Vec::new();
                for playlist in page.items {
                    // Those of others are theirs.
                    if playlist.owner == self.account {
                        items.push(self.whole(playlist).await?);
                    }
                }
                (items, page.next_cursor.map(at))
            }
            Section::Queue => (values(edge.profile.call(&context, GetPlayQueue {}).await?), None),
            Section::Bookmarks => {
                let page = edge.profile.call(&context, ListBookmarks { paging }).await?;
                let tracks = page.items.iter().map(|bookmark| bookmark.track).collect();
                self.named(&context, tracks, page).await?
            }
            Section::Shares => {
                let page = edge.profile.call(&context, ListShares { paging }).await?;
                let (mut items, place) = paged(page);
                for share in items.iter_mut().filter_map(Value::as_object_mut) {
                    share.remove("secret");
                }
                (items, place)
            }
        })
    }

    /// A page whose items name tracks: what those are called stands beside them.
    async fn named<T: Serialize>(
        &self,
        context: &Context,
        tracks: Vec<TrackId>,
        page: Page<T>,
    ) -> Result<Items, Broken> {
        let tracks = filled::tracks(&self.edge, context, tracks).await?;
        let (mut items, place) = paged(page);
        for (item, track) in items.iter_mut().zip(tracks) {
            if let (Some(item), Some(track)) = (item.as_object_mut(), track) {
                item.insert("title".to_owned(), track.title.into());
                item.insert("artist".to_owned(), track.display_artist.into());
                item.insert("album".to_owned(), track.album.title.into());
            }
        }
        Ok((items, place))
    }

    /// A playlist with its tracks.
    async fn whole(&self, playlist: Playlist) -> Result<Value, Broken> {
        let (mut tracks, mut cursor) = (Vec::new(), None);
        loop {
            let paging = Paging { limit: Paging::MOST, cursor };
            let call = ListEntries { playlist: playlist.id, paging };
            let page = self.edge.profile.call(&anew(&self.context), call).await?;
            tracks.extend(page.items.into_iter().map(|entry| entry.track));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let mut value = json!(playlist);
        value["track_ids"] = json!(tracks);
        Ok(value)
    }
}

fn paged<T: Serialize>(page: Page<T>) -> Items {
    (values(page.items), page.next_cursor.map(at))
}

fn at(cursor: String) -> Place {
    Place { cursor: Some(cursor), skip: 0 }
}

fn values<T: Serialize>(items: impl IntoIterator<Item = T>) -> Vec<Value> {
    items.into_iter().map(|item| json!(item)).collect()
}
