//! What is written is read again.

use serde_json::{Value, json};

use super::stage::{App, list, stage};
use crate::support::text;

fn titles(list_of: &Value) -> Vec<String> {
    list(list_of).iter().map(|song| text(&song["title"]).to_owned()).collect()
}

#[test]
fn stars_and_ratings() {
    let (server, app) = stage();
    let song = app.song("Ut 1");
    let read = app.ask("getSong", &format!("id={song}"), "song");
    assert_eq!((read.get("starred"), read.get("userRating")), (None, None));
    let (album, artist) = (text(&read["albumId"]), text(&read["artistId"]));
    app.done(
        "star",
        &format!("id={song}&id={}&albumId={album}&artistId={artist}", app.song("Re 1")),
    );
    for (method, name) in [("getStarred", "starred"), ("getStarred2", "starred2")] {
        let starred = app.ask(method, "", name);
        assert_eq!(titles(&starred["song"]), ["Re 1", "Ut 1"]);
        assert_eq!(starred["album"][0]["id"], album);
        assert_eq!(starred["artist"][0]["id"], artist);
        assert!(starred["album"][0]["starred"].is_string());
    }
    let others = [("getAlbum", album, "album"), ("getArtist", artist, "artist")];
    for (method, id, name) in others {
        assert!(app.ask(method, &format!("id={id}"), name)["starred"].is_string());
    }
    app.done("unstar", &format!("id={song}&albumId={album}&artistId={artist}"));
    let starred = app.ask("getStarred2", "", "starred2");
    assert_eq!(titles(&starred["song"]), ["Re 1"]);
    assert_eq!((&starred["album"], &starred["artist"]), (&json!([]), &json!([])));

    for (rating, read) in [(5, Some(5)), (1, Some(1)), (0, None)] {
        app.done("setRating", &format!("id={song}&rating={rating}"));
        let song = app.ask("getSong", &format!("id={song}"), "song");
        assert_eq!(song.get("userRating").and_then(Value::as_u64), read);
    }
    assert_eq!(app.code("setRating", &format!("id={song}&rating=6")), 10);
    assert_eq!(app.code("star", "id=tr-0000000000000"), 70);
    // Another listener has stars of its own.
    let ben = server.member("ben", "listener");
    let other = App::of(&server, &ben, "ben");
    assert_eq!(other.ask("getStarred2", "", "starred2")["song"], json!([]));
}

#[test]
fn plays_are_those_that_an_app_tells_of() {
    let (server, app) = stage();
    let (one, two) = (app.song("Ut 1"), app.song("Re 1"));
    app.send("stream", &format!("id={one}")).expect(200);
    app.done("scrobble", &format!("id={one}&submission=false"));
    let count = |id: &str| app.ask("getSong", &format!("id={id}"), "song")["playCount"].clone();
    assert_eq!((count(&one), count(&two)), (json!(0), json!(0)), "neither is a play");
    let pairs = format!(
        "id={one}&time=1764000000000&id={two}&time=1764000100000&id={one}&time=1764000200000"
    );
    app.done("scrobble", &pairs);
    app.done("scrobble", &pairs);
    assert_eq!((count(&one), count(&two)), (json!(2), json!(1)), "told twice they are the same");
    app.done("scrobble", &format!("id={two}"));
    assert_eq!(count(&two), json!(2));
    let played = app.ask("getSong", &format!("id={one}"), "song")["played"].clone();
    assert_eq!(played, "2025-11-24T16:03:20.000Z");
    let recent = app.ask("getAlbumList2", "type=recent", "albumList2");
    assert_eq!(recent["album"][0]["name"], "Aliae");
    let frequent = app.ask("getAlbumList2", "type=frequent", "albumList2");
    assert_eq!(list(&frequent["album"]).len(), 2);
    let device = server.sign_in("ida", crate::support::PASSWORD);
    let plays = server.read(&device, "/api/v1/me/plays");
    assert_eq!(plays["items"][0]["device"], "suite", "the app's name");
    // What the house plays most comes first, whoever asks.
    let ben = App::of(&server, &server.member("ben", "listener"), "ben");
    let top = ben.ask("getTopSongs", "artist=Guido&count=2", "topSongs");
    assert_eq!(list(&top["song"]).len(), 2);
    for id in [&one, &two] {
        assert!(list(&top["song"]).iter().any(|song| song["id"] == **id), "{top}");
    }
    let artist = app.ask("getSong", &format!("id={one}"), "song")["artistId"].clone();
    let by_id = ben.ask("getTopSongs", &format!("id={}&artist=nobody", text(&artist)), "topSongs");
    assert_eq!(list(&by_id["song"]).len(), 5, "the id goes before the name");
    assert_eq!(ben.ask("getTopSongs", "artist=nobody", "topSongs")["song"], json!([]));
    let ahead = format!("id={one}&time=33264000000000");
    assert_eq!(app.code("scrobble", &ahead), 10);
}

#[test]
fn a_playlist_from_its_making_to_its_end() {
    let (server, app) = stage();
    let [a, b, c] = ["Ut 1", "Ut 2", "Re 1"].map(|title| app.song(title));
    let made = app.ask(
        "createPlaylist",
        &format!("name=A+%26+B&songId={a}&songId={b}&songId={a}"),
        "playlist",
    );
    let id = text(&made["id"]).to_owned();
    assert_eq!(
        (&made["name"], &made["owner"], &made["public"]),
        (&json!("A & B"), &json!("ida"), &json!(false))
    );
    assert_eq!((&made["songCount"], &made["readonly"]), (&json!(3), &json!(false)));
    assert!(
        made["created"].is_string() && made["changed"].is_string() && made["duration"].is_u64()
    );
    let read = || app.ask("getPlaylist", &format!("id={id}"), "playlist");
    assert_eq!(titles(&read()["entry"]), ["Ut 1", "Ut 2", "Ut 1"]);

    // Indexes are those of the list before.
    app.done("updatePlaylist", &format!(
        "playlistId={id}&songIndexToRemove=0&songIndexToRemove=2&songIdToAdd={c}&name=C&comment=D&public=true"
    ));
    let changed = read();
    assert_eq!(titles(&changed["entry"]), ["Ut 2", "Re 1"]);
    assert_eq!(
        (&changed["name"], &changed["comment"], &changed["public"]),
        (&json!("C"), &json!("D"), &json!(true))
    );
    assert_eq!(app.code("updatePlaylist", &format!("playlistId={id}&songIndexToRemove=2")), 10);

    let replaced = app.ask("createPlaylist", &format!("playlistId={id}&songId={c}"), "playlist");
    assert_eq!(
        (titles(&replaced["entry"]), &replaced["name"]),
        (vec!["Re 1".to_owned()], &json!("C"))
    );
    app.send("getCoverArt", &format!("id={id}&f=json"));

    // Others see what is public, and change nothing.
    let ben = App::of(&server, &server.member("ben", "listener"), "ben");
    let seen = ben.ask("getPlaylists", "", "playlists");
    assert_eq!(
        (&seen["playlist"][0]["id"], &seen["playlist"][0]["readonly"]),
        (&json!(id), &json!(true))
    );
    assert_eq!(ben.code("updatePlaylist", &format!("playlistId={id}&name=X")), 50);
    assert_eq!(ben.code("createPlaylist", &format!("playlistId={id}&songId={a}")), 50);
    assert_eq!(ben.code("deletePlaylist", &format!("id={id}")), 50);
    assert_eq!(ben.code("getPlaylists", "username=ida"), 50);
    assert_eq!(app.ask("getPlaylists", "username=IDA", "playlists")["playlist"][0]["id"], id);
    app.done("deletePlaylist", &format!("id={id}"));
    assert_eq!(app.code("getPlaylist", &format!("id={id}")), 70);
    assert_eq!(app.ask("getPlaylists", "", "playlists"), json!({ "playlist": [] }));
}

#[test]
fn who_knows_the_folders_is_told_nothing_of_them() {
    let (server, app) = stage();
    let indexes = |query: &str| app.ask("getIndexes", query, "indexes");
    let whole = indexes("");
    let changed = whole["lastModified"].as_i64().expect("a number");
    assert!(!list(&whole["index"]).is_empty() && !list(&whole["child"]).is_empty());
    assert_eq!(indexes(""), whole, "nothing has changed");
    assert_eq!(indexes(&format!("ifModifiedSince={}", changed - 1)), whole);
    let nothing = indexes(&format!("ifModifiedSince={changed}"));
    let expected = json!({
        "lastModified": changed, "ignoredArticles": whole["ignoredArticles"], "index": [], "child": [],
    });
    assert_eq!(nothing, expected);

    std::fs::create_dir(server.path().join("music/Zacharias")).unwrap();
    let path = server.path().join("music/Zacharias/1.flac");
    let tags = crate::support::music::tags("Za", "Zacharias", "New", 1);
    crate::support::music::write(&path, hexachord_fixtures::Format::Flac, 77, &tags);
    server.control(crate::support::post("/api/v1/admin/scan").json(&json!({}))).expect(202);
    assert_eq!(server.scanned()["phase"], "finished");
    let newer = indexes(&format!("ifModifiedSince={changed}"));
    assert!(newer["lastModified"].as_i64().is_some_and(|at| at > changed), "{newer}");
    assert!(newer["index"].to_string().contains("Zacharias"), "{newer}");
}

/// Apps keep a picture by its id.
#[test]
fn songs_have_the_picture_of_their_album() {
    let (_server, app) = stage();
    let song = app.ask("getSong", &format!("id={}", app.song("Ut 1")), "song");
    let album = app.ask("getAlbum", &format!("id={}", text(&song["albumId"])), "album");
    let id = text(&album["coverArt"]);
    assert!(id.starts_with(text(&song["albumId"])), "{album}");
    let songs = list(&album["song"]);
    assert_eq!(songs.len(), 3);
    assert!(songs.iter().all(|song| song["coverArt"] == *id), "{album}");
    app.send("getCoverArt", &format!("id={id}&size=64")).expect(200);
}
