//! Shares: whoever has the address sees and hears what is shared, and nothing else.

use hexachord_fixtures::Format;
use image::ImageFormat;
use serde_json::{Value, json};

use super::House;
use crate::{
    faults::{
        slow::{Listener, large_file},
        wire::until,
    },
    support::{Member, Request, Server, column, get, head, music, post, text},
};

/// The address of a share below `/api/v1`, and its page.
fn addresses(share: &Value) -> (String, String) {
    let secret = text(&share["secret"]);
    (format!("/api/v1/shares/{secret}"), format!("/s/{secret}"))
}

#[test]
fn a_visitor_hears_what_is_shared_and_nothing_else() {
    let house = House::build();
    let server = &house.server;
    let share = house.share(&json!({ "items": [house.ids[1], house.ids[0]] }));
    let (address, page) = addresses(&share);
    let expected = format!("http://{}{page}", server.address);
    assert_eq!(share["url"], json!(expected), "the address to give away");
    let shared = server.send(get(&address)).expect(200).json();
    let tracks = shared["tracks"].as_array().unwrap().clone();
    assert_eq!(column(&tracks, "id"), [&house.ids[1], &house.ids[0]], "in their order");
    assert_eq!([&shared["title"], &shared["owner_name"]], [&json!("Alpha"), &json!("anna")]);
    assert_eq!([&shared["more"], &tracks[0]["has_cover"]], [&json!(false), &json!(false)]);

    let stream = |id: &str| format!("{address}/tracks/{id}/stream");
    let own = format!("/api/v1/tracks/{}/stream", house.ids[0]);
    let own = server.send(get(&own).bearer(&house.anna.token)).expect(200);
    let heard = server.send(get(&stream(&house.ids[0]))).expect(200);
    assert!(heard.body == own.body && heard.header("content-type") == Some("audio/flac"));
    let part = get(&stream(&house.ids[0])).header("range", "bytes=10-19");
    assert!(server.send(part).expect(206).body == own.body[10..20]);
    assert_eq!(server.send(head(&stream(&house.ids[0]))).expect(200).body, [0; 0]);
    let made = server.send(get(&format!("{}?format=mp3", stream(&house.ids[0])))).expect(200);
    assert_eq!(made.header("content-type"), Some("audio/mpeg"));

    server.send(get(&stream(&house.ids[2]))).expect(404);
    server.send(get(&format!("{address}/tracks/{}/cover", house.ids[2]))).expect(404);
    server.send(get(&format!("{address}/tracks/{}/cover", house.ids[0]))).expect(404);
    server.send(get(&format!("{address}/cover"))).expect(404);
    server.send(get(&stream("al-0000000000001"))).expect(400);
    let secret = text(&share["secret"]);
    let other = address.replace(secret, "AAAAAAAAAAAAAAAAAAAAAA");
    for wrong in
        [other.clone(), format!("{other}/cover"), format!("{other}/tracks/{}/stream", house.ids[0])]
    {
        server.send(get(&wrong)).expect(404);
    }
    // The secret opens nothing else, and signs nobody in.
    server.send(get("/api/v1/me").bearer(secret)).expect(401);
    server.send(get("/api/v1/me/shares")).expect(401);

    let mine = server.pages(&house.anna, "/api/v1/me/shares", 5);
    assert_eq!(mine.len(), 1);
    assert!(mine[0]["visits"].as_u64() >= Some(1) && mine[0]["last_visited_at"].is_string());
    assert!(server.pages(&house.ben, "/api/v1/me/shares", 5).is_empty());
    let path = format!("/api/v1/me/shares/{}", text(&share["id"]));
    house.send(&house.ben, "PATCH", &path, &json!({})).expect(404);
    house.send(&house.ben, "DELETE", &path, &Value::Null).expect(404);
    let change = json!({ "description": "for you", "expires_at": "2999-01-01T00:00:00Z" });
    let changed = house.send(&house.anna, "PATCH", &path, &change).expect(200).json();
    assert_eq!(changed["expires_at"], "2999-01-01T00:00:00.000Z");
    let same = house.send(&house.anna, "PATCH", &path, &json!({})).expect(200).json();
    assert_eq!(same, changed);
    let forever = house.send(&house.anna, "PATCH", &path, &json!({ "expires_at": null }));
    assert_eq!(forever.expect(200).json()["expires_at"], Value::Null);
    house.send(&house.anna, "DELETE", &path, &Value::Null).expect(204);
    for gone in [&address, &stream(&house.ids[0])] {
        let refused = server.send(get(gone)).expect(404).json();
        assert_eq!(refused["detail"], "no such share");
    }
    server.send(get(&page)).expect(404);
}

#[test]
fn what_cannot_be_shared_is_refused() {
    let house = House::build();
    let playlists: Vec<String> = (1..=21).map(|n| format!("pl-{n:013}")).collect();
    for (body, status, field) in [
        (json!({}), 400, Some("items")),
        (json!({ "items": vec![&house.ids[0]; 501] }), 400, Some("items")),
        (json!({ "items": ["pl-0000000000001"] }), 400, Some("items[0]")),
        (json!({ "playlists": playlists }), 400, Some("playlists")),
        (json!({ "items": ["tr-0000000000001"] }), 404, None),
        (json!({ "playlists": ["pl-0000000000001"] }), 404, None),
        (
            json!({ "items": [house.ids[0]], "expires_at": "2001-01-01T00:00:00Z" }),
            400,
            Some("expires_at"),
        ),
        (
            json!({ "items": [house.ids[0]], "description": "x".repeat(2_001) }),
            400,
            Some("description"),
        ),
    ] {
        let answer = house.send(&house.anna, "POST", "/api/v1/me/shares", &body);
        assert_eq!(answer.expect(status).json()["field"].as_str(), field, "{body}");
    }
    house.is_listed("/api/v1/me/shares", 0);
}

#[test]
fn a_share_shows_what_its_owner_may_see_now() {
    let house = House::build();
    let server = &house.server;
    let share = |who: &Member, body: &Value| {
        let answer = house.send(who, "POST", "/api/v1/me/shares", body).expect(201).json();
        addresses(&answer).0
    };
    let tracks = server.pages(&house.ben, "/api/v1/tracks", 1);
    let (album, artist) = (&tracks[0]["album"]["id"], &tracks[0]["artists"][0]["id"]);
    let list = json!({ "name": "list", "track_ids": [house.ids[3], house.ids[3]] });
    let list = house.send(&house.ben, "POST", "/api/v1/playlists", &list).expect(201).json();
    let of_album = share(&house.ben, &json!({ "items": [album] }));
    let of_artist = share(&house.ben, &json!({ "items": [artist] }));
    let of_list = share(&house.ben, &json!({ "playlists": [list["id"]] }));
    let ids = |address: &str| -> Vec<String> {
        let shared = server.send(get(address)).expect(200).json();
        let tracks = shared["tracks"].as_array().unwrap().clone();
        column(&tracks, "id").into_iter().map(str::to_owned).collect()
    };
    assert_eq!((ids(&of_album), ids(&of_artist)), (house.ids.clone(), house.ids.clone()));
    assert_eq!(ids(&of_list), [house.ids[3].as_str(), house.ids[3].as_str()]);
    for (address, id) in [(&of_album, 0), (&of_artist, 1), (&of_list, 3)] {
        server.send(get(&format!("{address}/tracks/{}/stream", house.ids[id]))).expect(200);
    }
    server.send(get(&format!("{of_list}/tracks/{}/stream", house.ids[0]))).expect(404);
    // Ben loses the library: so do his visitors, at once.
    let account = format!("/api/v1/admin/accounts/{}", house.ben.id);
    let nothing = json!({ "libraries": [] });
    server.control(Request::new("PATCH", &account).json(&nothing)).expect(200);
    for (address, id) in [(&of_album, 0), (&of_artist, 1), (&of_list, 3)] {
        assert_eq!(ids(address), [""; 0]);
        server.send(get(&format!("{address}/tracks/{}/stream", house.ids[id]))).expect(404);
    }
    server
        .control(Request::new("PATCH", &account).json(&json!({ "libraries": "all" })))
        .expect(200);
    assert_eq!(ids(&of_album), house.ids);
    // Disabled, he shows nothing any more.
    server.control(Request::new("PATCH", &account).json(&json!({ "enabled": false }))).expect(200);
    server.send(get(&of_album)).expect(404);
    server.send(get(&format!("{of_album}/tracks/{}/stream", house.ids[0]))).expect(404);
}

/// A title that wants to be markup, and one that wants to be an attribute.
const HOSTILE: [&str; 2] = ["</b><script>alert(1)</script>", "\" autoplay onplay=\"alert(1)"];

#[test]
fn the_page_of_a_share_is_plain_and_safe() {
    let server = Server::with_music(|folder| {
        for (title, number) in HOSTILE.into_iter().zip(1..) {
            let mut tags = music::tags(title, "<img src=x onerror=alert(1)>", "A & B", number);
            tags.picture = Some(music::picture(64, ImageFormat::Png));
            music::write(
                &folder.join(format!("{number}.flac")),
                Format::Flac,
                number.into(),
                &tags,
            );
        }
    });
    let anna = server.member("anna", "administrator");
    let tracks = server.pages(&anna, "/api/v1/tracks", 5);
    let ids = column(&tracks, "id");
    let body =
        json!({ "items": [tracks[0]["album"]["id"]], "description": "Hör zu!\n<b>bold</b>" });
    let made = server.send(post("/api/v1/me/shares").bearer(&anna.token).json(&body)).expect(201);
    let (address, page) = addresses(&made.json());
    let answer = server.send(get(&page)).expect(200);
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-robots-tag"), Some("noindex"));
    let policy = answer.header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains("media-src 'self'") && policy.contains("style-src 'self'"), "{policy}");
    let html = String::from_utf8(answer.body).unwrap();
    assert!(html.contains("<title>Hör zu!</title>") && html.contains("<h1>Hör zu!</h1>"), "{html}");
    assert!(html.contains("&lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
    assert!(html.contains("aria-label=\"&quot; autoplay onplay=&quot;alert(1)\""), "{html}");
    assert!(html.contains("A &amp; B") && html.contains("&lt;b&gt;bold&lt;/b&gt;"), "{html}");
    for markup in ["<script", "<img src=x", "<b>bold", "onplay=\"", "style="] {
        assert!(!html.contains(markup), "{markup} in {html}");
    }
    assert_eq!(html.matches("<audio controls").count(), ids.len());
    // Everything that the page names is there.
    let names: Vec<_> = html.split("src=\"").skip(1).chain(html.split("href=\"").skip(1)).collect();
    for name in names {
        let name = name.split('"').next().unwrap().replace("&amp;", "&");
        assert!(
            name.starts_with(&address) || ["/icon.svg", "/share.css"].contains(&&*name),
            "{name}"
        );
        server.send(get(&name)).expect(200);
    }
    for id in ids {
        let cover = server.send(get(&format!("{address}/tracks/{id}/cover?size=64"))).expect(200);
        assert_eq!(cover.header("content-type"), Some("image/jpeg"));
    }
    let nothing = server.send(get("/s/AAAAAAAAAAAAAAAAAAAAAA")).expect(404);
    let said = String::from_utf8(nothing.body).unwrap();
    assert!(said.contains("There is nothing at this address"), "{said}");
    server.send(get("/s/%3Cscript%3E")).expect(404);
}

#[test]
fn visitors_take_places_of_the_plan() {
    let server = Server::with_music(|music| drop(large_file(&music.join("long.flac"), 1)));
    let ben = server.member("ben", "listener");
    let plan = json!({
        "name": "Solo", "price": { "amount": 100, "currency": "EUR" }, "period": "year",
        "entitlements": { "max_bitrate_kbps": null, "concurrent_streams": 1, "downloads": true },
    });
    server.control(post("/api/v1/admin/plans").json(&plan)).expect(201);
    let plans = server.control(get("/api/v1/admin/plans")).expect(200).json();
    let path = format!("/api/v1/admin/plans/{}", text(&plans["items"][0]["id"]));
    let allow = |most_kbps: Option<u32>| {
        let less = json!({ "entitlements": {
            "max_bitrate_kbps": most_kbps, "concurrent_streams": 1, "downloads": true,
        } });
        server.control(Request::new("PATCH", &path).json(&less)).expect(200);
    };
    allow(None);
    let id = text(&server.pages(&ben, "/api/v1/tracks", 5)[0]["id"]).to_owned();
    let body = json!({ "items": [id] });
    let share = server.send(post("/api/v1/me/shares").bearer(&ben.token).json(&body)).expect(201);
    let stream = format!("{}/tracks/{id}/stream", addresses(&share.json()).0);
    let visitor = Listener::open(server.address, &get(&stream));
    assert_eq!(visitor.head.status, 200);
    let own = || server.send(get(&format!("/api/v1/tracks/{id}/stream")).bearer(&ben.token));
    assert_eq!(own().expect(402).json()["lacks"], "streams", "his visitor has his only place");
    server.send(get(&stream).header("range", "bytes=0-9")).expect(206);
    drop(visitor);
    until("the place is free again", || (own().status == 200).then_some(()));

    allow(Some(5));
    let original = server.send(get(&format!("{stream}?format=original"))).expect(402).json();
    assert_eq!(original["lacks"], "bitrate");
}
