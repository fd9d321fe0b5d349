//! A call between services, with deadline and tracing, against a bare channel and its way back.

use std::{
    cell::LazyCell,
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::Criterion;
use hexachord::supervisor::{Supervision, health::Health, supervise};
use hexachord_contracts::{
    Caller, Client, Clock, Context, Failpoints, Loopback, RequestId, Service,
    authentication::{Authentication, IssueClaim, Request},
    mailbox,
};
use tokio::{
    runtime::Runtime,
    sync::{mpsc, oneshot},
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::ratio::{Line, Took, Unit, compare};

pub(crate) fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mailbox");
    let house = LazyCell::new(House::start);
    let floor = "bare tokio mpsc and oneshot";
    let bare = |house: &House, calls| bare_calls(&house.runtime, calls);
    let call = Line { name: "call", floor, goal: "≤ 15 µs", unit: Unit::Time };
    compare(&mut group, "mailbox", &call, &house, |h, n| h.calls(&h.local, n), bare);
    let bytes = Line { name: "bytes", floor, goal: "none: it only has to work", unit: Unit::Time };
    compare(&mut group, "mailbox", &bytes, &house, |h, n| h.calls(&h.remote, n), bare);
    group.finish();
}

/// Answers its one call at once.
struct Trivial;

impl Service for Trivial {
    type Contract = Authentication;

    async fn handle(self: Arc<Self>, request: Request) {
        if let Request::IssueClaim(ask) = request {
            ask.answer(|IssueClaim {}, _| async { Ok(None) }).await;
        }
    }
}

struct House {
    runtime: Runtime,
    local: Client<Authentication>,
    remote: Client<Authentication>,
}

impl House {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.expect("threads can be started");
        let (local, inbox) = mailbox::<Authentication>(1024);
        let health = Arc::new(Health::new("authentication", Clock::System));
        let stop = CancellationToken::new();
        let supervision = Supervision { health, failpoints: Failpoints::default(), stop };
        runtime.spawn(supervise(inbox, supervision, || async { Ok(Trivial) }));
        let remote = Client::remote(Arc::new(Loopback::new(local.clone())));
        Self { runtime, local, remote }
    }

    fn calls(&self, client: &Client<Authentication>, calls: u64) -> Took {
        let client = client.clone();
        timed(&self.runtime, calls, async move {
            for call in 0..calls {
                let allowed = Duration::from_secs(25);
                let context = Context::new(RequestId(call), Caller::System, allowed);
                client.call(&context, IssueClaim {}).await.expect("the service answers");
            }
        })
    }
}

/// The floor: as many calls over a channel, each with a way back.
pub(crate) fn bare_calls(runtime: &Runtime, calls: u64) -> Took {
    let (service, mut asked) = mpsc::channel::<oneshot::Sender<()>>(1024);
    runtime.spawn(async move {
        while let Some(reply) = asked.recv().await {
            reply.send(()).expect("the caller waits");
        }
    });
    timed(runtime, calls, async move {
        for _ in 0..calls {
            let (reply, answer) = oneshot::channel();
            service.send(reply).await.expect("the task runs");
            answer.await.expect("the task answers");
        }
    })
}

fn timed(runtime: &Runtime, units: u64, work: impl Future<Output = ()> + Send + 'static) -> Took {
    // As every request of the edge has one.
    let span = tracing::info_span!("request", id = 1);
    let work = runtime.spawn(
        async move {
            let began = Instant::now();
            work.await;
            began.elapsed()
        }
        .instrument(span),
    );
    let wall = runtime.block_on(work).expect("no call fails");
    Took { units, wall, cpu: None }
}
