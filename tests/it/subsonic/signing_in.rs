//! Who may call, and what those hear who may not.

use serde_json::json;

use super::stage::{code, envelope, stage};
use crate::support::{PASSWORD, Server, delete, get, post};

pub(super) fn salted(secret: &str, salt: &str) -> String {
    use md5::{Digest, Md5};
    format!("{:032x}", u128::from_be_bytes(Md5::digest(format!("{secret}{salt}")).into()))
}

/// The code with which a method fails for a credential; `None` where it does not.
#[track_caller]
fn refused(server: &Server, credential: &str) -> Option<u64> {
    let answer = server.send(get(&format!("/rest/ping?f=json&{credential}")));
    let envelope = envelope(&answer);
    if envelope["status"] == "ok" { None } else { Some(code(&envelope)) }
}

#[test]
fn a_device_key_opens_in_every_way() {
    let (server, app) = stage();
    let key = &app.key;
    let hex: String = key.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let good = [
        format!("apiKey={key}"),
        format!("u=ida&p={key}"),
        format!("u=IDA&p=enc:{hex}&v=1.8.0&c=old"),
        format!("u=ida&t={}&s=c19b2d", salted(key, "c19b2d")),
        format!("u=ida&t={}&s=other", salted(key, "other").to_uppercase()),
    ];
    for credential in good {
        // Twice: asked, and remembered.
        for _ in 0..2 {
            assert_eq!(refused(&server, &credential), None, "{credential}");
        }
    }
    assert_eq!(app.ask("tokenInfo", "", "tokenInfo"), json!({ "username": "ida" }));
    let revoke = delete(&format!("/api/v1/me/device-keys/{}", app.key_id));
    let ida = server.sign_in("ida", PASSWORD);
    server.send(revoke.bearer(&ida.token)).expect(204);
    assert_eq!(refused(&server, &format!("apiKey={key}")), Some(44));
    assert_eq!(refused(&server, &format!("u=ida&p={key}")), Some(40));
    assert_eq!(refused(&server, &format!("u=ida&t={}&s=c19b2d", salted(key, "c19b2d"))), Some(41));
}

#[test]
fn what_is_no_device_key_of_the_user_is_refused() {
    let (server, app) = stage();
    let ben = server.member("ben", "listener");
    let key = &app.key;
    let expected = [
        (format!("u=ida&p={PASSWORD}").replace(' ', "+"), 41),
        ("u=ida&p=wrong".to_owned(), 40),
        ("u=ida&p=".to_owned(), 40),
        (format!("u=nobody&p={PASSWORD}").replace(' ', "+"), 40),
        (format!("u=ben&p={key}"), 40),
        (format!("u=ben&t={}&s=1", salted(key, "1")), 41),
        (format!("u=ida&t={}&s=1", salted(PASSWORD, "1")), 41),
        (format!("u=ida&t={}&s=1", salted("", "1")), 41),
        ("u=ida&t=&s=1".to_owned(), 41),
        (format!("u=nobody&t={}&s=1", salted(key, "1")), 41),
        ("apiKey=wrong".to_owned(), 44),
        (format!("apiKey={}", ben.token), 44),
        (format!("apiKey={}", "x".repeat(3000)), 44),
        (format!("apiKey={key}&u=ida"), 43),
        (format!("apiKey={key}&u=ida&p={key}"), 43),
        (format!("u=ida&p={key}&t=1&s=2"), 43),
        (format!("p={key}"), 10),
        ("u=ida".to_owned(), 10),
        ("u=ida&t=1".to_owned(), 10),
        ("u=ida&s=1".to_owned(), 10),
        ("apiKey=".to_owned(), 10),
        (String::new(), 10),
        ("jwt=x".to_owned(), 42),
        (format!("u=ida&p={key}&v=2.0.0"), 30),
        (format!("u=ida&p={key}&v=0.9.0"), 20),
    ];
    for (credential, code) in expected {
        assert_eq!(refused(&server, &credential), Some(code), "{credential}");
    }
    let named = envelope(&server.send(get("/rest/ping?f=json&u=ida")));
    assert_eq!(named["error"]["message"], "required parameter is missing: p");
    let password = format!("/rest/ping?f=json&u=ida&p={PASSWORD}").replace(' ', "+");
    let helped = envelope(&server.send(get(&password)));
    assert_eq!(helped["error"]["helpUrl"], format!("http://{}/keys", server.address));
    // Neither the header of REST nor its cookie counts here.
    let bearer = envelope(&server.send(get("/rest/ping?f=json").bearer(&ben.token)));
    assert_eq!(code(&bearer), 42);
    let cookie =
        get("/rest/ping?f=json").header("cookie", &format!("hexachord_session={}", ben.token));
    assert_eq!(code(&envelope(&server.send(cookie))), 10);
}

#[test]
fn extensions_are_told_to_everybody() {
    let (server, _app) = stage();
    for credential in ["", "u=nobody&p=wrong", "apiKey=wrong&u=x", "v=9.0.0"] {
        for method in ["getOpenSubsonicExtensions", "getOpenSubsonicExtensions.view"] {
            let answer = server.send(get(&format!("/rest/{method}?f=json&{credential}")));
            let envelope = envelope(&answer);
            assert_eq!(envelope["status"], "ok", "{credential}");
            assert!(envelope["openSubsonicExtensions"].is_array());
        }
    }
}

#[test]
fn forms_are_read_as_addresses_are() {
    let (server, app) = stage();
    let form = |query: &str, body: &str| {
        let form = post(&format!("/rest/getSong.view?{query}"));
        let form = form.header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        envelope(&server.send(form.body(body)))
    };
    let id = app.song("Ut 1");
    let whole = form("", &format!("f=json&id={id}&{}", app.credential));
    assert_eq!(whole["song"]["title"], "Ut 1", "{whole}");
    let mixed = form(&format!("f=json&{}", app.credential), &format!("id={id}"));
    assert_eq!(mixed["song"], whole["song"]);
    // Too long a form is an answer too.
    let long = format!("f=json&{}&x={}", app.credential, "x".repeat(2_000_000));
    let post = post("/rest/ping").header("content-type", "application/x-www-form-urlencoded");
    let answer = server.send(post.body(long)).expect(200);
    let answer = String::from_utf8(answer.body).expect("it is UTF-8");
    assert!(answer.contains("code=\"0\"") && answer.contains("larger than"), "{answer}");
}

/// Apps that are pages of other sites.
#[test]
fn pages_of_other_sites_may_call() {
    let (server, app) = stage();
    let answer = app.send("ping", "");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let asked = crate::support::Request::new("OPTIONS", "/rest/ping").header("origin", "http://a");
    let asked = server.send(asked).expect(204);
    assert_eq!(asked.header("access-control-allow-origin"), Some("*"));
}
