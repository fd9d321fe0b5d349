//! Memory that a panic left half done.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hexachord_contracts::{Clock, Timestamp};

use super::*;
use crate::{Resources, als::Parameters};

fn somebody(account: u64) -> News<ProfileFact, (AccountId, ItemId)> {
    let row = AnnotationRow { plays: 1, last_played_at: None, favourite: false, rating: None };
    let item = ItemId::Track(TrackId(1));
    let facts = vec![ProfileFact::Annotation(AccountId(account), item, Some(row))];
    News { facts, only: None, cursor: None }
}

fn trained(removals: u64) -> Trained {
    let (asked, none) = (Parameters::default(), Vec::new());
    let trained_at = Timestamp::default();
    let (tracks, listeners, values) = (Vec::new(), Vec::new(), none);
    let row = ModelRow { trained_at, asked, used: asked, quality: None, tracks, listeners, values };
    Trained { row, removals, progress: 0 }
}

#[tokio::test]
async fn is_loaded_anew_before_anything_else_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let opened =
        Resources::new(folder.path().join("store.redb"), Clock::manual(Timestamp::default()));
    let knowledge = Arc::new(Knowledge::new(opened.unwrap().shared));
    knowledge.load().await.unwrap();
    knowledge.take_profile(somebody(1)).await.unwrap();
    let before = knowledge.memory().removals;

    let half_done = || {
        knowledge.apply(|memory| {
            memory.listeners = Listeners::default();
            panic!("planned");
        });
    };
    assert!(catch_unwind(AssertUnwindSafe(half_done)).is_err());
    assert!(knowledge.take_profile(somebody(2)).await.is_err());
    assert!(!*knowledge.loaded().borrow(), "nothing is answered from it");

    knowledge.load().await.unwrap();
    knowledge.take_profile(somebody(2)).await.unwrap();
    assert_eq!(knowledge.memory().listeners.accounts(), 2);
    // Who was removed is not known any more: what was trained before is not taken.
    assert!(!knowledge.take_model(trained(before)).await.unwrap());
    let now = knowledge.memory().removals;
    assert!(knowledge.take_model(trained(now)).await.unwrap());
}
