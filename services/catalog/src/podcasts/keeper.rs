//! The task that does what is due: feeds to be looked at, episodes to be downloaded, a few at a time.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use hexachord_contracts::{
    Background, Clock, Pool, Timestamp,
    ids::{EpisodeId, PodcastId},
};
use hexachord_storage::{Record, Store, StoreError};
use redb::{ReadTransaction, ReadableTable};
use tokio::{
    sync::{Mutex, Notify},
    task::{Id, JoinSet},
    time::sleep,
};

use super::{
    Folders, PodcastSettings,
    change::{self, all_podcasts},
    download::download,
    refresh::refresh,
};
use crate::{
    read::WorkerCommand,
    store::{EPISODES, EPISODES_WANTED, EpisodeRow, PODCASTS, PodcastRow},
};

const MOST_REFRESHES: usize = 3;
const MOST_DOWNLOADS: usize = 2;
/// Of those that wait to be downloaded, the first ones that are looked at.
const NEXT: usize = 16;
/// The store may be well again after so long; each time that it is not the pause is twice as long.
const PAUSE: Duration = Duration::from_secs(5);
/// So often the pause is doubled.
const MOST_DOUBLED: u32 = 8;

pub(crate) struct KeeperSetup {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) settings: PodcastSettings,
    pub(crate) folders: Folders,
    /// Looks into what was downloaded.
    pub(crate) worker: Option<WorkerCommand>,
    /// For what blocks.
    pub(crate) threads: Arc<Pool>,
    /// How often in a row the store could not keep what came of some work.
    pub(crate) failures: AtomicU32,
    /// One incarnation after the other.
    pub(crate) turn: Arc<Mutex<()>>,
}

/// Podcasts as an incarnation keeps them.
pub(crate) struct Keeper {
    pub(crate) setup: Arc<KeeperSetup>,
    wake: Arc<Notify>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Work {
    Refresh(PodcastId),
    Download(EpisodeId),
}

impl Keeper {
    pub(crate) fn start(setup: KeeperSetup, background: &Background) -> Self {
        let keeper = Self { setup: Arc::new(setup), wake: Arc::default() };
        let (setup, wake) = (Arc::clone(&keeper.setup), Arc::clone(&keeper.wake));
        background.keep("catalog-podcasts", move |stop| {
            let (setup, wake) = (Arc::clone(&setup), Arc::clone(&wake));
            async move {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = keep(&setup, &wake) => {}
                }
            }
        });
        keeper
    }

    /// There may be something to do.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Runs what blocks off the runtime; what came of it is told by the files.
    pub(crate) async fn on_disk(&self, job: impl FnOnce(&Folders) + Send + 'static) {
        let folders = self.setup.folders.clone();
        // Too much to do: the next start tidies up.
        self.setup.threads.run(move || job(&folders)).await.ok();
    }
}

/// Goes on until it is dropped, and what it does with it.
async fn keep(setup: &Arc<KeeperSetup>, wake: &Notify) {
    let _turn = setup.turn.lock().await;
    tidy(setup).await;
    let mut running = JoinSet::new();
    let mut at_work: HashMap<Id, Work> = HashMap::new();
    loop {
        let busy: HashSet<Work> = at_work.values().copied().collect();
        match due(setup).await {
            Ok(due) => {
                for work in begin(&busy, due) {
                    let setup = Arc::clone(setup);
                    let handle = running.spawn(async move { work.run(&setup).await });
                    at_work.insert(handle.id(), work);
                }
            }
            Err(error) => tracing::warn!(%error, "what podcasts need cannot be read"),
        }
        tokio::select! {
            () = wake.notified() => {}
            () = sleep(setup.settings.look) => {}
            Some(done) = running.join_next_with_id() => match done {
                Ok((id, ())) => drop(at_work.remove(&id)),
                // It would do so again: the next incarnation tries.
                Err(error) => tracing::error!(%error, "work on a podcast broke off"),
            },
        }
    }
}

/// Of what is due that which begins now.
fn begin(busy: &HashSet<Work>, due: Vec<Work>) -> Vec<Work> {
    let is_refresh = |work: &&Work| matches!(work, Work::Refresh(_));
    let mut refreshes = busy.iter().filter(is_refresh).count();
    let mut downloads = busy.len() - refreshes;
    let has_room = |work: &Work| {
        let (count, most) = match work {
            Work::Refresh(_) => (&mut refreshes, MOST_REFRESHES),
            Work::Download(_) => (&mut downloads, MOST_DOWNLOADS),
        };
        let has_room = !busy.contains(work) && *count < most;
        *count += usize::from(has_room);
        has_room
    };
    let mut due = due;
    due.retain(has_room);
    due
}

impl Work {
    async fn run(self, setup: &Arc<KeeperSetup>) {
        let done = match self {
            Self::Refresh(podcast) => refresh(setup, podcast).await,
            Self::Download(episode) => download(setup, episode).await,
        };
        match done {
            Ok(()) => setup.failures.store(0, Ordering::Relaxed),
            Err(error) => {
                tracing::warn!(%error, work = ?self, "what came of it cannot be kept");
                sleep(pause(setup.failures.fetch_add(1, Ordering::Relaxed))).await;
            }
        }
    }
}

/// After a failure, when there were so many in a row before.
fn pause(failures: u32) -> Duration {
    PAUSE * (1 << failures.min(MOST_DOUBLED))
}

async fn due(setup: &Arc<KeeperSetup>) -> Result<Vec<Work>, StoreError> {
    let (now, refresh) = (setup.clock.now(), setup.settings.refresh);
    let read = move |read: &ReadTransaction| {
        let podcasts = all_podcasts(&read.open_table(PODCASTS)?)?;
        let stale = podcasts.into_iter().filter(|(id, row)| is_due(*id, row, refresh, now));
        let mut due: Vec<Work> = stale.map(|(id, _)| Work::Refresh(id)).collect();
        for entry in read.open_table(EPISODES_WANTED)?.iter()?.take(NEXT) {
            due.push(Work::Download(EpisodeId(entry?.0.value().1)));
        }
        Ok(due)
    };
    setup.store.read(read).await
}

/// Channels do not all come at the same time: each waits up to an eighth longer.
fn is_due(id: PodcastId, row: &PodcastRow, every: Option<Duration>, now: Timestamp) -> bool {
    let old_enough = |every: Duration| {
        let later = every / 8 * u32::from(id.0.to_be_bytes()[0]) / 256;
        // A time ahead comes from a clock that was wrong.
        row.tried_at.is_none_or(|tried| tried > now || now.since(tried) >= every + later)
    };
    row.wanted || every.is_some_and(old_enough)
}

/// What a killed process left behind.
async fn tidy(setup: &Arc<KeeperSetup>) {
    if let Err(error) = setup.store.write(change::end_readings).await {
        tracing::warn!(%error, "feeds that were being read cannot be told");
    }
    let known = setup.store.read(|read| {
        let podcasts = all_podcasts(&read.open_table(PODCASTS)?)?;
        let mut known: HashMap<PodcastId, Vec<String>> =
            podcasts.into_iter().map(|(id, _)| (id, Vec::new())).collect();
        for entry in read.open_table(EPISODES)?.iter()? {
            let row = EpisodeRow::from_bytes(entry?.1.value())?;
            if let Some((names, file)) = known.get_mut(&row.podcast).zip(row.file) {
                names.push(file.name);
            }
        }
        Ok(known)
    });
    let folders = setup.folders.clone();
    let tidied = match known.await {
        Ok(known) => setup.threads.run(move || folders.tidy(&known)).await,
        Err(error) => {
            tracing::warn!(%error, "the folders of podcasts are not tidied");
            return;
        }
    };
    if let Ok(Err(error)) = tidied {
        tracing::warn!(%error, "the folders of podcasts are not tidied");
    }
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::catalog::PodcastStatus;
    use hexachord_storage::Backing;

    use super::*;
    use crate::{
        podcasts::podcast,
        store::{open, record},
    };

    #[test]
    fn a_feed_that_ended_the_program_waits_for_its_time() {
        let store = open(Backing::Memory, 1).unwrap();
        let now = Timestamp::from_millis(1_700_000_000_000);
        let add = move |write: &_| change::add(write, "https://example.org/feed", now);
        let id = store.write_blocking(add).unwrap().unwrap().id;
        let row = || -> PodcastRow {
            let read = |read: &ReadTransaction| record(&read.open_table(PODCASTS)?, id.0);
            store.read_blocking(read).unwrap().unwrap()
        };
        let every = Some(Duration::from_hours(1));
        assert!(is_due(id, &row(), every, now));

        store.write_blocking(move |write| change::begin_reading(write, id, now)).unwrap();
        let told = podcast(id, &row(), true);
        assert_eq!((told.status, told.error), (PodcastStatus::Downloading, None));
        assert!(!is_due(id, &row(), every, now), "the program would end again");

        store.write_blocking(change::end_readings).unwrap();
        let told = podcast(id, &row(), true);
        assert_eq!(told.status, PodcastStatus::Error);
        assert!(told.error.is_some_and(|error| error.contains("ended")));
        assert!(!is_due(id, &row(), every, now));
        assert!(is_due(id, &row(), every, Timestamp::from_millis(1_700_009_000_000)));
        assert!(is_due(id, &row(), every, Timestamp::from_millis(1)), "the clock was ahead");
    }

    #[test]
    fn pauses_grow_and_end() {
        assert_eq!(pause(0), PAUSE);
        assert_eq!(pause(3), PAUSE * 8);
        assert_eq!(pause(u32::MAX), PAUSE * 256);
    }

    #[test]
    fn a_few_things_go_on_at_a_time() {
        let refresh = |id| Work::Refresh(PodcastId(id));
        let download = |id| Work::Download(EpisodeId(id));
        let due: Vec<Work> = (0..9).map(refresh).chain((0..9).map(download)).collect();
        let begun = begin(&HashSet::new(), due.clone());
        assert_eq!(begun, [refresh(0), refresh(1), refresh(2), download(0), download(1)]);
        let busy = HashSet::from([refresh(0), download(0), download(1)]);
        assert_eq!(begin(&busy, due), [refresh(1), refresh(2)]);
    }
}
