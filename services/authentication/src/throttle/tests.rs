//! The throttle by itself: waits, forgiveness, bounds.

use super::*;

const HOME: &str = "192.0.2.1";

fn at(seconds: u64) -> Steady {
    Steady::default().plus(Duration::from_secs(3600 + seconds))
}

fn wrong(throttle: &Throttle, name: &str, address: &str, now: Steady) -> Option<u64> {
    match throttle.begin(Some(name), address, now) {
        Ok(attempt) => {
            attempt.settle::<()>(&Err(AuthenticationError::WrongPassword));
            None
        }
        Err(AuthenticationError::Throttled { retry_after_seconds }) => Some(retry_after_seconds),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn waits_double_up_to_a_minute_for_a_name_and_a_quarter_of_an_hour_for_an_address() {
    for (fixed_name, expected) in [
        (true, vec![1, 2, 4, 8, 16, 32, 60, 60]),
        (false, vec![1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]),
    ] {
        let throttle = Throttle::default();
        let mut clock = 0;
        let mut attempts = 0;
        let mut try_at = |clock| {
            attempts += 1;
            let (name, address) = if fixed_name {
                ("anna".to_owned(), format!("192.0.2.{attempts}"))
            } else {
                (format!("name{attempts}"), HOME.to_owned())
            };
            wrong(&throttle, &name, &address, at(clock))
        };
        for _ in 0..=FREE {
            assert_eq!(try_at(clock), None);
        }
        for wait in expected {
            assert_eq!(try_at(clock), Some(wait));
            clock += wait - 1;
            assert_eq!(try_at(clock), Some(1));
            clock += 1;
            assert_eq!(try_at(clock), None);
        }
    }
}

#[test]
fn many_at_once_gain_nothing() {
    let throttle = Throttle::default();
    let begin = || throttle.begin(Some("anna"), HOME, at(0));
    let under_way: Vec<_> = (0..=FREE).map(|_| begin().unwrap()).collect();
    assert!(begin().is_err());
    drop(under_way);
    assert!(begin().is_err(), "an attempt that was given up stays a failure");
}

#[test]
fn success_opens_the_name_and_takes_back_only_itself_at_the_address() {
    let throttle = Throttle::default();
    for n in 0..FREE {
        assert_eq!(wrong(&throttle, "anna", HOME, at(n.into())), None);
    }
    throttle.begin(Some("anna"), HOME, at(9)).unwrap().settle(&Ok(()));
    for n in 0..=FREE {
        let address = format!("192.0.2.{}", 100 + n);
        assert_eq!(wrong(&throttle, "anna", &address, at(10)), None, "the name is open");
    }
    assert_eq!(wrong(&throttle, "berta", HOME, at(10)), None);
    assert_eq!(wrong(&throttle, "clara", HOME, at(10)), Some(1), "the address is not");
}

#[test]
fn success_does_not_close_an_address_again() {
    let throttle = Throttle::default();
    for n in 0..FREE + 3 {
        let now = at(u64::from(n) * 100);
        assert_eq!(wrong(&throttle, &format!("name{n}"), HOME, now), None);
    }
    for _ in 0..3 {
        throttle.begin(Some("anna"), HOME, at(2_000)).unwrap().settle(&Ok(()));
    }
}

#[test]
fn what_is_no_wrong_secret_is_no_failure() {
    let throttle = Throttle::default();
    for _ in 0..50 {
        let attempt = throttle.begin(Some("anna"), HOME, at(0)).unwrap();
        attempt.settle::<()>(&Err(AuthenticationError::Busy));
    }
    assert_eq!(wrong(&throttle, "anna", HOME, at(0)), None);
}

#[test]
fn failures_are_forgiven_one_by_one() {
    let throttle = Throttle::default();
    for _ in 0..FREE {
        wrong(&throttle, "anna", HOME, at(0));
    }
    assert_eq!(wrong(&throttle, "anna", HOME, at(2 * 600)), None);
    for _ in 0..2 {
        assert_eq!(wrong(&throttle, "anna", HOME, at(2 * 600)), None);
    }
    assert_eq!(wrong(&throttle, "anna", HOME, at(2 * 600)), Some(1));
}

#[test]
fn the_command_line_is_exempt() {
    let throttle = Throttle::default();
    for _ in 0..50 {
        assert_eq!(wrong(&throttle, "anna", "", at(0)), None);
    }
    assert!(throttle.lock().is_empty());
}

#[test]
fn an_old_credential_that_is_sent_again_and_again_is_one_guess() {
    let throttle = Throttle::default();
    let guess = |n: u8| throttle.wrong_credential([n; 32], HOME, at(0));
    for _ in 0..50 {
        assert_eq!(guess(0), AuthenticationError::InvalidCredential);
    }
    for n in 1..=5 {
        assert_eq!(guess(n), AuthenticationError::InvalidCredential);
    }
    assert_eq!(guess(6), AuthenticationError::Throttled { retry_after_seconds: 1 });
    assert_eq!(guess(5), AuthenticationError::InvalidCredential);
    assert_eq!(wrong(&throttle, "anna", HOME, at(0)), None, "passwords are another door");
}

#[test]
fn players_that_take_turns_with_old_credentials_close_nothing() {
    let throttle = Throttle::default();
    let guess = |n: u8, seconds| throttle.wrong_credential([n; 32], HOME, at(seconds));
    let most = 8;
    // Apart in time, because each of them is counted once.
    for n in 0..most {
        assert_eq!(guess(n, u64::from(n) * 60), AuthenticationError::InvalidCredential);
    }
    for _ in 0..50 {
        for n in 0..most {
            assert_eq!(guess(n, 480), AuthenticationError::InvalidCredential);
        }
    }
    let throttled = |error| matches!(error, AuthenticationError::Throttled { .. });
    assert!(!throttled(guess(most, 480)), "the turns were not counted");
    assert!(throttled(guess(0, 480)), "the oldest made room and is a guess again");
    assert!(!throttled(guess(1, 480)));
}

#[test]
fn a_name_that_is_taken_is_a_failure() {
    let throttle = Throttle::default();
    for _ in 0..=FREE {
        let attempt = throttle.begin(None, HOME, at(0)).unwrap();
        attempt.settle::<()>(&Err(AuthenticationError::UsernameTaken("anna".to_owned())));
    }
    assert!(throttle.begin(None, HOME, at(0)).is_err());
}

#[test]
fn memory_is_bounded_and_the_worst_are_remembered() {
    let throttle = Throttle::default();
    for _ in 0..=FREE {
        wrong(&throttle, "anna", "198.51.100.1", at(0));
    }
    for n in 0..3 * MOST {
        let address = format!("10.{}.{}.{}", n >> 16, n >> 8 & 255, n & 255);
        wrong(&throttle, &format!("name{n}"), &address, at(0));
        assert!(throttle.lock().len() <= MOST);
    }
    assert_eq!(wrong(&throttle, "anna", "198.51.100.2", at(0)), Some(1));
}
