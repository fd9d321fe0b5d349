//! What a listener asks of a large library: recommendations and lists by plays over HTTP; and the
//! memory of a server that waits.

use std::{
    cell::LazyCell,
    time::{Duration, Instant},
};

use criterion::Criterion;

use crate::{http::against_bare, large, ratio::fact, server::Server};

/// The other size that is told.
const FEWER: usize = 20_000;

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
