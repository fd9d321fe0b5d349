//! Follows the catalog and the accounts: their news in the store, with the cursor in one commit.

mod accounts;
mod catalog;
mod place;

use hexachord_contracts::{
    Client, authentication::Authentication, background::Background, catalog::Catalog,
    follow::follow,
};
use hexachord_storage::Store;

pub(crate) use accounts::{FEED as ACCOUNTS, meet_account};
pub(crate) use catalog::{FEED as CATALOG, meet_track};

pub(crate) fn accounts(
    background: &Background,
    store: &Store,
    authentication: &Client<Authentication>,
) {
    let (store, client) = (store.clone(), authentication.clone());
    background.keep("profile follows accounts", move |stop| {
        let (client, mut follower) = (client.clone(), accounts::Accounts::new(store.clone()));
        async move { follow(&client, &mut follower, &stop).await }
    });
}

pub(crate) fn catalog(background: &Background, store: &Store, catalog: &Client<Catalog>) {
    let (store, client) = (store.clone(), catalog.clone());
    background.keep("profile follows the catalog", move |stop| {
        let (client, mut follower) = (client.clone(), catalog::Tracks::new(store.clone()));
        async move { follow(&client, &mut follower, &stop).await }
    });
}
