//! The other end means no good.

use hexachord_contracts::{
    CallError, Caller,
    catalog::{AddPodcast, CatalogError, EpisodeStatus, PodcastStatus},
};
use hexachord_outgoing::{Client, Guard};
use http::HeaderValue;

use super::{Podcasts, mp3};
use crate::feed_server::Page;

#[tokio::test]
async fn addresses_inside_are_refused_without_a_word_in_the_configuration() {
    let strict = Client::new(Guard::default(), HeaderValue::from_static("Hexachord/0"));
    let podcasts = Podcasts::with(|settings| settings.client = strict).await;
    let port = podcasts.web.url.rsplit(':').next().unwrap().to_owned();
    podcasts.web.show("/a.xml", podcasts.web.feed("Secret", &[]));
    for url in [
        podcasts.web.url.clone(),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://[::1]/feed".to_owned(),
        "http://2130706433/feed".to_owned(),
        "file:///etc/passwd".to_owned(),
        "http://who:secret@example.org/feed".to_owned(),
        "feed".to_owned(),
    ] {
        let outcome =
            podcasts.house.ask_as(Caller::System, || AddPodcast { url: url.clone() }).await;
        let Err(CallError::Refused(CatalogError::Invalid { field, .. })) = outcome else {
            panic!("{url}: {outcome:?}");
        };
        assert_eq!(field, "url");
    }
    // A name can only be judged when it is looked up.
    let url = format!("http://localhost:{port}/a.xml");
    let added = podcasts.house.ask(|| AddPodcast { url: url.clone() }).await;
    let found = podcasts.settled(added.id).await;
    assert_eq!(found.status, PodcastStatus::Error);
    assert_eq!(podcasts.web.asked("/a.xml").len(), 0);
}

#[tokio::test]
async fn nothing_sends_inside() {
    // Only this server may be asked.
    let podcasts = Podcasts::new().await;
    let web = &podcasts.web;
    let inside = "location: http://10.0.0.1/secret\r\n".to_owned();
    let to_inside = Page { status: 302, headers: inside, body: vec![], stops: false };
    web.show_page("/moved.xml", to_inside.clone());
    let moved = podcasts.added("/moved.xml").await;
    assert!(moved.error.is_some_and(|error| error.contains("outgoing.allowed_networks")));

    let feed = web.feed("A", &[(1, "/1.mp3"), (2, "/2.mp3")]);
    let direct = format!("{}/2.mp3", web.url);
    web.show("/a.xml", feed.replace(&direct, "http://192.168.0.1/2.mp3"));
    web.show_page("/1.mp3", to_inside.clone());
    web.show_page("/cover.png", to_inside);
    let added = podcasts.added("/a.xml").await;
    assert_eq!((added.status, added.cover), (PodcastStatus::Completed, None));
    for episode in podcasts.episodes(added.id).await {
        let found = podcasts.downloaded(episode.id).await;
        assert_eq!(found.status, EpisodeStatus::Error);
        assert!(found.error.is_some_and(|error| error.contains("outgoing.allowed_networks")));
    }
    assert!(podcasts.files().is_empty());
}

#[tokio::test]
async fn what_is_no_sound_is_not_kept() {
    let podcasts = Podcasts::with(|settings| settings.episode_bytes = 1024 * 1024).await;
    let web = &podcasts.web;
    let paths = ["/text", "/empty", "/large", "/gone", "/packed", "/name"];
    let episodes: Vec<_> = (1..).zip(paths).collect();
    web.show("/a.xml", web.feed("A", &episodes));
    web.show("/text", "<html><script>alert(1)</script></html>");
    web.show("/empty", "");
    web.show("/large", vec![0; 1024 * 1024 + 1]);
    let packed = "content-encoding: gzip\r\n".to_owned();
    web.show_page("/packed", Page { status: 200, headers: packed, body: mp3(1), stops: false });
    let named = "content-disposition: attachment; filename=../../../x.sh\r\n".to_owned();
    web.show_page("/name", Page { status: 200, headers: named, body: mp3(2), stops: false });
    let added = podcasts.added("/a.xml").await;
    let mut found = podcasts.episodes(added.id).await;
    found.reverse();
    let reasons =
        ["cannot be played", "cannot be played", "larger than 1 MiB", "answers 404", "packed"];
    for (episode, reason) in found.iter().zip(reasons) {
        let ended = podcasts.downloaded(episode.id).await;
        assert_eq!(ended.status, EpisodeStatus::Error, "{reason}");
        assert!(ended.error.as_ref().is_some_and(|error| error.contains(reason)), "{ended:?}");
    }
    let named = podcasts.downloaded(found[5].id).await;
    assert_eq!(named.status, EpisodeStatus::Completed);
    assert_eq!(podcasts.files(), [format!("{}.mp3", named.id)]);
}

#[tokio::test]
async fn feeds_of_bad_shape_are_told() {
    let podcasts = Podcasts::new().await;
    let web = &podcasts.web;
    let deep = "<itunes:category text=\"x\">".repeat(100_000);
    let bodies = [
        (web.feed("A", &[]).replace("<link>", &format!("{deep}<link>")).into_bytes(), "nested"),
        (vec![b'<'; 21 * 1024 * 1024], "larger than"),
        (b"PK\x03\x04".to_vec(), "neither RSS nor Atom"),
        (vec![], "neither RSS nor Atom"),
    ];
    for (number, (body, why)) in bodies.into_iter().enumerate() {
        let path = format!("/{number}.xml");
        web.show(&path, body);
        let found = podcasts.added(&path).await;
        assert_eq!(found.status, PodcastStatus::Error, "{why}");
        assert!(found.error.as_ref().is_some_and(|error| error.contains(why)), "{found:?}");
    }
}
