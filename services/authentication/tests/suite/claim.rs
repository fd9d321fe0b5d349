//! The first administrator.

use hexachord_contracts::{
    LibraryAccess, Role,
    authentication::{AuthenticationError, Claim, IssueClaim, Secret},
};

use crate::house::{
    House, PASSWORD, anonymous, as_account, both_ways, invalid_field, origin, refused, settings,
    system,
};

fn claim(code: &Secret, username: &str) -> Claim {
    Claim {
        code: code.clone(),
        username: username.to_owned(),
        password: Secret::new(PASSWORD),
        origin: origin("192.0.2.7"),
    }
}

async fn issue(house: &House) -> Secret {
    house.ask(&system(), IssueClaim {}).await.unwrap().unwrap().code
}

#[tokio::test]
async fn a_claim_makes_the_administrator_once() {
    both_ways(settings(), async |house| {
        let code = issue(&house).await;
        assert_eq!(code.reveal().split('-').count(), 8);
        let made = house.ask(&anonymous(), claim(&code, "Root")).await.unwrap();
        assert_eq!(made.account.role, Role::Administrator);
        assert_eq!(made.account.libraries, LibraryAccess::All);
        house.identify(&made.token).await.unwrap();
        let again = refused(house.ask(&anonymous(), claim(&code, "other")).await);
        assert_eq!(again, AuthenticationError::InvalidClaim);
        assert_eq!(house.ask(&system(), IssueClaim {}).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn of_two_claims_at_once_one_wins() {
    both_ways(settings(), async |house| {
        let code = issue(&house).await;
        let who = anonymous();
        let (one, other) = tokio::join!(
            house.ask(&who, claim(&code, "one")),
            house.ask(&who, claim(&code, "other"))
        );
        assert!(one.is_ok() != other.is_ok());
        let loser = refused(if one.is_ok() { other } else { one });
        assert_eq!(loser, AuthenticationError::InvalidClaim);
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_code_is_valid_and_a_mistake_does_not_use_it_up() {
    both_ways(settings(), async |house| {
        house.listener("anna").await;
        let old = issue(&house).await;
        let code = issue(&house).await;
        for wrong in [&old, &Secret::new(""), &Secret::new("0000-0000")] {
            let error = refused(house.ask(&anonymous(), claim(wrong, "root")).await);
            assert_eq!(error, AuthenticationError::InvalidClaim);
        }
        let bad_name = house.ask(&anonymous(), claim(&code, " ")).await;
        assert_eq!(invalid_field(bad_name), "username");
        let taken = refused(house.ask(&anonymous(), claim(&code, "anna")).await);
        assert_eq!(taken, AuthenticationError::UsernameTaken("anna".to_owned()));
        let careless = Secret::new(format!(" {} ", code.reveal().to_lowercase()));
        house.ask(&anonymous(), claim(&careless, "root")).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_code_is_worthless_once_there_is_an_administrator() {
    both_ways(settings(), async |house| {
        let code = issue(&house).await;
        house.administrator("root").await;
        let error = refused(house.ask(&anonymous(), claim(&code, "other")).await);
        assert_eq!(error, AuthenticationError::InvalidClaim);
    })
    .await;
}

#[tokio::test]
async fn only_the_program_issues_codes() {
    both_ways(settings(), async |house| {
        let unclaimed = refused(house.ask(&anonymous(), IssueClaim {}).await);
        assert_eq!(unclaimed, AuthenticationError::Forbidden);
        let error = refused(house.ask(&anonymous(), claim(&Secret::new(""), "root")).await);
        assert_eq!(error, AuthenticationError::InvalidClaim, "none was issued");
        let root = house.administrator("root").await;
        let error = refused(house.ask(&as_account(&root), IssueClaim {}).await);
        assert_eq!(error, AuthenticationError::Forbidden);
    })
    .await;
}
