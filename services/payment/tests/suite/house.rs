//! A service under test with everything it needs, and the calls that most tests begin with.

use std::{collections::BTreeMap, future::Future, path::Path, sync::Arc, time::Duration};

use hexachord_contracts::{
    Call, CallError, Caller, Client, Clock, Context, LibraryAccess, RequestId, Role, Timestamp,
    harness,
    ids::{AccountId, PaymentId, PlanId},
    page::{Page, Paging},
    payment::{
        Balance, CreatePlan, Entitlements, GetBalances, GetEntitlement, GetLedger, GetSubscription,
        JournalEntry, ListPayments, Money, Payment as Shown, PaymentError, PaymentService, Period,
        Plan, Provider, SettlePayment, Subscribe, Subscription, SubscriptionState,
    },
};
use hexachord_payment::{Payment, Resources, Settings, open_memory_store, open_store};
use hexachord_storage::Store;
use rand::{SeedableRng, rngs::StdRng};

use crate::feed::Accounts;

/// Ends a test that hangs, and nothing else.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
pub(crate) const DAY: Duration = Duration::from_hours(24);
pub(crate) const MONTH: Duration = Duration::from_hours(30 * 24);
pub(crate) const ANNA: AccountId = AccountId(11);
pub(crate) const BERT: AccountId = AccountId(12);

pub(crate) type Answer<T> = Result<T, CallError<PaymentError>>;

pub(crate) struct House {
    pub(crate) way: usize,
    pub(crate) client: Client<PaymentService>,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) resources: Resources,
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) settings: Settings,
}

/// Both providers.
pub(crate) fn settings() -> Settings {
    Settings { providers: vec![Provider::Manual, Provider::Test], ..Settings::default() }
}

/// Runs `test` on a new house, in which Anna and Bert live, for each way to the service.
pub(crate) async fn both_ways<F: Future<Output = ()>>(
    settings: Settings,
    test: impl Fn(House) -> F,
) {
    for way in 0..2 {
        test(House::inhabited(settings.clone(), way).await).await;
    }
}

/// Runs `test` with a folder of its own for each way to the service.
pub(crate) async fn both_ways_on_disk<F: Future<Output = ()>>(
    test: impl Fn(usize, Arc<tempfile::TempDir>) -> F,
) {
    for way in 0..2 {
        test(way, Arc::new(tempfile::tempdir().unwrap())).await;
    }
}

pub(crate) fn clock() -> Clock {
    Clock::manual(Timestamp::from_millis(1_800_000_000_000))
}

impl House {
    pub(crate) async fn inhabited(settings: Settings, way: usize) -> Self {
        let accounts = Accounts::new();
        accounts.add(ANNA);
        accounts.add(BERT);
        let store = open_memory_store(1).unwrap();
        Self::at(clock(), settings, store, accounts, way).await
    }

    pub(crate) async fn on_disk(
        clock: &Clock,
        folder: &Path,
        accounts: &Arc<Accounts>,
        way: usize,
    ) -> Self {
        let store = open_store(&folder.join("payment.redb"), 1).unwrap();
        Self::at(clock.clone(), settings(), store, Arc::clone(accounts), way).await
    }

    async fn at(
        clock: Clock,
        settings: Settings,
        store: Store,
        accounts: Arc<Accounts>,
        way: usize,
    ) -> Self {
        // Another start makes other ids.
        let rng = StdRng::seed_from_u64(clock.now().as_millis().unsigned_abs());
        let resources = Resources::new(store.clone(), clock.clone(), rng);
        let client = incarnate(&settings, &resources, &accounts, way).await;
        accounts.caught_up().await;
        Self { way, client, clock, store, resources, accounts, settings }
    }

    /// Another incarnation on the same resources.
    pub(crate) async fn reborn(self) -> Self {
        let client = incarnate(&self.settings, &self.resources, &self.accounts, self.way).await;
        Self { client, ..self }
    }

    /// Ends the program in an orderly way.
    pub(crate) async fn close(self) {
        let Self { client, resources, .. } = self;
        drop(client);
        tokio::task::spawn_blocking(move || resources.close()).await.unwrap();
    }

    pub(crate) async fn ask<C: Call<To = PaymentService>>(
        &self,
        who: &Context,
        call: C,
    ) -> Answer<C::Reply> {
        self.client.call(who, call).await
    }

    /// Asks as the program; it must not be refused.
    pub(crate) async fn admin<C: Call<To = PaymentService>>(&self, call: C) -> C::Reply {
        self.ask(&system(), call).await.unwrap()
    }

    pub(crate) async fn plan(&self, name: &str, amount: i64) -> Plan {
        self.admin(new_plan(name, euros(amount))).await
    }

    pub(crate) async fn subscribe(
        &self,
        account: AccountId,
        plan: PlanId,
        provider: Provider,
    ) -> Answer<Subscription> {
        self.ask(&listener(account), Subscribe { plan, provider }).await
    }

    /// A manual subscription whose first period is paid; and the payment.
    pub(crate) async fn subscribed(
        &self,
        account: AccountId,
        plan: PlanId,
    ) -> (Subscription, Shown) {
        let pending = self.subscribe(account, plan, Provider::Manual).await.unwrap();
        let payment = self.settle(pending.open_payment.unwrap().id, true).await.unwrap();
        (self.subscription(account).await.unwrap(), payment)
    }

    pub(crate) async fn settle(&self, payment: PaymentId, paid: bool) -> Answer<Shown> {
        self.ask(&system(), SettlePayment { payment, paid }).await
    }

    pub(crate) async fn subscription(&self, account: AccountId) -> Option<Subscription> {
        self.ask(&listener(account), GetSubscription {}).await.unwrap()
    }

    pub(crate) async fn state(&self, account: AccountId) -> Option<SubscriptionState> {
        self.subscription(account).await.map(|subscription| subscription.state)
    }

    /// The payment that is awaited of an account.
    pub(crate) async fn open_payment(&self, account: AccountId) -> Shown {
        self.subscription(account).await.unwrap().open_payment.unwrap()
    }

    /// The name of the plan by which an account may do what it may.
    pub(crate) async fn entitled_by(&self, account: AccountId) -> Option<String> {
        let entitlement = self.ask(&listener(account), GetEntitlement {}).await.unwrap();
        entitlement.plan.map(|plan| plan.name)
    }

    pub(crate) async fn payments(&self) -> Vec<Shown> {
        let call = ListPayments { state: None, account: None, paging: Paging::first(500) };
        self.admin(call).await.items
    }

    /// The whole journal, oldest first.
    pub(crate) async fn journal(&self) -> Vec<JournalEntry> {
        let mut entries = Vec::new();
        let mut paging = Paging::first(100);
        loop {
            let Page { items, next_cursor } = self.admin(GetLedger { paging }).await;
            entries.extend(items);
            if next_cursor.is_none() {
                entries.reverse();
                return entries;
            }
            paging = Paging { limit: 100, cursor: next_cursor };
        }
    }

    /// What must always be true of the books; returns journal and balances.
    pub(crate) async fn checked_books(&self) -> (Vec<JournalEntry>, Vec<Balance>) {
        let journal = self.journal().await;
        let balances = self.admin(GetBalances {}).await;
        let mut replayed = BTreeMap::new();
        for (entry, number) in journal.iter().zip(1_u64..) {
            assert_eq!(entry.number, number, "numbers have no gaps");
            let mut sums = BTreeMap::new();
            for posting in &entry.postings {
                let Money { amount, currency } = posting.money;
                *sums.entry(currency).or_insert(0_i128) += i128::from(amount);
                *replayed.entry((posting.account, currency)).or_insert(0_i128) +=
                    i128::from(amount);
            }
            assert!(sums.values().all(|sum| *sum == 0), "{entry:?}");
        }
        let mut totals = BTreeMap::new();
        let mut known = BTreeMap::new();
        for Balance { account, money } in &balances {
            *totals.entry(money.currency).or_insert(0_i128) += i128::from(money.amount);
            known.insert((*account, money.currency), i128::from(money.amount));
        }
        assert!(totals.values().all(|sum| *sum == 0), "{totals:?}");
        assert_eq!(known, replayed, "the balances are what the journal says");
        assert_eq!(known.len(), balances.len(), "each balance stands once");
        (journal, balances)
    }
}

async fn incarnate(
    settings: &Settings,
    resources: &Resources,
    accounts: &Arc<Accounts>,
    way: usize,
) -> Client<PaymentService> {
    let service = Payment::new(settings.clone(), resources.clone(), accounts.client());
    let [mailbox, bytes] = harness::both_ways(service.await.unwrap());
    if way == 0 { mailbox.client } else { bytes.client }
}

pub(crate) fn system() -> Context {
    Context::system(Duration::from_secs(20))
}

pub(crate) fn anonymous() -> Context {
    Context::new(RequestId(1), Caller::Anonymous, Duration::from_secs(20))
}

pub(crate) fn listener(id: AccountId) -> Context {
    account(id, Role::Listener)
}

pub(crate) fn account(id: AccountId, role: Role) -> Context {
    let caller = Caller::Account { id, role, libraries: LibraryAccess::All };
    Context::new(RequestId(1), caller, Duration::from_secs(20))
}

pub(crate) fn euros(amount: i64) -> Money {
    money(amount, "EUR")
}

pub(crate) fn money(amount: i64, currency: &str) -> Money {
    Money { amount, currency: currency.parse().unwrap() }
}

/// A monthly plan with a bitrate that tells it from others.
pub(crate) fn new_plan(name: &str, price: Money) -> CreatePlan {
    CreatePlan {
        name: name.to_owned(),
        description: String::new(),
        price,
        period: Period::Month,
        entitlements: Entitlements {
            max_bitrate_kbps: Some(320),
            concurrent_streams: Some(2),
            downloads: false,
        },
    }
}

/// The service's own words when it said no.
pub(crate) fn refused<T: std::fmt::Debug>(answer: Answer<T>) -> PaymentError {
    match answer {
        Err(CallError::Refused(error)) => error,
        other => panic!("not refused: {other:?}"),
    }
}

pub(crate) fn not_found(what: &str) -> PaymentError {
    PaymentError::NotFound { what: what.to_owned() }
}

/// The field that a refusal names.
pub(crate) fn invalid_field<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    match refused(answer) {
        PaymentError::Invalid { field, .. } => field,
        other => panic!("another refusal: {other:?}"),
    }
}
