//! `fault_38`: what people search for and name is text, whatever it means elsewhere.

use std::path::Path;

use hexachord_fixtures::Format;
use serde_json::Value;

use super::{
    house::encoded,
    stage::{App, list},
};
use crate::{
    faults::wire::until,
    support::{Server, music, text},
};

/// Titles that mean something elsewhere: to a search, to a file system, to a database.
const TITLES: [&str; 16] = [
    "artist:Guido",
    "year:1997",
    "genre:*",
    "-minus",
    "+plus",
    "\"quoted\"",
    "one \" quote",
    "50% of * and ?",
    "this AND that OR NOT",
    "(in brackets) [and] {others}",
    "wild*card",
    "a^2~3",
    "slash/and\\back",
    "'; DROP TABLE songs; --",
    "title:\"a b\" -c",
    "is:starred",
];

fn titled() -> (Server, App) {
    let server = Server::with_music(|folder: &Path| {
        for (number, title) in (1..).zip(TITLES) {
            let path = folder.join(format!("{number}.flac"));
            let tags = music::tags(title, &format!("By {title}"), "Signs", number);
            music::write(&path, Format::Flac, number.into(), &tags);
            let lyrics = format!("[00:00.10]Of {title}\n");
            std::fs::write(path.with_extension("lrc"), lyrics).expect("lyrics can be written");
        }
        let plain = music::tags("Plain", "Guido", "Others", 1);
        music::write(&folder.join("plain.flac"), Format::Flac, 99, &plain);
    });
    let app = App::of(&server, &server.member("ida", "listener"), "ida");
    until("the index has followed", || {
        let found = app.ask("search3", "query=Plain&songCount=50", "searchResult3");
        (!list(&found["song"]).is_empty()).then_some(())
    });
    (server, app)
}

fn titles(found: &Value) -> Vec<String> {
    list(found).iter().map(|song| text(&song["title"]).to_owned()).collect()
}

#[test]
fn fault_38_operators_in_searches_and_names_are_text() {
    let (_server, app) = titled();
    for title in TITLES {
        let typed = encoded(title);
        for (method, query, name) in [
            ("search", format!("title={typed}&count=50"), "match"),
            ("search2", format!("query={typed}&songCount=50"), "song"),
            ("search3", format!("query={typed}&songCount=50"), "song"),
        ] {
            let answer = app.envelope(method, &query);
            let found = answer.as_object().expect("it is one");
            let found = found.iter().find(|(key, _)| key.starts_with("searchResult"));
            let (_, found) = found.unwrap_or_else(|| panic!("{method} {title}: {answer}"));
            assert_eq!(titles(&found[name]).first().map(String::as_str), Some(title), "{method}");
            let by_other = titles(&found[name]).iter().any(|found| found == "Plain");
            assert!(!by_other, "{method} takes a part of {title} for an operator");
        }
        let artist = encoded(&format!("By {title}"));
        let lyrics = app.ask("getLyrics", &format!("artist={artist}&title={typed}"), "lyrics");
        assert_eq!(lyrics["value"], format!("Of {title}"), "{title}");
        let top = app.ask("getTopSongs", &format!("artist={artist}"), "topSongs");
        assert!(titles(&top["song"]).iter().all(|found| found == title), "{top}");
        let none = app.ask("getSongsByGenre", &format!("genre={typed}"), "songsByGenre");
        assert_eq!(titles(&none["song"]), Vec::<String>::new());
        let made = app.ask("createPlaylist", &format!("name={typed}"), "playlist");
        assert_eq!(made["name"], title);
    }
    // Of what is no operator but would be one elsewhere, nothing matches everything.
    for wild in ["*", "%", "?", "_", "*:*", "title:*", "a OR *"] {
        let found =
            app.ask("search3", &format!("query={}&songCount=50", encoded(wild)), "searchResult3");
        assert!(titles(&found["song"]).len() < TITLES.len(), "{wild} matches everything");
    }
    // What is no order and no kind of list is said to be none.
    for wrong in ["byMood", "newest;", "NEWEST", "*"] {
        assert_eq!(app.code("getAlbumList2", &format!("type={}", encoded(wrong))), 10);
    }
}
