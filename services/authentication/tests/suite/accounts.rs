//! What administrators do, and what nobody may.

use std::sync::Arc;

use hexachord_contracts::{
    LibraryAccess, Role,
    authentication::{
        Account, AuthenticationError, CreateAccount, CreateDeviceKey, FindAccount, GetAccount,
        ListAccounts, ListDeviceKeys, RemoveAccount, ResetPassword, Secret, UpdateAccount,
    },
    ids::{AccountId, LibraryId},
    page::Paging,
};

use crate::house::{
    House, PASSWORD, anonymous, as_account, both_ways, invalid_field, not_found, refused, settings,
    system,
};

fn create(username: &str) -> CreateAccount {
    CreateAccount {
        username: username.to_owned(),
        password: Secret::new(PASSWORD),
        role: Role::Listener,
        libraries: LibraryAccess::All,
    }
}

fn update(account: &Account) -> UpdateAccount {
    UpdateAccount { account: account.id, role: None, libraries: None, enabled: None }
}

fn demote(account: &Account) -> UpdateAccount {
    UpdateAccount { role: Some(Role::Listener), ..update(account) }
}

fn disable(account: &Account) -> UpdateAccount {
    UpdateAccount { enabled: Some(false), ..update(account) }
}

fn remove(account: &Account) -> RemoveAccount {
    RemoveAccount { account: account.id }
}

fn reset(account: &Account, password: &str) -> ResetPassword {
    ResetPassword { account: account.id, password: Secret::new(password) }
}

fn list(limit: u32, cursor: Option<String>) -> ListAccounts {
    ListAccounts { paging: Paging { limit, cursor } }
}

async fn get(house: &House, account: &Account) -> Account {
    house.ask(&system(), GetAccount { account: account.id }).await.unwrap()
}

#[tokio::test]
async fn only_administrators_administer() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let other = house.listener("other").await;
        for who in [anonymous(), as_account(&anna)] {
            let find = FindAccount { username: "other".to_owned() };
            let key = CreateDeviceKey { label: "phone".to_owned(), account: Some(other.id) };
            let errors = [
                refused(house.ask(&who, create("new")).await),
                refused(house.ask(&who, list(10, None)).await),
                refused(house.ask(&who, GetAccount { account: other.id }).await),
                refused(house.ask(&who, find).await),
                refused(house.ask(&who, demote(&other)).await),
                refused(house.ask(&who, reset(&other, PASSWORD)).await),
                refused(house.ask(&who, remove(&other)).await),
                refused(house.ask(&who, key).await),
            ];
            assert!(errors.iter().all(|e| *e == AuthenticationError::Forbidden), "{errors:?}");
        }
        let root = as_account(&house.administrator("root").await);
        house.ask(&root, create("new")).await.unwrap();
        house.ask(&root, reset(&other, PASSWORD)).await.unwrap();
        house.ask(&root, remove(&other)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn accounts_are_found_and_listed_by_name() {
    both_ways(settings(), async |house| {
        for name in ["zoë", "Berta", "anna", "Ödön", "Clara"] {
            house.listener(name).await;
        }
        let anna = FindAccount { username: " ANNA".to_owned() };
        assert_eq!(house.ask(&system(), anna).await.unwrap().username, "anna");
        for nobody in ["ann", "a/b", ""] {
            let find = FindAccount { username: nobody.to_owned() };
            assert_eq!(refused(house.ask(&system(), find).await), not_found("account"));
        }
        let mut names = Vec::new();
        let mut sizes = Vec::new();
        let mut cursor = None;
        loop {
            let page = house.ask(&system(), list(2, cursor)).await.unwrap();
            sizes.push(page.items.len());
            names.extend(page.items.into_iter().map(|account| account.username));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(names, ["anna", "Berta", "Clara", "zoë", "Ödön"]);
        assert_eq!(sizes, [2, 2, 1]);
        let all = house.ask(&system(), list(5, None)).await.unwrap();
        assert_eq!((all.items.len(), all.next_cursor), (5, None));
    })
    .await;
}

#[tokio::test]
async fn bad_pages_and_fields_are_named() {
    both_ways(settings(), async |house| {
        for limit in [0, 501, u32::MAX] {
            assert_eq!(invalid_field(house.ask(&system(), list(limit, None)).await), "limit");
        }
        for cursor in ["", "x", "!!", "dHJhY2tzOmFiYw"] {
            let answer = house.ask(&system(), list(10, Some(cursor.to_owned()))).await;
            assert_eq!(invalid_field(answer), "cursor");
        }
        let answer = house.ask(&system(), create("")).await;
        assert_eq!(invalid_field(answer), "username");
        let short = CreateAccount { password: Secret::new("short"), ..create("anna") };
        assert_eq!(invalid_field(house.ask(&system(), short).await), "password");
        let anna = house.listener("anna").await;
        assert_eq!(invalid_field(house.ask(&system(), reset(&anna, "short")).await), "password");
        let taken = refused(house.ask(&system(), create("Anna")).await);
        assert_eq!(taken, AuthenticationError::UsernameTaken("Anna".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        assert_eq!(house.ask(&system(), update(&anna)).await.unwrap(), anna);
        let libraries = LibraryAccess::Only(Arc::from([LibraryId(9)]));
        let narrower = UpdateAccount { libraries: Some(libraries.clone()), ..update(&anna) };
        let changed = house.ask(&system(), narrower).await.unwrap();
        assert_eq!(changed, Account { libraries, ..anna.clone() });
        let role = Some(Role::Administrator);
        let promoted = house.ask(&system(), UpdateAccount { role, ..update(&anna) }).await;
        assert_eq!(promoted.unwrap(), Account { role: Role::Administrator, ..changed });
        let session = house.sign_in("anna").await;
        let identity = house.identify(&session.token).await.unwrap();
        assert_eq!(identity.account.role, Role::Administrator);
        house.clock.advance(std::time::Duration::from_secs(10));
        house.identify(&session.token).await.unwrap();
        house.ask(&system(), update(&anna)).await.unwrap();
        let seen = get(&house, &anna).await.last_seen_at;
        assert_eq!(seen, Some(house.clock.now()), "although it is not written yet");
        let nobody = UpdateAccount { account: AccountId(1), ..update(&anna) };
        assert_eq!(refused(house.ask(&system(), nobody).await), not_found("account"));
    })
    .await;
}

#[tokio::test]
async fn the_last_enabled_administrator_stays() {
    both_ways(settings(), async |house| {
        let root = house.administrator("root").await;
        let second = house.administrator("second").await;
        house.listener("anna").await;
        house.ask(&system(), disable(&second)).await.unwrap();
        let last = AuthenticationError::LastAdministrator;
        assert_eq!(refused(house.ask(&system(), demote(&root)).await), last);
        assert_eq!(refused(house.ask(&system(), disable(&root)).await), last);
        assert_eq!(refused(house.ask(&as_account(&root), remove(&root)).await), last);
        assert_eq!(get(&house, &root).await, root, "nothing of it was done");
        let enable = UpdateAccount { enabled: Some(true), ..update(&second) };
        house.ask(&system(), enable).await.unwrap();
        house.ask(&as_account(&root), remove(&root)).await.unwrap();
        assert_eq!(refused(house.ask(&system(), remove(&second)).await), last);
    })
    .await;
}

#[tokio::test]
async fn of_two_administrators_one_stays_whatever_happens_at_once() {
    for round in 0..4 {
        both_ways(settings(), async |house| {
            let one = house.administrator("one").await;
            let other = house.administrator("other").await;
            let who = system();
            let (first, second) = tokio::join!(
                async {
                    match round % 2 {
                        0 => house.ask(&who, demote(&one)).await.map(drop),
                        _ => house.ask(&who, remove(&one)).await,
                    }
                },
                async {
                    match round / 2 {
                        0 => house.ask(&who, disable(&other)).await.map(drop),
                        _ => house.ask(&who, remove(&other)).await,
                    }
                },
            );
            assert!(first.is_ok() != second.is_ok(), "{round}: {first:?} {second:?}");
            let loser = if first.is_ok() { second } else { first };
            assert_eq!(refused(loser), AuthenticationError::LastAdministrator);
        })
        .await;
    }
}

#[tokio::test]
async fn a_reset_ends_every_session_and_every_device_key() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let session = house.sign_in("anna").await;
        let key = CreateDeviceKey { label: "phone".to_owned(), account: Some(anna.id) };
        let key = house.ask(&system(), key).await.unwrap();
        house.ask(&system(), reset(&anna, "battery staple")).await.unwrap();
        for credential in [&session.token, &key.secret] {
            let error = refused(house.identify(credential).await);
            assert_eq!(error, AuthenticationError::InvalidCredential);
        }
        assert_eq!(house.ask(&as_account(&anna), ListDeviceKeys {}).await.unwrap(), []);
        refused(house.try_password("anna", PASSWORD, "").await);
        house.try_password("anna", "battery staple", "").await.unwrap();
        let nobody = ResetPassword { account: AccountId(1), password: Secret::new(PASSWORD) };
        assert_eq!(refused(house.ask(&system(), nobody).await), not_found("account"));
    })
    .await;
}

#[tokio::test]
async fn a_removed_account_takes_everything_with_it() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let session = house.sign_in("anna").await;
        let key = CreateDeviceKey { label: "phone".to_owned(), account: Some(anna.id) };
        let key = house.ask(&system(), key).await.unwrap();
        house.ask(&system(), remove(&anna)).await.unwrap();
        for credential in [&session.token, &key.secret] {
            let error = refused(house.identify(credential).await);
            assert_eq!(error, AuthenticationError::InvalidCredential);
        }
        let error = refused(house.try_password("anna", PASSWORD, "").await);
        assert_eq!(error, AuthenticationError::WrongPassword);
        let error = refused(house.ask(&system(), GetAccount { account: anna.id }).await);
        assert_eq!(error, not_found("account"));
        assert_eq!(refused(house.ask(&system(), remove(&anna)).await), not_found("account"));
        let again = house.listener("anna").await;
        assert_ne!(again.id, anna.id, "the name is free, the id is not used again");
    })
    .await;
}
