//! What was played most.

use hexachord_contracts::{
    item::{ItemId, ItemKind},
    page::Paging,
    profile::{ListPlays, ListTop},
};

use crate::{
    house::{
        ANNA, BEN, House, album, artist, both_ways, heard, invalid_field, limited, listener,
        minutes_ago, track,
    },
    songs::Song,
};

/// Items and their plays, read in pages of two.
async fn top(
    house: &House,
    who: &hexachord_contracts::Context,
    kind: ItemKind,
) -> Vec<(ItemId, u32)> {
    let top = house.pages(who, 2, |paging| ListTop { kind, paging, between: None }).await;
    top.iter().map(|top| (top.item, top.plays)).collect()
}

#[tokio::test]
async fn most_plays_first_then_the_last_of_them() {
    both_ways(async |house| {
        house.scan((1..=5).map(|id| Song::new(id).library(1 + id % 2).album(id / 3))).await;
        let anna = listener(ANNA);
        for (id, minutes) in [(1, 9), (1, 8), (2, 7), (3, 6), (3, 2), (4, 30), (5, 1)] {
            house.play(&anna, id, minutes_ago(minutes)).await;
        }
        house.ask(&anna, heard(4, minutes_ago(50), 1)).await.unwrap();
        house.play(&listener(BEN), 4, minutes_ago(1)).await;
        let tracks = [(3, 2), (1, 2), (5, 1), (2, 1), (4, 1)].map(|(id, n)| (track(id), n));
        assert_eq!(top(&house, &anna, ItemKind::Track).await, tracks);
        let albums = [(album(1), 4), (album(0), 3)];
        assert_eq!(top(&house, &anna, ItemKind::Album).await, albums);
        assert_eq!(top(&house, &anna, ItemKind::Artist).await, [(artist(1), 7)]);
        let even = limited(ANNA, &[1]);
        let tracks = [(2, 1), (4, 1)].map(|(id, n)| (track(id), n));
        assert_eq!(top(&house, &even, ItemKind::Track).await, tracks);
        let page = ListTop { kind: ItemKind::Artist, paging: Paging::default(), between: None };
        let page = house.ask(&anna, page).await.unwrap();
        assert_eq!(page.items[0].last_played_at, minutes_ago(1));
    })
    .await;
}

#[tokio::test]
async fn an_artist_that_is_named_twice_counts_once() {
    both_ways(async |house| {
        house.scan([Song::new(1).artists(&[4, 5, 4])]).await;
        let anna = listener(ANNA);
        house.play(&anna, 1, minutes_ago(1)).await;
        let expected = [(artist(4), 1), (artist(5), 1)];
        assert_eq!(top(&house, &anna, ItemKind::Artist).await, expected);
    })
    .await;
}

#[tokio::test]
async fn cursors_and_limits_of_other_lists_are_refused() {
    both_ways(async |house| {
        house.scan((1..=4).map(Song::new)).await;
        let anna = listener(ANNA);
        for id in 1..=4 {
            house.play(&anna, id, minutes_ago(1)).await;
        }
        let list = |cursor: Option<String>, limit| ListTop {
            kind: ItemKind::Track,
            paging: Paging { limit, cursor },
            between: None,
        };
        let cursor = house.ask(&anna, list(None, 1)).await.unwrap().next_cursor;
        let plays = ListPlays { paging: Paging { limit: 1, cursor: cursor.clone() } };
        assert_eq!(invalid_field(house.ask(&anna, plays).await), "cursor");
        let paging = Paging { limit: 1, cursor: cursor.clone() };
        let albums = ListTop { kind: ItemKind::Album, paging, between: None };
        assert_eq!(invalid_field(house.ask(&anna, albums).await), "cursor");
        for text in ["", "x", "!", "_", &"A".repeat(9000)] {
            let call = list(Some(text.to_owned()), 1);
            assert_eq!(invalid_field(house.ask(&anna, call).await), "cursor");
        }
        // A cursor that somebody made up reads somewhere, and harms nothing.
        let mark = &cursor.unwrap()[..2];
        for rest in ["A", "AAAA", "_____w", "____________________________________"] {
            house.ask(&anna, list(Some(format!("{mark}{rest}")), 1)).await.ok();
        }
        for limit in [0, 501] {
            assert_eq!(invalid_field(house.ask(&anna, list(None, limit)).await), "limit");
        }
    })
    .await;
}
