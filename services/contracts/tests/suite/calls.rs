//! A call over the mailbox and over bytes gives the same.

use std::time::Duration;

use hexachord_contracts::{
    CallError, Context, RequestId,
    catalog::{CatalogError, GetTrack, ListLibraries, StartScan},
    harness::both_ways,
    ids::TrackId,
};

use crate::house::{Echo, context};

#[tokio::test(start_paused = true)]
async fn a_reply_carries_call_caller_and_request_id_both_ways() {
    for reached in both_ways(Echo) {
        let context = context(Duration::from_secs(5));
        let libraries = reached.client.call(&context, ListLibraries {}).await.unwrap();
        let seen: Vec<_> = libraries.iter().map(|library| library.id.to_string()).collect();
        assert_eq!(seen, ["li-0000000000001", "li-000000000000z"], "{}", reached.way);
        assert_eq!(libraries[0].name, "0000000000000abc", "{}", reached.way);
        assert_eq!(libraries[0].folder.to_str(), Some("of Some(AccountId(7))"));

        let state = reached
            .client
            .call(&context, StartScan { full: true, accept_losses: false })
            .await
            .unwrap();
        assert!(state.full && state.is_running(), "{}", reached.way);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_the_deadline_travels() {
    for reached in both_ways(Echo) {
        let context = context(Duration::from_secs(5));
        tokio::time::advance(Duration::from_millis(1_250)).await;
        let state = reached.client.call(&context, StartScan::default()).await.unwrap();
        assert_eq!(state.found, 3_750, "{}", reached.way);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_arrives_in_the_services_words() {
    let missing = CatalogError::NotFound { what: "track".to_owned() };
    for reached in both_ways(Echo) {
        let context = context(Duration::from_secs(5));
        let outcome = reached.client.call(&context, GetTrack { track: TrackId(1) }).await;
        let error = outcome.unwrap_err();
        assert_eq!(error, CallError::Refused(missing.clone()), "{}", reached.way);
        assert_eq!(error.to_string(), "no such track");
    }
}

#[tokio::test(start_paused = true)]
async fn the_program_itself_may_ask() {
    for reached in both_ways(Echo) {
        let context = Context::system(Duration::from_secs(1));
        assert_eq!(reached.client.call(&context, ListLibraries {}).await, Ok(Vec::new()));
        assert_ne!(context.request_id, RequestId(0));
    }
}
