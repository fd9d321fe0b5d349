//! Planned failures.

use hexachord_contracts::Failpoints;

#[test]
fn nothing_fails_that_was_not_planned() {
    assert!(!Failpoints::default().hit("catalog", "GetTrack"));
}

#[test]
fn a_place_fails_as_often_as_planned_and_no_other_does() {
    let planned = Failpoints::default();
    let seen_by_the_service = planned.clone();
    planned.arm("catalog.GetTrack", 2);
    assert!(!seen_by_the_service.hit("catalog", "GetAlbum"));
    assert!(!seen_by_the_service.hit("authentication", "GetTrack"));
    let hits = [(); 4].map(|()| seen_by_the_service.hit("catalog", "GetTrack"));
    assert_eq!(hits, [true, true, false, false]);

    planned.arm("catalog.GetTrack", 1);
    assert!(seen_by_the_service.hit("catalog", "GetTrack"));
    planned.arm("catalog.GetTrack", 1);
    planned.arm("catalog.GetTrack", 0);
    assert!(!seen_by_the_service.hit("catalog", "GetTrack"), "the last plan counts");
}
