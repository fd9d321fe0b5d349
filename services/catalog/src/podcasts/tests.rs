//! Feeds of good and of bad will.

use hexachord_contracts::{Timestamp, ids::PodcastId};

use super::{
    feed::{MOST_EPISODES, ParsedFeed, parse},
    shape,
    text::{line, plain},
};
use crate::identity::episode_id;

const CHANNEL: PodcastId = PodcastId(1);
const URL: &str = "https://example.org/feed.xml";

fn read(feed: &str) -> Result<ParsedFeed, String> {
    parse(CHANNEL, URL, feed.as_bytes())
}

/// A feed of RSS 2.0 with these items.
fn rss(items: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Tones &amp; Times</title>
<atom:link rel="self" href="https://example.org/feed.xml"/><link>https://example.org/</link>
<description>&lt;p&gt;On &lt;b&gt;sound&lt;/b&gt;.&lt;/p&gt;</description><copyright>© them</copyright>
<itunes:image href="https://example.org/cover.jpg"/>{items}</channel></rss>"#
    )
}

#[test]
fn a_feed_of_rss_is_read() {
    let feed = read(&rss(
        r#"<item><title>One</title><guid isPermaLink="false">a-1</guid>
<pubDate>Tue, 14 Nov 2023 22:13:20 GMT</pubDate><itunes:duration>1:02:03</itunes:duration>
<description><![CDATA[<p>First.</p><script>alert(1)</script><p>Second &amp; last.</p>]]></description>
<enclosure url="https://example.org/1.mp3?a=1&amp;b=2" length="1234" type="audio/mpeg"/></item>
<item><title>No sound</title><guid>a-2</guid></item>
<item><guid>a-3</guid><enclosure url="https://example.org/3.m4a" length="0" type="audio/x-m4a"/></item>
<item><title>No guid</title><enclosure url="https://example.org/4.mp3" type="audio/mpeg"/></item>"#,
    ))
    .unwrap();
    let channel = &feed.channel;
    assert_eq!(channel.title, "Tones & Times");
    assert_eq!(channel.description, "On sound.");
    assert_eq!(channel.link.as_deref(), Some("https://example.org/"));
    assert_eq!(channel.picture_url.as_deref(), Some("https://example.org/cover.jpg"));
    assert_eq!(channel.copyright.as_deref(), Some("© them"));
    assert_eq!(feed.episodes.len(), 3);
    let (id, one) = &feed.episodes[0];
    assert_eq!(*id, episode_id(CHANNEL, "a-1"));
    assert_eq!(one.title, "One");
    assert_eq!(one.description, "First.\n\nSecond & last.");
    assert_eq!(one.url, "https://example.org/1.mp3?a=1&b=2");
    assert_eq!((one.size, one.duration_ms), (Some(1234), Some(3_723_000)));
    assert_eq!(one.content_type.as_deref(), Some("audio/mpeg"));
    assert_eq!(one.published_at, Some(Timestamp::from_millis(1_700_000_000_000)));
    assert_eq!(feed.episodes[1].1.title, "Untitled");
    assert_eq!(feed.episodes[1].1.size, None);
    assert_eq!(feed.episodes[2].0, episode_id(CHANNEL, "https://example.org/4.mp3"));
}

#[test]
fn a_feed_of_atom_is_read() {
    let feed = read(
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title><id>urn:x</id>
<updated>2023-11-14T22:13:20Z</updated><entry><title>One</title><id>urn:1</id>
<updated>2023-11-14T22:13:20Z</updated><summary>Short.</summary>
<link rel="enclosure" type="audio/mpeg" length="99" href="https://example.org/1.mp3"/></entry></feed>"#,
    )
    .unwrap();
    assert_eq!(feed.channel.title, "Atom");
    let (id, one) = &feed.episodes[0];
    assert_eq!(*id, episode_id(CHANNEL, "urn:1"));
    assert_eq!((one.url.as_str(), one.size), ("https://example.org/1.mp3", Some(99)));
    assert_eq!(one.description, "Short.");
}

#[test]
fn only_sound_from_the_web_is_an_episode() {
    for (url, kind) in [
        ("https://example.org/1.mp4", "video/mp4"),
        ("https://example.org/1.jpg", "image/jpeg"),
        ("file:///etc/passwd", "audio/mpeg"),
        ("javascript:alert(1)", "audio/mpeg"),
        ("ftp://example.org/1.mp3", "audio/mpeg"),
    ] {
        let item = format!(
            r#"<item><guid>x</guid><enclosure url="{url}" length="1" type="{kind}"/></item>"#
        );
        assert_eq!(read(&rss(&item)).unwrap().episodes, [], "{url}");
    }
    let both = r#"<item><guid>x</guid><media:content url="https://example.org/v.mp4" type="video/mp4"/>
<media:content url="https://example.org/a.mp3" type="audio/mpeg"/></item>"#;
    assert_eq!(read(&rss(both)).unwrap().episodes[0].1.url, "https://example.org/a.mp3");
}

#[test]
fn impossible_numbers_are_told() {
    let item = "<item><guid>x</guid><itunes:duration>99999999999999999999999</itunes:duration>\
        <enclosure url=\"https://example.org/1.mp3\" length=\"99999999999999999999999\" type=\"audio/mpeg\"/></item>";
    let refused = read(&rss(item)).unwrap_err();
    assert!(refused.contains("impossible"), "{refused}");
}

#[test]
fn the_same_episode_twice_is_one() {
    let item = r#"<item><guid>x</guid><enclosure url="https://example.org/1.mp3" type="audio/mpeg"/></item>"#;
    assert_eq!(read(&rss(&item.repeat(3))).unwrap().episodes.len(), 1);
}

#[test]
fn what_is_no_feed_is_refused() {
    for feed in [
        "",
        "hello",
        "<html><body>Sign in</body></html>",
        "<!doctype html><p>x",
        "<rss",
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": []}"#,
    ] {
        let refused = read(feed).unwrap_err();
        assert!(refused.contains("feed"), "{feed}: {refused}");
    }
}

#[test]
fn entities_of_its_own_are_not_multiplied() {
    let mut bomb = String::from("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\">");
    for (name, of) in ["b", "c", "d", "e", "f", "g", "h", "i"]
        .iter()
        .zip(["a", "b", "c", "d", "e", "f", "g", "h"])
    {
        let ten = format!("&{of};").repeat(10);
        bomb.extend(["<!ENTITY ", name, " \"", &ten, "\">"]);
    }
    bomb += "<!ENTITY file SYSTEM \"file:///etc/passwd\">]>";
    bomb += "<rss version=\"2.0\"><channel><title>&i;&file;</title></channel></rss>";
    if let Ok(feed) = read(&bomb) {
        assert!(feed.channel.title.len() < 1000, "{}", feed.channel.title.len());
        assert!(!feed.channel.title.contains("root:"));
    }
}

#[test]
fn depth_is_bounded_before_anything_is_built() {
    let deep =
        "<itunes:category text=\"x\">".repeat(100_000) + &"</itunes:category>".repeat(100_000);
    let refused = read(&rss(&deep)).unwrap_err();
    assert!(refused.contains("nested deeper"), "{refused}");
    let open = "<item>".repeat(100_000);
    assert!(read(&rss(&open)).is_err());
}

/// In UTF-8 all of it is a comment, in UTF-16 it is deep enough to take the stack.
#[test]
fn the_encoding_that_is_declared_is_the_one_that_is_looked_at() {
    let mut feed =
        format!("{:64}", "<?xml version=\"1.0\" encoding=\"UTF-16LE\"?><rss version=\"2.0\">")
            .into_bytes();
    assert_eq!(feed.len(), 64, "so much is decoded before the encoding is known");
    feed.extend(b"<!--");
    let deep = format!("<channel><item>{}", "<media:group>".repeat(60_000));
    feed.extend(deep.encode_utf16().flat_map(u16::to_le_bytes));
    feed.extend(b"--> </rss>");
    // Only the look at its shape: the parser would not come back.
    let refused = shape::check(&feed, MOST_EPISODES).unwrap_err();
    assert!(refused.contains("more than 8 groups"), "{refused}");
}

#[test]
fn a_feed_in_another_encoding_is_read() {
    let mut feed =
        b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss version=\"2.0\"><channel>".to_vec();
    feed.extend(b"<title>Caf\xE9</title></channel></rss>");
    assert_eq!(parse(CHANNEL, URL, &feed).unwrap().channel.title, "Caf\u{e9}");
}

#[test]
fn an_encoding_that_is_told_late_is_impossible() {
    let late = format!("{}<?xml version=\"1.0\" encoding=\"UTF-16LE\"?>", "<x/>".repeat(100));
    let refused = read(&rss(&late)).unwrap_err();
    assert!(refused.contains("impossible"), "{refused}");
}

#[test]
fn what_is_copied_within_an_episode_is_bounded() {
    let group = "<media:group><media:content url=\"https://example.org/a.mp3\"/></media:group>";
    let item = |groups: &str| rss(&format!("<item><guid>x</guid>{groups}</item>"));
    assert!(read(&item(&group.repeat(8))).is_ok());
    assert!(read(&rss(&format!("<item>{group}</item>").repeat(20))).is_ok());
    let within = format!("{}<item>{group}</item>", group.repeat(5)).repeat(2);
    for groups in [group.repeat(9), within] {
        let refused = read(&item(&groups)).unwrap_err();
        assert!(refused.contains("more than 8 groups"), "{refused}");
    }
    let long = format!("<description>{}</description>", "x".repeat(2 * 1024 * 1024 + 1));
    let refused = read(&item(&long)).unwrap_err();
    assert!(refused.contains("bytes of text"), "{refused}");
}

#[test]
fn only_a_page_for_people_is_shown_of_a_feed() {
    let link = |rest: &str| format!("<atom:link href=\"https://example.org/{rest}/>");
    let secrets = [
        "feed.xml?token=secret\" rel=\"first\"",
        "other?token=secret\" rel=\"next\"",
        "hub?token=secret\" rel=\"hub\"",
        "other?token=secret\" rel=\"alternate\" type=\"application/rss+xml\"",
        "feed.xml?token=secret#x\"",
    ];
    let links: String = secrets.into_iter().map(link).collect();
    let feed = rss("").replace("<link>https://example.org/</link>", &links);
    assert_eq!(read(&feed).unwrap().channel.link, None);
    let feed = rss("").replace("<link>https://example.org/</link>", &(links + &link("home\"")));
    assert_eq!(read(&feed).unwrap().channel.link.as_deref(), Some("https://example.org/home"));
}

#[test]
fn numbers_of_parts_are_bounded() {
    let refused = read(&rss(&"<item/>".repeat(MOST_EPISODES + 1))).unwrap_err();
    assert!(refused.contains("episodes"), "{refused}");
    let refused = read(&rss(&format!("<item>{}</item>", "<x/>".repeat(1_000_001)))).unwrap_err();
    assert!(refused.contains("parts"), "{refused}");
    let attributes = " a=\"\" b=\"\" c=\"\" d=\"\"".repeat(100);
    let refused = read(&rss(&format!("<item{attributes}/>").repeat(2_501))).unwrap_err();
    assert!(refused.contains("parts"), "{refused}");
}

#[test]
fn a_long_feed_is_read_whole() {
    let item = |n: u32| {
        format!(
            "<item><title>Episode {n}</title><guid>{n}</guid>\
             <enclosure url=\"https://example.org/{n}.mp3\" length=\"1\" type=\"audio/mpeg\"/></item>"
        )
    };
    let feed = read(&rss(&(0..10_000).map(item).collect::<String>())).unwrap();
    assert_eq!(feed.episodes.len(), 10_000);
}

#[test]
fn texts_are_plain_and_bounded() {
    for (text, wanted) in [
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>a</p>\n\n\n<p>b</p>", "a\n\nb"),
        ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
        ("&lt;b&gt; &#65;&#x42; &nope; &", "<b> AB &nope; &"),
        ("<a href='javascript:x'>link</a>", "link"),
        ("<!-- no -->yes<style>p{}</style>!", "yes!"),
        ("<script>never", ""),
        ("<b", "<b"),
        ("a\u{0}b\u{7}c", "abc"),
        ("  many   spaces ", "many spaces"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
    ] {
        assert_eq!(plain(text, 1000), wanted, "{text}");
    }
    assert_eq!(plain(&"ä".repeat(5000), 4000).chars().count(), 4000);
    assert_eq!(line("two\nlines <b>here</b>", 500), "two lines here");
    assert_eq!(line(&"x".repeat(600), 500).len(), 500);
}
