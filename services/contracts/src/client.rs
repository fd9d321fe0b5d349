//! The way to a service, wherever it runs.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};

use crate::{
    call::{Ask, Call, Contract, Outcome},
    context::Context,
    wire::{Wire, WireError},
};

/// No call waits longer than this, whatever its context allows.
const LONGEST_CALL: Duration = Duration::from_secs(30);

/// The receiving end of a service's mailbox; it outlives every incarnation of the service.
pub type Mailbox<S> = mpsc::Receiver<<S as Contract>::Request>;

/// Why a call has no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError<E> {
    /// The service understood and said no, in its own words.
    #[error(transparent)]
    Refused(E),
    /// The service is down or restarting. `maybe_done`: it had accepted the call.
    #[error("{service} is unavailable")]
    Unavailable { service: &'static str, maybe_done: bool },
    /// Not accepted: too many wait already. Safe to try again later.
    #[error("{service} has too many waiting requests")]
    Overloaded { service: &'static str },
    /// Accepted, but not answered before the deadline.
    #[error("{service} did not answer in time")]
    TimedOut { service: &'static str },
}

/// A handle on a service; cheap to clone.
pub struct Client<S: Contract> {
    link: Link<S>,
}

enum Link<S: Contract> {
    Local(mpsc::Sender<S::Request>),
    Remote(Arc<dyn Wire>),
}

/// A bounded mailbox for `capacity` waiting calls, and the client that fills it.
pub fn mailbox<S: Contract>(capacity: usize) -> (Client<S>, Mailbox<S>) {
    let (sender, receiver) = mpsc::channel(capacity);
    (Client { link: Link::Local(sender) }, receiver)
}

impl<S: Contract> Clone for Client<S> {
    fn clone(&self) -> Self {
        let link = match &self.link {
            Link::Local(sender) => Link::Local(sender.clone()),
            Link::Remote(wire) => Link::Remote(Arc::clone(wire)),
        };
        Self { link }
    }
}

impl<S: Contract> std::fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("service", &S::NAME).finish_non_exhaustive()
    }
}

impl<S: Contract> Client<S> {
    /// A client of a service that runs in another process.
    pub fn remote(wire: Arc<dyn Wire>) -> Self {
        Self { link: Link::Remote(wire) }
    }

    /// Asks, and waits for the answer until the deadline of `context`.
    pub async fn call<C: Call<To = S>>(
        &self,
        context: &Context,
        call: C,
    ) -> Result<C::Reply, CallError<S::Error>> {
        let deadline = context.deadline.min(Instant::now() + LONGEST_CALL);
        let answer = async {
            match &self.link {
                Link::Local(mailbox) => ask_mailbox(mailbox, context, call).await,
                Link::Remote(wire) => ask_wire(wire.as_ref(), context, &call).await,
            }
        };
        let in_time = timeout_at(deadline, answer).await;
        in_time.unwrap_or(Err(CallError::TimedOut { service: S::NAME }))
    }

    /// Hands a decoded call to the mailbox as it is; a remote client gives it back.
    pub(crate) fn forward(&self, request: S::Request) -> Result<(), WireError> {
        match &self.link {
            Link::Local(mailbox) => mailbox.try_send(request).map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => WireError::Overloaded,
                mpsc::error::TrySendError::Closed(_) => WireError::Gone { maybe_done: false },
            }),
            Link::Remote(_) => Err(WireError::Gone { maybe_done: false }),
        }
    }
}

/// `try_send`: a full mailbox refuses instead of waiting, so cycles of calls cannot deadlock.
async fn ask_mailbox<C: Call>(
    mailbox: &mpsc::Sender<<C::To as Contract>::Request>,
    context: &Context,
    call: C,
) -> Result<C::Reply, CallError<<C::To as Contract>::Error>> {
    let service = C::To::NAME;
    let (reply, answer) = oneshot::channel();
    let ask = Ask { call, context: context.clone(), reply };
    mailbox.try_send(C::wrap(ask)).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => CallError::Overloaded { service },
        mpsc::error::TrySendError::Closed(_) => {
            CallError::Unavailable { service, maybe_done: false }
        }
    })?;
    let outcome =
        answer.await.map_err(|_dropped| CallError::Unavailable { service, maybe_done: true })?;
    outcome.map_err(CallError::Refused)
}

async fn ask_wire<C: Call>(
    wire: &dyn Wire,
    context: &Context,
    call: &C,
) -> Result<C::Reply, CallError<<C::To as Contract>::Error>> {
    let service = C::To::NAME;
    let gone = |maybe_done| CallError::Unavailable { service, maybe_done };
    let body = serde_json::to_vec(&(context, call)).map_err(|_unserialisable| gone(false))?;
    let bytes = wire.request(service, C::NAME, body).await.map_err(|error| match error {
        WireError::Overloaded => CallError::Overloaded { service },
        WireError::Gone { maybe_done } => gone(maybe_done),
    })?;
    let outcome: Outcome<C> =
        serde_json::from_slice(&bytes).map_err(|_other_version| gone(true))?;
    outcome.map_err(CallError::Refused)
}
