//! Looks at pictures that nobody has looked at yet.

use std::{
    io,
    ops::Bound,
    path::PathBuf,
    time::{Duration, Instant},
};

use hexachord_contracts::Clock;
use hexachord_storage::{Record, Store, StoreError};

use crate::{
    artwork::{ArtworkError, PictureSource},
    libraries::Libraries,
    passes::{Passes, Signals},
    read::{PictureId, Reading, WorkerCommand},
    scan::below,
    store::{Apply, LookRow, UNSEEN, UnseenRow},
};

/// Pictures whose looks are stored together.
const BATCH: usize = 16;
/// A picture that takes longer to come is left for another time.
const SLOWEST: Duration = Duration::from_secs(30);

pub(crate) struct LookerSetup {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) libraries: Libraries,
    /// Pictures that are named after artists.
    pub(crate) artists: Option<PathBuf>,
    pub(crate) worker: Option<WorkerCommand>,
}

/// Looks at what is new, now and whenever it is woken.
pub(crate) fn start(setup: LookerSetup) -> io::Result<Passes> {
    Passes::start("looks", move |signals| Pass { setup: &setup, signals }.run())
}

struct Pass<'p> {
    setup: &'p LookerSetup,
    signals: &'p Signals,
}

/// What came of a picture.
enum Outcome {
    Done(LookRow),
    /// It is no longer where it was.
    Gone,
    /// Nothing is known of it: it is tried again with the next pass.
    Later,
}

type Unseen = Vec<(PictureId, UnseenRow)>;

impl Pass<'_> {
    /// Looks at all there are, once.
    fn run(&self) -> Result<(), StoreError> {
        // Ended with the pass: a worker that waits for the next scan would hold memory for nothing.
        let mut reading = Reading::new(self.setup.worker.clone());
        let mut looked_at = 0_usize;
        let mut behind = None;
        loop {
            let batch = self.batch_behind(behind)?;
            let Some((last, _)) = batch.last() else { break };
            behind = Some(*last);
            let mut outcomes = Vec::with_capacity(batch.len());
            let mut failure = None;
            for (picture, place) in batch {
                if self.signals.is_stopped() {
                    break;
                }
                match self.look(picture, &place, &mut reading) {
                    Ok(Outcome::Later) => {}
                    Ok(Outcome::Gone) => outcomes.push((picture, place, None)),
                    Ok(Outcome::Done(look)) => outcomes.push((picture, place, Some(look))),
                    Err(error) => {
                        failure = Some(error);
                        break;
                    }
                }
            }
            looked_at += outcomes.len();
            self.store(outcomes)?;
            if let Some(failure) = failure {
                return Err(failure.into());
            }
            if self.signals.is_stopped() {
                return Ok(());
            }
        }
        if looked_at > 0 {
            tracing::info!(looked_at, "looked at new pictures");
        }
        Ok(())
    }

    fn batch_behind(&self, last: Option<PictureId>) -> Result<Unseen, StoreError> {
        self.setup.store.read_blocking(|read| {
            let mut batch = Vec::with_capacity(BATCH);
            let from = last.map_or(Bound::Unbounded, |last| Bound::Excluded(last.0));
            let from = from.as_ref().map(|id| &id[..]);
            let unseen = read.open_table(UNSEEN)?;
            for entry in unseen.range::<&[u8]>((from, Bound::Unbounded))?.take(BATCH) {
                let (key, place) = entry?;
                let damaged = || StoreError::Damaged("a picture's id".to_owned());
                let id = key.value().try_into().map_err(|_length| damaged())?;
                batch.push((PictureId(id), UnseenRow::from_bytes(place.value())?));
            }
            Ok(batch)
        })
    }

    /// Fails when nothing can be looked at.
    fn look(
        &self,
        picture: PictureId,
        place: &UnseenRow,
        reading: &mut Reading,
    ) -> io::Result<Outcome> {
        let Some((folder, source)) = self.source(place) else { return Ok(Outcome::Later) };
        let began = Instant::now();
        let give_up = || self.signals.is_stopped() || began.elapsed() > SLOWEST;
        match reading.look(&source, picture, &give_up) {
            Ok(look) => Ok(Outcome::Done(LookRow::Seen(look))),
            // With its disk it comes back.
            Err(ArtworkError::Gone) if !folder.is_dir() => Ok(Outcome::Later),
            Err(ArtworkError::Gone | ArtworkError::Changed) => Ok(Outcome::Gone),
            Err(ArtworkError::Unreadable(_)) => Ok(Outcome::Later),
            Err(ArtworkError::NoReader(error)) if error.kind() == io::ErrorKind::Interrupted => {
                Ok(Outcome::Later)
            }
            Err(ArtworkError::NoReader(error) | ArtworkError::Cache(error)) => Err(error),
            Err(error) => {
                tracing::debug!(%error, %picture, "a picture cannot be shown");
                Ok(Outcome::Done(LookRow::Unusable))
            }
        }
    }

    /// Where the picture is, and the folder that it is below; `None`: that is no longer configured.
    fn source(&self, place: &UnseenRow) -> Option<(PathBuf, PictureSource)> {
        let folder = |id| self.setup.libraries.get(id);
        Some(match place {
            UnseenRow::Embedded(library, path) => {
                let folder = folder(*library)?.folder;
                let source = PictureSource::Embedded(below(&folder, path));
                (folder, source)
            }
            UnseenRow::Folder(library, path) => {
                let folder = folder(*library)?.folder;
                let path = below(&folder, path);
                (folder.clone(), PictureSource::Folder { below: folder, path })
            }
            UnseenRow::Artist(name) => {
                let folder = self.setup.artists.clone()?;
                let path = below(&folder, name);
                (folder.clone(), PictureSource::Folder { below: folder, path })
            }
        })
    }

    fn store(
        &self,
        outcomes: Vec<(PictureId, UnseenRow, Option<LookRow>)>,
    ) -> Result<(), StoreError> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let now = self.setup.clock.now();
        self.setup.store.write_blocking(move |write| {
            let mut apply = Apply::new(write, now)?;
            for (picture, place, look) in &outcomes {
                apply.set_look(*picture, place, look.as_ref())?;
            }
            apply.finish().map(drop)
        })
    }
}
