//! Songs are found by what is sung in them.

use hexachord_contracts::catalog::{CatalogChange, LyricsTexts, Track};

use crate::{
    house::House,
    music::{told, track},
};

fn song(id: u64) -> CatalogChange {
    let title = format!("Song {}", char::from(b'a' + u8::try_from(id % 26).unwrap_or(0)));
    told(Track { has_lyrics: !id.is_multiple_of(5), ..track(id, &title, "Choir", "Hymns") })
}

#[tokio::test]
async fn a_line_finds_its_song_last_and_a_field_finds_it_at_once() {
    // More than one question asks for.
    let songs = u64::try_from(LyricsTexts::MOST * 2 + 3).unwrap();
    let title = track(1000, "And number 7 is what we sing", "Choir", "Hymns");
    let house = House::new((1..=songs).map(song).chain([told(title)])).await;
    for line in ["and number 7 is what we sing", "And Number 7, is what we sing!"] {
        assert_eq!(house.tracks(line).await[..2], [1000, 7], "{line}");
    }
    assert_eq!(house.tracks("lyrics:\"number 66 is\"").await, [66]);
    assert!(house.tracks("lyrics:\"number 65 is\"").await.is_empty(), "it has no lyrics");
    assert!(house.tracks("lyrics:\"is number 66\"").await.is_empty(), "words stand side by side");
    assert!(house.tracks("number 66").await.is_empty(), "two words are no line");
    // What is no longer sung is no longer found.
    house.tell([told(Track { has_lyrics: false, ..track(66, "Song", "Choir", "Hymns") })]).await;
    assert!(house.tracks("lyrics:\"number 66 is\"").await.is_empty());
}
