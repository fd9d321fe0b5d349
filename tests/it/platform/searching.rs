//! Search, as one types.

use std::time::{Duration, Instant};

use hexachord::percent::percent_encoded;
use serde_json::{Value, json};

use super::tell;
use crate::{
    faults::wire::until,
    support::{Api, Member, delete, get, text},
};

/// The answer to what was typed.
#[track_caller]
pub(super) fn search(api: &Api, member: &Member, typed: &str) -> Value {
    let path = format!("/api/v1/search?q={}", percent_encoded(typed));
    api.send(get(&path).bearer(&member.token)).expect(200).json()
}

/// The texts of `field` of what was found of a kind, best first.
pub(super) fn found(answer: &Value, kind: &str, field: &str) -> Vec<String> {
    let items = answer[kind].as_array().expect("every kind has its list");
    items.iter().map(|item| text(&item[field]).to_owned()).collect()
}

pub(super) fn finds_with_typing_mistakes(api: &Api, ida: &Member) {
    until("the index has followed the scan", || {
        let answer = search(api, ida, "so what");
        (found(&answer, "tracks", "title").first()? == "So What").then_some(())
    });
    for (typed, kind, field, wanted) in [
        // From the first letter on, and without accents.
        ("b", "artists", "name", "Björk Guðmund"),
        ("royk", "artists", "name", "Röyksopp"),
        ("gudmund", "artists", "name", "Björk Guðmund"),
        // A typing mistake in three alphabets.
        ("vespertien", "albums", "title", "Vespertine Nights"),
        ("pagan poerty", "tracks", "title", "Pagan Poetry"),
        ("звизда", "tracks", "title", "Звезда"),
        ("группа кроив", "albums", "title", "Группа крови"),
        ("χατζηδακις", "artists", "name", "Μάνος Χατζιδάκις"),
        ("τζοκοντια", "tracks", "title", "Τζοκόντα"),
        // A part of words that are not parted.
        ("メリー", "albums", "title", "戦場のメリークリスマス"),
        ("龍", "artists", "name", "坂本龍一"),
        ("ナイフ", "tracks", "title", "千のナイフ"),
    ] {
        let answer = search(api, ida, typed);
        let names = found(&answer, kind, field);
        assert!(names.iter().any(|name| name == wanted), "{typed}: {names:?}");
    }
    // Exactly so, before what begins so, before what is almost so.
    let blues = found(&search(api, ida, "blue"), "tracks", "title");
    let place = |title| blues.iter().position(|blue| blue == title);
    assert_eq!(place("Blue in Green"), Some(0), "{blues:?}");
    assert!(place("So What") < place("All Blues"), "its album is called so: {blues:?}");
    let nothing = search(api, ida, "xyzzyxyzzy");
    for kind in ["artists", "albums", "tracks", "playlists"] {
        assert_eq!(nothing[kind], json!([]));
    }
}

/// What changes can be found after so long.
const VISIBLE: Duration = Duration::from_secs(2);
/// Changes that may take longer before it is not the machine's fault.
const TRIES: usize = 5;

pub(super) fn finds_what_is_new_within_two_seconds(api: &Api, ida: &Member) {
    let mut slow = Vec::new();
    while slow.len() < TRIES {
        let name = format!("Brandnew {}", slow.len());
        let began = Instant::now();
        let body = json!({ "name": name });
        let made = api.send(tell("POST", ida, "/api/v1/playlists", &body)).expect(201).json();
        until("the new playlist is found", || {
            found(&search(api, ida, &name), "playlists", "name").contains(&name).then_some(())
        });
        let took = began.elapsed();
        let path = format!("/api/v1/playlists/{}", text(&made["id"]));
        api.send(delete(&path).bearer(&ida.token)).expect(204);
        if took < VISIBLE {
            return;
        }
        slow.push(took);
    }
    panic!("changes were found only after {slow:?}");
}
