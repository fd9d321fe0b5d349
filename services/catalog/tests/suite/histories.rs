//! Random histories of two libraries: whatever happens to files between scans, ids follow the music.

mod checks;
mod world;

use proptest::{prelude::*, test_runner::RngSeed};
use tokio::runtime::Builder;

use world::World;

const CASES: u32 = 96;

/// A file among those that there are.
type Pick = u8;

/// Library, folder and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(u8, u8, u8);

#[derive(Debug, Clone)]
enum Step {
    /// New audio.
    Add {
        place: Place,
        tags: u8,
    },
    /// Equal audio with equal tags in one more file.
    Copy {
        file: Pick,
        place: Place,
    },
    /// To another name, folder or library; what is there is overwritten.
    Move {
        file: Pick,
        place: Place,
    },
    MoveFolder {
        from: Place,
        to: Place,
    },
    SwapNames {
        one: Pick,
        other: Pick,
    },
    Retag {
        file: Pick,
        tags: u8,
        grown: bool,
    },
    MoveAndRetag {
        file: Pick,
        place: Place,
        tags: u8,
        grown: bool,
    },
    Remove {
        file: Pick,
    },
    RemoveFolder {
        folder: Place,
    },
    /// What was removed comes back, at its place or at another one.
    Restore {
        file: Pick,
        place: Option<Place>,
    },
    /// The folder is gone, or is there without files.
    Unmount {
        library: u8,
        emptied: bool,
    },
    Remount,
    Scan {
        full: bool,
    },
    /// Another incarnation.
    Reopen,
    /// The data folder is deleted.
    Forget,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let place =
        || (0..2_u8, 0..3_u8, 0..3_u8).prop_map(|(lib, folder, name)| Place(lib, folder, name));
    let (file, tags) = (any::<Pick>, || 0..3_u8);
    let step = prop_oneof![
        6 => (place(), tags()).prop_map(|(place, tags)| Step::Add { place, tags }),
        6 => (file(), place()).prop_map(|(file, place)| Step::Copy { file, place }),
        6 => (file(), place()).prop_map(|(file, place)| Step::Move { file, place }),
        2 => (place(), place()).prop_map(|(from, to)| Step::MoveFolder { from, to }),
        2 => (file(), file()).prop_map(|(one, other)| Step::SwapNames { one, other }),
        4 => (file(), tags(), any::<bool>())
            .prop_map(|(file, tags, grown)| Step::Retag { file, tags, grown }),
        4 => (file(), place(), tags(), any::<bool>()).prop_map(|(file, place, tags, grown)| {
            Step::MoveAndRetag { file, place, tags, grown }
        }),
        4 => file().prop_map(|file| Step::Remove { file }),
        1 => place().prop_map(|folder| Step::RemoveFolder { folder }),
        4 => (file(), prop::option::of(place()))
            .prop_map(|(file, place)| Step::Restore { file, place }),
        2 => (0..2_u8, any::<bool>())
            .prop_map(|(library, emptied)| Step::Unmount { library, emptied }),
        3 => Just(Step::Remount),
        16 => prop::bool::weighted(0.2).prop_map(|full| Step::Scan { full }),
        1 => Just(Step::Reopen),
        1 => Just(Step::Forget),
    ];
    prop::collection::vec(step, 1..60)
}

async fn live(steps: &[Step]) {
    let mut world = World::new().await;
    for step in steps {
        world.take(step).await;
    }
    world.take(&Step::Remount).await;
    world.take(&Step::Scan { full: false }).await;
    world.a_fresh_store_always_gives_the_same_ids().await;
}

#[test]
fn ids_follow_the_music_whatever_happens() {
    let config = ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in steps())| {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(live(&steps));
    });
}
