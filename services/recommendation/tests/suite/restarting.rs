//! Restarts, and stores that were lost.

use std::{fs, time::Duration};

use hexachord_contracts::{
    CallError,
    recommendation::{Recommend, Recommended},
};
use hexachord_recommendation::Resources;
use hexachord_storage::StoreError;

use crate::house::{House, both_ways, listener, track};

async fn answers(house: &House) -> Vec<Vec<Recommended>> {
    let mut answers = Vec::new();
    for account in [2, 3, 40] {
        answers.push(house.recommend(account, 40).await);
        answers.push(house.similar(account, account, 40).await);
    }
    answers
}

/// What lies beside the store, which would have rows of accounts too.
fn leftovers(house: &House) -> usize {
    let folder = house.store().parent().expect("it is in a folder").to_owned();
    fs::read_dir(folder).expect("it can be read").count() - 1
}

#[tokio::test]
async fn a_restart_answers_the_same_without_training() {
    both_ways(async |mut house| {
        house.two_groups();
        house.run().await;
        let model = house.trained().await;
        let before = answers(&house).await;
        house.close().await;
        let at_noon = house.clock.now();
        house.clock.advance(Duration::from_millis(5));
        house.run().await;
        assert_eq!(house.model().await, model, "trained at {at_noon}, and not again");
        assert_eq!(answers(&house).await, before);
        house.begin_again().await;
        house.known().await;
        assert_eq!(house.model().await, model);
        assert_eq!(answers(&house).await, before);
    })
    .await;
}

#[tokio::test]
async fn other_settings_train_anew() {
    both_ways(async |mut house| {
        house.two_groups();
        house.run().await;
        let model = house.trained().await;
        house.close().await;
        house.settings.factors = 3;
        house.run().await;
        let other = house.until(|now| now.factors != model.factors).await;
        assert_eq!(other.factors, 3);
    })
    .await;
}

#[tokio::test]
async fn a_store_that_is_lost_or_damaged_is_made_again() {
    both_ways(async |mut house| {
        house.two_groups();
        house.run().await;
        house.trained().await;
        let before = answers(&house).await;
        house.close().await;

        fs::remove_file(house.store()).unwrap();
        house.run().await;
        house.trained().await;
        assert_eq!(answers(&house).await, before, "after it was deleted");
        house.close().await;

        let whole = fs::read(house.store()).unwrap();
        let mut holes = whole.clone();
        for page in holes.chunks_mut(4096).skip(2) {
            page.fill(0x5a);
        }
        for content in [b"not a store".to_vec(), holes, whole[..whole.len() / 2].to_vec()] {
            fs::write(house.store(), &content).unwrap();
            house.run().await;
            house.trained().await;
            assert_eq!(answers(&house).await, before, "after {} bytes", content.len());
            assert_eq!(leftovers(&house), 0);
            house.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_store_of_another_schema_is_made_anew() {
    both_ways(async |mut house| {
        const META: redb::TableDefinition<'_, &str, u64> = redb::TableDefinition::new("meta");
        house.catalog.put(track(1, "x", 1, 1, &[], None));
        house.run().await;
        house.close().await;
        let database = redb::Database::open(house.store()).unwrap();
        let write = database.begin_write().unwrap();
        write.open_table(META).unwrap().insert("schema", 9).unwrap();
        write.commit().unwrap();
        drop(database);
        house.run().await;
        assert_eq!(house.model().await.tracks, 1);
        assert_eq!(leftovers(&house), 0);
    })
    .await;
}

#[tokio::test]
async fn a_store_in_use_is_an_error_and_stays() {
    both_ways(async |mut house| {
        house.run().await;
        let second = Resources::new(house.store(), house.clock.clone());
        assert!(matches!(second.err(), Some(StoreError::Locked { .. })));
        assert_eq!(house.model().await.tracks, 0);
    })
    .await;
}

#[tokio::test]
async fn after_the_end_nothing_is_answered_and_nothing_panics() {
    both_ways(async |mut house| {
        house.run().await;
        let resources = Resources::clone(house.resources());
        tokio::task::spawn_blocking(move || resources.close()).await.unwrap();
        let answer = house.ask(listener(1), Recommend { limit: 1 }).await;
        assert!(matches!(answer, Err(CallError::Refused(_))), "{answer:?}");
    })
    .await;
}
