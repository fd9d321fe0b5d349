//! What a feed says: of the channel, and of each episode that can be heard.

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use feed_rs::{
    model::{Entry, Feed, Link, Text},
    parser,
};
use hexachord_contracts::{
    Timestamp,
    ids::{EpisodeId, PodcastId},
};

use super::{
    shape,
    text::{line, plain},
};
use crate::{
    identity::episode_id,
    store::{ChannelFacts, EpisodeFacts},
};

/// Episodes of a channel that are known, the newest ones.
pub(super) const MOST_EPISODES: usize = 20_000;

/// Characters of a title, and of other lines.
const LINE: usize = 500;
/// Characters of a description.
const TEXT: usize = 4_000;
/// Bytes of an address.
const ADDRESS: usize = 2_000;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct ParsedFeed {
    pub(super) channel: ChannelFacts,
    /// As they stand in the feed; each once.
    pub(super) episodes: Vec<(EpisodeId, EpisodeFacts)>,
}

/// Reads a feed that came from `url`. Blocks. The refusal is a sentence for people.
pub(super) fn parse(podcast: PodcastId, url: &str, feed: &[u8]) -> Result<ParsedFeed, String> {
    let durations = guarded(|| shape::check(feed, MOST_EPISODES))??;
    let parser = parser::Builder::new()
        .base_uri(Some(url))
        .sanitize_content(false)
        // Without one of its own an episode goes by its address.
        .id_generator(|_, _, _| String::new())
        .build();
    let feed = guarded(|| parser.parse(feed))?
        .map_err(|error| format!("the feed cannot be read: {error}"))?;
    let durations = Some(durations).filter(|known| known.len() == feed.entries.len());
    let mut known = HashSet::new();
    let mut episodes = Vec::with_capacity(feed.entries.len());
    for (place, entry) in feed.entries.iter().enumerate() {
        let told = durations.as_ref().and_then(|known| known[place]);
        let Some(facts) = episode(entry, told) else { continue };
        let own = entry.id.trim();
        let key = if own.is_empty() { &facts.url } else { own };
        let id = episode_id(podcast, key);
        if known.insert(id) {
            episodes.push((id, facts));
        }
    }
    Ok(ParsedFeed { channel: channel(&feed, url), episodes })
}

/// A number that is out of every range brings the parser down, as does an encoding that is told late.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read))
        .map_err(|_panic| "the feed cannot be read: what it says is impossible".to_owned())
}

fn channel(feed: &Feed, url: &str) -> ChannelFacts {
    let title = line(text_of(feed.title.as_ref()), LINE);
    let picture = feed.logo.as_ref().or(feed.icon.as_ref()).map(|image| image.uri.as_str());
    let mut pages = feed.links.iter().filter(|link| is_page(link, url));
    ChannelFacts {
        title: if title.is_empty() { url.to_owned() } else { title },
        description: plain(text_of(feed.description.as_ref()), TEXT),
        link: pages.find_map(|link| address(&link.href)),
        picture_url: picture.and_then(address),
        copyright: Some(line(text_of(feed.rights.as_ref()), LINE)).filter(|text| !text.is_empty()),
    }
}

/// Is this a page for people? Whatever else a feed links to may hold what a paid one is known by.
fn is_page(link: &Link, feed: &str) -> bool {
    let is_alternate = link.rel.as_deref().is_none_or(|rel| rel.eq_ignore_ascii_case("alternate"));
    let is_xml = |kind: &str| kind.to_ascii_lowercase().contains("xml");
    is_alternate
        && !link.media_type.as_deref().is_some_and(is_xml)
        && place(&link.href) != place(feed)
}

/// An address without its scheme, query and fragment.
fn place(url: &str) -> &str {
    let url = url.trim().split(['?', '#']).next().unwrap_or_default();
    url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/')
}

/// Where the sound of an episode is, and what the feed says of it.
struct Sound<'e> {
    url: &'e str,
    kind: Option<String>,
    size: Option<u64>,
    duration: Option<Duration>,
}

impl Sound<'_> {
    /// Audio goes before what does not say what it is; videos and pictures are nothing to be heard.
    fn rank(&self) -> Option<u8> {
        match self.kind.as_deref().map(|kind| kind.split('/').next().unwrap_or_default()) {
            Some("audio") => Some(0),
            None | Some("application") => Some(1),
            Some(_) => None,
        }
    }
}

/// All that an entry encloses.
fn enclosed(entry: &Entry) -> impl Iterator<Item = Sound<'_>> {
    let media = entry.media.iter().flat_map(|media| &media.content).filter_map(|content| {
        Some(Sound {
            url: content.url.as_ref()?.as_str(),
            kind: content.content_type.as_ref().map(|kind| kind.to_string().to_ascii_lowercase()),
            size: content.size,
            duration: content.duration,
        })
    });
    let links = entry.links.iter().filter(|link| link.rel.as_deref() == Some("enclosure"));
    media.chain(links.map(|link| Sound {
        url: &link.href,
        kind: link.media_type.as_ref().map(|kind| kind.to_ascii_lowercase()),
        size: link.length,
        duration: None,
    }))
}

/// `None` for what has nothing to be heard.
fn episode(entry: &Entry, told_ms: Option<u64>) -> Option<EpisodeFacts> {
    let ranked = enclosed(entry).filter_map(|sound| Some((sound.rank()?, sound)));
    let (_, sound) = ranked.min_by_key(|(rank, _)| *rank)?;
    let url = address(sound.url)?;
    let titles =
        entry.title.iter().chain(entry.media.iter().filter_map(|media| media.title.as_ref()));
    let title = titles.map(|title| line(&title.content, LINE)).find(|title| !title.is_empty());
    let body = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let told = entry.media.iter().filter_map(|media| media.description.as_ref());
    let texts = [text_of(entry.summary.as_ref()), body.unwrap_or_default()].into_iter();
    let texts = texts.chain(told.map(|text| text.content.as_str()));
    let description = texts.map(|text| plain(text, TEXT)).find(|text| !text.is_empty());
    let duration_ms = sound.duration.map(milliseconds).filter(|ms| *ms > 0);
    Some(EpisodeFacts {
        title: title.unwrap_or_else(|| "Untitled".to_owned()),
        description: description.unwrap_or_default(),
        url,
        content_type: sound.kind.map(|kind| line(&kind, 100)),
        size: sound.size.filter(|size| *size > 0),
        duration_ms: told_ms.or(duration_ms),
        published_at: entry
            .published
            .or(entry.updated)
            .map(|time| Timestamp::from_millis(time.timestamp_millis())),
    })
}

fn text_of(text: Option<&Text>) -> &str {
    text.map_or("", |text| text.content.as_str())
}

/// Only addresses of the web.
fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_sound = text.len() <= ADDRESS && !text.contains(char::is_control);
    (is_web && is_sound).then(|| text.to_owned())
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
