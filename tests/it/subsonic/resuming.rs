//! Bookmarks and queues: saved by one app, found by the next.

use serde_json::{Value, json};

use super::stage::{App, code, envelope, list, stage};
use crate::support::{post, text};

#[test]
fn a_bookmark_from_its_making_to_its_end() {
    let (server, app) = stage();
    let (one, two) = (app.song("Ut 1"), app.song("Re 1"));
    let read = || list(&app.ask("getBookmarks", "", "bookmarks")["bookmark"]);
    assert_eq!(read(), [json!(null); 0]);
    app.done("createBookmark", &format!("id={one}&position=2147483648&comment=A%20%26%20B"));
    app.done("createBookmark", &format!("id={two}&position=0"));
    let bookmarks = read();
    assert_eq!(bookmarks[0]["entry"]["id"], two, "the latest first");
    let first = &bookmarks[1];
    assert_eq!(first["entry"]["title"], "Ut 1", "one object: {first}");
    assert_eq!(
        (&first["position"], &first["comment"], &first["username"]),
        (&json!(2_147_483_648_u64), &json!("A & B"), &json!("ida"))
    );
    let created = first["created"].clone();
    assert_eq!(first["entry"]["bookmarkPosition"], first["position"]);
    let song = |id: &str| app.ask("getSong", &format!("id={id}"), "song");
    assert_eq!(song(&one)["bookmarkPosition"], 2_147_483_648_u64, "wherever the song is shown");
    assert_eq!(song(&app.song("Ut 2")).get("bookmarkPosition"), None);
    app.done("createBookmark", &format!("id={one}&position=7"));
    let bookmarks = read();
    assert_eq!((&bookmarks[0]["position"], bookmarks.len()), (&json!(7), 2), "one a song");
    assert_eq!((&bookmarks[0]["created"], &bookmarks[0]["comment"]), (&created, &json!("")));

    let ben = App::of(&server, &server.member("ben", "listener"), "ben");
    assert_eq!(ben.ask("getBookmarks", "", "bookmarks")["bookmark"], json!([]));
    assert_eq!(ben.ask("getSong", &format!("id={one}"), "song").get("bookmarkPosition"), None);
    assert_eq!(ben.code("deleteBookmark", &format!("id={one}")), 70, "it is somebody else's");
    app.done("deleteBookmark", &format!("id={one}"));
    assert_eq!(app.code("deleteBookmark", &format!("id={one}")), 70);
    assert_eq!(read().len(), 1);
}

#[test]
fn a_bookmark_is_a_place_in_a_song() {
    let (_server, app) = stage();
    let (song, album) = (app.song("Ut 1"), app.songs()[0]["albumId"].clone());
    let long = "x".repeat(2_001);
    for wrong in ["position=-1", "position=x", "position=1.5", "position=2592000001"] {
        assert_eq!(app.code("createBookmark", &format!("id={song}&{wrong}")), 10, "{wrong}");
    }
    let far = app.envelope("createBookmark", &format!("id={song}&position=99999999999"));
    assert_eq!(far["error"]["message"], "parameter position: is more than 30 days");
    let wordy = format!("id={song}&position=1&comment={long}");
    assert_eq!(app.code("createBookmark", &wordy), 10);
    for other in ["tr-0000000000000", text(&album), "x"] {
        assert_eq!(app.code("createBookmark", &format!("id={other}&position=1")), 70, "{other}");
    }
}

/// Titles, and what the rest of a queue says.
fn told(queue: &Value) -> (Vec<String>, Value) {
    let titles = list(&queue["entry"]).iter().map(|song| text(&song["title"]).to_owned()).collect();
    let mut rest = queue.clone();
    let rest_of = rest.as_object_mut().expect("it is an object");
    rest_of.remove("entry");
    assert!(rest_of.remove("changed").is_some_and(|changed| changed.is_string()));
    (titles, rest)
}

#[test]
fn a_queue_goes_on_in_another_app() {
    let (server, app) = stage();
    let [a, b] = ["Ut 1", "Re 1"].map(|title| app.song(title));
    let by_id = || told(&app.ask("getPlayQueue", "", "playQueue"));
    let by_index = || told(&app.ask("getPlayQueueByIndex", "", "playQueueByIndex"));
    let nothing = json!({ "username": "ida", "changedBy": "", "position": 0 });
    assert_eq!((by_id(), by_index()), ((vec![], nothing.clone()), (vec![], nothing.clone())));

    let doubled = format!("id={a}&id={b}&id={a}");
    app.done("savePlayQueue", &format!("{doubled}&current={a}&position=1500"));
    let titles = ["Ut 1", "Re 1", "Ut 1"].map(str::to_owned).to_vec();
    let expected = json!({
        "username": "ida", "changedBy": "suite", "position": 1500, "current": a,
    });
    assert_eq!(by_id(), (titles.clone(), expected));
    assert_eq!(by_index().1["currentIndex"], 0, "the first of the same");
    app.done("savePlayQueueByIndex", &format!("{doubled}&currentIndex=2"));
    let expected = json!({
        "username": "ida", "changedBy": "suite", "position": 0, "currentIndex": 2,
    });
    assert_eq!(by_index(), (titles.clone(), expected), "doubled songs are told apart");
    assert_eq!(by_id().1["current"], a);

    for wrong in [
        format!("{doubled}&current=tr-0000000000000"),
        format!("{doubled}&current=x"),
        format!("{doubled}&current={a}&position=-1"),
        format!("{doubled}&current={a}&position=2592000001"),
    ] {
        assert_eq!(app.code("savePlayQueue", &wrong), 10, "{wrong}");
    }
    for wrong in ["3", "-1", "x", "4294967296"] {
        let query = format!("{doubled}&currentIndex={wrong}");
        let error = app.envelope("savePlayQueueByIndex", &query)["error"].take();
        assert_eq!(error["code"], 10, "{error}");
        assert!(text(&error["message"]).starts_with("parameter currentIndex: "), "{error}");
    }
    assert_eq!(app.code("savePlayQueue", "id=al-0000000000000&current=al-0000000000000"), 70);
    assert_eq!(by_index().0, titles, "what is refused changes nothing");

    let ben = App::of(&server, &server.member("ben", "listener"), "ben");
    let other = told(&ben.ask("getPlayQueue", "", "playQueue"));
    assert_eq!((other.0.len(), &other.1["username"]), (0, &json!("ben")), "queues are one's own");

    // A song that the app knows, and the library not any more.
    app.done("savePlayQueueByIndex", &format!("id=tr-0000000000000&id={b}&currentIndex=1"));
    assert_eq!(by_id().1["current"], b);
    assert_eq!((by_index().0, &by_index().1["currentIndex"]), (vec!["Re 1".to_owned()], &json!(0)));
    app.done("savePlayQueue", "");
    assert_eq!((by_id(), by_index()), ((vec![], nothing.clone()), (vec![], nothing)));
}

#[test]
fn a_queue_has_an_end() {
    let (server, app) = stage();
    let song = app.song("Ut 1");
    let save = |count: usize| {
        let ids = vec![format!("id={song}"); count].join("&");
        let form = post(&format!("/rest/savePlayQueueByIndex?f=json&{}", app.credential));
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        envelope(&server.send(form.body(format!("{ids}&currentIndex={}", count - 1))))
    };
    let longest = save(10_000);
    assert_eq!(longest["status"], "ok", "{longest}");
    let queue = app.ask("getPlayQueueByIndex", "", "playQueueByIndex");
    assert_eq!((list(&queue["entry"]).len(), &queue["currentIndex"]), (10_000, &json!(9_999)));
    let longer = save(10_001);
    assert_eq!(code(&longer), 10, "{longer}");
    assert_eq!(longer["error"]["message"], "parameter id: are more than 10000");
}
