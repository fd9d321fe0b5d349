//! Calls as bytes: how a contract crosses a process boundary.

use std::{future::Future, pin::Pin};

use tokio::sync::oneshot;

use crate::{
    call::{Ask, Call, Contract},
    client::Client,
    context::Context,
};

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Why bytes did not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Not accepted; safe to send again.
    #[error("the other side has too many waiting requests")]
    Overloaded,
    #[error("the other side is gone")]
    Gone { maybe_done: bool },
}

/// A byte transport with request and reply: a message bus between processes, a loopback in tests.
pub trait Wire: Send + Sync {
    /// Sends `body`, a JSON array of context and call, and returns the JSON of the outcome.
    fn request(
        &self,
        service: &'static str,
        call: &'static str,
        body: Vec<u8>,
    ) -> BoxFuture<'_, Result<Vec<u8>, WireError>>;
}

/// A decoded call, and the future that encodes its answer (`None`: dropped unanswered).
pub struct Inbound<S: Contract> {
    pub request: S::Request,
    pub answer: BoxFuture<'static, Option<Vec<u8>>>,
}

impl<S: Contract> Inbound<S> {
    /// Decodes one call of type `C`; `None` when the bytes are not one.
    pub fn of<C: Call<To = S>>(body: &[u8]) -> Option<Self> {
        let (context, call): (Context, C) = serde_json::from_slice(body).ok()?;
        let (reply, outcome) = oneshot::channel();
        let answer = Box::pin(async { serde_json::to_vec(&outcome.await.ok()?).ok() });
        Some(Self { request: C::wrap(Ask { call, context, reply }), answer })
    }
}

/// A wire whose other end is in the same process: every call and answer passes through bytes.
pub struct Loopback<S: Contract> {
    service: Client<S>,
}

impl<S: Contract> Loopback<S> {
    pub fn new(service: Client<S>) -> Self {
        Self { service }
    }
}

impl<S: Contract> Wire for Loopback<S> {
    fn request(
        &self,
        _service: &'static str,
        call: &'static str,
        body: Vec<u8>,
    ) -> BoxFuture<'_, Result<Vec<u8>, WireError>> {
        Box::pin(async move {
            let not_understood = WireError::Gone { maybe_done: false };
            let inbound = S::decode(call, &body).ok_or(not_understood)?;
            self.service.forward(inbound.request)?;
            inbound.answer.await.ok_or(WireError::Gone { maybe_done: true })
        })
    }
}
