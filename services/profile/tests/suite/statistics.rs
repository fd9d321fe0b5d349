//! What was listened to in some time, counted, and what was played most in it.

use hexachord_contracts::{
    Timestamp,
    item::{ItemId, ItemKind},
    page::Paging,
    profile::{Between, GetStatistics, HourListened, ListTop, Listened, ProfileError, Statistics},
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, album, artist, both_ways, heard, invalid_field, limited, listener,
        minutes_ago, refused, system, track,
    },
    songs::{MINUTES_2, Song},
};

const HOUR: i64 = 60 * 60 * 1000;
/// 2027-01-15, a Friday, at 08:00 UTC.
const FRIDAY: i64 = 1_800_000_000_000;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_millis(FRIDAY + hours * HOUR)
}

const fn between(from: Timestamp, until: Timestamp) -> Between {
    Between { from, until }
}

async fn statistics(house: &House, between: Between, zone_minutes: i32) -> Statistics {
    house.ask(&listener(ANNA), GetStatistics { between, zone_minutes }).await.unwrap()
}

const fn listened(plays: u64, listened_ms: u64) -> Listened {
    Listened { plays, listened_ms }
}

/// A house in which Anna played track 1 on Tuesday night and behind midnight, 2 and 3 on Thursday, and 4,
/// which not everybody sees; of 2 she heard a little more.
async fn played(house: &House) {
    let songs = (1..=4).map(|id| Song::new(id).library(1 + u64::from(id == 4)).album(id / 3));
    house.scan(songs).await;
    let anna = listener(ANNA);
    assert_eq!(NOW.as_millis(), FRIDAY);
    for (id, hours) in [(1, -57), (1, -56), (2, -20), (3, -19), (4, -19)] {
        house.play(&anna, id, at(hours)).await;
    }
    house.ask(&anna, heard(2, at(-18), 5)).await.unwrap();
    house.play(&listener(BEN), 1, minutes_ago(9)).await;
}

fn days(told: &Statistics) -> Vec<(&str, Listened)> {
    told.days.iter().map(|day| (day.day.as_str(), day.listened)).collect()
}

#[tokio::test]
async fn days_and_hours_are_those_of_the_listeners_clock() {
    both_ways(async |house| {
        played(&house).await;
        let all = between(at(-80), at(0));
        let told = statistics(&house, all, 0).await;
        assert_eq!(told.total, listened(5, 5 * MINUTES_2 + 5));
        assert_eq!((told.tracks, told.albums, told.artists), (4, 2, 1));
        let wanted = [
            ("2027-01-12", listened(1, MINUTES_2)),
            ("2027-01-13", listened(1, MINUTES_2)),
            ("2027-01-14", listened(3, 3 * MINUTES_2 + 5)),
            ("2027-01-15", Listened::default()),
        ];
        assert_eq!(days(&told), wanted);
        let hour = |weekday, hour, plays, listened_ms| HourListened {
            weekday,
            hour,
            listened: listened(plays, listened_ms),
        };
        let wanted = [
            hour(2, 23, 1, MINUTES_2),
            hour(3, 0, 1, MINUTES_2),
            hour(4, 12, 1, MINUTES_2),
            hour(4, 13, 2, 2 * MINUTES_2),
            hour(4, 14, 0, 5),
        ];
        assert_eq!(told.hours, wanted);

        // Where it is two hours and a half earlier, both of the first were on Tuesday.
        let told = statistics(&house, all, -150).await;
        assert_eq!(told.total, listened(5, 5 * MINUTES_2 + 5));
        let wanted = [
            ("2027-01-11", Listened::default()),
            ("2027-01-12", listened(2, 2 * MINUTES_2)),
            ("2027-01-13", Listened::default()),
            ("2027-01-14", listened(3, 3 * MINUTES_2 + 5)),
            ("2027-01-15", Listened::default()),
        ];
        assert_eq!(days(&told), wanted);
        assert_eq!(told.hours[..2], [hour(2, 20, 1, MINUTES_2), hour(2, 21, 1, MINUTES_2)]);
    })
    .await;
}

#[tokio::test]
async fn only_what_lies_between_and_may_be_seen_is_counted() {
    both_ways(async |house| {
        played(&house).await;
        // The end is not part of it, the beginning is.
        let told = statistics(&house, between(at(-56), at(-19)), 0).await;
        assert_eq!((told.total, told.tracks), (listened(2, 2 * MINUTES_2), 2));
        let nothing = statistics(&house, between(at(-10), at(0)), 0).await;
        assert_eq!((nothing.total, nothing.hours.len()), (Listened::default(), 0));
        let some = limited(ANNA, &[1]);
        let call = GetStatistics { between: between(at(-80), at(0)), zone_minutes: 0 };
        let told = house.ask(&some, call).await.unwrap();
        assert_eq!((told.total, told.tracks), (listened(4, 4 * MINUTES_2 + 5), 3));
        let call = || GetStatistics { between: between(at(-80), at(0)), zone_minutes: 0 };
        assert_eq!(refused(house.ask(&system(), call()).await), ProfileError::Forbidden);
    })
    .await;
}

#[tokio::test]
async fn times_have_limits() {
    both_ways(async |house| {
        let anna = listener(ANNA);
        let year = at(-399 * 24);
        for (between, zone_minutes, field) in [
            (between(at(0), at(0)), 0, "until"),
            (between(at(1), at(0)), 0, "until"),
            (between(at(-400 * 24), at(1)), 0, "until"),
            (between(Timestamp::from_millis(i64::MIN), at(0)), 0, "until"),
            (between(year, at(0)), 1081, "zone_minutes"),
            (between(year, at(0)), i32::MIN, "zone_minutes"),
        ] {
            let call = GetStatistics { between, zone_minutes };
            assert_eq!(invalid_field(house.ask(&anna, call).await), field);
        }
        let told = statistics(&house, between(year, at(0)), 0).await;
        assert_eq!(told.days.len(), 400);
    })
    .await;
}

#[tokio::test]
async fn the_most_played_of_some_time() {
    both_ways(async |house| {
        played(&house).await;
        let anna = listener(ANNA);
        let time = between(at(-56), at(0));
        let top = async |who, kind, between| -> Vec<(ItemId, u32)> {
            let call = |paging| ListTop { kind, paging, between: Some(between) };
            let top = house.pages(who, 2, call).await;
            top.iter().map(|top| (top.item, top.plays)).collect()
        };
        let all = between(at(-57), at(0));
        let tracks = top(&anna, ItemKind::Track, all).await;
        assert_eq!(tracks[0], (track(1), 2));
        assert_eq!(tracks.len(), 4);
        let tracks = top(&anna, ItemKind::Track, time).await;
        assert_eq!(tracks.last(), Some(&(track(1), 1)), "played before the others");
        assert_eq!(top(&anna, ItemKind::Album, all).await, [(album(0), 3), (album(1), 2)]);
        assert_eq!(top(&anna, ItemKind::Artist, all).await, [(artist(1), 5)]);
        let some = limited(ANNA, &[1]);
        assert_eq!(top(&some, ItemKind::Artist, all).await, [(artist(1), 4)]);
        assert_eq!(top(&listener(BEN), ItemKind::Track, time).await, [(track(1), 1)]);

        let call = |between, cursor| ListTop {
            kind: ItemKind::Track,
            paging: Paging { limit: 1, cursor },
            between,
        };
        let page = house.ask(&anna, call(Some(all), None)).await.unwrap();
        assert!(page.next_cursor.is_some());
        for other in [Some(time), None] {
            let call = call(other, page.next_cursor.clone());
            assert_eq!(invalid_field(house.ask(&anna, call).await), "cursor");
        }
        let turned = Some(between(at(0), at(-1)));
        assert_eq!(invalid_field(house.ask(&anna, call(turned, None)).await), "until");
    })
    .await;
}
