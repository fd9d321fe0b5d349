//! What a listener asks of a large library over HTTP: recommendations, lists by plays, and a page of
//! a long playlist; and the memory of a server that waits.

use std::{
    cell::LazyCell,
    time::{Duration, Instant},
};

use criterion::Criterion;
use serde_json::{Value, json};

use crate::{
    client::{fetch, request},
    http::against_bare,
    large,
    ratio::fact,
    server::Server,
};

/// The other size that is told.
const FEWER: usize = 20_000;
/// Entries of the longest playlist.
const LONGEST: usize = 100_000;

pub(crate) fn benches<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    large: &LazyCell<Server, F>,
) {
    for (name, path, goal) in [
        ("recommendations", "/api/v1/recommendations?limit=20", "p50 a few ms"),
        ("top-tracks", "/api/v1/me/top/tracks", "CPU ≤ 150 µs"),
    ] {
        against_bare(criterion, large, name, goal, |_| Some(path.to_owned()));
    }
    against_bare(criterion, large, "long-playlist", "CPU ≤ 500 µs", middle_of_a_long_playlist);
}

/// 50 entries from the middle of a playlist with as many as there may be.
fn middle_of_a_long_playlist(server: &Server) -> Option<String> {
    let send = |path: &str, body: &Value| -> Option<Value> {
        let request = request("POST", path, Some(&server.token), &body.to_string());
        serde_json::from_slice(&fetch(server.child.address, &request)).ok()
    };
    let tracks: Value = serde_json::from_slice(&server.fetch("/api/v1/tracks?limit=500")).ok()?;
    let tracks = tracks["items"].as_array()?.iter().map(|track| &track["id"]);
    let most_at_once: Vec<&Value> = tracks.cycle().take(LONGEST / 4).collect();
    let playlist = send("/api/v1/playlists", &json!({ "name": "Long" }))?;
    let path = format!("/api/v1/playlists/{}", playlist["id"].as_str()?);
    for _ in 0..4 {
        send(&format!("{path}/tracks"), &json!({ "track_ids": most_at_once }))?;
    }
    let mut cursor = String::new();
    for _ in 0..LONGEST / 2 / 500 {
        let page = server.fetch(&format!("{path}?limit=500&cursor={cursor}"));
        let page: Value = serde_json::from_slice(&page).ok()?;
        page["tracks"]["next_cursor"].as_str()?.clone_into(&mut cursor);
    }
    Some(format!("{path}?limit=50&cursor={cursor}"))
}

/// Started anew over what is there, and asked for something of every service.
pub(crate) fn memory(criterion: &mut Criterion) {
    for (name, counts) in
        [("memory/start", &[FEWER, large::TRACKS][..]), ("million-memory/start", &[large::MILLION])]
    {
        let mut is_told = false;
        // Under criterion only so that a filter can leave it out.
        criterion.bench_function(name, |bencher| {
            if !std::mem::replace(&mut is_told, true) {
                counts.iter().copied().for_each(tell_memory);
            }
            bencher.iter_custom(Duration::from_nanos);
        });
    }
}

fn tell_memory(count: usize) {
    let began = Instant::now();
    let server = large::serve(count);
    let made = began.elapsed().as_secs_f64();
    let built = server.child.memory();
    let idle = server.start_again(&[
        "/api/v1/recommendations",
        "/api/v1/search?q=a",
        "/api/v1/albums",
        "/api/v1/me/top/tracks",
        "/api/v1/me/subscription",
    ]);
    let goal = match count {
        FEWER => "≤ 40 MB idle",
        large::TRACKS => "≤ 100 MB idle",
        _ => "none",
    };
    fact(format_args!(
        "memory: {:.1} MB after a start with {count} tracks and a request to each service, {:.1} MB \
         after the index was built (peak {:.1} MB); catalog and index were made in {made:.0} s (goal: {goal})",
        idle.now, built.now, built.peak,
    ));
}
