//! The JSON of what every call carries.

use std::time::Duration;

use hexachord_contracts::{
    Caller, Context, LibraryAccess, RequestId, Role, Timestamp,
    authentication::{AuthenticationError, Secret},
    catalog::{AlbumSort, CatalogError},
    feed::{Changes, FeedCursor, Snapshot},
    ids::{AccountId, LibraryId},
    page::Sort,
};
use proptest::{prelude::*, test_runner::RngSeed};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// `value` is written as `json`, and read again as itself.
#[track_caller]
fn pinned<T: Serialize + DeserializeOwned + std::fmt::Debug + PartialEq>(value: &T, json: Value) {
    assert_eq!(serde_json::to_value(value).unwrap(), json);
    assert_eq!(serde_json::from_value::<T>(json).unwrap(), *value);
}

#[test]
fn callers() {
    pinned(&Caller::Anonymous, json!("anonymous"));
    pinned(&Caller::System, json!("system"));
    let administrator = Caller::Account {
        id: AccountId(1),
        role: Role::Administrator,
        libraries: LibraryAccess::All,
    };
    let account = json!({"id": "ac-0000000000001", "role": "administrator", "libraries": "all"});
    pinned(&administrator, json!({ "account": account }));
}

#[tokio::test(start_paused = true)]
async fn a_context_says_how_much_time_is_left() {
    let context = Context::new(RequestId(5), Caller::System, Duration::from_millis(2_500));
    let wire = json!({"request_id": 5, "caller": "system", "remaining_ms": 2_500});
    assert_eq!(serde_json::to_value(&context).unwrap(), wire);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(serde_json::to_value(&context).unwrap()["remaining_ms"], 1_500);
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(serde_json::to_value(&context).unwrap()["remaining_ms"], 0);

    let read: Context = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(read.remaining(), Duration::from_millis(2_500));
    let mut endless = wire;
    endless["remaining_ms"] = u64::MAX.into();
    let read: Context = serde_json::from_value(endless).unwrap();
    assert_eq!(read.remaining(), Duration::from_hours(24), "no call may ask for more");
}

#[test]
fn access_to_libraries() {
    pinned(&LibraryAccess::All, json!("all"));
    pinned(&LibraryAccess::Only([].into()), json!([]));
    let two = LibraryAccess::Only([LibraryId(2), LibraryId(1)].into());
    pinned(&two, json!(["li-0000000000002", "li-0000000000001"]));
    for wrong in [json!("ALL"), json!(""), json!(["tr-0000000000001"]), json!([1]), json!(null)] {
        let error = serde_json::from_value::<LibraryAccess>(wrong).unwrap_err();
        assert_eq!(error.to_string(), "expected \"all\" or a list of library ids");
    }
}

#[test]
fn points_in_time() {
    pinned(&Timestamp::from_millis(0), json!("1970-01-01T00:00:00.000Z"));
    pinned(&Timestamp::from_millis(1_764_000_000_123), json!("2025-11-24T16:00:00.123Z"));
    pinned(&Timestamp::from_millis(-1), json!("1969-12-31T23:59:59.999Z"));
}

#[test]
fn feeds() {
    let cursor = FeedCursor { epoch: 3, sequence: 9 };
    let place = json!({"epoch": 3, "sequence": 9});
    pinned(&Changes::<u8>::StartOver, json!("start_over"));
    let page = Changes::Page { items: vec![1_u8], cursor };
    pinned(&page, json!({"page": {"items": [1], "cursor": place}}));
    let snapshot = Snapshot { items: vec![1_u8], next: None, head: cursor };
    pinned(&snapshot, json!({"items": [1], "next": null, "head": place}));
}

#[test]
fn refusals() {
    let missing = CatalogError::NotFound { what: "track".to_owned() };
    pinned(&missing, json!({"NotFound": {"what": "track"}}));
    pinned(&CatalogError::Missing, json!("Missing"));
    let throttled = AuthenticationError::Throttled { retry_after_seconds: 9 };
    pinned(&throttled, json!({"Throttled": {"retry_after_seconds": 9}}));
    let taken = AuthenticationError::UsernameTaken("ida".to_owned());
    pinned(&taken, json!({"UsernameTaken": "ida"}));
}

#[test]
fn a_sort_is_read_from_its_text() {
    let descending = Sort { by: AlbumSort::Year, descending: true };
    assert_eq!("-year".parse::<Sort<AlbumSort>>(), Ok(descending));
    assert_eq!("title".parse::<Sort<AlbumSort>>(), Ok(Sort::default()));
    let error = "--year".parse::<Sort<AlbumSort>>().unwrap_err();
    let sentence = "`-year` is not a sort of this list: use one of title, artist, year, added, with `-` before it to descend";
    assert_eq!(error.to_string(), sentence);
}

#[test]
fn a_secret_is_written_for_the_service_and_hidden_from_logs() {
    let secret = Secret::new("correct horse");
    pinned(&secret, json!("correct horse"));
    assert_eq!(format!("{secret:?}"), "Secret(…)");
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_point_in_time_can_be_read_again(millis: i64) {
        let time = Timestamp::from_millis(millis);
        let text = serde_json::to_string(&time).unwrap();
        prop_assert_eq!(serde_json::from_str::<Timestamp>(&text).unwrap(), time);
    }
}
