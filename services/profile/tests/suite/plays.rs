//! What was heard: rules, reports that come again, and the list of it.

use std::time::Duration;

use hexachord_contracts::{
    Timestamp,
    ids::TrackId,
    profile::{ListPlays, RecordPlay},
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, both_ways, heard, invalid, invalid_field, limited, listener,
        minutes_ago, not_found, refused, track,
    },
    songs::Song,
};

async fn plays_of(house: &House, limit: u32) -> Vec<(u64, u64, bool)> {
    let plays = house.pages(&listener(ANNA), limit, |paging| ListPlays { paging }).await;
    plays.iter().map(|play| (play.track.0, play.listened_ms, play.counted)).collect()
}

#[tokio::test]
async fn half_of_a_track_or_four_minutes_count() {
    both_ways(async |house| {
        let songs = [(1, 0), (2, 200_001), (3, 3_600_000)];
        house.scan(songs.map(|(id, duration)| Song::new(id).lasting(duration))).await;
        let anna = listener(ANNA);
        for (n, (id, listened, counted)) in [
            (1, 200_000, false),
            (1, 240_000, true),
            (2, 100_000, false),
            (2, 100_001, true),
            (3, 239_999, false),
            (3, 240_000, true),
            (3, 0, false),
        ]
        .into_iter()
        .enumerate()
        {
            let at = minutes_ago(i64::try_from(n).unwrap());
            let told = house.ask(&anna, heard(id, at, listened)).await.unwrap();
            assert_eq!((told.play.counted, told.new), (counted, true), "{listened} of {id}");
        }
        let counts = [1, 2, 3].map(track);
        let counts = house.annotations(&anna, &counts).await;
        assert!(counts.iter().all(|annotation| annotation.plays == 1));
        assert_eq!(plays_of(&house, 2).await.len(), 7, "also what did not count");
    })
    .await;
}

#[tokio::test]
async fn reports_of_one_play_are_one() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        let report = |listened_ms| RecordPlay {
            id: Some("p1".to_owned()),
            source: Some("album".to_owned()),
            ..heard(1, NOW, listened_ms)
        };
        let first = house.ask(&anna, report(10_000)).await.unwrap();
        assert!(first.new && !first.play.counted);
        let more = house.ask(&anna, report(90_000)).await.unwrap();
        assert!(!more.new && more.play.counted);
        assert_eq!(more.play.id, first.play.id);
        // An older report that comes late takes nothing away.
        let late = RecordPlay { started_at: minutes_ago(1), ..report(20_000) };
        assert_eq!(house.ask(&anna, late).await.unwrap(), more);
        assert_eq!(plays_of(&house, 10).await, [(1, 90_000, true)]);
        assert_eq!(house.annotation(&anna, track(1)).await.plays, 1);

        // Without an id: the track and the start.
        let unnamed = house.ask(&anna, heard(1, NOW, 1)).await.unwrap();
        assert!(unnamed.new);
        assert!(!house.ask(&anna, heard(1, NOW, 2)).await.unwrap().new);
        assert!(house.ask(&anna, heard(1, minutes_ago(1), 2)).await.unwrap().new);
        // Another account has names of its own.
        assert!(house.ask(&listener(BEN), report(1)).await.unwrap().new);
    })
    .await;
}

#[tokio::test]
async fn a_thousand_reports_at_once_count_once() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        let mut reports = tokio::task::JoinSet::new();
        for n in 0..1000_u64 {
            let (client, anna) = (house.client.clone(), anna.clone());
            reports.spawn(async move {
                loop {
                    let report = heard(1, NOW, 70_000 + n);
                    match client.call(&anna, report).await {
                        // Not accepted: the mailbox of this test is short.
                        Err(hexachord_contracts::CallError::Overloaded { .. }) => {
                            tokio::task::yield_now().await;
                        }
                        answer => return answer.unwrap().new,
                    }
                }
            });
        }
        let new = reports.join_all().await;
        assert_eq!(new.iter().filter(|new| **new).count(), 1);
        assert_eq!(plays_of(&house, 10).await, [(1, 70_999, true)]);
        assert_eq!(house.annotation(&anna, track(1)).await.plays, 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_name() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2)]).await;
        let anna = listener(ANNA);
        let good = || RecordPlay { id: Some("a".to_owned()), ..heard(1, NOW, 1) };
        house.ask(&anna, good()).await.unwrap();
        let ahead = |seconds| NOW.plus(Duration::from_secs(seconds));
        house.ask(&anna, RecordPlay { started_at: ahead(300), id: None, ..good() }).await.unwrap();
        let (field, reason) =
            invalid(house.ask(&anna, RecordPlay { started_at: ahead(301), ..good() }).await);
        assert_eq!(field, "started_at");
        assert!(reason.contains("future"), "{reason}");
        let long = |length| Some("ü".repeat(length));
        for (call, field) in [
            (RecordPlay { track: TrackId(2), ..good() }, "id"),
            (RecordPlay { listened_ms: 86_400_001, ..good() }, "listened_ms"),
            (RecordPlay { listened_ms: u64::MAX, ..good() }, "listened_ms"),
            (RecordPlay { source: long(201), ..good() }, "source"),
            (RecordPlay { id: long(65), ..good() }, "id"),
            (RecordPlay { id: long(0), ..good() }, "id"),
        ] {
            assert_eq!(invalid_field(house.ask(&anna, call).await), field);
        }
        let at_most = RecordPlay { listened_ms: 86_400_000, source: long(200), ..good() };
        house.ask(&anna, RecordPlay { id: long(64), ..at_most }).await.unwrap();
        assert_eq!(refused(house.ask(&anna, heard(9, NOW, 1)).await), not_found("track"));
        let elsewhere = limited(ANNA, &[2]);
        assert_eq!(refused(house.ask(&elsewhere, good()).await), not_found("track"));
        assert_eq!(plays_of(&house, 10).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn texts_are_tidied() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let device = format!("A\u{0}\nB{}", "é".repeat(300));
        let call = RecordPlay { source: Some(String::new()), device, ..heard(1, NOW, 1) };
        let told = house.ask(&listener(ANNA), call).await.unwrap().play;
        assert_eq!(told.source, None);
        assert_eq!(told.device, format!("AB{}", "é".repeat(198)));
    })
    .await;
}

#[tokio::test]
async fn the_list_has_the_newest_first_and_only_what_is_seen() {
    both_ways(async |house| {
        house.scan((1..=6).map(|id| Song::new(id).library(1 + id % 2))).await;
        let anna = listener(ANNA);
        let old = Timestamp::from_millis(-1_000);
        for (id, at) in [(1, old), (2, NOW), (3, minutes_ago(5)), (4, minutes_ago(3))] {
            house.play(&anna, id, at).await;
        }
        for id in [5, 6] {
            house.play(&anna, id, minutes_ago(4)).await;
        }
        house.play(&listener(BEN), 1, NOW).await;
        let mut all = plays_of(&house, 2).await;
        assert_eq!(
            all.iter().map(|play| play.0).filter(|id| *id < 5).collect::<Vec<_>>(),
            [2, 4, 3, 1]
        );
        assert_eq!(all.len(), 6);
        all.retain(|play| play.0 % 2 == 0);
        let second = limited(ANNA, &[1]);
        let seen = house.pages(&second, 2, |paging| ListPlays { paging }).await;
        assert_eq!(
            seen.iter().map(|play| play.track.0).collect::<Vec<_>>(),
            all.iter().map(|play| play.0).collect::<Vec<_>>()
        );
        assert_eq!(house.pages(&limited(ANNA, &[]), 2, |paging| ListPlays { paging }).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_jumps_back_stops_nobody() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        house.play(&anna, 1, NOW).await;
        let list = house.playlist(&anna, "list", &[1]).await;
        let hexachord_contracts::Clock::Manual(millis) = &house.clock else { panic!("manual") };
        millis.store(i64::MIN, std::sync::atomic::Ordering::Relaxed);
        let long_ago = Timestamp::from_millis(i64::MIN);
        house.play(&anna, 1, long_ago).await;
        assert_eq!(invalid_field(house.ask(&anna, heard(1, NOW, 1)).await), "started_at");
        let love = hexachord_contracts::profile::SetFavourite { item: track(1), favourite: true };
        assert_eq!(house.ask(&anna, love).await.unwrap().favourite_since, Some(long_ago));
        let call = hexachord_contracts::profile::AddToPlaylist {
            playlist: list.id,
            tracks: vec![TrackId(1)],
            at: None,
            revision: None,
        };
        assert_eq!(house.ask(&anna, call).await.unwrap().changed_at, long_ago);
        assert_eq!(plays_of(&house, 1).await.len(), 2);
    })
    .await;
}
