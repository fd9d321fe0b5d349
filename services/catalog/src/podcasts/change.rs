//! What is asked of podcasts, each in one transaction. Channels and episodes that are not there any more
//! are no failure of who works on them.

use hexachord_contracts::{
    Timestamp,
    catalog::{AddPodcast, Episode, EpisodeStatus, Podcast},
    ids::{EpisodeId, PodcastId},
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadableTable, ReadableTableMetadata, WriteTransaction};

use super::{
    answers::{episode, podcast},
    feed::MOST_EPISODES,
};
use crate::{
    browse::{Answer, invalid, not_found},
    identity::podcast_id,
    store::{ChannelFacts, EpisodeFile, EpisodeRow, PodcastRow, PodcastTables},
};

/// Subscribes; what is known stays.
pub(crate) fn add(write: &WriteTransaction, url: &str, now: Timestamp) -> Answer<Podcast> {
    let mut tables = PodcastTables::open(write)?;
    let id = podcast_id(url);
    if let Some(row) = tables.podcast(id)? {
        return Ok(Ok(podcast(id, &row, true)));
    }
    if tables.podcasts.len()? >= u64::from(AddPodcast::MOST) {
        let reason = format!("there are {} podcasts: remove one first", AddPodcast::MOST);
        return Ok(Err(invalid("url", reason)));
    }
    let row = PodcastRow {
        url: url.to_owned(),
        added_at: now,
        told: ChannelFacts { title: url.to_owned(), ..ChannelFacts::default() },
        picture: None,
        wanted: true,
        tried_at: None,
        refreshed_at: None,
        error: None,
        etag: None,
        last_modified: None,
        episodes: 0,
    };
    tables.put_podcast(id, &row)?;
    Ok(Ok(podcast(id, &row, true)))
}

pub(crate) fn remove(write: &WriteTransaction, id: PodcastId) -> Answer<()> {
    let mut tables = PodcastTables::open(write)?;
    if tables.podcasts.remove(id.0)?.is_none() {
        return Ok(Err(not_found("podcast")));
    }
    for episode in tables.episodes_of(id, usize::MAX)? {
        let Some(row) = tables.episode(episode)? else { continue };
        tables.remove_episode(episode, &row)?;
    }
    Ok(Ok(()))
}

/// Wants a channel, or all, to be looked at.
pub(crate) fn refresh(write: &WriteTransaction, which: Option<PodcastId>) -> Answer<()> {
    let mut tables = PodcastTables::open(write)?;
    let wanted = match which {
        Some(id) if tables.podcasts.get(id.0)?.is_none() => {
            return Ok(Err(not_found("podcast")));
        }
        Some(id) => vec![id.0],
        None => {
            let ids = tables.podcasts.iter()?.map(|entry| Ok(entry?.0.value()));
            ids.collect::<Result<_, StoreError>>()?
        }
    };
    for id in wanted.into_iter().map(PodcastId) {
        if let Some(row) = tables.podcast(id)? {
            tables.put_podcast(id, &PodcastRow { wanted: true, ..row })?;
        }
    }
    Ok(Ok(()))
}

/// Wants an episode to be downloaded, unless it is.
pub(crate) fn want(write: &WriteTransaction, id: EpisodeId, now: Timestamp) -> Answer<Episode> {
    let mut tables = PodcastTables::open(write)?;
    let Some((row, of)) = found(&tables, id)? else { return Ok(Err(not_found("episode"))) };
    let row = want_row(&mut tables, id, row, now)?;
    Ok(Ok(episode(id, row, &of)))
}

fn want_row(
    tables: &mut PodcastTables<'_>,
    id: EpisodeId,
    row: EpisodeRow,
    now: Timestamp,
) -> Result<EpisodeRow, StoreError> {
    if matches!(row.status, EpisodeStatus::Completed | EpisodeStatus::Downloading) {
        return Ok(row);
    }
    let wanted = EpisodeRow { status: EpisodeStatus::Downloading, error: None, ..row.clone() };
    tables.put_episode(id, Some(&row), &wanted)?;
    tables.want(id, now)?;
    Ok(wanted)
}

/// No longer wants an episode; who asks deletes its file, which stands in `before`.
pub(crate) fn remove_download(
    write: &WriteTransaction,
    id: EpisodeId,
) -> Answer<(Episode, EpisodeRow)> {
    let mut tables = PodcastTables::open(write)?;
    let Some((before, of)) = found(&tables, id)? else { return Ok(Err(not_found("episode"))) };
    let row =
        EpisodeRow { status: EpisodeStatus::Deleted, error: None, file: None, ..before.clone() };
    tables.put_episode(id, Some(&before), &row)?;
    tables.no_longer_wanted(id)?;
    Ok(Ok((episode(id, row, &of), before)))
}

fn found(
    tables: &PodcastTables<'_>,
    id: EpisodeId,
) -> Result<Option<(EpisodeRow, PodcastRow)>, StoreError> {
    let Some(row) = tables.episode(id)? else { return Ok(None) };
    Ok(tables.podcast(row.podcast)?.map(|of| (row, of)))
}

/// There is no such episode.
pub(super) fn no_longer_wanted(write: &WriteTransaction, id: EpisodeId) -> Result<(), StoreError> {
    PodcastTables::open(write)?.no_longer_wanted(id)
}

/// How a download ended. False: nobody wants it any more.
pub(super) fn downloaded(
    write: &WriteTransaction,
    id: EpisodeId,
    outcome: &Result<EpisodeFile, String>,
) -> Result<bool, StoreError> {
    let mut tables = PodcastTables::open(write)?;
    tables.no_longer_wanted(id)?;
    let Some(before) = tables.episode(id)? else { return Ok(false) };
    if before.status != EpisodeStatus::Downloading {
        return Ok(false);
    }
    let (status, error, file) = match outcome {
        Ok(file) => (EpisodeStatus::Completed, None, Some(file.clone())),
        Err(reason) => (EpisodeStatus::Error, Some(reason.clone()), None),
    };
    let row = EpisodeRow { status, error, file, ..before.clone() };
    tables.put_episode(id, Some(&before), &row)?;
    Ok(true)
}

/// What a feed tells of some of its episodes; those that are known keep what became of them. `from` is
/// how many stand before them in the feed.
pub(super) fn put_episodes(
    write: &WriteTransaction,
    podcast: PodcastId,
    episodes: &[(EpisodeId, crate::store::EpisodeFacts)],
    from: usize,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tables = PodcastTables::open(write)?;
    if tables.podcasts.get(podcast.0)?.is_none() {
        return Ok(());
    }
    for (place, (id, told)) in episodes.iter().enumerate() {
        let before = tables.episode(*id)?;
        if before.as_ref().is_some_and(|before| before.told == *told) {
            continue;
        }
        // Without a date they stand as the feed has them.
        let place = i64::try_from(from + place).unwrap_or(0);
        let unknown = || Timestamp::from_millis(now.as_millis() - place);
        let kept = before.as_ref().map(|before| before.listed_at);
        let listed_at = told.published_at.or(kept).unwrap_or_else(unknown);
        let row = match &before {
            Some(before) => EpisodeRow { told: told.clone(), listed_at, ..before.clone() },
            None => EpisodeRow {
                podcast,
                told: told.clone(),
                listed_at,
                status: EpisodeStatus::New,
                error: None,
                file: None,
            },
        };
        tables.put_episode(*id, before.as_ref(), &row)?;
    }
    Ok(())
}

/// Everything of a feed is known: forgets the oldest episodes where there are too many, and wants the
/// newest ones that were never downloaded.
pub(super) fn settle_episodes(
    write: &WriteTransaction,
    podcast: PodcastId,
    newest: usize,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tables = PodcastTables::open(write)?;
    let Some(row) = tables.podcast(podcast)? else { return Ok(()) };
    let all = tables.episodes_of(podcast, usize::MAX)?;
    let mut count = all.len();
    for id in all.iter().skip(MOST_EPISODES) {
        let Some(episode) = tables.episode(*id)? else { continue };
        if episode.file.is_none() {
            tables.remove_episode(*id, &episode)?;
            count -= 1;
        }
    }
    for id in all.iter().take(newest) {
        let Some(episode) = tables.episode(*id)? else { continue };
        if episode.status == EpisodeStatus::New {
            want_row(&mut tables, *id, episode, now)?;
        }
    }
    let episodes = u32::try_from(count).unwrap_or(u32::MAX);
    tables.put_podcast(podcast, &PodcastRow { episodes, ..row })
}

/// Changes a channel's row.
pub(super) fn update(
    write: &WriteTransaction,
    podcast: PodcastId,
    change: impl FnOnce(&mut PodcastRow),
) -> Result<(), StoreError> {
    let mut tables = PodcastTables::open(write)?;
    let Some(mut row) = tables.podcast(podcast)? else { return Ok(()) };
    change(&mut row);
    tables.put_podcast(podcast, &row)
}

/// What stands as the error of a channel while its feed is read.
const READING: &str = "reading";

/// A feed is about to be read. Were that to end the program, it would not be fetched again at once.
pub(super) fn begin_reading(
    write: &WriteTransaction,
    podcast: PodcastId,
    now: Timestamp,
) -> Result<(), StoreError> {
    update(write, podcast, |row| {
        (row.wanted, row.tried_at, row.error) = (false, Some(now), Some(READING.to_owned()));
    })
}

pub(super) fn is_being_read(row: &PodcastRow) -> bool {
    row.error.as_deref() == Some(READING)
}

/// The program ended while these were read.
pub(super) fn end_readings(write: &WriteTransaction) -> Result<(), StoreError> {
    let mut tables = PodcastTables::open(write)?;
    for (id, mut row) in all_podcasts(&tables.podcasts)? {
        if is_being_read(&row) {
            row.error = Some("the program ended while it read the feed".to_owned());
            tables.put_podcast(id, &row)?;
        }
    }
    Ok(())
}

/// Every channel, with its row.
pub(super) fn all_podcasts(
    table: &impl ReadableTable<u64, &'static [u8]>,
) -> Result<Vec<(PodcastId, PodcastRow)>, StoreError> {
    let mut all = Vec::new();
    for entry in table.iter()? {
        let (id, row) = entry?;
        all.push((PodcastId(id.value()), PodcastRow::from_bytes(row.value())?));
    }
    Ok(all)
}
