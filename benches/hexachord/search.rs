//! Search over HTTP in a large library: as someone types, with and without mistakes.

use std::{
    cell::LazyCell,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use criterion::Criterion;
use hexachord::percent::percent_encoded;

use crate::{
    bare,
    client::{parse_head, request},
    large::{self, Words},
    ratio::{Line, Took, Unit, compare, fact},
    server::Server,
};

/// Queries of each sort, asked in turn: more than one run asks, so that what the service remembers
/// of the last answers helps only where people type the same too, at the first letters.
const QUERIES: usize = 20_000;

/// In a library of [`large::TRACKS`].
pub(crate) fn benches<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    large: &LazyCell<Server, F>,
) {
    let goal = "p50 ≤ 1 ms, p99 ≤ 10 ms; CPU ≤ 500 µs";
    ask(criterion, large, "search", large::TRACKS, goal);
}

/// In a library of [`large::MILLION`].
pub(crate) fn in_a_million<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    million: &LazyCell<Server, F>,
) {
    ask(criterion, million, "million-search", large::MILLION, "p99 ≤ 50 ms");
}

fn ask<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    large: &LazyCell<Server, F>,
    prefix: &str,
    tracks: usize,
    goal: &str,
) {
    let mut group = criterion.benchmark_group(prefix);
    for (name, sort) in [
        ("one-letter", Typed::Letters(1)),
        ("three-letters", Typed::Letters(3)),
        ("two-words", Typed::Words),
        ("mistake", Typed::Mistake),
    ] {
        let setup = LazyCell::new(|| {
            let queries = sort.queries();
            let path = |query: &String| format!("/api/v1/search?q={}", percent_encoded(query));
            let paths: Vec<String> = queries.iter().map(path).collect();
            let requests: Vec<Vec<u8>> = paths.iter().map(|path| large.get(path)).collect();
            // As many bytes as the answers have in the middle.
            let mut sizes: Vec<usize> =
                paths.iter().step_by(QUERIES / 50).map(|path| large.fetch(path).len()).collect();
            sizes.sort_unstable();
            let same = format!("/{}", sizes[sizes.len() / 2]);
            let floor = vec![request("GET", &same, Some(&large.token), "")];
            (requests, floor, bare::start())
        });
        let line = Line { name, floor: "bare hyper, as many bytes", goal, unit: Unit::Time };
        let (mut own, mut theirs) = (Asker::default(), Asker::default());
        compare(
            &mut group,
            prefix,
            &line,
            &setup,
            |(requests, ..), times| own.run(&large.child, large.child.address, requests, times),
            |(_, floor, bare), times| theirs.run(bare, bare.address, floor, times),
        );
        if !own.latencies.is_empty() {
            let [ours, floor] = [&mut own, &mut theirs].map(Asker::percentiles);
            fact(format_args!(
                "{prefix}/{name}: p50 {:.2} ms, p99 {:.2} ms over HTTP at {tracks} tracks (bare hyper: {:.2} and {:.2} ms; goal: {goal})",
                ours.0, ours.1, floor.0, floor.1,
            ));
        }
    }
    group.finish();
}

#[derive(Clone, Copy)]
enum Typed {
    /// The beginning of a word.
    Letters(usize),
    Words,
    /// One letter of a longer word is another one.
    Mistake,
}

impl Typed {
    fn queries(self) -> Vec<String> {
        let mut words = Words::new(20);
        let mut query = || match self {
            Self::Letters(count) => words.word().chars().take(count).collect(),
            Self::Words => format!("{} {}", words.word(), words.word()),
            Self::Mistake => loop {
                let mut letters: Vec<char> = words.word().chars().collect();
                if letters.len() >= 6 {
                    letters[3] = if letters[3] == 'x' { 'y' } else { 'x' };
                    break letters.into_iter().collect();
                }
            },
        };
        (0..QUERIES).map(|_| query()).collect()
    }
}

/// One connection, and how long each answer took.
#[derive(Default)]
struct Asker {
    stream: Option<TcpStream>,
    next: usize,
    latencies: Vec<Duration>,
}

impl Asker {
    fn run(
        &mut self,
        child: &crate::child::Child,
        address: SocketAddr,
        requests: &[Vec<u8>],
        times: u64,
    ) -> Took {
        let connect = || {
            let stream = TcpStream::connect(address).expect("the server listens");
            stream.set_nodelay(true).expect("it is TCP");
            stream
        };
        let stream = self.stream.get_or_insert_with(connect);
        let mut buffer = vec![0; 1024 * 1024];
        let (began, used) = (Instant::now(), child.cpu());
        for _ in 0..times {
            let request = &requests[self.next % requests.len()];
            self.next += 1;
            let asked = Instant::now();
            stream.write_all(request).expect("the server reads");
            let mut filled = 0;
            loop {
                filled += stream.read(&mut buffer[filled..]).expect("the server answers");
                if parse_head(&buffer[..filled]).is_some_and(|(head, body)| filled >= head + body) {
                    break;
                }
            }
            self.latencies.push(asked.elapsed());
        }
        Took { units: times, wall: began.elapsed(), cpu: Some(child.cpu().saturating_sub(used)) }
    }

    /// p50 and p99 in milliseconds.
    fn percentiles(&mut self) -> (f64, f64) {
        self.latencies.sort_unstable();
        let at = |share: usize| {
            let place = (self.latencies.len() * share / 100).min(self.latencies.len() - 1);
            self.latencies[place].as_secs_f64() * 1000.0
        };
        (at(50), at(99))
    }
}
