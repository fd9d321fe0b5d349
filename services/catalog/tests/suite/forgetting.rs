//! Missing tracks, as an administrator sees them and lets them go.

use hexachord_contracts::{
    CallError, Caller, LibraryAccess, Role, Timestamp,
    catalog::{
        CatalogChange, CatalogError, CatalogSnapshot, FollowCatalog, ForgetTracks, Forgotten,
        GetTrack, ListMissing, MissingTrack,
    },
    feed::Changes,
    ids::TrackId,
    page::Paging,
};

use crate::house::{House, Outcome, account, flac, tags};

/// Six tracks in two libraries that went missing one after the other, and two that play.
async fn one_after_the_other() -> (House, Vec<TrackId>) {
    let house = House::with(&["Hers", "His"]).await;
    let mut ids = Vec::new();
    for number in 0..8_u32 {
        let title = format!("{number}");
        let file = file(number);
        house.put(&file, flac(number.into()), &tags("Guido", "Micrologus", number, &title));
    }
    house.scan().await;
    for number in 0..8 {
        ids.push(house.track(&format!("{number}")).await.id);
    }
    for number in [3, 0, 5, 2, 1, 4] {
        house.remove(&file(number));
        // A library that is empty all at once would be left alone.
        assert_eq!(house.scan().await.missing, 1, "{number}");
    }
    (house, ids)
}

fn file(number: u32) -> String {
    format!("{}/{number}.flac", if number.is_multiple_of(2) { "Hers" } else { "His" })
}

async fn missing(house: &House, caller: Caller, limit: u32) -> Vec<MissingTrack> {
    let (mut items, mut paging) = (Vec::new(), Paging::first(limit));
    loop {
        let call = || ListMissing { paging: paging.clone() };
        let page = house.ask_as(caller.clone(), call).await.unwrap();
        let is_last = page.next_cursor.is_none();
        assert!(is_last || page.items.len() == limit as usize, "a limit counts what is seen");
        items.extend(page.items);
        paging.cursor = page.next_cursor;
        if is_last {
            return items;
        }
    }
}

fn titles(missing: &[MissingTrack]) -> String {
    missing.iter().map(|missing| missing.track.title.as_str()).collect::<Vec<_>>().join(" ")
}

async fn forget(house: &House, which: Forgotten) -> Outcome<ForgetTracks> {
    // Once: a second time there is nothing left.
    let context = crate::house::context(Caller::System);
    house.ways[1].client.call(&context, ForgetTracks { which }).await
}

fn invalid(outcome: Outcome<ForgetTracks>) -> String {
    match outcome {
        Err(CallError::Refused(CatalogError::Invalid { field, reason })) => {
            assert_eq!(field, "these");
            reason
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_longest_missing_come_first() {
    let (house, _) = one_after_the_other().await;
    for limit in [1, 2, 4, 500] {
        let found = missing(&house, Caller::System, limit).await;
        assert_eq!(titles(&found), "3 0 5 2 1 4");
        assert_eq!((&*found[0].path, &*found[1].path), ("3.flac", "0.flac"));
        assert!(found.is_sorted_by_key(|missing| missing.track.missing_since));
        assert!(found[0].track.missing_since.is_some());
    }
    // One that comes back leaves the list.
    house.put("His/5.flac", flac(5), &tags("Guido", "Micrologus", 5, "5"));
    house.scan().await;
    assert_eq!(titles(&missing(&house, Caller::System, 5).await), "3 0 2 1 4");
}

#[tokio::test]
async fn a_limit_counts_what_the_administrator_sees() {
    let (house, ids) = one_after_the_other().await;
    let hers = LibraryAccess::Only([house.library("Hers").await].into());
    let she = || account(Role::Administrator, hers.clone());
    for limit in [1, 2, 3, 9] {
        assert_eq!(titles(&missing(&house, she(), limit).await), "0 2 4");
    }
    let call = || ForgetTracks { which: Forgotten::These(vec![ids[0], ids[3]]) };
    let what = "track".to_owned();
    let not_found = CallError::Refused(CatalogError::NotFound { what });
    assert_eq!(house.ask_as(she(), call).await, Err(not_found));
    let context = crate::house::context(she());
    let all = ForgetTracks { which: Forgotten::MissingSince(house.resources.clock.now()) };
    assert_eq!(house.ways[0].client.call(&context, all).await, Ok(3));
    assert_eq!(titles(&missing(&house, Caller::System, 9).await), "3 5 1");
}

#[tokio::test]
async fn only_administrators_look_and_forget() {
    let house = House::with(&["Music"]).await;
    let forbidden = CallError::Refused(CatalogError::Forbidden);
    let listener = || account(Role::Listener, LibraryAccess::All);
    for caller in [listener(), Caller::Anonymous] {
        let listed = house.ask_as(caller.clone(), ListMissing::default).await;
        assert_eq!(listed.err(), Some(forbidden.clone()));
        let call = || ForgetTracks { which: Forgotten::MissingSince(Timestamp::default()) };
        assert_eq!(house.ask_as(caller, call).await.err(), Some(forbidden.clone()));
    }
}

#[tokio::test]
async fn a_forgotten_track_is_gone_and_returns_as_new_with_its_id() {
    let (house, ids) = one_after_the_other().await;
    let head = house.ask(|| CatalogSnapshot { after: None, limit: 1 }).await.head;
    let before = house.ask(|| GetTrack { track: ids[2] }).await;
    assert_eq!(forget(&house, Forgotten::These(vec![ids[2], ids[2], ids[5]])).await, Ok(2));
    let what = "track".to_owned();
    let not_found = CallError::Refused(CatalogError::NotFound { what });
    let asked = house.ask_as(Caller::System, || GetTrack { track: ids[2] }).await;
    assert_eq!(asked.err(), Some(not_found.clone()));
    assert_eq!(titles(&missing(&house, Caller::System, 9).await), "3 0 1 4");
    let follow = || FollowCatalog { after: head, limit: 9, wait_ms: 0 };
    let Changes::Page { items, .. } = house.ask(follow).await else { panic!("it follows") };
    let mut gone = [ids[2], ids[5]].map(CatalogChange::TrackGone);
    gone.sort_by_key(|change| format!("{change:?}"));
    let mut told = items;
    told.sort_by_key(|change| format!("{change:?}"));
    assert_eq!(told, gone);
    // They are not known any more, so they cannot be forgotten again.
    assert_eq!(forget(&house, Forgotten::These(vec![ids[2]])).await, Err(not_found));

    house.put("His/elsewhere.flac", flac(2), &tags("Guido", "Micrologus", 2, "2"));
    assert_eq!(house.scan().await.added, 1);
    let after = house.track("2").await;
    assert_eq!((after.id, after.missing_since), (ids[2], None));
    assert!(after.added_at > before.added_at, "it is new");
}

#[tokio::test]
async fn a_copy_of_audio_that_is_known_takes_no_forgotten_id() {
    let house = House::with(&["Music"]).await;
    house.put("Music/a/1.flac", flac(1), &tags("Guido", "A", 1, "First"));
    house.put("Music/b/1.flac", flac(1), &tags("Guido", "B", 1, "Second"));
    house.put("Music/c/1.flac", flac(2), &tags("Guido", "C", 1, "Other"));
    house.scan().await;
    let (first, second) = (house.track("First").await.id, house.track("Second").await.id);
    house.remove("Music/b/1.flac");
    house.scan().await;
    assert_eq!(forget(&house, Forgotten::These(vec![second])).await, Ok(1));
    house.put("Music/b/1.flac", flac(1), &tags("Guido", "B", 1, "Second"));
    house.scan().await;
    assert_eq!(house.track("First").await.id, first);
    assert_eq!(house.track("Second").await.id, second, "it follows from its place");
}

#[tokio::test]
async fn what_plays_is_not_forgotten_and_then_nothing_is() {
    let (house, ids) = one_after_the_other().await;
    let reason = invalid(forget(&house, Forgotten::These(vec![ids[0], ids[6]])).await);
    assert_eq!(reason, format!("{} is not missing: only missing tracks are forgotten", ids[6]));
    let many = (0..501).map(TrackId).collect();
    assert_eq!(invalid(forget(&house, Forgotten::These(many)).await), "are more than 500");
    assert_eq!(forget(&house, Forgotten::These(Vec::new())).await, Ok(0));
    assert_eq!(missing(&house, Caller::System, 9).await.len(), 6);
}

#[tokio::test]
async fn all_that_are_missing_since_then_or_longer() {
    let (house, _) = one_after_the_other().await;
    let all = missing(&house, Caller::System, 9).await;
    let since = all[2].track.missing_since.unwrap();
    let before = Timestamp::from_millis(all[0].track.missing_since.unwrap().as_millis() - 1);
    assert_eq!(forget(&house, Forgotten::MissingSince(before)).await, Ok(0));
    assert_eq!(forget(&house, Forgotten::MissingSince(since)).await, Ok(3));
    assert_eq!(titles(&missing(&house, Caller::System, 9).await), "2 1 4");
    let now = house.resources.clock.now();
    assert_eq!(forget(&house, Forgotten::MissingSince(now)).await, Ok(3));
    assert_eq!(house.tracks().await.len(), 2);
    // A scan finds nothing to do, and nothing that is missing twice.
    let state = house.scan().await;
    assert_eq!((state.added, state.updated, state.missing), (0, 0, 0));
}
