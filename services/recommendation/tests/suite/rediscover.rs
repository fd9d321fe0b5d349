//! What was loved once and not heard for long.

use std::time::Duration;

use hexachord_contracts::{
    LibraryAccess, Role, Timestamp,
    ids::{AlbumId, LibraryId, TrackId},
    item::{ItemId, ItemKind},
    profile::Annotation,
    recommendation::{RecommendationError, Rediscover, Rediscovered},
};

use crate::house::{HOME, House, NOW, account_with, both_ways, listener, nothing, refused, track};

impl House {
    fn played_days_ago(&self, track: u64, plays: u32, days: i64) {
        let last = Timestamp::from_millis(NOW.as_millis() - days * 86_400_000);
        self.annotate(1, Annotation { plays, last_played_at: Some(last), ..nothing(track) });
    }

    async fn missed(&self, kind: ItemKind) -> Vec<u64> {
        let found = self.ask(listener(1), Rediscover { kind, limit: 50 }).await;
        found.expect("it is known").iter().map(|one| one.item.number()).collect()
    }
}

#[tokio::test]
async fn what_was_dear_and_is_missed() {
    both_ways(async |mut house| {
        for id in 1..=12 {
            house.catalog.put(track(id, "x", id, 100 + id, &[], None));
        }
        let mut missing = track(8, "missing", 8, 108, &[], None);
        missing.missing_since = Some(NOW);
        house.catalog.put(missing);
        house.played_days_ago(1, 40, 900);
        house.played_days_ago(2, 40, 61);
        house.played_days_ago(3, 40, 20);
        house.played_days_ago(4, 1, 900);
        let days_900 = Some(Timestamp::from_millis(NOW.as_millis() - 900 * 86_400_000));
        let loved = Some(NOW);
        let of = |id, favourite_since, rating| Annotation {
            plays: 1,
            last_played_at: days_900,
            favourite_since,
            rating,
            ..nothing(id)
        };
        house.annotate(1, of(5, loved, None));
        house.annotate(1, of(6, None, Some(5)));
        house.annotate(1, Annotation { plays: 50, ..of(7, loved, Some(1)) });
        house.played_days_ago(8, 40, 900);
        house.annotate(1, Annotation { favourite_since: loved, ..nothing(9) });
        house.run().await;
        let mut found = house.missed(ItemKind::Track).await;
        assert_eq!(found[0], 1, "the dearest and longest missed: {found:?}");
        found.sort_unstable();
        assert_eq!(found, [1, 2, 5, 6, 9]);
        let call = Rediscover { kind: ItemKind::Track, limit: 1 };
        let first = house.ask(listener(1), call).await.unwrap();
        let item = ItemId::Track(TrackId(1));
        assert_eq!(first, [Rediscovered { item, plays: 40, last_played_at: days_900 }]);
        // A day later somebody has heard it, and something else is missed by now.
        house.clock.advance(Duration::from_hours(24 * 45));
        house.played_now(1, 1, 41);
        house.known().await;
        let mut found = house.missed(ItemKind::Track).await;
        found.sort_unstable();
        assert_eq!(found, [2, 3, 5, 6, 9]);
    })
    .await;
}

#[tokio::test]
async fn albums_by_all_of_their_tracks() {
    both_ways(async |mut house| {
        for id in 1..=20 {
            house.catalog.put(track(id, "x", 1, 1 + (id - 1) / 5, &[], None));
        }
        let mut elsewhere = track(21, "x", 1, 9, &[], None);
        elsewhere.library = LibraryId(2);
        house.catalog.put(elsewhere);
        for id in 1..=5 {
            house.played_days_ago(id, 3, 300);
            // One of them was heard not long ago.
            house.played_days_ago(5 + id, 3, if id == 3 { 10 } else { 300 });
        }
        house.played_days_ago(11, 4, 300);
        house.played_days_ago(21, 50, 300);
        let loved = Annotation::none(ItemId::Album(AlbumId(4)));
        house.annotate(1, Annotation { favourite_since: Some(NOW), ..loved });
        house.run().await;
        let mut found = house.missed(ItemKind::Album).await;
        found.sort_unstable();
        assert_eq!(found, [1, 4, 9]);
        let call = Rediscover { kind: ItemKind::Album, limit: 50 };
        let home = LibraryAccess::Only([HOME].into());
        let who = account_with(1, Role::Listener, home);
        let seen = house.ask(who, call).await.unwrap();
        assert!(seen.iter().all(|one| one.item != ItemId::Album(AlbumId(9))));
        let first = seen.iter().find(|one| one.item == ItemId::Album(AlbumId(1))).unwrap();
        assert_eq!(first.plays, 15);

        let nobody = house.ask(listener(2), Rediscover { kind: ItemKind::Album, limit: 5 }).await;
        assert_eq!(nobody.unwrap(), []);
        let error =
            refused(house.ask(listener(1), Rediscover { kind: ItemKind::Artist, limit: 5 }).await);
        assert!(matches!(error, RecommendationError::Invalid { field, .. } if field == "kind"));
    })
    .await;
}
