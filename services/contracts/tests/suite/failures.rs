//! Calls without a reply: late, refused by a full mailbox, dropped, closed, abandoned.

use std::{pin::pin, time::Duration};

use futures_util::poll;
use hexachord_contracts::{
    CallError, Envelope,
    catalog::{CancelScan, GetScan, ListLibraries, ListUnreadable, StartScan},
    harness::both_ways,
    page::Paging,
};
use tokio::time::Instant;

use crate::house::{Echo, context, unattended};

const SECOND: Duration = Duration::from_secs(1);

/// A call that the echo never answers.
const UNANSWERED: GetScan = GetScan { changed_from: None, wait_ms: 0 };

fn unavailable<E>(maybe_done: bool) -> CallError<E> {
    CallError::Unavailable { service: "catalog", maybe_done }
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_is_timed_out_at_the_deadline() {
    for reached in both_ways(Echo) {
        let start = Instant::now();
        let outcome = reached.client.call(&context(3 * SECOND), UNANSWERED).await;
        assert_eq!(outcome, Err(CallError::TimedOut { service: "catalog" }), "{}", reached.way);
        assert_eq!(start.elapsed().as_secs(), 3, "{}", reached.way);
    }
}

#[tokio::test(start_paused = true)]
async fn no_call_waits_longer_than_half_a_minute() {
    for reached in both_ways(Echo) {
        let start = Instant::now();
        let outcome = reached.client.call(&context(3600 * SECOND), UNANSWERED).await;
        assert_eq!(outcome, Err(CallError::TimedOut { service: "catalog" }), "{}", reached.way);
        assert_eq!(start.elapsed().as_secs(), 30, "{}", reached.way);
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_mailbox_refuses_at_once_and_accepts_nothing() {
    for way in 0..2 {
        let (clients, mut inbox) = unattended(1);
        let context = context(9 * SECOND);
        let mut accepted =
            pin!(clients[way].call(&context, StartScan { full: true, accept_losses: false }));
        assert!(poll!(&mut accepted).is_pending());
        let outcome = clients[way].call(&context, ListLibraries {}).await;
        assert_eq!(outcome, Err(CallError::Overloaded { service: "catalog" }));

        assert_eq!(inbox.recv().await.unwrap().call_name(), "StartScan");
        assert!(inbox.try_recv().is_err(), "what was refused is not in the mailbox");
        assert_eq!(accepted.await, Err(unavailable(true)), "its ask was dropped");
    }
}

#[tokio::test(start_paused = true)]
async fn an_ask_that_is_dropped_may_have_been_done() {
    for reached in both_ways(Echo) {
        let dropped = ListUnreadable { paging: Paging::default() };
        let outcome = reached.client.call(&context(9 * SECOND), dropped).await;
        assert_eq!(outcome, Err(unavailable(true)), "{}", reached.way);
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_costs_its_own_call_only() {
    for reached in both_ways(Echo) {
        let context = context(9 * SECOND);
        let outcome = reached.client.call(&context, CancelScan {}).await;
        assert_eq!(outcome, Err(unavailable(true)), "{}", reached.way);
        assert!(reached.client.call(&context, ListLibraries {}).await.is_ok(), "{}", reached.way);
    }
}

#[tokio::test(start_paused = true)]
async fn a_closed_mailbox_has_done_nothing() {
    let (clients, inbox) = unattended(4);
    drop(inbox);
    for client in clients {
        let outcome = client.call(&context(9 * SECOND), ListLibraries {}).await;
        assert_eq!(outcome, Err(unavailable(false)));
    }
}

#[tokio::test(start_paused = true)]
async fn who_leaves_is_seen_to_have_left() {
    let (clients, mut inbox) = unattended(4);
    for client in clients {
        let context = context(9 * SECOND);
        let mut call = Box::pin(client.call(&context, ListLibraries {}));
        assert!(poll!(&mut call).is_pending());
        let ask = inbox.recv().await.unwrap();
        assert!(!ask.is_abandoned());
        drop(call);
        assert!(ask.is_abandoned());
    }
}

#[test]
fn each_failure_says_which_service() {
    let service = "catalog";
    let failures: [CallError<std::fmt::Error>; 3] =
        [unavailable(true), CallError::Overloaded { service }, CallError::TimedOut { service }];
    assert_eq!(
        failures.map(|failure| failure.to_string()),
        [
            "catalog is unavailable",
            "catalog has too many waiting requests",
            "catalog did not answer in time",
        ],
    );
}
