//! What is like an album or an artist: tracks, albums and artists.

use hexachord_contracts::{
    LibraryAccess, Role,
    ids::{AlbumId, ArtistId, LibraryId},
    item::ItemId,
    recommendation::{
        FindSimilar, FindSimilarAlbums, FindSimilarArtists, Reason, RecommendationError,
        Recommended,
    },
};

use crate::house::{House, account_with, both_ways, ids, listener, refused, track};

impl House {
    /// Twelve artists of four genres, three each; artist `n` has albums `2n - 1` and `2n` of three tracks.
    fn four_genres(&mut self) {
        for id in 1..=72_u64 {
            let album = id.div_ceil(3);
            let artist = album.div_ceil(2);
            let genre = ["Jazz", "Techno", "Folk", "Polka"]
                [usize::try_from((artist - 1) / 3).expect("one of four")];
            self.catalog.put(track(id, &format!("track {id}"), artist, album, &[genre], None));
        }
    }

    async fn similar_to(&self, item: ItemId, limit: u32) -> Vec<Recommended> {
        self.ask(listener(1), FindSimilar { item, limit }).await.expect("there is something")
    }

    async fn albums_like(&self, album: u64) -> Vec<u64> {
        let call = FindSimilarAlbums { album: AlbumId(album), limit: 50 };
        let found = self.ask(listener(1), call).await.expect("it is known");
        found.into_iter().map(|album| album.0).collect()
    }

    async fn artists_like(&self, artist: u64) -> Vec<u64> {
        let call = FindSimilarArtists { artist: ArtistId(artist), limit: 50 };
        let found = self.ask(listener(1), call).await.expect("it is known");
        found.into_iter().map(|artist| artist.0).collect()
    }
}

#[tokio::test]
async fn by_what_is_written_on_their_tracks() {
    both_ways(async |mut house| {
        house.four_genres();
        house.run().await;
        // Artist 4 plays techno, as 5 and 6 do: its albums are 7 and 8, with tracks 19 to 24.
        let like_album = house.similar_to(ItemId::Album(AlbumId(7)), 50).await;
        let found = ids(&like_album);
        assert_eq!(found.len(), 15, "{found:?}");
        assert!(found.iter().all(|id| (22..=36).contains(id)), "not its own: {found:?}");
        let like_artist = house.similar_to(ItemId::Artist(ArtistId(4)), 50).await;
        let found = ids(&like_artist);
        assert_eq!(found.len(), 18);
        assert!(found.iter().all(|id| (19..=36).contains(id)), "its own too: {found:?}");
        let genre = Reason::Genre { genre: "Techno".to_owned() };
        assert_eq!(like_artist.last().unwrap().reason, genre);
        assert_eq!(house.albums_like(7).await, [9, 10, 11, 12]);
        assert_eq!(house.artists_like(4).await, [5, 6]);
        let call = FindSimilarArtists { artist: ArtistId(4), limit: 1 };
        assert_eq!(house.ask(listener(1), call).await.unwrap(), [ArtistId(5)]);
    })
    .await;
}

#[tokio::test]
async fn by_who_hears_them() {
    both_ways(async |mut house| {
        house.two_groups();
        // Nothing is written on them, but that two and two are of one album and artist.
        for id in 1..=60_u64 {
            let group = (id - 1) / 4 * 2 + id % 2;
            house.catalog.put(track(id, &format!("track {id}"), 1 + group, 1 + group, &[], None));
        }
        house.run().await;
        house.trained().await;
        // Of 1 and 3; odd tracks are on even albums.
        let answer = house.similar_to(ItemId::Album(AlbumId(2)), 10).await;
        assert_eq!(answer.len(), 10);
        for one in &answer {
            assert!(one.track.0 % 2 == 1 && one.track.0 > 3, "{answer:?}");
            let Reason::PlayedTogether { track, title } = &one.reason else {
                panic!("nothing is written on it: {one:?}");
            };
            assert!([1, 3].contains(&track.0), "{one:?}");
            assert_eq!(*title, format!("track {}", track.0));
        }
        for found in [house.albums_like(2).await, house.artists_like(2).await] {
            assert!(found.len() >= 10 && !found.contains(&2), "{found:?}");
            assert!(found[..10].iter().all(|group| group % 2 == 0), "{found:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_played_most_speaks_loudest() {
    both_ways(async |mut house| {
        // Artist 1 has made jazz and techno.
        for (id, genre) in [(1, "Jazz"), (2, "Techno")] {
            house.catalog.put(track(id, "its own", 1, id, &[genre], None));
        }
        for (id, genre) in [(3, "Jazz"), (4, "Techno"), (5, "Polka"), (6, "Polka")] {
            house.catalog.put(track(id, "of others", id, id, &[genre], None));
        }
        house.run().await;
        assert_eq!(house.artists_like(1).await, [3, 4], "of equal ones by id");
        house.played(7, 2, 30);
        house.known().await;
        assert_eq!(house.artists_like(1).await, [4, 3], "whoever played it");
        let found = ids(&house.similar_to(ItemId::Artist(ArtistId(1)), 10).await);
        assert_eq!(found, [2, 1, 4, 3]);
    })
    .await;
}

#[tokio::test]
async fn one_track_that_fits_says_less_than_many() {
    both_ways(async |mut house| {
        house.four_genres();
        house.catalog.put(track(100, "once", 0, 100, &["Techno"], None));
        house.run().await;
        assert_eq!(house.artists_like(4).await, [5, 6, 0]);
        assert_eq!(house.albums_like(7).await, [9, 10, 11, 12, 100]);
    })
    .await;
}

#[tokio::test]
async fn who_is_on_albums_only_is_known_by_these() {
    both_ways(async |mut house| {
        house.four_genres();
        // A collection of techno by several artists, under another name.
        for id in [25, 26, 31] {
            let mut collected = track(100 + id, "again", 5 + id % 2, 100, &["Techno"], None);
            collected.album_artists[0].id = ArtistId(50);
            house.catalog.put(collected);
        }
        house.run().await;
        assert_eq!(house.artists_like(50).await, [6, 5, 4]);
    })
    .await;
}

#[tokio::test]
async fn only_of_what_the_caller_sees() {
    both_ways(async |mut house| {
        house.four_genres();
        for id in 25..=30 {
            let mut elsewhere = track(id, "x", 5, id.div_ceil(3), &["Techno"], None);
            elsewhere.library = LibraryId(2);
            house.catalog.put(elsewhere);
        }
        house.run().await;
        let home = LibraryAccess::Only([crate::house::HOME].into());
        let who = || account_with(1, Role::Listener, home.clone());
        let call = FindSimilarArtists { artist: ArtistId(4), limit: 50 };
        assert_eq!(house.ask(who(), call).await.unwrap(), [ArtistId(6)]);
        let call = FindSimilarAlbums { album: AlbumId(7), limit: 50 };
        assert_eq!(house.ask(who(), call).await.unwrap(), [11, 12].map(AlbumId));
        for hidden in [5, 99] {
            let call = FindSimilarArtists { artist: ArtistId(hidden), limit: 5 };
            let error = refused(house.ask(who(), call).await);
            assert_eq!(error, RecommendationError::NotFound { what: "artist".to_owned() });
            let item = ItemId::Artist(ArtistId(hidden));
            let error = refused(house.ask(who(), FindSimilar { item, limit: 5 }).await);
            assert_eq!(error, RecommendationError::NotFound { what: "artist".to_owned() });
        }
        for hidden in [9, 99] {
            let call = FindSimilarAlbums { album: AlbumId(hidden), limit: 5 };
            let error = refused(house.ask(who(), call).await);
            assert_eq!(error, RecommendationError::NotFound { what: "album".to_owned() });
        }
        for limit in [0, 501] {
            let call = FindSimilarAlbums { album: AlbumId(7), limit };
            let error = refused(house.ask(who(), call).await);
            assert!(
                matches!(error, RecommendationError::Invalid { field, .. } if field == "limit")
            );
        }
    })
    .await;
}
