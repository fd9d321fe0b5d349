//! Following the catalog and profile.

use std::{collections::HashSet, hash::Hash, sync::Arc};

use hexachord_contracts::{
    BoxError,
    catalog::CatalogChange,
    feed::FeedCursor,
    follow::{Follower, News as Told},
    ids::AccountId,
    item::ItemId,
    profile::ProfileChange,
};

use crate::{
    knowledge::{CatalogFact, CatalogKey, Knowledge, News, ProfileFact},
    store::{AnnotationRow, FeaturesRow, TrackRow},
};

pub(crate) struct CatalogFollower {
    knowledge: Arc<Knowledge>,
    /// What a snapshot has told so far.
    told: HashSet<CatalogKey>,
}

pub(crate) struct ProfileFollower {
    knowledge: Arc<Knowledge>,
    told: HashSet<(AccountId, ItemId)>,
}

impl CatalogFollower {
    pub(crate) fn new(knowledge: Arc<Knowledge>) -> Self {
        Self { knowledge, told: HashSet::new() }
    }
}

impl ProfileFollower {
    pub(crate) fn new(knowledge: Arc<Knowledge>) -> Self {
        Self { knowledge, told: HashSet::new() }
    }
}

impl Follower<CatalogChange> for CatalogFollower {
    async fn cursor(&self) -> Result<Option<FeedCursor>, BoxError> {
        let (catalog, _) = self.knowledge.load().await?;
        Ok(catalog)
    }

    async fn take(&mut self, told: Told<CatalogChange>) -> Result<(), BoxError> {
        let news = news(told, &mut self.told, catalog_fact, |fact| match fact {
            CatalogFact::Track(id, _) => Some(CatalogKey::Track(*id)),
            CatalogFact::Features(id, Some(_)) => Some(CatalogKey::Features(*id)),
            CatalogFact::Gone(_) | CatalogFact::Features(_, None) => None,
        });
        Ok(self.knowledge.take_catalog(news).await?)
    }
}

impl Follower<ProfileChange> for ProfileFollower {
    async fn cursor(&self) -> Result<Option<FeedCursor>, BoxError> {
        let (_, profile) = self.knowledge.load().await?;
        Ok(profile)
    }

    async fn take(&mut self, told: Told<ProfileChange>) -> Result<(), BoxError> {
        let news = news(
            told,
            &mut self.told,
            |change| profile_fact(&change),
            |fact| match fact {
                ProfileFact::Annotation(account, item, Some(_)) => Some((*account, *item)),
                ProfileFact::Annotation(_, _, None) | ProfileFact::Gone(_) => None,
            },
        );
        Ok(self.knowledge.take_profile(news).await?)
    }
}

/// Albums and artists are known by their tracks.
fn catalog_fact(change: CatalogChange) -> Option<CatalogFact> {
    match change {
        CatalogChange::Track(track) => Some(CatalogFact::Track(track.id, TrackRow::from(*track))),
        CatalogChange::TrackGone(id) | CatalogChange::TrackBecame { from: id, .. } => {
            Some(CatalogFact::Gone(id))
        }
        CatalogChange::Features { track, features } => {
            let row = features.and_then(|features| FeaturesRow::of(&features));
            Some(CatalogFact::Features(track, row))
        }
        CatalogChange::Album { .. }
        | CatalogChange::AlbumGone(_)
        | CatalogChange::Artist { .. }
        | CatalogChange::ArtistGone(_) => None,
    }
}

fn profile_fact(change: &ProfileChange) -> Option<ProfileFact> {
    match change {
        ProfileChange::Annotation { account, annotation } => {
            let row = AnnotationRow::of(annotation);
            Some(ProfileFact::Annotation(*account, annotation.item, row))
        }
        ProfileChange::AccountGone(account) => Some(ProfileFact::Gone(*account)),
        ProfileChange::Playlist(_) | ProfileChange::PlaylistGone(_) => None,
    }
}

/// What was told in the words of this service; `so_far` remembers a snapshot until its end.
fn news<C, F, K: Eq + Hash>(
    told: Told<C>,
    so_far: &mut HashSet<K>,
    fact: impl Fn(C) -> Option<F>,
    key: impl Fn(&F) -> Option<K>,
) -> News<F, K> {
    let facts = |items: Vec<C>| -> Vec<F> { items.into_iter().filter_map(&fact).collect() };
    match told {
        Told::StartOver => {
            so_far.clear();
            News { facts: Vec::new(), only: None, cursor: None }
        }
        Told::Told(items) => {
            let facts = facts(items);
            so_far.extend(facts.iter().filter_map(key));
            News { facts, only: None, cursor: None }
        }
        Told::ToldAll(cursor) => {
            let only = Some(std::mem::take(so_far));
            News { facts: Vec::new(), only, cursor: Some(cursor) }
        }
        Told::Changed { items, cursor, .. } => {
            News { facts: facts(items), only: None, cursor: Some(cursor) }
        }
    }
}
