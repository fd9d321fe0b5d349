//! Device keys that apps show with a name.

use hexachord_contracts::{
    Context,
    authentication::{
        AuthenticationError, CreateDeviceKey, CredentialId, DeviceProof, IdentifyDevice, Identity,
        NewDeviceKey, ResetPassword, RevokeDeviceKey, Secret, UpdateAccount,
    },
};
use md5::{Digest, Md5};

use crate::{
    house::{
        Answer, House, PASSWORD, anonymous, as_account, both_ways, origin, refused, settings,
        system,
    },
    sign_in::held_up,
};

const NEAR: &str = "192.0.2.7";

async fn key(house: &House, who: &Context) -> NewDeviceKey {
    let call = CreateDeviceKey { label: "phone".to_owned(), account: None };
    house.ask(who, call).await.unwrap()
}

async fn shown(
    house: &House,
    username: &str,
    proof: DeviceProof,
    address: &str,
) -> Answer<Identity> {
    let username = username.to_owned();
    house.ask(&anonymous(), IdentifyDevice { username, proof, origin: origin(address) }).await
}

fn plain(secret: &str) -> DeviceProof {
    DeviceProof::Secret(Secret::new(secret))
}

fn salted(secret: &str, salt: &str) -> DeviceProof {
    let digest = Md5::digest(format!("{secret}{salt}")).into();
    let token = format!("{:032x}", u128::from_be_bytes(digest));
    DeviceProof::Salted { token: Secret::new(token), salt: Secret::new(salt) }
}

#[tokio::test]
async fn a_key_opens_as_it_is_and_salted_until_it_is_revoked() {
    both_ways(settings(), async |house| {
        let anna = house.listener("Anna").await;
        let me = as_account(&anna);
        let (phone, car) = (key(&house, &me).await, key(&house, &me).await);
        for key in [&phone, &car] {
            let secret = key.secret.reveal();
            for proof in [plain(secret), salted(secret, "c19b2d"), salted(secret, "")] {
                let identity = shown(&house, "anna", proof, NEAR).await.unwrap();
                assert_eq!(identity.account.id, anna.id);
                assert_eq!(identity.credential, CredentialId::DeviceKey(key.id));
            }
        }
        let (secret, longest) = (car.secret.reveal(), "s".repeat(256));
        shown(&house, "anna", salted(secret, &longest), NEAR).await.unwrap();
        let longer = shown(&house, "anna", salted(secret, &(longest + "s")), NEAR).await;
        assert_eq!(refused(longer), AuthenticationError::DeviceKeyNeeded);
        house.ask(&me, RevokeDeviceKey { key: phone.id }).await.unwrap();
        let secret = phone.secret.reveal();
        let gone = refused(shown(&house, "anna", plain(secret), NEAR).await);
        assert_eq!(gone, AuthenticationError::WrongPassword);
        let gone = refused(shown(&house, "anna", salted(secret, "s"), NEAR).await);
        assert_eq!(gone, AuthenticationError::DeviceKeyNeeded);
        shown(&house, "anna", salted(car.secret.reveal(), "s"), NEAR).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_key_is_its_owners_alone_and_of_no_use_while_the_account_is_disabled() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        house.listener("berta").await;
        let phone = key(&house, &as_account(&anna)).await;
        let secret = phone.secret.reveal();
        for name in ["berta", "nobody", "", "a\nb"] {
            shown(&house, name, plain(secret), "").await.unwrap_err();
            shown(&house, name, salted(secret, "s"), "").await.unwrap_err();
        }
        let disabled =
            UpdateAccount { account: anna.id, role: None, libraries: None, enabled: Some(false) };
        house.ask(&system(), disabled).await.unwrap();
        shown(&house, "anna", plain(secret), "").await.unwrap_err();
        shown(&house, "anna", salted(secret, "s"), "").await.unwrap_err();
    })
    .await;
}

#[tokio::test]
async fn the_password_opens_nothing() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        key(&house, &as_account(&anna)).await;
        let right = refused(shown(&house, "anna", plain(PASSWORD), NEAR).await);
        assert_eq!(right, AuthenticationError::DeviceKeyNeeded);
        for (name, password) in [("anna", "wrong"), ("anna", ""), ("nobody", PASSWORD)] {
            let wrong = refused(shown(&house, name, plain(password), NEAR).await);
            assert_eq!(wrong, AuthenticationError::WrongPassword, "{name} {password}");
        }
        for name in ["anna", "nobody"] {
            // The same for a name that is not known, and for the hash of the salt alone.
            for secret in [PASSWORD, "wrong", ""] {
                let salted = shown(&house, name, salted(secret, "c19b2d"), "").await;
                assert_eq!(refused(salted), AuthenticationError::DeviceKeyNeeded, "{name}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn guesses_are_throttled_as_everywhere() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let phone = key(&house, &as_account(&anna)).await;
        let throttled = |error| matches!(error, AuthenticationError::Throttled { .. });
        for n in 0..6 {
            let error = refused(shown(&house, "anna", plain(&format!("guess {n}")), NEAR).await);
            assert_eq!(error, AuthenticationError::WrongPassword);
        }
        assert!(throttled(refused(shown(&house, "anna", plain("guess"), NEAR).await)));
        // Signing in is the same door.
        assert!(throttled(refused(house.try_password("anna", PASSWORD, NEAR).await)));
        for n in 0..6 {
            let error = refused(shown(&house, "anna", salted(&format!("{n}"), "s"), NEAR).await);
            assert_eq!(error, AuthenticationError::DeviceKeyNeeded);
        }
        assert!(throttled(refused(shown(&house, "anna", salted("x", "s"), NEAR).await)));
        // Who has a key is not guessing.
        shown(&house, "anna", salted(phone.secret.reveal(), "s"), NEAR).await.unwrap();
        shown(&house, "anna", plain(phone.secret.reveal()), NEAR).await.unwrap();
    })
    .await;
}

/// What takes time is done for every name and every password alike: one hash, on the threads for it.
#[tokio::test]
async fn every_wrong_password_is_hashed_and_no_wrong_key_is() {
    let wrong = [
        ("anna", "wrong password"),
        ("anna", ""),
        ("nobody", PASSWORD),
        ("nobody", ""),
        ("", ""),
        ("a/b", PASSWORD),
    ];
    for (way, (name, password)) in (0..2).flat_map(|way| wrong.map(|wrong| (way, wrong))) {
        let (house, release) = held_up(way).await;
        let mut waiting = std::pin::pin!(shown(&house, name, plain(password), ""));
        // The only place to wait in is taken by it.
        let error = tokio::select! {
            biased;
            early = &mut waiting => panic!("{name} {password}: {early:?}"),
            error = shown(&house, "nobody", plain("other"), "") => refused(error),
        };
        assert_eq!(error, AuthenticationError::Busy, "{name} {password}");
        for name in ["anna", "nobody"] {
            let key = refused(shown(&house, name, plain("hxk_wrong"), "").await);
            assert_eq!(key, AuthenticationError::WrongPassword, "{name}");
            for token in [salted("", "c19b2d"), salted("wrong", "c19b2d")] {
                let salted = refused(shown(&house, name, token, "").await);
                assert_eq!(salted, AuthenticationError::DeviceKeyNeeded, "{name}");
            }
        }
        drop(release);
        assert_eq!(refused(waiting.await), AuthenticationError::WrongPassword);
    }
}

#[tokio::test]
async fn an_app_with_an_old_password_closes_nobodys_door() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let berta = house.listener("berta").await;
        for _ in 0..50 {
            let wrong = refused(shown(&house, "anna", plain("her old one"), NEAR).await);
            assert_eq!(wrong, AuthenticationError::WrongPassword);
        }
        house.try_password("anna", PASSWORD, NEAR).await.unwrap();
        house.try_password("berta", PASSWORD, NEAR).await.unwrap();
        // Other guesses are counted, of this name and of others.
        for n in 0..5 {
            let wrong = shown(&house, "anna", plain(&format!("guess {n}")), NEAR).await;
            assert_eq!(refused(wrong), AuthenticationError::WrongPassword);
        }
        let throttled = refused(shown(&house, "berta", plain("her old one"), NEAR).await);
        assert!(matches!(throttled, AuthenticationError::Throttled { .. }), "{throttled:?}");
        let known = refused(shown(&house, "anna", plain("her old one"), NEAR).await);
        assert_eq!(known, AuthenticationError::WrongPassword, "which was said before");
        // What was wrong may become right.
        let once_wrong =
            async || refused(shown(&house, "berta", plain("once wrong"), "198.51.100.9").await);
        assert_eq!(once_wrong().await, AuthenticationError::WrongPassword);
        let reset = ResetPassword { account: berta.id, password: Secret::new("once wrong") };
        house.ask(&system(), reset).await.unwrap();
        assert_eq!(once_wrong().await, AuthenticationError::DeviceKeyNeeded);
    })
    .await;
}
