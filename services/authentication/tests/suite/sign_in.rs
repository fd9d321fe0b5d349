//! Signing in and out, and what a caller without the right password learns: nothing.

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use hexachord_authentication::{PasswordCost, Resources, SecretKey, Settings, open_memory_store};
use hexachord_contracts::{
    Clock, Pool, Role,
    authentication::{
        AuthenticationError, ChangePassword, CreateDeviceKey, CredentialId, FindAccount, GetMe,
        ListSessions, Origin, Secret, SignIn, SignOut, UpdateAccount,
    },
};
use rand::{SeedableRng, rngs::StdRng};

use crate::house::{
    DAY, House, PASSWORD, anonymous, as_account, both_ways, invalid_field, origin, refused,
    settings, system,
};

#[tokio::test]
async fn a_session_from_sign_in_to_sign_out() {
    both_ways(settings(), async |house| {
        let anna = house.listener("Anna").await;
        let signed_in = house.sign_in(" aNNA ").await;
        assert_eq!(signed_in.account.id, anna.id);
        assert_eq!(signed_in.account.username, "Anna");
        assert_eq!(signed_in.account.last_seen_at, Some(house.clock.now()));
        assert_eq!(signed_in.expires_at, house.clock.now().plus(365 * DAY));
        let token = signed_in.token.reveal();
        assert!(token.starts_with("hxs_") && token.len() == 47, "{token}");

        let identity = house.identify(&signed_in.token).await.unwrap();
        assert_eq!(identity.account.id, anna.id);
        assert_eq!(identity.credential, CredentialId::Session(signed_in.session));
        assert_eq!(identity.valid_until, Some(house.clock.now().plus(30 * DAY)));
        let me = house.ask(&as_account(&anna), GetMe {}).await.unwrap();
        assert_eq!(me, identity.account);

        let out = SignOut { session: signed_in.session };
        house.ask(&as_account(&anna), out).await.unwrap();
        let error = refused(house.identify(&signed_in.token).await);
        assert_eq!(error, AuthenticationError::InvalidCredential);
    })
    .await;
}

#[tokio::test]
async fn every_sign_in_is_a_session_of_its_own() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let (one, other) = tokio::join!(house.sign_in("anna"), house.sign_in("anna"));
        assert_ne!(one.token, other.token);
        assert_ne!(one.session, other.session);
        house.identify(&one.token).await.unwrap();
        house.identify(&other.token).await.unwrap();
    })
    .await;
}

/// Everything but the right password of an enabled account, as (username, password).
const WRONG: [(&str, &str); 7] = [
    ("anna", "wrong password"),
    ("anna", ""),
    ("nobody", PASSWORD),
    ("disabled", PASSWORD),
    ("", PASSWORD),
    ("a/b", PASSWORD),
    ("anna\u{202e}", PASSWORD),
];

async fn with_a_disabled_account(house: &House) {
    house.listener("anna").await;
    let disabled = house.listener("disabled").await;
    let call =
        UpdateAccount { account: disabled.id, role: None, libraries: None, enabled: Some(false) };
    house.ask(&system(), call).await.unwrap();
}

#[tokio::test]
async fn the_answer_is_the_same_whatever_is_wrong() {
    both_ways(settings(), async |house| {
        with_a_disabled_account(&house).await;
        let long = "x".repeat(100_000);
        for (name, password) in WRONG.into_iter().chain([("anna", &*long), (&*long, PASSWORD)]) {
            let error = refused(house.try_password(name, password, "").await);
            assert_eq!(error, AuthenticationError::WrongPassword, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_answer_takes_as_long_whatever_is_wrong() {
    let cost = PasswordCost { memory_kib: 4096, passes: 1 };
    both_ways(Settings { password_cost: cost, ..settings() }, async |house| {
        with_a_disabled_account(&house).await;
        // The quickest of several is what the work itself takes; a busy machine needs more rounds.
        let mut quickest = [Duration::MAX; WRONG.len()];
        let alike = |times: &[Duration]| {
            let (least, most) = (times.iter().min().unwrap(), times.iter().max().unwrap());
            *most < *least * 3 / 2
        };
        for _ in 0..100 {
            for (best, (name, password)) in quickest.iter_mut().zip(WRONG) {
                let start = Instant::now();
                refused(house.try_password(name, password, "").await);
                *best = start.elapsed().min(*best);
            }
            if alike(&quickest) {
                return;
            }
        }
        panic!("{quickest:?} for {WRONG:?}");
    })
    .await;
}

#[tokio::test]
async fn a_changed_cost_is_applied_at_the_next_sign_in() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let dearer = PasswordCost { memory_kib: 64, passes: 2 };
        let dearer = Settings { password_cost: dearer, ..settings() };
        let client = House::incarnate(dearer, &house.resources, house.way).await;
        let house = House { client, ..house };
        let before = *house.store.commits().borrow();
        house.sign_in("anna").await;
        assert_eq!(*house.store.commits().borrow(), before + 1, "hash and session at once");
        house.sign_in("anna").await;
        // The stored hash has the new cost: it still verifies under the old settings.
        let client = House::incarnate(settings(), &house.resources, house.way).await;
        House { client, ..house }.sign_in("anna").await;
    })
    .await;
}

/// A house whose only hashing thread, with room for one waiting job, is held up.
pub(crate) async fn held_up(way: usize) -> (House, mpsc::Sender<()>) {
    let pool = Arc::new(Pool::new("test-hash", 1, 1).unwrap());
    let key = Arc::new(SecretKey::new([7; 32]));
    let rng = StdRng::seed_from_u64(1);
    let (store, clock) = (open_memory_store(1).unwrap(), Clock::default());
    let resources = Resources::new(store.clone(), Arc::clone(&pool), key, clock.clone(), rng);
    let client = House::incarnate(settings(), &resources, way).await;
    let house = House { way, client, clock, store, resources };
    house.listener("anna").await;
    let (release, wait) = mpsc::channel::<()>();
    let (begin, started) = mpsc::channel();
    let mut holding = tokio::task::JoinSet::new();
    holding.spawn(async move {
        let job = pool.run(move || {
            begin.send(()).unwrap();
            wait.recv().ok();
        });
        job.await.unwrap();
    });
    tokio::task::spawn_blocking(move || started.recv().unwrap()).await.unwrap();
    holding.detach_all();
    (house, release)
}

#[tokio::test]
async fn a_full_pool_is_busy_and_no_failure() {
    for way in 0..2 {
        let (house, release) = held_up(way).await;
        let sign_in = || house.try_password("anna", PASSWORD, "192.0.2.7");
        let mut waiting = std::pin::pin!(sign_in());
        for _ in 0..20 {
            let error = tokio::select! {
                biased;
                early = &mut waiting => panic!("{early:?}"),
                refused_at_once = sign_in() => refused(refused_at_once),
            };
            assert_eq!(error, AuthenticationError::Busy);
        }
        drop(release);
        waiting.await.unwrap();
        house.sign_in("anna").await;
    }
}

#[tokio::test]
async fn what_happens_while_a_password_is_verified_counts() {
    for way in 0..2 {
        let (house, release) = held_up(way).await;
        let find = FindAccount { username: "anna".to_owned() };
        let anna = house.ask(&system(), find).await.unwrap();
        let disable =
            UpdateAccount { account: anna.id, role: None, libraries: None, enabled: Some(false) };
        let waiting = house.try_password("anna", PASSWORD, "192.0.2.7");
        let disabling = async {
            house.ask(&system(), disable).await.unwrap();
            drop(release);
        };
        let (answer, ()) = tokio::join!(biased; waiting, disabling);
        assert_eq!(refused(answer), AuthenticationError::WrongPassword);
    }
}

#[tokio::test]
async fn what_a_client_says_of_itself_is_cut() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let origin = Origin { address: "2001:db8::1".to_owned(), agent: "ü".repeat(5000) };
        let (username, password) = ("anna".to_owned(), Secret::new(PASSWORD));
        house.ask(&anonymous(), SignIn { username, password, origin }).await.unwrap();
        let sessions = house.ask(&as_account(&anna), ListSessions { current: None }).await.unwrap();
        assert_eq!(sessions[0].origin.agent, "ü".repeat(200));
        assert_eq!(sessions[0].origin.address, "2001:db8::1");
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let here = house.sign_in("anna").await;
        let there = house.sign_in("anna").await;
        let change = |current: &str, new: &str| ChangePassword {
            current: Secret::new(current),
            new: Secret::new(new),
            keep: Some(here.session),
            origin: origin("192.0.2.7"),
        };
        let me = as_account(&anna);
        let wrong = refused(house.ask(&me, change("wrong horse", "battery staple")).await);
        assert_eq!(wrong, AuthenticationError::WrongPassword);
        assert_eq!(invalid_field(house.ask(&me, change(PASSWORD, "short")).await), "new");
        house.identify(&there.token).await.unwrap();

        house.ask(&me, change(PASSWORD, "battery staple")).await.unwrap();
        house.identify(&here.token).await.unwrap();
        let ended = refused(house.identify(&there.token).await);
        assert_eq!(ended, AuthenticationError::InvalidCredential);
        let old = refused(house.try_password("anna", PASSWORD, "").await);
        assert_eq!(old, AuthenticationError::WrongPassword);
        house.try_password("anna", "battery staple", "").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_disabled_account_can_do_nothing_and_keeps_its_device_keys() {
    both_ways(settings(), async |house| {
        let anna = house.account("anna", Role::Listener).await;
        let session = house.sign_in("anna").await;
        let set = |enabled| UpdateAccount {
            account: anna.id,
            role: None,
            libraries: None,
            enabled: Some(enabled),
        };
        let key = CreateDeviceKey { label: "phone".to_owned(), account: None };
        let key = house.ask(&as_account(&anna), key).await.unwrap();
        house.ask(&system(), set(false)).await.unwrap();
        for credential in [&session.token, &key.secret] {
            let error = refused(house.identify(credential).await);
            assert_eq!(error, AuthenticationError::InvalidCredential);
        }
        let error = refused(house.ask(&as_account(&anna), GetMe {}).await);
        assert_eq!(error, AuthenticationError::InvalidCredential);
        house.ask(&system(), set(true)).await.unwrap();
        house.identify(&key.secret).await.unwrap();
        let error = refused(house.identify(&session.token).await);
        assert_eq!(error, AuthenticationError::InvalidCredential, "it does not revive");
        house.sign_in("anna").await;
    })
    .await;
}
