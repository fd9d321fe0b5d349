//! What is known, in memory and in the store: both change together, on one thread, in one order.

mod catalog;
mod library;
mod listeners;
mod load;
mod memory;
mod model;
mod profile;
mod tags;
mod years;

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use hexachord_contracts::{
    feed::FeedCursor,
    ids::{AccountId, TrackId},
    item::ItemId,
};
use hexachord_storage::StoreError;
use tokio::sync::watch;

pub(crate) use library::{Library, Visible};
pub(crate) use listeners::{History, Listeners};
pub(crate) use memory::{Derived, Memory};
pub(crate) use model::Model;
pub(crate) use tags::Tag;
pub(crate) use years::{DECADES, Years, decades};

use crate::{
    error::interrupted,
    resources::Shared,
    store::{AnnotationRow, FeaturesRow, ModelRow, TrackRow},
};

/// One incarnation's knowledge.
pub(crate) struct Knowledge {
    pub(crate) shared: Arc<Shared>,
    incarnation: u64,
    memory: RwLock<Memory>,
    /// `true` once memory holds what the store does.
    loaded: watch::Sender<bool>,
    /// Counts what may be a reason to train.
    changes: watch::Sender<u64>,
}

/// What was followed, to be taken in one commit.
#[derive(Debug, Clone)]
pub(crate) struct News<T, K> {
    /// In order.
    pub(crate) facts: Vec<T>,
    /// Everything else is no more.
    pub(crate) only: Option<HashSet<K>>,
    /// Absent while everything is read anew.
    pub(crate) cursor: Option<FeedCursor>,
}

#[derive(Debug, Clone)]
pub(crate) enum CatalogFact {
    Track(TrackId, TrackRow),
    /// `None`: not known any more.
    Features(TrackId, Option<FeaturesRow>),
    Gone(TrackId),
}

/// What a snapshot of the catalog tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum CatalogKey {
    Track(TrackId),
    Features(TrackId),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum ProfileFact {
    Annotation(AccountId, ItemId, Option<AnnotationRow>),
    Gone(AccountId),
}

/// A trained model, and what it was trained from.
#[derive(Debug, Clone)]
pub(crate) struct Trained {
    pub(crate) row: ModelRow,
    /// [`Memory::removals`] when the training began.
    pub(crate) removals: u64,
    /// [`Memory::progress`] then.
    pub(crate) progress: u64,
}

impl Knowledge {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            incarnation: shared.begin(),
            shared,
            memory: RwLock::default(),
            loaded: watch::Sender::new(false),
            changes: watch::Sender::new(0),
        }
    }

    /// For reading. Blocks a little while news is taken in.
    pub(crate) fn memory(&self) -> RwLockReadGuard<'_, Memory> {
        // What a panic left half done is loaded anew before it is answered from.
        self.memory.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn loaded(&self) -> watch::Receiver<bool> {
        self.loaded.subscribe()
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Loads the store into memory, unless that was done. Where the catalog and profile are known
    /// to.
    pub(crate) async fn load(
        self: &Arc<Self>,
    ) -> Result<(Option<FeedCursor>, Option<FeedCursor>), StoreError> {
        self.keep(|this| {
            if !*this.loaded.borrow() {
                let mut memory = load::load(&this.shared)?;
                // Who was gone before counts on: what is being trained may know of them.
                memory.removals = this.memory().removals + 1;
                *this.memory_mut() = memory;
                this.loaded.send_replace(true);
                this.changes.send_modify(|count| *count += 1);
            }
            let memory = this.memory();
            Ok((memory.catalog, memory.profile))
        })
        .await
    }

    pub(crate) async fn take_catalog(
        self: &Arc<Self>,
        news: News<CatalogFact, CatalogKey>,
    ) -> Result<(), StoreError> {
        self.change(move |this| {
            let news = Arc::new(news);
            let written = Arc::clone(&news);
            this.shared.store().write_blocking(move |write| catalog::write(write, &written))?;
            this.apply(|memory| catalog::apply(memory, &news));
            Ok(())
        })
        .await
    }

    pub(crate) async fn take_profile(
        self: &Arc<Self>,
        news: News<ProfileFact, (AccountId, ItemId)>,
    ) -> Result<(), StoreError> {
        self.change(move |this| {
            let news = Arc::new(news);
            let written = Arc::clone(&news);
            let progress =
                this.shared.store().write_blocking(move |write| profile::write(write, &written))?;
            this.apply(|memory| profile::apply(memory, &news, progress));
            Ok(())
        })
        .await
    }

    /// Takes a trained model, unless somebody whom it may know of has gone meanwhile. Says
    /// whether it was taken.
    pub(crate) async fn take_model(self: &Arc<Self>, trained: Trained) -> Result<bool, StoreError> {
        self.change(move |this| {
            if this.memory().removals != trained.removals {
                return Ok(false);
            }
            let trained = Arc::new(trained);
            let written = Arc::clone(&trained);
            let progress =
                this.shared.store().write_blocking(move |write| model::write(write, &written))?;
            let row = Arc::unwrap_or_clone(trained).row;
            let model = Model::new(row);
            this.apply(|memory| memory.set_model(model, progress));
            Ok(true)
        })
        .await
    }

    /// Changes memory as the store was changed; after a panic in between nothing is changed or
    /// answered before it was loaded anew.
    fn apply(&self, change: impl FnOnce(&mut Memory)) {
        self.loaded.send_replace(false);
        change(&mut self.memory_mut());
        self.loaded.send_replace(true);
        self.changes.send_modify(|count| *count += 1);
    }

    fn memory_mut(&self) -> RwLockWriteGuard<'_, Memory> {
        self.memory.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// [`Knowledge::keep`] of what changes both: only while memory holds what the store does.
    async fn change<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.keep(|this| {
            if !*this.loaded.borrow() {
                return Err(StoreError::Interrupted);
            }
            job(this)
        })
        .await
    }

    /// Runs `job` on the one thread that writes. An incarnation that was replaced keeps nothing.
    async fn keep<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let this = Arc::clone(self);
        let kept = self.shared.keeper.run(move || {
            if !this.shared.is_newest(this.incarnation) {
                return Err(StoreError::Interrupted);
            }
            job(&this)
        });
        kept.await.map_err(interrupted)?
    }
}

#[cfg(test)]
mod tests;
