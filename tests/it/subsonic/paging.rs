//! Lists that are counted from the first row, as apps copy a library.

use std::collections::BTreeSet;

use serde_json::Value;

use super::stage::{App, list, stage};
use crate::faults::wire::until;
use crate::support::{Server, music, text};

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(|item| text(&item["id"]).to_owned()).collect()
}

/// All rows of a kind, a few at a time.
fn copied(app: &App, query: &str, kind: &str, size: u32) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let others = ["artist", "album", "song"].into_iter().filter(|other| *other != kind);
        let none: String =
            others.map(|other| format!("&{other}Count=0")).collect::<Vec<_>>().concat();
        let query = format!("query={query}&{kind}Count={size}&{kind}Offset={}{none}", all.len());
        let page = app.ask("search3", &query, "searchResult3");
        for other in ["artist", "album", "song"] {
            assert_eq!(
                list(&page[other]).is_empty(),
                other != kind || page[kind] == Value::Array(vec![])
            );
        }
        let found = list(&page[kind]);
        if found.is_empty() {
            return all;
        }
        assert!(found.len() <= size as usize);
        all.extend(ids(&found));
    }
}

#[test]
fn a_query_of_nothing_pages_through_everything() {
    let server = Server::with_music(|folder| {
        for number in 0..5 {
            let artist = format!("Artist {number}");
            music::album(&folder.join(&artist), &artist, &format!("Album {number}"), 7);
        }
    });
    let ida = server.member("ida", "listener");
    let app = App::of(&server, &ida, "ida");
    for (kind, count) in [("artist", 5), ("album", 5), ("song", 35)] {
        for query in ["", "%22%22"] {
            for size in [1, 3, 500, 100_000] {
                let copied = copied(&app, query, kind, size);
                assert_eq!(copied.len(), count, "{kind} by {size}");
                assert_eq!(copied.iter().collect::<BTreeSet<_>>().len(), count, "each once");
            }
        }
    }
    // The index is a moment behind.
    until("all tracks are found", || {
        (copied(&app, "track", "song", 500).len() == 35).then_some(())
    });
    let named = copied(&app, "track", "song", 4);
    assert_eq!(named.iter().collect::<BTreeSet<_>>().len(), 35, "what is found is paged too");
}

#[test]
fn albums_are_counted_in_every_order() {
    let (_server, app) = stage();
    for album in ids(&list(&app.ask("getAlbumList2", "type=newest", "albumList2")["album"])) {
        app.done("star", &format!("albumId={album}"));
        app.done("setRating", &format!("id={album}&rating=3"));
    }
    for song in ids(&app.songs()) {
        app.done("scrobble", &format!("id={song}"));
    }
    let orders = [
        "type=newest",
        "type=alphabeticalByName",
        "type=alphabeticalByArtist",
        "type=highest",
        "type=frequent",
        "type=recent",
        "type=starred",
        "type=byYear&fromYear=1000&toYear=3000",
        "type=byYear&fromYear=3000&toYear=1000",
        "type=byGenre&genre=chant",
    ];
    for order in orders {
        for (method, name) in [("getAlbumList", "albumList"), ("getAlbumList2", "albumList2")] {
            let page = |size: u32, offset: usize| {
                let query = format!("{order}&size={size}&offset={offset}");
                ids(&list(&app.ask(method, &query, name)["album"]))
            };
            let all = page(500, 0);
            let expected = if order.contains("Genre") {
                1
            } else if order.contains("Year") {
                2
            } else {
                3
            };
            assert_eq!(all.len(), expected, "{order}");
            for offset in 0..=all.len() + 1 {
                let rest = all.get(offset..offset + 1).unwrap_or_default();
                assert_eq!(page(1, offset), rest, "{order} from {offset} on");
            }
        }
    }
    let years = |query: &str| {
        let albums = app.ask("getAlbumList2", &format!("type=byYear&{query}"), "albumList2");
        list(&albums["album"]).iter().map(|album| album["year"].as_i64()).collect::<Vec<_>>()
    };
    assert_eq!(years("fromYear=1990&toYear=2010"), [Some(1997), Some(2001)]);
    assert_eq!(years("fromYear=2010&toYear=1990"), [Some(2001), Some(1997)]);
    assert_eq!(years("fromYear=2001&toYear=2001"), [Some(2001)]);
    assert_eq!(app.code("getAlbumList2", "type=byMood"), 10);
}

#[test]
fn a_music_folder_narrows_every_list() {
    let (_server, app) = stage();
    let folders = app.ask("getMusicFolders", "", "musicFolders");
    let id = folders["musicFolder"][0]["id"].as_i64().expect("it is an integer");
    assert!(i32::try_from(id).is_ok_and(|id| id > 0), "{id}");
    let of = |method: &str, query: &str| app.envelope(method, query);
    for (method, query) in [
        ("getAlbumList2", "type=newest"),
        ("getRandomSongs", ""),
        ("search3", "query="),
        ("getStarred2", ""),
        ("getArtists", ""),
        ("getIndexes", ""),
    ] {
        assert_eq!(of(method, &format!("{query}&musicFolderId={id}"))["status"], "ok", "{method}");
        assert_eq!(app.code(method, &format!("{query}&musicFolderId=2")), 70, "{method}");
    }
}
