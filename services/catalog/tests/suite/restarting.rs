//! Scans that outlive the incarnation that began them.

use hexachord_catalog::Catalog;
use hexachord_contracts::{
    Caller,
    catalog::{CancelScan, GetScan, GetTrack, ScanPhase, StartScan},
    harness::both_ways,
    ids::TrackId,
};

use crate::house::{House, RetiredByGetTrack, context, flac, tags, until_it_ends};

/// Retires an incarnation in the middle of a full scan, which somebody may have cancelled, and
/// begins another.
async fn restarted(cancelled: bool) -> House {
    let mut house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    let occupied = house.occupy_store();
    let catalog = Catalog::new(&house.settings, &house.resources).await.unwrap();
    let [reached, _] = both_ways(RetiredByGetTrack(catalog.into()));
    let context = || context(Caller::System);
    let state = reached
        .client
        .call(&context(), StartScan { full: true, accept_losses: false })
        .await
        .unwrap();
    assert!(state.is_running());
    if cancelled {
        reached.client.call(&context(), CancelScan {}).await.unwrap();
    }
    drop(reached.client.call(&context(), GetTrack { track: TrackId(1) }).await);
    house.reopen(&["Music"]).await;
    let state = house.ways[0].client.call(&context(), GetScan::default()).await.unwrap();
    assert_eq!((state.is_running(), state.full), (!cancelled, !cancelled));
    occupied.let_go();
    house
}

#[tokio::test]
async fn the_next_incarnation_goes_on_with_the_scan() {
    let mut house = restarted(false).await;
    let reached = &house.ways[0];
    let state = reached.client.call(&context(Caller::System), GetScan::default()).await.unwrap();
    let state = until_it_ends(reached, state).await;
    assert_eq!((state.phase, state.full), (ScanPhase::Finished, true));
    assert_eq!(house.tracks().await.len(), 1);
    // One that ended by itself is not begun again.
    house.reopen(&["Music"]).await;
    assert_eq!(house.ask(GetScan::default).await.phase, ScanPhase::Idle);
}

#[tokio::test]
async fn a_cancelled_scan_is_not_begun_again() {
    let house = restarted(true).await;
    assert_eq!(house.ask(GetScan::default).await.phase, ScanPhase::Idle);
}
