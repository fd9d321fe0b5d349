//! From the start of the program to readiness, against bare redb on the same files; and its memory.

use std::{
    cell::{Cell, LazyCell},
    path::PathBuf,
    time::{Duration, Instant},
};

use criterion::Criterion;
use tempfile::TempDir;

use crate::{
    child::Memory,
    library::Library,
    ratio::{Line, Took, Unit, compare, fact},
    server,
};

/// The store files, and the bytes of page cache that their services give them.
const STORES: [(&str, usize); 5] = [
    ("authentication.redb", 4 * 1024 * 1024),
    ("catalog.redb", 12 * 1024 * 1024),
    ("profile.redb", 8 * 1024 * 1024),
    ("payment.redb", 4 * 1024 * 1024),
    ("recommendation.redb", 8 * 1024 * 1024),
];

pub(crate) fn benches<F: FnOnce() -> Library>(
    criterion: &mut Criterion,
    library: &LazyCell<Library, F>,
) {
    let mut group = criterion.benchmark_group("start-up");
    let populated = LazyCell::new(|| Populated::make(library));
    let (floor, goal) = ("bare redb opening the same store files", "≤ 50 ms with 20,000 tracks");
    let clean = Line { name: "clean", floor, goal, unit: Unit::Time };
    let memory = Cell::new(None);
    let starts = |populated: &Populated, times, kill| {
        let (took, idle) = populated.starts(times, kill);
        memory.set(Some((populated.after_scan, idle)));
        took
    };
    compare(
        &mut group,
        "start-up",
        &clean,
        &populated,
        |p, n| starts(p, n, false),
        Populated::opens,
    );
    let killed = Line { name: "after-kill", goal: "≤ 1 s", ..clean };
    compare(
        &mut group,
        "start-up",
        &killed,
        &populated,
        |p, n| starts(p, n, true),
        Populated::opens,
    );
    group.finish();
    if let Some((scanned, idle)) = memory.get() {
        let files = library.files().len();
        fact(format_args!(
            "start-up: {:.1} MB idle after a start, {:.1} MB after the first scan of {files} files \
             (peak {:.1} MB; goal: ≤ 40 MB idle with 20,000 tracks, peak ≤ 2 × idle)",
            idle.now, scanned.now, scanned.peak,
        ));
    }
}

/// A data folder that knows the library.
struct Populated {
    music: PathBuf,
    data: PathBuf,
    after_scan: Memory,
    _temporary: TempDir,
}

impl Populated {
    fn make(library: &Library) -> Self {
        let music = library.folder().to_owned();
        let server = server::populated(&[&music]);
        let after_scan = server.child.memory();
        let temporary = server.stop();
        let data = server::data_folder(&temporary);
        Self { music, data, after_scan, _temporary: temporary }
    }

    /// Starts until `/readyz` says so. Ending is not counted.
    fn starts(&self, times: u64, kill: bool) -> (Took, Memory) {
        let (mut wall, mut cpu, mut idle) = (Duration::ZERO, Duration::ZERO, self.after_scan);
        for _ in 0..times {
            if kill {
                drop(server::start(&self.data, &[&self.music]));
            }
            let began = Instant::now();
            let child = server::start(&self.data, &[&self.music]);
            wall += began.elapsed();
            cpu += child.cpu();
            idle = child.memory();
            child.stop();
        }
        (Took { units: times, wall, cpu: Some(cpu) }, idle)
    }

    /// Opens both store files with redb alone. Closing them is not counted, as ending is not above.
    fn opens(&self, times: u64) -> Took {
        let mut wall = Duration::ZERO;
        for _ in 0..times {
            let began = Instant::now();
            let stores = STORES.map(|(file, cache_bytes)| {
                let mut builder = redb::Database::builder();
                let opened = builder.set_cache_size(cache_bytes).open(self.data.join(file));
                opened.expect("the server has closed it")
            });
            wall += began.elapsed();
            drop(stores);
        }
        Took { units: times, wall, cpu: None }
    }
}
