//! Suggestions, and which parts of texts match.

use hexachord_contracts::{
    CallError, Caller, LibraryAccess,
    ids::{AccountId, TrackId},
    item::ItemId,
    profile::{Annotation, ProfileChange},
    search::{FoundKind, Mark, SearchError, Span, Suggest},
};

use crate::{
    house::{House, as_caller, listener, only},
    music::{HOME, album, artist, playlist, titled, told, track},
};

async fn house() -> House {
    let catalog = [
        artist(1, &[HOME], "The Beatles", "Beatles, The"),
        album(1, &[(HOME, "Beat It")], "Somebody"),
        titled(1, "Beat It"),
        titled(2, "beat it"),
        titled(3, "Beating Heart"),
        told(track(4, "Something", "The Beatles", "Abbey Road")),
        titled(5, "Beetroot"),
    ];
    House::with_playlists(catalog, [playlist(1, 7, false, "Beats to run")]).await
}

async fn texts(house: &House, caller: Caller, query: &str) -> Vec<String> {
    house.suggest(caller, query).await.into_iter().map(|suggestion| suggestion.text).collect()
}

#[tokio::test]
async fn names_that_may_be_meant_each_once() {
    let house = house().await;
    let caller = || listener(7, LibraryAccess::All);
    let expected = ["Beat It", "The Beatles", "Beats to run", "Beating Heart"];
    let mut found = texts(&house, caller(), "beat").await;
    assert_eq!(found[0], "Beat It");
    found.sort_unstable();
    let mut sorted = expected;
    sorted.sort_unstable();
    assert_eq!(found, sorted, "not what is only by them, nor what is spelled otherwise");
    assert_eq!(house.suggest(caller(), "beat").await[0].kind, FoundKind::Album);
    // Not of what the caller may not see.
    assert!(
        !texts(&house, listener(8, LibraryAccess::All), "beat")
            .await
            .contains(&expected[2].to_owned())
    );
    assert_eq!(texts(&house, listener(8, only(&[])), "beat").await, [""; 0]);
    // Mended.
    assert_eq!(texts(&house, caller(), "the beetles").await, ["The Beatles"]);
    assert_eq!(texts(&house, caller(), "zzzz").await, [""; 0]);
    assert_eq!(texts(&house, caller(), "").await, [""; 0]);
    assert_eq!(texts(&house, caller(), "beat year:1990").await, [""; 0]);
    // What is played more comes first.
    let annotation = Annotation { plays: 500, ..Annotation::none(ItemId::Track(TrackId(3))) };
    house.profile.tell([ProfileChange::Annotation { account: AccountId(9), annotation }]);
    house.settled().await;
    assert_eq!(texts(&house, caller(), "beati").await, ["Beating Heart", "Beat It"]);
    assert_eq!(texts(&house, caller(), "be").await[0], "Beating Heart");
}

#[tokio::test]
async fn parts_are_marked_over_both_ways() {
    let house = house().await;
    let texts = ["The Beatles", "Björk", "Help!", ""].map(str::to_owned).to_vec();
    for reached in &house.ways {
        let mark = Mark { query: "the beat björk year:1990".to_owned(), texts: texts.clone() };
        let marked = reached.client.call(&as_caller(Caller::System), mark).await.unwrap();
        let span = |start, end| Span { start, end };
        assert_eq!(marked, [vec![span(0, 3), span(4, 8)], vec![span(0, 6)], vec![], vec![]]);
    }
}

#[tokio::test]
async fn who_may_ask_and_how_much() {
    let house = house().await;
    let client = &house.ways[0].client;
    let invalid = |error: CallError<SearchError>| match error {
        CallError::Refused(SearchError::Invalid { field, .. }) => field,
        other => panic!("{other}"),
    };
    let suggest = |limit| Suggest { query: "x".to_owned(), limit };
    for limit in [0, Suggest::MOST + 1] {
        let refused = client.call(&as_caller(Caller::System), suggest(limit)).await;
        assert_eq!(invalid(refused.unwrap_err()), "limit");
    }
    let mark = |count| Mark { query: "x".to_owned(), texts: vec![String::new(); count] };
    let refused = client.call(&as_caller(Caller::System), mark(Mark::MOST + 1)).await;
    assert_eq!(invalid(refused.unwrap_err()), "texts");
    assert!(client.call(&as_caller(Caller::System), mark(Mark::MOST)).await.is_ok());
    let anonymous = as_caller(Caller::Anonymous);
    let forbidden = Err(CallError::Refused(SearchError::Forbidden));
    assert_eq!(client.call(&anonymous, suggest(1)).await, forbidden);
    assert!(client.call(&anonymous, mark(1)).await.is_err());
}
