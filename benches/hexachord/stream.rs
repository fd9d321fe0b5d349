//! A file of 100 MB on its way to listeners, against nginx with sendfile.

use std::{cell::LazyCell, path::Path};

use criterion::{Criterion, SamplingMode, Throughput};
use hexachord_fixtures::{Format, Piece};
use tempfile::TempDir;

use crate::{
    bare,
    child::Child,
    client::{Load, request},
    nginx,
    ratio::{Line, Took, Unit, compare, fact},
    server::{self, Server},
};

const FILE: &str = "long.wav";
/// Of 512 bytes each.
const FRAMES: usize = 100_000_000 / 512;

struct Setup {
    server: Server,
    path: String,
    size: u64,
    floor: Child,
    floor_path: String,
    _temporary: TempDir,
}

pub(crate) fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stream");
    group.sampling_mode(SamplingMode::Flat);
    let has_nginx = is_in_path("nginx");
    let floor = if has_nginx { "nginx with sendfile" } else { "bare hyper, one buffer" };
    let setup = LazyCell::new(|| Setup::start(has_nginx));
    for connections in [1, 8] {
        let name = connections.to_string();
        let goal = "CPU ≥ 0.8 × of nginx";
        let line = Line { name: &name, floor, goal, unit: Unit::MegabytesPerSecond };
        let (mut own, mut theirs) = (None, None);
        group.throughput(Throughput::Bytes(connections as u64 * FRAMES as u64 * 512));
        compare(
            &mut group,
            "stream",
            &line,
            &setup,
            |setup, each| {
                let server = &setup.server;
                let ask = || server.get(&setup.path);
                let connect = || Load::new(server.child.address, connections, ask());
                setup.megabytes(own.get_or_insert_with(connect).run(&server.child, each))
            },
            |setup, each| {
                let ask = || request("GET", &setup.floor_path, None, "");
                let connect = || Load::new(setup.floor.address, connections, ask());
                setup.megabytes(theirs.get_or_insert_with(connect).run(&setup.floor, each))
            },
        );
    }
    group.finish();
}

impl Setup {
    fn start(has_nginx: bool) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder can be made");
        let [music, scratch] = ["music", "nginx"].map(|name| temporary.path().join(name));
        for folder in [&music, &scratch] {
            std::fs::create_dir(folder).expect("it is new");
        }
        let size = write_long_file(&music.join(FILE));
        let server = server::populated(&[&music]);
        let track = server.find("/api/v1/tracks", |_| true).expect("the file is music");
        let path = format!("/api/v1/tracks/{}/stream", track["id"].as_str().expect("a text"));
        let nginx = if has_nginx { nginx::start(&music, &scratch) } else { None };
        let (floor, floor_path) = if let Some(nginx) = nginx {
            (nginx, format!("/{FILE}"))
        } else {
            fact("nginx is not installed: streams are held against a bare hyper server");
            (bare::start(), format!("/{size}"))
        };
        Self { server, path, size, floor, floor_path, _temporary: temporary }
    }

    /// From units of requests to units of megabytes.
    fn megabytes(&self, took: Took) -> Took {
        Took { units: took.units * self.size / 1_000_000, ..took }
    }
}

fn write_long_file(path: &Path) -> u64 {
    let piece = Piece { frames: FRAMES, ..Piece::new(Format::Wav, 1) };
    piece.write(path).expect("there is room for 100 MB");
    std::fs::metadata(path).expect("it was written").len()
}

pub(crate) fn is_in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
