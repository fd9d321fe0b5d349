//! Podcasts in the store: channels, their episodes, the newest first, and what is to be downloaded.

use hexachord_contracts::{
    Timestamp,
    catalog::EpisodeStatus,
    ids::{EpisodeId, PodcastId},
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadableTable, Table, TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::{ByBytes, ById, record};
use crate::read::PictureId;

/// Channel → [`PodcastRow`].
pub(crate) const PODCASTS: ById = TableDefinition::new("podcasts");
/// Episode → [`EpisodeRow`].
pub(crate) const EPISODES: ById = TableDefinition::new("episodes");
/// All or a channel, time and episode ([`episode_key`]) → nothing: the newest first.
pub(crate) const EPISODE_LIST: ByBytes = TableDefinition::new("episode_list");
/// When it was asked for and episode → nothing.
pub(crate) const EPISODES_WANTED: TableDefinition<'static, (i64, u64), ()> =
    TableDefinition::new("episodes_wanted");

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PodcastRow {
    pub(crate) url: String,
    pub(crate) added_at: Timestamp,
    pub(crate) told: ChannelFacts,
    /// The content of its picture, which lies in its folder.
    pub(crate) picture: Option<PictureId>,
    /// To be looked at as soon as possible.
    pub(crate) wanted: bool,
    /// When its feed was looked at last, whatever came of it, and when it was read last.
    pub(crate) tried_at: Option<Timestamp>,
    pub(crate) refreshed_at: Option<Timestamp>,
    pub(crate) error: Option<String>,
    /// What the feed's server knows this state by.
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    pub(crate) episodes: u32,
}

/// What a feed tells of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChannelFacts {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) link: Option<String>,
    pub(crate) picture_url: Option<String>,
    pub(crate) copyright: Option<String>,
}

/// An episode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EpisodeRow {
    pub(crate) podcast: PodcastId,
    pub(crate) told: EpisodeFacts,
    /// Where it stands among the others: when it was published, or came to be known.
    pub(crate) listed_at: Timestamp,
    pub(crate) status: EpisodeStatus,
    pub(crate) error: Option<String>,
    pub(crate) file: Option<EpisodeFile>,
}

/// What a feed tells of an episode.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EpisodeFacts {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) url: String,
    pub(crate) content_type: Option<String>,
    pub(crate) size: Option<u64>,
    pub(crate) duration_ms: Option<u64>,
    pub(crate) published_at: Option<Timestamp>,
}

/// What was downloaded, as it turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EpisodeFile {
    /// In the channel's folder.
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) codec: String,
    pub(crate) bitrate_kbps: u32,
    pub(crate) duration_ms: u64,
    pub(crate) size: u64,
}

impl Record for PodcastRow {
    const VERSION: u8 = 1;
}

impl Record for EpisodeRow {
    const VERSION: u8 = 1;
}

/// The tables of podcasts, open for writing.
pub(crate) struct PodcastTables<'t> {
    pub(crate) podcasts: Table<'t, u64, &'static [u8]>,
    pub(crate) episodes: Table<'t, u64, &'static [u8]>,
    list: Table<'t, &'static [u8], &'static [u8]>,
    wanted: Table<'t, (i64, u64), ()>,
}

impl<'t> PodcastTables<'t> {
    pub(crate) fn open(write: &'t WriteTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            podcasts: write.open_table(PODCASTS)?,
            episodes: write.open_table(EPISODES)?,
            list: write.open_table(EPISODE_LIST)?,
            wanted: write.open_table(EPISODES_WANTED)?,
        })
    }

    pub(crate) fn podcast(&self, id: PodcastId) -> Result<Option<PodcastRow>, StoreError> {
        record(&self.podcasts, id.0)
    }

    pub(crate) fn episode(&self, id: EpisodeId) -> Result<Option<EpisodeRow>, StoreError> {
        record(&self.episodes, id.0)
    }

    pub(crate) fn put_podcast(
        &mut self,
        id: PodcastId,
        row: &PodcastRow,
    ) -> Result<(), StoreError> {
        self.podcasts.insert(id.0, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    /// In place of `before`, where it was known.
    pub(crate) fn put_episode(
        &mut self,
        id: EpisodeId,
        before: Option<&EpisodeRow>,
        row: &EpisodeRow,
    ) -> Result<(), StoreError> {
        if before.is_none_or(|before| before.listed_at != row.listed_at) {
            if let Some(before) = before {
                self.unlist(id, before)?;
            }
            for scope in [None, Some(row.podcast)] {
                self.list.insert(&episode_key(scope, row.listed_at, id)[..], &[][..])?;
            }
        }
        self.episodes.insert(id.0, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    pub(crate) fn remove_episode(
        &mut self,
        id: EpisodeId,
        row: &EpisodeRow,
    ) -> Result<(), StoreError> {
        self.unlist(id, row)?;
        // Nothing else waits, and to look through all that does takes long.
        if row.status == EpisodeStatus::Downloading {
            self.no_longer_wanted(id)?;
        }
        self.episodes.remove(id.0)?;
        Ok(())
    }

    fn unlist(&mut self, id: EpisodeId, row: &EpisodeRow) -> Result<(), StoreError> {
        for scope in [None, Some(row.podcast)] {
            self.list.remove(&episode_key(scope, row.listed_at, id)[..])?;
        }
        Ok(())
    }

    /// The episodes of a channel, the newest first.
    pub(crate) fn episodes_of(
        &self,
        podcast: PodcastId,
        most: usize,
    ) -> Result<Vec<EpisodeId>, StoreError> {
        let scope = scope_key(Some(podcast));
        let mut ids = Vec::new();
        for entry in self.list.range(&scope[..]..)? {
            let (key, _) = entry?;
            if !key.value().starts_with(&scope) || ids.len() == most {
                break;
            }
            ids.push(episode_of(key.value()));
        }
        Ok(ids)
    }

    /// Puts an episode at the end of those that wait to be downloaded.
    pub(crate) fn want(&mut self, id: EpisodeId, now: Timestamp) -> Result<(), StoreError> {
        self.wanted.insert((now.as_millis(), id.0), ())?;
        Ok(())
    }

    pub(crate) fn no_longer_wanted(&mut self, id: EpisodeId) -> Result<(), StoreError> {
        self.wanted.retain(|(_, wanted), ()| wanted != id.0)?;
        Ok(())
    }
}

const SCOPE: usize = 9;

/// Where the list of all, or of a channel, begins.
pub(crate) fn scope_key(podcast: Option<PodcastId>) -> [u8; SCOPE] {
    let mut key = [0; SCOPE];
    if let Some(podcast) = podcast {
        key[0] = 1;
        key[1..].copy_from_slice(&podcast.0.to_be_bytes());
    }
    key
}

/// The place of an episode in a list: later times first.
fn episode_key(podcast: Option<PodcastId>, at: Timestamp, id: EpisodeId) -> [u8; SCOPE + 16] {
    let mut key = [0; SCOPE + 16];
    key[..SCOPE].copy_from_slice(&scope_key(podcast));
    // As a number without a sign that grows with the time, turned round.
    let time = !(at.as_millis().cast_unsigned() ^ (1 << 63));
    key[SCOPE..SCOPE + 8].copy_from_slice(&time.to_be_bytes());
    key[SCOPE + 8..].copy_from_slice(&id.0.to_be_bytes());
    key
}

pub(crate) fn episode_of(key: &[u8]) -> EpisodeId {
    EpisodeId(super::last_id(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_episodes_stand_first() {
        let key = |millis| episode_key(None, Timestamp::from_millis(millis), EpisodeId(7));
        let mut times = [-5_000, -1, 0, 1, 1_700_000_000_000];
        times.reverse();
        assert!(times.map(key).is_sorted());
        assert_eq!(episode_of(&key(0)), EpisodeId(7));
        let other = episode_key(Some(PodcastId(3)), Timestamp::default(), EpisodeId(1));
        assert!(other.starts_with(&scope_key(Some(PodcastId(3)))));
        assert!(!other.starts_with(&scope_key(None)));
    }
}
