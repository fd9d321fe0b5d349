//! Building the index of a large library: the real search service follows the real catalog, against
//! bare tantivy that takes the same texts from memory.

use std::{
    cell::LazyCell,
    path::PathBuf,
    time::{Duration, Instant},
};

use criterion::Criterion;
use hexachord_catalog::TrackWithoutFile;
use hexachord_contracts::{
    Client, Clock, Context, Failpoints, Mailbox, catalog::Catalog, harness::both_ways, mailbox,
    profile::Profile, search::GetIndex,
};
use tantivy::{
    Index, doc,
    schema::{INDEXED, Schema, TEXT},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    large::{self, LIBRARY, TRACKS, write_catalog},
    ratio::{Line, Took, Unit, compare},
};

/// What the service gives its writer.
const WRITER_BYTES: usize = 50_000_000;
const LOOK_AGAIN: Duration = Duration::from_millis(5);

pub(crate) fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("index");
    let name = format!("{TRACKS}-tracks");
    let line = Line {
        name: &name,
        floor: "bare tantivy, the same texts from memory, one thread",
        goal: "none: seconds, while everything else works",
        unit: Unit::Time,
    };
    let house = LazyCell::new(House::start);
    group.sample_size(crate::ratio::SAMPLES);
    compare(&mut group, "index", &line, &house, House::builds, House::bare);
    group.finish();
}

struct House {
    runtime: Runtime,
    catalog: Client<Catalog>,
    profile: Client<Profile>,
    tracks: Vec<TrackWithoutFile>,
    folder: TempDir,
    /// Nobody answers: there are no playlists.
    _profile: Mailbox<Profile>,
}

impl House {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        write_catalog(folder.path(), TRACKS);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.expect("threads can be started");
        let store = hexachord_catalog::open_store(folder.path().join("catalog.redb"), 1);
        let store = store.expect("it was written here");
        let covers = hexachord_catalog::CoverThreads::new(1, 8);
        let resources =
            hexachord_catalog::Resources::new(store, covers, Clock::System, Failpoints::default());
        let settings = hexachord_catalog::Settings {
            libraries: vec![hexachord_catalog::LibraryFolder {
                name: LIBRARY.to_owned(),
                folder: PathBuf::from("nowhere"),
            }],
            ..hexachord_catalog::Settings::default()
        };
        let catalog = runtime.block_on(async {
            let catalog = hexachord_catalog::Catalog::new(&settings, &resources).await;
            let [reached, _] = both_ways(catalog.expect("the settings are good"));
            reached.client
        });
        let (profile, inbox) = mailbox::<Profile>(1024);
        let tracks = large::tracks(TRACKS);
        Self { runtime, catalog, profile, tracks, folder, _profile: inbox }
    }

    fn builds(&self, times: u64) -> Took {
        let mut wall = Duration::ZERO;
        for _ in 0..times {
            let folder = tempfile::tempdir_in(self.folder.path()).expect("a folder can be made");
            let place = folder.path().join("index");
            let resources = hexachord_search::Resources::new(place, 2, Clock::System);
            let resources = resources.expect("it can begin");
            let began = Instant::now();
            self.runtime.block_on(async {
                let (catalog, profile) = (self.catalog.clone(), self.profile.clone());
                let search = hexachord_search::Search::new(resources.clone(), catalog, profile);
                let [reached, _] = both_ways(search.await.expect("it begins"));
                let context = Context::system(Duration::from_mins(5));
                loop {
                    let state = reached.client.call(&context, GetIndex {}).await;
                    if state.is_ok_and(|state| state.catalog.is_some()) {
                        break;
                    }
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
            });
            wall += began.elapsed();
            resources.close();
        }
        Took { units: times, wall, cpu: None }
    }

    fn bare(&self, times: u64) -> Took {
        let mut wall = Duration::ZERO;
        for _ in 0..times {
            let folder = tempfile::tempdir_in(self.folder.path()).expect("a folder can be made");
            let mut schema = Schema::builder();
            let id = schema.add_u64_field("id", INDEXED);
            let [title, artist, album] =
                ["title", "artist", "album"].map(|name| schema.add_text_field(name, TEXT));
            let began = Instant::now();
            let index = Index::create_in_dir(folder.path(), schema.build());
            let index = index.expect("the folder is empty");
            let writer = index.writer_with_num_threads(1, WRITER_BYTES);
            let mut writer = writer.expect("nobody else writes");
            for (number, track) in (0_u64..).zip(&self.tracks) {
                writer
                    .add_document(doc!(
                        id => number, title => track.title.as_str(),
                        artist => track.artist.as_str(), album => track.album.as_str(),
                    ))
                    .expect("there is room");
            }
            writer.commit().expect("the disk has room");
            wall += began.elapsed();
        }
        Took { units: times, wall, cpu: None }
    }
}
