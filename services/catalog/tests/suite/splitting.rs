//! Artists that are tagged in one text.

use hexachord_catalog::{Catalog, Splitting};
use hexachord_contracts::{
    catalog::{GetAlbum, ListArtists, Track},
    harness::both_ways,
    page::Paging,
};
use hexachord_fixtures::{Tags, tag_named};

use crate::house::{House, flac, tags};

fn names(track: &Track) -> Vec<&str> {
    track.artists.iter().map(|artist| artist.name.as_str()).collect()
}

async fn artists(house: &House) -> Vec<String> {
    let call = || ListArtists { paging: Paging::first(500), ..ListArtists::default() };
    house.ask(call).await.items.into_iter().map(|artist| artist.name).collect()
}

/// Another incarnation with these rules.
async fn reopen_with(house: &mut House, splitting: Splitting) {
    house.settings.splitting = splitting;
    house.ways = both_ways(Catalog::new(&house.settings, &house.resources).await.unwrap());
}

#[tokio::test]
async fn one_text_names_several_artists() {
    let house = House::with(&["Music"]).await;
    let written = Tags {
        artists: vec!["Guido (feat. AC/DC); Paolo".into()],
        album_artists: vec!["Guido feat. Paolo".into()],
        genres: vec!["Chant/Folk".into()],
        ..tags("", "Micrologus", 1, "Ut (feat. Odo)")
    };
    house.put("Music/1.flac", flac(1), &written);
    house.scan().await;
    let track = house.track("Ut (feat. Odo)").await;
    assert_eq!(names(&track), ["Guido", "Paolo", "AC/DC"]);
    assert_eq!(track.display_artist, "Guido (feat. AC/DC); Paolo");
    assert_eq!(track.album_artists.len(), 2);
    assert_eq!(track.genres, ["Chant", "Folk"]);
    assert_eq!(artists(&house).await, ["AC/DC", "Guido", "Paolo"]);
}

#[tokio::test]
async fn an_album_without_artists_is_shown_with_those_of_its_tracks() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido feat. Paolo", "Micrologus", 1, "Ut"));
    house.scan().await;
    let album = house.track("Ut").await.album.id;
    let album = house.ask(|| GetAlbum { album }).await.album;
    assert_eq!((album.artists.len(), album.display_artist.as_str()), (2, "Guido feat. Paolo"));
}

#[tokio::test]
async fn a_list_is_taken_as_it_is() {
    let house = House::with(&["Music"]).await;
    let artists = vec!["Guido feat. Paolo".into()];
    house.put("Music/1.flac", flac(1), &Tags { artists, ..tags("", "Micrologus", 1, "Ut") });
    let list = [("ARTISTS", "Guido"), ("ARTISTS", "Paolo / Odo")];
    tag_named(house.path("Music/1.flac"), &list).unwrap();
    house.scan().await;
    let track = house.track("Ut").await;
    assert_eq!(names(&track), ["Guido", "Paolo / Odo"]);
    assert_eq!(track.display_artist, "Guido feat. Paolo");
}

#[tokio::test]
async fn other_rules_read_all_files_again() {
    let mut house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido & Paolo", "Micrologus", 1, "Ut"));
    house.put("Music/2.flac", flac(2), &tags("Odo", "Dialogus", 1, "Re"));
    assert_eq!(house.scan().await.added, 2);
    let before = house.track("Ut").await;
    assert_eq!(names(&before), ["Guido & Paolo"]);

    let mut splitting = house.settings.splitting.clone();
    splitting.artist_separators.push(" & ".into());
    reopen_with(&mut house, splitting.clone()).await;
    assert_eq!(names(&house.track("Ut").await), ["Guido & Paolo"], "until a scan");
    let state = house.scan().await;
    assert_eq!((state.full, state.to_read, state.updated, state.added), (false, 2, 1, 0));
    let after = house.track("Ut").await;
    assert_eq!((after.id, after.added_at), (before.id, before.added_at));
    assert_eq!(
        (names(&after), after.display_artist.as_str()),
        (vec!["Guido", "Paolo"], "Guido & Paolo")
    );
    assert_eq!(artists(&house).await, ["Guido", "Odo", "Paolo"]);
    assert_eq!(house.scan().await.to_read, 0, "the rules are those of the last scan");
    reopen_with(&mut house, splitting.clone()).await;
    assert_eq!(house.scan().await.to_read, 0, "they are the same in another incarnation");

    splitting.never_split.push("guido & paolo".into());
    reopen_with(&mut house, splitting).await;
    assert_eq!(house.scan().await.updated, 1);
    assert_eq!(names(&house.track("Ut").await), ["Guido & Paolo"]);
    assert_eq!(artists(&house).await, ["Guido & Paolo", "Odo"]);
}
