//! What tracks sound like is told to whoever follows, and follows their audio.

use std::{collections::BTreeMap, fs};

use hexachord_contracts::{
    catalog::{CatalogChange, CatalogSnapshot, Features, FollowCatalog},
    feed::{Changes, FeedCursor},
    ids::TrackId,
};
use hexachord_fixtures::tag;

use super::{all_heard, deaf, measuring, write_tone};
use crate::house::{House, tags};

/// What a follower knows.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sounds {
    features: BTreeMap<TrackId, Features>,
    /// How often something was told of a track.
    told: BTreeMap<TrackId, u32>,
}

impl Sounds {
    fn take(&mut self, change: CatalogChange) {
        let CatalogChange::Features { track, features } = change else { return };
        *self.told.entry(track).or_default() += 1;
        match features {
            Some(features) => drop(self.features.insert(track, *features)),
            None => drop(self.features.remove(&track)),
        }
    }

    async fn snapshot(house: &House) -> (Self, FeedCursor) {
        let (mut sounds, mut after) = (Self::default(), None);
        loop {
            let page = house.ask(|| CatalogSnapshot { after: after.clone(), limit: 2 }).await;
            for change in page.items {
                sounds.take(change);
            }
            if page.next.is_none() {
                return (sounds, page.head);
            }
            after = page.next;
        }
    }

    async fn follow(&mut self, house: &House, mut after: FeedCursor) -> FeedCursor {
        loop {
            let changes = house.ask(|| FollowCatalog { after, limit: 100, wait_ms: 0 }).await;
            let Changes::Page { items, cursor } = changes else { panic!("it is not too old") };
            if items.is_empty() {
                return cursor;
            }
            for change in items {
                self.take(change);
            }
            after = cursor;
        }
    }
}

#[tokio::test]
async fn features_follow_the_audio() {
    let mut house = measuring(&["Music"]).await;
    let (mut sounds, mut cursor) = Sounds::snapshot(&house).await;
    let put = |house: &House, file: &str, level: f64, number, title| {
        write_tone(&house.path(file), &[(level, 20)], &tags("Guido", "Tones", number, title));
    };
    put(&house, "Music/1.wav", -14.0, 1, "Tone");
    put(&house, "Music/2.wav", -200.0, 2, "Silence");
    house.scan().await;
    all_heard(&house).await;
    cursor = sounds.follow(&house, cursor).await;
    let (tone, silence) = (house.track("Tone").await, house.track("Silence").await);
    let heard = sounds.features.get(&tone.id).cloned().expect("it was listened to");
    let lengths = [heard.timbre.len(), heard.rhythm.len(), heard.harmony.len()];
    assert_eq!(lengths, Features::LENGTHS);
    assert_eq!(sounds.features.len(), 1, "silence sounds like nothing");
    assert!(!sounds.told.contains_key(&silence.id));

    // A copy is known at once, a retag is no news.
    deaf(&mut house).await;
    fs::copy(house.path("Music/1.wav"), house.path("Music/3.wav")).unwrap();
    tag(house.path("Music/3.wav"), &tags("Guido", "Tones", 3, "Copy")).unwrap();
    tag(house.path("Music/1.wav"), &tags("Guido", "Tones", 1, "Retagged")).unwrap();
    house.scan().await;
    cursor = sounds.follow(&house, cursor).await;
    let copy = house.track("Copy").await.id;
    assert_eq!(sounds.features.get(&copy), Some(&heard));
    assert_eq!((sounds.told[&tone.id], sounds.told[&copy]), (1, 1));
    assert_eq!(Sounds::snapshot(&house).await.0.features, sounds.features);

    // Who begins anew hears the same, also once a disk was away.
    fs::remove_file(house.path("Music/3.wav")).unwrap();
    house.scan().await;
    cursor = sounds.follow(&house, cursor).await;
    assert_eq!(sounds.features.len(), 2, "a missing track still sounds as it did");
    assert_eq!(Sounds::snapshot(&house).await.0.features, sounds.features);
    assert_eq!(sounds.follow(&house, cursor).await, cursor);
}
