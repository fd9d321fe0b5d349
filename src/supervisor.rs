//! Keeps one service alive: restarts it, with backoff, on a fresh state.
//!
//! The mailbox outlives every incarnation. A panic costs the request that panicked: the others
//! that run may finish, new ones are refused at once (dropping an ask *is* `Unavailable`), and a
//! fresh incarnation takes over.

pub mod health;

use std::{any::Any, future::Future, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use hexachord_contracts::{BoxError, Contract, Envelope, Failpoints, Mailbox, Service};
use tokio::{
    task::{JoinError, JoinSet},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use self::health::{Health, State};

/// Requests that one service works on at a time; the mailbox holds the rest.
const MAX_IN_FLIGHT: usize = 256;
/// What an incarnation that ends gives its other requests to finish.
const DRAIN: Duration = Duration::from_millis(500);
/// The first pause before a restart; it doubles with each failure…
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// …up to this one, and begins anew after an incarnation that lasted [`HEALTHY`].
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const HEALTHY: Duration = Duration::from_mins(1);
/// With every place taken and nothing finished for so long, callers have long left: it hangs.
const HUNG: Duration = Duration::from_secs(45);

/// What a supervisor needs besides the service.
#[derive(Clone)]
pub struct Supervision {
    pub health: Arc<Health>,
    pub failpoints: Failpoints,
    pub stop: CancellationToken,
}

/// Runs the services that `build` makes, one after the other, until told to stop; then answers
/// what was accepted before it returns.
pub async fn supervise<S, B>(
    mut mailbox: Mailbox<S::Contract>,
    supervision: Supervision,
    build: impl Fn() -> B,
) where
    S: Service,
    B: Future<Output = Result<S, BoxError>>,
{
    let Supervision { health, stop, .. } = &supervision;
    let mut pause = FIRST_PAUSE;
    loop {
        let started = Instant::now();
        let mut in_flight = JoinSet::new();
        let life = live(build(), &mut mailbox, &mut in_flight, &supervision);
        let why = match AssertUnwindSafe(life).catch_unwind().await {
            Ok(Ok(())) => {
                health.set(State::Stopped);
                return;
            }
            Ok(Err(failure)) => failure.to_string(),
            Err(panic) => message_of(panic.as_ref()),
        };
        if started.elapsed() > HEALTHY {
            pause = FIRST_PAUSE;
        }
        tracing::error!(service = S::Contract::NAME, %why, ?pause, "service failed, restarts");
        health.failed(why);
        rest(&mut mailbox, in_flight, pause, stop).await;
        if stop.is_cancelled() {
            health.set(State::Stopped);
            return;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// One incarnation, until it fails or everything is answered after `stop`.
async fn live<S: Service>(
    build: impl Future<Output = Result<S, BoxError>>,
    mailbox: &mut Mailbox<S::Contract>,
    in_flight: &mut JoinSet<()>,
    supervision: &Supervision,
) -> Result<(), BoxError> {
    let service = Arc::new(build.await?);
    supervision.health.set(State::Running);
    let _retires = RetireOnDrop(&service);
    let mut progress = Instant::now();
    loop {
        let full = in_flight.len() >= MAX_IN_FLIGHT;
        tokio::select! {
            biased;
            Some(done) = in_flight.join_next() => {
                progress = Instant::now();
                if let Err(panic) = done {
                    return Err(why(panic).into());
                }
            }
            () = supervision.stop.cancelled(), if !mailbox.is_closed() => {
                mailbox.close();
                service.retire();
            }
            () = sleep_until(progress + HUNG), if full => {
                return Err("every request hangs".into());
            }
            request = mailbox.recv(), if !full => match request {
                Some(request) if request.is_abandoned() => drop(request),
                Some(request) => {
                    let span = request.context().span.clone();
                    let failpoints = supervision.failpoints.clone();
                    let service = Arc::clone(&service);
                    in_flight.spawn(handle(service, request, failpoints).instrument(span));
                    if in_flight.len() == MAX_IN_FLIGHT {
                        progress = Instant::now();
                    }
                }
                None => {
                    while let Some(done) = in_flight.join_next().await {
                        if let Err(panic) = done {
                            tracing::error!(why = why(panic), "a request panicked while stopping");
                        }
                    }
                    return Ok(());
                }
            },
        }
    }
}

async fn handle<S: Service>(
    service: Arc<S>,
    request: <S::Contract as Contract>::Request,
    failpoints: Failpoints,
) {
    if failpoints.hit(S::Contract::NAME, request.call_name()) {
        // What tests plan: the ask is dropped by the unwinding, as in any other panic.
        std::panic::panic_any(format!("failpoint {}", request.call_name()));
    }
    service.handle(request).await;
}

/// However an incarnation ends, whoever waits for its news is told.
struct RetireOnDrop<'a, S: Service>(&'a Arc<S>);

impl<S: Service> Drop for RetireOnDrop<'_, S> {
    fn drop(&mut self) {
        self.0.retire();
    }
}

/// Lets the rest of an ended incarnation finish, and refuses new requests until the pause is over
/// or everything stops.
async fn rest<R: Send + 'static>(
    mailbox: &mut tokio::sync::mpsc::Receiver<R>,
    mut in_flight: JoinSet<()>,
    pause: Duration,
    stop: &CancellationToken,
) {
    let began = Instant::now();
    loop {
        let drained = in_flight.is_empty() || began.elapsed() >= DRAIN;
        tokio::select! {
            biased;
            Some(_) = in_flight.join_next() => {}
            () = stop.cancelled(), if drained => break,
            () = sleep_until(began + pause), if drained => break,
            () = sleep_until(began + DRAIN), if !drained => {}
            Some(refused) = mailbox.recv() => drop(refused),
            else => break,
        }
    }
}

fn why(error: JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => message_of(panic.as_ref()),
        Err(cancelled) => cancelled.to_string(),
    }
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panicked: {}", text.as_deref().unwrap_or("without a message"))
}

#[cfg(test)]
mod tests;
