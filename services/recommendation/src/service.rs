//! One incarnation of the service, and which method answers which call.

use std::sync::Arc;

use hexachord_contracts::{
    Background, BoxError, Client, Service,
    catalog::Catalog,
    follow::follow,
    profile::Profile,
    recommendation::{Recommendation as Contract, Request},
};
use tokio_util::sync::CancellationToken;

use crate::{
    following::{CatalogFollower, ProfileFollower},
    knowledge::Knowledge,
    resources::Resources,
    settings::Settings,
    training::keep_trained,
};

pub struct Recommendation {
    pub(crate) knowledge: Arc<Knowledge>,
    background: Background,
    pub(crate) retired: CancellationToken,
}

impl Recommendation {
    /// Begins an incarnation, which loads what is known in the background and then follows.
    pub fn new(
        settings: Settings,
        resources: Resources,
        catalog: Client<Catalog>,
        profile: Client<Profile>,
    ) -> impl Future<Output = Result<Self, BoxError>> + Send {
        std::future::ready(Ok(Self::begin(settings, resources, catalog, profile)))
    }

    fn begin(
        settings: Settings,
        resources: Resources,
        catalog: Client<Catalog>,
        profile: Client<Profile>,
    ) -> Self {
        let knowledge = Arc::new(Knowledge::new(resources.shared));
        let background = Background::default();
        let known = Arc::clone(&knowledge);
        background.keep("recommendation follows the catalog", move |stop| {
            let (catalog, known) = (catalog.clone(), Arc::clone(&known));
            async move { follow(&catalog, &mut CatalogFollower::new(known), &stop).await }
        });
        let known = Arc::clone(&knowledge);
        background.keep("recommendation follows profile", move |stop| {
            let (profile, known) = (profile.clone(), Arc::clone(&known));
            async move { follow(&profile, &mut ProfileFollower::new(known), &stop).await }
        });
        let known = Arc::clone(&knowledge);
        background.keep("recommendation trains", move |stop| {
            keep_trained(Arc::clone(&known), settings.clone(), stop)
        });
        Self { knowledge, background, retired: CancellationToken::new() }
    }
}

impl Service for Recommendation {
    type Contract = Contract;

    async fn handle(self: Arc<Self>, request: Request) {
        match request {
            Request::Recommend(ask) => {
                ask.answer_while_wanted(|call, who| self.recommend(call, who)).await;
            }
            Request::FindSimilar(ask) => {
                ask.answer_while_wanted(|call, who| self.find_similar(call, who)).await;
            }
            Request::FindSimilarAlbums(ask) => {
                ask.answer_while_wanted(|call, who| self.find_similar_albums(call, who)).await;
            }
            Request::FindSimilarArtists(ask) => {
                ask.answer_while_wanted(|call, who| self.find_similar_artists(call, who)).await;
            }
            Request::ContinueFrom(ask) => {
                ask.answer_while_wanted(|call, who| self.continue_from(call, who)).await;
            }
            Request::GetMixes(ask) => {
                ask.answer_while_wanted(|_, who| self.get_mixes(who)).await;
            }
            Request::GetMix(ask) => {
                ask.answer_while_wanted(|call, who| self.get_mix(call, who)).await;
            }
            Request::Rediscover(ask) => {
                ask.answer_while_wanted(|call, who| self.rediscover(call, who)).await;
            }
            Request::FindSonic(ask) => {
                ask.answer_while_wanted(|call, who| self.find_sonic(call, who)).await;
            }
            Request::FindSonicPath(ask) => {
                ask.answer_while_wanted(|call, who| self.find_sonic_path(call, who)).await;
            }
            Request::GetModel(ask) => {
                ask.answer_while_wanted(|_, who| self.get_model(who)).await;
            }
        }
    }

    fn retire(&self) {
        self.background.retire();
        self.retired.cancel();
    }
}
