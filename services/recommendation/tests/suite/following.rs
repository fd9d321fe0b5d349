//! What is told is known, and what is not told any more is not.

use hexachord_contracts::{
    catalog::CatalogChange,
    ids::{ArtistId, TrackId},
    item::ItemId,
    profile::{Annotation, ProfileChange},
    recommendation::Reason,
};

use crate::house::{NOW, both_ways, ids, nothing, track};

#[tokio::test]
async fn a_new_play_changes_the_next_answer() {
    both_ways(async |mut house| {
        for id in 1..=40 {
            let genre = if id <= 20 { "Jazz" } else { "Techno" };
            house.catalog.put(track(id, "x", id, id, &[genre], None));
        }
        house.run().await;
        let newcomer = house.recommend(1, 10).await;
        assert!(newcomer.iter().all(|one| one.reason == Reason::NewInLibrary));
        house.played_now(1, 30, 1);
        house.known().await;
        let techno = ids(&house.recommend(1, 10).await);
        assert!(techno.iter().all(|id| *id > 20), "{techno:?}");
        // Taken back, it is as before.
        house.annotate(1, nothing(30));
        assert_eq!(house.known().await.interactions, 0);
        assert_eq!(house.recommend(1, 10).await, newcomer);
    })
    .await;
}

#[tokio::test]
async fn tracks_change_vanish_and_are_forgotten() {
    both_ways(async |mut house| {
        for id in 1..=4 {
            house.catalog.put(track(id, "x", id, id, &["Jazz"], None));
        }
        house.played(1, 1, 1);
        house.run().await;
        house.catalog.forget(TrackId(2));
        let mut missing = track(3, "x", 3, 3, &["Jazz"], None);
        missing.missing_since = Some(missing.added_at);
        house.catalog.put(missing);
        house.catalog.put(track(4, "renamed", 4, 4, &["Folk"], None));
        assert_eq!(house.known().await.tracks, 3);
        let mut left = ids(&house.recommend(1, 10).await);
        left.sort_unstable();
        assert_eq!(left, [1, 4]);
        house.catalog.put(track(3, "x", 3, 3, &["Jazz"], None));
        house.catalog.put(track(2, "x", 2, 2, &["Jazz"], None));
        assert_eq!(house.known().await.tracks, 4);
        assert_eq!(ids(&house.similar(1, 1, 10).await), [2, 3]);
    })
    .await;
}

#[tokio::test]
async fn a_loved_artist_without_tracks_says_nothing() {
    both_ways(async |mut house| {
        for id in 1..=4 {
            house.catalog.put(track(id, "x", id, id, &["Jazz"], None));
        }
        let artist = ItemId::Artist(ArtistId(4));
        let loved = Annotation { favourite_since: Some(NOW), ..Annotation::none(artist) };
        house.annotate(1, loved);
        house.run().await;
        assert_eq!(ids(&house.recommend(1, 1).await), [4]);
        house.catalog.forget(TrackId(4));
        house.known().await;
        let answer = house.recommend(1, 10).await;
        assert_eq!(answer, house.recommend(2, 10).await, "as for a newcomer");
        house.close().await;
        house.run().await;
        assert_eq!(house.recommend(1, 10).await, answer);
    })
    .await;
}

#[tokio::test]
async fn after_a_restore_what_is_not_told_again_is_gone() {
    both_ways(async |mut house| {
        for id in 1..=4 {
            house.catalog.put(track(id, "x", id, id, &["Jazz"], None));
        }
        house.played(1, 1, 1);
        house.played(1, 2, 1);
        house.played(2, 3, 1);
        house.run().await;
        house
            .catalog
            .start_over(|change| !matches!(change, CatalogChange::Track(track) if track.id.0 > 2));
        house.profile.start_over(
            |change| !matches!(change, ProfileChange::Annotation { account, .. } if account.0 == 2),
        );
        let model = house.known().await;
        assert_eq!((model.tracks, model.listeners, model.interactions), (2, 1, 2));

        // The same after the store is read again.
        house.close().await;
        house.run().await;
        let model = house.known().await;
        assert_eq!((model.tracks, model.listeners, model.interactions), (2, 1, 2));
    })
    .await;
}

#[tokio::test]
async fn enough_changes_train_anew() {
    both_ways(async |mut house| {
        house.two_groups();
        house.run().await;
        let first = house.trained().await;
        house.clock.advance(std::time::Duration::from_secs(1));
        // One in ten.
        for step in 0..26 {
            house.played(20, 1 + step, 2);
        }
        house.known().await;
        house.until(|model| model.trained_at > first.trained_at).await;
    })
    .await;
}
