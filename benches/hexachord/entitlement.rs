//! What an account may do: a call to the real payment service, against a bare channel and its way
//! back.

use std::{
    cell::LazyCell,
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::Criterion;
use hexachord::supervisor::{Supervision, health::Health, supervise};
use hexachord_contracts::{
    Caller, Client, Clock, Context, Failpoints, LibraryAccess, Mailbox, RequestId, Role,
    authentication::Authentication,
    ids::AccountId,
    mailbox,
    payment::{CreatePlan, Entitlements, GetEntitlement, Money, PaymentService, Period},
};
use hexachord_payment::{Payment, Resources, Settings, open_memory_store};
use rand::SeedableRng;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::{
    mailbox::bare_calls,
    ratio::{Line, Took, Unit, compare},
};

pub(crate) fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("entitlement");
    let house = LazyCell::new(House::start);
    let floor = "bare tokio mpsc and oneshot";
    let line = Line { name: "check", floor, goal: "≤ 15 µs", unit: Unit::Time };
    compare(&mut group, "entitlement", &line, &house, House::checks, |house, calls| {
        bare_calls(&house.runtime, calls)
    });
    group.finish();
}

struct House {
    runtime: Runtime,
    payment: Client<PaymentService>,
    /// Nobody answers: the service goes on asking for its feed.
    _authentication: Mailbox<Authentication>,
}

impl House {
    /// With two plans, so that there is something to look up.
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.expect("threads can be started");
        let store = open_memory_store(1).expect("a store can be made");
        let rng = rand::rngs::StdRng::seed_from_u64(1);
        let resources = Resources::new(store, Clock::System, rng);
        let (authentication, inbox) = mailbox::<Authentication>(1024);
        let (payment, calls) = mailbox::<PaymentService>(1024);
        let health = Arc::new(Health::new("payment", Clock::System));
        let stop = CancellationToken::new();
        let supervision = Supervision { health, failpoints: Failpoints::default(), stop };
        runtime.spawn(supervise(calls, supervision, move || {
            Payment::new(Settings::default(), resources.clone(), authentication.clone())
        }));
        let plan = CreatePlan {
            name: "Supporter".to_owned(),
            description: String::new(),
            price: Money { amount: 499, currency: "EUR".parse().expect("it is a currency") },
            period: Period::Month,
            entitlements: Entitlements::EVERYTHING,
        };
        let context = Context::system(Duration::from_secs(10));
        runtime.block_on(payment.call(&context, plan)).expect("a plan can be made");
        Self { runtime, payment, _authentication: inbox }
    }

    fn checks(&self, calls: u64) -> Took {
        let payment = self.payment.clone();
        let work = self.runtime.spawn(async move {
            let caller = Caller::Account {
                id: AccountId(7),
                role: Role::Listener,
                libraries: LibraryAccess::All,
            };
            let began = Instant::now();
            for call in 0..calls {
                let allowed = Duration::from_secs(25);
                let context = Context::new(RequestId(call), caller.clone(), allowed);
                payment.call(&context, GetEntitlement {}).await.expect("the service answers");
            }
            began.elapsed()
        });
        let wall = self.runtime.block_on(work).expect("no call fails");
        Took { units: calls, wall, cpu: None }
    }
}
