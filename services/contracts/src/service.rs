//! The inside of a service, as its supervisor sees it.

use std::{future::Future, sync::Arc};

use crate::call::Contract;

pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// One incarnation of a service. It is dropped and built anew when a request panics.
pub trait Service: Send + Sync + Sized + 'static {
    type Contract: Contract;

    /// Answers one request. A panic in here costs this request and this incarnation.
    fn handle(
        self: Arc<Self>,
        request: <Self::Contract as Contract>::Request,
    ) -> impl Future<Output = ()> + Send;

    /// Called once when this incarnation is about to end: whoever waits for news (a feed's long
    /// poll) is answered at once, and work that runs by itself stops at the next safe place.
    fn retire(&self) {}
}
