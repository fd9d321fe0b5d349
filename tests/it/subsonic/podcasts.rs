//! Podcasts, as apps show and keep them.

use serde_json::{Value, json};

use super::{
    answers::{both, calm},
    stage::{App, envelope, list},
};
use crate::{
    faults::wire::until,
    podcasts::stage::{Stage, sound, stage},
    support::{post, text},
};

/// A podcast whose older episode is fetched, with the apps of who keeps it and who listens.
pub(super) fn kept() -> (Stage, App, App) {
    let stage = stage();
    let keeper = App::of(&stage.server, &stage.admin, "guido");
    let listener = App::of(&stage.server, &stage.ida, "ida");
    keeper.done("createPodcastChannel", &format!("url={}", stage.web.url("/feed.xml")));
    let podcasts = keeper.ask("getPodcasts", "includeEpisodes=false", "podcasts");
    stage.settled(text(&podcasts["channel"][0]["id"]));
    let [_, episode] = &episodes(&keeper)[..] else { panic!("there are two") };
    keeper.done("downloadPodcastEpisode", &format!("id={}", text(&episode["id"])));
    until("an episode is fetched", || {
        let found = episodes(&keeper).pop()?;
        (found["status"] == "completed").then_some(found)
    });
    (stage, keeper, listener)
}

fn episodes(app: &App) -> Vec<Value> {
    let podcasts = app.ask("getPodcasts", "", "podcasts");
    list(&podcasts["channel"][0]["episode"])
}

pub(super) fn calls(app: &App) -> Vec<(&'static str, &'static str, String)> {
    let episode = episodes(app).pop().expect("there are two");
    let (id, channel) = (text(&episode["id"]), text(&episode["channelId"]));
    vec![
        ("getPodcasts", "getPodcasts", String::new()),
        ("podcast_channels", "getPodcasts", "includeEpisodes=false".to_owned()),
        ("podcast_channel", "getPodcasts", format!("id={channel}")),
        ("getNewestPodcasts", "getNewestPodcasts", "count=1".to_owned()),
        ("getPodcastEpisode", "getPodcastEpisode", format!("id={id}")),
    ]
}

#[test]
fn podcasts_are_shown() {
    let (stage, _, listener) = kept();
    for (name, method, query) in calls(&listener) {
        let answers = both(&listener, method, &query).replace(&stage.web.url(""), "http://web");
        insta::assert_snapshot!(name, calm(&answers));
    }
}

#[test]
fn an_episode_is_streamed_and_has_a_cover() {
    let (stage, _, listener) = kept();
    let episode = episodes(&listener).pop().expect("there are two");
    let id = text(&episode["streamId"]);
    assert_eq!(listener.send("stream", &format!("id={id}")).expect(200).body, sound());
    assert_eq!(listener.send("download", &format!("id={id}")).expect(200).body, sound());
    let made = listener.send("stream", &format!("id={id}&format=opus&maxBitRate=64")).expect(200);
    let kind = made.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("audio/ogg"), "{kind}");
    for cover in [text(&episode["coverArt"]), text(&episode["channelId"]), id] {
        let cover = listener.send("getCoverArt", &format!("id={cover}&size=64")).expect(200);
        assert_eq!(cover.header("content-type"), Some("image/jpeg"));
    }
    let client = json!({
        "name": "a", "platform": "b",
        "directPlayProfiles": [{
            "containers": ["flac"], "audioCodecs": ["flac"], "protocols": ["http"],
            "maxAudioChannels": 2,
        }],
    });
    let query = format!("f=json&{}&mediaId={id}&mediaType=podcast", listener.credential);
    let decide = post(&format!("/rest/getTranscodeDecision?{query}")).json(&client);
    let decided = envelope(&stage.server.send(decide));
    assert_eq!(decided["transcodeDecision"]["canDirectPlay"], true, "{decided}");
    let absent = &episodes(&listener)[0];
    assert!(absent["streamId"].is_null());
    assert_eq!(absent["status"], "skipped");
    assert_eq!(listener.code("stream", &format!("id={}", text(&absent["id"]))), 70);
}

#[test]
fn podcasts_are_kept_by_administrators() {
    let (stage, keeper, listener) = kept();
    let episode = episodes(&keeper).pop().expect("there are two");
    let (id, channel) = (text(&episode["id"]), text(&episode["channelId"]));
    let url = stage.web.url("/feed.xml");
    for (method, query) in [
        ("createPodcastChannel", format!("url={url}")),
        ("deletePodcastChannel", format!("id={channel}")),
        ("refreshPodcasts", String::new()),
        ("downloadPodcastEpisode", format!("id={id}")),
        ("deletePodcastEpisode", format!("id={id}")),
    ] {
        assert_eq!(listener.code(method, &query), 50, "{method}");
    }
    let role = |app: &App, name| app.ask("getUser", &format!("username={name}"), "user");
    assert_eq!(role(&keeper, "guido")["podcastRole"], true);
    assert_eq!(role(&listener, "ida")["podcastRole"], false);
    assert_eq!(keeper.code("createPodcastChannel", "url=http://10.0.0.1/"), 10);
    assert_eq!(keeper.code("createPodcastChannel", ""), 10);
    assert_eq!(keeper.code("getPodcasts", "id=pc-0000000000000"), 70);
    assert_eq!(keeper.code("getPodcastEpisode", "id=x"), 70);

    keeper.done("refreshPodcasts", "");
    stage.settled(channel);
    keeper.done("deletePodcastEpisode", &format!("id={id}"));
    let found = keeper.ask("getPodcastEpisode", &format!("id={id}"), "podcastEpisode");
    assert_eq!(found["status"], "deleted");
    assert_eq!(keeper.code("stream", &format!("id={id}")), 70);
    keeper.done("deletePodcastChannel", &format!("id={channel}"));
    let podcasts = listener.ask("getPodcasts", "", "podcasts");
    assert_eq!(list(&podcasts["channel"]), [] as [Value; 0]);
}

#[test]
fn hostile_values_are_answered() {
    let (_stage, keeper, listener) = kept();
    let methods = [
        ("getPodcasts", "id"),
        ("getPodcasts", "includeEpisodes"),
        ("getNewestPodcasts", "count"),
        ("getPodcastEpisode", "id"),
        ("createPodcastChannel", "url"),
        ("deletePodcastChannel", "id"),
        ("downloadPodcastEpisode", "id"),
        ("deletePodcastEpisode", "id"),
        ("stream", "id"),
        ("getCoverArt", "id"),
    ];
    let values = [
        "-1",
        "99999999999999999999",
        "ep-zzzzzzzzzzzzz",
        "pc-0000000000000",
        "%FF%00",
        "..%2F..%2Fx",
    ];
    for (method, name) in methods {
        for value in values {
            for app in [&keeper, &listener] {
                let envelope = app.envelope(method, &format!("{name}={value}"));
                assert!(envelope["status"].is_string(), "{method} {value}: {envelope}");
            }
        }
    }
    assert_eq!(episodes(&keeper).len(), 2, "nothing was lost by it");
}
