//! Every call of search as JSON.

use hexachord_contracts::search::{Find, GetIndex, Mark, SearchError, Suggest};
use serde_json::json;

use crate::house::{declared_in, travels};

#[test]
fn every_call_travels() {
    let travelled = [
        travels::<Find>(
            &json!({"query": "so wh", "limit": 20, "kind": "track", "cursor": "0a", "facets": true, "plain": true}),
        ),
        travels::<Suggest>(&json!({"query": "so wh", "limit": 5})),
        travels::<Mark>(&json!({"query": "so wh", "texts": ["So What"]})),
        travels::<GetIndex>(&json!({})),
    ];
    assert_eq!(travelled[..], declared_in(include_str!("../../src/search.rs")));
}

#[test]
fn refusals_say_what_to_do() {
    let query = SearchError::Query { at: 6, reason: "year: write a year (1994)".to_owned() };
    assert_eq!(query.to_string(), "query, character 6: year: write a year (1994)");
    let not_ready = SearchError::NotReady("what is loved".to_owned());
    assert_eq!(not_ready.to_string(), "what is loved cannot be told yet: try again in a moment");
}
