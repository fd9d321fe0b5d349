//! Streams, files, pictures and segments.

use std::io::Cursor;

use hexachord_audio::{Codec, Decoder};
use serde_json::json;

use super::stage::{list, stage};
use crate::support::{Response, get, head, post, text};

fn file(server: &crate::support::Server, path: &str) -> Vec<u8> {
    std::fs::read(server.path().join("music").join(path)).expect("it is there")
}

fn codec(answer: &Response) -> Codec {
    let decoder = Decoder::open(Cursor::new(answer.body.clone())).expect("it can be decoded");
    decoder.facts().codec
}

#[test]
fn a_file_goes_out_as_it_is_where_nothing_else_is_asked() {
    let (server, app) = stage();
    let song = app.song("Ut 1");
    let whole = file(&server, "Guido/Micrologus/1.flac");
    let same = ["", "format=raw&maxBitRate=64", "maxBitRate=0", "format=flac", "maxBitRate=100000"];
    for query in same {
        let answer = app.send("stream.view", &format!("id={song}&{query}")).expect(200);
        assert_eq!(answer.body, whole, "{query}");
        assert_eq!(answer.header("content-length"), Some(whole.len().to_string().as_str()));
        assert_eq!(answer.header("content-type"), Some("audio/flac"));
    }
    let part =
        server.send(app.request("stream", &format!("id={song}")).header("range", "bytes=4-9"));
    assert_eq!(part.expect(206).body, whole[4..10]);
    let form = post("/rest/stream").header("content-type", "application/x-www-form-urlencoded");
    let form = form.body(format!("id={song}&{}", app.credential)).header("range", "bytes=4-9");
    assert_eq!(server.send(form).expect(206).body, whole[4..10], "a form may ask for a part, too");
    let download = app.send("download", &format!("id={song}")).expect(200);
    assert_eq!(download.body, whole);
    assert!(download.header("content-disposition").is_some_and(|name| name.contains("1.flac")));
    let mp3 = app.song("Re 1");
    let answer = app.send("stream", &format!("id={mp3}&format=mp3")).expect(200);
    assert_eq!(answer.body, file(&server, "Guido/Aliae/1.mp3"), "it is MP3 already");
    let looked = head(&format!("/rest/stream?id={song}&{}", app.credential));
    let looked = server.send(looked).expect(200);
    assert_eq!(looked.header("content-length"), Some(whole.len().to_string().as_str()));
    for method in ["stream", "download"] {
        assert_eq!(app.code(method, "id=tr-0000000000000"), 70);
    }
}

#[test]
fn what_is_made_has_no_length_unless_it_is_asked_for() {
    let (_server, app) = stage();
    let song = app.song("Ut 1");
    let formats = [
        ("maxBitRate=64", Codec::Mp3),
        ("format=mp3&maxBitRate=128", Codec::Mp3),
        ("format=mp3", Codec::Mp3),
        ("format=opus&maxBitRate=96", Codec::Opus),
        ("format=wav", Codec::Pcm),
        ("format=mp3&maxBitRate=1", Codec::Mp3),
        ("format=mp3&maxBitRate=9999", Codec::Mp3),
        ("maxBitRate=64&timeOffset=0.1", Codec::Mp3),
        ("timeOffset=0.1", Codec::Flac),
    ];
    for (query, expected) in formats {
        let answer = app.send("stream", &format!("id={song}&{query}")).expect(200);
        assert_eq!(answer.header("content-length"), None, "{query}");
        assert_eq!(codec(&answer), expected, "{query}");
        // What is kept by now neither.
        let again = app.send("stream", &format!("id={song}&{query}")).expect(200);
        assert_eq!(again.header("content-length"), None, "{query}");
        assert_eq!(again.body, answer.body, "{query}");
    }
    let query = format!("id={song}&format=mp3&maxBitRate=128&estimateContentLength=true");
    let answer = app.send("stream", &query).expect(200);
    assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
    let frames = |query: &str| {
        let answer = app.send("stream", &format!("id={song}&format=wav&{query}")).expect(200);
        answer.body.len()
    };
    assert!(frames("timeOffset=0.1") < frames(""), "it begins later");
    assert_eq!(app.code("stream", &format!("f=json&id={song}&timeOffset=9999")), 10);
}

#[test]
fn segments_carry_the_credential() {
    let (server, app) = stage();
    let song = app.song("Ut 1");
    let master = app.send("hls.m3u8", &format!("id={song}&bitRate=100&bitRate=64@1x1")).expect(200);
    assert_eq!(master.header("content-type"), Some("application/vnd.apple.mpegurl"));
    let addresses = |playlist: &Response, at: &str| {
        let text = String::from_utf8(playlist.body.clone()).expect("it is UTF-8");
        let map = text.lines().find_map(|line| line.split_once("URI=\"")).map(|(_, rest)| rest);
        let map = map.and_then(|rest| rest.split_once('"')).map(|(address, _)| address.to_owned());
        let lines = text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned);
        map.into_iter().chain(lines).map(|address| format!("{at}{address}")).collect::<Vec<_>>()
    };
    let variants = addresses(&master, "/rest/");
    assert_eq!(variants.len(), 2, "{variants:?}");
    for variant in variants {
        let media = server.send(get(&variant)).expect(200);
        let at = variant.split_once("index.m3u8").expect("it is a playlist").0;
        let parts = addresses(&media, at);
        assert!(parts.len() >= 2, "{parts:?}");
        let mut joined = Vec::new();
        for part in parts {
            joined.extend(server.send(get(&part)).expect(200).body);
        }
        assert_eq!(&joined[4..8], b"ftyp", "it begins as a file");
        assert!(joined.windows(4).any(|name| name == b"moof"), "and has segments");
        server.send(get(at)).expect(404);
        let without = variant.split_once('?').expect("it has a query").0;
        server.send(get(without)).expect(401);
    }
    let all = app.send("hls", &format!("id={song}")).expect(200);
    assert!(addresses(&all, "").len() > 2);
    assert_eq!(app.code("hls.m3u8", &format!("f=json&id={song}&bitRate=x")), 10);
}

#[test]
fn pictures_are_found_under_every_id_that_apps_make() {
    let (_server, app) = stage();
    let song = app.ask("getSong", &format!("id={}", app.song("Ut 1")), "song");
    let (album, track) = (text(&song["albumId"]), text(&song["id"]));
    let album_cover = app.ask("getAlbum", &format!("id={album}"), "album");
    let cover = text(&album_cover["coverArt"]).to_owned();
    assert!(cover.contains('_'), "another picture has another id: {cover}");
    let picture = app.send("getCoverArt", &format!("id={cover}")).expect(200);
    assert_eq!(picture.header("content-type"), Some("image/png"));
    assert!(picture.header("cache-control").is_some_and(|kept| kept.contains("immutable")));
    let playlist = app.ask("createPlaylist", &format!("name=x&songId={track}"), "playlist");
    let artist = text(&song["artistId"]);
    let ids = [
        album.to_owned(),
        format!("al-{album}"),
        track.to_owned(),
        format!("mf-{track}"),
        text(&song["coverArt"]).to_owned(),
        artist.to_owned(),
        format!("ar-{artist}_0"),
        text(&playlist["coverArt"]).to_owned(),
    ];
    for id in ids {
        let found = app.send("getCoverArt", &format!("id={id}")).expect(200);
        assert_eq!(found.body, picture.body, "{id}");
    }
    let small = app.send("getCoverArt", &format!("id={cover}&size=100")).expect(200);
    let small = image::load_from_memory(&small.body).expect("it is a picture");
    assert!((1..600).contains(&small.width()), "{}", small.width());
    let large = app.send("getCoverArt", &format!("id={cover}&size=2147483648")).expect(200);
    assert!(image::load_from_memory(&large.body).expect("it is a picture").width() <= 4096);
    assert_eq!(app.code("getCoverArt", &format!("f=json&id={cover}&size=-1")), 10);
    let bare = app.ask("getSong", &format!("id={}", app.song("Re 1")), "song");
    assert_eq!(bare.get("coverArt"), None);
    assert_eq!(app.code("getCoverArt", &format!("f=json&id={}", text(&bare["albumId"]))), 70);
}

#[test]
fn an_app_is_told_how_it_gets_a_song() {
    let (server, app) = stage();
    let song = app.song("Ut 1");
    let decided = |client: &serde_json::Value| {
        let path = format!(
            "/rest/getTranscodeDecision?f=json&{}&mediaId={song}&mediaType=song",
            app.credential
        );
        let answer = super::stage::envelope(&server.send(post(&path).json(client)));
        answer["transcodeDecision"].clone()
    };
    let profile = |container: &str| {
        json!({
            "name": "suite", "platform": "tests", "maxTranscodingAudioBitrate": 128_000,
            "directPlayProfiles": [{"containers": [container], "audioCodecs": ["*"], "protocols": ["http"]}],
            "transcodingProfiles": [{"container": "mp3", "audioCodec": "mp3", "protocol": "http"}],
            "codecProfiles": [],
        })
    };
    let direct = decided(&profile("flac"));
    assert_eq!((&direct["canDirectPlay"], &direct["canTranscode"]), (&json!(true), &json!(false)));
    assert_eq!(direct["sourceStream"]["codec"], "flac");
    let made = decided(&profile("mp3"));
    assert_eq!((&made["canDirectPlay"], &made["canTranscode"]), (&json!(false), &json!(true)));
    assert_eq!(made["transcodeStream"]["audioBitrate"], 128_000);
    assert!(!list(&made["transcodeReason"]).is_empty());
    let params = text(&made["transcodeParams"]).replace('&', "%26").replace('=', "%3D");
    let path = format!("mediaId={song}&mediaType=song&transcodeParams={params}");
    let stream = app.send("getTranscodeStream", &path).expect(200);
    assert_eq!(codec(&stream), Codec::Mp3);
    app.send("getTranscodeStream", &format!("{path}&offset=9")).expect(400);
    // Its failures are statuses.
    app.send("getTranscodeStream", &path.replace(&song, "tr-0000000000000")).expect(404);
    app.send("getTranscodeStream", &format!("mediaId={song}&mediaType=song")).expect(400);
    app.send(
        "getTranscodeStream",
        &format!("mediaId={song}&mediaType=song&transcodeParams=x%3Dy%26format%3Dexe"),
    )
    .expect(400);
    let nobody = decided(&json!({ "name": "a", "platform": "b" }));
    assert_eq!((&nobody["canDirectPlay"], &nobody["canTranscode"]), (&json!(false), &json!(false)));
    assert!(nobody["errorReason"].is_string());
    let path = format!(
        "/rest/getTranscodeDecision?f=json&{}&mediaId={song}&mediaType=song",
        app.credential
    );
    let wrong = super::stage::envelope(&server.send(post(&path).json(&json!([1]))));
    assert_eq!(super::stage::code(&wrong), 10);
    let mut many = profile("flac");
    many["transcodingProfiles"] = vec![many["transcodingProfiles"][0].take(); 65].into();
    let many = super::stage::envelope(&server.send(post(&path).json(&many)));
    assert_eq!(super::stage::code(&many), 10);
    let podcast = app.code("getTranscodeDecision", &format!("mediaId={song}&mediaType=podcast"));
    assert_eq!(podcast, 0, "it is asked by POST");
}
