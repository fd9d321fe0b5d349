//! Streams that are made as loud as others.

use hexachord_fixtures::{Format, Piece, tag_named};

use super::stage::{Stage, decoded};

/// −40 dB for the track and +40 dB for the album.
fn tagged(music: &std::path::Path) {
    let path = music.join("Ut.flac");
    Piece { frames: 60, ..Piece::new(Format::Flac, 1) }.write(&path).expect("there is room");
    let gains = [
        ("TITLE", "Ut"),
        ("REPLAYGAIN_TRACK_GAIN", "-40.00 dB"),
        ("REPLAYGAIN_ALBUM_GAIN", "+40.00 dB"),
    ];
    tag_named(&path, &gains).expect("a file can be tagged");
}

#[test]
fn a_stream_is_as_loud_as_is_asked_for_and_never_clips() {
    let stage = Stage::with_music(tagged);
    let path = format!("{}?format=wav", stage.stream_of("Ut"));
    let (_, plain) = decoded(stage.hear(&path).body);
    let (_, off) = decoded(stage.hear(&format!("{path}&loudness=off")).body);
    assert!(off == plain);

    let (_, quiet) = decoded(stage.hear(&format!("{path}&loudness=track")).body);
    assert_eq!(quiet.len(), plain.len());
    for (quiet, plain) in quiet.iter().zip(&plain) {
        // Dithered to 16 bits.
        assert!(
            (quiet - plain * 0.01).abs() < 3.0 / 32_768.0,
            "{quiet} is not a hundredth of {plain}"
        );
    }
    let (_, loud) = decoded(stage.hear(&format!("{path}&loudness=album")).body);
    assert_eq!(loud.len(), plain.len());
    let peak = loud.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    assert!((0.5..0.9).contains(&peak), "limited below -1 dB, not to {peak}");
}

#[test]
fn what_goes_out_as_it_is_stays_as_loud_as_it_is() {
    let stage = Stage::with_music(tagged);
    let path = stage.stream_of("Ut");
    for query in ["loudness=track", "loudness=track&format=original", "format=wav&loudness=loud"] {
        let refused = stage.server.send(stage.ask(&format!("{path}?{query}"))).expect(400);
        assert!(String::from_utf8_lossy(&refused.body).contains("loudness"), "{query}");
    }
}
