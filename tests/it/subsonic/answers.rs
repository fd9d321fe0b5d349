//! Every answer as it is, in JSON and in XML.

use serde_json::Value;

use super::{
    calls::calls,
    stage::{App, list, stage},
};

/// Times, and ids that are made by chance, are not told.
fn redacted(answer: &str) -> String {
    let mut redacted = String::with_capacity(answer.len());
    for (number, part) in answer.split('"').enumerate() {
        if number > 0 {
            redacted.push('"');
        }
        let is_time = part.len() == 24 && part.ends_with('Z') && part.as_bytes()[10] == b'T';
        let is_now = part.len() == 13 && part.bytes().all(|byte| byte.is_ascii_digit());
        match part {
            _ if is_time => redacted.push_str("[time]"),
            _ if is_now => redacted.push_str("[milliseconds]"),
            _ if part.len() == 16 && part.starts_with("pl-") => redacted.push_str("pl-[id]"),
            _ if part.len() == 16 && part.starts_with("rs-") => redacted.push_str("rs-[id]"),
            _ if part.len() == 16 && part.starts_with("sh-") => redacted.push_str("sh-[id]"),
            _ if part.starts_with("http://127.0.0.1:") => redacted.push_str("[address]"),
            part => redacted.push_str(part),
        }
    }
    redacted
}

/// The same without ids of podcasts, which are made of the address of a test's server.
pub(super) fn calm(answer: &str) -> String {
    let is_id = |part: &str| part.starts_with("pc-") || part.starts_with("ep-");
    let calm = |part: &str| match part.split_once('_') {
        _ if !is_id(part) => part.to_owned(),
        Some((id, hash)) => format!("{}[id]_{hash}", &id[..3]),
        None => format!("{}[id]", &part[..3]),
    };
    answer.split('"').map(calm).collect::<Vec<_>>().join("\"")
}

/// An element a line.
fn indented(xml: &str) -> String {
    let (mut depth, mut text) = (0_usize, String::new());
    for part in xml.replace("><", ">\n<").lines() {
        let closes = part.starts_with("</");
        depth = depth.saturating_sub(usize::from(closes));
        text.push_str(&"  ".repeat(depth));
        text.push_str(part);
        text.push('\n');
        let is_open = part.starts_with('<') && !part.starts_with("<?") && !closes;
        let is_whole = part.ends_with("/>") || part.contains("</");
        depth += usize::from(is_open && !is_whole);
    }
    text
}

/// Both forms of an answer.
pub(super) fn both(app: &App, method: &str, query: &str) -> String {
    let mut json: Value = app.send(method, &format!("f=json&{query}")).expect(200).json();
    if let Some(indexes) = json["subsonic-response"].get_mut("indexes") {
        assert!(indexes["lastModified"].is_i64());
        indexes["lastModified"] = Value::from("[milliseconds]");
    }
    if let Some(message) = json.pointer_mut("/subsonic-response/chatMessages/chatMessage/0") {
        assert!(message["time"].is_i64());
        message["time"] = Value::from("[milliseconds]");
    }
    let json = serde_json::to_string_pretty(&json).expect("it is JSON");
    let xml = app.send(method, query).expect(200);
    assert_eq!(xml.header("content-type"), Some("text/xml; charset=utf-8"));
    let xml = String::from_utf8(xml.body).expect("it is UTF-8");
    redacted(&format!("{json}\n\n{}", indented(&xml)))
}

#[test]
fn every_answer_is_as_it_was() {
    let (_server, app) = stage();
    for (name, method, query) in calls(&app) {
        insta::assert_snapshot!(name, both(&app, method, &query));
    }
}

/// What chance or a model orders has the right songs, in some order.
#[test]
fn chance_and_likeness_answer_what_is_there() {
    let (_server, app) = stage();
    let song = app.song("Ut 1");
    for _ in 0..3 {
        let songs = app.ask("getRandomSongs", "size=4", "randomSongs");
        let mut ids: Vec<String> =
            list(&songs["song"]).iter().map(|s| s["id"].to_string()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 4);
    }
    let some = app.ask("getRandomSongs", "fromYear=2000&genre=rock", "randomSongs");
    assert_eq!(some["song"].as_array().map(Vec::len), Some(2));
    let none = app.ask("getRandomSongs", "genre=nothing", "randomSongs");
    assert_eq!(none["song"].as_array().map(Vec::len), Some(0));
    let albums = app.ask("getAlbumList2", "type=random&size=2", "albumList2");
    assert_eq!(albums["album"].as_array().map(Vec::len), Some(2));
    for (method, name) in
        [("getSimilarSongs", "similarSongs"), ("getSimilarSongs2", "similarSongs2")]
    {
        let similar = app.ask(method, &format!("id={song}&count=3"), name);
        let similar = list(&similar["song"]);
        assert!(similar.len() <= 3 && similar.iter().all(|other| other["id"] != *song));
    }
}

#[test]
fn json_can_be_the_argument_of_a_function() {
    let (_server, app) = stage();
    let answer = app.send("ping.view", "f=jsonp&callback=jQuery.cb_1");
    assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
    let answer = String::from_utf8(answer.body).expect("it is UTF-8");
    let json = answer.strip_prefix("jQuery.cb_1(").and_then(|rest| rest.strip_suffix(");"));
    let json: Value = serde_json::from_str(json.expect("it is a call")).expect("it is JSON");
    assert_eq!(json["subsonic-response"]["status"], "ok");
    for wrong in ["", "&callback=", "&callback=alert(1)//", "&callback=a%3Cb"] {
        let answer = app.send("ping", &format!("f=jsonp{wrong}"));
        let answer = String::from_utf8(answer.body).expect("it is UTF-8");
        assert!(answer.starts_with("<?xml") && answer.contains("code=\"10\""), "{answer}");
    }
}
