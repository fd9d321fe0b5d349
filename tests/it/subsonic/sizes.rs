//! `fault_42`: whatever size, rate or count is asked for, what is made is bounded.

use std::collections::BTreeSet;

use image::GenericImageView;

use super::stage::{code, envelope, list, stage};
use crate::support::{Response, text};

/// Sizes of thumbnails that are kept.
const KEPT: usize = 8;
/// No thumbnail has more pixels a side.
const LARGEST: u32 = 2048;
/// Bytes that an encoder may make of nothing: headers, tables, the last frame.
const SPARE: usize = 40_000;

/// The code of an envelope; `None` for bytes.
fn refused(answer: &Response) -> Option<u64> {
    let kind = answer.header("content-type").unwrap_or_default();
    kind.starts_with("application/json").then(|| code(&envelope(answer)))
}

#[test]
fn fault_42_thumbnails_of_every_size_are_few_and_bounded() {
    let (_server, app) = stage();
    let song = app.ask("getSong", &format!("id={}", app.song("Ut 1")), "song");
    let cover = text(&song["coverArt"]);
    let mut made = BTreeSet::new();
    let sizes = (1..=64).map(|n| n * n).chain([4097, 65_535, i32::MAX as u32, u32::MAX]);
    for size in sizes {
        let answer = app.send("getCoverArt", &format!("f=json&id={cover}&size={size}")).expect(200);
        let picture = image::load_from_memory(&answer.body).expect("it is a picture");
        let (width, height) = picture.dimensions();
        assert!(width.max(height) <= LARGEST, "{size}: {width} x {height}");
        made.insert(answer.body);
    }
    assert!((2..=KEPT).contains(&made.len()), "{} pictures are kept", made.len());
    let wrong =
        ["-1", "-2147483648", "4294967296", "18446744073709551616", "1e9", "0x10", "NaN", "1.5"];
    for size in wrong {
        let answer = app.send("getCoverArt", &format!("f=json&id={cover}&size={size}"));
        assert_eq!(refused(&answer), Some(10), "{size}");
    }
    let whole = app.send("getCoverArt", &format!("id={cover}&size=0")).expect(200);
    assert_eq!(whole.header("content-type"), Some("image/png"), "the picture as it was found");
}

#[test]
fn fault_42_transcodes_are_no_longer_than_their_music() {
    let (_server, app) = stage();
    let song = app.song("Ut 1");
    let numbers = ["0", "1", "8", "320", "9999", "2147483647", "4294967295"];
    let mut made = BTreeSet::new();
    for format in ["mp3", "opus", "ogg", "flac", "wav", "raw", "aac", "", "exe"] {
        for kbps in numbers {
            let query = format!("f=json&id={song}&format={format}&maxBitRate={kbps}");
            let answer = app.send("stream", &query).expect(200);
            // What a format cannot be is said.
            let found = refused(&answer);
            let is_lossless = ["flac", "wav"].contains(&format);
            assert!(found.is_none() || is_lossless && found == Some(10), "{query}: {found:?}");
            // Of a piece of half a second: nothing is larger than its samples.
            assert!(answer.body.len() < 85_516 + SPARE, "{query}: {} bytes", answer.body.len());
            made.insert(answer.body);
        }
        for wrong in ["-1", "4294967296", "NaN", "1e3", "64k"] {
            let query = format!("f=json&id={song}&format={format}&maxBitRate={wrong}");
            assert_eq!(refused(&app.send("stream", &query)), Some(10), "{query}");
        }
    }
    assert!(made.len() < 25, "{} transcodes are kept", made.len());
    for offset in ["-1", "-0.001", "NaN", "inf", "9", "2147483648", "1e300"] {
        let query = format!("f=json&id={song}&format=mp3&timeOffset={offset}");
        assert_eq!(refused(&app.send("stream", &query)), Some(10), "{query}");
    }
    for rates in ["bitRate=-1", "bitRate=4294967296", "bitRate=64&bitRate=x", "bitRate=1.5"] {
        assert_eq!(app.code("hls.m3u8", &format!("id={song}&{rates}")), 10, "{rates}");
    }
    let many = vec!["bitRate=64"; 5000].join("&");
    let playlist = app.send("hls.m3u8", &format!("id={song}&{many}")).expect(200);
    assert!(playlist.body.len() < 2000, "one variant, however often it is asked for");
}

#[test]
fn fault_42_lists_have_an_end() {
    let (_server, app) = stage();
    for number in ["2147483647", "4294967295"] {
        for (method, query, name, items) in [
            ("getAlbumList", "type=newest&size", "albumList", "album"),
            ("getAlbumList2", "type=newest&size", "albumList2", "album"),
            ("getRandomSongs", "size", "randomSongs", "song"),
            ("getSongsByGenre", "genre=Chant&count", "songsByGenre", "song"),
            ("search2", "query=&songCount", "searchResult2", "song"),
            ("search3", "query=ut&songCount", "searchResult3", "song"),
            ("getTopSongs", "artist=Guido&count", "topSongs", "song"),
        ] {
            let found = app.ask(method, &format!("{query}={number}"), name);
            assert!(!list(&found[items]).is_empty() || method == "getTopSongs", "{method}");
            let wrong = format!("{query}=-1");
            assert_eq!(app.code(method, &wrong), 10, "{method}?{wrong}");
        }
        let song = app.song("Ut 1");
        for (method, name) in
            [("getSimilarSongs", "similarSongs"), ("getSimilarSongs2", "similarSongs2")]
        {
            app.ask(method, &format!("id={song}&count={number}"), name);
        }
        let beyond = app.ask("search3", &format!("query=&songOffset={number}"), "searchResult3");
        assert!(list(&beyond["song"]).is_empty());
    }
}
