//! Albums and artists that a retag renames, merges and splits carry their stars and ratings.

use std::path::PathBuf;

use hexachord_fixtures::tag;
use serde_json::{Value, json};

use super::{Home, rescan};
use crate::{
    faults::wire::until,
    support::{Member, Request, Server, music, text},
};

/// Files of two albums, of three and of two tracks.
fn two_albums(home: &Home) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let album = |title, count| music::album(&home.music(), "Guido", title, count);
    (album("Hymns", 3), album("More hymns", 2))
}

fn retag(files: &[PathBuf], artist: &str, album: &str) {
    for (path, number) in files.iter().zip(1..) {
        tag(path, &music::tags(&format!("track {number}"), artist, album, number))
            .expect("files of the test can be changed");
    }
}

/// The id of the album or artist that is called so.
fn id_of(server: &Server, member: &Member, list: &str, field: &str, name: &str) -> String {
    let all = server.pages(member, &format!("/api/v1/{list}"), 50);
    let found = all.iter().find(|item| item[field] == name);
    text(&found.unwrap_or_else(|| panic!("{name} is not in {list}"))["id"]).to_owned()
}

fn put(server: &Server, member: &Member, path: &str, body: &Value) {
    let request = Request::new("PUT", path).bearer(&member.token).json(body);
    server.send(request).expect(200);
}

fn favourites(server: &Server, member: &Member, kind: &str, field: &str) -> Vec<String> {
    let all = server.pages(member, &format!("/api/v1/me/favourites?kind={kind}"), 50);
    // For a moment there may be one that is no more.
    let shown = all.iter().map(|item| item[kind][field].as_str().unwrap_or("gone"));
    shown.map(str::to_owned).collect()
}

fn rating(server: &Server, member: &Member, album: &str) -> Value {
    let id = id_of(server, member, "albums", "title", album);
    let known = server.read(member, &format!("/api/v1/me/annotations?ids={id}"));
    known["items"][0]["rating"].clone()
}

#[test]
fn stars_and_ratings_go_along_with_albums_and_artists() {
    let home = Home::new();
    let (hymns, more) = two_albums(&home);
    let (server, member) = home.open();
    let album = id_of(&server, &member, "albums", "title", "Hymns");
    let artist = id_of(&server, &member, "artists", "name", "Guido");
    until("the album is known", || {
        let path = format!("/api/v1/me/favourites/{album}");
        let love = Request::new("PUT", &path).bearer(&member.token).json(&json!({}));
        (server.send(love).status == 200).then_some(())
    });
    put(&server, &member, &format!("/api/v1/me/ratings/{album}"), &json!({ "rating": 4 }));
    put(&server, &member, &format!("/api/v1/me/favourites/{artist}"), &json!({}));
    let albums = || favourites(&server, &member, "album", "title");
    let becomes = |what: &str, expected: &[&str]| {
        rescan(&server);
        until(what, || (albums() == expected).then_some(()));
    };

    retag(&hymns, "Guido", "Old hymns");
    becomes("renamed", &["Old hymns"]);
    assert_eq!(rating(&server, &member, "Old hymns"), 4);

    retag(&hymns[..1], "Guido", "First hymn");
    rescan(&server);
    until("split", || (albums().len() == 2).then_some(()));
    assert_eq!(rating(&server, &member, "First hymn"), 4);
    assert_eq!(rating(&server, &member, "Old hymns"), 4);

    retag(&hymns, "Guido", "More hymns");
    becomes("merged", &["More hymns"]);
    assert_eq!(rating(&server, &member, "More hymns"), 4);

    assert_eq!(favourites(&server, &member, "artist", "name"), ["Guido"]);
    retag(&[hymns, more].concat(), "Guido of Arezzo", "More hymns");
    becomes("by another name", &["More hymns"]);
    until("renamed", || {
        (favourites(&server, &member, "artist", "name") == ["Guido of Arezzo"]).then_some(())
    });
    assert_eq!(rating(&server, &member, "More hymns"), 4);
}
