//! Making an account for oneself: open, with an invite, or not at all.

use std::{sync::Arc, time::Duration};

use hexachord_authentication::{Registration, Settings};
use hexachord_contracts::{
    LibraryAccess, Role,
    authentication::{
        AuthenticationError, CreateInvite, ListInvites, NewInvite, Register, RemoveAccount,
        RevokeInvite, Secret,
    },
    ids::{InviteId, LibraryId},
};

use crate::house::{
    DAY, House, PASSWORD, anonymous, as_account, both_ways, invalid_field, not_found, origin,
    refused, settings, system,
};

fn register(username: &str, invite: Option<&Secret>) -> Register {
    Register {
        username: username.to_owned(),
        password: Secret::new(PASSWORD),
        invite: invite.cloned(),
        origin: origin("192.0.2.7"),
    }
}

fn invite(valid_seconds: Option<u64>) -> CreateInvite {
    let libraries = LibraryAccess::Only(Arc::from([LibraryId(3), LibraryId(2), LibraryId(3)]));
    CreateInvite { role: Role::Administrator, libraries, valid_seconds }
}

async fn new_invite(house: &House) -> NewInvite {
    house.ask(&system(), invite(None)).await.unwrap()
}

fn with(registration: Registration) -> Settings {
    Settings { registration, ..settings() }
}

#[tokio::test]
async fn open_registration_makes_listeners() {
    both_ways(with(Registration::Open), async |house| {
        let blank = Secret::new(" ");
        for (name, invite) in [("Anna", None), ("Berta", Some(&blank))] {
            let made = house.ask(&anonymous(), register(name, invite)).await.unwrap();
            assert_eq!(made.account.role, Role::Listener);
            assert_eq!(made.account.libraries, LibraryAccess::All);
            assert_eq!(house.identify(&made.token).await.unwrap().account.username, name);
            house.sign_in(name).await;
        }
        let taken = refused(house.ask(&anonymous(), register("ANNA", None)).await);
        assert_eq!(taken, AuthenticationError::UsernameTaken("ANNA".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn bad_fields_are_named() {
    both_ways(settings(), async |house| {
        let bad_name = house.ask(&anonymous(), register("a/b", None)).await;
        assert_eq!(invalid_field(bad_name), "username");
        let short = Register { password: Secret::new("1234567"), ..register("anna", None) };
        assert_eq!(invalid_field(house.ask(&anonymous(), short).await), "password");
    })
    .await;
}

#[tokio::test]
async fn registration_by_invite_wants_one() {
    both_ways(with(Registration::Invite), async |house| {
        let error = refused(house.ask(&anonymous(), register("anna", None)).await);
        assert_eq!(error, AuthenticationError::InviteNeeded);
        let made = new_invite(&house).await;
        let careless = Secret::new(made.code.reveal().to_lowercase().replace('-', " "));
        let anna = house.ask(&anonymous(), register("anna", Some(&careless))).await.unwrap();
        assert_eq!(anna.account.role, Role::Administrator);
        let libraries = LibraryAccess::Only(Arc::from([LibraryId(2), LibraryId(3)]));
        assert_eq!(anna.account.libraries, libraries);
    })
    .await;
}

#[tokio::test]
async fn closed_registration_is_closed_with_an_invite_too() {
    both_ways(with(Registration::Closed), async |house| {
        let made = new_invite(&house).await;
        for invite in [None, Some(&made.code)] {
            let error = refused(house.ask(&anonymous(), register("anna", invite)).await);
            assert_eq!(error, AuthenticationError::RegistrationClosed);
        }
    })
    .await;
}

#[tokio::test]
async fn an_invite_decides_role_and_libraries_where_registration_is_open() {
    both_ways(with(Registration::Open), async |house| {
        let made = new_invite(&house).await;
        let anna = house.ask(&anonymous(), register("anna", Some(&made.code))).await.unwrap();
        assert_eq!(anna.account.role, Role::Administrator);
        assert_eq!(anna.account.libraries, made.invite.libraries);
    })
    .await;
}

#[tokio::test]
async fn an_invite_works_once_even_for_many_at_once() {
    both_ways(with(Registration::Invite), async |house| {
        let made = new_invite(&house).await;
        let mut all = tokio::task::JoinSet::new();
        for n in 0..5 {
            let (client, code) = (house.client.clone(), made.code.clone());
            all.spawn(async move {
                let call = register(&format!("anna{n}"), Some(&code));
                client.call(&anonymous(), call).await
            });
        }
        let (made_it, rest): (Vec<_>, Vec<_>) =
            all.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((made_it.len(), rest.len()), (1, 4));
        for answer in rest {
            assert_eq!(refused(answer), AuthenticationError::InvalidInvite);
        }
        let listed = house.ask(&system(), ListInvites {}).await.unwrap();
        let winner = made_it.into_iter().next().unwrap().unwrap().account;
        assert_eq!(listed[0].used_by, Some(winner.id));
    })
    .await;
}

#[tokio::test]
async fn one_name_is_given_once_even_to_many_at_once() {
    both_ways(with(Registration::Open), async |house| {
        let mut all = tokio::task::JoinSet::new();
        for name in ["anna", "Anna", "ANNA", " anna"] {
            let client = house.client.clone();
            all.spawn(async move { client.call(&anonymous(), register(name, None)).await });
        }
        let (made_it, rest): (Vec<_>, Vec<_>) =
            all.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((made_it.len(), rest.len()), (1, 3));
        for answer in rest {
            assert!(matches!(refused(answer), AuthenticationError::UsernameTaken(_)));
        }
    })
    .await;
}

#[tokio::test]
async fn a_refused_name_does_not_use_the_invite_up() {
    both_ways(with(Registration::Invite), async |house| {
        house.listener("anna").await;
        let made = new_invite(&house).await;
        let error = refused(house.ask(&anonymous(), register("anna", Some(&made.code))).await);
        assert_eq!(error, AuthenticationError::UsernameTaken("anna".to_owned()));
        house.ask(&anonymous(), register("berta", Some(&made.code))).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn expired_revoked_and_unknown_invites_are_invalid() {
    both_ways(with(Registration::Invite), async |house| {
        let expired = house.ask(&system(), invite(Some(60))).await.unwrap();
        let week = new_invite(&house).await;
        let revoked = new_invite(&house).await;
        let revoke = || RevokeInvite { invite: revoked.invite.id };
        house.ask(&system(), revoke()).await.unwrap();
        house.clock.advance(Duration::from_mins(1));
        for code in [&expired.code, &revoked.code, &Secret::new("0000")] {
            let error = refused(house.ask(&anonymous(), register("anna", Some(code))).await);
            assert_eq!(error, AuthenticationError::InvalidInvite);
        }
        assert_eq!(refused(house.ask(&system(), revoke()).await), not_found("invite"));
        assert_eq!(week.invite.expires_at, week.invite.created_at.plus(7 * DAY));
        house.ask(&anonymous(), register("anna", Some(&week.code))).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn invites_are_the_administrators() {
    both_ways(with(Registration::Invite), async |house| {
        let administrator = house.administrator("root").await;
        let listener = house.listener("anna").await;
        for who in [anonymous(), as_account(&listener)] {
            let forbidden = AuthenticationError::Forbidden;
            assert_eq!(refused(house.ask(&who, invite(None)).await), forbidden);
            assert_eq!(refused(house.ask(&who, ListInvites {}).await), forbidden);
            let revoke = RevokeInvite { invite: InviteId(1) };
            assert_eq!(refused(house.ask(&who, revoke).await), forbidden);
        }
        let root = as_account(&administrator);
        for seconds in [0, 365 * 24 * 60 * 60 + 1] {
            let answer = house.ask(&root, invite(Some(seconds))).await;
            assert_eq!(invalid_field(answer), "valid_seconds");
        }
        let many: Vec<_> = (0..1001).map(LibraryId).collect();
        let many = CreateInvite { libraries: LibraryAccess::Only(many.into()), ..invite(None) };
        assert_eq!(invalid_field(house.ask(&root, many).await), "libraries");
        let older = house.ask(&root, invite(Some(60))).await.unwrap();
        house.clock.advance(Duration::from_secs(100));
        let newer = house.ask(&root, invite(None)).await.unwrap();
        let listed = house.ask(&root, ListInvites {}).await.unwrap();
        assert_eq!(listed, [newer.invite, older.invite], "newest first, the expired one too");
    })
    .await;
}

#[tokio::test]
async fn with_its_account_a_used_invite_goes() {
    both_ways(with(Registration::Invite), async |house| {
        house.administrator("root").await;
        let made = new_invite(&house).await;
        let anna = house.ask(&anonymous(), register("anna", Some(&made.code))).await.unwrap();
        house.ask(&system(), RemoveAccount { account: anna.account.id }).await.unwrap();
        assert_eq!(house.ask(&system(), ListInvites {}).await.unwrap(), []);
        let again = refused(house.ask(&anonymous(), register("anna", Some(&made.code))).await);
        assert_eq!(again, AuthenticationError::InvalidInvite);
    })
    .await;
}
