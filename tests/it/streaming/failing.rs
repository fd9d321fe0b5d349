//! What goes wrong while a stream is made: a full disk (fault 10), damaged files, panics.

use std::fs;

use hexachord_fixtures::Format;

use super::stage::{Stage, decoded, piece};
use crate::support::text;

/// A stage with half a minute of noise.
fn long() -> Stage {
    Stage::with_music(|music| {
        piece(music, "long", Format::Wav, 10_000);
    })
}

/// A body of one chunk after another, as it came over the wire.
fn unchunked(mut wire: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = wire.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&wire[..end]).ok()?, 16).ok()?;
        let chunk = wire.get(end + 2..)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunk.get(..size)?);
        wire = chunk.get(size + 2..)?;
    }
}

#[test]
fn fault_10_a_folder_that_cannot_be_written_stops_no_music() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 60);
    });
    let path = stage.stream_of("Ut");
    let (_, samples) = decoded(stage.hear(&path).body);
    // No folder can be where a file is.
    fs::write(stage.folder(), b"in the way").unwrap();
    for format in ["flac", "wav", "flac"] {
        let (_, found) = decoded(stage.hear(&format!("{path}?format={format}")).body);
        assert!(found == samples, "{format} differs");
    }
    assert_eq!(fs::read(stage.folder()).unwrap(), b"in the way");
}

#[test]
fn fault_10_a_disk_that_fills_up_in_the_middle_stops_no_music() {
    for (format, at_once) in [("wav", true), ("flac", true), ("opus", false)] {
        let stage = long();
        let path = format!("{}?format={format}", stage.stream_of("long"));
        if at_once {
            stage.failpoints.arm("transcodes.write", 1);
        }
        let mut listener = stage.listen(&path);
        listener.hear(5000);
        if !at_once {
            stage.failpoints.arm("transcodes.write", 1);
        }
        let heard = listener.rest().expect("it goes on to its end");
        let heard = if format == "wav" { heard } else { unchunked(&heard).expect("it ended well") };
        assert!(stage.kept().is_empty(), "nothing of it is kept");
        assert_eq!(stage.count("transcodes_begun"), 2, "it was begun again without the folder");
        // The folder rests, and the next ones do not go through it.
        let again = stage.hear(&path).body;
        assert!(heard == again, "{format} differs");
        assert!(stage.kept().is_empty());
    }
}

#[test]
fn files_that_cannot_be_decoded_are_told_before_the_first_byte() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 20);
        piece(music, "Re", Format::Flac, 20);
    });
    let [ut, re] = ["Ut", "Re"].map(|title| stage.stream_of(title));
    let music = stage.server.path().join("music");
    fs::write(music.join("Ut.flac"), b"no music at all, but a text of some length").unwrap();
    for query in ["format=opus", "start_ms=10"] {
        let refused = stage.server.send(stage.ask(&format!("{ut}?{query}"))).expect(422).json();
        assert_eq!(refused["type"], "urn:hexachord:problem:undecodable");
    }
    // What a client can make of the file itself is its own business.
    stage.hear(&ut);
    fs::remove_file(music.join("Re.flac")).unwrap();
    let refused = stage.server.send(stage.ask(&format!("{re}?format=opus"))).expect(404).json();
    assert_eq!(text(&refused["type"]), "urn:hexachord:problem:file-missing");
    assert_eq!(stage.count("transcodes_begun"), 0);
}

#[test]
fn a_panic_costs_the_job_that_panicked() {
    let stage = long();
    let path = format!("{}?format=opus", stage.stream_of("long"));
    // Before the first byte it is told…
    stage.failpoints.arm("transcodes.panic", 1);
    let refused = stage.server.send(stage.ask(&path)).expect(500).json();
    assert_eq!(refused["type"], "urn:hexachord:problem:broken-off");
    // …and after it the connection is cut, so that nobody takes the half for the whole.
    let mut listener = stage.listen(&path);
    listener.hear(1000);
    stage.failpoints.arm("transcodes.panic", 1);
    let heard = listener.rest();
    assert!(heard.is_err() || unchunked(&heard.unwrap()).is_none(), "it did not end well");
    stage.nothing_runs();
    assert!(stage.kept().is_empty());
    let whole = stage.hear(&path);
    assert!(decoded(whole.body).0.frames.is_some());
}

#[test]
fn a_file_that_was_cut_short_is_no_whole_one() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 2000);
    });
    let path = format!("{}?format=wav", stage.stream_of("Ut"));
    let file = stage.server.path().join("music/Ut.flac");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 4]).unwrap();
    let listener = stage.listen(&path);
    let promised: usize = listener.head.header("content-length").unwrap().parse().unwrap();
    assert!(promised > bytes.len() / 2, "its header still says how long it was");
    // Either its length is promised and kept with silence, or the connection is cut.
    if let Ok(heard) = listener.rest() {
        assert_eq!(heard.len(), promised);
    }
    stage.nothing_runs();
}
