//! An account that is gone leaves nothing: no row, and no trace in what was learned.

use std::{path::Path, time::Duration};

use hexachord_contracts::{ids::AccountId, profile::ProfileChange, recommendation::Reason};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableHandle};

use crate::house::{House, both_ways, ids};

/// As the store declares it.
const ANNOTATIONS: TableDefinition<'_, (u64, u8, u64), &[u8]> = TableDefinition::new("annotations");

/// The accounts with rows, and the names of all tables.
fn rows(store: &Path) -> (Vec<u64>, Vec<String>) {
    let database = Database::open(store).expect("the store was closed");
    let read = database.begin_read().expect("it can be read");
    let table = read.open_table(ANNOTATIONS).expect("something was told");
    let rows = table.iter().expect("it can be read");
    let mut accounts: Vec<u64> = rows.map(|row| row.expect("it can be read").0.value().0).collect();
    accounts.dedup();
    let tables = read.list_tables().expect("it can be read");
    let mut names: Vec<String> = tables.map(|table| table.name().to_owned()).collect();
    names.sort_unstable();
    (accounts, names)
}

#[tokio::test]
async fn no_row_and_no_influence_is_left() {
    both_ways(async |mut house| {
        house.two_groups();
        house.run().await;
        let before = house.trained().await;
        house.clock.advance(Duration::from_secs(1));
        for account in [3, 5, 7] {
            house.profile.forget(AccountId(account));
        }
        let after = house.known().await;
        assert_eq!((before.listeners, after.listeners), (12, 9));
        // Learned anew, from those who are left: as somebody would who never knew of them.
        let anew = house.until(|model| model.trained_at > before.trained_at).await;
        let newcomer = house.recommend(3, 5).await;
        assert!(newcomer.iter().all(|one| one.reason == Reason::NewInLibrary));
        let answers = answers(&house).await;
        house.close().await;

        let (accounts, tables) = rows(&house.store());
        assert_eq!(accounts, [2, 4, 6, 8, 9, 10, 11, 12, 13]);
        // Only annotations are about accounts.
        assert_eq!(
            tables,
            ["annotations", "cursors", "features", "meta", "model", "progress", "tracks"]
        );

        std::fs::remove_file(house.store()).unwrap();
        house.run().await;
        let fresh = house.trained().await;
        assert_eq!(fresh.quality, anew.quality);
        assert_eq!(self::answers(&house).await, answers);
    })
    .await;
}

async fn answers(house: &House) -> Vec<String> {
    let mut answers = Vec::new();
    for account in 2..14 {
        answers.push(format!("{:?}", house.recommend(account, 30).await));
    }
    answers
}

#[tokio::test]
async fn the_last_company_takes_the_factors_along() {
    both_ways(async |mut house| {
        house.two_groups();
        house.run().await;
        house.trained().await;
        for account in 3..14 {
            house.profile.forget(AccountId(account));
        }
        house.known().await;
        let model = house.until(|model| model.trained_at.is_none()).await;
        assert_eq!((model.listeners, model.factors, model.quality), (1, 0, None));
        let alone = house.recommend(2, 60).await;
        assert_eq!(ids(&alone).len(), 60);
        for one in alone {
            assert!(!matches!(one.reason, Reason::BecauseYouPlayed { .. }));
        }
        // Nothing of it is read again after a restart.
        house.close().await;
        house.run().await;
        assert_eq!(house.model().await.trained_at, None);
    })
    .await;
}

#[tokio::test]
async fn an_account_that_a_restored_profile_does_not_know_is_gone_too() {
    both_ways(async |mut house| {
        house.two_groups();
        house.run().await;
        let before = house.trained().await;
        house.clock.advance(Duration::from_secs(1));
        house.profile.start_over(
            |change| !matches!(change, ProfileChange::Annotation { account, .. } if account.0 == 2),
        );
        house.known().await;
        house.until(|model| model.trained_at > before.trained_at).await;
        house.close().await;
        assert!(!rows(&house.store()).0.contains(&2));
    })
    .await;
}
