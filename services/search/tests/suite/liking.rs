//! What is loved and played comes first among equals, and nowhere else.

use hexachord_contracts::{
    Caller, LibraryAccess,
    ids::{AccountId, AlbumId, TrackId},
    item::ItemId,
    profile::{Annotation, ProfileChange},
};

use crate::{
    house::{House, NOW, listener},
    music::{HOME, album, titled},
};

fn plays(account: u64, track: u64, plays: u32) -> ProfileChange {
    told(account, Annotation { plays, ..none(track) })
}

fn none(track: u64) -> Annotation {
    Annotation::none(ItemId::Track(TrackId(track)))
}

fn told(account: u64, annotation: Annotation) -> ProfileChange {
    ProfileChange::Annotation { account: AccountId(account), annotation }
}

async fn found(house: &House, account: u64, query: &str) -> Vec<u64> {
    let found = house.find_as(listener(account, LibraryAccess::All), query).await;
    found.tracks.into_iter().map(|id| id.0).collect()
}

#[tokio::test]
async fn among_equals_what_all_and_the_caller_play_comes_first() {
    let catalog = [
        titled(1, "Blue"),
        titled(2, "Blue Song"),
        titled(3, "Blue Song Two"),
        titled(4, "Song Blue"),
        titled(5, "Bluebird"),
        titled(6, "Bleu"),
    ];
    let house = House::new(catalog).await;
    assert_eq!(found(&house, 1, "blue").await, [1, 2, 3, 4, 5, 6]);
    // Of all people: a hundred plays move a longer name forward, but over no tier.
    house.profile.tell([plays(9, 3, 100), plays(9, 5, 5000), plays(9, 6, 5000)]);
    house.settled().await;
    assert_eq!(found(&house, 1, "blue").await, [1, 3, 2, 4, 5, 6]);
    assert_eq!(house.tracks("blue").await, [1, 3, 2, 4, 5, 6], "also for the program");
    // Of its own: more than what all play.
    let love = Annotation {
        favourite_since: Some(NOW),
        plays: 12,
        ..Annotation::none(ItemId::Track(TrackId(2)))
    };
    house.profile.tell([ProfileChange::Annotation { account: AccountId(1), annotation: love }]);
    house.settled().await;
    assert_eq!(found(&house, 1, "blue").await, [1, 2, 3, 4, 5, 6]);
    assert_eq!(found(&house, 2, "blue").await, [1, 3, 2, 4, 5, 6], "not of another account");
    house.profile.tell([ProfileChange::AccountGone(AccountId(9))]);
    house.settled().await;
    assert_eq!(found(&house, 2, "blue").await, [1, 2, 3, 4, 5, 6]);
    // A restored store: what it does not tell is no more.
    house.profile.restore([plays(3, 3, 1)]);
    house.settled().await;
    assert_eq!(found(&house, 1, "blue").await, [1, 3, 2, 4, 5, 6]);
    let another = house.reborn().await;
    another.settled().await;
    assert_eq!(found(&another, 1, "blue").await, [1, 3, 2, 4, 5, 6]);
}

#[tokio::test]
async fn every_kind_is_boosted_by_its_own() {
    let catalog = [album(1, &[(HOME, "One Day")], ""), album(2, &[(HOME, "One Night")], "")];
    let house = House::new(catalog).await;
    assert_eq!(house.find("one").await.albums, [AlbumId(1), AlbumId(2)]);
    house.profile.tell([plays(1, 1, 9), plays(1, 2, 9)]);
    let annotation = Annotation { plays: 1, ..Annotation::none(ItemId::Album(AlbumId(2))) };
    house.profile.tell([ProfileChange::Annotation { account: AccountId(1), annotation }]);
    house.settled().await;
    let albums = house.find_as(Caller::System, "one").await.albums;
    assert_eq!(albums, [AlbumId(2), AlbumId(1)]);
}

#[tokio::test]
async fn boosts_that_are_kept_up_are_those_that_are_made_anew() {
    let house = House::new((0..40).map(|n| titled(n, "Song"))).await;
    let mut seed = 7_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for round in 0..12 {
        // More changes than are remembered, from time to time.
        for _ in 0..if round % 5 == 4 { 600 } else { 6 } {
            let loved = (next(3) == 0).then_some(NOW);
            let plays = u32::try_from(next(3) * next(40)).expect("it is small");
            let annotation = Annotation { favourite_since: loved, plays, ..none(next(40)) };
            house.profile.tell([told(next(3), annotation)]);
        }
        match round {
            3 => house.profile.tell([ProfileChange::AccountGone(AccountId(next(3)))]),
            6 => house.profile.restore([plays(0, 1, 7), plays(1, 2, 100)]),
            // Other segments.
            _ => house.tell([titled(next(40), "Song")]).await,
        }
        house.settled().await;
        let anew = house.killed().await;
        anew.settled().await;
        for account in 0..3 {
            let kept_up = found(&house, account, "song").await;
            assert_eq!(kept_up, found(&anew, account, "song").await, "{account} in {round}");
        }
    }
}

/// Queries, and the tracks that they find.
type Expected = &'static [(&'static str, &'static [u64])];

#[tokio::test]
async fn what_one_asks_of_oneself_is_as_it_is_now() {
    let house = House::new([titled(1, "Song"), titled(2, "Song of Two"), titled(3, "Else")]).await;
    let rated = |rating| Annotation { rating, ..none(1) };
    let loved = |since| Annotation { favourite_since: since, ..none(2) };
    let played = |plays| Annotation { plays, ..none(2) };
    // A rating of one or two stars moves nothing: nothing but itself says that it has changed.
    let steps: [(Annotation, Expected); 8] = [
        (rated(Some(2)), &[("rating:2", &[1]), ("song rating:2", &[1]), ("song", &[1, 2])]),
        (rated(Some(1)), &[("rating:2", &[]), ("song rating:2", &[]), ("rating:1", &[1])]),
        (rated(Some(5)), &[("rating:1", &[]), ("song rating:>=1", &[1]), ("-rating:5 song", &[2])]),
        (rated(None), &[("rating:5", &[]), ("rating:>=1", &[]), ("-rating:5 song", &[1, 2])]),
        (
            loved(Some(NOW)),
            &[("loved:yes", &[2]), ("song loved:yes", &[2]), ("loved:no song", &[1])],
        ),
        (loved(None), &[("loved:yes", &[]), ("song loved:yes", &[]), ("loved:no song", &[1, 2])]),
        (played(1), &[("plays:1", &[2]), ("song plays:>=2", &[])]),
        // As many plays as move nothing either.
        (played(2), &[("plays:1", &[]), ("song plays:>=2", &[2])]),
    ];
    for (number, (annotation, expected)) in steps.into_iter().enumerate() {
        // All is asked before, so that it might be remembered.
        for (query, _) in steps.iter().flat_map(|(_, expected)| expected.iter()) {
            found(&house, 1, query).await;
        }
        house.profile.tell([told(1, annotation)]);
        house.settled().await;
        for (query, tracks) in expected {
            assert_eq!(found(&house, 1, query).await, *tracks, "{query} in step {number}");
        }
        assert_eq!(found(&house, 2, "rating:>=1").await, [0; 0], "of somebody else");
    }
}
