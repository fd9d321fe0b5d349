//! The index and the model can be deleted or damaged at any time: they come back as they were.

use std::{fs, path::Path};

use hexachord::percent::percent_encoded;
use serde_json::{Value, json};

use super::{House, claim, readable, register, tell, track};
use crate::{
    faults::wire::until,
    support::{Api, Member, get},
};

const QUERIES: [&str; 8] = ["b", "so what", "vespertien", "звизда", "メリー", "blue", "mine", "r"];

/// What search and recommendation answer.
fn answers(api: &Api, member: &Member) -> Vec<Value> {
    let searches = QUERIES.map(|typed| format!("/api/v1/search?q={}", percent_encoded(typed)));
    let mut answers: Vec<Value> = searches.iter().map(|path| readable(api, member, path)).collect();
    answers.push(readable(api, member, "/api/v1/recommendations?limit=20"));
    answers
}

/// What is done to the files of the index and of the model.
type Damage = fn(&Path);

fn deleted(data: &Path) {
    fs::remove_dir_all(data.join("search-index")).expect("the index is a folder");
    fs::remove_file(data.join("recommendation.redb")).expect("the model is a file");
}

fn garbled(data: &Path) {
    let meta = data.join("search-index/meta.json");
    fs::write(&meta, &fs::read(&meta).expect("the index has it")[..20]).expect("it can be written");
    fs::write(data.join("recommendation.redb"), "no store at all").expect("it can be written");
}

#[test]
fn they_are_rebuilt_with_the_same_answers() {
    let house = House::build();
    let server = house.serve();
    let anna = claim(&server);
    server.scanned();
    let ida = register(&server, "ida");
    for (title, listener) in
        [("So What", &ida), ("All Blues", &ida), ("Eple", &anna), ("So What", &anna)]
    {
        let body = json!({
            "track_id": track(&server, listener, title), "started_at": "2026-11-20T21:00:00Z",
            "listened_ms": 600_000,
        });
        server.send(tell("POST", listener, "/api/v1/plays", &body)).expect(201);
    }
    let body = json!({ "name": "Mine" });
    server.send(tell("POST", &ida, "/api/v1/playlists", &body)).expect(201);
    let is_complete = |answers: &[Value]| {
        let played = answers[QUERIES.len()].to_string().contains("because_you_played")
            || answers[QUERIES.len()].to_string().contains("genre");
        played
            && answers[1]["tracks"][0]["title"] == "So What"
            && answers[6]["playlists"][0]["name"] == "Mine"
    };
    let before = until("everything is followed", || {
        let answers = answers(&server, &ida);
        is_complete(&answers).then_some(answers)
    });
    // What is asked for once more, when nothing happens any more, is the same.
    until("the answers stay", || (answers(&server, &ida) == before).then_some(()));
    server.stop();
    for damage in [deleted as Damage, garbled] {
        damage(&house.data());
        let server = house.serve();
        // Nobody has to wait for it.
        server.send(get("/readyz")).expect(200);
        server.send(get("/api/v1/tracks").bearer(&ida.token)).expect(200);
        until("the answers are as before", || (answers(&server, &ida) == before).then_some(()));
        server.stop();
    }
}

#[test]
fn an_index_that_is_deleted_while_it_serves_comes_back() {
    let house = House::build();
    let server = house.serve();
    let anna = claim(&server);
    server.scanned();
    let finds = |typed: &str| {
        let path = format!("/api/v1/search?q={}", percent_encoded(typed));
        let answer = readable(&server, &anna, &path);
        answer["tracks"][0]["title"].as_str().map(str::to_owned)
    };
    until("it is found", || (finds("so what")? == "So What").then_some(()));
    fs::remove_dir_all(house.data().join("search-index")).expect("the index is a folder");
    // A change must be found all the same, and what was there before too.
    let body = json!({ "name": "Something New" });
    server.send(tell("POST", &anna, "/api/v1/playlists", &body)).expect(201);
    until("the new one is found", || {
        let answer = readable(&server, &anna, "/api/v1/search?q=something");
        (answer["playlists"][0]["name"] == "Something New").then_some(())
    });
    until("the old ones are found", || (finds("so what")? == "So What").then_some(()));
    server.stop();
}
