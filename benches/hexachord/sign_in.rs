//! A sign-in over HTTP against a refused one inside the service, which is one argon2id hash.
//!
//! The hash is what the service does for a name that nobody has: it verifies and writes nothing.
//! Around it is only a call through a mailbox, a thousandth of its time.

use std::{
    cell::LazyCell,
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::Criterion;
use hexachord_authentication::{Authentication, Resources, SecretKey, Settings, open_memory_store};
use hexachord_contracts::{
    CallError, Caller, Client, Clock, Context, RequestId,
    authentication::{Authentication as Contract, AuthenticationError, Origin, Secret, SignIn},
    harness,
};
use tokio::runtime::Runtime;

use crate::{
    child::own_cpu,
    client::Load,
    ratio::{Line, Took, Unit, compare},
    server::{PASSWORD, Server, sign_in_request},
};

pub(crate) fn benches<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    server: &LazyCell<Server, F>,
) {
    let mut group = criterion.benchmark_group("sign-in");
    let hashing = LazyCell::new(Hashing::start);
    let line = Line {
        name: "post-session",
        floor: "a refused sign-in inside the service: one argon2id hash and a mailbox call",
        goal: "a hash and an fsync",
        unit: Unit::Time,
    };
    let mut load = None;
    let ours = |_: &Hashing, times| {
        let connect = || Load::new(server.child.address, 1, sign_in_request());
        load.get_or_insert_with(connect).run(&server.child, times)
    };
    compare(&mut group, "sign-in", &line, &hashing, ours, Hashing::hash);
    group.finish();
}

/// The service alone, with nobody in its store.
struct Hashing {
    runtime: Runtime,
    client: Client<Contract>,
}

impl Hashing {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.expect("threads can be started");
        let settings = Settings::default();
        let resources = Resources::new(
            open_memory_store(1).expect("memory has no errors"),
            Arc::new(settings.hashers().expect("threads can be started")),
            Arc::new(SecretKey::new([7; 32])),
            Clock::System,
            rand::make_rng(),
        );
        let client = runtime.block_on(async {
            let service = Authentication::new(settings, resources).await;
            let [local, _bytes] = harness::both_ways(service.expect("the store is empty"));
            local.client
        });
        Self { runtime, client }
    }

    fn hash(&self, times: u64) -> Took {
        let (began, used) = (Instant::now(), own_cpu());
        for _ in 0..times {
            let context = Context::new(RequestId(1), Caller::Anonymous, Duration::from_secs(25));
            let (username, password) = ("nobody".to_owned(), Secret::new(PASSWORD));
            // Who has no address is this machine, which may guess as often as it likes.
            let guess = SignIn { username, password, origin: Origin::default() };
            let refused = self.runtime.block_on(self.client.call(&context, guess));
            let wrong = CallError::Refused(AuthenticationError::WrongPassword);
            assert_eq!(refused.err(), Some(wrong), "the store is empty");
        }
        Took { units: times, wall: began.elapsed(), cpu: Some(own_cpu().saturating_sub(used)) }
    }
}
