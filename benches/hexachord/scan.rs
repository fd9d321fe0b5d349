//! First scan against a bare parallel lofty loop; unchanged rescan against walk and stat.

use std::{
    cell::{LazyCell, RefCell},
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use criterion::Criterion;
use hexachord::{
    config,
    data_folder::DataFolder,
    options::Options,
    wiring::{Services, WorkerCommand},
};
use hexachord_contracts::{
    Context,
    catalog::{GetScan, ScanPhase, ScanState, StartScan},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use walkdir::WalkDir;

use crate::{
    child::own_cpu,
    lateness::Lateness,
    library::Library,
    ratio::{Line, Took, Unit, compare, fact},
};

pub(crate) fn benches<F: FnOnce() -> Library>(
    criterion: &mut Criterion,
    library: &LazyCell<Library, F>,
) {
    let mut group = criterion.benchmark_group("scan");
    let first = Line {
        name: "first",
        floor: "bare parallel lofty",
        goal: "≤ 3 ×, and ≤ 2 s for 20,000 files",
        unit: Unit::Time,
    };
    compare(&mut group, "scan", &first, library, first_scans, |library, scans| {
        timed(scans, || read_all(library))
    });
    let searchable = Line {
        name: "searchable",
        floor: "a first scan that nobody waits to search",
        goal: "≤ 2 s more",
        unit: Unit::Time,
    };
    let lateness = RefCell::new(Lateness::default());
    let ours = |library: &Library, scans| searchable_scans(library, scans, &lateness);
    compare(&mut group, "scan", &searchable, library, ours, first_scans);
    if let Some((middle, longest)) = lateness.into_inner().summary() {
        fact(format_args!(
            "scan/searchable: while a first scan runs, a change is found {} ms after its commit (median), {} ms at most (goal: ≤ 2,000)",
            middle.as_millis(),
            longest.as_millis(),
        ));
    }
    let scanned = LazyCell::new(|| {
        let house = House::start(library.folder());
        house.scan();
        house
    });
    let again = Line {
        name: "unchanged",
        floor: "walk and stat",
        goal: "≤ 2 ×, and ≤ 1 s for 100,000 files",
        unit: Unit::Time,
    };
    let ours = |house: &House, scans| {
        timed(scans, || {
            let state = house.scan();
            assert_eq!(state.to_read, 0, "nothing has changed");
        })
    };
    compare(&mut group, "scan", &again, &scanned, ours, |_, scans| {
        timed(scans, || walk_and_stat(library))
    });
    group.finish();
}

/// The services over a fresh data folder.
struct House {
    runtime: Runtime,
    services: Option<Services>,
    _data: DataFolder,
    _temporary: TempDir,
}

impl House {
    fn start(music: &Path) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder can be made");
        let data = DataFolder::open(&temporary.path().join("data")).expect("it is new");
        let folders = ("HEXACHORD_LIBRARY__FOLDERS".to_owned(), music.display().to_string());
        let mut config = config::load(None, [folders], Vec::new()).expect("the defaults are right");
        // Nothing goes on beside what is measured.
        config.analysis.enabled = false;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.expect("threads can be started");
        let services = {
            let worker = WorkerCommand { program: env!("CARGO_BIN_EXE_hexachord").into() };
            let options = Options { worker: Some(worker), ..Options::default() };
            runtime.block_on(Services::start(&config, &data, &options))
        };
        let services = Some(services.expect("the stores are new"));
        Self { runtime, services, _data: data, _temporary: temporary }
    }

    fn services(&self) -> &Services {
        self.services.as_ref().expect("it runs until it is dropped")
    }

    /// Scans until all is read and durable.
    fn scan(&self) -> ScanState {
        self.runtime.block_on(self.scanned())
    }

    /// Scans until all is found, too.
    fn scan_and_search(&self, lateness: &mut Lateness) -> ScanState {
        let is_over = AtomicBool::new(false);
        let scan = async {
            let state = self.scanned().await;
            is_over.store(true, Ordering::Relaxed);
            state
        };
        let watch = lateness.watch(self.services(), || is_over.load(Ordering::Relaxed));
        self.runtime.block_on(async { tokio::join!(scan, watch).0 })
    }

    async fn scanned(&self) -> ScanState {
        let catalog = &self.services().catalog;
        let context = Context::system(Duration::from_secs(25));
        let begun = catalog.call(&context, StartScan::default()).await;
        let mut state = begun.expect("the catalog answers");
        while state.is_running() {
            let news = GetScan { changed_from: Some(state.revision), wait_ms: 10_000 };
            let context = Context::system(Duration::from_secs(25));
            state = catalog.call(&context, news).await.expect("the catalog answers");
        }
        assert_eq!(state.phase, ScanPhase::Finished, "{:?}", state.failure);
        state
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(services) = self.services.take() {
            self.runtime.block_on(services.stop());
        }
    }
}

/// Scans of fresh data folders; making those and closing the stores is not counted.
fn first_scans(library: &Library, scans: u64) -> Took {
    fresh_scans(library, scans, House::scan)
}

fn searchable_scans(library: &Library, scans: u64, lateness: &RefCell<Lateness>) -> Took {
    fresh_scans(library, scans, |house| house.scan_and_search(&mut lateness.borrow_mut()))
}

fn fresh_scans(library: &Library, scans: u64, scan: impl Fn(&House) -> ScanState) -> Took {
    let (mut wall, mut cpu) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..scans {
        let house = House::start(library.folder());
        let took = timed(1, || {
            let state = scan(&house);
            let files = library.files().len() as u64;
            assert_eq!(state.added + state.unreadable, files, "every file is accounted for");
        });
        wall += took.wall;
        cpu += took.cpu.unwrap_or_default();
    }
    Took { units: scans, wall, cpu: Some(cpu) }
}

fn timed(units: u64, mut work: impl FnMut()) -> Took {
    let (began, used) = (Instant::now(), own_cpu());
    for _ in 0..units {
        work();
    }
    Took { units, wall: began.elapsed(), cpu: Some(own_cpu().saturating_sub(used)) }
}

fn read_all(library: &Library) {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let next = AtomicUsize::new(0);
    let read = || {
        while let Some(path) = library.files().get(next.fetch_add(1, Ordering::Relaxed)) {
            // What lofty cannot read costs its time too.
            drop(std::hint::black_box(lofty::read_from_path(path)));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(read);
        }
    });
}

fn walk_and_stat(library: &Library) {
    for entry in WalkDir::new(library.folder()) {
        let entry = entry.expect("the library stays");
        std::hint::black_box(entry.metadata().expect("the library stays"));
    }
}
