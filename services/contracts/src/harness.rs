//! For the suites of services: one service behind its mailbox, and the same one behind bytes.

use std::sync::Arc;

use crate::{
    call::{Contract, Envelope},
    client::{Client, Mailbox, mailbox},
    service::Service,
    wire::Loopback,
};

/// The two ways to a service under test.
pub struct Reached<S: Contract> {
    /// `mailbox` or `bytes`, for messages of failed assertions.
    pub way: &'static str,
    pub client: Client<S>,
}

/// Runs `service` without supervision (a panic fails its caller with `Unavailable`) and returns a
/// client over its mailbox and one over the byte loopback. Must be called inside a runtime; the
/// service ends when both clients are dropped.
pub fn both_ways<S: Service>(service: S) -> [Reached<S::Contract>; 2] {
    let (local, inbox) = mailbox::<S::Contract>(256);
    #[expect(clippy::disallowed_methods, reason = "a test's service needs no supervisor")]
    tokio::spawn(serve(Arc::new(service), inbox));
    let bytes = Client::remote(Arc::new(Loopback::new(local.clone())));
    [Reached { way: "mailbox", client: local }, Reached { way: "bytes", client: bytes }]
}

async fn serve<S: Service>(service: Arc<S>, mut inbox: Mailbox<S::Contract>) {
    let mut running = tokio::task::JoinSet::new();
    while let Some(request) = inbox.recv().await {
        if !request.is_abandoned() {
            running.spawn(Arc::clone(&service).handle(request));
        }
        while running.try_join_next().is_some() {}
    }
    service.retire();
    while running.join_next().await.is_some() {}
}
