//! Listens to tracks that nobody has listened to yet, one after the other, in a worker of its own.

use std::{
    collections::HashSet,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use hexachord_audio::Finding;
use hexachord_contracts::{
    Clock,
    catalog::{Features, Loudness, Waveform},
    decibels::Decibels,
    ids::LibraryId,
};
use hexachord_storage::{Store, StoreError};

use super::{
    albums,
    walk::{Unheard, Walk},
};
use crate::{
    libraries::Libraries,
    passes::{Passes, Signals},
    read::{Listened, MeasureJob, NotMeasured, Reading, WorkerCommand},
    scan::below,
    store::{AudioKey, Heard, Kept, put_heard},
};

/// A track that takes so much longer than it lasts is on a disk that does not answer.
const PATIENCE: Duration = Duration::from_mins(10);
/// What was heard is stored after so long, or after a batch.
const STORED_AFTER: Duration = Duration::from_secs(10);

pub(crate) struct ListenerSetup {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) libraries: Libraries,
    pub(crate) worker: Option<WorkerCommand>,
    /// True while tracks are measured.
    pub(crate) running: Arc<AtomicBool>,
}

/// Listens to what is new, now and whenever it is woken.
pub(crate) fn start(setup: ListenerSetup) -> io::Result<Passes> {
    Passes::start("listener", move |signals| {
        let ended = Pass::new(&setup, signals).run();
        setup.running.store(false, Ordering::Relaxed);
        ended
    })
}

struct Pass<'p> {
    setup: &'p ListenerSetup,
    signals: &'p Signals,
    /// Ended with the pass: a worker that waits for the next scan would hold memory for nothing.
    reading: Reading,
    /// Libraries whose disk is away or does not answer.
    silent: HashSet<LibraryId>,
    counts: Counts,
}

/// What a pass has done.
#[derive(Default)]
struct Counts {
    measured: u64,
    failed: u64,
    /// Audio that was listened to, and what that took.
    heard: Duration,
    took: Duration,
}

impl<'p> Pass<'p> {
    fn new(setup: &'p ListenerSetup, signals: &'p Signals) -> Self {
        let reading = Reading::new(setup.worker.clone());
        Self { setup, signals, reading, silent: HashSet::new(), counts: Counts::default() }
    }

    fn run(&mut self) -> Result<(), StoreError> {
        self.weigh_albums()?;
        let ended = self.listen_to_all();
        if self.counts.measured + self.counts.failed > 0 {
            self.tell();
        }
        ended
    }

    fn tell(&self) {
        let Counts { measured, failed, heard, took } = &self.counts;
        let times_real_time = heard.as_secs_f64() / took.as_secs_f64().max(0.001);
        let times_real_time = format!("{times_real_time:.0}");
        tracing::info!(measured, failed, times_real_time, "listened to new tracks");
    }

    fn listen_to_all(&mut self) -> Result<(), StoreError> {
        let mut walk = Walk::begin();
        let mut is_news = true;
        while !self.signals.is_stopped() {
            let silent = &self.silent;
            let batch = self.setup.store.read_blocking(|read| {
                if is_news {
                    walk.look_for_news(read)?;
                }
                walk.next(read, silent)
            })?;
            is_news = match batch {
                Some(batch) => {
                    self.listen_to(batch)?;
                    self.signals.was_woken()
                }
                // Something may have come back at a place that it was through with.
                None if self.signals.was_woken() => {
                    walk = Walk::begin();
                    true
                }
                None => break,
            };
        }
        Ok(())
    }

    fn listen_to(&mut self, batch: Vec<Unheard>) -> Result<(), StoreError> {
        let mut heard = Vec::new();
        let mut stored_at = Instant::now();
        let mut failure = None;
        for unheard in batch {
            if self.signals.is_stopped() {
                break;
            }
            if self.silent.contains(&unheard.library) {
                continue;
            }
            self.setup.running.store(true, Ordering::Relaxed);
            match self.listen(&unheard) {
                Ok(found) => heard.extend(found.map(|found| (unheard.key, found))),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
            if stored_at.elapsed() > STORED_AFTER {
                self.store(std::mem::take(&mut heard))?;
                stored_at = Instant::now();
            }
        }
        self.store(heard)?;
        failure.map_or(Ok(()), |error| Err(error.into()))
    }

    /// `None`: it is tried again with the next pass. Fails when nothing can be listened to.
    fn listen(&mut self, unheard: &Unheard) -> io::Result<Option<Heard>> {
        let library = self.setup.libraries.get(unheard.library);
        let Some(library) = library else { return Ok(None) };
        let path = below(&library.folder, &unheard.path);
        let job = MeasureJob::new(&path, unheard.key.audio, unheard.part, unheard.kinds.clone());
        let patience = PATIENCE + Duration::from_millis(unheard.duration_ms);
        let (signals, began) = (self.signals, Instant::now());
        let give_up = || signals.is_stopped() || began.elapsed() > patience;
        let answer = match self.reading.measure(&job, &give_up) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(NotMeasured::GivenUp),
            answer => answer?,
        };
        self.counts.took += began.elapsed();
        Ok(match answer {
            Ok(listened) => {
                self.counts.measured += 1;
                self.counts.heard += length(&listened);
                Some(heard(listened))
            }
            Err(NotMeasured::Unmeasurable(reason)) => {
                self.counts.failed += 1;
                tracing::debug!(reason, path = %path.display(), "a track cannot be measured");
                Some(Heard::Unmeasurable(reason))
            }
            Err(NotMeasured::Elsewhere) => {
                // With its disk everything in it is away.
                if !library.folder.is_dir() {
                    self.silent.insert(unheard.library);
                }
                None
            }
            Err(NotMeasured::Unreadable(error)) => {
                tracing::debug!(error, path = %path.display(), "a track is measured another time");
                None
            }
            Err(NotMeasured::GivenUp) => {
                self.silent.insert(unheard.library);
                None
            }
        })
    }

    fn store(&self, heard: Vec<(AudioKey, Heard)>) -> Result<(), StoreError> {
        if heard.is_empty() {
            return Ok(());
        }
        let now = self.setup.clock.now();
        self.setup.store.write_blocking(move |write| {
            heard.iter().try_for_each(|(key, heard)| put_heard(write, *key, heard, now))
        })?;
        self.weigh_albums()
    }

    fn weigh_albums(&self) -> Result<(), StoreError> {
        albums::weigh(&self.setup.store, || self.signals.is_stopped())
    }
}

fn length(listened: &Listened) -> Duration {
    let Listened { frames, sample_rate, .. } = listened;
    Duration::from_millis(frames.saturating_mul(1000) / u64::from(*sample_rate).max(1))
}

/// What is kept of it. What is beyond all music has no loudness.
fn heard(listened: Listened) -> Heard {
    let duration_ms = u64::try_from(length(&listened).as_millis()).unwrap_or(u64::MAX);
    let Listened { findings, sample_rate, .. } = listened;
    let keep = |finding| match finding {
        Finding::Loudness(loudness) => {
            let kept = loudness.as_ref().and_then(|loudness| {
                Some(Loudness {
                    integrated: Decibels::from_db(loudness.integrated)?,
                    range: Decibels::from_db(loudness.range)?,
                    true_peak: Decibels::from_db(loudness.true_peak)?,
                })
            });
            let blocks = loudness.filter(|_| kept.is_some()).map(|loudness| loudness.blocks);
            Kept::Loudness { loudness: kept, blocks: blocks.unwrap_or_default() }
        }
        Finding::Waveform(hexachord_audio::Waveform { peaks, frames_a_point }) => {
            let frames_a_peak = frames_a_point;
            Kept::Waveform(Waveform { peaks, frames_a_peak, sample_rate, duration_ms })
        }
        Finding::Features(features) => Kept::Features(features.map(|found| {
            let hexachord_audio::Features { timbre, rhythm, harmony } = found;
            Features { timbre, rhythm, harmony }
        })),
    };
    Heard::Measured(findings.into_iter().map(keep).collect())
}
