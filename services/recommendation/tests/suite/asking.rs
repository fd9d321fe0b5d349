//! Who may ask what, and what is never answered.

use hexachord_contracts::{
    Caller, LibraryAccess, Role,
    ids::{LibraryId, TrackId},
    item::ItemId,
    recommendation::{FindSimilar, GetModel, Reason, Recommend, RecommendationError},
};

use crate::house::{account_with, both_ways, ids, listener, refused, track};

#[tokio::test]
async fn limits_are_one_to_five_hundred() {
    both_ways(async |mut house| {
        house.run().await;
        for limit in [0, 501, u32::MAX] {
            let wanted = RecommendationError::Invalid {
                field: "limit".to_owned(),
                reason: "must be 1 to 500".to_owned(),
            };
            assert_eq!(refused(house.ask(listener(1), Recommend { limit }).await), wanted);
            let call = FindSimilar { item: ItemId::Track(TrackId(1)), limit };
            assert_eq!(refused(house.ask(listener(1), call).await), wanted);
        }
        assert_eq!(house.recommend(1, 500).await, []);
    })
    .await;
}

#[tokio::test]
async fn only_accounts_are_recommended_something_and_only_administrators_see_the_model() {
    both_ways(async |mut house| {
        house.catalog.put(track(1, "one", 1, 1, &["Jazz"], None));
        house.catalog.put(track(2, "two", 2, 2, &["Jazz"], None));
        house.run().await;
        for who in [Caller::Anonymous, Caller::System] {
            let error = refused(house.ask(who, Recommend { limit: 5 }).await);
            assert_eq!(error, RecommendationError::Forbidden);
        }
        let call = || FindSimilar { item: ItemId::Track(TrackId(1)), limit: 5 };
        let error = refused(house.ask(Caller::Anonymous, call()).await);
        assert_eq!(error, RecommendationError::Forbidden);
        assert_eq!(ids(&house.ask(Caller::System, call()).await.unwrap()), [2]);

        for who in [Caller::Anonymous, listener(1)] {
            let error = refused(house.ask(who, GetModel {}).await);
            assert_eq!(error, RecommendationError::Forbidden);
        }
        let administrator = account_with(1, Role::Administrator, LibraryAccess::Only([].into()));
        assert_eq!(house.ask(administrator, GetModel {}).await.unwrap().tracks, 2);
    })
    .await;
}

#[tokio::test]
async fn what_the_caller_may_not_hear_is_never_answered_and_does_not_count() {
    both_ways(async |mut house| {
        let elsewhere = LibraryId(2);
        for id in 1..=40 {
            let mut of_library = track(id, "x", id, id, &["Jazz"], Some(1960));
            if id % 2 == 0 {
                of_library.library = elsewhere;
            }
            if id % 8 == 1 {
                of_library.missing_since = Some(of_library.added_at);
            }
            house.catalog.put(of_library);
        }
        house.played(1, 1, 3);
        house.run().await;
        let who = || account_with(1, Role::Listener, LibraryAccess::Only([elsewhere].into()));
        let even: Vec<u64> = (1..=20).map(|half| half * 2).collect();

        let mut heard = ids(&house.ask(who(), Recommend { limit: 20 }).await.unwrap());
        heard.sort_unstable();
        assert_eq!(heard, even, "a limit counts what the caller may hear");
        let mut all = ids(&house.recommend(1, 500).await);
        all.sort_unstable();
        let playing: Vec<u64> = (1..=40).filter(|id| id % 8 != 1).collect();
        assert_eq!(all, playing, "missing tracks are left out");

        let call = FindSimilar { item: ItemId::Track(TrackId(2)), limit: 500 };
        let mut alike = ids(&house.ask(who(), call).await.unwrap());
        alike.sort_unstable();
        assert_eq!(alike, even[1..]);
        for track in [1, 99] {
            let call = FindSimilar { item: ItemId::Track(TrackId(track)), limit: 5 };
            let error = refused(house.ask(who(), call).await);
            assert_eq!(error, RecommendationError::NotFound { what: "track".to_owned() });
        }
        // A missing track is still something to be like.
        assert_eq!(house.similar(1, 1, 5).await.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_reason_does_not_name_what_the_caller_may_not_see() {
    both_ways(async |mut house| {
        house.two_groups();
        let mut hidden = track(2, "a secret", 2, 2, &[], None);
        hidden.library = LibraryId(2);
        house.catalog.put(hidden);
        // Somebody who has heard the hidden track and one that is seen.
        house.played(100, 2, 50);
        house.played(100, 4, 1);
        house.run().await;
        house.trained().await;
        let who =
            account_with(100, Role::Listener, LibraryAccess::Only([crate::house::HOME].into()));
        let answer = house.ask(who, Recommend { limit: 50 }).await.unwrap();
        assert!(!answer.is_empty());
        for one in answer {
            assert_ne!(one.track, TrackId(2));
            if let Reason::BecauseYouPlayed { track, title } = one.reason {
                assert_eq!((track, title.as_str()), (TrackId(4), "track 4"));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_reason_is_written_as_on_the_track_itself() {
    both_ways(async |mut house| {
        for id in 1..=3 {
            house.catalog.put(track(id, "x", 1, id, &["Trip Hop"], None));
        }
        // The same artist and genre, as somebody else's library writes them; told last.
        let mut elsewhere = track(4, "x", 1, 4, &["TRIP HOP"], None);
        elsewhere.artists[0].name = "ARTIST 1 (a secret)".to_owned();
        elsewhere.library = LibraryId(2);
        house.catalog.put(elsewhere);
        house.catalog.put(track(5, "x", 5, 5, &["trip hop"], None));
        house.catalog.put(track(6, "x", 6, 6, &["Polka"], None));
        house.run().await;
        let answer = house.similar(1, 1, 10).await;
        let reasons: Vec<String> =
            answer.iter().map(|one| format!("{} {}", one.track.0, one.reason)).collect();
        assert_eq!(
            reasons,
            [
                "2 More of artist 1",
                "3 More of artist 1",
                "4 More of ARTIST 1 (a secret)",
                "5 More trip hop"
            ]
        );
    })
    .await;
}
