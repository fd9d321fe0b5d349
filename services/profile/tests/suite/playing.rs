//! What is played now, and the plays that reports come to.

use std::time::Duration;

use hexachord_contracts::{
    Context,
    ids::TrackId,
    profile::{
        ListNowPlaying, ListPlays, NowPlaying, Play, PlaybackState, ProfileError, RecordPlay,
        RecordedPlay, ReportPlayback,
    },
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, anonymous, both_ways, heard, invalid_field, limited, listener,
        not_found, refused, system, track,
    },
    songs::Song,
};
use PlaybackState::{Paused, Playing, Starting, Stopped};

/// A listener with a player.
struct Player<'h> {
    house: &'h House,
    who: Context,
    device: &'static str,
}

impl Player<'_> {
    async fn reports(
        &self,
        track: u64,
        state: PlaybackState,
        seconds: u64,
    ) -> Option<RecordedPlay> {
        let call = report(track, self.device, state, seconds * 1000);
        self.house.ask(&self.who, call).await.unwrap()
    }

    /// So many seconds pass.
    fn waits(&self, seconds: u64) {
        self.house.clock.advance(Duration::from_secs(seconds));
    }

    async fn plays(&self) -> Vec<Play> {
        self.house.pages(&self.who, 500, |paging| ListPlays { paging }).await
    }

    async fn counted(&self, id: u64) -> u32 {
        self.house.annotation(&self.who, track(id)).await.plays
    }
}

fn report(track: u64, device: &str, state: PlaybackState, position_ms: u64) -> ReportPlayback {
    let rate_permille = ReportPlayback::USUAL_RATE;
    let (track, device) = (TrackId(track), device.to_owned());
    ReportPlayback { track, device, position_ms, state, rate_permille, count: true }
}

async fn anna(house: &House) -> Player<'_> {
    house.scan([Song::new(1), Song::new(2), Song::new(3).library(2)]).await;
    Player { house, who: listener(ANNA), device: "a phone" }
}

async fn now_playing(house: &House, who: &Context) -> Vec<NowPlaying> {
    house.ask(who, ListNowPlaying {}).await.unwrap()
}

/// Tracks and positions in seconds.
async fn told(house: &House, who: &Context) -> Vec<(u64, u64)> {
    let all = now_playing(house, who).await;
    all.iter().map(|playing| (playing.track.0, playing.position_ms / 1000)).collect()
}

#[tokio::test]
async fn everybody_sees_what_is_played() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        let ben = listener(BEN);
        assert_eq!(now_playing(&house, &ben).await, []);
        anna.reports(1, Starting, 0).await;
        anna.waits(1);
        anna.reports(1, Playing, 0).await;
        anna.waits(10);
        let expected = NowPlaying {
            account: anna.who.account().unwrap(),
            username: "Anna".to_owned(),
            track: TrackId(1),
            device: "a phone".to_owned(),
            state: Playing,
            position_ms: 10_000,
            rate_permille: 1_000,
            started_at: NOW,
            reported_at: NOW.plus(Duration::from_secs(1)),
        };
        assert_eq!(now_playing(&house, &ben).await, [expected]);
        let also = Player { house: &house, who: ben, device: "a desk" };
        also.reports(3, Playing, 30).await;
        for (who, seen) in [
            (&anna.who, vec![(3, 30), (1, 10)]),
            (&also.who, vec![(3, 30), (1, 10)]),
            (&system(), vec![(3, 30), (1, 10)]),
            (&limited(BEN, &[1]), vec![(1, 10)]),
            (&limited(ANNA, &[]), vec![]),
        ] {
            assert_eq!(told(&house, who).await, seen);
        }
        assert_eq!(
            refused(house.ask(&anonymous(), ListNowPlaying {}).await),
            ProfileError::Forbidden
        );
        // Another track takes the place of the one before, and a stop ends it.
        anna.waits(1);
        anna.reports(2, Playing, 5).await;
        assert_eq!(told(&house, &also.who).await, [(2, 5), (3, 31)]);
        anna.reports(2, Stopped, 5).await;
        also.reports(3, Stopped, 31).await;
        assert_eq!(told(&house, &also.who).await, []);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_ends_ends_by_itself() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        anna.reports(1, Playing, 30).await;
        // 90 seconds of it are left, and 30 of grace.
        anna.waits(100);
        assert_eq!(told(&house, &anna.who).await, [(1, 120)], "never behind its end");
        anna.waits(20);
        assert_eq!(told(&house, &anna.who).await, [(1, 120)]);
        anna.waits(1);
        assert_eq!(told(&house, &anna.who).await, []);
        anna.reports(1, Paused, 60).await;
        anna.waits(30 * 60);
        assert_eq!(told(&house, &anna.who).await, [(1, 60)], "a pause does not move");
        anna.waits(1);
        assert_eq!(told(&house, &anna.who).await, []);
        // Twice as fast is over in half the time.
        let call = ReportPlayback { rate_permille: 2_000, ..report(1, "a phone", Playing, 0) };
        house.ask(&anna.who, call).await.unwrap();
        anna.waits(30);
        assert_eq!(told(&house, &anna.who).await, [(1, 60)]);
        anna.waits(61);
        assert_eq!(told(&house, &anna.who).await, []);
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_gone_plays_nothing() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        anna.reports(1, Playing, 0).await;
        house.accounts.remove(ANNA);
        house.is_up_to_date().await;
        assert_eq!(told(&house, &listener(BEN)).await, []);
    })
    .await;
}

#[tokio::test]
async fn half_a_track_is_a_play() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        anna.reports(1, Starting, 0).await;
        anna.reports(1, Playing, 0).await;
        anna.waits(30);
        assert_eq!(anna.reports(1, Paused, 30).await, None);
        anna.waits(600);
        assert_eq!(anna.reports(1, Playing, 30).await, None, "a pause is not heard");
        anna.waits(29);
        assert_eq!(anna.reports(1, Playing, 59).await, None);
        anna.waits(1);
        let recorded = anna.reports(1, Playing, 60).await.unwrap();
        assert!(recorded.new && recorded.play.counted);
        assert_eq!((recorded.play.started_at, recorded.play.listened_ms), (NOW, 60_000));
        assert_eq!(recorded.play.device, "a phone");
        anna.waits(40);
        let same = anna.reports(1, Stopped, 100).await.unwrap();
        assert_eq!(
            (same.new, same.play.id, same.play.listened_ms),
            (false, recorded.play.id, 100_000)
        );
        assert_eq!(anna.reports(1, Stopped, 100).await, Some(same), "twice is once");
        assert_eq!((anna.plays().await.len(), anna.counted(1).await), (1, 1));
        // Again, from the beginning.
        anna.reports(1, Starting, 0).await;
        anna.waits(70);
        assert!(anna.reports(1, Stopped, 70).await.unwrap().new);
        assert_eq!(anna.counted(1).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_seek_is_not_heard() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        anna.reports(1, Playing, 0).await;
        anna.waits(10);
        anna.reports(1, Playing, 115).await;
        anna.waits(5);
        assert_eq!(anna.reports(1, Stopped, 120).await, None);
        // Nor is a stream that does not come.
        anna.reports(2, Starting, 0).await;
        anna.waits(80);
        assert_eq!(anna.reports(2, Playing, 0).await, None);
        anna.waits(200);
        assert_eq!(anna.reports(2, Stopped, 40).await, None);
        // What is heard again after a seek back is heard.
        anna.reports(2, Playing, 0).await;
        anna.waits(40);
        anna.reports(2, Playing, 40).await;
        anna.reports(2, Playing, 10).await;
        anna.waits(40);
        assert!(anna.reports(2, Stopped, 50).await.is_some());
        assert_eq!(anna.plays().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_next_track_ends_the_one_before() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        anna.reports(1, Playing, 0).await;
        anna.waits(120);
        assert_eq!(anna.reports(2, Starting, 0).await, None, "nothing of this one was heard");
        assert_eq!((anna.counted(1).await, anna.counted(2).await), (1, 0));
        // Some players tell the end of the last track after the beginning of the next.
        assert_eq!(anna.reports(1, Stopped, 120).await, None);
        assert_eq!(told(&house, &anna.who).await, [(2, 0)]);
        // Who was silent for too long was not heard to the end.
        anna.waits(24 * 60);
        anna.reports(1, Starting, 0).await;
        assert_eq!((anna.counted(1).await, anna.counted(2).await), (1, 0));
        // A track that repeats counts again and again.
        for _ in 0..6 {
            anna.reports(1, Playing, 0).await;
            anna.waits(60);
            anna.reports(1, Playing, 60).await;
            anna.waits(60);
        }
        anna.reports(1, Stopped, 120).await;
        assert_eq!(anna.counted(1).await, 7);
    })
    .await;
}

#[tokio::test]
async fn who_wants_none_has_none() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        let quietly = |track, state, seconds: u64| ReportPlayback {
            count: false,
            ..report(track, "a phone", state, seconds * 1000)
        };
        house.ask(&anna.who, quietly(1, Playing, 0)).await.unwrap();
        anna.waits(100);
        assert_eq!(house.ask(&anna.who, quietly(1, Playing, 100)).await.unwrap(), None);
        anna.reports(2, Playing, 0).await;
        anna.waits(100);
        assert_eq!(house.ask(&anna.who, quietly(2, Stopped, 100)).await.unwrap(), None);
        assert_eq!(anna.plays().await, []);
    })
    .await;
}

/// As a client that tells of a play by itself.
fn scrobble(track: u64, seconds: u64) -> RecordPlay {
    let at = NOW.plus(Duration::from_secs(seconds));
    RecordPlay { device: "a phone".to_owned(), ..heard(track, at, 120_000) }
}

#[tokio::test]
async fn a_client_that_does_both_counts_once() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        // The report first: whatever time the client names, it is the same play.
        anna.reports(1, Playing, 0).await;
        anna.waits(70);
        let reported = anna.reports(1, Playing, 70).await.unwrap();
        for seconds in [0, 70, 130, 1_800] {
            anna.waits(if seconds == 1_800 { 1_700 } else { 0 });
            let same = house.ask(&anna.who, scrobble(1, seconds)).await.unwrap();
            assert_eq!((same.new, same.play.id), (false, reported.play.id), "{seconds}");
        }
        let named = RecordPlay { id: Some("mine".to_owned()), ..scrobble(1, 3) };
        assert!(!house.ask(&anna.who, named).await.unwrap().new);
        anna.reports(1, Stopped, 120).await;
        assert_eq!((anna.plays().await.len(), anna.counted(1).await), (1, 1));

        // The client first.
        let began = 1_770;
        anna.reports(2, Starting, 0).await;
        anna.waits(1);
        let scrobbled = house.ask(&anna.who, scrobble(2, began)).await.unwrap();
        anna.waits(100);
        let same = anna.reports(2, Stopped, 101).await.unwrap();
        assert_eq!((same.new, same.play.id), (false, scrobbled.play.id));
        assert_eq!(anna.counted(2).await, 1);

        // Another device is another play.
        let other = RecordPlay { device: "a desk".to_owned(), ..scrobble(1, 0) };
        assert!(house.ask(&anna.who, other).await.unwrap().new);
        assert_eq!(anna.counted(1).await, 2);
    })
    .await;
}

#[tokio::test]
async fn repeats_of_a_client_that_does_both_count_each() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        for round in 0..3 {
            anna.reports(1, Starting, 0).await;
            if round == 1 {
                house.ask(&anna.who, scrobble(1, round * 120)).await.unwrap();
            }
            anna.waits(120);
            anna.reports(1, Stopped, 120).await;
            house.ask(&anna.who, scrobble(1, round * 120)).await.unwrap();
        }
        assert_eq!((anna.plays().await.len(), anna.counted(1).await), (3, 3));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        for hidden in [3, 9] {
            let call = report(hidden, "a phone", Playing, 0);
            let refusal = refused(house.ask(&limited(ANNA, &[1]), call).await);
            assert_eq!(refusal, not_found("track"));
        }
        let month = 30 * 24 * 60 * 60 * 1000;
        let far = report(1, "a phone", Playing, month + 1);
        assert_eq!(invalid_field(house.ask(&anna.who, far).await), "position_ms");
        let fast = ReportPlayback { rate_permille: 16_001, ..report(1, "a phone", Playing, 0) };
        assert_eq!(invalid_field(house.ask(&anna.who, fast).await), "rate_permille");
        for who in [system(), anonymous()] {
            let call = report(1, "a phone", Playing, 0);
            assert_eq!(refused(house.ask(&who, call).await), ProfileError::Forbidden);
        }
        assert_eq!(told(&house, &anna.who).await, []);
        // A track that the feed has not told of yet, of a device with a name like none.
        house.catalog.scan_quietly(Song::new(5));
        let long = "ü\u{0}".repeat(300);
        house.ask(&anna.who, report(5, &long, Playing, 0)).await.unwrap();
        assert_eq!(now_playing(&house, &anna.who).await[0].device, "ü".repeat(200));
    })
    .await;
}

#[tokio::test]
async fn devices_are_remembered_up_to_a_number() {
    both_ways(async |house| {
        let anna = anna(&house).await;
        for device in 0..40 {
            anna.waits(1);
            let call = report(1, &format!("device {device}"), Paused, 0);
            house.ask(&anna.who, call).await.unwrap();
        }
        let all = now_playing(&house, &anna.who).await;
        assert_eq!((all.len(), all[0].device.as_str()), (16, "device 39"));
        assert_eq!(all[15].device, "device 24");
        // A new incarnation knows them, too.
        let newer = house.incarnate().await;
        assert_eq!(newer.call(&anna.who, ListNowPlaying {}).await.unwrap(), all);
    })
    .await;
}
