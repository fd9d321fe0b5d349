//! What is like an album and an artist, and what of an artist the house plays most.

use serde_json::{Value, json};

use crate::{
    faults::wire::until,
    support::{Member, Server, column, music, post, text},
};

/// Two artists who play the same, and one who plays something else.
fn stage() -> (Server, Member, Vec<Value>) {
    let server = Server::with_music(|folder| {
        for (artist, album, genre) in
            [("Hexa", "Alpha", "Jazz"), ("Septa", "Beta", "Jazz"), ("Octa", "Gamma", "Polka")]
        {
            for number in 1..=3 {
                let title = format!("{album} {number}");
                let mut tags = music::tags(&title, artist, album, number);
                tags.genres = vec![genre.to_owned()];
                let path = folder.join(format!("{artist}/{album}/{number}.flac"));
                let seed = title.bytes().map(u64::from).sum::<u64>() + u64::from(number);
                music::write(&path, hexachord_fixtures::Format::Flac, seed, &tags);
            }
        }
    });
    let ida = server.member("ida", "listener");
    let tracks = server.pages(&ida, "/api/v1/tracks?sort=title", 50);
    assert_eq!(tracks.len(), 9);
    (server, ida, tracks)
}

#[test]
fn albums_and_artists_have_neighbours() {
    let (server, ida, tracks) = stage();
    let (album, artist) = (text(&tracks[0]["album"]["id"]), text(&tracks[0]["artists"][0]["id"]));
    let read = |path: String| server.read(&ida, &format!("/api/v1/{path}"))["items"].clone();
    let artists = until("the artist has a neighbour", || {
        let answer = server.send(
            crate::support::get(&format!("/api/v1/artists/{artist}/similar-artists"))
                .bearer(&ida.token),
        );
        let items = if answer.status == 404 {
            json!([])
        } else {
            answer.expect(200).json()["items"].clone()
        };
        (items[0]["name"] == "Septa").then_some(items)
    });
    assert_eq!(artists.as_array().map(Vec::len), Some(1), "{artists}");
    let albums = read(format!("albums/{album}/similar-albums"));
    assert_eq!((&albums[0]["title"], albums.as_array().map(Vec::len)), (&json!("Beta"), Some(1)));
    let like_album = read(format!("albums/{album}/similar?limit=2"));
    assert_eq!(like_album.as_array().map(Vec::len), Some(2));
    for one in like_album.as_array().expect("a list") {
        assert_eq!(one["track"]["album"]["title"], "Beta");
        assert_eq!(one["reason"], json!({ "kind": "genre", "genre": "Jazz", "text": "More Jazz" }));
    }
    let like_artist = read(format!("artists/{artist}/similar"));
    let of_album = |title| {
        let of_album = |one: &&Value| one["track"]["album"]["title"] == title;
        like_artist.as_array().expect("a list").iter().filter(of_album).count()
    };
    assert_eq!([of_album("Alpha"), of_album("Beta"), of_album("Gamma")], [3, 3, 0]);
}

#[test]
fn the_house_says_what_of_an_artist_is_on_top() {
    let (server, ida, tracks) = stage();
    let ben = server.member("ben", "listener");
    let ids = column(&tracks, "id");
    for (who, track, times) in [(&ida, 1, 1), (&ida, 2, 2), (&ben, 1, 3), (&ben, 8, 9)] {
        for time in 0..times {
            let body = json!({
                "track_id": ids[track], "listened_ms": 300_000, "id": format!("{track}-{time}"),
                "started_at": "2026-11-01T00:00:00Z",
            });
            server.send(post("/api/v1/plays").bearer(&who.token).json(&body)).expect(201);
        }
    }
    let path = format!("/api/v1/artists/{}/top", text(&tracks[0]["artists"][0]["id"]));
    for (limit, count) in [("", 3), ("?limit=2", 2)] {
        let top = server.read(&ida, &format!("{path}{limit}"));
        let items = top["items"].as_array().expect("a list");
        let found: Vec<_> =
            items.iter().map(|one| (text(&one["track"]["id"]), one["plays"].clone())).collect();
        let expected =
            [(ids[1], json!(4)), (ids[2], json!(2)), (ids[0], json!(0))][..count].to_vec();
        assert_eq!(found, expected);
    }
}

#[test]
fn radios_go_on_from_whatever_there_is() {
    let (server, ida, tracks) = stage();
    let id = |at: usize| text(&tracks[at]["id"]);
    let genres = server.pages(&ida, "/api/v1/genres", 50);
    let jazz = genres.iter().find(|genre| genre["name"] == "Jazz").expect("it is there");
    let body = json!({ "name": "Two", "track_ids": [id(0), id(3)] });
    let made = post("/api/v1/playlists").bearer(&ida.token).json(&body);
    let playlist = server.send(made).expect(201).json();
    let empty = json!({ "name": "None" });
    let empty =
        server.send(post("/api/v1/playlists").bearer(&ida.token).json(&empty)).expect(201).json();
    let radio = |from: &Value, more: &str| {
        let path = format!("/api/v1/radio?from={}{more}", text(from));
        let answer = server.send(crate::support::get(&path).bearer(&ida.token));
        let next = if answer.status == 404 {
            json!([])
        } else {
            answer.expect(200).json()["items"].clone()
        };
        let titles = next.as_array().expect("a list").iter();
        titles.map(|one| text(&one["track"]["title"]).to_owned()).collect::<Vec<_>>()
    };
    until("recommendation knows all tracks", || {
        (radio(&tracks[0]["id"], "").len() == 8).then_some(())
    });
    let of_jazz = |titles: &[String]| {
        titles.iter().all(|title| title.starts_with("Alpha") || title.starts_with("Beta"))
    };
    for from in [&tracks[0]["album"]["id"], &tracks[0]["artists"][0]["id"], &jazz["id"]] {
        let next = radio(from, "&limit=5");
        assert!(next.len() == 5 && of_jazz(&next), "{from}: {next:?}");
    }
    let next = radio(&playlist["id"], "&limit=4");
    assert!(next.len() == 4 && of_jazz(&next), "{next:?}");
    assert!(!next.contains(&"Alpha 1".to_owned()) && !next.contains(&"Beta 1".to_owned()));
    assert_eq!(radio(&empty["id"], ""), Vec::<String>::new());
    let exclude: Vec<&str> = (1..9).filter(|at| *at != 7).map(id).collect();
    let rest = radio(&tracks[0]["id"], &format!("&exclude={}", exclude.join(",")));
    assert_eq!(rest, ["Gamma 2"], "rather than silence");
}
