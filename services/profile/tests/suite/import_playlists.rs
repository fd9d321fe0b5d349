//! Playlists of another program: made once, brought up to date, left alone when they are changed here.

use hexachord_contracts::{
    ids::AccountId,
    profile::{
        GetPlaylist, ImportPlaylist, ImportedPlaylist, ListPlaylists, Playlist, ProfileError,
        RemovePlaylist, Taken, UpdatePlaylist,
    },
};

use crate::{
    house::{
        ANNA, House, administrator, both_ways, ids, invalid_field, listener, not_found, refused,
        system,
    },
    songs::{MINUTES_2, Song},
};

fn theirs(tracks: &[u64]) -> ImportPlaylist {
    ImportPlaylist {
        account: AccountId(ANNA),
        source: "elsewhere".to_owned(),
        key: "a1".to_owned(),
        name: "Evening".to_owned(),
        description: "calm".to_owned(),
        public: true,
        tracks: ids(tracks),
        dry_run: false,
    }
}

async fn import(house: &House, call: ImportPlaylist) -> ImportedPlaylist {
    house.ask(&system(), call).await.unwrap()
}

async fn get(house: &House, imported: ImportedPlaylist) -> Playlist {
    let playlist = imported.playlist.unwrap();
    house.ask(&listener(ANNA), GetPlaylist { playlist }).await.unwrap()
}

async fn playlists(house: &House) -> usize {
    house.ask(&listener(ANNA), ListPlaylists::default()).await.unwrap().items.len()
}

#[tokio::test]
async fn it_is_made_once_and_brought_up_to_date() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2)]).await;
        let first = import(&house, theirs(&[2, 1, 2])).await;
        assert_eq!(first.taken, Taken::New);
        let made = get(&house, first).await;
        assert_eq!((&*made.name, &*made.description, made.public), ("Evening", "calm", true));
        assert_eq!((made.owner, made.track_count), (AccountId(ANNA), 3));
        assert_eq!(house.entries(&listener(ANNA), &made).await, [(0, 2), (1, 1), (2, 2)]);
        let again = import(&house, theirs(&[2, 1, 2])).await;
        assert_eq!(again, ImportedPlaylist { taken: Taken::Known, ..first });
        assert_eq!(get(&house, first).await, made);

        let renamed = ImportPlaylist { name: "Night".to_owned(), public: false, ..theirs(&[1]) };
        let changed = import(&house, renamed).await;
        assert_eq!(changed, ImportedPlaylist { taken: Taken::Changed, ..first });
        let now = get(&house, first).await;
        assert_eq!((&*now.name, now.public, now.track_count), ("Night", false, 1));
        assert_eq!((now.duration_ms, now.revision), (MINUTES_2, made.revision + 1));
        let other = ImportPlaylist { key: "a2".to_owned(), ..theirs(&[1]) };
        assert_eq!(import(&house, other).await.taken, Taken::New);
        assert_eq!(playlists(&house).await, 2);
    })
    .await;
}

#[tokio::test]
async fn what_its_owner_changed_here_stays() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2)]).await;
        let first = import(&house, theirs(&[1])).await;
        let playlist = first.playlist.unwrap();
        let rename = UpdatePlaylist {
            playlist,
            name: Some("Mine".to_owned()),
            description: None,
            public: None,
        };
        let mine = house.ask(&listener(ANNA), rename).await.unwrap();
        for tracks in [&[1][..], &[1, 2]] {
            let kept = import(&house, theirs(tracks)).await;
            assert_eq!(kept, ImportedPlaylist { taken: Taken::Kept, ..first });
            assert_eq!(get(&house, first).await, mine);
        }
        house.ask(&listener(ANNA), RemovePlaylist { playlist }).await.unwrap();
        let gone = ImportedPlaylist { taken: Taken::Kept, playlist: None };
        assert_eq!(import(&house, theirs(&[1])).await, gone);
        assert_eq!(playlists(&house).await, 0, "it is not made again");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_makes_and_changes_nothing() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2)]).await;
        let dry = |tracks: &[u64]| ImportPlaylist { dry_run: true, ..theirs(tracks) };
        let would = ImportedPlaylist { taken: Taken::New, playlist: None };
        assert_eq!(import(&house, dry(&[1])).await, would);
        assert_eq!(playlists(&house).await, 0);
        let first = import(&house, theirs(&[1])).await;
        let made = get(&house, first).await;
        assert_eq!(import(&house, dry(&[2])).await.taken, Taken::Changed);
        assert_eq!(get(&house, first).await, made);
    })
    .await;
}

#[tokio::test]
async fn texts_are_fitted_and_the_rest_is_refused() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let long = ImportPlaylist {
            name: format!(" a\u{1}{} ", "x".repeat(500)),
            description: "y".repeat(5_000),
            ..theirs(&[])
        };
        let long = import(&house, long).await;
        let made = get(&house, long).await;
        assert_eq!(made.name, format!("a {}", "x".repeat(198)));
        assert_eq!(made.description.len(), 2_000);
        let unnamed = ImportPlaylist { name: " ".to_owned(), key: "b".to_owned(), ..theirs(&[]) };
        let unnamed = import(&house, unnamed).await;
        assert_eq!(get(&house, unnamed).await.name, "Untitled");
        let refusing = |call| async { house.ask(&system(), call).await };
        let call = ImportPlaylist { key: String::new(), ..theirs(&[]) };
        assert_eq!(invalid_field(refusing(call).await), "key");
        let call = ImportPlaylist { source: "A".to_owned(), ..theirs(&[]) };
        assert_eq!(invalid_field(refusing(call).await), "source");
        assert_eq!(invalid_field(refusing(theirs(&vec![1; 25_001])).await), "tracks");
        assert_eq!(invalid_field(refusing(theirs(&[1, 9])).await), "tracks[1]");
        let nobody = ImportPlaylist { account: AccountId(77), ..theirs(&[]) };
        assert_eq!(refused(refusing(nobody).await), not_found("account"));
        let mine = house.ask(&administrator(ANNA), theirs(&[])).await;
        assert_eq!(refused(mine), ProfileError::Forbidden);
    })
    .await;
}
