//! Avatars: sent in any form, shown small to everybody, whatever somebody sends.

use image::{GenericImageView, ImageFormat, Rgb, RgbImage};

use super::House;
use crate::{
    faults::wire::until,
    support::{Member, Request, Response, delete, get, head, music, text},
};

const MINE: &str = "/api/v1/me/avatar";

fn id_of(house: &House, who: &Member) -> String {
    text(&house.server.read(who, "/api/v1/me")["id"]).to_owned()
}

fn put(house: &House, who: &Member, picture: &[u8]) -> Response {
    let put = Request::new("PUT", MINE).bearer(&who.token);
    house.server.send(put.header("content-type", "image/jpeg").body(picture))
}

fn see(house: &House, who: &Member, path: &str) -> Response {
    house.server.send(get(path).bearer(&who.token))
}

/// A picture whose middle is red.
fn wide(format: ImageFormat) -> Vec<u8> {
    let is_middle = |x: u32| (300..900).contains(&x);
    let picture = RgbImage::from_fn(1_200, 600, |x, _| {
        if is_middle(x) { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) }
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a picture can be encoded");
    bytes.into_inner()
}

#[test]
fn a_picture_is_seen_by_everybody_until_it_is_taken_away() {
    let house = House::build();
    let [of_anna, of_ben] = [&house.anna, &house.ben]
        .map(|who| format!("/api/v1/accounts/{}/avatar", id_of(&house, who)));
    see(&house, &house.ben, MINE).expect(404);
    let drawn = see(&house, &house.anna, &of_ben).expect(200);
    assert_eq!(drawn.header("content-type"), Some("image/png"));
    let other = see(&house, &house.anna, &of_anna).expect(200);
    assert!(drawn.body != other.body, "those who show none are told apart");

    let mut tags = Vec::new();
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
        let answer = put(&house, &house.ben, &wide(format)).expect(204);
        assert!(answer.body.is_empty());
        let mine = see(&house, &house.ben, MINE).expect(200);
        assert_eq!(mine.header("content-type"), Some("image/jpeg"), "{format:?}");
        assert_eq!(mine.header("cache-control"), Some("private, no-cache"));
        assert!(mine.body.len() < 64 * 1024, "{} bytes", mine.body.len());
        let picture = image::load_from_memory(&mine.body).unwrap();
        assert_eq!(picture.dimensions(), (256, 256));
        let [red, _, blue, _] = picture.get_pixel(4, 4).0;
        assert!(red > 150 && blue < 90, "its middle is kept: {red} {blue}");
        let shown = see(&house, &house.anna, &of_ben).expect(200);
        assert!(shown.body == mine.body);
        let tag = mine.header("etag").unwrap().to_owned();
        for path in [MINE, &of_ben] {
            let again = get(path).bearer(&house.ben.token).header("if-none-match", &tag);
            house.server.send(again).expect(304);
            let other = get(path).bearer(&house.ben.token).header("if-none-match", "\"x\"");
            house.server.send(other).expect(200);
            let described = house.server.send(head(path).bearer(&house.ben.token)).expect(200);
            let length = mine.body.len().to_string();
            assert_eq!(described.header("content-length"), Some(length.as_str()));
        }
        tags.push(tag);
    }
    let small = music::picture(40, ImageFormat::Png);
    put(&house, &house.ben, &small).expect(204);
    let picture = see(&house, &house.ben, MINE).expect(200);
    assert!(!tags.iter().any(|tag| picture.header("etag") == Some(tag)), "another has another tag");
    assert_eq!(image::load_from_memory(&picture.body).unwrap().dimensions(), (40, 40));

    let remove = || house.server.send(delete(MINE).bearer(&house.ben.token));
    remove().expect(204);
    remove().expect(404);
    see(&house, &house.ben, MINE).expect(404);
    assert!(see(&house, &house.anna, &of_ben).expect(200).body == drawn.body, "as before");

    // With the account everything goes.
    put(&house, &house.ben, &small).expect(204);
    let account = format!("/api/v1/admin/accounts/{}", id_of(&house, &house.ben));
    house.server.send(delete(&account).bearer(&house.anna.token)).expect(204);
    until("the account is forgotten", || {
        (see(&house, &house.anna, &of_ben).status == 404).then_some(())
    });
}

#[test]
fn what_is_of_no_use_is_refused() {
    let house = House::build();
    let good = wide(ImageFormat::Png);
    put(&house, &house.ben, &good).expect(204);
    let before = see(&house, &house.ben, MINE).expect(200).body;
    let mut bomb = music::picture(8, ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
    let checksum = music::crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
    let jpeg = wide(ImageFormat::Jpeg);
    for (what, wrong) in [
        ("nothing", Vec::new()),
        ("a script", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec()),
        ("a page", b"<html>".to_vec()),
        ("a header", good[..16].to_vec()),
        ("half", good[..good.len() / 2].to_vec()),
        ("a begin", jpeg[..20].to_vec()),
        ("a bitmap", wide(ImageFormat::Bmp)),
        ("a bomb", bomb),
    ] {
        let refused = put(&house, &house.ben, &wrong).expect(422).json();
        assert_eq!(refused["type"], "urn:hexachord:problem:unusable-picture", "{what}: {refused}");
    }
    let large = vec![0xff; 8 * 1024 * 1024 + 1];
    put(&house, &house.ben, &large).expect(413);
    assert!(see(&house, &house.ben, MINE).expect(200).body == before, "nothing has changed");
    for (path, status) in [
        ("/api/v1/accounts/ac-0000000000001/avatar", 404),
        ("/api/v1/accounts/x/avatar", 400),
        ("/api/v1/accounts/tr-0000000000001/avatar", 400),
    ] {
        see(&house, &house.ben, path).expect(status);
        house.server.send(get(path)).expect(401);
    }
    for method in ["GET", "PUT", "DELETE"] {
        house.server.send(Request::new(method, MINE)).expect(401);
    }
    // The program has no face.
    house.server.control(get(MINE)).expect(404);
    house.server.control(Request::new("PUT", MINE).body(good)).expect(403);
}

/// Everybody at once: some are told to come again, none takes the memory of all.
#[test]
fn many_who_send_pictures_wait_for_each_other() {
    let house = House::build();
    let picture = wide(ImageFormat::Png);
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let senders: Vec<_> =
            (0..16).map(|_| scope.spawn(|| put(&house, &house.ben, &picture).status)).collect();
        senders.into_iter().map(|sender| sender.join().expect("it is answered")).collect()
    });
    assert!(answers.iter().all(|status| [204, 503].contains(status)), "{answers:?}");
    assert!(answers.contains(&204), "{answers:?}");
    put(&house, &house.ben, &picture).expect(204);
}
