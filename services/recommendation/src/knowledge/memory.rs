//! Everything that answers are made of.

use std::sync::OnceLock;

use hexachord_contracts::{feed::FeedCursor, ids::AlbumId};

use super::{Library, Listeners, Model};
use crate::sonic::Weights;

#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) library: Library,
    pub(crate) listeners: Listeners,
    /// The last training; it may have found that the factors do not help.
    pub(crate) model: Option<Model>,
    pub(crate) catalog: Option<FeedCursor>,
    pub(crate) profile: Option<FeedCursor>,
    /// Annotations of tracks that changed since the model was trained.
    pub(crate) progress: u64,
    /// Counts removed accounts: a model of the time before is not taken.
    pub(crate) removals: u64,
    derived: OnceLock<Derived>,
}

/// What follows from the library and the model, made when it is asked for.
pub(crate) struct Derived {
    /// By tag: how rare it is.
    pub(crate) rarity: Vec<f32>,
    /// By slot: one divided by how long the vector of its tags is; zero when it has none.
    pub(crate) per_length: Vec<f32>,
    /// Slots by album, then by id.
    by_album: Vec<u32>,
    /// How much each number of what tracks sound like weighs.
    pub(crate) weights: Weights,
    /// By row of the model: the slot of its track, [`Library::NO_SLOT`] for one that is not known.
    pub(crate) slots: Vec<u32>,
}

impl Memory {
    pub(crate) fn derived(&self) -> &Derived {
        self.derived.get_or_init(|| Derived::of(&self.library, self.model.as_ref()))
    }

    pub(crate) fn forget_derived(&mut self) {
        self.derived = OnceLock::new();
    }

    pub(crate) fn set_model(&mut self, model: Model, progress: u64) {
        self.model = Some(model);
        self.progress = progress;
        self.forget_derived();
    }

    /// Somebody of whom it may know has gone.
    pub(crate) fn remove_model(&mut self) {
        self.removals += 1;
        self.model = None;
        self.forget_derived();
    }

    /// The model, when its factors help.
    pub(crate) fn factors(&self) -> Option<&Model> {
        self.model.as_ref().filter(|model| !model.tracks.is_empty())
    }
}

impl Derived {
    fn of(library: &Library, model: Option<&Model>) -> Self {
        let rarity = library.tags.rarity(library.len());
        let per_length = |slot| {
            let length = library.length(slot, &rarity);
            if length > 0.0 { 1.0 / length } else { 0.0 }
        };
        let per_length = library.slots().map(per_length).collect();
        let mut by_album: Vec<u32> =
            library.slots().filter(|slot| library.is_used(*slot)).collect();
        by_album.sort_unstable_by_key(|slot| (library.album(*slot), library.id(*slot)));
        let slot_of = |id: &_| library.slot(*id).unwrap_or(Library::NO_SLOT);
        let slots = model.map_or_else(Vec::new, |model| model.tracks.iter().map(slot_of).collect());
        Self { rarity, per_length, by_album, weights: Weights::of(library), slots }
    }

    /// The tracks of an album, by id.
    pub(crate) fn of_album(&self, library: &Library, album: AlbumId) -> &[u32] {
        let from = self.by_album.partition_point(|slot| library.album(*slot) < album);
        let rest = &self.by_album[from..];
        &rest[..rest.partition_point(|slot| library.album(*slot) == album)]
    }
}
