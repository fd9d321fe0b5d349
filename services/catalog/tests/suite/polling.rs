//! Libraries that cannot be watched are looked through again and again.

use std::{fs::File, io::Write};

use hexachord_catalog::Watch;
use hexachord_contracts::{
    catalog::{GetScan, ListTracks, NoticedBy},
    page::Paging,
};

use crate::{
    being_written::Copying,
    house::{House, flac, tags, until},
};

async fn titles(house: &House) -> Vec<String> {
    let call = ListTracks { paging: Paging::first(500), ..ListTracks::default() };
    house.ask_once(call).await.items.into_iter().map(|track| track.title).collect()
}

async fn until_there_are(house: &House, wanted: &[&str]) {
    let look = async || (titles(house).await == wanted).then_some(());
    until(&format!("{wanted:?}"), look).await;
}

#[tokio::test]
async fn a_polled_library_is_looked_through_again_and_again() {
    let house = House::watching(Watch::Poll, &["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    until_there_are(&house, &["Ut"]).await;
    let noticed = house.ask_once(GetScan::default()).await.noticed;
    assert_eq!(noticed.map(|it| it.by), Some(NoticedBy::Poll));
    house.put("Music/a/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    until_there_are(&house, &["Re", "Ut"]).await;
    house.remove("Music/1.flac");
    until_there_are(&house, &["Re"]).await;
}

#[tokio::test]
async fn a_file_that_grows_is_not_taken_before_it_is_whole() {
    let house = House::watching(Watch::Poll, &["Music"]).await;
    let copying = Copying::begin(&house, "Music/1.flac", "Ut");
    house.put("Music/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    until_there_are(&house, &["Re"]).await;
    let size = copying.finish();
    until_there_are(&house, &["Re", "Ut"]).await;
    assert_eq!(house.track("Ut").await.size, size);
}

#[tokio::test]
async fn a_file_that_was_written_while_nobody_looked_is_read_again() {
    let house = House::watching(Watch::Poll, &["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    until_there_are(&house, &["Ut"]).await;
    let damaged = File::options().append(true).open(house.path("Music/1.flac")).unwrap();
    (&damaged).write_all(b"more").unwrap();
    drop(damaged);
    house.put("Music/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    until_there_are(&house, &["Re", "Ut"]).await;
    let read = async || {
        house.ask_once(GetScan::default()).await.noticed.filter(|it| it.read == 0).map(drop)
    };
    until("nothing is left to read", read).await;
}
