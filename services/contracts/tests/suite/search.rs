//! Every call of search as JSON.

use hexachord_contracts::search::{Find, GetIndex};
use serde_json::json;

use crate::house::{declared_in, travels};

#[test]
fn every_call_travels() {
    let travelled =
        [travels::<Find>(&json!({"query": "so wh", "limit": 20})), travels::<GetIndex>(&json!({}))];
    assert_eq!(travelled[..], declared_in(include_str!("../../src/search.rs")));
}
