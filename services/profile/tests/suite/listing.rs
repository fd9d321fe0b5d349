//! The list of playlists: the own ones and the public ones of others, in one order.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hexachord_contracts::{
    Context,
    page::{Paging, Sort},
    profile::{ListPlaylists, PlaylistSort, UpdatePlaylist},
};

use crate::{
    house::{ANNA, BEN, House, both_ways, invalid_field, limited, listener},
    songs::Song,
};

async fn names(
    house: &House,
    who: &Context,
    limit: u32,
    by: PlaylistSort,
    descending: bool,
) -> Vec<String> {
    let list = |paging| ListPlaylists { sort: Sort { by, descending }, paging };
    let page = house.pages(who, limit, list).await;
    page.into_iter().map(|playlist| playlist.name).collect()
}

#[tokio::test]
async fn own_and_public_ones_in_each_order() {
    both_ways(async |house| {
        let (anna, ben) = (listener(ANNA), listener(BEN));
        // Who made it, whether all see it, its name; in the order in which they were made.
        let made = [
            (&anna, false, "beta"),
            (&ben, true, "Alpha"),
            (&ben, false, "secret"),
            (&anna, true, "Beta 2"),
            (&ben, true, "ÄRA"),
            (&anna, false, "ära"),
            (&ben, true, "alpha"),
            (&anna, true, "alpha"),
        ];
        for (who, public, name) in made {
            house.clock.advance(Duration::from_secs(1));
            if public {
                house.public_playlist(who, name, &[]).await;
            } else {
                house.playlist(who, name, &[]).await;
            }
        }
        for limit in 1..=8 {
            let by_name = names(&house, &anna, limit, PlaylistSort::Name, false).await;
            let folded: Vec<_> = by_name.iter().map(|name| name.to_lowercase()).collect();
            assert_eq!(folded, ["alpha", "alpha", "alpha", "beta", "beta 2", "ära", "ära"]);
            let mut back = names(&house, &anna, limit, PlaylistSort::Name, true).await;
            back.reverse();
            assert_eq!(back, by_name);
            let by_time = names(&house, &anna, limit, PlaylistSort::Changed, false).await;
            assert_eq!(by_time, ["beta", "Alpha", "Beta 2", "ÄRA", "ära", "alpha", "alpha"]);
            let mut back = names(&house, &anna, limit, PlaylistSort::Changed, true).await;
            back.reverse();
            assert_eq!(back, by_time);
        }
        let of_ben = names(&house, &ben, 3, PlaylistSort::Name, false).await;
        assert_eq!(of_ben.len(), 6);
        assert!(of_ben.contains(&"secret".to_owned()) && !of_ben.contains(&"beta".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_change_moves_a_playlist_in_the_list() {
    both_ways(async |house| {
        let (anna, ben) = (listener(ANNA), listener(BEN));
        let one = house.public_playlist(&anna, "one", &[]).await;
        house.clock.advance(Duration::from_secs(1));
        house.public_playlist(&anna, "two", &[]).await;
        house.clock.advance(Duration::from_secs(1));
        let rename = |name: Option<&str>, public| UpdatePlaylist {
            playlist: one.id,
            name: name.map(str::to_owned),
            description: None,
            public,
        };
        house.ask(&anna, rename(Some("zero"), None)).await.unwrap();
        for who in [&anna, &ben] {
            assert_eq!(names(&house, who, 1, PlaylistSort::Name, false).await, ["two", "zero"]);
            assert_eq!(names(&house, who, 1, PlaylistSort::Changed, true).await, ["zero", "two"]);
        }
        house.ask(&anna, rename(None, Some(false))).await.unwrap();
        assert_eq!(names(&house, &ben, 5, PlaylistSort::Name, false).await, ["two"]);
        assert_eq!(names(&house, &anna, 5, PlaylistSort::Name, false).await, ["two", "zero"]);
    })
    .await;
}

#[tokio::test]
async fn counts_are_those_of_the_caller() {
    both_ways(async |house| {
        house.scan((1..=3).map(|id| Song::new(id).library(id))).await;
        house.public_playlist(&listener(ANNA), "list", &[1, 2, 3, 3]).await;
        for (who, count) in [
            (listener(BEN), 4),
            (limited(BEN, &[3]), 2),
            (limited(BEN, &[1, 2]), 2),
            (limited(BEN, &[]), 0),
        ] {
            let page = house.ask(&who, ListPlaylists::default()).await.unwrap();
            assert_eq!(page.items[0].track_count, count);
        }
    })
    .await;
}

#[tokio::test]
async fn cursors_of_another_order_are_refused() {
    both_ways(async |house| {
        let anna = listener(ANNA);
        for name in ["a", "b"] {
            house.playlist(&anna, name, &[]).await;
        }
        let list = |by, descending, cursor| ListPlaylists {
            sort: Sort { by, descending },
            paging: Paging { limit: 1, cursor },
        };
        let page = house.ask(&anna, list(PlaylistSort::Name, false, None)).await.unwrap();
        let cursor = page.next_cursor;
        // One that somebody made up, before all places: it reads nothing, or everything.
        for (descending, count) in [(false, 1), (true, 0)] {
            let call = list(PlaylistSort::Name, descending, None);
            let given = house.ask(&anna, call).await.unwrap().next_cursor.unwrap();
            let mark = &BASE64_URL_SAFE_NO_PAD.decode(given).unwrap()[..1];
            let made_up = Some(BASE64_URL_SAFE_NO_PAD.encode(mark));
            let page = house.ask(&anna, list(PlaylistSort::Name, descending, made_up)).await;
            assert_eq!(page.unwrap().items.len(), count);
        }
        for (by, descending) in [
            (PlaylistSort::Name, true),
            (PlaylistSort::Changed, false),
            (PlaylistSort::Changed, true),
        ] {
            let call = list(by, descending, cursor.clone());
            assert_eq!(invalid_field(house.ask(&anna, call).await), "cursor");
        }
    })
    .await;
}
