//! Shares: who makes them, who finds what by their secrets, and when they end.

use std::{collections::BTreeSet, time::Duration};

use hexachord_contracts::{
    Context, Timestamp,
    authentication::Secret,
    ids::{PlaylistId, TrackId},
    item::ItemId,
    page::Paging,
    profile::{
        CreateShare, Expiry, FindShared, FoundShared, ListShares, MOST_SHARED, OpenShare,
        OpenedShare, ProfileError, RemoveShare, Share, UpdatePlaylist, UpdateShare,
    },
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, album, anonymous, artist, both_ways, invalid_field, limited,
        listener, not_found, refused, system, track,
    },
    songs::Song,
};

fn of(items: &[ItemId], playlists: &[PlaylistId]) -> CreateShare {
    CreateShare {
        items: items.to_vec(),
        playlists: playlists.to_vec(),
        description: String::new(),
        expires_at: None,
    }
}

fn nothing(share: &Share) -> UpdateShare {
    UpdateShare { share: share.id, description: None, expires: None }
}

fn open(share: &Share) -> OpenShare {
    OpenShare { secret: share.secret.clone(), visit: true }
}

fn seconds(count: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(count))
}

async fn shares(house: &House, who: &Context) -> Vec<Share> {
    house.pages(who, 2, |paging| ListShares { paging }).await
}

/// Which of the first tracks can be found.
async fn found(house: &House, share: &Share) -> Vec<u64> {
    let mut found = Vec::new();
    for id in 1..=9 {
        let call = FindShared { secret: share.secret.clone(), track: TrackId(id) };
        match house.ask(&anonymous(), call).await {
            Ok(FoundShared { share: id_of, owner }) => {
                assert_eq!((id_of, owner.0), (share.id, ANNA));
                found.push(id);
            }
            refusal => assert_eq!(refused(refusal), not_found("track")),
        }
    }
    found
}

#[tokio::test]
async fn a_share_is_made_listed_changed_and_removed() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2)]).await;
        let (anna, ben) = (listener(ANNA), listener(BEN));
        let list = house.playlist(&anna, "list", &[2]).await;
        let call = CreateShare {
            description: "for you".to_owned(),
            expires_at: Some(seconds(60)),
            ..of(&[track(1), album(1), artist(1)], &[list.id])
        };
        let first = house.ask(&anna, call).await.unwrap();
        let expected = Share {
            id: first.id,
            secret: first.secret.clone(),
            items: vec![track(1), album(1), artist(1)],
            playlists: vec![list.id],
            description: "for you".to_owned(),
            created_at: NOW,
            changed_at: NOW,
            expires_at: Some(seconds(60)),
            visits: 0,
            last_visited_at: None,
        };
        assert_eq!(first, expected);
        house.clock.advance(Duration::from_secs(1));
        let second = house.ask(&anna, of(&[track(1)], &[])).await.unwrap();
        let third = house.ask(&ben, of(&[track(1)], &[])).await.unwrap();
        let secrets = [&first, &second, &third].map(|share| share.secret.reveal().to_owned());
        let different: BTreeSet<_> = secrets.iter().collect();
        assert_eq!(different.len(), 3);
        assert!(secrets.iter().all(|secret| secret.len() == 22), "128 bits: {secrets:?}");
        assert_eq!(shares(&house, &anna).await, [second.clone(), first.clone()]);
        assert_eq!(shares(&house, &ben).await, [third]);

        let call = UpdateShare {
            description: Some("for all".to_owned()),
            expires: Some(Expiry::Never),
            ..nothing(&first)
        };
        let changed = house.ask(&anna, call).await.unwrap();
        let expected = Share {
            description: "for all".to_owned(),
            expires_at: None,
            changed_at: seconds(1),
            ..expected
        };
        assert_eq!(changed, expected);
        house.clock.advance(Duration::from_secs(1));
        assert_eq!(house.ask(&anna, nothing(&first)).await.unwrap(), expected);
        let call = UpdateShare { expires: Some(Expiry::At(seconds(90))), ..nothing(&first) };
        assert_eq!(house.ask(&anna, call).await.unwrap().expires_at, Some(seconds(90)));

        let remove = || RemoveShare { share: first.id };
        for call in [
            refused(house.ask(&ben, nothing(&first)).await),
            refused(house.ask(&ben, remove()).await),
        ] {
            assert_eq!(call, not_found("share"), "it is somebody else's");
        }
        house.ask(&anna, remove()).await.unwrap();
        assert_eq!(refused(house.ask(&anna, remove()).await), not_found("share"));
        assert_eq!(refused(house.ask(&anonymous(), open(&first)).await), not_found("share"));
        assert_eq!(shares(&house, &anna).await, [second]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    both_ways(async |house| {
        house.scan([Song::new(1), Song::new(2).library(2).album(2).artists(&[2])]).await;
        let anna = limited(ANNA, &[1]);
        let private = house.playlist(&listener(BEN), "his", &[1]).await;
        assert_eq!(invalid_field(house.ask(&anna, of(&[], &[])).await), "items");
        let many = vec![track(1); MOST_SHARED + 1];
        assert_eq!(invalid_field(house.ask(&anna, of(&many, &[])).await), "items");
        let many = of(&many[..MOST_SHARED], &[private.id]);
        assert_eq!(invalid_field(house.ask(&anna, many).await), "items");
        for (item, what) in [
            (track(2), "track"),
            (track(9), "track"),
            (album(2), "album"),
            (artist(2), "artist"),
            (artist(9), "artist"),
        ] {
            let call = of(&[track(1), item], &[]);
            assert_eq!(refused(house.ask(&anna, call).await), not_found(what));
        }
        for playlist in [private.id, PlaylistId(1)] {
            let call = of(&[track(1)], &[playlist]);
            assert_eq!(refused(house.ask(&anna, call).await), not_found("playlist"));
        }
        let long = CreateShare { description: "x".repeat(2_001), ..of(&[track(1)], &[]) };
        assert_eq!(invalid_field(house.ask(&anna, long).await), "description");
        let late = CreateShare { expires_at: Some(NOW), ..of(&[track(1)], &[]) };
        assert_eq!(invalid_field(house.ask(&anna, late).await), "expires_at");
        assert_eq!(shares(&house, &anna).await, []);
        let known = house.ask(&anna, of(&[track(1)], &[])).await.unwrap();
        let late = UpdateShare { expires: Some(Expiry::At(NOW)), ..nothing(&known) };
        assert_eq!(invalid_field(house.ask(&anna, late).await), "expires_at");
        for who in [system(), anonymous()] {
            let refusals = [
                refused(house.ask(&who, of(&[track(1)], &[])).await),
                refused(house.ask(&who, ListShares { paging: Paging::default() }).await),
                refused(house.ask(&who, nothing(&known)).await),
                refused(house.ask(&who, RemoveShare { share: known.id }).await),
            ];
            assert!(refusals.iter().all(|refusal| *refusal == ProfileError::Forbidden));
        }
        // The feed is late: the catalog is asked about all of them at once.
        for id in 5..=7 {
            house.catalog.scan_quietly(Song::new(id).album(id).artists(&[id]));
        }
        let fresh = of(&[album(5), track(5), artist(6), album(7), track(1)], &[]);
        house.ask(&anna, fresh).await.unwrap();
        assert_eq!(
            refused(house.ask(&listener(77), of(&[track(1)], &[])).await),
            ProfileError::Forbidden
        );
    })
    .await;
}

#[tokio::test]
async fn a_secret_opens_one_share_and_nothing_else() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        let share = house.ask(&anna, of(&[track(1)], &[])).await.unwrap();
        let opened = house.ask(&anonymous(), open(&share)).await.unwrap();
        let expected = OpenedShare {
            id: share.id,
            owner: anna.account().unwrap(),
            owner_name: "Anna".to_owned(),
            items: vec![track(1)],
            playlists: vec![],
            description: String::new(),
            expires_at: None,
        };
        assert_eq!(opened, expected);
        let secret = share.secret.reveal();
        let other = if secret.starts_with('A') { "B" } else { "A" };
        for wrong in [
            "",
            "x",
            &secret[..21],
            &format!("{secret}A"),
            &format!("{secret}=="),
            &format!("{other}{}", &secret[1..]),
            &share.id.to_string(),
            &"A".repeat(100_000),
        ] {
            let call = OpenShare { secret: Secret::new(wrong), visit: true };
            assert_eq!(refused(house.ask(&anonymous(), call).await), not_found("share"));
            let call = FindShared { secret: Secret::new(wrong), track: TrackId(1) };
            assert_eq!(refused(house.ask(&anonymous(), call).await), not_found("share"));
        }
    })
    .await;
}

#[tokio::test]
async fn visits_are_counted() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        let share = house.ask(&anna, of(&[track(1)], &[])).await.unwrap();
        for visits in [1, 1, 2, 3] {
            let commits = *house.store.commits().borrow();
            house.ask(&anonymous(), open(&share)).await.unwrap();
            let look = OpenShare { visit: false, ..open(&share) };
            house.ask(&anonymous(), look).await.unwrap();
            assert_eq!(found(&house, &share).await, [1], "to look or to listen is no visit");
            let seen = shares(&house, &anna).await.remove(0);
            assert_eq!(seen.visits, visits);
            let is_counted = seen.last_visited_at == Some(house.clock.now());
            if !is_counted {
                assert_eq!(*house.store.commits().borrow(), commits, "nothing is written");
            }
            house.clock.advance(Duration::from_millis(if visits == 1 { 500 } else { 1_000 }));
        }
    })
    .await;
}

#[tokio::test]
async fn a_share_ends() {
    both_ways(async |house| {
        house.scan([Song::new(1)]).await;
        let anna = listener(ANNA);
        let call = CreateShare { expires_at: Some(seconds(60)), ..of(&[track(1)], &[]) };
        let share = house.ask(&anna, call).await.unwrap();
        house.clock.advance(Duration::from_secs(59));
        house.ask(&anonymous(), open(&share)).await.unwrap();
        house.clock.advance(Duration::from_secs(1));
        assert_eq!(refused(house.ask(&anonymous(), open(&share)).await), ProfileError::Expired);
        let find = || FindShared { secret: share.secret.clone(), track: TrackId(1) };
        assert_eq!(refused(house.ask(&anonymous(), find()).await), ProfileError::Expired);
        assert_eq!(shares(&house, &anna).await.len(), 1, "its owner sees it");
        let again = UpdateShare { expires: Some(Expiry::Never), ..nothing(&share) };
        house.ask(&anna, again).await.unwrap();
        house.ask(&anonymous(), find()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn only_what_is_shared_is_found() {
    both_ways(async |house| {
        let songs = [
            Song::new(1),
            Song::new(2).album(2).artists(&[2]),
            Song::new(3).album(2).artists(&[3]),
            Song::new(4).album(4).artists(&[4]),
            Song::new(5).album(5).artists(&[4, 5]),
            Song::new(6).album(6).artists(&[6]),
        ];
        house.scan(songs).await;
        let (anna, ben) = (listener(ANNA), listener(BEN));
        let own = house.playlist(&anna, "own", &[6, 1, 6]).await;
        let his = house.public_playlist(&ben, "his", &[4]).await;
        let share = async |call: CreateShare| house.ask(&anna, call).await.unwrap();
        let of_track = share(of(&[track(1)], &[])).await;
        let of_album = share(of(&[album(2)], &[])).await;
        let of_artist = share(of(&[artist(4)], &[])).await;
        let of_lists = share(of(&[], &[own.id, his.id])).await;
        assert_eq!(found(&house, &of_track).await, [1]);
        assert_eq!(found(&house, &of_album).await, [2, 3]);
        assert_eq!(found(&house, &of_artist).await, [4, 5]);
        assert_eq!(found(&house, &of_lists).await, [1, 4, 6]);
        // A share is looked up when it is read.
        house.scan([Song::new(7).album(2), Song::new(3).album(3).artists(&[3])]).await;
        assert_eq!(found(&house, &of_album).await, [2, 7]);
        let hide =
            UpdatePlaylist { playlist: his.id, name: None, description: None, public: Some(false) };
        house.ask(&ben, hide).await.unwrap();
        assert_eq!(found(&house, &of_lists).await, [1, 6], "it is private now");
        house.catalog.forget(2);
        house.is_up_to_date().await;
        assert_eq!(found(&house, &of_album).await, [7]);
        // With its owner everything ends.
        house.accounts.remove(ANNA);
        house.is_up_to_date().await;
        assert_eq!(refused(house.ask(&anonymous(), open(&of_track)).await), not_found("share"));
    })
    .await;
}

/// A message has less than 1 MB.
#[tokio::test]
async fn pages_of_long_shares_are_short() {
    both_ways(async |house| {
        let anna = listener(ANNA);
        house.scan((1..=500).map(Song::new)).await;
        let items: Vec<ItemId> = (1..=500).map(track).collect();
        for _ in 0..120 {
            let long = CreateShare { description: "é".repeat(2_000), ..of(&items, &[]) };
            house.ask(&anna, long).await.unwrap();
        }
        let (mut all, mut cursor) = (BTreeSet::new(), None);
        loop {
            let paging = Paging { limit: Paging::MOST, cursor };
            let page = house.ask(&anna, ListShares { paging }).await.unwrap();
            let bytes = serde_json::to_vec(&page).unwrap().len();
            assert!((1..900_000).contains(&bytes), "{bytes} bytes");
            all.extend(page.items.iter().map(|share| share.id.0));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(all.len(), 120);
    })
    .await;
}
