//! Examples of the specification and of real clients, then the arithmetic against a plain model.

use proptest::{prelude::*, test_runner::RngSeed};

use super::{ByteRange, MAX_PARTS, Selection, select};

fn parts(ranges: &[(u64, u64)]) -> Selection {
    Selection::Parts(ranges.iter().map(|&(start, end)| ByteRange { start, end }).collect())
}

#[test]
fn single_ranges() {
    for (value, expected) in [
        ("bytes=0-499", (0, 500)),
        ("bytes=500-999", (500, 1000)),
        ("bytes=0-0", (0, 1)),
        ("bytes=999-", (999, 1000)),
        ("bytes=0-", (0, 1000)),
        ("bytes=-1", (999, 1000)),
        ("bytes=-1000", (0, 1000)),
        ("bytes=-4000", (0, 1000)),
        ("bytes=990-4000", (990, 1000)),
        ("bytes=990-18446744073709551615", (990, 1000)),
        ("bytes=990-99999999999999999999999", (990, 1000)),
        ("bytes=-99999999999999999999999", (0, 1000)),
        ("Bytes=5-6", (5, 7)),
        ("bytes= 5-6 ,,", (5, 7)),
        ("bytes=007-008", (7, 9)),
    ] {
        assert_eq!(select(value, 1000), parts(&[expected]), "{value}");
    }
}

#[test]
fn what_is_malformed_is_ignored() {
    for value in [
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=a-b",
        "bytes=5",
        "bytes=5-2",
        "bytes=+1-2",
        "bytes=1-+2",
        "bytes=--1",
        "bytes=1-2-3",
        "bytes=1 -2",
        "bytes=0x1-2",
        "bytes=0-1,x",
        "bytes=0-1;2-3",
        "items=0-1",
        "bytes 0-1",
        "bytes=1.5-2",
        "bytes=٣-٤",
    ] {
        assert_eq!(select(value, 1000), Selection::Whole, "{value:?}");
    }
}

#[test]
fn what_lies_outside_is_unsatisfiable() {
    for value in [
        "bytes=1000-",
        "bytes=1000-2000",
        "bytes=-0",
        "bytes=5000-,-0",
        "bytes=99999999999999999999999-",
    ] {
        assert_eq!(select(value, 1000), Selection::Unsatisfiable, "{value}");
    }
    assert_eq!(select("bytes=0-", 0), Selection::Unsatisfiable);
    assert_eq!(select("bytes=-5", 0), Selection::Whole);
}

#[test]
fn several_ranges_keep_their_order_and_merge() {
    for (value, expected) in [
        ("bytes=0-0,-1", &[(0, 1), (999, 1000)][..]),
        ("bytes=-1,0-0", &[(999, 1000), (0, 1)]),
        ("bytes=500-600,601-999", &[(500, 1000)]),
        ("bytes=500-700,601-999", &[(500, 1000)]),
        ("bytes=0-9,20-29,5-14", &[(0, 15), (20, 30)]),
        ("bytes=20-29,0-9,5-14", &[(20, 30), (0, 15)]),
        ("bytes=0-9,11-19", &[(0, 10), (11, 20)]),
        ("bytes=0-9,2000-,30-39", &[(0, 10), (30, 40)]),
        ("bytes=0-999,5-6,-3", &[(0, 1000)]),
    ] {
        assert_eq!(select(value, 1000), parts(expected), "{value}");
    }
}

#[test]
fn too_many_parts_are_answered_whole() {
    let value = |count: usize| {
        let specs: Vec<_> = (0..count).map(|part| format!("{0}-{0}", part * 2)).collect();
        format!("bytes={}", specs.join(","))
    };
    assert!(matches!(select(&value(MAX_PARTS), 1000), Selection::Parts(_)));
    assert_eq!(select(&value(MAX_PARTS + 1), 1000), Selection::Whole);
    let same = vec!["1-2"; 10_000].join(",");
    assert_eq!(select(&format!("bytes={same}"), 1000), parts(&[(1, 3)]));
}

#[derive(Clone, Debug)]
enum Asked {
    Between(u64, u64),
    From(u64),
    Last(u64),
}

impl Asked {
    fn text(&self) -> String {
        match self {
            Self::Between(first, last) => format!("{first}-{last}"),
            Self::From(first) => format!("{first}-"),
            Self::Last(count) => format!("-{count}"),
        }
    }

    fn holds(&self, position: u64, len: u64) -> bool {
        match *self {
            Self::Between(first, last) => first <= position && position <= last,
            Self::From(first) => first <= position,
            Self::Last(count) => position + count >= len,
        }
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![
        (0..120u64, 0..40u64).prop_map(|(first, more)| Asked::Between(first, first + more)),
        (0..120u64).prop_map(Asked::From),
        (0..120u64).prop_map(Asked::Last),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn parts_hold_exactly_what_was_asked(
        specs in prop::collection::vec(asked(), 1..MAX_PARTS),
        len in 1..100u64,
    ) {
        let texts: Vec<_> = specs.iter().map(Asked::text).collect();
        let wanted: Vec<u64> =
            (0..len).filter(|&at| specs.iter().any(|spec| spec.holds(at, len))).collect();
        match select(&format!("bytes={}", texts.join(", ")), len) {
            Selection::Parts(ranges) => {
                let mut sent: Vec<u64> = ranges.iter().flat_map(|r| r.start..r.end).collect();
                sent.sort_unstable();
                prop_assert_eq!(sent, wanted);
                for range in &ranges {
                    prop_assert!(range.size() > 0 && range.end <= len);
                    prop_assert!(ranges.iter().all(|other| other.end != range.start));
                }
                // The first spec that can be satisfied is in the first part.
                let first = specs.iter().find_map(|s| (0..len).find(|&at| s.holds(at, len)));
                let first = first.expect("parts were answered");
                prop_assert!(ranges[0].start <= first && first < ranges[0].end);
            }
            Selection::Unsatisfiable => prop_assert!(wanted.is_empty()),
            Selection::Whole => prop_assert!(false, "well-formed and few"),
        }
    }

    #[test]
    fn any_text_is_survived(value in "(bytes=)?[-0-9, =bytes\u{e9}]{0,60}", len: u64) {
        if let Selection::Parts(ranges) = select(&value, len) {
            for range in ranges {
                prop_assert!(range.start < range.end && range.end <= len);
            }
        }
    }
}
