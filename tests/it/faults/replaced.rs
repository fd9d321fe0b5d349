//! Files that are removed or replaced while they play.

use std::fs;

use hexachord_fixtures::{Format, Piece};

use super::slow::{Listener, large_file, stream_of};
use crate::support::{Server, column, get, text};

#[test]
fn a_removed_file_plays_to_its_end() {
    let mut file = Vec::new();
    let server = Server::with_music(|music| file = large_file(&music.join("long.wav"), 5));
    let member = server.member("listener", "listener");
    let tracks = server.pages(&member, "/api/v1/tracks", 50);
    let track = column(&tracks, "id")[0];

    let mut listener = Listener::play(&server, &member, track);
    listener.hear(100_000);
    fs::remove_file(server.path().join("music/long.wav")).unwrap();
    let request = || get(&stream_of(track)).bearer(&member.token);
    let gone = server.send(request()).expect(404).json();
    assert_eq!(text(&gone["type"]), "urn:hexachord:problem:file-missing");
    let heard = listener.rest().expect("the stream arrives to its last byte");
    assert!(heard == file, "the stream differs from the file");
}

#[test]
fn a_replaced_file_is_another_one() {
    let piece = |seed| Piece::new(Format::Wav, seed).bytes();
    let server = Server::with_music(|music| fs::write(music.join("a.wav"), piece(1)).unwrap());
    let member = server.member("listener", "listener");
    let tracks = server.pages(&member, "/api/v1/tracks", 50);
    let path = stream_of(column(&tracks, "id")[0]);
    let request = || get(&path).bearer(&member.token);
    let tag_of = |range_of: &str| {
        let answer =
            server.send(request().header("range", "bytes=10-").header("if-range", range_of));
        (answer.status, answer.header("etag").unwrap().to_owned(), answer.body)
    };
    let first = server.send(request()).expect(200);
    let first_tag = first.header("etag").unwrap();
    assert!(first.body == piece(1));
    let resumed = tag_of(first_tag);
    assert_eq!((resumed.0, resumed.1.as_str()), (206, first_tag));
    assert!(resumed.2 == piece(1)[10..]);

    // Of the same length: only its content and its time tell.
    let new = server.path().join("new.wav");
    fs::write(&new, piece(2)).unwrap();
    fs::rename(&new, server.path().join("music/a.wav")).unwrap();
    let (status, second_tag, body) = tag_of(first_tag);
    assert_eq!(status, 200, "the old part and the new rest would be noise");
    assert_ne!(second_tag, first_tag);
    assert!(body == piece(2));
    assert_eq!(tag_of(&second_tag).0, 206);

    let known = server.send(request().header("if-none-match", &second_tag));
    assert_eq!(known.status, 304);
    assert_eq!(server.send(request().header("if-none-match", first_tag)).status, 200);
}
