//! One incarnation of the service, and which method answers which call.

use std::{future::ready, sync::Arc};

use hexachord_contracts::{
    Background, BoxError, Client, Service,
    catalog::Catalog,
    follow::follow,
    profile::Profile,
    search::{self as contract, Request},
};

use crate::{
    followers::Following,
    indexer::Indexer,
    resources::{Resources, Shared},
    taste::TasteFollower,
};

pub struct Search {
    pub(crate) shared: Arc<Shared>,
    /// Tells the names of libraries.
    pub(crate) catalog: Client<Catalog>,
    background: Background,
}

impl Search {
    /// Builds an incarnation: opens the index unless an earlier one did, and follows on.
    pub async fn new(
        resources: Resources,
        catalog: Client<Catalog>,
        profile: Client<Profile>,
    ) -> Result<Self, BoxError> {
        let shared = resources.shared;
        let search = Self { shared, catalog: catalog.clone(), background: Background::default() };
        search.shared.index(Indexer::open_index).await?;
        let (shared, background) = (&search.shared, &search.background);
        let [index, of_playlists, liking, repaired, tidied] =
            std::array::from_fn(|_| Arc::clone(shared));
        background.keep("search follows the catalog", move |stop| {
            Following::new(&index, &catalog).run(stop)
        });
        let playlists = profile.clone();
        background.keep("search follows playlists", move |stop| {
            Following::new(&of_playlists, &playlists).run(stop)
        });
        background.keep("search follows what is liked", move |stop| {
            let (profile, mut taste) = (profile.clone(), TasteFollower::new(liking.taste.clone()));
            async move { follow(&profile, &mut taste, &stop).await }
        });
        background.keep("search repairs its index", move |stop| Arc::clone(&repaired).repair(stop));
        background.keep("search tidies its index", move |stop| Arc::clone(&tidied).tidy(stop));
        Ok(search)
    }
}

impl Service for Search {
    type Contract = contract::Search;

    async fn handle(self: Arc<Self>, request: Request) {
        match request {
            Request::Find(ask) => ask.answer_while_wanted(|call, who| self.find(call, who)).await,
            Request::Suggest(ask) => {
                ask.answer_while_wanted(|call, who| self.suggest(call, who)).await;
            }
            Request::Mark(ask) => ask.answer_while_wanted(|call, who| self.mark(call, who)).await,
            Request::GetIndex(ask) => ask.answer(|_, who| ready(self.get_index(&who))).await,
        }
    }

    fn retire(&self) {
        self.background.retire();
    }
}
