//! Pages of a playlist for who sees a part of it.

use hexachord_contracts::{page::Paging, profile::ListEntries};

use crate::{
    house::{ANNA, both_ways, invalid_field, limited, listener},
    songs::Song,
};

#[tokio::test]
async fn a_page_of_entries_counts_what_is_seen() {
    both_ways(async |house| {
        house.scan((1..=9).map(|id| Song::new(id).library(1 + id % 3))).await;
        let tracks: Vec<u64> = (1..=9).chain(1..=9).collect();
        let list = house.playlist(&listener(ANNA), "list", &tracks).await;
        let call = |paging| ListEntries { playlist: list.id, paging };
        for limit in [1, 2, 5, 500] {
            for (who, library) in [(limited(ANNA, &[1]), 0), (limited(ANNA, &[2]), 1)] {
                let seen = house.pages(&who, limit, call).await;
                let expected = (0..).zip(&tracks).filter(|(_, track)| **track % 3 == library);
                let seen = seen.iter().map(|entry| (entry.position, entry.track.0));
                assert!(seen.eq(expected.map(|(position, track)| (position, *track))));
            }
        }
        let anna = listener(ANNA);
        for cursor in ["", "x", "QQ", "QQAAAAAA"] {
            let paging = Paging { limit: 1, cursor: Some(cursor.to_owned()) };
            assert_eq!(invalid_field(house.ask(&anna, call(paging)).await), "cursor");
        }
        for limit in [0, 501] {
            let call = call(Paging::first(limit));
            assert_eq!(invalid_field(house.ask(&anna, call).await), "limit");
        }
    })
    .await;
}
