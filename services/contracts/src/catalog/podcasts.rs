//! Podcasts: channels that an administrator subscribed to, and their episodes. Everybody sees and
//! plays them; nothing is fetched before a channel was added.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Cover;
use crate::{
    Timestamp,
    ids::{EpisodeId, PodcastId},
    page::Paging,
};

/// Administrators and the program: subscribes to a feed, an address of `http` or `https` that is not
/// inside a network. Answers at once; the feed is fetched afterwards, and the channel's status tells how
/// that went. A feed that is known stays what it is.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddPodcast {
    pub url: String,
}

impl AddPodcast {
    /// So many channels can be added.
    pub const MOST: u32 = 1000;
}

/// Administrators and the program: forgets a channel with its episodes, and deletes what was downloaded.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemovePodcast {
    pub podcast: PodcastId,
}

/// All channels, by title. A page has at most 30, however many are asked for: it stays below the size of
/// a message.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListPodcasts {
    pub paging: Paging,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct GetPodcast {
    pub podcast: PodcastId,
}

/// Episodes of a channel, or of all, the newest first. A page may be shorter than asked for: it stays
/// below the size of a message.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ListEpisodes {
    pub podcast: Option<PodcastId>,
    pub paging: Paging,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct GetEpisode {
    pub episode: EpisodeId,
}

/// Administrators and the program: looks for new episodes of a channel, or of all. Answers at once.
#[derive(Debug, Serialize, Deserialize)]
pub struct RefreshPodcasts {
    pub podcast: Option<PodcastId>,
}

/// Administrators and the program: fetches an episode, so that it can be played. Answers at once.
#[derive(Debug, Serialize, Deserialize)]
pub struct DownloadEpisode {
    pub episode: EpisodeId,
}

/// Administrators and the program: deletes the file of an episode, or gives its download up. It stays in
/// the lists as deleted, and can be downloaded again.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveDownload {
    pub episode: EpisodeId,
}

/// Where the bytes of a downloaded episode are; refused for one that is not downloaded.
#[derive(Debug, Serialize, Deserialize)]
pub struct LocateEpisode {
    pub episode: EpisodeId,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Podcast {
    pub id: PodcastId,
    /// Of the feed. For administrators: addresses of paid feeds are secrets.
    pub url: Option<String>,
    /// Of the feed's address where the feed has none.
    pub title: String,
    /// Plain text.
    pub description: String,
    /// The channel's page on the web.
    pub link: Option<String>,
    pub copyright: Option<String>,
    pub cover: Option<Cover>,
    pub status: PodcastStatus,
    /// Why the last look at the feed failed; what was known before stays.
    pub error: Option<String>,
    pub episode_count: u32,
    pub added_at: Timestamp,
    /// When the feed was read last.
    pub refreshed_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PodcastStatus {
    /// Its feed was not looked at yet.
    New,
    /// Its feed is looked at, or about to be.
    Downloading,
    Completed,
    Error,
}

/// An episode of a channel. It keeps its id while the feed keeps what it knows it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Episode {
    pub id: EpisodeId,
    pub podcast: PodcastId,
    pub podcast_title: String,
    pub title: String,
    /// Plain text.
    pub description: String,
    pub published_at: Option<Timestamp>,
    /// Before the download, as the feed says.
    pub duration_ms: Option<u64>,
    /// Bytes; before the download, as the feed says.
    pub size: Option<u64>,
    /// Before the download, as the feed says.
    pub content_type: Option<String>,
    /// Of what was downloaded.
    pub codec: Option<String>,
    pub bitrate_kbps: Option<u32>,
    /// Of the channel.
    pub cover: Option<Cover>,
    pub status: EpisodeStatus,
    /// Why it could not be downloaded.
    pub error: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EpisodeStatus {
    /// Not downloaded.
    New,
    /// On its way, or waiting for its turn.
    Downloading,
    /// It can be played.
    Completed,
    Error,
    /// Its file was deleted.
    Deleted,
}
