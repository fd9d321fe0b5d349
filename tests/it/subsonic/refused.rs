//! `fault_34` and `fault_40`: whoever has no key, or has one no more, is refused by every method.

use std::{collections::BTreeSet, time::Duration};

use hexachord_contracts::{Clock, Timestamp};
use serde_json::json;

use super::{
    house::{House, code},
    signing_in::salted,
    stage::{App, envelope},
    table::{TABLE, Viewer, names},
};
use crate::support::{Member, PASSWORD, Request, Response, Setup, delete, get, post, text};

/// Answered to everybody.
const OPEN: &str = "getOpenSubsonicExtensions";

/// Credentials that open nothing, and the code that each gets.
fn wrong(app: &App, ida: &Member) -> Vec<(String, u64)> {
    let (key, password) = (&app.key, PASSWORD.replace(' ', "+"));
    vec![
        (String::new(), 10),
        ("u=ida".to_owned(), 10),
        ("u=&p=".to_owned(), 10),
        ("u=ida&p=".to_owned(), 40),
        ("u=ida&p=enc:".to_owned(), 40),
        ("u=ida&p=wrong".to_owned(), 40),
        ("u=nobody&p=wrong".to_owned(), 40),
        (format!("u=nobody&p={password}"), 40),
        (format!("u=nobody&p={key}"), 40),
        (format!("u=ben&p={key}"), 40),
        (format!("u=ida&p={password}"), 41),
        ("u=ida&t=&s=".to_owned(), 41),
        ("u=ida&t=&s=c19b2d".to_owned(), 41),
        (format!("u=ida&t={}&s=c19b2d", salted("", "c19b2d")), 41),
        (format!("u=ida&t={}&s=", salted("", "")), 41),
        (format!("u=nobody&t={}&s=c19b2d", salted("", "c19b2d")), 41),
        (format!("u=nobody&t={}&s=c19b2d", salted(key, "c19b2d")), 41),
        (format!("u=ida&t={}&s=c19b2d", salted(PASSWORD, "c19b2d")), 41),
        ("apiKey=".to_owned(), 10),
        ("apiKey=wrong".to_owned(), 44),
        (format!("apiKey={}", ida.token), 44),
        (format!("apiKey={key}&u=ida"), 43),
        ("jwt=x".to_owned(), 42),
    ]
}

#[track_caller]
fn is_refused(method: &str, credential: &str, answer: &Response, expected: u64) {
    if method == "getTranscodeStream" {
        assert_eq!(answer.status, 401, "{credential}");
        return;
    }
    let envelope = envelope(answer);
    let found = code(method, answer);
    assert_eq!(found, Some(expected), "{method} with {credential}: {envelope}");
    assert_eq!(envelope.as_object().map(serde_json::Map::len), Some(6), "nothing but the error");
}

#[test]
fn fault_34_no_method_answers_without_a_key() {
    let mut setup = Setup::new();
    let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
    setup.options.clock = clock.clone();
    let server = setup.start();
    let ida = server.member("ida", "listener");
    server.member("ben", "listener");
    let app = App::of(&server, &ida, "ida");
    let mut asked = 0;
    for method in names().into_iter().filter(|method| *method != OPEN) {
        // What is asked makes no difference: nobody looks at it.
        let query = TABLE.iter().find(|row| row.method == method).map_or("", |row| row.query);
        let query = query.replace(['{', '}'], "");
        for (number, (credential, code)) in wrong(&app, &ida).into_iter().enumerate() {
            // Who guesses has to wait, and that is another test's.
            clock.advance(Duration::from_hours(1));
            let answer = match number % 3 {
                0 => get(&format!("/rest/{method}?f=json&{query}&{credential}")),
                1 => get(&format!("/rest/{method}.view?{credential}&{query}&f=json")),
                _ => post(&format!("/rest/{method}"))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(format!("{credential}&f=json&{query}")),
            };
            is_refused(method, &credential, &server.send(answer), code);
            asked += 1;
        }
        // Neither does what opens the interface of the page.
        for request in [
            get(&format!("/rest/{method}?f=json&{query}")).bearer(&ida.token),
            get(&format!("/rest/{method}?f=json&{query}"))
                .header("cookie", &format!("hexachord_session={}", ida.token)),
        ] {
            let answer = server.send(request);
            let is_refused = answer.status == 401 || code(method, &answer).is_some();
            assert!(is_refused, "{method}");
        }
    }
    assert!(asked > 1200, "{asked}");
    app.done("ping", "");
}

/// A name that is known or not, and what is wrong about a password, make no difference to what is said.
#[test]
fn fault_34_the_answers_are_the_same_for_every_name() {
    let mut setup = Setup::new();
    let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
    setup.options.clock = clock.clone();
    let server = setup.start();
    let ida = server.member("ida", "listener");
    App::of(&server, &ida, "ida");
    // With no key at all.
    server.member("ben", "listener");
    let mut said = [BTreeSet::new(), BTreeSet::new()];
    for name in ["ida", "IDA", "ben", "nobody", "a%2Fb", "%00", "%E2%80%AE"] {
        let token = salted("", "c19b2d");
        for (number, shown) in [
            (0, "p=".to_owned()),
            (0, "p=wrong".to_owned()),
            (0, "p=hxk_wrong".to_owned()),
            (1, "t=&s=c19b2d".to_owned()),
            (1, format!("t={token}&s=c19b2d")),
            (1, format!("t={}&s=c19b2d", "0".repeat(32))),
        ] {
            clock.advance(Duration::from_hours(1));
            let answer = server.send(get(&format!("/rest/stream?f=json&id=1&u={name}&{shown}")));
            said[number].insert(answer.body);
        }
    }
    assert_eq!(said.map(|said| said.len()), [1, 1]);
}

/// Every way to show a key.
fn ways(app: &App, username: &str) -> [String; 4] {
    let key = &app.key;
    [
        format!("apiKey={key}"),
        format!("u={username}&p={key}"),
        format!("u={username}&t={}&s=c19b2d", salted(key, "c19b2d")),
        format!("u={username}&t={}&s=", salted(key, "")),
    ]
}

/// What ends a key, and how.
type End<'a> = (&'a str, &'a dyn Fn(&Member, &App));

#[test]
fn fault_40_a_key_is_dead_with_the_next_request() {
    let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
    let house = House::open_at(clock.clone());
    let server = &house.server;
    let row = TABLE.iter().find(|row| row.method == "stream").expect("it is there");
    let query = house.filled(row.query);
    let change = |member: &Member, body: serde_json::Value| {
        let path = format!("/api/v1/admin/accounts/{}", member.id);
        server.control(Request::new("PATCH", &path).json(&body)).expect(200);
    };
    let root = house.app(Viewer::Administrator);
    let ends: [End<'_>; 5] = [
        ("revoked", &|member, app| {
            let revoke = delete(&format!("/api/v1/me/device-keys/{}", app.key_id));
            server.send(revoke.bearer(&member.token)).expect(204);
        }),
        ("disabled", &|member, _| change(member, json!({ "enabled": false }))),
        ("another password", &|_, app| {
            let name = username(app);
            root.done("changePassword", &format!("username={name}&password=another+long+one"));
        }),
        ("removed over REST", &|member, _| {
            let path = format!("/api/v1/admin/accounts/{}", member.id);
            server.control(delete(&path)).expect(204);
        }),
        ("removed by an app", &|_, app| {
            root.done("deleteUser", &format!("username={}", username(app)));
        }),
    ];
    for (number, (what, end)) in ends.into_iter().enumerate() {
        let name = format!("guest{number}");
        let member = server.member(&name, "listener");
        let app = App::of(server, &member, &name);
        let ways = ways(&app, &name);
        let send = |path: String| server.send(get(&path));
        let master = send(format!("/rest/hls.m3u8?{query}&{}", ways[1])).expect(200);
        let master = String::from_utf8(master.body).expect("it is text");
        let media = master.lines().find(|line| !line.starts_with('#')).expect("there is one");
        let media = format!("/rest/{media}");
        for way in &ways {
            // Known by now to whatever remembers.
            send(format!("/rest/stream?{query}&{way}")).expect(200);
        }
        send(media.clone()).expect(200);
        end(&member, &app);
        for way in &ways {
            for method in ["stream", "getCoverArt", "download", "ping", "getTranscodeStream"] {
                // It is no guess, but looks like one: who guesses has to wait.
                clock.advance(Duration::from_hours(1));
                let answer = send(format!("/rest/{method}?f=json&{query}&{way}"));
                let found = if answer.status == 401 { Some(40) } else { code(method, &answer) };
                assert!(matches!(found, Some(40 | 41 | 44)), "{what}, {method}, {way}: {found:?}");
            }
        }
        send(media).expect(401);
    }
    // Less of it: a library that is not one's own any more, and a role that is not.
    let member = server.member("less", "administrator");
    let app = App::of(server, &member, "less");
    for way in ways(&app, "less") {
        let ask = |method: &str, query: &str| {
            let answer = server.send(get(&format!("/rest/{method}?f=json&{query}&{way}")));
            code(method, &answer)
        };
        change(&member, json!({ "role": "administrator", "libraries": "all" }));
        assert_eq!((ask("stream", &query), ask("getUsers", "")), (None, None));
        change(&member, json!({ "role": "listener", "libraries": [] }));
        assert_eq!((ask("stream", &query), ask("getUsers", "")), (Some(70), Some(50)));
    }
}

fn username(app: &App) -> &str {
    let named = app.credential.split('&').next().and_then(|first| first.strip_prefix("u="));
    named.expect("an app has a name")
}

#[test]
fn fault_40_an_address_of_a_stream_ends_with_its_key() {
    let house = House::open();
    let owner = house.app(Viewer::Owner);
    let row = TABLE.iter().find(|row| row.method == "stream").expect("it is there");
    let path = format!("/rest/stream?{}&apiKey={}", house.filled(row.query), owner.key);
    house.server.send(get(&path)).expect(200);
    let ida = house.server.sign_in("ida", PASSWORD);
    let keys = house.server.read(&ida, "/api/v1/me/device-keys");
    for key in super::stage::list(&keys["items"]) {
        let revoke = delete(&format!("/api/v1/me/device-keys/{}", text(&key["id"])));
        house.server.send(revoke.bearer(&ida.token)).expect(204);
    }
    let answer = house.server.send(get(&format!("{path}&f=json")));
    assert_eq!(code("stream", &answer), Some(44));
}
