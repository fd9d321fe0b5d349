//! Podcasts, from the feed to the file.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use hexachord_catalog::{PodcastSettings, Settings};
use hexachord_contracts::{
    CallError, Caller,
    catalog::{
        AddPodcast, CatalogError, CoverOf, DownloadEpisode, Episode, EpisodeStatus, GetEpisode,
        GetPodcast, ListEpisodes, ListPodcasts, LocateCover, LocateEpisode, Podcast, PodcastStatus,
        RefreshPodcasts, RemoveDownload, RemovePodcast,
    },
    ids::{EpisodeId, PodcastId},
    page::{Page, Paging},
};
use hexachord_fixtures::{Format, Piece};
use hexachord_outgoing::{Client, Guard};
use http::HeaderValue;

use crate::{
    covers::png,
    feed_server::{self, FeedServer},
    house::{House, listener},
};

mod hostile;
mod places;

/// Ends a test that hangs.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Podcasts {
    pub(crate) house: House,
    pub(crate) web: FeedServer,
}

impl Podcasts {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With settings of podcasts that are changed.
    pub(crate) async fn with(change: impl FnOnce(&mut PodcastSettings)) -> Self {
        let mut house = House::with(&["music"]).await;
        let allowed = "127.0.0.0/8".parse().expect("it is a network");
        let mut settings = PodcastSettings {
            folder: house.path("podcasts"),
            client: Client::new(Guard::new(vec![allowed]), HeaderValue::from_static("Hexachord/0")),
            refresh: None,
            newest: 0,
            episode_bytes: 10_000_000,
            look: Duration::from_millis(20),
        };
        change(&mut settings);
        house.settings = Settings { podcasts: Some(settings), ..house.settings.clone() };
        house.reopen_as_it_is().await;
        Self { house, web: FeedServer::start().await }
    }

    async fn add(&self, path: &str) -> Podcast {
        let url = format!("{}{path}", self.web.url);
        // Once: it changes as soon as its feed was looked at.
        self.house.ask_once(AddPodcast { url }).await
    }

    /// Adds a channel and waits until its feed was looked at.
    pub(crate) async fn added(&self, path: &str) -> Podcast {
        let added = self.add(path).await;
        self.settled(added.id).await
    }

    pub(crate) async fn settled(&self, podcast: PodcastId) -> Podcast {
        let began = Instant::now();
        loop {
            let found = self.house.ask_once(GetPodcast { podcast }).await;
            if !matches!(found.status, PodcastStatus::New | PodcastStatus::Downloading) {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "{found:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn refreshed(&self, podcast: PodcastId) -> Podcast {
        self.house.ask_once(RefreshPodcasts { podcast: Some(podcast) }).await;
        self.settled(podcast).await
    }

    pub(crate) async fn episodes(&self, podcast: PodcastId) -> Vec<Episode> {
        let (podcast, paging) = (Some(podcast), Paging::first(500));
        self.house.ask_once(ListEpisodes { podcast, paging }).await.items
    }

    /// Asks for a download and waits for its end.
    pub(crate) async fn downloaded(&self, episode: EpisodeId) -> Episode {
        self.house.ask_once(DownloadEpisode { episode }).await;
        self.ended(episode).await
    }

    async fn ended(&self, episode: EpisodeId) -> Episode {
        let began = Instant::now();
        loop {
            let found = self.house.ask_once(GetEpisode { episode }).await;
            if found.status != EpisodeStatus::Downloading {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "{found:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Files below the folder of podcasts.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let Ok(folders) = fs::read_dir(self.house.path("podcasts")) else { return files };
        for folder in folders {
            for file in fs::read_dir(folder.unwrap().path()).unwrap() {
                files.push(file.unwrap().file_name().into_string().unwrap());
            }
        }
        files.sort();
        files
    }
}

pub(crate) fn mp3(number: u64) -> Vec<u8> {
    Piece::new(Format::Mp3, number).bytes()
}

#[tokio::test]
async fn a_channel_is_added_listed_refreshed_and_removed() {
    let podcasts = Podcasts::new().await;
    let (house, web) = (&podcasts.house, &podcasts.web);
    web.show("/a.xml", web.feed("The Tones", &[(1, "/1.mp3"), (2, "/2.mp3")]));
    web.show("/cover.png", png(32, 5));
    let added = podcasts.add("/a.xml").await;
    assert_eq!(added.url.as_deref(), Some(format!("{}/a.xml", web.url).as_str()));
    let found = podcasts.settled(added.id).await;
    assert_eq!((found.status, found.error.as_deref()), (PodcastStatus::Completed, None));
    assert_eq!((found.title.as_str(), found.description.as_str()), ("The Tones", "Of The Tones"));
    assert_eq!(found.episode_count, 2);
    assert!(found.cover.is_some() && found.refreshed_at.is_some());

    let again = podcasts.add("/a.xml#part").await;
    assert_eq!((again.id, again.title.as_str()), (added.id, "The Tones"));

    let before = podcasts.episodes(added.id).await;
    assert_eq!(
        before.iter().map(|e| e.title.as_str()).collect::<Vec<_>>(),
        ["Episode 2", "Episode 1"]
    );
    assert_eq!(before[0].description, "About 2");
    assert_eq!(before[0].podcast_title, "The Tones");
    assert_eq!((before[0].status, before[0].size), (EpisodeStatus::New, Some(99)));

    // The old one is gone from the feed, another one moved, and a new one came.
    web.show("/a.xml", web.feed("The Tones II", &[(3, "/3.mp3"), (2, "/moved.mp3")]));
    let found = podcasts.refreshed(added.id).await;
    assert_eq!((found.title.as_str(), found.episode_count), ("The Tones II", 3));
    let after = podcasts.episodes(added.id).await;
    assert_eq!(
        after[1..].iter().map(|e| e.id).collect::<Vec<_>>(),
        before.iter().map(|e| e.id).collect::<Vec<_>>()
    );

    house.ask_once(RemovePodcast { podcast: added.id }).await;
    let listed = house.ask(ListPodcasts::default).await;
    assert_eq!(listed, Page { items: vec![], next_cursor: None });
    assert_eq!(house.ask(ListEpisodes::default).await.items, []);
    assert!(!house.path("podcasts").join(added.id.to_string()).exists());
    let gone = house.ask_as(Caller::System, || GetEpisode { episode: after[0].id }).await;
    assert!(matches!(gone, Err(CallError::Refused(CatalogError::NotFound { .. }))));
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let podcasts = Podcasts::new().await;
    let web = &podcasts.web;
    let headers = "etag: \"seven\"\r\nlast-modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n".to_owned();
    web.show("/cover.png", png(32, 5));
    let body = web.feed("A", &[(1, "/1.mp3")]).into_bytes();
    web.show_page("/a.xml", feed_server::Page { status: 200, headers, body, stops: false });
    let added = podcasts.added("/a.xml").await;
    let nothing =
        feed_server::Page { status: 304, headers: String::new(), body: vec![], stops: false };
    web.show_page("/a.xml", nothing);
    let found = podcasts.refreshed(added.id).await;
    assert_eq!((found.status, found.episode_count), (PodcastStatus::Completed, 1));
    let asked = web.asked("/a.xml");
    assert!(!asked[0].contains("if-none-match"), "{}", asked[0]);
    assert!(asked[1].contains("if-none-match: \"seven\"\r\n"), "{}", asked[1]);
    assert!(asked[1].contains("if-modified-since: tue, 14 nov 2023 22:13:20 gmt\r\n"));
}

#[tokio::test]
async fn a_feed_that_fails_keeps_what_was_known() {
    let podcasts = Podcasts::new().await;
    let web = &podcasts.web;
    web.show("/a.xml", web.feed("A", &[(1, "/1.mp3")]));
    let added = podcasts.added("/a.xml").await;
    let wrong = |status| feed_server::Page {
        status,
        headers: String::new(),
        body: b"<html>".to_vec(),
        stops: false,
    };
    for (status, why) in [(500, "500"), (404, "404"), (200, "no root element"), (301, "301")] {
        web.show_page("/a.xml", wrong(status));
        let found = podcasts.refreshed(added.id).await;
        assert_eq!(found.status, PodcastStatus::Error);
        assert!(found.error.as_ref().is_some_and(|error| error.contains(why)), "{found:?}");
        assert_eq!((found.title.as_str(), found.episode_count), ("A", 1));
    }
    web.show("/a.xml", web.feed("A", &[(1, "/1.mp3")]));
    assert_eq!(podcasts.refreshed(added.id).await.error, None);
}

#[tokio::test]
async fn feeds_are_looked_at_when_they_are_old() {
    let hour = Duration::from_hours(1);
    let podcasts = Podcasts::with(|settings| settings.refresh = Some(hour)).await;
    let (house, web) = (&podcasts.house, &podcasts.web);
    web.show("/a.xml", web.feed("A", &[(1, "/1.mp3")]));
    let added = podcasts.added("/a.xml").await;
    web.show("/a.xml", web.feed("A", &[(2, "/2.mp3"), (1, "/1.mp3")]));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(web.asked("/a.xml").len(), 1, "it is not old yet");
    house.resources.clock.advance(hour + hour / 8);
    let began = Instant::now();
    while podcasts.episodes(added.id).await.len() < 2 {
        assert!(began.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_episode_is_downloaded_located_and_deleted() {
    let podcasts = Podcasts::new().await;
    let (house, web) = (&podcasts.house, &podcasts.web);
    let sound = mp3(1);
    web.show("/a.xml", web.feed("A", &[(1, "/1.mp3")]));
    web.show("/1.mp3", sound.clone());
    let added = podcasts.added("/a.xml").await;
    let episode = podcasts.episodes(added.id).await[0].id;
    let locate = || LocateEpisode { episode };
    let early = house.ask_as(Caller::System, locate).await;
    assert!(matches!(early, Err(CallError::Refused(CatalogError::NotDownloaded))));

    let found = podcasts.downloaded(episode).await;
    assert_eq!((found.status, found.error.as_deref()), (EpisodeStatus::Completed, None));
    assert_eq!(found.size, Some(sound.len() as u64));
    assert_eq!(found.content_type.as_deref(), Some("audio/mpeg"));
    assert_eq!(found.codec.as_deref(), Some("mp3"));
    assert!(found.duration_ms.is_some_and(|ms| ms > 0) && found.bitrate_kbps.is_some());
    assert!(web.asked("/1.mp3")[0].contains("accept-encoding: identity"));

    let location = house.ask_as(listener(&[]), locate).await.unwrap();
    let path = PathBuf::from(String::from_utf8(location.path).unwrap());
    assert_eq!(fs::read(&path).unwrap(), sound);
    assert_eq!(podcasts.files(), [format!("{episode}.mp3")]);

    // What is there is not fetched again.
    podcasts.downloaded(episode).await;
    assert_eq!(web.asked("/1.mp3").len(), 1);

    let deleted = house.ask_once(RemoveDownload { episode }).await;
    assert_eq!(deleted.status, EpisodeStatus::Deleted);
    assert!(!path.exists());
    let refreshed = podcasts.refreshed(added.id).await;
    assert_eq!(refreshed.episode_count, 1);
    assert_eq!(podcasts.episodes(added.id).await[0].status, EpisodeStatus::Deleted);
    assert_eq!(podcasts.downloaded(episode).await.status, EpisodeStatus::Completed);
}

#[tokio::test]
async fn the_newest_are_downloaded_by_themselves_where_that_is_wanted() {
    let podcasts = Podcasts::with(|settings| settings.newest = 2).await;
    let web = &podcasts.web;
    web.show("/a.xml", web.feed("A", &[(3, "/3.mp3"), (2, "/2.mp3"), (1, "/1.mp3")]));
    for number in 1..=3 {
        web.show(&format!("/{number}.mp3"), mp3(number));
    }
    let added = podcasts.added("/a.xml").await;
    let episodes = podcasts.episodes(added.id).await;
    for episode in &episodes[..2] {
        assert_eq!(podcasts.ended(episode.id).await.status, EpisodeStatus::Completed);
    }
    assert_eq!(podcasts.ended(episodes[2].id).await.status, EpisodeStatus::New);
    // What was deleted does not come back by itself.
    podcasts.house.ask_once(RemoveDownload { episode: episodes[0].id }).await;
    podcasts.refreshed(added.id).await;
    assert_eq!(podcasts.ended(episodes[0].id).await.status, EpisodeStatus::Deleted);
    assert_eq!(web.asked("/3.mp3").len(), 1);
}

#[tokio::test]
async fn a_download_goes_on_after_a_restart_and_nothing_is_left_behind() {
    let mut podcasts = Podcasts::new().await;
    let web = &podcasts.web;
    web.show("/a.xml", web.feed("A", &[(1, "/1.mp3")]));
    let slow = feed_server::Page { status: 200, headers: String::new(), body: mp3(1), stops: true };
    web.show_page("/1.mp3", slow);
    let added = podcasts.added("/a.xml").await;
    let episode = podcasts.episodes(added.id).await[0].id;
    podcasts.house.ask_once(DownloadEpisode { episode }).await;
    let began = Instant::now();
    while podcasts.files().is_empty() {
        assert!(began.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let unfinished = podcasts.files();
    assert_eq!(unfinished.len(), 1);
    assert!(unfinished[0].starts_with(&format!("{episode}.")));
    assert!(!unfinished.contains(&format!("{episode}.mp3")));
    // Files that nobody speaks of, as a killed process leaves them.
    let folder = podcasts.house.path("podcasts");
    fs::write(folder.join(added.id.to_string()).join("ep-0000000000000.mp3"), "x").unwrap();
    fs::create_dir(folder.join(PodcastId(1).to_string())).unwrap();
    fs::create_dir(folder.join("mine")).unwrap();
    podcasts.web.show("/1.mp3", mp3(1));
    podcasts.house.reopen_as_it_is().await;
    let found = podcasts.ended(episode).await;
    assert_eq!((found.status, found.error), (EpisodeStatus::Completed, None));
    assert_eq!(podcasts.files(), [format!("{episode}.mp3")]);
    assert!(folder.join("mine").exists(), "what was not made here is left alone");
    assert!(!folder.join(PodcastId(1).to_string()).exists());
}

#[tokio::test]
async fn a_download_can_be_given_up() {
    let podcasts = Podcasts::new().await;
    let web = &podcasts.web;
    web.show("/a.xml", web.feed("A", &[(1, "/1.mp3")]));
    let slow = feed_server::Page { status: 200, headers: String::new(), body: mp3(1), stops: true };
    web.show_page("/1.mp3", slow);
    let added = podcasts.added("/a.xml").await;
    let episode = podcasts.episodes(added.id).await[0].id;
    podcasts.house.ask_once(DownloadEpisode { episode }).await;
    let began = Instant::now();
    while web.asked("/1.mp3").is_empty() {
        assert!(began.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let found = podcasts.house.ask_once(RemoveDownload { episode }).await;
    assert_eq!(found.status, EpisodeStatus::Deleted);
    while !podcasts.files().is_empty() {
        assert!(began.elapsed() < PATIENCE, "{:?}", podcasts.files());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(podcasts.ended(episode).await.status, EpisodeStatus::Deleted);
}

#[tokio::test]
async fn a_channel_and_its_episodes_have_its_picture() {
    let podcasts = Podcasts::new().await;
    let (house, web) = (&podcasts.house, &podcasts.web);
    web.show("/a.xml", web.feed("A", &[(1, "/1.mp3")]));
    web.show("/cover.png", png(32, 5));
    let added = podcasts.added("/a.xml").await;
    let episode = podcasts.episodes(added.id).await[0].clone();
    assert_eq!(episode.cover, added.cover);
    for of in [CoverOf::Podcast(added.id), CoverOf::Episode(episode.id)] {
        let cover = house.ask_as(listener(&[]), || LocateCover { of, size: None }).await.unwrap();
        assert_eq!(Some(cover.hash), added.cover.clone().and_then(|cover| cover.hash));
        let path = PathBuf::from(String::from_utf8(cover.path).unwrap());
        assert_eq!(fs::read(path).unwrap(), png(32, 5));
        let small = house.ask(|| LocateCover { of, size: Some(64) }).await;
        assert_eq!(small.content_type, "image/jpeg");
    }
    // It is fetched again when the feed names another one, or when it is lost.
    podcasts.refreshed(added.id).await;
    assert_eq!(web.asked("/cover.png").len(), 1);
    fs::remove_file(house.path("podcasts").join(added.id.to_string()).join("cover")).unwrap();
    web.show("/cover.png", png(32, 6));
    assert_ne!(podcasts.refreshed(added.id).await.cover, added.cover);
    web.show("/cover.png", "no picture");
    fs::remove_file(house.path("podcasts").join(added.id.to_string()).join("cover")).unwrap();
    let without = podcasts.refreshed(added.id).await;
    assert_eq!((without.status, without.cover), (PodcastStatus::Completed, None));
}

#[tokio::test]
async fn a_feed_of_ten_thousand_episodes_is_paged_through() {
    let podcasts = Podcasts::new().await;
    let (house, web) = (&podcasts.house, &podcasts.web);
    let numbers: Vec<_> = (0..10_000).map(|number| (number, "/1.mp3")).collect();
    // Without a bound a page of 500 would have half a million bytes.
    let long = format!("About {} ", "long ".repeat(200));
    web.show("/a.xml", web.feed("Long", &numbers).replace("About ", &long));
    web.show("/b.xml", web.feed("Short", &[(1, "/1.mp3")]));
    let (long, short) = (podcasts.added("/a.xml").await, podcasts.added("/b.xml").await);
    assert_eq!((long.episode_count, short.episode_count), (10_000, 1));
    for (podcast, wanted) in [(Some(long.id), 10_000), (Some(short.id), 1), (None, 10_001)] {
        let (mut paging, mut found) = (Paging::first(500), Vec::new());
        loop {
            let page = house.ask_once(ListEpisodes { podcast, paging: paging.clone() }).await;
            assert!(serde_json_len(&page) < 300_000);
            found.extend(page.items);
            match page.next_cursor {
                Some(cursor) => paging.cursor = Some(cursor),
                None => break,
            }
        }
        assert_eq!(found.len(), wanted);
        assert!(found.is_sorted_by(|one, next| one.published_at >= next.published_at));
        found.sort_by_key(|episode| episode.id);
        found.dedup_by_key(|episode| episode.id);
        assert_eq!(found.len(), wanted);
    }
    let titles: Vec<_> = house.ask(ListPodcasts::default).await.items;
    assert_eq!(titles.iter().map(|p| p.title.as_str()).collect::<Vec<_>>(), ["Long", "Short"]);
    house.ask_once(RemovePodcast { podcast: long.id }).await;
    assert_eq!(house.ask(ListEpisodes::default).await.items.len(), 1);
}

/// About how long a page is in a message.
fn serde_json_len(page: &Page<Episode>) -> usize {
    page.items.iter().map(|episode| 300 + episode.title.len() + episode.description.len()).sum()
}

#[tokio::test]
async fn administrators_manage_and_everybody_listens() {
    let podcasts = Podcasts::new().await;
    let (house, web) = (&podcasts.house, &podcasts.web);
    web.show("/a.xml", web.feed("A", &[(1, "/1.mp3")]));
    let podcast = podcasts.added("/a.xml").await.id;
    let episode = podcasts.episodes(podcast).await[0].id;
    let url = format!("{}/b.xml", web.url);
    macro_rules! refused {
        ($caller:expr, $($call:expr),+) => {$(
            let outcome = house.ask_as($caller, || $call).await;
            assert!(matches!(outcome, Err(CallError::Refused(CatalogError::Forbidden))), "{outcome:?}");
        )+};
    }
    for caller in [listener(&[]), Caller::Anonymous] {
        refused!(
            caller.clone(),
            AddPodcast { url: url.clone() },
            RemovePodcast { podcast },
            RefreshPodcasts { podcast: None },
            RefreshPodcasts { podcast: Some(podcast) },
            DownloadEpisode { episode },
            RemoveDownload { episode }
        );
    }
    refused!(
        Caller::Anonymous,
        ListPodcasts::default(),
        GetPodcast { podcast },
        ListEpisodes::default(),
        GetEpisode { episode },
        LocateEpisode { episode }
    );
    let seen = house.ask_as(listener(&[]), || GetPodcast { podcast }).await.unwrap();
    assert_eq!((seen.title.as_str(), seen.url), ("A", None), "addresses of feeds are secrets");
    assert!(house.ask_as(listener(&[]), || GetEpisode { episode }).await.is_ok());
    let nobody = (PodcastId(1), EpisodeId(1));
    for outcome in [
        house.ask_as(Caller::System, || RemovePodcast { podcast: nobody.0 }).await.err(),
        house.ask_as(Caller::System, || RefreshPodcasts { podcast: Some(nobody.0) }).await.err(),
        house.ask_as(Caller::System, || DownloadEpisode { episode: nobody.1 }).await.err(),
        house.ask_as(Caller::System, || RemoveDownload { episode: nobody.1 }).await.err(),
        house.ask_as(Caller::System, || LocateEpisode { episode: nobody.1 }).await.err(),
    ] {
        assert!(matches!(outcome, Some(CallError::Refused(CatalogError::NotFound { .. }))));
    }
}
