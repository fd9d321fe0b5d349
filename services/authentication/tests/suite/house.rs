//! A service under test with everything it needs, and the calls that most tests begin with.

use std::{future::Future, path::Path, sync::Arc, time::Duration};

use hexachord_authentication::{
    Authentication, PasswordCost, Registration, Resources, SecretKey, Settings, open_memory_store,
    open_store,
};
use hexachord_contracts::{
    Call, CallError, Caller, Client, Clock, Context, LibraryAccess, RequestId, Role, Timestamp,
    authentication::{
        Account, Authentication as Contract, AuthenticationError, CreateAccount, Identify,
        Identity, Origin, Secret, SignIn, SignedIn,
    },
    harness,
};
use hexachord_storage::Store;
use rand::{SeedableRng, rngs::StdRng};

pub(crate) const PASSWORD: &str = "correct horse";
/// Ends a test that hangs, and nothing else.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
pub(crate) const DAY: Duration = Duration::from_hours(24);

pub(crate) type Answer<T> = Result<T, CallError<AuthenticationError>>;

pub(crate) struct House {
    pub(crate) way: usize,
    pub(crate) client: Client<Contract>,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) resources: Resources,
}

/// Quick hashes, open doors.
pub(crate) fn settings() -> Settings {
    Settings {
        registration: Registration::Open,
        password_cost: PasswordCost { memory_kib: 8, passes: 1 },
        ..Settings::default()
    }
}

/// Runs `test` on a new house for each way to the service.
pub(crate) async fn both_ways<F: Future<Output = ()>>(
    settings: Settings,
    test: impl Fn(House) -> F,
) {
    for way in 0..2 {
        let store = open_memory_store(1).unwrap();
        test(House::build(settings, store, way).await).await;
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

impl House {
    async fn build(settings: Settings, store: Store, way: usize) -> Self {
        let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
        Self::at(clock, settings, store, way).await
    }

    pub(crate) async fn at(clock: Clock, settings: Settings, store: Store, way: usize) -> Self {
        let key = Arc::new(SecretKey::new([7; 32]));
        let hashers = Arc::new(settings.hashers().unwrap());
        // Another start makes other secrets.
        let rng = StdRng::seed_from_u64(clock.now().as_millis().unsigned_abs());
        let resources = Resources::new(store.clone(), hashers, key, clock.clone(), rng);
        let client = Self::incarnate(settings, &resources, way).await;
        Self { way, client, clock, store, resources }
    }

    pub(crate) async fn on_disk(clock: &Clock, folder: &Path, way: usize) -> Self {
        let store = open_store(&folder.join("authentication.redb"), 1).unwrap();
        Self::at(clock.clone(), settings(), store, way).await
    }

    pub(crate) async fn incarnate(
        settings: Settings,
        resources: &Resources,
        way: usize,
    ) -> Client<Contract> {
        let service = Authentication::new(settings, resources.clone()).await.unwrap();
        let [mailbox, bytes] = harness::both_ways(service);
        if way == 0 { mailbox.client } else { bytes.client }
    }

    /// Ends the program in an orderly way.
    pub(crate) async fn close(self) {
        let Self { client, resources, .. } = self;
        drop(client);
        tokio::task::spawn_blocking(move || resources.close()).await.unwrap();
    }

    pub(crate) async fn ask<C: Call<To = Contract>>(
        &self,
        who: &Context,
        call: C,
    ) -> Answer<C::Reply> {
        self.client.call(who, call).await
    }

    /// Makes an account.
    pub(crate) async fn account(&self, username: &str, role: Role) -> Account {
        let call = CreateAccount {
            username: username.to_owned(),
            password: Secret::new(PASSWORD),
            role,
            libraries: LibraryAccess::All,
        };
        self.ask(&system(), call).await.unwrap()
    }

    pub(crate) async fn listener(&self, username: &str) -> Account {
        self.account(username, Role::Listener).await
    }

    pub(crate) async fn administrator(&self, username: &str) -> Account {
        self.account(username, Role::Administrator).await
    }

    pub(crate) async fn try_password(
        &self,
        username: &str,
        password: &str,
        address: &str,
    ) -> Answer<SignedIn> {
        let call = SignIn {
            username: username.to_owned(),
            password: Secret::new(password),
            origin: origin(address),
        };
        self.ask(&anonymous(), call).await
    }

    /// Signs in with the right password.
    pub(crate) async fn sign_in(&self, username: &str) -> SignedIn {
        self.try_password(username, PASSWORD, "192.0.2.7").await.unwrap()
    }

    pub(crate) async fn identify(&self, credential: &Secret) -> Answer<Identity> {
        self.identify_from(credential, "192.0.2.7").await
    }

    pub(crate) async fn identify_from(
        &self,
        credential: &Secret,
        address: &str,
    ) -> Answer<Identity> {
        let call = Identify { credential: credential.clone(), origin: origin(address) };
        self.ask(&anonymous(), call).await
    }
}

pub(crate) fn origin(address: &str) -> Origin {
    Origin { address: address.to_owned(), agent: "suite/1".to_owned() }
}

pub(crate) fn system() -> Context {
    Context::system(Duration::from_secs(20))
}

pub(crate) fn anonymous() -> Context {
    Context::new(RequestId(1), Caller::Anonymous, Duration::from_secs(20))
}

pub(crate) fn as_account(account: &Account) -> Context {
    let Account { id, role, libraries, .. } = account.clone();
    Context::new(RequestId(1), Caller::Account { id, role, libraries }, Duration::from_secs(20))
}

/// The service's own words when it said no.
pub(crate) fn refused<T: std::fmt::Debug>(answer: Answer<T>) -> AuthenticationError {
    match answer {
        Err(CallError::Refused(error)) => error,
        other => panic!("not refused: {other:?}"),
    }
}

pub(crate) fn not_found(what: &str) -> AuthenticationError {
    AuthenticationError::NotFound { what: what.to_owned() }
}

/// The field that a refusal names.
pub(crate) fn invalid_field<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    match refused(answer) {
        AuthenticationError::Invalid { field, .. } => field,
        other => panic!("another refusal: {other:?}"),
    }
}

/// Waits for a commit after the last one that was seen; one that does not come fails the test.
pub(crate) async fn committed(commits: &mut tokio::sync::watch::Receiver<u64>) {
    tokio::time::timeout(PATIENCE, commits.changed()).await.unwrap().unwrap();
}
