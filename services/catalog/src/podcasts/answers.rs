//! Channels and episodes as they are answered.

use hexachord_contracts::{
    catalog::{Cover, Episode, Podcast, PodcastStatus},
    ids::{EpisodeId, PodcastId},
};

use super::change::is_being_read;
use crate::store::{EpisodeRow, PodcastRow};

/// Administrators see where it comes from.
pub(crate) fn podcast(id: PodcastId, row: &PodcastRow, with_url: bool) -> Podcast {
    let is_being_read = is_being_read(row);
    let status = match (row.tried_at, row.wanted || is_being_read, &row.error) {
        (None, ..) => PodcastStatus::New,
        (Some(_), true, _) => PodcastStatus::Downloading,
        (Some(_), false, None) => PodcastStatus::Completed,
        (Some(_), false, Some(_)) => PodcastStatus::Error,
    };
    Podcast {
        id,
        url: with_url.then(|| row.url.clone()),
        title: title(row, with_url),
        description: row.told.description.clone(),
        link: row.told.link.clone(),
        copyright: row.told.copyright.clone(),
        cover: cover(row),
        status,
        error: row.error.clone().filter(|_| !is_being_read),
        episode_count: row.episodes,
        added_at: row.added_at,
        refreshed_at: row.refreshed_at,
    }
}

/// A feed without a title goes by its address, of which listeners see no secret part.
fn title(row: &PodcastRow, with_url: bool) -> String {
    if with_url || row.told.title != row.url {
        return row.told.title.clone();
    }
    let host = row.url.split('/').nth(2).unwrap_or_default();
    host.to_owned()
}

fn cover(row: &PodcastRow) -> Option<Cover> {
    let hash = row.picture?.to_string();
    Some(Cover { hash: Some(hash), ..Cover::default() })
}

/// `of` is its channel.
pub(crate) fn episode(id: EpisodeId, row: EpisodeRow, of: &PodcastRow) -> Episode {
    let EpisodeRow { podcast, told, status, error, file, .. } = row;
    let measured = file.as_ref().filter(|file| file.duration_ms > 0).map(|file| file.duration_ms);
    Episode {
        id,
        podcast,
        podcast_title: title(of, false),
        title: told.title,
        description: told.description,
        published_at: told.published_at,
        duration_ms: measured.or(told.duration_ms),
        size: file.as_ref().map(|file| file.size).or(told.size),
        content_type: file.as_ref().map(|file| file.content_type.clone()).or(told.content_type),
        codec: file.as_ref().map(|file| file.codec.clone()),
        bitrate_kbps: file.as_ref().map(|file| file.bitrate_kbps),
        cover: cover(of),
        status,
        error,
    }
}
