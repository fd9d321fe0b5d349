//! The artwork folder may be deleted at any time.

use hexachord_fixtures::{Format, Tags};
use image::ImageFormat;

use crate::support::{Server, column, get, music};

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
    std::fs::remove_dir_all(&artwork).unwrap();
    assert!(sizes.map(cover) == before, "covers differ after the folder was deleted");
    assert!(artwork.is_dir(), "thumbnails are kept again");
}
