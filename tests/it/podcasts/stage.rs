//! A server that may ask a web server on the loopback, which has a podcast.

use hexachord_fixtures::{Format, Piece};
use image::ImageFormat;
use serde_json::{Value, json};

use crate::{
    faults::wire::until,
    support::{Member, Server, Setup, get, music, post, text, web::Web},
};

pub(crate) struct Stage {
    pub(crate) server: Server,
    pub(crate) web: Web,
    pub(crate) admin: Member,
    pub(crate) ida: Member,
}

pub(crate) fn stage() -> Stage {
    let mut setup = Setup::new();
    setup.config.outgoing.allowed_networks = vec!["127.0.0.0/8".parse().expect("it is a network")];
    stage_of(setup)
}

pub(crate) fn stage_of(setup: Setup) -> Stage {
    let (server, web) = (setup.start(), Web::start());
    let admin = server.member("guido", "administrator");
    let ida = server.member("ida", "listener");
    web.show("/feed.xml", feed(&web));
    web.show("/cover.png", music::picture(300, ImageFormat::Png));
    web.show("/1.flac", sound());
    Stage { server, web, admin, ida }
}

pub(crate) fn sound() -> Vec<u8> {
    Piece::new(Format::Flac, 7).bytes()
}

/// Two episodes; the sound of the first is there.
fn feed(web: &Web) -> String {
    let item = |number: u32, hour: u32| {
        let url = web.url(&format!("/{number}.flac"));
        format!(
            "<item><title>Episode {number}</title><guid>{number}</guid>\
             <pubDate>Tue, 14 Nov 2023 {hour:02}:13:20 GMT</pubDate>\
             <itunes:duration>1:0{number}</itunes:duration>\
             <description><![CDATA[<p>On <b>sound</b> &amp; <script>alert(1)</script>time.</p>]]></description>\
             <enclosure url=\"{url}\" length=\"1000\" type=\"audio/flac\"/></item>"
        )
    };
    format!(
        "<rss version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel>\
         <title>Tones &amp; Times</title><description>Of both</description>\
         <link>https://example.org/</link><itunes:image href=\"{}\"/>{}{}</channel></rss>",
        web.url("/cover.png"),
        item(2, 22),
        item(1, 21)
    )
}

impl Stage {
    /// Adds the podcast and waits until it was looked at.
    pub(crate) fn added(&self) -> Value {
        self.added_from(&self.web.url("/feed.xml"))
    }

    pub(crate) fn added_from(&self, url: &str) -> Value {
        let add = post("/api/v1/podcasts").bearer(&self.admin.token).json(&json!({ "url": url }));
        let added = self.server.send(add).expect(201).json();
        self.settled(text(&added["id"]))
    }

    pub(crate) fn settled(&self, podcast: &str) -> Value {
        until("a podcast is looked at", || {
            let found = self.server.read(&self.admin, &format!("/api/v1/podcasts/{podcast}"));
            ["completed", "error"].contains(&text(&found["status"])).then_some(found)
        })
    }

    /// The ids of its episodes, the newest first.
    pub(crate) fn episodes(&self, podcast: &Value) -> Vec<String> {
        let path = format!("/api/v1/podcasts/{}/episodes", text(&podcast["id"]));
        let page = self.server.read(&self.ida, &path);
        let items = page["items"].as_array().expect("a list has items");
        items.iter().map(|item| text(&item["id"]).to_owned()).collect()
    }

    /// Fetches the file of an episode, and waits for what comes of it.
    pub(crate) fn fetched(&self, episode: &str) -> Value {
        let fetch = post(&format!("/api/v1/episodes/{episode}/file")).bearer(&self.admin.token);
        self.server.send(fetch).expect(202);
        until("an episode is fetched", || {
            let get = get(&format!("/api/v1/episodes/{episode}")).bearer(&self.ida.token);
            let found = self.server.send(get).expect(200).json();
            (found["status"] != "downloading").then_some(found)
        })
    }
}
