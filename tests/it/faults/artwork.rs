//! The artwork folder may be deleted at any time; pictures may be hostile; covers are kept by what
//! they show.

use std::{fs, path::Path, thread::sleep, time::Duration};

use hexachord_fixtures::{Format, Tags};
use image::ImageFormat;
use serde_json::{Value, json};

use crate::support::{Member, Server, column, get, head, music, post, server::Setup, text};

/// Tries for as long as a slow machine may need.
const TRIES: usize = 1500;

/// One track of an album with a picture in its folder.
fn album(folder: &Path, name: &str, seed: u64, picture: &[u8]) {
    let folder = folder.join(name);
    fs::create_dir_all(&folder).expect("a folder can be made");
    let tags = music::tags("Ut", "Guido", name, 1);
    music::write(&folder.join("1.flac"), Format::Flac, seed, &tags);
    fs::write(folder.join("cover.png"), picture).expect("a file can be written");
}

fn albums(server: &Server, member: &Member) -> Vec<Value> {
    server.pages(member, "/api/v1/albums", 50)
}

/// A PNG whose header claims 50,000 × 50,000 pixels.
fn bomb() -> Vec<u8> {
    let mut png = music::picture(8, ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
    let checksum = music::crc32(&png[12..29]);
    png[29..33].copy_from_slice(&checksum.to_be_bytes());
    png
}

#[test]
fn deleted_thumbnails_come_back_with_the_same_tag() {
    let server = Server::with_music(|folder| {
        let tags = music::tags("Sanctus", "Guido", "Hymns", 1);
        let picture = Some(music::picture(900, ImageFormat::Png));
        music::write(&folder.join("1.flac"), Format::Flac, 1, &Tags { picture, ..tags });
    });
    let member = server.member("listener", "listener");
    let albums = server.pages(&member, "/api/v1/albums", 50);
    let album = column(&albums, "id")[0].to_owned();
    let cover = |size: &str| {
        let path = format!("/api/v1/albums/{album}/cover{size}");
        let answer = server.send(get(&path).bearer(&member.token)).expect(200);
        (answer.header("etag").expect("a cover has a tag").to_owned(), answer.body)
    };
    let sizes = ["", "?size=64", "?size=320"];
    let before = sizes.map(cover);

    let artwork = server.path().join("data").join("artwork");
    assert!(artwork.is_dir(), "thumbnails are kept");
    fs::remove_dir_all(&artwork).unwrap();
    assert!(sizes.map(cover) == before, "covers differ after the folder was deleted");
    assert!(artwork.is_dir(), "thumbnails are kept again");
}

#[test]
fn a_cover_asked_for_by_its_hash_is_kept_for_ever() {
    let server = Server::with_music(|folder| {
        album(folder, "Hymns", 1, &music::picture(300, ImageFormat::Png));
    });
    let member = server.member("listener", "listener");
    let found = albums(&server, &member).remove(0);
    let hash = text(&found["cover"]["hash"]).to_owned();
    let path = format!("/api/v1/albums/{}/cover", text(&found["id"]));
    let kept = |query: &str| {
        let answer = server.send(get(&format!("{path}{query}")).bearer(&member.token)).expect(200);
        answer.header("cache-control").expect("it says how long").to_owned()
    };
    let for_ever = "private, max-age=31536000, immutable";
    assert_eq!(kept(&format!("?size=64&v={hash}")), for_ever);
    assert_eq!(kept(&format!("?v={hash}")), for_ever);
    let for_an_hour = "private, max-age=3600";
    assert_eq!(kept("?size=64"), for_an_hour);
    assert_eq!(kept(&format!("?v={}", &hash[1..])), for_an_hour);

    let by_hash = format!("{path}?size=64&v={hash}");
    let told = server.send(head(&by_hash).bearer(&member.token)).expect(200);
    let etag = told.header("etag").expect("a cover has a tag").to_owned();
    assert!(told.body.is_empty() && etag.contains(&hash));
    for ask in [get, head] {
        let known = ask(&by_hash).bearer(&member.token).header("if-none-match", &etag);
        let unchanged = server.send(known).expect(304);
        assert_eq!(unchanged.header("cache-control"), Some(for_ever));
    }

    // Another picture has another hash, and the old one is no longer for ever.
    let other = music::picture(200, ImageFormat::Png);
    fs::write(server.path().join("music/Hymns/cover.png"), other).unwrap();
    server.control(post("/api/v1/admin/scan").json(&json!({}))).expect(202);
    server.scanned();
    let now = albums(&server, &member).remove(0);
    assert_ne!(text(&now["cover"]["hash"]), hash);
    assert_eq!(kept(&format!("?size=64&v={hash}")), for_an_hour);
    assert_eq!(kept(&format!("?size=64&v={}", text(&now["cover"]["hash"]))), for_ever);
}

#[test]
fn discs_have_addresses_and_sizes_are_bounded() {
    let server = Server::with_music(|folder| {
        album(folder, "Hymns", 1, &music::picture(300, ImageFormat::Png));
    });
    let member = server.member("listener", "listener");
    let found = albums(&server, &member).remove(0);
    let path = format!("/api/v1/albums/{}", text(&found["id"]));
    let ask = |rest: &str| server.send(get(&format!("{path}{rest}")).bearer(&member.token));
    let of_album = ask("/cover?size=64").expect(200);
    assert!(ask("/discs/1/cover?size=64").expect(200).body == of_album.body);
    ask("/discs/2/cover").expect(404);
    for disc in ["-1", "4294967296", "one", "%00"] {
        let refused = ask(&format!("/discs/{disc}/cover")).expect(400).json();
        assert_eq!(refused["field"], "disc", "{disc}: {refused}");
    }
    for place in ["/cover", "/discs/1/cover"] {
        for size in ["-1", "0", "4097", "2147483648", "99999999999", "big"] {
            let refused = ask(&format!("{place}?size={size}")).expect(400).json();
            assert_eq!(refused["field"], "size", "{size}: {refused}");
        }
    }
    server.send(get(&format!("{path}/discs/1/cover"))).expect(401);
}

#[test]
fn hostile_covers_are_refused_and_cost_nobody_else() {
    let mut setup = Setup::new();
    let good = music::picture(400, ImageFormat::Png);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for (seed, (name, picture)) in (1..).zip([
        ("1 bomb", &bomb()[..]),
        ("2 svg", svg),
        ("3 html", b"<!doctype html><script>alert(1)</script>"),
        ("4 half", &good[..good.len() / 2]),
        ("5 good", &good),
    ]) {
        album(&setup.music(), name, seed, picture);
    }
    setup.config.library.scan_on_start = true;
    setup.config.artwork.looks = true;
    let server = setup.start();
    assert_eq!(server.scanned()["phase"], "finished");
    let member = server.member("listener", "listener");
    let is_known = |album: &Value| album["cover"]["thumbhash"].is_string();
    let found = (0..TRIES).find_map(|_| {
        let found = albums(&server, &member);
        sleep(Duration::from_millis(20));
        is_known(&found[4]).then_some(found)
    });
    let found = found.expect("it becomes known how the good picture looks");
    assert!(text(&found[4]["cover"]["colour"]).starts_with('#'));
    assert!(!found[..4].iter().any(is_known));
    assert!(found[1]["cover"].is_null() && found[2]["cover"].is_null(), "they are no pictures");
    let ask = |album: &Value, query: &str| {
        let path = format!("/api/v1/albums/{}/cover{query}", text(&album["id"]));
        server.send(get(&path).bearer(&member.token))
    };
    for hostile in &found[..3] {
        for query in ["", "?size=64"] {
            ask(hostile, query).expect(404);
        }
    }
    let refused = ask(&found[0], "").expect(404).json();
    assert_eq!(refused["type"], "urn:hexachord:problem:unusable-cover");
    assert!(text(&refused["detail"]).contains("50000 × 50000"), "{refused}");
    ask(&found[3], "?size=64").expect(404);
    ask(&found[4], "?size=64").expect(200);
}
