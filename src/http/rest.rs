//! `/api/v1`: the services as REST. Every handler is one question to one service.

mod admin_accounts;
mod admin_edits;
mod admin_import;
mod admin_invites;
mod admin_libraries;
mod admin_log;
mod admin_missing;
mod admin_money;
mod admin_plans;
mod admin_scan;
mod admin_services;
mod analysis;
pub(super) mod avatars;
mod bookmarks;
mod browse;
mod chat;
pub(super) mod covers;
mod device_keys;
mod events;
mod export;
mod favourites;
mod files;
pub(super) mod filled;
mod folders;
pub(super) mod hls;
mod letters;
mod lyrics;
mod marked;
mod mixes;
mod openapi;
mod pieces;
pub(super) mod playback;
pub(super) mod played;
mod playing;
mod playlist_files;
mod playlist_tracks;
mod playlists;
mod plays;
mod podcasts;
mod queue;
mod radio;
mod recommendations;
mod register;
mod scan_events;
mod search;
mod sessions;
mod shares;
mod similar;
mod statistics;
pub(super) mod stream;
pub(super) mod stream_parameters;
mod subscription;
pub(super) mod transcoded;
mod visitors;

use std::sync::Arc;

use http::{HeaderValue, header};
use utoipa_axum::router::OpenApiRouter;

use super::edge::Edge;

pub fn router() -> OpenApiRouter<Arc<Edge>> {
    OpenApiRouter::new()
        .merge(openapi::router())
        .merge(register::router())
        .merge(sessions::router())
        .merge(device_keys::router())
        .merge(export::router())
        .merge(avatars::router())
        .merge(browse::router())
        .merge(letters::router())
        .merge(folders::router())
        .merge(lyrics::router())
        .merge(analysis::router())
        .merge(covers::router())
        .merge(stream::router())
        .merge(hls::router())
        .merge(playback::router())
        .merge(search::router())
        .merge(plays::router())
        .merge(statistics::router())
        .merge(favourites::router())
        .merge(playlists::router())
        .merge(playlist_tracks::router())
        .merge(playlist_files::router())
        .merge(bookmarks::router())
        .merge(queue::router())
        .merge(playing::router())
        .merge(events::router())
        .merge(radio::router())
        .merge(podcasts::router())
        .merge(chat::router())
        .merge(shares::router())
        .merge(visitors::router())
        .merge(recommendations::router())
        .merge(similar::router())
        .merge(mixes::router())
        .merge(subscription::router())
        .nest(
            "/admin",
            OpenApiRouter::new()
                .merge(admin_accounts::router())
                .merge(admin_invites::router())
                .merge(admin_plans::router())
                .merge(admin_money::router())
                .merge(admin_libraries::router())
                .merge(admin_log::router())
                .merge(admin_scan::router())
                .merge(scan_events::router())
                .merge(analysis::admin_router())
                .merge(admin_import::router())
                .merge(admin_missing::router())
                .merge(admin_edits::router())
                .merge(admin_services::router()),
        )
}

/// For answers that carry a secret or a state that changes.
const NO_STORE: (header::HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
