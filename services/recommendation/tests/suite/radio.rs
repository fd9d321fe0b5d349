//! Music that goes on.

use std::collections::HashSet;

use hexachord_contracts::{
    ids::{AlbumId, ArtistId, TrackId},
    item::ItemId,
    recommendation::{ContinueFrom, Reason, RecommendationError, Recommended},
};

use crate::house::{House, both_ways, ids, listener, refused, track};

impl House {
    /// Forty tracks of jazz by ten artists, and as many of polka.
    fn two_kinds(&mut self) {
        for id in 1..=80 {
            let genre = if id <= 40 { "Jazz" } else { "Polka" };
            self.catalog.put(track(
                id,
                &format!("t{id}"),
                id.div_ceil(4),
                id.div_ceil(2),
                &[genre],
                None,
            ));
        }
    }

    async fn onward(&self, items: &[ItemId], exclude: &[u64], limit: u32) -> Vec<Recommended> {
        let exclude = exclude.iter().copied().map(TrackId).collect();
        let call = ContinueFrom { items: items.to_vec(), exclude, limit };
        self.ask(listener(1), call).await.expect("it goes on")
    }
}

#[tokio::test]
async fn it_goes_on_without_saying_anything_twice() {
    both_ways(async |mut house| {
        house.two_kinds();
        house.run().await;
        let from = [ItemId::Track(TrackId(1))];
        let mut heard: Vec<u64> = Vec::new();
        for _ in 0..4 {
            let next = ids(&house.onward(&from, &heard, 10).await);
            assert_eq!(next.len(), 10, "{next:?}");
            heard.extend(next);
        }
        let each_once: HashSet<u64> = heard.iter().copied().collect();
        assert_eq!(each_once.len(), 40);
        assert!(!each_once.contains(&1), "it is playing");
        assert!(heard[..39].iter().all(|id| *id <= 40), "jazz as long as there is some: {heard:?}");
        // And then something else, rather than silence.
        assert!(heard[39] > 40);
        for row in heard[..20].chunks(10) {
            for artist in 1..=20 {
                let of_artist = row.iter().filter(|id| id.div_ceil(4) == artist).count();
                assert!(of_artist <= 3, "artist {artist}: {row:?}");
            }
        }
        let all: Vec<u64> = (1..=80).collect();
        assert_eq!(house.onward(&from, &all, 10).await, []);
    })
    .await;
}

#[tokio::test]
async fn from_whatever_there_is() {
    both_ways(async |mut house| {
        house.two_kinds();
        house.run().await;
        let of_artist = house.onward(&[ItemId::Artist(ArtistId(11))], &[], 20).await;
        assert!(of_artist.iter().all(|one| one.track.0 > 40));
        assert!(of_artist.iter().any(|one| (41..=44).contains(&one.track.0)), "its own too");
        let of_album = house.onward(&[ItemId::Album(AlbumId(1))], &[], 20).await;
        assert!(of_album.iter().all(|one| one.track.0 <= 40));
        // Of both kinds, as a playlist may be.
        let both = [ItemId::Track(TrackId(1)), ItemId::Track(TrackId(80))];
        let found = ids(&house.onward(&both, &[], 40).await);
        let jazz = found.iter().filter(|id| **id <= 40).count();
        assert!((10..=30).contains(&jazz), "{found:?}");
        // An item says no more when it is named twice, and one that is not there says nothing.
        let [first, second, away] = [11, 12, 99].map(|id| ItemId::Artist(ArtistId(id)));
        let once = house.onward(&[first, second], &[], 20).await;
        assert_eq!(house.onward(&[second, first, away, first], &[], 20).await, once);
        for item in [ItemId::Track(TrackId(99)), ItemId::Artist(ArtistId(99))] {
            let call = ContinueFrom { items: vec![item], exclude: Vec::new(), limit: 5 };
            let error = refused(house.ask(listener(1), call).await);
            assert_eq!(error, RecommendationError::NotFound { what: item.kind().to_string() });
        }
        let call = ContinueFrom { items: Vec::new(), exclude: Vec::new(), limit: 5 };
        let error = refused(house.ask(listener(1), call).await);
        assert!(matches!(error, RecommendationError::Invalid { field, .. } if field == "items"));
        let exclude = vec![TrackId(1); ContinueFrom::MOST_EXCLUDED + 1];
        let call = ContinueFrom { items: both.to_vec(), exclude, limit: 5 };
        let error = refused(house.ask(listener(1), call).await);
        assert!(matches!(error, RecommendationError::Invalid { field, .. } if field == "exclude"));
    })
    .await;
}

#[tokio::test]
async fn what_was_just_heard_comes_last() {
    both_ways(async |mut house| {
        house.two_kinds();
        for id in 2..=35 {
            house.played_now(1, id, 1);
        }
        house.run().await;
        let mut found = ids(&house.onward(&[ItemId::Track(TrackId(1))], &[], 5).await);
        found.sort_unstable();
        assert_eq!(found, [36, 37, 38, 39, 40]);
        let more = house.onward(&[ItemId::Track(TrackId(1))], &[36, 37, 38, 39, 40], 5).await;
        assert!(more.iter().all(|one| (2..=35).contains(&one.track.0)), "{more:?}");
        assert!(more.iter().all(|one| one.reason != Reason::NewInLibrary));
    })
    .await;
}
