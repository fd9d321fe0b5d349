//! What the server fetches cannot be turned at what is inside (faults 41).

use serde_json::json;

use super::stage::{stage, stage_of};
use crate::support::{Setup, post, text};

#[test]
fn nothing_inside_is_fetched_without_a_word_in_the_configuration() {
    let stage = stage_of(Setup::new());
    let own = format!("http://{}/api/v1/me", stage.server.address);
    for url in [
        stage.web.url("/feed.xml").as_str(),
        own.as_str(),
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://0x7f000001/",
        "http://[fe80::1%25eth0]/",
        "file:///etc/passwd",
        "http://who:secret@example.org/",
        "no address",
        "",
    ] {
        let add = post("/api/v1/podcasts").bearer(&stage.admin.token).json(&json!({ "url": url }));
        let refused = stage.server.send(add).expect(400).json();
        assert_eq!(refused["field"], "url", "{url}: {refused}");
    }
    let port = stage.web.url("").rsplit(':').next().expect("it has a port").to_owned();
    let found = stage.added_from(&format!("http://localhost:{port}/feed.xml"));
    assert_eq!((text(&found["status"]), &found["episode_count"]), ("error", &json!(0)));
    let error = text(&found["error"]);
    assert!(error.contains("allowed_networks") || error.contains("is not known"), "{error}");
}

#[test]
fn nobody_is_sent_inside() {
    let stage = stage();
    let to_inside =
        b"HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n";
    stage.web.raw("/moved.xml", to_inside.to_vec());
    stage.web.raw("/1.flac", to_inside.to_vec());
    stage.web.raw("/cover.png", to_inside.to_vec());
    let moved = stage.added_from(&stage.web.url("/moved.xml"));
    assert!(text(&moved["error"]).contains("allowed_networks"), "{moved}");
    let podcast = stage.added();
    assert!(podcast["cover"].is_null());
    let episode = stage.episodes(&podcast).pop().expect("there are two");
    let failed = stage.fetched(&episode);
    assert!(text(&failed["error"]).contains("allowed_networks"), "{failed}");
}
