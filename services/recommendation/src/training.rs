//! Training the factors: in the background, on a thread of its own, when enough has changed.

use std::{sync::Arc, time::Duration};

use hexachord_contracts::{ids::TrackId, recommendation::Quality};
use tokio_util::sync::CancellationToken;

use crate::{
    als::{Interactions, Parameters, judge, train},
    knowledge::{Knowledge, Memory, Trained},
    settings::Settings,
    store::ModelRow,
};

/// After a failure.
const PAUSE: Duration = Duration::from_secs(5);

/// Looks after each change whether to train, until `stop`.
pub(crate) async fn keep_trained(
    knowledge: Arc<Knowledge>,
    settings: Settings,
    stop: CancellationToken,
) {
    let mut changes = knowledge.changes();
    loop {
        changes.mark_unchanged();
        let look = train_if_due(&knowledge, &settings, &stop);
        tokio::select! {
            () = look => {}
            () = stop.cancelled() => return,
        }
        tokio::select! {
            news = changes.changed() => {
                if news.is_err() {
                    return;
                }
            }
            () = stop.cancelled() => return,
        }
    }
}

async fn train_if_due(knowledge: &Arc<Knowledge>, settings: &Settings, stop: &CancellationToken) {
    let (known, settings, stop) = (Arc::clone(knowledge), settings.clone(), stop.clone());
    let job = move || {
        let lesson = Lesson::due(&known, &settings)?;
        let closing = &known.shared.closing;
        lesson.learn(&known, &|| stop.is_cancelled() || closing.is_cancelled())
    };
    let taken = match knowledge.shared.training.run(job).await {
        Ok(None) => return,
        Ok(Some(trained)) => knowledge.take_model(trained).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match taken {
        Ok(true) => {}
        Ok(false) => tracing::debug!("a model is trained again: somebody has gone meanwhile"),
        Err(error) => {
            tracing::warn!(error, "the model cannot be trained");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// What there is to learn from, as it was when the training began.
struct Lesson {
    /// By listener.
    heard: Vec<Vec<(TrackId, f32)>>,
    parameters: Parameters,
    removals: u64,
    progress: u64,
}

impl Lesson {
    /// `None`: there is nothing to learn from each other, or nothing new.
    fn due(knowledge: &Knowledge, settings: &Settings) -> Option<Self> {
        if !*knowledge.loaded().borrow() {
            return None;
        }
        let memory = knowledge.memory();
        is_due(&memory, settings).then(|| Self::of(&memory, settings.parameters()))
    }

    fn of(memory: &Memory, parameters: Parameters) -> Self {
        let histories = memory.listeners.of_tracks();
        let heard = histories.map(|history| history.heard().collect()).collect();
        let Memory { removals, progress, .. } = *memory;
        Self { heard, parameters, removals, progress }
    }

    /// The tracks by id, and who heard which.
    fn interactions(heard: &[Vec<(TrackId, f32)>]) -> (Vec<TrackId>, Interactions) {
        let mut tracks: Vec<TrackId> = heard.iter().flatten().map(|(track, _)| *track).collect();
        tracks.sort_unstable();
        tracks.dedup();
        #[expect(clippy::cast_possible_truncation, reason = "rows are counted in u32")]
        let entries = heard.iter().enumerate().flat_map(|(user, heard)| {
            heard.iter().filter_map({
                let tracks = &tracks;
                move |(track, weight)| {
                    let item = tracks.binary_search(track).ok()?;
                    Some((user as u32, item as u32, *weight))
                }
            })
        });
        let interactions = Interactions::new(heard.len(), tracks.len(), entries);
        (tracks, interactions)
    }

    /// `None`: it was stopped.
    fn learn(self, knowledge: &Knowledge, stop: &dyn Fn() -> bool) -> Option<Trained> {
        let (tracks, interactions) = Self::interactions(&self.heard);
        drop(self.heard);
        let judgement = judge(&interactions, &self.parameters, stop)?;
        let quality = judgement.quality;
        let quality = quality.map(|(factors, popularity)| Quality { factors, popularity });
        let helps = quality.is_none_or(|quality| quality.factors > quality.popularity);
        let mut used = judgement.parameters;
        let values = if helps {
            let items = train(&interactions, &used, stop)?.items;
            used.factors = items.ncols();
            tracing::debug!(?quality, tracks = tracks.len(), "a model was trained");
            items.into_iter().collect()
        } else {
            tracing::info!(?quality, "the factors are no better than popularity: not used");
            Vec::new()
        };
        #[expect(clippy::cast_possible_truncation, reason = "accounts are counted in u32")]
        let listeners = |item| interactions.of_item(item).0.len() as u32;
        let listeners = (0..interactions.items()).map(listeners).collect();
        let row = ModelRow {
            trained_at: knowledge.shared.clock.now(),
            asked: self.parameters,
            used,
            quality,
            tracks: if helps { tracks } else { Vec::new() },
            listeners: if helps { listeners } else { Vec::new() },
            values,
        };
        Some(Trained { row, removals: self.removals, progress: self.progress })
    }
}

/// Both feeds are known, somebody hears what another one does, and the model is not of now.
fn is_due(memory: &Memory, settings: &Settings) -> bool {
    let is_known = memory.catalog.is_some() && memory.profile.is_some();
    if !(is_known && memory.listeners.share_tracks()) {
        return false;
    }
    let interactions = memory.listeners.interactions() as u64;
    let is_stale = memory.progress >= settings.enough_changes(interactions);
    is_stale || memory.model.as_ref().is_none_or(|model| model.asked != settings.parameters())
}
