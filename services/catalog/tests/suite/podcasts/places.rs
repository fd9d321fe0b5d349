//! What is given up, what failed, and how much is told at a time.

use std::time::{Duration, Instant};

use hexachord_contracts::{
    catalog::{DownloadEpisode, EpisodeStatus, ListPodcasts, RemoveDownload, RemovePodcast},
    page::Paging,
};

use super::{PATIENCE, Podcasts, mp3};
use crate::{covers::png, feed_server};

#[tokio::test]
async fn what_is_given_up_or_removed_holds_no_place() {
    let podcasts = Podcasts::new().await;
    let web = &podcasts.web;
    let slow = feed_server::Page { status: 200, headers: String::new(), body: mp3(1), stops: true };
    let episodes: Vec<_> = (1..=5).map(|number| (number, "/slow.mp3")).collect();
    web.show("/a.xml", web.feed("A", &episodes[..2]));
    web.show("/b.xml", web.feed("B", &[(3, "/slow.mp3"), (4, "/slow.mp3")]));
    web.show("/c.xml", web.feed("C", &[(5, "/5.mp3")]));
    web.show_page("/slow.mp3", slow);
    web.show("/5.mp3", mp3(5));
    let (a, b) = (podcasts.added("/a.xml").await, podcasts.added("/b.xml").await);
    let c = podcasts.added("/c.xml").await;
    let began = Instant::now();
    for (of, fetched) in [(&a, 2), (&b, 4)] {
        for episode in podcasts.episodes(of.id).await {
            podcasts.house.ask_once(DownloadEpisode { episode: episode.id }).await;
        }
        while web.asked("/slow.mp3").len() < fetched {
            assert!(began.elapsed() < PATIENCE);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if of.id == a.id {
            for episode in podcasts.episodes(of.id).await {
                podcasts.house.ask_once(RemoveDownload { episode: episode.id }).await;
            }
        } else {
            podcasts.house.ask_once(RemovePodcast { podcast: of.id }).await;
        }
    }
    let last = podcasts.episodes(c.id).await[0].id;
    assert_eq!(podcasts.downloaded(last).await.status, EpisodeStatus::Completed);
}

#[tokio::test]
async fn a_picture_that_failed_is_tried_again_and_the_old_one_stays() {
    let podcasts = Podcasts::new().await;
    let web = &podcasts.web;
    let marked = |feed: String| feed_server::Page {
        status: 200,
        headers: "etag: \"seven\"\r\n".to_owned(),
        body: feed.into_bytes(),
        stops: false,
    };
    let feed = web.feed("A", &[(1, "/1.mp3")]);
    web.show_page("/a.xml", marked(feed.clone()));
    let added = podcasts.added("/a.xml").await;
    assert_eq!(added.cover, None);
    web.show("/cover.png", png(32, 5));
    let shown = podcasts.refreshed(added.id).await.cover;
    assert!(shown.is_some());
    assert!(!web.asked("/a.xml")[1].contains("if-none-match"), "it would not be sent again");

    web.show_page("/a.xml", marked(feed.replace("/cover.png", "/other.png")));
    assert_eq!(podcasts.refreshed(added.id).await.cover, shown, "the old one stays");
    assert!(web.asked("/a.xml")[2].contains("if-none-match"));
    web.show("/other.png", png(32, 6));
    let other = podcasts.refreshed(added.id).await.cover;
    assert!(other.is_some() && other != shown);
    assert!(!web.asked("/a.xml")[3].contains("if-none-match"));
}

#[tokio::test]
async fn a_page_has_at_most_thirty_channels() {
    let podcasts = Podcasts::new().await;
    for number in 0..35 {
        podcasts.add(&format!("/{number}.xml")).await;
    }
    let (mut paging, mut lengths) = (Paging::first(500), Vec::new());
    loop {
        let page = podcasts.house.ask_once(ListPodcasts { paging: paging.clone() }).await;
        lengths.push(page.items.len());
        let Some(cursor) = page.next_cursor else { break };
        paging.cursor = Some(cursor);
    }
    assert_eq!(lengths, [30, 5]);
}
