//! A radio station in the player, in a real browser.

use hexachord_fixtures::{Format, Piece};
use serde_json::json;

use super::{chromium::in_chromium, player::albums};
use crate::support::{
    PASSWORD, Setup, post,
    station::{Programme, Station},
    web::Web,
};

#[test]
#[ignore = "needs chromium"]
fn a_station_is_heard() {
    let folder = tempfile::tempdir().unwrap();
    let mut setup = Setup::new();
    albums(&setup.music());
    setup.config.library.scan_on_start = true;
    setup.config.outgoing.allowed_networks = vec!["127.0.0.0/8".parse().unwrap()];
    let (server, web) = (setup.start(), Web::start());
    assert_eq!(server.scanned()["phase"], "finished");
    let again = Piece { format: Format::Mp3, seed: 5, silent_opening: 0, frames: 400 }.bytes();
    let head = "HTTP/1.0 200 OK\r\ncontent-type: audio/mpeg";
    let waves = Station::sending(Programme { head, begin: Vec::new(), again });
    let page = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>";
    web.raw("/", page.to_vec());
    for (name, url) in [("Waves", waves.url("/live")), ("Page", web.url("/"))] {
        let body = json!({ "name": name, "stream_url": url });
        server.control(post("/api/v1/radio-stations").json(&body)).expect(201);
    }
    server.member("anna", "listener");
    let url = format!("http://{}", server.address);
    let said = in_chromium(folder.path(), "station.mjs", &[&url, "anna", PASSWORD]);
    assert!(said.ends_with("all steps done\n"), "{said}");
}
