//! Several things at once, as apps tell them: all or nothing.

use hexachord_contracts::{
    ids::TrackId,
    page::Paging,
    profile::{
        Annotation, EditPlaylist, ListPlays, ProfileError, RecordPlay, RecordPlays, SetFavourites,
        UpdatePlaylist,
    },
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, album, both_ways, heard, invalid_field, listener, not_found,
        refused, track,
    },
    songs::{MINUTES_2, Song},
};

async fn house_with_songs(house: &House) {
    house.scan((1..=5).map(Song::new)).await;
}

#[tokio::test]
async fn favourites_are_set_together_or_not_at_all() {
    both_ways(async |house| {
        house_with_songs(&house).await;
        let anna = listener(ANNA);
        let items = [track(1), track(2), album(1), track(1)];
        let set = |favourite| SetFavourites { items: items.to_vec(), favourite };
        let loved = house.ask(&anna, set(true)).await.unwrap();
        let of = |all: &[Annotation]| all.iter().map(|one| one.item).collect::<Vec<_>>();
        assert_eq!(of(&loved), items);
        assert!(loved.iter().all(|one| one.favourite_since == Some(NOW)));
        assert_eq!(house.annotation(&anna, album(1)).await.favourite_since, Some(NOW));
        assert_eq!(house.annotation(&listener(BEN), track(1)).await.favourite_since, None);
        house.ask(&anna, set(false)).await.unwrap();
        assert_eq!(house.annotation(&anna, track(2)).await.favourite_since, None);

        let with_unknown = SetFavourites { items: vec![track(3), track(99)], favourite: true };
        assert_eq!(refused(house.ask(&anna, with_unknown).await), not_found("track"));
        assert_eq!(house.annotation(&anna, track(3)).await.favourite_since, None);
        let many = SetFavourites { items: vec![track(1); 501], favourite: true };
        assert_eq!(invalid_field(house.ask(&anna, many).await), "items");
        let none = SetFavourites { items: Vec::new(), favourite: true };
        assert!(house.ask(&anna, none).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn plays_are_recorded_together_or_not_at_all() {
    both_ways(async |house| {
        house_with_songs(&house).await;
        let anna = listener(ANNA);
        let at = |minutes: u64| NOW.plus(std::time::Duration::from_secs(minutes * 60));
        let plays = || RecordPlays {
            plays: vec![
                heard(1, NOW, MINUTES_2),
                heard(2, at(2), MINUTES_2),
                heard(1, at(4), MINUTES_2),
                heard(1, NOW, MINUTES_2),
            ],
        };
        let new = |all: &[_]| all.iter().map(is_new).collect::<Vec<_>>();
        let recorded = house.ask(&anna, plays()).await.unwrap();
        assert_eq!(new(&recorded), [true, true, true, false]);
        let again = house.ask(&anna, plays()).await.unwrap();
        assert_eq!(new(&again), [false; 4]);
        let count = async || {
            let paging = Paging::first(Paging::MOST);
            house.ask(&anna, ListPlays { paging }).await.unwrap().items.len()
        };
        assert_eq!(count().await, 3);
        assert_eq!(house.annotation(&anna, track(1)).await.plays, 2);

        let ahead = RecordPlay { started_at: at(60 * 24), ..heard(3, NOW, MINUTES_2) };
        let wrong = RecordPlays { plays: vec![heard(3, NOW, MINUTES_2), ahead] };
        assert_eq!(invalid_field(house.ask(&anna, wrong).await), "started_at");
        let named = |track| RecordPlay { id: Some("one".to_owned()), ..heard(track, NOW, 1) };
        let twice = RecordPlays { plays: vec![heard(4, NOW, 1), named(3), named(5)] };
        assert_eq!(invalid_field(house.ask(&anna, twice).await), "id");
        let unknown = RecordPlays { plays: vec![heard(3, NOW, MINUTES_2), heard(99, NOW, 1)] };
        assert_eq!(refused(house.ask(&anna, unknown).await), not_found("track"));
        assert_eq!(count().await, 3);
    })
    .await;
}

fn is_new(recorded: &hexachord_contracts::profile::RecordedPlay) -> bool {
    recorded.new
}

#[tokio::test]
async fn a_playlist_is_edited_in_one_step_or_not_at_all() {
    both_ways(async |house| {
        house_with_songs(&house).await;
        let anna = listener(ANNA);
        let list = house.playlist(&anna, "Day", &[1, 2, 3]).await;
        let edit = |remove: &[u32], add: &[u64], name: Option<&str>, revision| EditPlaylist {
            update: UpdatePlaylist {
                playlist: list.id,
                name: name.map(str::to_owned),
                description: None,
                public: Some(true),
            },
            remove: remove.to_vec(),
            add: add.iter().copied().map(TrackId).collect(),
            revision,
        };
        let edited = house.ask(&anna, edit(&[0, 2], &[4, 2], Some("Night"), None)).await.unwrap();
        assert_eq!((edited.name.as_str(), edited.public, edited.track_count), ("Night", true, 3));
        assert_eq!(house.entries(&anna, &edited).await, [(0, 2), (1, 4), (2, 2)]);

        let stale = house.ask(&anna, edit(&[0], &[], None, Some(list.revision))).await;
        assert!(matches!(refused(stale), ProfileError::Changed { .. }));
        for wrong in [
            edit(&[3], &[1], Some("Other"), None),
            edit(&[0], &[99], Some("Other"), None),
            edit(&[0], &[1], Some(""), None),
        ] {
            house.ask(&anna, wrong).await.unwrap_err();
        }
        let by_ben = house.ask(&listener(BEN), edit(&[0], &[], None, None)).await;
        assert_eq!(refused(by_ben), ProfileError::NotYours);
        let same = house.ask(&anna, edit(&[], &[], None, None)).await.unwrap();
        assert_eq!(same, edited, "nothing of it was done");
    })
    .await;
}
