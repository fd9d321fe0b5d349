//! A call and its way back: the types that tie a question to its answer and its service.

use std::future::Future;

use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::oneshot;

use crate::{context::Context, wire::Inbound};

/// A service as others see it: its name, its mailbox item, its own error.
pub trait Contract: Sized + Send + 'static {
    /// Lower case, as in logs, metrics and wire subjects.
    const NAME: &'static str;
    type Request: Envelope + Send + 'static;
    type Error: std::error::Error + Clone + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// Turns one call read off a wire back into a mailbox item; `None` when it is not understood.
    fn decode(call: &str, body: &[u8]) -> Option<Inbound<Self>>;
}

/// One question to one service; its type fixes the type of the answer.
pub trait Call: Serialize + DeserializeOwned + Send + 'static {
    const NAME: &'static str;
    type To: Contract;
    type Reply: Serialize + DeserializeOwned + std::fmt::Debug + Send + 'static;
    fn wrap(ask: Ask<Self>) -> <Self::To as Contract>::Request;
}

/// What a service answers to the call `C`: its reply, or a refusal in its own words.
pub type Outcome<C> = Result<<C as Call>::Reply, <<C as Call>::To as Contract>::Error>;

/// What every mailbox item can say of itself without being opened.
pub trait Envelope {
    fn context(&self) -> &Context;
    /// The caller has left (its request was dropped): nobody waits for an answer.
    fn is_abandoned(&self) -> bool;
    fn call_name(&self) -> &'static str;
}

/// A call with its way back. Dropping it unanswered *is* the answer `Unavailable`.
#[derive(Debug)]
pub struct Ask<C: Call> {
    pub(crate) call: C,
    pub(crate) context: Context,
    pub(crate) reply: oneshot::Sender<Outcome<C>>,
}

impl<C: Call> Ask<C> {
    pub fn context(&self) -> &Context {
        &self.context
    }

    pub fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    /// Runs `work` on the call and its context, and sends what it returns.
    pub async fn answer<F: Future<Output = Outcome<C>>>(self, work: impl FnOnce(C, Context) -> F) {
        let outcome = work(self.call, self.context).await;
        // A caller that left needs no answer.
        drop(self.reply.send(outcome));
    }

    /// [`Ask::answer`] for work that only looks or waits: it ends when the caller leaves, so that
    /// who is gone takes no place.
    pub async fn answer_while_wanted<F: Future<Output = Outcome<C>>>(
        self,
        work: impl FnOnce(C, Context) -> F,
    ) {
        let Self { call, context, mut reply } = self;
        let outcome = tokio::select! {
            biased;
            outcome = work(call, context) => outcome,
            () = reply.closed() => return,
        };
        drop(reply.send(outcome));
    }
}
