//! Sessions: lists, ends, limits of time, and clocks that are set.

use std::{sync::atomic::Ordering, time::Duration};

use hexachord_contracts::{
    Clock,
    authentication::{
        AuthenticationError, GetMe, ListDeviceKeys, ListSessions, RevokeOtherSessions,
        RevokeSession, SignOut,
    },
    ids::SessionId,
};

use crate::house::{
    DAY, House, anonymous, as_account, both_ways, not_found, refused, settings, system,
};

fn set_clock(house: &House, days: i64) {
    let Clock::Manual(millis) = &house.clock else { panic!("not a manual clock") };
    millis.fetch_add(days * 24 * 60 * 60 * 1000, Ordering::Relaxed);
}

#[tokio::test]
async fn sessions_are_listed_newest_first_and_revoked_one_by_one() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        house.listener("berta").await;
        let other = house.sign_in("berta").await;
        let mut all = Vec::new();
        for _ in 0..3 {
            house.clock.advance(Duration::from_mins(1));
            all.push(house.sign_in("anna").await);
        }
        house.clock.advance(Duration::from_mins(1));
        house.identify(&all[0].token).await.unwrap();
        let me = as_account(&anna);
        let list = ListSessions { current: Some(all[1].session) };
        let listed = house.ask(&me, list).await.unwrap();
        let ids: Vec<_> = listed.iter().map(|session| session.id).collect();
        assert_eq!(ids, [all[2].session, all[1].session, all[0].session]);
        let current: Vec<_> = listed.iter().map(|session| session.current).collect();
        assert_eq!(current, [false, true, false]);
        assert_eq!(listed[2].last_used_at, house.clock.now());
        assert_eq!(listed[1].last_used_at, listed[1].created_at);
        assert_eq!(listed[1].expires_at, all[1].expires_at);

        house.ask(&me, RevokeSession { session: all[0].session }).await.unwrap();
        let gone = refused(house.identify(&all[0].token).await);
        assert_eq!(gone, AuthenticationError::InvalidCredential);
        for session in [all[0].session, other.session, SessionId(1)] {
            let error = refused(house.ask(&me, RevokeSession { session }).await);
            assert_eq!(error, not_found("session"), "somebody else's, or nobody's");
            let error = refused(house.ask(&me, SignOut { session }).await);
            assert_eq!(error, not_found("session"));
        }
        let keep = Some(all[2].session);
        assert_eq!(house.ask(&me, RevokeOtherSessions { keep }).await.unwrap(), 1);
        house.identify(&all[2].token).await.unwrap();
        assert_eq!(house.ask(&me, RevokeOtherSessions { keep: None }).await.unwrap(), 1);
        refused(house.identify(&all[2].token).await);
        house.identify(&other.token).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_has_not_signed_in_has_no_sessions() {
    both_ways(settings(), async |house| {
        let expected = AuthenticationError::InvalidCredential;
        for who in [anonymous(), system()] {
            assert_eq!(refused(house.ask(&who, GetMe {}).await), expected);
            let list = ListSessions { current: None };
            assert_eq!(refused(house.ask(&who, list).await), expected);
            assert_eq!(refused(house.ask(&who, ListDeviceKeys {}).await), expected);
            let revoke = RevokeOtherSessions { keep: None };
            assert_eq!(refused(house.ask(&who, revoke).await), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let idle = house.sign_in("anna").await;
        let used = house.sign_in("anna").await;
        house.clock.advance(29 * DAY);
        let identity = house.identify(&used.token).await.unwrap();
        assert_eq!(identity.valid_until, Some(house.clock.now().plus(30 * DAY)));
        house.clock.advance(DAY);
        let error = refused(house.identify(&idle.token).await);
        assert_eq!(error, AuthenticationError::InvalidCredential);
        house.identify(&used.token).await.unwrap();
        let listed = house.ask(&as_account(&anna), ListSessions { current: None }).await.unwrap();
        assert_eq!(listed.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_however_much_it_is_used() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let session = house.sign_in("anna").await;
        for _ in 0..18 {
            house.clock.advance(20 * DAY);
            house.identify(&session.token).await.unwrap();
        }
        let identity = house.identify(&session.token).await.unwrap();
        assert_eq!(identity.valid_until, Some(session.expires_at), "the nearer of both limits");
        house.clock.advance(5 * DAY);
        let error = refused(house.identify(&session.token).await);
        assert_eq!(error, AuthenticationError::InvalidCredential);
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_is_set_signs_nobody_out() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let before = house.sign_in("anna").await;
        for days in [365, -365, -365, 365, -20_000, 20_000] {
            set_clock(&house, days);
            let meanwhile = house.sign_in("anna").await;
            house.identify(&before.token).await.unwrap();
            set_clock(&house, -days);
            house.identify(&before.token).await.unwrap();
            house.identify(&meanwhile.token).await.unwrap();
        }
        // The limits still hold.
        house.clock.advance(31 * DAY);
        refused(house.identify(&before.token).await);
    })
    .await;
}

#[tokio::test]
async fn an_account_has_a_hundred_sessions_at_most() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let first = house.sign_in("anna").await;
        let second = house.sign_in("anna").await;
        for _ in 0..98 {
            house.clock.advance(Duration::from_millis(5));
            house.sign_in("anna").await;
        }
        house.sign_in("anna").await;
        let listed = house.ask(&as_account(&anna), ListSessions { current: None }).await.unwrap();
        assert_eq!(listed.len(), 100);
        let outcome = (house.identify(&first.token).await, house.identify(&second.token).await);
        assert!(outcome.0.is_err() != outcome.1.is_err(), "one of the two oldest made room");
    })
    .await;
}
