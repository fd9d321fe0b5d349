//! An account that is removed takes along what it did in every service.

use serde_json::json;

use super::searching::{found, search};
use crate::{
    faults::wire::until,
    support::{Api, Member, delete, get},
};

pub(super) fn takes_everything_along(api: &Api, anna: &Member, ida: &Member, playlist: &str) {
    let account = format!("/api/v1/admin/accounts/{}", ida.id);
    api.send(delete(&account).bearer(&anna.token)).expect(204);
    api.send(get("/api/v1/me/plays").bearer(&ida.token)).expect(401);
    until("its playlist is gone", || {
        let answer = api.send(get(&format!("/api/v1/playlists/{playlist}")).bearer(&anna.token));
        (answer.status == 404).then_some(())
    });
    until("its playlist is not found any more", || {
        found(&search(api, anna, "evening"), "playlists", "name").is_empty().then_some(())
    });
    until("its subscription is gone", || {
        let path = "/api/v1/admin/subscriptions";
        (api.read(anna, path)["items"] == json!([])).then_some(())
    });
    assert_eq!(api.read(anna, "/api/v1/admin/payments")["items"], json!([]));
    // What was earned stays earned, and names nobody.
    let ledger = api.read(anna, "/api/v1/admin/ledger");
    assert!(!ledger.to_string().contains(&ida.id), "{ledger}");
    let sum: i64 = ledger["balances"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|balance| balance["money"]["amount"].as_i64().expect("a number"))
        .sum();
    assert_eq!(sum, 0);
    assert!(ledger.to_string().contains("former_members"), "{ledger}");
}
