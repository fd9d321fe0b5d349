//! Shares: made, read, changed and ended by their owners.

use serde_json::{Value, json};

use super::stage::{App, list, stage};
use crate::support::{get, text};

fn shares(app: &App) -> Vec<Value> {
    list(&app.ask("getShares", "", "shares")["share"])
}

#[test]
fn a_share_from_its_making_to_its_end() {
    let (server, app) = stage();
    let song = app.ask("getSong", &format!("id={}", app.song("Ut 1")), "song");
    let (one, album) = (text(&song["id"]), text(&song["albumId"]));
    let other = app.song("Re 1");
    let playlist = app.ask("createPlaylist", &format!("name=x&songId={other}"), "playlist");
    let query = format!(
        "id={other}&id={album}&id={}&description=For%20%3Cyou%3E&expires=33264000000000",
        text(&playlist["id"])
    );
    let made = app.ask("createShare", &query, "shares");
    let share = made["share"][0].clone();
    assert_eq!(list(&made["share"]).len(), 1, "the new one alone");
    let titles: Vec<_> = list(&share["entry"]).iter().map(|song| song["title"].clone()).collect();
    assert_eq!(titles, ["Re 1", "Ut 1", "Ut 2", "Ut 3", "Re 1"]);
    assert_eq!(
        (&share["username"], &share["description"], &share["expires"], &share["visitCount"]),
        (&json!("ida"), &json!("For <you>"), &json!("3024-02-05T00:00:00.000Z"), &json!(0))
    );
    assert_eq!((share.get("lastVisited"), share["created"].is_string()), (None, true));
    assert_eq!(shares(&app), list(&made["share"]));

    // Whoever has its address is shown it.
    let url = text(&share["url"]);
    let path = url.strip_prefix(&format!("http://{}", server.address));
    let path = path.unwrap_or_else(|| panic!("{url} is not absolute")).to_owned();
    assert!(path.starts_with("/s/"), "{path}");
    let page = server.send(get(&path)).expect(200);
    assert!(String::from_utf8_lossy(&page.body).contains("For &lt;you&gt;"));
    let visited = shares(&app)[0].clone();
    assert_eq!((&visited["visitCount"], visited["lastVisited"].is_string()), (&json!(1), true));

    let id = format!("id={}", text(&share["id"]));
    app.done("updateShare", &format!("{id}&description=other"));
    let changed = shares(&app)[0].clone();
    assert_eq!(
        (&changed["description"], &changed["expires"]),
        (&json!("other"), &share["expires"])
    );
    app.done("updateShare", &format!("{id}&expires=0"));
    let changed = shares(&app)[0].clone();
    assert_eq!((&changed["description"], changed.get("expires")), (&json!("other"), None));
    assert_eq!(app.code("updateShare", &format!("{id}&expires=1")), 10, "it is over");

    let ben = App::of(&server, &server.member("ben", "administrator"), "ben");
    assert_eq!(shares(&ben), [json!(null); 0], "shares are one's own");
    assert_eq!(ben.code("updateShare", &format!("{id}&description=x")), 70);
    assert_eq!(ben.code("deleteShare", &id), 70);
    let private = format!("id={}", text(&playlist["id"]));
    assert_eq!(ben.code("createShare", &private), 70, "it is somebody else's");
    let newer = app.ask("createShare", &format!("id={one}"), "shares")["share"][0].clone();
    assert_eq!(newer.get("expires"), None);
    assert_eq!(shares(&app)[0]["id"], newer["id"], "the newest first");
    app.done("deleteShare", &id);
    assert_eq!(app.code("deleteShare", &id), 70);
    server.send(get(&path)).expect(404);
    assert_eq!(shares(&app).len(), 1);
}

#[test]
fn what_cannot_be_shared_is_refused() {
    let (_server, app) = stage();
    let song = app.song("Ut 1");
    let many = vec![format!("id={song}"); 501].join("&");
    let lists: Vec<_> = (1..=21).map(|number| format!("id=pl-{number:013}")).collect();
    for (query, code) in [
        (many, 10),
        (lists.join("&"), 10),
        ("id=tr-0000000000000".to_owned(), 70),
        (format!("id={song}&id=x"), 70),
        (format!("id={song}&id=pl-0000000000000"), 70),
        (format!("id={song}&expires=1"), 10),
        (format!("id={song}&expires=-1"), 10),
        (format!("id={song}&expires=9999999999999999999"), 10),
        (format!("id={song}&description={}", "x".repeat(2_001)), 10),
    ] {
        assert_eq!(app.code("createShare", &query), code, "{query}");
    }
    let past = app.envelope("createShare", &format!("id={song}&expires=1"));
    assert_eq!(past["error"]["message"], "parameter expires: lies in the past");
    assert_eq!(shares(&app), [json!(null); 0]);
    // 0 is never, and no time is too far away.
    app.ask("createShare", &format!("id={song}&expires=0"), "shares");
    app.ask("createShare", &format!("id={song}&expires=9223372036854775807"), "shares");
    assert_eq!(shares(&app).len(), 2);
}
