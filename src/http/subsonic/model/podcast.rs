//! Podcasts: channels and their episodes.

use hexachord_contracts::catalog::{Episode, EpisodeStatus, Podcast, PodcastStatus};
use serde::Serialize;

use super::{Child, child::suffix, cover_id, seconds};

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::subsonic) struct PodcastChannel {
    id: String,
    /// Of the feed for those who keep it; else of the channel's page, if it has one.
    url: String,
    title: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cover_art: Option<String>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    /// Where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    episode: Option<Vec<Child>>,
}

impl PodcastChannel {
    pub(in crate::http::subsonic) fn new(podcast: Podcast, episodes: Option<Vec<Episode>>) -> Self {
        let status = match podcast.status {
            PodcastStatus::New => "new",
            PodcastStatus::Downloading => "downloading",
            PodcastStatus::Completed => "completed",
            PodcastStatus::Error => "error",
        };
        Self {
            cover_art: podcast.cover.as_ref().map(|cover| cover_id(podcast.id, cover)),
            id: podcast.id.to_string(),
            url: podcast.url.or(podcast.link).unwrap_or_default(),
            title: podcast.title,
            description: podcast.description,
            status,
            error_message: podcast.error,
            episode: episodes.map(|all| all.into_iter().map(podcast_episode).collect()),
        }
    }
}

/// An episode as a song that has a channel.
pub(in crate::http::subsonic) fn podcast_episode(episode: Episode) -> Child {
    let is_there = episode.status == EpisodeStatus::Completed;
    let status = match episode.status {
        // What nobody asked for: apps take `new` for what is about to be downloaded.
        EpisodeStatus::New => "skipped",
        EpisodeStatus::Downloading => "downloading",
        EpisodeStatus::Completed => "completed",
        EpisodeStatus::Error => "error",
        EpisodeStatus::Deleted => "deleted",
    };
    let kind = episode.content_type.as_deref().unwrap_or_default();
    let codec = episode.codec.as_deref().unwrap_or_default();
    let (id, channel_id) = (episode.id.to_string(), episode.podcast.to_string());
    Child {
        stream_id: is_there.then(|| id.clone()),
        id,
        parent: Some(channel_id.clone()),
        channel_id: Some(channel_id),
        title: episode.title,
        album: Some(episode.podcast_title.clone()),
        artist: Some(episode.podcast_title),
        genre: Some("Podcast".to_owned()),
        cover_art: episode.cover.as_ref().map(|cover| cover_id(episode.id, cover)),
        size: episode.size,
        suffix: is_there.then(|| suffix(kind, codec)),
        content_type: episode.content_type,
        duration: episode.duration_ms.map(seconds),
        bit_rate: episode.bitrate_kbps,
        is_video: Some(false),
        created: episode.published_at,
        kind: Some("podcast"),
        description: Some(episode.description),
        status: Some(status),
        publish_date: episode.published_at,
        ..Child::default()
    }
}
