//! Which gains a track is played with.

use hexachord_catalog::GainsFrom;
use hexachord_contracts::{
    catalog::{GetAlbum, Locate, ReplayGain},
    decibels::Decibels,
};
use hexachord_fixtures::tag_named;

use super::{all_heard, is_about, measuring, write_tone};
use crate::house::{House, tags};

const TAGGED: [(&str, &str); 2] =
    [("REPLAYGAIN_TRACK_GAIN", "-7.31 dB"), ("REPLAYGAIN_TRACK_PEAK", "0.5")];

async fn house() -> House {
    let house = measuring(&["Music"]).await;
    for (number, title) in [(1, "Tagged"), (2, "Untagged")] {
        let path = house.path(&format!("Music/{number}.wav"));
        write_tone(&path, &[(-12.0 - f64::from(number), 50)], &tags("G", "A", number, title));
    }
    tag_named(house.path("Music/1.wav"), &TAGGED).unwrap();
    house.scan().await;
    all_heard(&house).await;
    house
}

/// What it is played with, wherever it is asked for.
async fn gain(house: &House, title: &str) -> ReplayGain {
    let track = house.track(title).await;
    let album = house.ask(|| GetAlbum { album: track.album.id }).await;
    let in_album = album.tracks.iter().find(|other| other.id == track.id).unwrap();
    let located = house.ask(|| Locate { track: track.id }).await;
    assert_eq!((in_album.gain, located.gain), (track.gain, track.gain));
    track.gain
}

#[tokio::test]
async fn tags_go_first_and_gaps_are_measured() {
    let mut house = house().await;
    let tagged = gain(&house, "Tagged").await;
    assert_eq!((tagged.track_gain, tagged.track_peak), (Some(Decibels(-731)), Some(500_000)));
    // -13 and -14 LUFS together.
    is_about(tagged.album_gain.unwrap(), -4.5, 0.15);
    let untagged = gain(&house, "Untagged").await;
    is_about(untagged.track_gain.unwrap(), -4.0, 0.1);
    assert_eq!(untagged.album_gain, tagged.album_gain);
    let peak = f64::from(untagged.track_peak.unwrap()) / 1e6;
    assert!((peak - 10_f64.powf(-14.0 / 20.0)).abs() < 0.005, "{peak}");

    house.settings.gains = GainsFrom::Measured;
    house.reopen_as_it_is().await;
    let measured = gain(&house, "Tagged").await;
    is_about(measured.track_gain.unwrap(), -5.0, 0.1);
    assert_eq!(gain(&house, "Untagged").await, untagged);
    let track = house.track("Tagged").await;
    assert_eq!(track.replay_gain.track_gain, Some(Decibels(-731)), "tags stay as they are");
}
