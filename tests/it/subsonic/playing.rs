//! What is played now, and what comes of it: a play, and only one.

use std::time::Duration;

use hexachord_contracts::{Clock, Timestamp};
use serde_json::{Value, json};

use super::stage::{App, list, stage, stage_at};

fn report(song: &str, state: &str, position: u64) -> String {
    format!("mediaId={song}&mediaType=song&positionMs={position}&state={state}")
}

fn playing(app: &App) -> Vec<Value> {
    list(&app.ask("getNowPlaying", "", "nowPlaying")["entry"])
}

fn plays(app: &App, song: &str) -> Value {
    app.ask("getSong", &format!("id={song}"), "song")["playCount"].clone()
}

#[test]
fn everybody_sees_what_is_played() {
    let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
    let (server, app) = stage_at(clock.clone());
    let ben = App::of(&server, &server.member("ben", "listener"), "ben");
    let song = app.song("Ut 1");
    assert_eq!(playing(&app), [json!(null); 0]);
    app.done("reportPlayback", &format!("{}&playbackRate=1.5", report(&song, "paused", 20)));
    clock.advance(Duration::from_secs(150));
    let [seen] = &playing(&ben)[..] else { panic!("one is played") };
    let expected = [
        ("id", json!(song)),
        ("title", json!("Ut 1")),
        ("username", json!("ida")),
        ("playerName", json!("suite")),
        ("minutesAgo", json!(2)),
        ("state", json!("paused")),
        ("positionMs", json!(20)),
        ("playbackRate", json!(1.5)),
    ];
    for (name, value) in expected {
        assert_eq!(seen[name], value, "{name}: {seen}");
    }
    let number = seen["playerId"].as_i64().expect("it is an integer");
    assert!(i32::try_from(number).is_ok_and(|number| number >= 0), "{number}");
    // It moves by itself, and ends with the song.
    app.done("reportPlayback", &report(&song, "playing", 0));
    clock.advance(Duration::from_millis(50));
    let [seen] = &playing(&ben)[..] else { panic!("one is played") };
    assert_eq!((&seen["state"], &seen["positionMs"]), (&json!("playing"), &json!(50)));
    assert_eq!(seen["playerId"], number, "the player is the same");
    ben.done("scrobble", &format!("id={}&submission=false", app.song("Re 1")));
    let both: Vec<_> = playing(&app).iter().map(|entry| entry["username"].clone()).collect();
    assert_eq!(both, ["ben", "ida"], "the latest first");
    app.done("reportPlayback", &report(&song, "stopped", 60));
    clock.advance(Duration::from_hours(1));
    assert_eq!(playing(&app), [json!(null); 0]);
}

#[test]
fn a_play_that_is_told_of_twice_counts_once() {
    let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
    let (_server, app) = stage_at(clock.clone());
    let heard = |song: &str| {
        app.done("reportPlayback", &report(song, "starting", 0));
        app.done("reportPlayback", &report(song, "playing", 0));
        clock.advance(Duration::from_mins(10));
        let length = u64::from(u32::MAX);
        app.done("reportPlayback", &report(song, "stopped", length.min(600_000)));
    };
    // Reported, then told of…
    let one = app.song("Ut 1");
    heard(&one);
    assert_eq!(plays(&app, &one), 1);
    app.done("scrobble", &format!("id={one}"));
    assert_eq!(plays(&app, &one), 1, "by the same app");
    // …and told of while it goes on.
    let two = app.song("Re 1");
    app.done("scrobble", &format!("id={two}&submission=false"));
    app.done("scrobble", &format!("id={two}&time={}", clock.now().as_millis()));
    heard(&two);
    assert_eq!(plays(&app, &two), 1);
    // Another app is another device.
    let mut other = app.clone();
    other.credential = app.credential.replace("c=suite", "c=other");
    clock.advance(Duration::from_mins(1));
    other.done("scrobble", &format!("id={one}"));
    assert_eq!(plays(&app, &one), 2);
    // What is not to count does not.
    let three = app.song("Ut 2");
    for state in ["starting", "playing", "stopped"] {
        let report = report(&three, state, if state == "stopped" { 600_000 } else { 0 });
        app.done("reportPlayback", &format!("{report}&ignoreScrobble=true"));
        clock.advance(Duration::from_mins(10));
    }
    app.done("scrobble", &format!("id={three}&submission=false"));
    clock.advance(Duration::from_mins(10));
    app.done("scrobble", &format!("id={one}&submission=false"));
    app.send("stream", &format!("id={three}")).expect(200);
    assert_eq!(plays(&app, &three), 0);
}

#[test]
fn reports_are_of_songs_and_players() {
    let (_server, app) = stage();
    let song = app.song("Ut 1");
    let good = report(&song, "playing", 0);
    for (wrong, code) in [
        (good.replace("playing", "dancing"), 10),
        (good.replace("playing", "PLAYING"), 10),
        (good.replace("=song", "=video"), 10),
        (good.replace("=song", "=podcast"), 70),
        (good.replace(&song, "tr-0000000000000"), 70),
        (good.replace(&song, "x"), 70),
        (good.replace("positionMs=0", "positionMs=-1"), 10),
        (good.replace("positionMs=0", "positionMs=2592000001"), 10),
        (format!("{good}&playbackRate=-1"), 10),
        (format!("{good}&playbackRate=NaN"), 10),
        (format!("{good}&playbackRate=inf"), 10),
        (format!("{good}&playbackRate=17"), 10),
        (format!("{good}&ignoreScrobble=maybe"), 10),
    ] {
        assert_eq!(app.code("reportPlayback", &wrong), code, "{wrong}");
    }
    let far = app.envelope("reportPlayback", &good.replace("Ms=0", "Ms=9999999999"));
    assert_eq!(far["error"]["message"], "parameter positionMs: is more than 30 days");
    let fast = app.envelope("reportPlayback", &format!("{good}&playbackRate=17"));
    assert_eq!(fast["error"]["message"], "parameter playbackRate: is more than 16000");
    assert_eq!(app.code("scrobble", "id=tr-0000000000000&submission=false"), 70);
    assert_eq!(playing(&app), [json!(null); 0]);
}
