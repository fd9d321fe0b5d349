//! The smallest requests and a page of albums over real connections, against a bare hyper server.

use std::cell::LazyCell;

use criterion::{Criterion, Throughput};

use crate::{
    bare,
    client::{Load, request},
    ratio::{Line, Unit, compare},
    server::Server,
};

const SMALLEST: &str = "CPU ≤ 1.5 ×";

pub(crate) fn benches<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    server: &LazyCell<Server, F>,
) {
    let requests = [
        ("healthz", "/healthz", SMALLEST),
        ("me", "/api/v1/me", SMALLEST),
        ("libraries", "/api/v1/libraries", SMALLEST),
        ("albums-50", "/api/v1/albums?limit=50", "CPU ≤ 150 µs"),
    ];
    for (name, path, goal) in requests {
        against_bare(criterion, server, name, goal, |_| Some(path.to_owned()));
    }
}

/// A page of albums from the middle of a library of [`large::MILLION`](crate::large::MILLION).
pub(crate) fn in_a_million<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    million: &LazyCell<Server, F>,
) {
    let goal = "CPU ≤ 150 µs";
    against_bare(criterion, million, "million-albums-50", goal, |server| {
        let page = server.fetch("/api/v1/albums?limit=500&sort=-year");
        let page: serde_json::Value = serde_json::from_slice(&page).ok()?;
        Some(format!("/api/v1/albums?limit=50&sort=-year&cursor={}", page["next_cursor"].as_str()?))
    });
}

/// One and 32 connections that ask for what `path` finds, against the same number of bare bytes.
pub(crate) fn against_bare<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    server: &LazyCell<Server, F>,
    name: &str,
    goal: &str,
    path: impl Fn(&Server) -> Option<String>,
) {
    let mut group = criterion.benchmark_group(format!("http/{name}"));
    let setup = LazyCell::new(|| {
        let path = path(server).expect("the library has what is asked for");
        (path.clone(), server.fetch(&path).len(), bare::start())
    });
    for connections in [1, 32] {
        let name_of = connections.to_string();
        let floor = "bare hyper, as many bytes";
        let line = Line { name: &name_of, floor, goal, unit: Unit::Time };
        let (mut own, mut theirs) = (None, None);
        group.throughput(Throughput::Elements(connections as u64));
        compare(
            &mut group,
            &format!("http/{name}"),
            &line,
            &setup,
            |(path, ..), each| {
                let connect = || Load::new(server.child.address, connections, server.get(path));
                own.get_or_insert_with(connect).run(&server.child, each)
            },
            |(_, size, bare), each| {
                let path = format!("/{size}");
                let ask = || request("GET", &path, Some(&server.token), "");
                let connect = || Load::new(bare.address, connections, ask());
                theirs.get_or_insert_with(connect).run(bare, each)
            },
        );
    }
    group.finish();
}
