//! `fault_39`: what people and tags say is shown as text, whatever it looks like.

use serde_json::Value;

use super::{
    house::{House, SCRIPT, encoded},
    table::{For, OF_BYTES, TABLE, Viewer},
};
use crate::support::{Response, get};

/// In no form can a browser take an answer for a page.
#[track_caller]
fn is_no_page(answer: &Response, what: &str) {
    let kind = answer.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    let is_data = ["text/xml", "application/json", "text/javascript"].contains(&kind);
    assert!(is_data, "{what}: {kind}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
    let policy = answer.header("content-security-policy").unwrap_or_default();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
}

#[test]
fn fault_39_scripts_in_tags_and_names_are_text_in_every_form() {
    let house = House::open();
    let (mut in_xml, mut in_json) = (0, 0);
    for row in TABLE.iter().filter(|row| !OF_BYTES.contains(&row.method)) {
        let viewer = match row.answered {
            For::Administrators => Viewer::Administrator,
            _ => Viewer::Owner,
        };
        let what = format!("{}?{}", row.method, row.query);
        let answer = |form: &str| {
            let filled = house.filled(row.query);
            let answer = house.answer(viewer, row, &filled, form).expect(200);
            is_no_page(&answer, &what);
            String::from_utf8(answer.body).expect("it is UTF-8")
        };
        let xml = answer("f=xml");
        if xml.starts_with("<?xml") {
            assert!(!xml.contains("<script"), "{what}: {xml}");
            in_xml +=
                usize::from(xml.contains("&lt;script&gt;alert('&amp;&quot;')&lt;/script&gt;"));
        }
        let json = answer("f=json");
        in_json += usize::from(json.contains(&SCRIPT.replace('"', "\\\"")));
        if row.method != "getTranscodeDecision" {
            let called = answer("f=jsonp&callback=a.b");
            let argument = called.strip_prefix("a.b(").and_then(|rest| rest.strip_suffix(");"));
            let argument = argument.unwrap_or_else(|| panic!("{what}: {called}"));
            assert!(serde_json::from_str::<Value>(argument).is_ok(), "{what}: {called}");
        }
    }
    assert!(in_xml > 25 && in_json > 25, "{in_xml} and {in_json} answers have such a text");
}

/// What is sent comes back as text, if at all: ids, names, the app's own name, and what is wrong.
#[test]
fn fault_39_what_is_sent_comes_back_as_text() {
    let house = House::open();
    let app = house.app(Viewer::Administrator);
    let sent = encoded(SCRIPT);
    for row in TABLE {
        let names = row.query.split('&').filter_map(|part| Some(part.split_once('=')?.0));
        let query: Vec<String> = names.map(|name| format!("{name}={sent}")).collect();
        let query = format!("{}&c={sent}&v={sent}", query.join("&"));
        let queries = [query.clone(), query.replace("&v=", "&other=")];
        for query in queries {
            let answer = app.send(row.method, &query);
            if row.method == "getTranscodeStream" {
                assert_eq!(answer.header("content-type"), Some("application/problem+json"));
                continue;
            }
            is_no_page(&answer, row.method);
            let said = String::from_utf8(answer.body).expect("it is UTF-8");
            assert!(!said.contains("<script"), "{}?{query}: {said}", row.method);
        }
    }
    app.done("ping", "");
}

#[test]
fn fault_39_a_callback_is_nothing_but_a_name() {
    let house = House::open();
    let app = house.app(Viewer::Owner);
    let wrong = [
        "alert(1)//",
        "a;b",
        "<script>",
        "</script><script>alert(1)</script>",
        "a\u{2028}",
        "x=1",
        "a[0]",
        "a b",
        "a\nb",
        "a\0",
        "é",
        "a..b",
        ".a",
        "1a",
        "*/alert(1)/*",
        "%61",
        "",
    ];
    for callback in wrong.map(str::to_owned).into_iter().chain(["a".repeat(5000)]) {
        for (method, failing) in [("getGenres", false), ("getSong", true)] {
            let query = format!("f=jsonp&callback={}", encoded(&callback));
            let answer = app.send(method, &query).expect(200);
            assert_eq!(answer.header("content-type"), Some("text/xml; charset=utf-8"));
            let said = String::from_utf8(answer.body).expect("it is UTF-8");
            assert!(said.contains("code=\"10\""), "{callback}: {said}");
            let echoes = callback.len() > 5 && said.contains(&callback);
            assert!(!echoes, "{callback}: {said}");
            let good = app.send(method, "f=jsonp&callback=cb").expect(200);
            let said = String::from_utf8(good.body).expect("it is UTF-8");
            assert_eq!(said.contains("\"failed\""), failing, "{said}");
            assert!(said.starts_with("cb(") && said.ends_with(");"), "{said}");
        }
    }
    // Failures before anything is known, too.
    let answer = house.server.send(get("/rest/ping?f=jsonp&callback=cb"));
    assert!(answer.body.starts_with(b"cb({\"subsonic-response\""));
}
