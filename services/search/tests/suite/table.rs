//! What comes first for what people type, in ten scripts: a table over a made library.

use hexachord_contracts::search::Found;

use crate::{
    house::House,
    music::{HOME, album, artist, playlist, told, track},
};

const LIBRARY: &str = include_str!("table/library.txt");
const QUERIES: &str = include_str!("table/queries.txt");

fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(" | ").collect())
}

#[tokio::test]
async fn what_is_meant_comes_first() {
    let (mut music, mut playlists, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for (id, row) in (0_u64..).zip(rows(LIBRARY)) {
        names.push((row[0], row[1]));
        match row.as_slice() {
            ["artist", name] => music.push(artist(id, &[HOME], name, name)),
            ["album", title, by] => music.push(album(id, &[(HOME, title)], by)),
            ["track", title, by, on] => music.push(told(track(id, title, by, on))),
            ["playlist", name] => playlists.push(playlist(id, 1, true, name)),
            other => panic!("{other:?}"),
        }
    }
    let house = House::with_playlists(music, playlists).await;
    let mut wrong = Vec::new();
    let mut asked = 0;
    for row in rows(QUERIES) {
        let [query, expected] = row.as_slice() else { panic!("{row:?}") };
        let found = house.find(query).await;
        let kind = expected.split_once(' ').map_or("-", |(kind, _)| kind);
        let first = first(&found, kind).and_then(|id| names.get(usize::try_from(id).ok()?));
        let first = first.map_or_else(|| "-".to_owned(), |(kind, name)| format!("{kind} {name}"));
        if first != *expected {
            wrong.push(format!("{query:?}: {first} and not {expected}"));
        }
        asked += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked >= 150, "{asked}");
}

/// The first one of a kind; `-`: of any.
fn first(found: &Found, kind: &str) -> Option<u64> {
    let Found { artists, albums, tracks, playlists, .. } = found;
    let [artist, album, track, playlist] = [
        artists.first().map(|id| id.0),
        albums.first().map(|id| id.0),
        tracks.first().map(|id| id.0),
        playlists.first().map(|id| id.0),
    ];
    match kind {
        "artist" => artist,
        "album" => album,
        "track" => track,
        "playlist" => playlist,
        _ => artist.or(album).or(track).or(playlist),
    }
}
