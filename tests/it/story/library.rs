//! The library as lists, sorted and in pages, and each thing in it by itself.

use serde_json::{Value, json};

use super::{CHOIR_TRACKS, TRACKS, id_of, named};
use crate::support::{Api, Member, column, text};

pub(super) fn is_browsed(api: &Api, anna: &Member) {
    for (list, sorts, count) in [
        ("tracks", &["title", "artist", "album", "year", "added"][..], TRACKS),
        ("albums", &["title", "artist", "year", "added"], 4),
        ("artists", &["name"], 4),
        ("genres", &["name"], 3),
    ] {
        for sort in sorts {
            every_page_once(api, anna, &format!("/api/v1/{list}"), sort, count);
        }
    }
    orders_are_right(api, anna);
    filters_narrow(api, anna);
    albums_have_their_tracks(api, anna);
    artists_have_their_albums(api, anna);
    tracks_are_described(api, anna);
    let libraries = api.read(anna, "/api/v1/libraries");
    let libraries = libraries["items"].as_array().expect("a list has items");
    assert_eq!(column(libraries, "name"), ["band", "choir"]);
    assert_eq!(libraries[1]["track_count"], json!(CHOIR_TRACKS));
}

fn every_page_once(api: &Api, anna: &Member, path: &str, sort: &str, count: usize) {
    let whole = api.pages(anna, &format!("{path}?sort={sort}"), 500);
    assert_eq!(whole.len(), count, "{path} by {sort}");
    let mut ids = column(&whole, "id");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{path} by {sort}: something comes twice");
    assert_eq!(api.pages(anna, &format!("{path}?sort={sort}"), 2), whole, "{path} by {sort}");
    let mut turned = api.pages(anna, &format!("{path}?sort=-{sort}"), 3);
    turned.reverse();
    assert_eq!(turned, whole, "{path} by -{sort}");
}

fn orders_are_right(api: &Api, anna: &Member) {
    let albums = |sort: &str| {
        let albums = api.pages(anna, &format!("/api/v1/albums?sort={sort}"), 500);
        column(&albums, "title").join(", ")
    };
    assert_eq!(albums("title"), "Alpha, Beta, Gamma, Ut queant laxis");
    assert_eq!(albums("-year"), "Gamma, Beta, Alpha, Ut queant laxis");
    assert_eq!(albums("artist"), "Beta, Ut queant laxis, Alpha, Gamma");
    let artists = api.pages(anna, "/api/v1/artists", 500);
    assert_eq!(column(&artists, "name"), ["Chord", "Guido", "Hexa", "Paolo"]);
    let genres = api.pages(anna, "/api/v1/genres?sort=-name", 500);
    assert_eq!(column(&genres, "name"), ["Rock", "Jazz", "Chant"]);
    let tracks = api.pages(anna, "/api/v1/tracks?sort=title", 500);
    let titles: Vec<String> = column(&tracks, "title").iter().map(|t| t.to_lowercase()).collect();
    assert!(titles.is_sorted(), "{titles:?}");
}

fn filters_narrow(api: &Api, anna: &Member) {
    let titles = |path: String| {
        let items = api.pages(anna, &path, 1);
        let mut titles: Vec<String> =
            column(&items, "title").iter().map(|title| (*title).to_owned()).collect();
        titles.sort_unstable();
        titles.join(", ")
    };
    let jazz = id_of(api, anna, "genres", "name", "Jazz");
    assert_eq!(titles(format!("/api/v1/albums?genre={jazz}")), "Beta, Gamma");
    assert_eq!(titles(format!("/api/v1/tracks?genre={jazz}")), "Beta 1, Beta 2, Gamma 1, Gamma 2");
    let paolo = id_of(api, anna, "artists", "name", "Paolo");
    assert_eq!(titles(format!("/api/v1/tracks?artist={paolo}")), "Flac, Gamma 2");
    let hexa = id_of(api, anna, "artists", "name", "Hexa");
    assert_eq!(titles(format!("/api/v1/albums?artist={hexa}&sort=-year")), "Alpha, Gamma");
}

fn albums_have_their_tracks(api: &Api, anna: &Member) {
    for album in api.pages(anna, "/api/v1/albums", 500) {
        let detail = api.read(anna, &format!("/api/v1/albums/{}", text(&album["id"])));
        let tracks = detail["tracks"].as_array().expect("an album has tracks");
        assert_eq!(json!(tracks.len()), album["track_count"]);
        let numbers: Vec<_> = tracks.iter().map(|track| track["track_number"].as_u64()).collect();
        assert!(numbers.iter().copied().eq((1..).map(Some).take(tracks.len())), "{numbers:?}");
        let duration: u64 = tracks.iter().filter_map(|track| track["duration_ms"].as_u64()).sum();
        assert_eq!(album["duration_ms"], json!(duration));
        for (field, value) in album.as_object().expect("an album is an object") {
            assert_eq!(&detail[field], value, "{field} is the same in the list and by itself");
        }
    }
}

fn artists_have_their_albums(api: &Api, anna: &Member) {
    let detail = |name: &str| {
        let id = id_of(api, anna, "artists", "name", name);
        api.read(anna, &format!("/api/v1/artists/{id}"))
    };
    let titles = |albums: &Value| column(albums.as_array().expect("a list"), "title").join(", ");
    let hexa = detail("Hexa");
    assert_eq!(titles(&hexa["albums"]), "Alpha, Gamma", "by year");
    assert_eq!(titles(&hexa["appears_on"]), "");
    assert_eq!([&hexa["album_count"], &hexa["track_count"]], [&json!(2), &json!(4)]);
    let paolo = detail("Paolo");
    assert_eq!(titles(&paolo["albums"]), "");
    assert_eq!(titles(&paolo["appears_on"]), "Ut queant laxis, Gamma");
    assert_eq!([&paolo["album_count"], &paolo["track_count"]], [&json!(0), &json!(2)]);
}

fn tracks_are_described(api: &Api, anna: &Member) {
    let tracks = api.pages(anna, "/api/v1/tracks", 500);
    for track in &tracks {
        assert_eq!(&api.read(anna, &format!("/api/v1/tracks/{}", text(&track["id"]))), track);
    }
    for (title, codec, content_type) in [
        ("Mp3", "mp3", "audio/mpeg"),
        ("Flac", "flac", "audio/flac"),
        ("Vorbis", "vorbis", "audio/ogg"),
        ("Opus", "opus", "audio/ogg"),
        ("Aac", "aac", "audio/mp4"),
        ("Alac", "alac", "audio/mp4"),
        ("Wav", "pcm", "audio/wav"),
        ("Aiff", "pcm", "audio/aiff"),
        ("WavPack", "wavpack", "audio/x-wavpack"),
    ] {
        let track = named(&tracks, "title", title);
        assert_eq!([&track["codec"], &track["content_type"]], [codec, content_type], "{title}");
        for field in ["duration_ms", "size", "bitrate_kbps", "sample_rate", "channels"] {
            assert!(track[field].as_u64().is_some_and(|value| value > 0), "{title}: {track}");
        }
    }
    let flac = named(&tracks, "title", "Flac");
    assert_eq!([&flac["artists"][0]["name"], &flac["artists"][1]["name"]], ["Guido", "Paolo"]);
    assert_eq!(flac["album_artists"], json!([flac["artists"][0]]));
    assert_eq!([&flac["year"], &flac["bit_depth"]], [&json!(1026), &json!(16)]);
    assert_eq!([&flac["album"]["title"], &flac["genres"][0]], ["Ut queant laxis", "Chant"]);
}
