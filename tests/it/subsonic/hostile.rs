//! Whatever is sent, the answer is an envelope, and the server goes on.

use super::stage::{App, envelope, list, stage};
use crate::support::{Response, Server, get};

/// Every method, with a parameter that it takes.
const METHODS: [(&str, &[&str]); 52] = [
    ("getIndexes", &["musicFolderId", "ifModifiedSince"]),
    ("getMusicDirectory", &["id"]),
    ("getArtists", &["musicFolderId"]),
    ("getArtist", &["id"]),
    ("getAlbum", &["id"]),
    ("getSong", &["id"]),
    ("getArtistInfo2", &["id", "count"]),
    ("getAlbumInfo2", &["id"]),
    ("getSimilarSongs2", &["id", "count"]),
    ("getTopSongs", &["artist", "id", "count"]),
    ("getVideoInfo", &["id"]),
    ("getAlbumList", &["type", "size", "offset", "musicFolderId"]),
    ("getAlbumList2", &["type", "size", "offset", "fromYear", "toYear", "genre"]),
    ("getRandomSongs", &["size", "genre", "fromYear", "toYear", "musicFolderId"]),
    ("getSongsByGenre", &["genre", "count", "offset"]),
    ("getStarred2", &["musicFolderId"]),
    ("search", &["any", "title", "count", "offset"]),
    ("search2", &["query", "artistCount", "albumOffset", "songOffset"]),
    ("search3", &["query", "artistOffset", "albumCount", "songCount", "musicFolderId"]),
    ("getPlaylists", &["username"]),
    ("getPlaylist", &["id"]),
    ("createPlaylist", &["playlistId", "name", "songId"]),
    ("updatePlaylist", &["playlistId", "songIndexToRemove", "songIdToAdd", "public"]),
    ("deletePlaylist", &["id"]),
    ("stream", &["id", "maxBitRate", "format", "timeOffset"]),
    ("download", &["id"]),
    ("hls.m3u8", &["id", "bitRate"]),
    ("getCoverArt", &["id", "size"]),
    ("getLyrics", &["artist", "title"]),
    ("getLyricsBySongId", &["id", "enhanced"]),
    ("star", &["id", "albumId", "artistId"]),
    ("unstar", &["id"]),
    ("setRating", &["id", "rating"]),
    ("scrobble", &["id", "time", "submission"]),
    ("getNowPlaying", &["username"]),
    ("reportPlayback", &["mediaId", "mediaType", "positionMs", "state", "playbackRate"]),
    ("createBookmark", &["id", "position", "comment"]),
    ("deleteBookmark", &["id"]),
    ("savePlayQueue", &["id", "current", "position"]),
    ("savePlayQueueByIndex", &["id", "currentIndex", "position"]),
    ("createShare", &["id", "description", "expires"]),
    ("updateShare", &["id", "description", "expires"]),
    ("deleteShare", &["id"]),
    ("createInternetRadioStation", &["streamUrl", "name", "homepageUrl"]),
    ("deleteInternetRadioStation", &["id"]),
    ("addChatMessage", &["message"]),
    ("getChatMessages", &["since"]),
    ("jukeboxControl", &["action"]),
    ("getUser", &["username"]),
    ("getAvatar", &["username"]),
    ("createUser", &["username", "password", "musicFolderId"]),
    ("changePassword", &["username", "password"]),
];

/// Numbers, text and bytes that nobody means well with.
const VALUES: [&str; 14] = [
    "",
    "-1",
    "0",
    "2147483648",
    "99999999999999999999999",
    "NaN",
    "1e999",
    "%FF%FE%00",
    "%22%27%3B--%25*",
    "..%2F..%2Fetc%2Fpasswd",
    "%3Cscript%3E",
    "tr-0000000000000",
    "al-zzzzzzzzzzzzz_",
    "\u{202e}",
];

/// An envelope in JSON, or bytes.
#[track_caller]
fn is_an_answer(answer: &Response, what: &str) {
    assert!([200, 206].contains(&answer.status), "{what}: {}", answer.status);
    if answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
        let envelope = envelope(answer);
        let code = envelope["error"]["code"].as_u64();
        let known = code.is_none_or(|code| [0, 10, 40, 50, 70].contains(&code));
        assert!(known, "{what}: {envelope}");
    }
}

fn encoded(value: &str) -> String {
    value.replace('\u{202e}', "%E2%80%AE")
}

#[test]
fn every_method_takes_hostile_values() {
    let (server, app) = stage();
    let song = app.song("Ut 1");
    for (method, names) in METHODS {
        is_an_answer(&app.send(method, "f=json"), method);
        for name in names {
            for value in VALUES.map(encoded) {
                // Behind what is needed besides, so that the hostile one is looked at.
                let others = [
                    "id",
                    "query",
                    "type",
                    "genre",
                    "name",
                    "action",
                    "rating",
                    "position",
                    "current",
                    "currentIndex",
                    "mediaId",
                    "mediaType",
                    "positionMs",
                    "state",
                ];
                let good = others.into_iter().filter(|other| other != name).map(|other| {
                    let good = match other {
                        "id" | "current" | "mediaId" => &song,
                        "mediaType" => "song",
                        "state" => "playing",
                        "position" | "currentIndex" | "positionMs" => "0",
                        "type" => "newest",
                        "rating" => "3",
                        "action" => "get",
                        _ => "rock",
                    };
                    format!("&{other}={good}")
                });
                let good = good.collect::<Vec<_>>().concat();
                let query = format!("f=json&{name}={value}{good}");
                is_an_answer(&app.send(method, &query), &format!("{method}?{query}"));
            }
        }
    }
    assert_eq!(app.songs().len(), 6, "the server goes on");
    let state = server.control(get("/api/v1/admin/services")).expect(200).json();
    for service in list(&state["items"]) {
        assert_eq!(service["restarts"], 0, "{service}");
    }
}

#[test]
fn a_parameter_that_is_missing_is_named() {
    let (_server, app) = stage();
    let song = app.song("Ut 1");
    for (method, query, name) in [
        ("getSong", String::new(), "id"),
        ("search3", String::new(), "query"),
        ("getAlbumList2", String::new(), "type"),
        ("getAlbumList2", "type=byYear&fromYear=1990".to_owned(), "toYear"),
        ("getAlbumList2", "type=byGenre".to_owned(), "genre"),
        ("getSongsByGenre", String::new(), "genre"),
        ("setRating", format!("id={song}"), "rating"),
        ("createPlaylist", String::new(), "name"),
        ("updatePlaylist", String::new(), "playlistId"),
        ("getTopSongs", String::new(), "artist"),
        ("scrobble", String::new(), "id"),
        ("star", String::new(), "id"),
        ("jukeboxControl", String::new(), "action"),
        ("getAvatar", String::new(), "username"),
        ("createBookmark", String::new(), "id"),
        ("createBookmark", format!("id={song}"), "position"),
        ("deleteBookmark", String::new(), "id"),
        ("savePlayQueue", format!("id={song}"), "current"),
        ("savePlayQueueByIndex", format!("id={song}"), "currentIndex"),
        ("reportPlayback", String::new(), "mediaId"),
        ("reportPlayback", format!("mediaId={song}"), "mediaType"),
        ("reportPlayback", format!("mediaId={song}&mediaType=song"), "positionMs"),
        ("reportPlayback", format!("mediaId={song}&mediaType=song&positionMs=0"), "state"),
        ("createShare", String::new(), "id"),
        ("updateShare", String::new(), "id"),
        ("deleteShare", String::new(), "id"),
        ("createInternetRadioStation", "name=a".to_owned(), "streamUrl"),
        ("createInternetRadioStation", "streamUrl=http://a.example/".to_owned(), "name"),
        ("updateInternetRadioStation", String::new(), "id"),
        ("deleteInternetRadioStation", String::new(), "id"),
        ("addChatMessage", String::new(), "message"),
    ] {
        let error = app.envelope(method, &query)["error"].take();
        assert_eq!(error["code"], 10, "{method}: {error}");
        let message = format!("required parameter is missing: {name}");
        assert_eq!(error["message"], message, "{method}");
    }
}

#[test]
fn thousands_of_ids_have_an_end() {
    let (_server, app) = stage();
    let song = app.song("Ut 1");
    let many = vec![format!("id={song}"); 800].join("&");
    assert_eq!(app.code("star", &many), 10);
    assert_eq!(app.code("scrobble", &many), 10);
    let ids = vec![format!("songId={song}"); 800].join("&");
    let made = app.ask("createPlaylist", &format!("name=many&{ids}"), "playlist");
    assert_eq!((&made["songCount"], list(&made["entry"]).len()), (&800.into(), 800));
}

#[test]
fn other_ways_of_asking_are_answers_too() {
    let (server, app): (Server, App) = stage();
    for (method, path) in [("PUT", "ping"), ("DELETE", "deletePlaylist"), ("PATCH", "x")] {
        let request = crate::support::Request::new(method, &format!("/rest/{path}"));
        let answer = server.send(request).expect(200);
        assert!(String::from_utf8_lossy(&answer.body).contains("code=\"0\""), "{method}");
    }
    assert_eq!(app.code("noSuchMethod", ""), 0);
    assert_eq!(app.code("noSuchMethod.view", ""), 0);
    let version = envelope(&server.send(get("/rest/ping?f=json&v=x")));
    assert_eq!(version["error"]["code"], 10);
    let unknown = app.send("ping", "f=yaml").expect(200);
    assert!(String::from_utf8_lossy(&unknown.body).contains("code=\"10\""));
}
