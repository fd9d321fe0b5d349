//! The picture of a channel, fetched when its address is another one.

use std::sync::Arc;

use hexachord_contracts::ids::PodcastId;
use http::HeaderMap;
use tokio::time::{Duration, timeout};

use super::{
    download::{check_status, on_disk},
    files::Folders,
    keeper::KeeperSetup,
};
use crate::{artwork::check, read::PictureId, store::PodcastRow};

const MOST_BYTES: u64 = 16 * 1024 * 1024;
const LONGEST: Duration = Duration::from_mins(1);

/// What the channel shows from now on. A picture that cannot be had is no failure of the feed: the
/// error is what is shown as before.
pub(super) async fn picture(
    setup: &Arc<KeeperSetup>,
    podcast: PodcastId,
    before: &PodcastRow,
    url: Option<&str>,
) -> Result<Option<PictureId>, Option<PictureId>> {
    let path = setup.folders.picture(podcast);
    let Some(url) = url else {
        on_disk(setup, move || Folders::remove(&path)).await.ok();
        return Ok(None);
    };
    let is_same = before.told.picture_url.as_deref() == Some(url);
    let is_there = on_disk(setup, move || path.is_file()).await != Ok(false);
    let kept = before.picture.filter(|_| is_there);
    if kept.is_some() && is_same {
        return Ok(kept);
    }
    let fetched = match timeout(LONGEST, fetch(setup, podcast, url)).await {
        Ok(fetched) => fetched,
        Err(_elapsed) => Err("it comes too slowly".to_owned()),
    };
    fetched
        .inspect_err(|error| tracing::debug!(%podcast, error, "a picture cannot be fetched"))
        .map(Some)
        .map_err(|_told| kept)
}

async fn fetch(
    setup: &Arc<KeeperSetup>,
    podcast: PodcastId,
    url: &str,
) -> Result<PictureId, String> {
    let answer = setup.settings.client.get(url, HeaderMap::new()).await;
    let answer = answer.map_err(|error| error.to_string())?;
    check_status(&answer)?;
    let bytes = answer.whole(MOST_BYTES).await.map_err(|error| error.to_string())?;
    let folders = setup.folders.clone();
    let kept = on_disk(setup, move || {
        check(&bytes).map_err(|error| error.to_string())?;
        folders.put_picture(podcast, &bytes).map_err(|error| error.to_string())?;
        Ok(PictureId::of(&bytes))
    });
    kept.await?
}
