//! Looks at a feed: whether it is another one than before, and what is in it.

use std::{sync::Arc, time::Duration};

use hexachord_contracts::ids::PodcastId;
use hexachord_storage::StoreError;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tokio::time::timeout;

use super::{
    change,
    download::{check_status, on_disk},
    feed::{self, ParsedFeed},
    keeper::KeeperSetup,
    picture::picture,
};
use crate::store::{PODCASTS, PodcastRow, record};

const MOST_BYTES: u64 = 20 * 1024 * 1024;
const LONGEST: Duration = Duration::from_mins(3);
/// Episodes that are written together.
const BATCH: usize = 500;
/// Bytes of what a server knows a state by.
const LONGEST_MARK: usize = 500;
const KINDS: HeaderValue = HeaderValue::from_static(
    "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
);

/// A feed that is not what it was.
struct Sent {
    bytes: Vec<u8>,
    marks: Marks,
}

/// What its server knows it by.
struct Marks {
    etag: Option<String>,
    last_modified: Option<String>,
}

/// Does what is due; a failure of the other end is an outcome that is kept, beside what was known.
pub(super) async fn refresh(setup: &Arc<KeeperSetup>, id: PodcastId) -> Result<(), StoreError> {
    let row: Option<PodcastRow> =
        setup.store.read(move |read| record(&read.open_table(PODCASTS)?, id.0)).await?;
    let Some(row) = row else { return Ok(()) };
    let sent = match timeout(LONGEST, fetch(setup, &row)).await {
        Ok(sent) => sent,
        Err(_elapsed) => Err("the feed comes too slowly".to_owned()),
    };
    let now = setup.clock.now();
    let looked = match sent {
        Ok(Some(sent)) => {
            setup.store.write(move |write| change::begin_reading(write, id, now)).await?;
            read(setup, id, &row, sent).await.map(Some)
        }
        Ok(None) => Ok(None),
        Err(reason) => Err(reason),
    };
    match looked {
        Ok(Some((feed, marks))) => keep(setup, id, &row, feed, marks).await,
        Ok(None) => {
            let change = move |row: &mut PodcastRow| {
                (row.wanted, row.error) = (false, None);
                (row.tried_at, row.refreshed_at) = (Some(now), Some(now));
            };
            setup.store.write(move |write| change::update(write, id, change)).await
        }
        Err(reason) => {
            tracing::info!(podcast = %id, error = reason, "a podcast cannot be refreshed");
            let change = move |reason: String| {
                move |row: &mut PodcastRow| {
                    (row.wanted, row.error) = (false, Some(reason));
                    row.tried_at = Some(now);
                }
            };
            let write = move |write: &_| change::update(write, id, change(reason.clone()));
            setup.store.write(write).await
        }
    }
}

/// `None`: it is what it was.
async fn fetch(setup: &Arc<KeeperSetup>, row: &PodcastRow) -> Result<Option<Sent>, String> {
    let mut headers = HeaderMap::from_iter([(header::ACCEPT, KINDS)]);
    let marks =
        [(header::IF_NONE_MATCH, &row.etag), (header::IF_MODIFIED_SINCE, &row.last_modified)];
    for (name, mark) in marks {
        let value = mark.as_ref().and_then(|mark| HeaderValue::try_from(mark.as_str()).ok());
        headers.extend(value.map(|value| (name, value)));
    }
    let answer = setup.settings.client.get(&row.url, headers).await;
    let answer = answer.map_err(|error| error.to_string())?;
    if answer.status() == StatusCode::NOT_MODIFIED {
        return Ok(None);
    }
    check_status(&answer)?;
    let mark = |name: HeaderName| {
        let text = answer.headers().get(name)?.to_str().ok()?;
        (text.len() <= LONGEST_MARK).then(|| text.to_owned())
    };
    let marks = Marks { etag: mark(header::ETAG), last_modified: mark(header::LAST_MODIFIED) };
    let bytes = answer.whole(MOST_BYTES).await.map_err(|error| error.to_string())?;
    Ok(Some(Sent { bytes, marks }))
}

async fn read(
    setup: &Arc<KeeperSetup>,
    id: PodcastId,
    row: &PodcastRow,
    sent: Sent,
) -> Result<(ParsedFeed, Marks), String> {
    let (url, bytes) = (row.url.clone(), sent.bytes);
    let feed = on_disk(setup, move || feed::parse(id, &url, &bytes)).await??;
    Ok((feed, sent.marks))
}

/// What was asked for is done only when all of it is kept.
async fn keep(
    setup: &Arc<KeeperSetup>,
    id: PodcastId,
    before: &PodcastRow,
    feed: ParsedFeed,
    marks: Marks,
) -> Result<(), StoreError> {
    let now = setup.clock.now();
    let episodes: Arc<[_]> = feed.episodes.into();
    for from in (0..episodes.len()).step_by(BATCH) {
        let episodes = Arc::clone(&episodes);
        let batch = move |write: &_| {
            let to = episodes.len().min(from + BATCH);
            change::put_episodes(write, id, &episodes[from..to], from, now)
        };
        setup.store.write(batch).await?;
    }
    let mut told = feed.channel;
    let shown = picture(setup, id, before, told.picture_url.as_deref()).await;
    // A picture that could not be had is tried again, which only a feed that is sent again leads to.
    let Marks { etag, last_modified } =
        if shown.is_ok() { marks } else { Marks { etag: None, last_modified: None } };
    let picture = shown.unwrap_or_else(|kept| {
        if kept.is_some() {
            told.picture_url.clone_from(&before.told.picture_url);
        }
        kept
    });
    let newest = setup.settings.newest;
    let finish = move |write: &_| {
        change::settle_episodes(write, id, newest, now)?;
        let (told, etag, last_modified) = (told.clone(), etag.clone(), last_modified.clone());
        change::update(write, id, |row| {
            *row = PodcastRow {
                told,
                picture,
                wanted: false,
                tried_at: Some(now),
                refreshed_at: Some(now),
                error: None,
                etag,
                last_modified,
                ..row.clone()
            };
        })
    };
    setup.store.write(finish).await
}
