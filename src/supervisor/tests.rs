//! Restarts, refusals, draining: what the supervisor promises.

use std::sync::atomic::{AtomicU32, Ordering};

use hexachord_contracts::{
    CallError, Client, Clock, Context,
    catalog::{self, GetScan, Request, ScanState},
    mailbox,
};

use super::{health::ServiceHealth, *};

/// A service that answers how many incarnations there were, once `open` lets it.
struct Counting {
    incarnation: u64,
    open: CancellationToken,
}

impl Service for Counting {
    type Contract = catalog::Catalog;

    async fn handle(self: Arc<Self>, request: Request) {
        if let Request::GetScan(ask) = request {
            let answer = |_call, _context| async {
                self.open.cancelled().await;
                Ok(ScanState { revision: self.incarnation, ..ScanState::default() })
            };
            ask.answer(answer).await;
        }
    }
}

struct Running {
    client: Client<catalog::Catalog>,
    supervision: Supervision,
    open: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

#[expect(clippy::disallowed_methods, reason = "a test's own task")]
fn start(built_wrong: u32) -> Running {
    let (client, inbox) = mailbox::<catalog::Catalog>(1024);
    let supervision = Supervision {
        health: Arc::new(Health::new("catalog", Clock::System)),
        failpoints: Failpoints::default(),
        stop: CancellationToken::new(),
    };
    let open = CancellationToken::new();
    let count = Arc::new(AtomicU32::new(0));
    let build = {
        let open = open.clone();
        move || {
            let (open, number) = (open.clone(), count.fetch_add(1, Ordering::Relaxed) + 1);
            async move {
                if number <= built_wrong {
                    return Err("planned".into());
                }
                Ok(Counting { incarnation: number.into(), open })
            }
        }
    };
    let task = tokio::spawn(supervise(inbox, supervision.clone(), build));
    Running { client, supervision, open, task }
}

async fn ask(client: &Client<catalog::Catalog>) -> Result<u64, CallError<catalog::CatalogError>> {
    let context = Context::system(Duration::from_mins(1));
    client.call(&context, GetScan::default()).await.map(|state| state.revision)
}

async fn until_running(running: &Running) {
    let mut facts = running.supervision.health.watch();
    facts.wait_for(ServiceHealth::is_running).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_panic_costs_one_request_and_a_moment() {
    let running = start(0);
    running.open.cancel();
    assert_eq!(ask(&running.client).await, Ok(1));
    for failure in 1..=4 {
        running.supervision.failpoints.arm("catalog.GetScan", 1);
        let failed_at = Instant::now();
        let gone = CallError::Unavailable { service: "catalog", maybe_done: true };
        assert_eq!(ask(&running.client).await, Err(gone.clone()));
        assert_eq!(ask(&running.client).await, Err(gone), "refused at once while it restarts");
        until_running(&running).await;
        assert_eq!(ask(&running.client).await, Ok(failure + 1));
        assert!(failed_at.elapsed() < Duration::from_secs(1), "{:?}", failed_at.elapsed());
    }
    let facts = running.supervision.health.facts();
    assert_eq!((facts.state, facts.restarts), (State::Running, 4));
    assert_eq!(facts.last_failure.as_deref(), Some("panicked: failpoint GetScan"));
}

#[tokio::test(start_paused = true)]
async fn neighbours_of_a_panic_are_answered() {
    let running = start(0);
    let neighbour = ask(&running.client);
    let mut neighbour = std::pin::pin!(neighbour);
    assert!(futures_util::poll!(&mut neighbour).is_pending());
    until_running(&running).await;
    tokio::task::yield_now().await;
    running.supervision.failpoints.arm("catalog.GetScan", 1);
    assert!(ask(&running.client).await.is_err());
    running.open.cancel();
    assert_eq!(neighbour.await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_crash_loop_backs_off_to_a_ceiling() {
    let began = Instant::now();
    let running = start(12);
    until_running(&running).await;
    // 50 ms doubled nine times is 25.6 s; the ceiling of 30 s follows.
    let pauses: Duration = (0..10).map(|n| Duration::from_millis(50 << n)).sum();
    let expected = pauses + 2 * LONGEST_PAUSE;
    assert!(began.elapsed() >= expected && began.elapsed() < expected + Duration::from_secs(1));
    assert_eq!(running.supervision.health.facts().restarts, 12);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_is_replaced() {
    let running = start(0);
    until_running(&running).await;
    let asks = futures_util::future::join_all((0..MAX_IN_FLIGHT).map(|_| ask(&running.client)));
    let (answers, ()) = tokio::join!(asks, async {
        let mut facts = running.supervision.health.watch();
        facts.wait_for(|facts| facts.state == State::Restarting).await.unwrap();
    });
    assert!(answers.iter().all(Result::is_err));
    assert_eq!(
        running.supervision.health.facts().last_failure.as_deref(),
        Some("every request hangs")
    );
}

#[tokio::test(start_paused = true)]
async fn a_burst_after_a_quiet_time_is_no_hang() {
    let running = start(0);
    until_running(&running).await;
    tokio::time::advance(HUNG * 2).await;
    let burst = futures_util::future::join_all((0..MAX_IN_FLIGHT).map(|_| ask(&running.client)));
    let mut burst = std::pin::pin!(burst);
    assert!(futures_util::poll!(&mut burst).is_pending());
    tokio::time::advance(Duration::from_secs(1)).await;
    running.open.cancel();
    assert!(burst.await.iter().all(Result::is_ok));
    assert_eq!(running.supervision.health.facts().restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn stopping_answers_what_was_accepted() {
    let running = start(0);
    let waiting = futures_util::future::join_all((0..40).map(|_| ask(&running.client)));
    let mut waiting = std::pin::pin!(waiting);
    assert!(futures_util::poll!(&mut waiting).is_pending());
    running.supervision.stop.cancel();
    running.open.cancel();
    assert!(waiting.await.iter().all(Result::is_ok));
    running.task.await.unwrap();
    let gone = CallError::Unavailable { service: "catalog", maybe_done: false };
    assert_eq!(ask(&running.client).await, Err(gone));
}

#[test]
fn who_waits_for_a_service_does_not_lock_its_supervisor_out() {
    let health = Health::new("catalog", Clock::System);
    let watch = async {
        let mut facts = health.watch();
        while !facts.borrow_and_update().is_running() {
            facts.changed().await.unwrap();
            drop(facts.wait_for(|facts| facts.is_running() || facts.restarts > 0).await);
            assert_eq!(health.facts().name, "catalog");
        }
    };
    std::thread::scope(|scope| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let watcher = scope.spawn(move || runtime.block_on(watch));
        (0..20_000).for_each(|_| health.failed("again".to_owned()));
        health.set(State::Running);
        watcher.join().unwrap();
    });
    assert_eq!(health.facts().restarts, 20_000);
}
