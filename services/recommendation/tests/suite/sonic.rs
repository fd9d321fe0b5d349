//! Tracks by their sound.

use hexachord_contracts::{
    Caller, LibraryAccess, Role,
    catalog::{CatalogChange, Features},
    ids::{LibraryId, TrackId},
    profile::Annotation,
    recommendation::{FindSonic, FindSonicPath, RecommendationError, SonicMatch},
};

use crate::house::{House, account_with, both_ways, listener, nothing, refused, track};

/// A sound somewhere between 0 and 1000 on one line, and a little beside it.
fn sound(place: i16, beside: i16) -> Features {
    let [timbre, rhythm, harmony] = Features::LENGTHS;
    let mut features = Features {
        timbre: vec![place; timbre],
        rhythm: vec![place; rhythm],
        harmony: vec![place; harmony],
    };
    features.timbre[0] += beside;
    features
}

fn tracks(found: &[SonicMatch]) -> Vec<u64> {
    found.iter().map(|one| one.track.0).collect()
}

impl House {
    /// Tracks of artists of their own, with sounds at equal distances: track `n` at 100 × `n`.
    fn line(&mut self, count: u64) {
        for id in 1..=count {
            self.catalog.put(track(id, "x", id, id, &[], None));
            let place = i16::try_from(100 * id).expect("a short line");
            self.catalog.hear(TrackId(id), Some(sound(place, 0)));
        }
    }

    async fn sonic(&self, who: Caller, track: u64, limit: u32) -> Vec<SonicMatch> {
        let call = FindSonic { track: TrackId(track), limit };
        self.ask(who, call).await.expect("it was listened to")
    }

    async fn way(&self, from: u64, to: u64, limit: u32) -> Vec<SonicMatch> {
        let call = FindSonicPath { from: TrackId(from), to: TrackId(to), limit };
        self.ask(listener(1), call).await.expect("both were listened to")
    }
}

#[tokio::test]
async fn what_is_nearest_comes_first_and_a_copy_sounds_the_same() {
    both_ways(async |mut house| {
        house.line(9);
        house.catalog.put(track(20, "a copy", 3, 3, &[], None));
        house.catalog.hear(TrackId(20), Some(sound(300, 0)));
        house.run().await;
        let found = house.sonic(listener(1), 3, 5).await;
        assert_eq!(tracks(&found)[..1], [20]);
        assert!((found[0].similarity - 1.0).abs() < 1e-6, "{found:?}");
        let mut next = tracks(&found)[1..].to_vec();
        next.sort_unstable();
        assert_eq!(next, [1, 2, 4, 5]);
        assert!(found.is_sorted_by(|one, next| one.similarity >= next.similarity));
        let all = house.sonic(listener(1), 3, 500).await;
        assert_eq!((all.len(), tracks(&all)[8]), (9, 9));
        assert!(all.iter().all(|one| (0.0..=1.0).contains(&one.similarity)), "{all:?}");
        assert!(all[8].similarity < 0.4, "the other end of the line: {all:?}");
    })
    .await;
}

#[tokio::test]
async fn a_path_leads_from_one_end_to_the_other() {
    both_ways(async |mut house| {
        house.line(9);
        house.run().await;
        assert_eq!(tracks(&house.way(1, 9, 9).await), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(tracks(&house.way(9, 1, 5).await), [9, 7, 5, 3, 1]);
        assert_eq!(tracks(&house.way(1, 9, 3).await), [1, 5, 9]);
        assert_eq!(tracks(&house.way(1, 9, 2).await), [1, 9]);
        assert_eq!(tracks(&house.way(1, 9, 1).await), [1]);
        assert_eq!(tracks(&house.way(4, 4, 25).await), [4]);
        let all = house.way(1, 9, 100).await;
        assert_eq!(
            (all.len(), all[0].track.0, all[8].track.0),
            (9, 1, 9),
            "no more than there are"
        );
        assert!((all[0].similarity - 1.0).abs() < 1e-6);
        assert!(all[8].similarity < all[1].similarity);
    })
    .await;
}

#[tokio::test]
async fn a_path_changes_the_artist_where_it_can() {
    both_ways(async |mut house| {
        house.line(5);
        // As near as can be to the middle, but of the artist where the way begins.
        house.catalog.put(track(30, "x", 1, 1, &[], None));
        house.catalog.hear(TrackId(30), Some(sound(300, 1)));
        house.catalog.hear(TrackId(3), Some(sound(300, 30)));
        house.run().await;
        assert_eq!(tracks(&house.way(1, 5, 3).await), [1, 3, 5]);
        assert_eq!(tracks(&house.way(5, 1, 3).await), [5, 30, 1]);
    })
    .await;
}

#[tokio::test]
async fn only_what_the_caller_may_hear_and_does_not_dislike() {
    both_ways(async |mut house| {
        house.line(6);
        let mut hidden = track(2, "x", 2, 2, &[], None);
        hidden.library = LibraryId(2);
        house.catalog.put(hidden);
        let mut missing = track(3, "x", 3, 3, &[], None);
        missing.missing_since = Some(missing.added_at);
        house.catalog.put(missing);
        house.annotate(1, Annotation { rating: Some(1), ..nothing(4) });
        house.run().await;
        let home = || account_with(1, Role::Listener, LibraryAccess::Only([LibraryId(1)].into()));
        assert_eq!(tracks(&house.sonic(home(), 1, 10).await), [5, 6]);
        assert_eq!(tracks(&house.sonic(Caller::System, 1, 10).await), [2, 4, 5, 6]);
        let call = FindSonicPath { from: TrackId(1), to: TrackId(6), limit: 10 };
        let way = house.ask(home(), call).await.unwrap();
        assert_eq!(tracks(&way), [1, 5, 6]);
        for (from, to) in [(2, 1), (1, 2)] {
            let call = FindSonicPath { from: TrackId(from), to: TrackId(to), limit: 10 };
            let refusal = refused(house.ask(home(), call).await);
            assert_eq!(refusal, RecommendationError::NotFound { what: "track".to_owned() });
        }
        let call = FindSonic { track: TrackId(1), limit: 10 };
        let refusal = refused(house.ask(Caller::Anonymous, call).await);
        assert_eq!(refusal, RecommendationError::Forbidden);
        for limit in [0, 501] {
            let call = FindSonic { track: TrackId(1), limit };
            let refusal = refused(house.ask(home(), call).await);
            assert!(matches!(refusal, RecommendationError::Invalid { .. }), "{refusal:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_nobody_has_listened_to_is_said() {
    both_ways(async |mut house| {
        house.line(2);
        house.catalog.put(track(3, "x", 3, 3, &[], None));
        house.catalog.put(track(4, "of another kind", 4, 4, &[], None));
        let odd = Features { rhythm: vec![1], ..sound(1, 1) };
        house.catalog.hear(TrackId(4), Some(odd));
        house.run().await;
        for track in [3, 4] {
            let call = FindSonic { track: TrackId(track), limit: 5 };
            let refusal = refused(house.ask(listener(1), call).await);
            assert_eq!(refusal, RecommendationError::Unheard);
        }
        assert_eq!(house.model().await.heard, 2);
        assert_eq!(tracks(&house.sonic(listener(1), 1, 5).await), [2]);
        house.catalog.hear(TrackId(3), Some(sound(150, 0)));
        house.known().await;
        assert_eq!(tracks(&house.sonic(listener(1), 1, 5).await), [3, 2]);
        // Other audio stands in its place.
        house.catalog.hear(TrackId(2), None);
        house.known().await;
        assert_eq!(tracks(&house.sonic(listener(1), 1, 5).await), [3]);
    })
    .await;
}

#[tokio::test]
async fn it_is_known_after_a_restart_and_forgotten_with_the_track() {
    both_ways(async |mut house| {
        house.line(5);
        house.run().await;
        house.catalog.forget(TrackId(2));
        house.known().await;
        house.close().await;
        house.run().await;
        assert_eq!(house.model().await.heard, 4);
        let before = house.sonic(listener(1), 1, 9).await;
        assert_eq!(tracks(&before), [3, 4, 5]);
        // As after a restore: a track that is there, but that nobody had listened to.
        let is_features_of_3 = |change: &CatalogChange| matches!(change, CatalogChange::Features { track, .. } if track.0 == 3);
        house.catalog.start_over(|change| !is_features_of_3(change));
        house.known().await;
        assert_eq!(tracks(&house.sonic(listener(1), 1, 9).await), [4, 5]);
        house.close().await;
        house.run().await;
        assert_eq!(tracks(&house.sonic(listener(1), 1, 9).await), [4, 5]);
    })
    .await;
}
