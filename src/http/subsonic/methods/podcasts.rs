//! Podcasts. Administrators keep them, which the services check.

use hexachord_contracts::{
    catalog::{
        AddPodcast, DownloadEpisode, Episode, GetEpisode, GetPodcast, ListEpisodes, ListPodcasts,
        Podcast, RefreshPodcasts, RemoveDownload, RemovePodcast,
    },
    ids::PodcastId,
    page::Paging,
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::Failure,
    model::{Child, PodcastChannel, podcast_episode},
    rows,
};

/// Episodes of all channels in one answer, the newest of each; `getPodcasts` of one channel has more.
const MOST_IN_ALL: u32 = 5_000;
const MOST_OF_ONE: u32 = 20_000;
/// Bytes of texts in one answer; the episodes behind them are left out.
const MOST_TEXT: usize = 8 * 1024 * 1024;
/// Bytes of a channel or an episode without its texts.
const OF_EACH: usize = 500;
const MOST_NEWEST: u32 = 500;

pub(super) async fn channels(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct Podcasts {
        channel: Vec<PodcastChannel>,
    }
    let with_episodes = call.parameters.flag("includeEpisodes")?.unwrap_or(true);
    let (podcasts, mut left) = if call.parameters.text("id").is_some_and(|id| !id.is_empty()) {
        let podcast: PodcastId = call.parameters.id("id")?;
        let found = call.edge.catalog.call(call.context(), GetPodcast { podcast }).await?;
        (vec![found], MOST_OF_ONE)
    } else {
        (all(call).await?, MOST_IN_ALL)
    };
    let mut channel = Vec::with_capacity(podcasts.len());
    let mut text = MOST_TEXT;
    for mut podcast in podcasts {
        if text == 0 {
            podcast.description.clear();
        }
        text = text.saturating_sub(OF_EACH + podcast.title.len() + podcast.description.len());
        let episodes = if with_episodes {
            let episodes = episodes(call, Some(podcast.id), left, &mut text).await?;
            left = left.saturating_sub(u32::try_from(episodes.len()).unwrap_or(left));
            Some(episodes)
        } else {
            None
        };
        channel.push(PodcastChannel::new(podcast, episodes));
    }
    call.answer("podcasts", &Podcasts { channel })
}

async fn all(call: &Call) -> Result<Vec<Podcast>, Failure> {
    rows::all(AddPodcast::MOST, |paging| async move {
        Ok(call.edge.catalog.call(call.context(), ListPodcasts { paging }).await?)
    })
    .await
}

/// At most so many of the newest episodes of a channel, or of all, and those that have room in `text`.
async fn episodes(
    call: &Call,
    podcast: Option<PodcastId>,
    count: u32,
    text: &mut usize,
) -> Result<Vec<Episode>, Failure> {
    let (mut found, mut cursor) = (Vec::new(), None);
    while found.len() < count as usize && *text > 0 {
        let limit = u32::try_from(count as usize - found.len()).unwrap_or(Paging::MOST);
        let paging = Paging { limit: limit.min(Paging::MOST), cursor };
        let page = call.edge.catalog.call(call.context(), ListEpisodes { podcast, paging }).await?;
        for episode in page.items {
            let bytes = weight(&episode);
            if bytes > *text {
                *text = 0;
                return Ok(found);
            }
            *text -= bytes;
            found.push(episode);
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(found)
}

/// About how long it is in an answer: it names its channel twice.
fn weight(episode: &Episode) -> usize {
    let texts = [&episode.title, &episode.description, &episode.podcast_title];
    OF_EACH + texts.map(String::len).iter().sum::<usize>() + episode.podcast_title.len()
}

pub(super) async fn newest(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct NewestPodcasts {
        episode: Vec<Child>,
    }
    let count = call.parameters.count("count", 20, MOST_NEWEST)?;
    let found = episodes(call, None, count, &mut { MOST_TEXT }).await?;
    let episode = found.into_iter().map(podcast_episode).collect();
    call.answer("newestPodcasts", &NewestPodcasts { episode })
}

pub(super) async fn episode(call: &Call) -> Outcome {
    let episode = call.parameters.id("id")?;
    let found = call.edge.catalog.call(call.context(), GetEpisode { episode }).await?;
    call.answer("podcastEpisode", &podcast_episode(found))
}

pub(super) async fn refresh(call: &Call) -> Outcome {
    call.edge.catalog.call(call.context(), RefreshPodcasts { podcast: None }).await?;
    call.done()
}

pub(super) async fn add(call: &Call) -> Outcome {
    let url = call.parameters.required("url")?.to_owned();
    call.edge.catalog.call(call.context(), AddPodcast { url }).await?;
    call.done()
}

pub(super) async fn remove(call: &Call) -> Outcome {
    let podcast = call.parameters.id("id")?;
    call.edge.catalog.call(call.context(), RemovePodcast { podcast }).await?;
    call.done()
}

pub(super) async fn download(call: &Call) -> Outcome {
    let episode = call.parameters.id("id")?;
    call.edge.catalog.call(call.context(), DownloadEpisode { episode }).await?;
    call.done()
}

pub(super) async fn remove_file(call: &Call) -> Outcome {
    let episode = call.parameters.id("id")?;
    call.edge.catalog.call(call.context(), RemoveDownload { episode }).await?;
    call.done()
}
