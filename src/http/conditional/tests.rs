//! Each precondition alone, then their order of precedence.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::{ByteRange, EntityTag, Plan, Representation, plan};

const CHANGED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";
const CHANGED_SECONDS: u64 = 784_111_777;

fn at(seconds: u64, millis: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(seconds * 1000 + millis)
}

fn current() -> Representation {
    let changed = at(CHANGED_SECONDS, 700);
    let tag = EntityTag::strong("a,b").unwrap();
    Representation::new(1000, tag, Some(changed), at(CHANGED_SECONDS + 3600, 0))
}

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        let name = HeaderName::try_from(*name).unwrap();
        map.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    map
}

fn get(lines: &[(&str, &str)]) -> Plan {
    plan(&Method::GET, &headers(lines), &current())
}

fn part(start: u64, end: u64) -> Plan {
    Plan::Part(ByteRange { start, end })
}

#[test]
fn if_none_match_compares_weakly() {
    for value in
        ["\"a,b\"", "W/\"a,b\"", "*", " \"x\" , \"a,b\"", "\"x\",,W/\"a,b\"", "\"\", \"a,b\""]
    {
        assert_eq!(get(&[("if-none-match", value)]), Plan::NotModified, "{value}");
    }
    for value in ["\"x\"", "a,b", "\"a\"", "\"a,b", "", "\"x\", a,b", "w/\"a,b\"", "W/", "\"é\""] {
        assert_eq!(get(&[("if-none-match", value)]), Plan::Whole, "{value}");
    }
    let two_lines = [("if-none-match", "\"x\""), ("if-none-match", "\"a,b\"")];
    assert_eq!(get(&two_lines), Plan::NotModified);
}

#[test]
fn if_match_compares_strongly() {
    for value in ["\"a,b\"", "*", "W/\"a,b\", \"a,b\""] {
        assert_eq!(get(&[("if-match", value)]), Plan::Whole, "{value}");
    }
    for value in ["\"x\"", "W/\"a,b\"", "", "a,b"] {
        assert_eq!(get(&[("if-match", value)]), Plan::PreconditionFailed, "{value}");
    }
}

#[test]
fn dates_are_compared_by_the_second() {
    assert_eq!(get(&[("if-modified-since", BEFORE)]), Plan::Whole);
    assert_eq!(get(&[("if-modified-since", CHANGED)]), Plan::NotModified);
    assert_eq!(get(&[("if-modified-since", AFTER)]), Plan::NotModified);
    assert_eq!(get(&[("if-unmodified-since", BEFORE)]), Plan::PreconditionFailed);
    assert_eq!(get(&[("if-unmodified-since", CHANGED)]), Plan::Whole);
    assert_eq!(get(&[("if-modified-since", "Sunday, 06-Nov-94 08:49:37 GMT")]), Plan::NotModified);
    assert_eq!(get(&[("if-modified-since", "Sun Nov  6 08:49:37 1994")]), Plan::NotModified);
}

#[test]
fn dates_that_are_none_are_ignored() {
    for value in ["", "now", "784111777", "Sun, 99 Nov 1994 08:49:37 GMT"] {
        assert_eq!(get(&[("if-modified-since", value)]), Plan::Whole, "{value}");
        assert_eq!(get(&[("if-unmodified-since", value)]), Plan::Whole, "{value}");
    }
    let undated = Representation { last_modified: None, ..current() };
    let asked = headers(&[("if-modified-since", AFTER), ("if-unmodified-since", BEFORE)]);
    assert_eq!(plan(&Method::GET, &asked, &undated), Plan::Whole);
}

#[test]
fn tags_decide_before_dates_and_demands_before_caches() {
    let cases = [
        ([("if-none-match", "\"x\""), ("if-modified-since", AFTER)], Plan::Whole),
        ([("if-match", "\"a,b\""), ("if-unmodified-since", BEFORE)], Plan::Whole),
        ([("if-match", "\"x\""), ("if-none-match", "\"a,b\"")], Plan::PreconditionFailed),
        ([("if-match", "*"), ("if-none-match", "\"a,b\"")], Plan::NotModified),
        ([("if-none-match", "\"a,b\""), ("range", "bytes=0-1")], Plan::NotModified),
        ([("if-match", "\"x\""), ("range", "bytes=5000-")], Plan::PreconditionFailed),
    ];
    for (lines, expected) in cases {
        assert_eq!(get(&lines), expected, "{lines:?}");
    }
}

#[test]
fn ranges_are_for_get_and_for_one_line() {
    assert_eq!(get(&[("range", "bytes=5-9")]), part(5, 10));
    assert_eq!(get(&[("range", "bytes=1000-")]), Plan::RangeNotSatisfiable);
    assert_eq!(get(&[("range", "bytes=9-5")]), Plan::Whole);
    assert_eq!(get(&[("range", "bytes=0-1"), ("range", "bytes=5-9")]), Plan::Whole);
    let two = vec![ByteRange { start: 7, end: 8 }, ByteRange { start: 0, end: 2 }];
    assert_eq!(get(&[("range", "bytes=7-7,0-1")]), Plan::Parts(two));
    let asked = headers(&[("range", "bytes=1000-")]);
    assert_eq!(plan(&Method::HEAD, &asked, &current()), Plan::Whole);
    let known = headers(&[("if-none-match", "\"a,b\"")]);
    assert_eq!(plan(&Method::HEAD, &known, &current()), Plan::NotModified);
}

#[test]
fn if_range_keeps_the_range_only_for_the_same_file() {
    let with = |value| get(&[("range", "bytes=5-9"), ("if-range", value)]);
    assert_eq!(with("\"a,b\""), part(5, 10));
    assert_eq!(with(CHANGED), part(5, 10));
    for value in ["W/\"a,b\"", "\"x\"", "\"a,b\", \"a,b\"", BEFORE, AFTER, "", "*", "a,b"] {
        assert_eq!(with(value), Plan::Whole, "{value}");
    }
    let unsatisfiable = [("range", "bytes=5000-"), ("if-range", "\"x\"")];
    assert_eq!(get(&unsatisfiable), Plan::Whole);
    let twice = [("range", "bytes=5-9"), ("if-range", "\"a,b\""), ("if-range", "\"a,b\"")];
    assert_eq!(get(&twice), Plan::Whole);
}

#[test]
fn a_date_of_this_second_is_a_weak_validator() {
    let tag = EntityTag::strong("t").unwrap();
    let changed = Some(at(CHANGED_SECONDS, 100));
    let asked = headers(&[("range", "bytes=5-9"), ("if-range", CHANGED)]);
    let same_second = Representation::new(1000, tag.clone(), changed, at(CHANGED_SECONDS, 900));
    assert_eq!(plan(&Method::GET, &asked, &same_second), Plan::Whole);
    let later = Representation::new(1000, tag, changed, at(CHANGED_SECONDS + 1, 0));
    assert_eq!(plan(&Method::GET, &asked, &later), part(5, 10));
}

#[test]
fn last_modified_is_never_in_the_future_and_always_a_date() {
    let now = at(CHANGED_SECONDS, 0);
    let written = |modified| {
        let tag = EntityTag::strong("t").unwrap();
        let header = Representation::new(1, tag, modified, now).last_modified();
        header.map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(written(Some(at(CHANGED_SECONDS + 9, 0))).as_deref(), Some(CHANGED));
    assert_eq!(written(Some(at(CHANGED_SECONDS - 1, 999))).as_deref(), Some(BEFORE));
    assert_eq!(written(Some(UNIX_EPOCH - Duration::from_secs(1))), None);
    assert_eq!(written(None), None);
    let far = at(400_000_000_000, 0);
    let tag = EntityTag::strong("t").unwrap();
    assert_eq!(Representation::new(1, tag, Some(far), far).last_modified(), None);
}

#[test]
fn tags_hold_visible_ascii() {
    assert_eq!(EntityTag::strong("1f-2e").unwrap().header(), "\"1f-2e\"");
    for opaque in ["a b", "a\"b", "é", "a\nb", "\u{7f}"] {
        assert!(EntityTag::strong(opaque).is_err(), "{opaque:?}");
    }
}
