//! The throttle at every door of the service.

use std::time::Duration;

use hexachord_contracts::{
    LibraryAccess, Role,
    authentication::{
        AuthenticationError, ChangePassword, Claim, CreateInvite, IssueClaim, Register,
        ResetPassword, Secret,
    },
};

use crate::house::{
    Answer, House, PASSWORD, anonymous, as_account, both_ways, origin, refused, settings, system,
};

const ELSEWHERE: &str = "198.51.100.9";

fn throttled<T: std::fmt::Debug>(answer: Answer<T>) -> u64 {
    match refused(answer) {
        AuthenticationError::Throttled { retry_after_seconds } => retry_after_seconds,
        other => panic!("not throttled: {other:?}"),
    }
}

async fn fail_six_times(house: &House, username: &str, address: &str) {
    for _ in 0..6 {
        let error = refused(house.try_password(username, "wrong password", address).await);
        assert_eq!(error, AuthenticationError::WrongPassword);
    }
}

#[tokio::test]
async fn wrong_passwords_close_the_address_and_the_name_for_a_while() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        house.listener("berta").await;
        fail_six_times(&house, "anna", ELSEWHERE).await;
        let wait = throttled(house.try_password("ANNA", PASSWORD, ELSEWHERE).await);
        assert_eq!(wait, 1, "the right password, too: nothing was hashed");
        assert_eq!(throttled(house.try_password("berta", PASSWORD, ELSEWHERE).await), 1);
        assert_eq!(throttled(house.try_password("anna", PASSWORD, "192.0.2.7").await), 1);
        house.try_password("berta", PASSWORD, "192.0.2.7").await.unwrap();
        house.try_password("anna", PASSWORD, "").await.unwrap();
        house.clock.advance(Duration::from_secs(1));
        house.try_password("anna", PASSWORD, ELSEWHERE).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_unknown_name_is_throttled_like_any_other() {
    both_ways(settings(), async |house| {
        fail_six_times(&house, "nobody", "198.51.100.1").await;
        assert_eq!(throttled(house.try_password("nobody", PASSWORD, ELSEWHERE).await), 1);
    })
    .await;
}

#[tokio::test]
async fn the_owner_is_not_locked_out_for_long() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        for n in 0..60 {
            let address = format!("198.51.100.{n}");
            drop(house.try_password("anna", "wrong password", &address).await);
            house.clock.advance(Duration::from_secs(61));
        }
        drop(house.try_password("anna", "wrong password", "198.51.100.99").await);
        assert_eq!(throttled(house.try_password("anna", PASSWORD, "192.0.2.7").await), 60);
        house.clock.advance(Duration::from_mins(1));
        house.sign_in("anna").await;
    })
    .await;
}

#[tokio::test]
async fn many_at_once_gain_nothing() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let mut guesses = tokio::task::JoinSet::new();
        for n in 0..40 {
            let client = house.client.clone();
            guesses.spawn(async move {
                let call = hexachord_contracts::authentication::SignIn {
                    username: "anna".to_owned(),
                    password: Secret::new(format!("wrong password {n}")),
                    origin: origin(ELSEWHERE),
                };
                refused(client.call(&anonymous(), call).await)
            });
        }
        let answers = guesses.join_all().await;
        let looked_at = answers.iter().filter(|e| **e == AuthenticationError::WrongPassword);
        assert_eq!(looked_at.count(), 6);
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_is_set_locks_nobody_out_for_a_year() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        fail_six_times(&house, "anna", ELSEWHERE).await;
        let hexachord_contracts::Clock::Manual(millis) = &house.clock else { panic!("manual") };
        millis.fetch_sub(365 * 24 * 60 * 60 * 1000, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(throttled(house.try_password("anna", PASSWORD, ELSEWHERE).await), 1);
        house.clock.advance(Duration::from_secs(1));
        house.try_password("anna", PASSWORD, ELSEWHERE).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn codes_are_throttled_by_address() {
    both_ways(settings(), async |house| {
        let claim = |address: &str| Claim {
            code: Secret::new("0000-0000"),
            username: "anna".to_owned(),
            password: Secret::new(PASSWORD),
            origin: origin(address),
        };
        let register = |address: &str| Register {
            username: "anna".to_owned(),
            password: Secret::new(PASSWORD),
            invite: Some(Secret::new("0000-0000")),
            origin: origin(address),
        };
        house.ask(&system(), IssueClaim {}).await.unwrap();
        for _ in 0..3 {
            let error = refused(house.ask(&anonymous(), claim(ELSEWHERE)).await);
            assert_eq!(error, AuthenticationError::InvalidClaim);
            let error = refused(house.ask(&anonymous(), register(ELSEWHERE)).await);
            assert_eq!(error, AuthenticationError::InvalidInvite);
        }
        assert_eq!(throttled(house.ask(&anonymous(), claim(ELSEWHERE)).await), 1);
        assert_eq!(throttled(house.ask(&anonymous(), register(ELSEWHERE)).await), 1);
        assert_eq!(throttled(house.try_password("anna", PASSWORD, ELSEWHERE).await), 1);
        refused(house.ask(&anonymous(), claim("192.0.2.7")).await);
    })
    .await;
}

fn register(username: &str) -> Register {
    Register {
        username: username.to_owned(),
        password: Secret::new(PASSWORD),
        invite: None,
        origin: origin(ELSEWHERE),
    }
}

#[tokio::test]
async fn taken_names_cannot_be_listed() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        for _ in 0..6 {
            let error = refused(house.ask(&anonymous(), register("anna")).await);
            assert_eq!(error, AuthenticationError::UsernameTaken("anna".to_owned()));
        }
        assert_eq!(throttled(house.ask(&anonymous(), register("anna")).await), 1);
        assert_eq!(throttled(house.ask(&anonymous(), register("berta")).await), 1);
    })
    .await;
}

#[tokio::test]
async fn accounts_cannot_be_made_without_end() {
    both_ways(settings(), async |house| {
        for n in 0..6 {
            house.ask(&anonymous(), register(&format!("anna{n}"))).await.unwrap();
        }
        assert_eq!(throttled(house.ask(&anonymous(), register("anna6")).await), 1);
        house.clock.advance(Duration::from_secs(1));
        house.ask(&anonymous(), register("anna6")).await.unwrap();
        assert_eq!(throttled(house.ask(&anonymous(), register("anna7")).await), 2);
    })
    .await;
}

#[tokio::test]
async fn with_invites_a_whole_household_comes_in() {
    both_ways(settings(), async |house| {
        for n in 0..12 {
            let invite = CreateInvite {
                role: Role::Listener,
                libraries: LibraryAccess::All,
                valid_seconds: None,
            };
            let code = house.ask(&system(), invite).await.unwrap().code;
            let call = Register { invite: Some(code), ..register(&format!("anna{n}")) };
            house.ask(&anonymous(), call).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn guessed_credentials_are_throttled_and_good_ones_never() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let good = house.sign_in("anna").await;
        for n in 0..6 {
            let guess = Secret::new(format!("hxs_{n}"));
            let error = refused(house.identify_from(&guess, ELSEWHERE).await);
            assert_eq!(error, AuthenticationError::InvalidCredential);
        }
        let guess = Secret::new("hxs_another");
        assert_eq!(throttled(house.identify_from(&guess, ELSEWHERE).await), 1);
        house.identify_from(&good.token, ELSEWHERE).await.unwrap();
        house.try_password("anna", PASSWORD, ELSEWHERE).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_stolen_session_cannot_guess_the_password() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let change = |current: &str| ChangePassword {
            current: Secret::new(current),
            new: Secret::new("battery staple"),
            keep: None,
            origin: origin(ELSEWHERE),
        };
        for _ in 0..6 {
            refused(house.ask(&as_account(&anna), change("wrong password")).await);
        }
        assert_eq!(throttled(house.ask(&as_account(&anna), change(PASSWORD)).await), 1);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_from_the_administrator_opens_the_name() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        fail_six_times(&house, "anna", ELSEWHERE).await;
        let reset = ResetPassword { account: anna.id, password: Secret::new(PASSWORD) };
        house.ask(&system(), reset).await.unwrap();
        house.sign_in("anna").await;
    })
    .await;
}
