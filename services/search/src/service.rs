//! One incarnation of the service, and which method answers which call.

use std::{future::ready, sync::Arc};

use hexachord_contracts::{
    Background, BoxError, Client, Service,
    catalog::Catalog,
    profile::Profile,
    search::{self as contract, Request},
};

use crate::{
    committed::Source,
    documents::{of_catalog, of_profile},
    followers::Following,
    indexer::Indexer,
    resources::{Resources, Shared},
};

pub struct Search {
    pub(crate) shared: Arc<Shared>,
    background: Background,
}

impl Search {
    /// Builds an incarnation: opens the index unless an earlier one did, and follows on.
    pub async fn new(
        resources: Resources,
        catalog: Client<Catalog>,
        profile: Client<Profile>,
    ) -> Result<Self, BoxError> {
        let search = Self { shared: resources.shared, background: Background::default() };
        search.shared.index(Indexer::open_index).await?;
        let shared = Arc::clone(&search.shared);
        search.background.keep("search follows the catalog", move |stop| {
            let to_edit = |change| Some(of_catalog(change));
            Following::new(&shared, Source::Catalog, to_edit).run(catalog.clone(), stop)
        });
        let shared = Arc::clone(&search.shared);
        search.background.keep("search follows profile", move |stop| {
            Following::new(&shared, Source::Profile, of_profile).run(profile.clone(), stop)
        });
        let shared = Arc::clone(&search.shared);
        search
            .background
            .keep("search repairs its index", move |stop| Arc::clone(&shared).repair(stop));
        Ok(search)
    }
}

impl Service for Search {
    type Contract = contract::Search;

    async fn handle(self: Arc<Self>, request: Request) {
        match request {
            Request::Find(ask) => ask.answer_while_wanted(|call, who| self.find(call, who)).await,
            Request::GetIndex(ask) => ask.answer(|_, who| ready(self.get_index(&who))).await,
        }
    }

    fn retire(&self) {
        self.background.retire();
    }
}
