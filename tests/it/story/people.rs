//! Others come in by invite, see what they may, and lose what is taken from them at once.

use serde_json::{Value, json};

use super::{BAND_TRACKS, TRACKS, id_of, named};
use crate::support::{Api, Member, PASSWORD, Request, column, delete, get, post, text};

pub(super) fn are_invited(api: &Api, anna: &Member) -> Member {
    let made = post("/api/v1/admin/invites").bearer(&anna.token);
    let invite = api.send(made).expect(201).json();
    let body = json!({ "username": "bert", "password": PASSWORD, "invite": invite["code"] });
    let answer = api.send(post("/api/v1/accounts").json(&body)).expect(201).json();
    assert_eq!(answer["account"]["role"], "listener");
    let bert = Member::of(&answer);

    let again = json!({ "username": "eve", "password": PASSWORD, "invite": invite["code"] });
    api.send(post("/api/v1/accounts").json(&again)).expect(403);
    let invites = api.read(anna, "/api/v1/admin/invites");
    assert_eq!(invites["items"][0]["used_by"], json!(bert.id));
    assert_eq!(invites["items"][0]["code"], Value::Null, "a code is told once");

    let spare = json!({ "role": "administrator", "valid_seconds": 60 });
    let spare = post("/api/v1/admin/invites").bearer(&anna.token).json(&spare);
    let spare = api.send(spare).expect(201).json();
    let path = format!("/api/v1/admin/invites/{}", text(&spare["id"]));
    api.send(delete(&path).bearer(&anna.token)).expect(204);
    let revoked = json!({ "username": "eve", "password": PASSWORD, "invite": spare["code"] });
    api.send(post("/api/v1/accounts").json(&revoked)).expect(403);

    let account = format!("/api/v1/admin/accounts/{}", bert.id);
    for forbidden in [
        get("/api/v1/admin/accounts"),
        get("/api/v1/admin/invites"),
        get("/api/v1/admin/scan"),
        get("/api/v1/admin/scan/unreadable"),
        get("/api/v1/admin/services"),
        get("/api/v1/admin/missing"),
        get("/api/v1/admin/edits"),
        get(&account),
        delete(&account),
        delete("/api/v1/admin/scan"),
        post("/api/v1/admin/scan"),
        post("/api/v1/admin/invites"),
        Request::new("PATCH", &account).json(&json!({ "role": "administrator" })),
    ] {
        let refused = api.send(forbidden.bearer(&bert.token)).expect(403).json();
        assert_eq!(refused["type"], "urn:hexachord:problem:forbidden");
    }
    bert
}

pub(super) fn see_what_they_may(api: &Api, anna: &Member, bert: &Member) {
    assert_eq!(api.pages(bert, "/api/v1/tracks", 3).len(), TRACKS);
    let libraries = api.read(bert, "/api/v1/libraries");
    let items = libraries["items"].as_array().expect("a list has items");
    assert!(column(items, "folder").iter().all(|folder| folder.is_empty()), "{libraries}");
    let band = &named(items, "name", "band")["id"];
    let hidden = |list, field, name| id_of(api, anna, list, field, name);
    let (track, album) =
        (hidden("tracks", "title", "Flac"), hidden("albums", "title", "Ut queant laxis"));
    let (artist, genre) = (hidden("artists", "name", "Guido"), hidden("genres", "name", "Chant"));

    let account = format!("/api/v1/admin/accounts/{}", bert.id);
    let change = |libraries: &Value| {
        let change = json!({ "libraries": libraries });
        let request = Request::new("PATCH", &account).bearer(&anna.token).json(&change);
        assert_eq!(&api.send(request).expect(200).json()["libraries"], libraries);
    };
    change(&json!([band]));
    assert_eq!(api.read(bert, "/api/v1/me")["libraries"], json!([band]));
    let tracks = api.pages(bert, "/api/v1/tracks", 4);
    assert_eq!(tracks.len(), BAND_TRACKS);
    assert!(tracks.iter().all(|track| &track["library"] == band));
    let titles = api.pages(bert, "/api/v1/albums", 2);
    assert_eq!(column(&titles, "title"), ["Alpha", "Beta", "Gamma"]);
    let artists = api.pages(bert, "/api/v1/artists", 2);
    assert_eq!(column(&artists, "name"), ["Chord", "Hexa", "Paolo"]);
    assert_eq!(named(&artists, "name", "Paolo")["track_count"], 1, "of what bert may see");
    let genres = api.pages(bert, "/api/v1/genres", 1);
    assert_eq!(column(&genres, "name"), ["Jazz", "Rock"]);
    let libraries = api.read(bert, "/api/v1/libraries");
    assert_eq!(libraries["items"].as_array().map(Vec::len), Some(1));
    for path in [
        format!("tracks/{track}"),
        format!("tracks/{track}/stream"),
        format!("tracks/{track}/cover"),
        format!("albums/{album}"),
        format!("albums/{album}/cover"),
        format!("artists/{artist}"),
        format!("artists/{artist}/cover"),
        format!("tracks?artist={artist}"),
        format!("albums?genre={genre}"),
    ] {
        api.send(get(&format!("/api/v1/{path}")).bearer(&bert.token)).expect(404);
    }
    change(&json!("all"));
    assert_eq!(api.pages(bert, "/api/v1/tracks", 500).len(), TRACKS);
}

pub(super) fn end_keys_and_sessions(api: &Api, bert: &Member) {
    let me = |token: &str| api.send(get("/api/v1/me").bearer(token));
    let made = post("/api/v1/me/device-keys").bearer(&bert.token);
    let key = api.send(made.json(&json!({ "label": "kitchen" }))).expect(201).json();
    let secret = text(&key["secret"]);
    assert_eq!(me(secret).expect(200).json()["username"], "bert");
    let keys = api.read(bert, "/api/v1/me/device-keys");
    assert_eq!(
        [&keys["items"][0]["label"], &keys["items"][0]["secret"]],
        [&json!("kitchen"), &Value::Null]
    );
    let path = format!("/api/v1/me/device-keys/{}", text(&key["id"]));
    api.send(delete(&path).bearer(&bert.token)).expect(204);
    me(secret).expect(401);

    let (phone, radio) = (api.sign_in("bert", PASSWORD), api.sign_in("BERT", PASSWORD));
    let sessions = api.read(&phone, "/api/v1/me/sessions");
    let sessions = sessions["items"].as_array().expect("a list has items");
    assert_eq!(sessions.len(), 3);
    let current: Vec<_> = sessions.iter().map(|one| one["current"] == true).collect();
    assert_eq!(current, [false, true, false], "newest first, and its own is marked");
    let path = format!("/api/v1/me/sessions/{}", text(&sessions[0]["id"]));
    api.send(delete(&path).bearer(&phone.token)).expect(204);
    me(&radio.token).expect(401);
    let signed_out = api.send(delete("/api/v1/session").bearer(&phone.token)).expect(204);
    assert!(signed_out.header("set-cookie").is_some_and(|cookie| cookie.contains("Max-Age=0")));
    me(&phone.token).expect(401);
    api.sign_in("bert", PASSWORD);
    let others = delete("/api/v1/me/sessions").bearer(&bert.token);
    assert_eq!(api.send(others).expect(200).json(), json!({ "revoked": 1 }));
    me(&bert.token).expect(200);
}

pub(super) fn are_removed(api: &Api, anna: &Member, bert: &Member) {
    api.read(bert, "/api/v1/me");
    let path = format!("/api/v1/admin/accounts/{}", bert.id);
    api.send(delete(&path).bearer(&anna.token)).expect(204);
    api.send(get("/api/v1/me").bearer(&bert.token)).expect(401);
    api.send(get(&path).bearer(&anna.token)).expect(404);
    let body = json!({ "username": "bert", "password": PASSWORD });
    api.send(post("/api/v1/session").json(&body)).expect(401);
}
