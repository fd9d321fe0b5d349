//! Queries that are no words, and too many of them.

use std::sync::Arc;

use hexachord_contracts::{
    CallError, Caller,
    search::{Find, Found, SearchError},
};
use proptest::{prelude::*, test_runner::RngSeed};
use tokio::task::JoinSet;

use crate::{
    house::{House, as_caller},
    music::{titled, told, track},
};

fn invalid(answer: Result<Found, CallError<SearchError>>) -> String {
    match answer {
        Err(CallError::Refused(SearchError::Invalid { field, .. })) => field,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn limits() {
    let house = House::new([titled(1, "x")]).await;
    for limit in [0, Find::MOST + 1, u32::MAX] {
        assert_eq!(invalid(house.try_find(Caller::System, "x", limit).await), "limit");
    }
    for length in [Find::LONGEST + 1, 10_000] {
        let query = "x".repeat(length);
        assert_eq!(invalid(house.try_find(Caller::System, &query, 1).await), "query");
    }
    let longest = "x".repeat(Find::LONGEST);
    assert!(house.try_find(Caller::System, &longest, 1).await.is_ok());
    let error = house.try_find(Caller::System, &"é".repeat(600), 1).await.unwrap_err();
    assert_eq!(error.to_string(), "query: is longer than 1024 bytes: use fewer words");
}

#[tokio::test]
async fn everything_is_plain_text() {
    let house = House::new([
        told(track(1, "NOT a title: x AND y", "", "")),
        titled(2, "* [a TO z] ^2 ~1"),
        titled(3, "\u{0}Null\u{0}"),
    ]);
    let house = house.await;
    for query in ["", " ", "*", "\"", "'", "+-&&||!(){}[]^\"~*?:\\/", "\u{0}", "🎵", "\u{202e}"] {
        assert_eq!(house.find(query).await, Found::default(), "{query:?}");
    }
    for (query, found) in [
        ("title:x", vec![1]),
        ("NOT title", vec![1]),
        ("x AND y", vec![1]),
        ("\"x and y\"", vec![1]),
        ("\"y x\"", vec![]),
        ("[a TO z]", vec![2]),
        ("title:nothing", vec![]),
        ("null\u{0}", vec![3]),
        ("x OR y", vec![]),
    ] {
        assert_eq!(house.tracks(query).await, found, "{query:?}");
    }
}

#[tokio::test]
async fn words_beyond_the_sixteenth_are_ignored() {
    let sixteen = "ab cd ef gh ij kl mn op qr st uv wx yz ba dc fe";
    let house = House::new([titled(1, sixteen)]).await;
    assert_eq!(house.tracks(&format!("{sixteen} other")).await, [1]);
    assert_eq!(house.tracks(&format!("other {sixteen}")).await, [0; 0]);
}

#[tokio::test]
async fn huge_tags_are_found_by_their_begin() {
    let house =
        House::new([titled(1, &"endless ".repeat(50_000)), titled(2, &"y".repeat(400_000))]);
    let house = house.await;
    assert_eq!(house.tracks("endless").await, [1]);
    assert_eq!(house.tracks("yyy").await, [2]);
    assert_eq!(house.tracks(&"y".repeat(1000)).await, [2]);
}

#[tokio::test]
async fn hundreds_at_once_are_answered_or_refused() {
    let house = Arc::new(House::new((0..100).map(|n| titled(n, "Song"))).await);
    let mut asking = JoinSet::new();
    for n in 0..600 {
        let client = house.ways[n % 2].client.clone();
        asking.spawn(async move {
            let find = Find { query: "sonh".to_owned(), limit: 10, ..Find::default() };
            client.call(&as_caller(Caller::System), find).await
        });
    }
    let mut answered = 0;
    for answer in asking.join_all().await {
        match answer {
            Ok(found) => {
                assert_eq!(found.tracks.len(), 10);
                answered += 1;
            }
            Err(CallError::Refused(SearchError::Busy) | CallError::Overloaded { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert!(answered >= 100, "{answered}");
}

const QUERIES: &str = "\\PC{0,40}|[a-z' ]{0,30}|(?s).{0,300}|(-|\"|year:|1990|\\.\\.|artist:|björk|-| |title:|don't|library:|genre:){1,8}";

#[test]
fn any_text_may_be_asked() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let house = runtime.block_on(House::new([
        told(track(1, "Don't Stop", "Björk", "東京")),
        told(track(2, "Ёлка", "שלום", "비틀즈")),
    ]));
    let config = ProptestConfig {
        cases: 300,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    };
    proptest!(config, |(query in QUERIES, limit in 1..=Find::MOST)| {
        let answer = runtime.block_on(house.try_find(Caller::System, &query, limit));
        let too_long = query.len() > Find::LONGEST;
        match answer {
            Ok(_) => prop_assert!(!too_long),
            Err(CallError::Refused(SearchError::Invalid { .. })) => prop_assert!(too_long),
            Err(CallError::Refused(SearchError::Query { at, .. })) => {
                prop_assert!(at as usize <= query.chars().count());
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    });
    runtime.block_on(async { drop(house) });
}
