//! What changes of listeners is told to whoever waits for it.

use std::time::Duration;

use hexachord_contracts::{
    ids::{AccountId, TrackId},
    profile::{
        AwaitListening, ListeningNews, PlaybackState, ProfileError, ReportPlayback, SavePlayQueue,
    },
};
use tokio::time::timeout;

use crate::{
    house::{ANNA, BEN, House, PATIENCE, both_ways, listener, refused, system},
    songs::{MINUTES_2, Song},
};
use PlaybackState::{Paused, Playing, Starting, Stopped};

/// What is new since a revision, without a wait.
async fn since(house: &House, revision: u64) -> ListeningNews {
    let call = AwaitListening { changed_from: Some(revision), wait_ms: 0 };
    house.ask(&system(), call).await.unwrap()
}

async fn report(house: &House, track: u64, state: PlaybackState, position_ms: u64) {
    report_of(house, "a phone", track, state, position_ms).await;
}

async fn report_of(
    house: &House,
    device: &str,
    track: u64,
    state: PlaybackState,
    position_ms: u64,
) {
    let rate_permille = ReportPlayback::USUAL_RATE;
    let (track, device) = (TrackId(track), device.to_owned());
    let call = ReportPlayback { track, device, position_ms, state, rate_permille, count: true };
    house.ask(&listener(ANNA), call).await.unwrap();
}

async fn save_queue(house: &House, who: u64, tracks: &[u64]) {
    let call = SavePlayQueue {
        tracks: tracks.iter().copied().map(TrackId).collect(),
        current: (!tracks.is_empty()).then_some(0),
        position_ms: 0,
        client: "a phone".to_owned(),
    };
    house.ask(&listener(who), call).await.unwrap();
}

#[tokio::test]
async fn queues_and_what_is_played_are_told_apart() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2)]).await;
        let first = house.ask(&system(), AwaitListening::default()).await.unwrap();
        assert_eq!((first.now_playing, &first.queues), (true, &None), "everything may be new");
        assert_eq!(since(&house, first.revision).await.queues, Some(vec![]));

        save_queue(&house, ANNA, &[1, 2]).await;
        save_queue(&house, BEN, &[]).await;
        let told = since(&house, first.revision).await;
        assert_eq!(
            (told.now_playing, told.queues),
            (false, Some(vec![AccountId(ANNA), AccountId(BEN)]))
        );

        let mut seen = told.revision;
        let mut expect = async |is_news: bool, what: &str| {
            let told = since(&house, seen).await;
            assert_eq!((told.now_playing, told.queues), (is_news, Some(vec![])), "{what}");
            seen = told.revision;
        };
        report(&house, 1, Starting, 0).await;
        expect(true, "it began").await;
        house.clock.advance(Duration::from_secs(10));
        report(&house, 1, Playing, 9_000).await;
        expect(true, "it goes on").await;
        house.clock.advance(Duration::from_secs(10));
        report(&house, 1, Playing, 19_500).await;
        expect(false, "it is where it must be").await;
        report(&house, 1, Playing, 60_000).await;
        expect(true, "it jumped").await;
        report(&house, 1, Paused, 60_000).await;
        expect(true, "it pauses").await;
        report(&house, 2, Playing, 0).await;
        expect(true, "another one").await;
        report(&house, 2, Stopped, 0).await;
        expect(true, "it ended").await;
        report(&house, 2, Stopped, 0).await;
        expect(false, "it had ended").await;
    })
    .await;
}

#[tokio::test]
async fn an_end_without_a_report_is_told_once() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        report(&house, 1, Playing, 0).await;
        let seen = since(&house, 0).await.revision;
        house.clock.advance(Duration::from_millis(MINUTES_2) + Duration::from_secs(29));
        assert!(!since(&house, seen).await.now_playing);
        house.clock.advance(Duration::from_secs(2));
        let told = since(&house, seen).await;
        assert!(told.now_playing);
        assert!(!since(&house, told.revision).await.now_playing);

        report(&house, 1, Playing, 0).await;
        let seen = since(&house, told.revision).await.revision;
        house.clock.advance(Duration::from_millis(MINUTES_2) + Duration::from_secs(31));
        report(&house, 1, Stopped, MINUTES_2).await;
        let told = since(&house, seen).await;
        assert!(told.now_playing, "it was stopped before anybody saw that it had ended");
        assert!(!since(&house, told.revision).await.now_playing);
    })
    .await;
}

#[tokio::test]
async fn a_device_that_takes_the_place_of_another_is_told() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        for number in 0..16 {
            report_of(&house, &format!("device {number}"), 1, Playing, 0).await;
            house.clock.advance(Duration::from_millis(1));
        }
        let seen = since(&house, 0).await.revision;
        report_of(&house, "one too many", 1, Playing, 0).await;
        assert!(since(&house, seen).await.now_playing);
    })
    .await;
}

#[tokio::test]
async fn whoever_waits_is_woken_and_nobody_else_may_wait() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let seen = since(&house, 0).await.revision;
        let (client, who) = (house.client.clone(), system());
        let call = AwaitListening { changed_from: Some(seen), wait_ms: 20_000 };
        let both = async { tokio::join!(client.call(&who, call), save_queue(&house, ANNA, &[1])) };
        let (told, _saved) = timeout(PATIENCE, Box::pin(both)).await.unwrap();
        let told = told.unwrap();
        assert_eq!(told.queues, Some(vec![AccountId(ANNA)]));
        let call = AwaitListening::default();
        assert_eq!(refused(house.ask(&listener(ANNA), call).await), ProfileError::Forbidden);
    })
    .await;
}
