//! Whatever is done in whatever order: the books add up, and nobody has two subscriptions.

use std::collections::HashSet;

use hexachord_contracts::{
    CallError,
    ids::AccountId,
    page::Paging,
    payment::{
        CancelSubscription, CreatePlan, GetEntitlement, ListPlans, ListSubscriptions, PaymentState,
        Period, Plan, Provider, RefundPayment, SubscriptionState, SubscriptionUpdate, UpdatePlan,
        UpdateSubscription,
    },
};
use proptest::{prelude::*, sample::select, test_runner::RngSeed};

use crate::{
    house::{Answer, DAY, House, listener, money, new_plan, settings, system},
    plans::update,
};

/// Numbers stand for whatever there is at the time.
#[derive(Debug, Clone)]
enum Step {
    Create { name: u8, amount: i64, currency: &'static str, period: Period },
    Reprice { plan: usize, amount: i64, currency: &'static str },
    Archive { plan: usize, archived: bool },
    Subscribe { account: u64, plan: usize, provider: Provider },
    Cancel { account: u64 },
    Update { subscription: usize, to: SubscriptionUpdate },
    Settle { payment: usize, paid: bool },
    Refund { payment: usize },
    Pass { hours: u32 },
    Remove { account: u64 },
    Restart,
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => select(&[999, 102, 103, 104, 1][..]),
        1 => Just(1_000_000_000_000),
        1 => select(&[0, -1, i64::MAX, i64::MIN, 1_000_000_000_001][..]),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let currency = || select(&["EUR", "USD", "JPY", "XXX"][..]);
    let account = || 1_u64..5;
    let provider = select(&[Provider::Manual, Provider::Test][..]);
    let period = select(&[Period::Month, Period::Year][..]);
    let to = select(
        &[SubscriptionUpdate::Cancel, SubscriptionUpdate::Resume, SubscriptionUpdate::End][..],
    );
    let some = 0_usize..6;
    prop_oneof![
        2 => (0..4_u8, amount(), currency(), period)
            .prop_map(|(name, amount, currency, period)| Step::Create {
                name, amount, currency, period,
            }),
        1 => (some.clone(), amount(), currency())
            .prop_map(|(plan, amount, currency)| Step::Reprice { plan, amount, currency }),
        1 => (some.clone(), any::<bool>())
            .prop_map(|(plan, archived)| Step::Archive { plan, archived }),
        6 => (account(), some.clone(), provider)
            .prop_map(|(account, plan, provider)| Step::Subscribe { account, plan, provider }),
        1 => account().prop_map(|account| Step::Cancel { account }),
        1 => (some.clone(), to)
            .prop_map(|(subscription, to)| Step::Update { subscription, to }),
        6 => (some.clone(), prop::bool::weighted(0.8))
            .prop_map(|(payment, paid)| Step::Settle { payment, paid }),
        1 => some.prop_map(|payment| Step::Refund { payment }),
        5 => select(&[1, 24, 24 * 7, 24 * 30, 24 * 80, 24 * 400][..])
            .prop_map(|hours| Step::Pass { hours }),
        1 => account().prop_map(|account| Step::Remove { account }),
        1 => Just(Step::Restart),
    ]
}

async fn take(house: House, step: Step) -> House {
    let who = |account| listener(AccountId(account));
    let some_plan = async |n: usize| {
        let plans: Vec<Plan> = house.admin(ListPlans { archived: true }).await;
        plans.get(n).cloned()
    };
    match step {
        Step::Create { name, amount, currency, period } => {
            let call = new_plan(&format!("Plan {name}"), money(amount, currency));
            answered(&house.ask(&system(), CreatePlan { period, ..call }).await);
        }
        Step::Reprice { plan, amount, currency } => {
            if let Some(plan) = some_plan(plan).await {
                let price = Some(money(amount, currency));
                answered(&house.ask(&system(), UpdatePlan { price, ..update(plan.id) }).await);
            }
        }
        Step::Archive { plan, archived } => {
            if let Some(plan) = some_plan(plan).await {
                let archived = Some(archived);
                answered(&house.ask(&system(), UpdatePlan { archived, ..update(plan.id) }).await);
            }
        }
        Step::Subscribe { account, plan, provider } => {
            if let Some(plan) = some_plan(plan).await {
                house.accounts.add(AccountId(account));
                answered(&house.subscribe(AccountId(account), plan.id, provider).await);
            }
        }
        Step::Cancel { account } => {
            answered(&house.ask(&who(account), CancelSubscription {}).await);
        }
        Step::Update { subscription, to } => {
            let call = ListSubscriptions { state: None, paging: Paging::first(500) };
            if let Some(found) = house.admin(call).await.items.get(subscription) {
                let call = UpdateSubscription { subscription: found.id, to };
                answered(&house.ask(&system(), call).await);
            }
        }
        Step::Settle { payment, paid } => {
            if let Some(found) = house.payments().await.get(payment) {
                answered(&house.settle(found.id, paid).await);
            }
        }
        Step::Refund { payment } => {
            if let Some(found) = house.payments().await.get(payment) {
                answered(&house.ask(&system(), RefundPayment { payment: found.id }).await);
            }
        }
        Step::Pass { hours } => house.clock.advance(DAY * hours / 24),
        Step::Remove { account } => {
            house.accounts.remove(AccountId(account));
            house.accounts.caught_up().await;
            assert_eq!(house.subscription(AccountId(account)).await, None);
        }
        Step::Restart => return house.reborn().await,
    }
    house
}

/// Done or refused, but never failed.
fn answered<T: std::fmt::Debug>(answer: &Answer<T>) {
    assert!(matches!(answer, Ok(_) | Err(CallError::Refused(_))), "{answer:?}");
}

/// What must be true at any time.
async fn check(house: &House) {
    house.checked_books().await;
    let call = ListSubscriptions { state: None, paging: Paging::first(500) };
    let subscriptions = house.admin(call).await.items;
    let live: Vec<_> =
        subscriptions.iter().filter(|one| one.state != SubscriptionState::Ended).collect();
    let accounts: HashSet<_> = live.iter().map(|one| one.account).collect();
    assert_eq!(accounts.len(), live.len(), "at most one subscription of an account");
    let awaited: HashSet<_> =
        subscriptions.iter().filter_map(|one| Some(one.open_payment.as_ref()?.id)).collect();
    let payments = house.payments().await;
    let open = payments.iter().filter(|one| one.state == PaymentState::Open);
    assert_eq!(open.map(|one| one.id).collect::<HashSet<_>>(), awaited);
    for one in &subscriptions {
        let waits = matches!(one.state, SubscriptionState::Pending | SubscriptionState::PastDue);
        assert_eq!(one.open_payment.is_some(), waits, "{one:?}");
    }
    let plans = house.admin(ListPlans { archived: false }).await;
    let free = plans.iter().filter(|plan| plan.free).count();
    assert_eq!(free, usize::from(!plans.is_empty()), "one free plan, if there is any");
    for account in 1..5 {
        let who = listener(AccountId(account));
        let by = house.ask(&who, GetEntitlement {}).await.unwrap().plan.map(|plan| plan.id);
        let live = live.iter().find(|one| one.account == AccountId(account));
        let has_plan = live.filter(|one| one.state != SubscriptionState::Pending);
        let expected = plans.first().map(|free| has_plan.map_or(free.id, |one| one.plan.id));
        assert_eq!(by, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_books_always_add_up(
        way in 0..2_usize,
        steps in proptest::collection::vec(step(), 1..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut house = House::inhabited(settings(), way).await;
            for step in steps {
                house = take(house, step).await;
                check(&house).await;
            }
            let reread = house.reborn().await;
            check(&reread).await;
        });
    }
}
