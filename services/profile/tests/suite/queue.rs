//! The queue: kept as it was saved, told as it can be seen.

use std::time::Duration;

use hexachord_contracts::{
    Context,
    profile::{GetPlayQueue, MOST_QUEUED, PlayQueue, ProfileError, SavePlayQueue},
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, anonymous, both_ways, ids, invalid, invalid_field, limited,
        listener, refused, system,
    },
    songs::Song,
};

fn save(tracks: &[u64], current: Option<u32>) -> SavePlayQueue {
    SavePlayQueue { tracks: ids(tracks), current, position_ms: 1_500, client: "a phone".to_owned() }
}

/// The tracks, the index and the position that are told.
async fn told(house: &House, who: &Context) -> Option<(Vec<u64>, u32, u64)> {
    let queue = house.ask(who, GetPlayQueue {}).await.unwrap()?;
    Some((queue.tracks.iter().map(|track| track.0).collect(), queue.current, queue.position_ms))
}

#[tokio::test]
async fn a_queue_is_kept_and_cleared() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2)]).await;
        let (anna, ben) = (listener(ANNA), listener(BEN));
        assert_eq!(house.ask(&anna, GetPlayQueue {}).await.unwrap(), None);
        let call = SavePlayQueue { client: "a\u{7}b".to_owned(), ..save(&[2, 1, 2], Some(2)) };
        let saved = house.ask(&anna, call).await.unwrap().unwrap();
        let expected = PlayQueue {
            tracks: ids(&[2, 1, 2]),
            current: 2,
            position_ms: 1_500,
            changed_at: NOW,
            changed_by: "ab".to_owned(),
        };
        assert_eq!(saved, expected, "doubled tracks stay, and the index tells which one it is");
        house.clock.advance(Duration::from_secs(1));
        assert_eq!(house.ask(&anna, GetPlayQueue {}).await.unwrap(), Some(expected));
        assert_eq!(told(&house, &ben).await, None, "it is one's own");
        house.ask(&anna, save(&[1], Some(0))).await.unwrap();
        assert_eq!(told(&house, &anna).await, Some((vec![1], 0, 1_500)));
        let cleared = house.ask(&anna, save(&[], None)).await.unwrap();
        assert_eq!(cleared, None);
        assert_eq!(told(&house, &anna).await, None);
        house.ask(&anna, save(&[], None)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_changes_nothing() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        house.ask(&anna, save(&[1], Some(0))).await.unwrap();
        for (tracks, current) in
            [(&[1][..], None), (&[1], Some(1)), (&[], Some(0)), (&[1, 1], Some(2))]
        {
            assert_eq!(invalid_field(house.ask(&anna, save(tracks, current)).await), "current");
        }
        let (_, reason) = invalid(house.ask(&anna, save(&[1, 1], Some(7))).await);
        assert_eq!(reason, "is out of range: the queue has 2 tracks");
        let call = save(&vec![1; MOST_QUEUED + 1], Some(0));
        assert_eq!(invalid_field(house.ask(&anna, call).await), "tracks");
        let call = SavePlayQueue { position_ms: u64::MAX, ..save(&[1], Some(0)) };
        assert_eq!(invalid_field(house.ask(&anna, call).await), "position_ms");
        assert_eq!(told(&house, &anna).await, Some((vec![1], 0, 1_500)));
        for who in [system(), anonymous()] {
            assert_eq!(refused(house.ask(&who, save(&[], None)).await), ProfileError::Forbidden);
            assert_eq!(refused(house.ask(&who, GetPlayQueue {}).await), ProfileError::Forbidden);
        }
        let late = house.ask(&listener(77), save(&[1], Some(0))).await;
        assert_eq!(refused(late), ProfileError::Forbidden, "nobody has this account");
    })
    .await;
}

#[tokio::test]
async fn the_longest_queue_fits_into_a_message() {
    both_ways(async |house| {
        house.scan([Song::new(u64::MAX)]).await;
        let longest = vec![u64::MAX; MOST_QUEUED];
        let call = save(&longest, Some(9_999));
        assert!(serde_json::to_vec(&call).unwrap().len() < 1_000_000);
        let queue = house.ask(&listener(ANNA), call).await.unwrap().unwrap();
        assert_eq!((queue.tracks.len(), queue.current), (MOST_QUEUED, 9_999));
        assert!(serde_json::to_vec(&queue).unwrap().len() < 1_000_000);
    })
    .await;
}

#[tokio::test]
async fn the_index_stays_with_its_track() {
    both_ways(async |house| {
        house.scan((1..=4).map(Song::new)).await;
        house.scan([Song::new(5).library(2)]).await;
        let anna = listener(ANNA);
        house.ask(&anna, save(&[5, 1, 2, 3, 4], Some(3))).await.unwrap();
        let of_one = limited(ANNA, &[1]);
        assert_eq!(told(&house, &of_one).await, Some((vec![1, 2, 3, 4], 2, 1_500)));
        house.scan([Song::new(1).missing()]).await;
        assert_eq!(told(&house, &of_one).await, Some((vec![1, 2, 3, 4], 2, 1_500)));
        house.catalog.forget(1);
        house.is_up_to_date().await;
        assert_eq!(told(&house, &of_one).await, Some((vec![2, 3, 4], 1, 1_500)));
        // The track that is played goes: the one behind it is next, from its beginning.
        house.catalog.forget(3);
        house.is_up_to_date().await;
        assert_eq!(told(&house, &of_one).await, Some((vec![2, 4], 1, 0)));
        house.catalog.forget(4);
        house.is_up_to_date().await;
        assert_eq!(told(&house, &of_one).await, Some((vec![2], 0, 0)));
        house.catalog.forget(2);
        house.is_up_to_date().await;
        assert_eq!(told(&house, &of_one).await, None);
        assert_eq!(told(&house, &anna).await, Some((vec![5], 0, 0)));
        house.scan((1..=4).map(Song::new)).await;
        assert_eq!(told(&house, &anna).await, Some((vec![5, 1, 2, 3, 4], 3, 1_500)));
    })
    .await;
}

#[tokio::test]
async fn a_client_may_name_what_is_gone() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).library(2)]).await;
        let anna = limited(ANNA, &[1]);
        let saved = house.ask(&anna, save(&[9, 2, 1], Some(2))).await.unwrap().unwrap();
        assert_eq!((saved.tracks, saved.current), (ids(&[1]), 0));
        assert_eq!(told(&house, &listener(ANNA)).await, Some((vec![2, 1], 1, 1_500)));
    })
    .await;
}
