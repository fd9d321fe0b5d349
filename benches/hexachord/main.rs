//! The benches: each prints its ratio to a floor that is measured in the same run.
//!
//! `HEXACHORD_BENCH_LIBRARY=DIR` takes a folder of music in place of the small one made here.

mod bare;
mod child;
mod client;
mod cover;
mod entitlement;
mod http;
mod index;
mod large;
mod lateness;
mod library;
mod listeners;
mod listening;
mod mailbox;
mod nginx;
mod plays;
mod ratio;
mod scan;
mod search;
mod server;
mod sign_in;
mod sound;
mod start_up;
mod stream;
mod subsonic;
mod training;

use std::{cell::LazyCell, time::Duration};

use criterion::Criterion;
use hexachord::config::{Log, LogFormat};

use self::library::Library;

fn main() {
    if std::env::args().nth(1).as_deref() == Some(bare::ARGUMENT) {
        return bare::serve();
    }
    // As in the program, a call's span is live and its events are not.
    let level = "warn,hexachord::mailbox=info".to_owned();
    hexachord::logging::start(&Log { level, format: LogFormat::Text }).expect("the level is one");

    let mut criterion = Criterion::default()
        .sample_size(ratio::SAMPLES)
        .nresamples(2_000)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let library = LazyCell::new(Library::of_the_environment);
    let populated = LazyCell::new(|| server::populated(&[library.folder()]));
    mailbox::benches(&mut criterion);
    scan::benches(&mut criterion, &library);
    http::benches(&mut criterion, &populated);
    cover::benches(&mut criterion, &populated);
    sign_in::benches(&mut criterion, &populated);
    stream::benches(&mut criterion);
    sound::benches(&mut criterion);
    listeners::benches(&mut criterion);
    start_up::benches(&mut criterion, &library);
    let large = LazyCell::new(|| large::serve(large::TRACKS));
    search::benches(&mut criterion, &large);
    plays::benches(&mut criterion, &large);
    listening::benches(&mut criterion, &large);
    subsonic::benches(&mut criterion, &populated, &large);
    drop(large);
    let million = LazyCell::new(|| large::serve(large::MILLION));
    search::in_a_million(&mut criterion, &million);
    http::in_a_million(&mut criterion, &million);
    drop(million);
    index::benches(&mut criterion);
    training::benches(&mut criterion);
    entitlement::benches(&mut criterion);
    listening::memory(&mut criterion);
    criterion.final_summary();
}
