//! What a listener asks of a large library: recommendations and lists by plays over HTTP; and the
//! memory of a server that waits.

use std::cell::LazyCell;

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

/// Started anew over what is there: nothing has been asked yet but whether it is ready.
pub(crate) fn memory(criterion: &mut Criterion) {
    // Under criterion only so that a filter can leave it out.
    criterion.bench_function("memory/start", |bencher| {
        for count in [FEWER, large::TRACKS] {
            let server = large::serve(count);
            let built = server.child.memory();
            let idle = server.start_again();
            let goal = if count == FEWER { 40 } else { 100 };
            fact(format_args!(
                "memory: {:.1} MB idle after a start with {count} tracks, {:.1} MB after the index \
                 was built (peak {:.1} MB; goal: ≤ {goal} MB idle)",
                idle.now, built.now, built.peak,
            ));
        }
        bencher.iter(|| ());
    });
}
