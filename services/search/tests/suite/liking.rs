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
    let annotation = Annotation { plays, ..Annotation::none(ItemId::Track(TrackId(track))) };
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
