//! Mixes of a day.

use std::{collections::HashSet, time::Duration};

use hexachord_contracts::{
    Caller, LibraryAccess, Role,
    ids::{ArtistId, LibraryId, MixId, TrackId},
    recommendation::{GetMix, GetMixes, Mix, MixTheme, Reason, RecommendationError},
};

use crate::house::{House, account_with, both_ways, listener, refused, track};

impl House {
    /// Four genres of four decades, each with five artists of six tracks.
    fn four_shelves(&mut self) {
        for id in 0..120_u64 {
            let artist = 1 + id / 6;
            let (genre, year) = [("Jazz", 1961), ("Techno", 1994), ("Folk", 1975), ("Polka", 1935)]
                [usize::try_from(id / 30).expect("one of four")];
            let of_shelf =
                track(1 + id, &format!("t{id}"), artist, 1 + id / 3, &[genre], Some(year));
            self.catalog.put(of_shelf);
        }
    }

    async fn mixes(&self, account: u64) -> Vec<Mix> {
        self.ask(listener(account), GetMixes {}).await.expect("there are mixes")
    }
}

fn kind(mix: &Mix) -> &'static str {
    match mix.theme {
        MixTheme::Discoveries => "discoveries",
        MixTheme::Artist { .. } => "artist",
        MixTheme::Genre { .. } => "genre",
        MixTheme::Decade { .. } => "decade",
        MixTheme::NewInLibrary => "new",
    }
}

#[tokio::test]
async fn they_are_of_what_the_listener_likes() {
    both_ways(async |mut house| {
        house.four_shelves();
        // Jazz and folk of two artists each; no techno, no polka.
        for id in [1, 2, 3, 7, 8, 61, 62, 67] {
            house.played(1, id, 3);
        }
        house.run().await;
        let mixes = house.mixes(1).await;
        let kinds: Vec<_> = mixes.iter().map(kind).collect();
        assert_eq!(kinds, ["discoveries", "artist", "genre", "decade", "artist", "genre"]);
        for mix in &mixes {
            let each_once: HashSet<_> = mix.tracks.iter().collect();
            assert_eq!(each_once.len(), mix.tracks.len());
            assert!((10..=GetMixes::TRACKS).contains(&mix.tracks.len()), "{mix:?}");
            assert!((1..=3).contains(&mix.artists.len()));
            let is_of = |from: u64| mix.tracks.iter().all(|id| (from..from + 30).contains(&id.0));
            match &mix.theme {
                MixTheme::Discoveries => {
                    assert!(
                        mix.tracks.iter().all(|id| ![1, 2, 3, 7, 8, 61, 62, 67].contains(&id.0))
                    );
                }
                MixTheme::Artist { artist, name } => {
                    assert!([1, 2, 11, 12].contains(&artist.0), "{mix:?}");
                    assert_eq!(*name, format!("artist {}", artist.0));
                    let reason = Reason::Artist { artist: *artist, name: name.clone() };
                    assert_eq!(mix.reason, reason);
                    assert!(is_of(1) || is_of(61), "{mix:?}");
                }
                MixTheme::Genre { genre } => {
                    assert!(is_of(if genre == "Jazz" { 1 } else { 61 }), "{mix:?}");
                }
                MixTheme::Decade { decade } => {
                    assert!(is_of(if *decade == 1960 { 1 } else { 61 }), "{mix:?}");
                }
                MixTheme::NewInLibrary => panic!("something is known: {mix:?}"),
            }
        }
        let ids: Vec<MixId> = mixes.iter().map(|mix| mix.id).collect();
        for mix in mixes {
            let got = house.ask(listener(1), GetMix { mix: mix.id }).await.unwrap();
            assert_eq!(got, mix);
        }
        let beyond = MixId(ids[0].0 + 7);
        let error = refused(house.ask(listener(1), GetMix { mix: beyond }).await);
        assert_eq!(error, RecommendationError::NotFound { what: "mix".to_owned() });
    })
    .await;
}

#[tokio::test]
async fn they_stay_for_the_day_and_are_others_tomorrow() {
    both_ways(async |mut house| {
        house.four_shelves();
        for id in 0..40 {
            house.played(1, 1 + id * 3, 2);
            house.played(2, 1 + id * 3, 2);
        }
        house.run().await;
        house.trained().await;
        let today = house.mixes(1).await;
        assert_eq!(today.len(), GetMixes::MOST);
        // Whatever is played meanwhile.
        for id in 2..30 {
            house.played_now(1, id, 9);
        }
        house.known().await;
        assert_eq!(house.mixes(1).await, today);
        assert_ne!(house.mixes(2).await, today, "everybody has their own");
        house.begin_again().await;
        house.known().await;
        assert_eq!(house.mixes(1).await, today, "they outlive an incarnation");
        house.clock.advance(Duration::from_hours(24));
        let tomorrow = house.mixes(1).await;
        assert_eq!(tomorrow.len(), GetMixes::MOST);
        assert!(today.iter().all(|mix| tomorrow.iter().all(|other| mix.id != other.id)));
        let tracks = |mixes: &[Mix]| mixes.iter().map(|mix| mix.tracks.clone()).collect::<Vec<_>>();
        assert_ne!(tracks(&tomorrow), tracks(&today));
        let error = refused(house.ask(listener(1), GetMix { mix: today[0].id }).await);
        assert_eq!(error, RecommendationError::NotFound { what: "mix".to_owned() });
    })
    .await;
}

#[tokio::test]
async fn newcomers_have_what_is_there_until_something_is_known() {
    both_ways(async |mut house| {
        house.run().await;
        assert_eq!(house.mixes(1).await, []);
        house.four_shelves();
        house.known().await;
        let first = house.mixes(1).await;
        let kinds: Vec<_> = first.iter().map(kind).collect();
        assert_eq!(kinds, ["new", "genre", "decade", "genre", "decade", "genre"]);
        assert_eq!(house.mixes(1).await, first);
        for id in 31..=36 {
            house.played(1, id, 4);
        }
        house.known().await;
        let second = house.mixes(1).await;
        assert_eq!(kind(&second[0]), "discoveries");
        let MixTheme::Artist { artist, .. } = second[1].theme else { panic!("{second:?}") };
        assert_eq!(artist, ArtistId(6), "the only one that was heard");
    })
    .await;
}

/// Nothing else is like the tracks, all of which were just heard: nothing speaks for what is recommended.
#[tokio::test]
async fn whoever_hears_one_lone_artist_has_a_mix_of_it() {
    both_ways(async |mut house| {
        for id in 1..=60 {
            house.catalog.put(track(id, &format!("t{id}"), id, id, &["Jazz"], None));
        }
        for id in 201..=212 {
            let lone = track(id, &format!("lone {id}"), 99, 99, &["Gamelan"], Some(2003));
            house.catalog.put(lone);
            house.played_now(1, id, 5);
        }
        house.run().await;
        let mixes = house.mixes(1).await;
        let kinds: Vec<_> = mixes.iter().map(kind).collect();
        assert_eq!(kinds, ["new", "artist", "genre", "decade"]);
        let MixTheme::Artist { artist, .. } = mixes[1].theme else { panic!("{mixes:?}") };
        assert_eq!(artist, ArtistId(99));
        assert_eq!(mixes[2].theme, MixTheme::Genre { genre: "Gamelan".to_owned() });
        assert_eq!(mixes[3].theme, MixTheme::Decade { decade: 2000 });
        assert!((201..=212).all(|id| mixes[1].tracks.contains(&TrackId(id))), "{mixes:?}");
    })
    .await;
}

#[tokio::test]
async fn only_of_what_the_caller_hears_and_for_accounts() {
    both_ways(async |mut house| {
        house.four_shelves();
        for id in 31..=60 {
            let mut hidden = track(id, "hidden", 6 + (id - 31) / 6, 100, &["Techno"], Some(1994));
            hidden.library = LibraryId(2);
            house.catalog.put(hidden);
        }
        for id in [31, 40, 50, 1, 2] {
            house.played(1, id, 9);
        }
        house.run().await;
        // They are made for who sees everything first.
        assert!(house.mixes(1).await.iter().any(|mix| mix.tracks.iter().any(|id| id.0 == 31)));
        let home = LibraryAccess::Only([crate::house::HOME].into());
        let answer = house.ask(account_with(1, Role::Listener, home), GetMixes {}).await.unwrap();
        assert!(answer.len() >= 3, "{answer:?}");
        for mix in answer {
            assert!(mix.tracks.iter().all(|id| !(31..=60).contains(&id.0)), "{mix:?}");
            assert_ne!(mix.theme, MixTheme::Genre { genre: "Techno".to_owned() });
            assert_ne!(mix.theme, MixTheme::Decade { decade: 1990 });
        }
        for nobody in [Caller::Anonymous, Caller::System] {
            let error = refused(house.ask(nobody, GetMixes {}).await);
            assert_eq!(error, RecommendationError::Forbidden);
        }
    })
    .await;
}
