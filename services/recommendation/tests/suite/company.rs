//! Several listeners: by who else hears it.

use hexachord_contracts::recommendation::Reason;

use crate::house::{both_ways, ids, track};

#[tokio::test]
async fn groups_hear_what_their_own_hear() {
    both_ways(async |mut house| {
        house.two_groups();
        house.run().await;
        let model = house.trained().await;
        let quality = model.quality.expect("there is enough to tell");
        assert!(quality.factors > quality.popularity * 1.5, "{quality:?}");
        assert_eq!((model.listeners, model.factors), (12, 6));

        // (hits in the first ten, of tracks that were not heard by the listener)
        let mut found = 0;
        for account in 2..14_u64 {
            let answer = house.recommend(account, 10).await;
            let of_group = |id: &u64| id % 2 == account % 2;
            found += ids(&answer).into_iter().filter(of_group).count();
            let because = |reason: &Reason| matches!(reason, Reason::BecauseYouPlayed { .. });
            let fresh = answer.iter().find(|one| because(&one.reason));
            let Some(Reason::BecauseYouPlayed { track, title }) = fresh.map(|one| &one.reason)
            else {
                panic!("nothing but others speaks for these: {answer:?}");
            };
            assert!(of_group(&track.0), "of what it heard itself");
            assert_eq!(title, &format!("track {}", track.0));
        }
        assert!(found >= 110, "{found} of 120");
    })
    .await;
}

#[tokio::test]
async fn a_second_play_of_somebody_new_is_enough_to_be_folded_in() {
    both_ways(async |mut house| {
        house.two_groups();
        house.run().await;
        let model = house.trained().await;
        // It was not there when the model was trained.
        for id in [4, 8, 10, 14] {
            house.played(50, id, 2);
        }
        house.known().await;
        let answer = house.recommend(50, 10).await;
        let of_group = answer.iter().filter(|one| one.track.0 % 2 == 0).count();
        assert!(of_group >= 9, "{answer:?}");
        assert_eq!(house.model().await.trained_at, model.trained_at);
    })
    .await;
}

#[tokio::test]
async fn what_others_hear_says_nothing_to_who_hears_nothing_with_them() {
    both_ways(async |mut house| {
        house.two_groups();
        for id in 61..=80 {
            let genre = if id <= 70 { "Jazz" } else { "Techno" };
            house.catalog.put(track(id, "x", id, id, &[genre], None));
        }
        house.played(50, 61, 5);
        house.run().await;
        house.trained().await;
        let answer = house.recommend(50, 9).await;
        for one in &answer {
            assert!((61..=70).contains(&one.track.0), "{answer:?}");
            assert!(!matches!(one.reason, Reason::BecauseYouPlayed { .. }));
        }
    })
    .await;
}

#[tokio::test]
async fn factors_that_do_not_help_are_not_used() {
    both_ways(async |mut house| {
        house.two_groups();
        house.settings.regularisation = 1e9;
        house.settings.iterations = 6;
        house.run().await;
        let model = house.trained().await;
        let quality = model.quality.expect("it was looked at");
        assert!(quality.factors <= quality.popularity, "{quality:?}");
        assert_eq!(model.factors, 0);
        let answer = house.recommend(2, 20).await;
        assert_eq!(answer.len(), 20);
        for one in answer {
            assert!(!matches!(one.reason, Reason::BecauseYouPlayed { .. }));
        }
    })
    .await;
}
