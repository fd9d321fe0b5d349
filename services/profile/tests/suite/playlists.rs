//! Playlists: how they are made, changed, shared and removed.

use std::time::Duration;

use hexachord_contracts::{
    Context,
    ids::PlaylistId,
    page::Paging,
    profile::{
        AddToPlaylist, CreatePlaylist, GetPlaylist, GetPlaylists, ListEntries, MOST_AT_ONCE,
        MoveInPlaylist, Playlist, ProfileError, RemoveFromPlaylist, RemovePlaylist, UpdatePlaylist,
    },
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, administrator, anonymous, both_ways, ids, invalid, invalid_field,
        limited, listener, new_playlist, not_found, refused, system,
    },
    songs::{MINUTES_2, Song},
};

#[tokio::test]
async fn a_new_playlist_has_what_was_asked_for() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).lasting(0)]).await;
        let anna = listener(ANNA);
        let call = CreatePlaylist {
            name: "  Für  Elise\u{3000}".to_owned(),
            description: " two\nlines ".to_owned(),
            public: true,
            tracks: ids(&[2, 1, 2]),
        };
        let list = house.ask(&anna, call).await.unwrap();
        let expected = Playlist {
            id: list.id,
            name: "Für  Elise".to_owned(),
            description: " two\nlines ".to_owned(),
            public: true,
            owner: anna.account().unwrap(),
            owner_name: "Anna".to_owned(),
            track_count: 3,
            duration_ms: MINUTES_2,
            created_at: NOW,
            changed_at: NOW,
            revision: 1,
        };
        assert_eq!(list, expected);
        let get = GetPlaylist { playlist: list.id };
        assert_eq!(house.ask(&anna, get).await.unwrap(), expected);
        assert_eq!(house.entries(&anna, &list).await, [(0, 2), (1, 1), (2, 2)]);
        let other = house.playlist(&anna, "Für  Elise", &[]).await;
        assert_ne!(other.id, list.id);
        assert_eq!((other.track_count, house.entries(&anna, &other).await), (0, vec![]));
    })
    .await;
}

#[tokio::test]
async fn names_descriptions_and_tracks_have_limits() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).library(2)]).await;
        let anna = listener(ANNA);
        let list = house.playlist(&anna, &"ü".repeat(200), &[]).await;
        for name in ["", "  \t", &"ü".repeat(201), "a\nb", "\u{7}"] {
            let create = new_playlist(name, false, &[]);
            assert_eq!(invalid_field(house.ask(&anna, create).await), "name", "{name:?}");
            let update = UpdatePlaylist { name: Some(name.to_owned()), ..nothing(list.id) };
            assert_eq!(invalid_field(house.ask(&anna, update).await), "name", "{name:?}");
        }
        let longest = Some("ü".repeat(2_000));
        let update = UpdatePlaylist { description: longest, ..nothing(list.id) };
        house.ask(&anna, update).await.unwrap();
        let update = UpdatePlaylist { description: Some("ü".repeat(2_001)), ..nothing(list.id) };
        assert_eq!(invalid_field(house.ask(&anna, update).await), "description");
        let many = vec![1; MOST_AT_ONCE + 1];
        assert_eq!(
            invalid_field(house.ask(&anna, new_playlist("x", false, &many)).await),
            "tracks"
        );
        for (who, tracks, first) in [
            (&anna, [1, 1, 9, 8], 2),
            (&limited(ANNA, &[1]), [1, 2, 9, 1], 1),
            (&limited(ANNA, &[1]), [1, 9, 2, 1], 1),
        ] {
            let expected = (format!("tracks[{first}]"), "no such track".to_owned());
            let create = new_playlist("x", false, &tracks);
            assert_eq!(invalid(house.ask(who, create).await), expected);
            let add =
                AddToPlaylist { playlist: list.id, tracks: ids(&tracks), at: None, revision: None };
            assert_eq!(invalid(house.ask(who, add).await), expected);
        }
        assert_eq!(house.entries(&anna, &list).await, [], "nothing was changed");
    })
    .await;
}

fn nothing(playlist: PlaylistId) -> UpdatePlaylist {
    UpdatePlaylist { playlist, name: None, description: None, public: None }
}

#[tokio::test]
async fn what_is_absent_stays() {
    both_ways(async |house| {
        let anna = listener(ANNA);
        let list = house.public_playlist(&anna, "one", &[]).await;
        house.clock.advance(Duration::from_secs(1));
        let same = house.ask(&anna, nothing(list.id)).await.unwrap();
        assert_eq!(same, list);
        let call = UpdatePlaylist { name: Some("two ".to_owned()), ..nothing(list.id) };
        let renamed = house.ask(&anna, call).await.unwrap();
        let changed_at = house.clock.now();
        let expected = Playlist { name: "two".to_owned(), changed_at, revision: 2, ..list.clone() };
        assert_eq!(renamed, expected);
        let call = UpdatePlaylist {
            description: Some("why".to_owned()),
            public: Some(false),
            ..nothing(list.id)
        };
        let hidden = house.ask(&anna, call).await.unwrap();
        let description = "why".to_owned();
        let expected = Playlist { description, public: false, revision: 3, ..expected };
        assert_eq!(hidden, expected);
        house.ask(&anna, RemovePlaylist { playlist: list.id }).await.unwrap();
        for _ in 0..2 {
            let again = house.ask(&anna, RemovePlaylist { playlist: list.id }).await;
            assert_eq!(refused(again), not_found("playlist"));
        }
    })
    .await;
}

/// What each call answers about a playlist: its refusals in the order of the contract.
async fn every_call(house: &House, who: &Context, playlist: PlaylistId) -> [ProfileError; 5] {
    let revision = Some(77);
    let add = AddToPlaylist { playlist, tracks: ids(&[9]), at: Some(9), revision };
    let shift = MoveInPlaylist { playlist, from: 9, count: 9, to: 9, revision };
    let remove = RemoveFromPlaylist { playlist, positions: vec![9], revision };
    let update = UpdatePlaylist { name: Some("mine".to_owned()), ..nothing(playlist) };
    [
        refused(house.ask(who, update).await),
        refused(house.ask(who, RemovePlaylist { playlist }).await),
        refused(house.ask(who, add).await),
        refused(house.ask(who, shift).await),
        refused(house.ask(who, remove).await),
    ]
}

#[tokio::test]
async fn somebody_elses_playlist() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).library(2)]).await;
        let anna = listener(ANNA);
        let private = house.playlist(&anna, "private", &[1]).await;
        let public = house.public_playlist(&anna, "public", &[1, 2]).await;
        let none = PlaylistId(12);
        for who in [listener(BEN), administrator(BEN)] {
            for id in [private.id, none] {
                let refusals = every_call(&house, &who, id).await;
                assert!(refusals.iter().all(|error| *error == not_found("playlist")));
                let get = GetPlaylist { playlist: id };
                assert_eq!(refused(house.ask(&who, get).await), not_found("playlist"));
                let entries = ListEntries { playlist: id, paging: Paging::default() };
                assert_eq!(refused(house.ask(&who, entries).await), not_found("playlist"));
            }
            let refusals = every_call(&house, &who, public.id).await;
            assert!(refusals.iter().all(|error| *error == ProfileError::NotYours));
            let get = GetPlaylist { playlist: public.id };
            assert_eq!(house.ask(&who, get).await.unwrap(), public);
            assert_eq!(house.entries(&who, &public).await, [(0, 1), (1, 2)]);
            let all = GetPlaylists { playlists: vec![none, public.id, private.id, public.id] };
            let expected = [None, Some(public.clone()), None, Some(public.clone())];
            assert_eq!(house.ask(&who, all).await.unwrap(), expected);
        }
        let ben = limited(BEN, &[2]);
        let get = GetPlaylist { playlist: public.id };
        let seen = house.ask(&ben, get).await.unwrap();
        assert_eq!((seen.track_count, seen.duration_ms), (1, MINUTES_2));
        assert_eq!(house.entries(&ben, &public).await, [(1, 2)]);
        let many = GetPlaylists { playlists: vec![none; 501] };
        assert_eq!(invalid_field(house.ask(&ben, many).await), "playlists");
    })
    .await;
}

#[tokio::test]
async fn the_program_reads_and_nobody_else_without_an_account() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let list = house.playlist(&listener(ANNA), "private", &[1]).await;
        let get = || GetPlaylist { playlist: list.id };
        assert_eq!(house.ask(&system(), get()).await.unwrap(), list);
        assert_eq!(house.entries(&system(), &list).await, [(0, 1)]);
        let refusals = every_call(&house, &system(), list.id).await;
        assert!(refusals.iter().all(|error| *error == ProfileError::Forbidden));
        let nobody = anonymous();
        let refusals = every_call(&house, &nobody, list.id).await;
        assert!(refusals.iter().all(|error| *error == ProfileError::Forbidden));
        assert_eq!(refused(house.ask(&nobody, get()).await), ProfileError::Forbidden);
        let all = GetPlaylists { playlists: vec![] };
        assert_eq!(refused(house.ask(&nobody, all).await), ProfileError::Forbidden);
    })
    .await;
}

#[tokio::test]
async fn an_owner_is_shown_by_the_name_of_now() {
    both_ways(async |house| {
        let list = house.public_playlist(&listener(ANNA), "list", &[]).await;
        house.accounts.put(ANNA, "Annabel");
        house.is_up_to_date().await;
        let seen = house.ask(&listener(BEN), GetPlaylist { playlist: list.id }).await.unwrap();
        assert_eq!(seen, Playlist { owner_name: "Annabel".to_owned(), ..list });
        // The feed is late: authentication is asked.
        house.accounts.put_quietly(9, "Nina");
        assert_eq!(house.playlist(&listener(9), "list", &[]).await.owner_name, "Nina");
    })
    .await;
}
