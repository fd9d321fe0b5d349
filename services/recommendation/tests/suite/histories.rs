//! Whatever somebody did, there is an answer, and it is the same again.

use std::{collections::HashMap, time::Duration};

use hexachord_contracts::{
    Timestamp,
    ids::{AlbumId, ArtistId, TrackId},
    item::ItemId,
    profile::Annotation,
    recommendation::Recommended,
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::house::{House, NOW, both_ways, track};

/// Rounds of the loop; each is another library with other listeners.
const ROUNDS: usize = 12;

fn annotations() -> impl Strategy<Value = Vec<(u64, Annotation)>> {
    let item = prop_oneof![
        4 => (0_u64..30).prop_map(|id| ItemId::Track(TrackId(id))),
        1 => (0_u64..9).prop_map(|id| ItemId::Album(AlbumId(id))),
        1 => (0_u64..9).prop_map(|id| ItemId::Artist(ArtistId(id))),
    ];
    let plays = prop_oneof![0_u32..4, Just(u32::MAX)];
    let time = prop_oneof![
        Just(NOW),
        any::<i64>().prop_map(Timestamp::from_millis),
        Just(NOW.plus(Duration::from_hours(1)))
    ];
    let annotation =
        (item, plays, prop::option::of(time), any::<bool>(), prop::option::of(0_u8..=9)).prop_map(
            |(item, plays, last_played_at, loved, rating)| Annotation {
                item,
                plays,
                last_played_at,
                favourite_since: loved.then_some(NOW),
                rating,
            },
        );
    prop::collection::vec((1_u64..5, annotation), 0..120)
}

fn tracks() -> impl Strategy<Value = Vec<(u64, u64, u64, Option<i32>, bool)>> {
    let year = prop::option::of(prop_oneof![1950..2030, any::<i32>()]);
    prop::collection::vec((0_u64..30, 0_u64..9, 0_u64..9, year, any::<bool>()), 0..40)
}

/// Does somebody hear what another one does?
fn is_shared(annotations: &[(u64, Annotation)]) -> bool {
    let last: HashMap<(u64, ItemId), &Annotation> =
        annotations.iter().map(|(account, one)| ((*account, one.item), one)).collect();
    let mut heard = HashMap::new();
    for ((_, item), one) in last {
        let speaks = one.plays > 0 || one.favourite_since.is_some() || one.rating.is_some();
        if matches!(item, ItemId::Track(_)) && speaks && !matches!(one.rating, Some(1 | 2)) {
            *heard.entry(item).or_insert(0) += 1;
        }
    }
    heard.values().any(|count| *count > 1)
}

/// What everybody is answered.
async fn answers(house: &House) -> Vec<Recommended> {
    let mut all = Vec::new();
    for account in 1..6 {
        let recommended = house.recommend(account, 500).await;
        for one in &recommended {
            assert!(one.score.is_finite(), "{recommended:?}");
        }
        assert!(recommended.is_sorted_by(|one, next| one.score >= next.score));
        all.extend(recommended);
    }
    all
}

#[tokio::test]
async fn are_answered_with_numbers_and_the_same_after_a_rebuild() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[1; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for _ in 0..ROUNDS {
        let facts = (tracks(), annotations()).new_tree(&mut runner).expect("there are values");
        let (tracks, annotations) = facts.current();
        let is_shared = is_shared(&annotations);
        both_ways(async |mut house: House| {
            for (account, annotation) in &annotations {
                house.annotate(*account, *annotation);
            }
            house.run().await;
            // In another order than they are told after the rebuild.
            for (id, artist, album, year, bare) in &tracks {
                let genres: &[&str] = if *bare { &[] } else { &["Jazz", "jazz"] };
                house.catalog.put(track(*id, "x", *artist, *album, genres, *year));
            }
            house.settled(is_shared).await;
            let before = answers(&house).await;
            house.close().await;
            std::fs::remove_file(house.store()).expect("it was made");
            house.run().await;
            house.settled(is_shared).await;
            assert_eq!(answers(&house).await, before);
            house.close().await;
        })
        .await;
    }
}
