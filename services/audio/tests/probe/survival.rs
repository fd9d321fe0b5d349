//! The fingerprint stays when only tags and framing change, and goes when the audio changes.

use hexachord_audio::{Fingerprint, Probe};
use hexachord_fixtures::{Format, Piece, Tags, mangle, tag};

use crate::{probe_bytes, probe_path};

fn fingerprint(bytes: &[u8]) -> Fingerprint {
    probe_bytes(bytes).unwrap().fingerprint
}

/// Pieces below and above the 48 KiB that are read whole, and above the window of one read.
fn pieces(format: Format) -> [Piece; 3] {
    [
        Piece { frames: 21, ..Piece::new(format, 5) },
        Piece { silent_opening: 30, ..Piece::new(format, 6) },
        Piece { frames: 777, ..Piece::new(format, 7) },
    ]
}

fn many_tags(padding_comment: usize) -> Tags {
    Tags {
        title: "Ut queant laxis".into(),
        artists: vec!["Guido".into(), "Paolo".into()],
        album: "Micrologus".into(),
        album_artists: vec!["Guido".into()],
        track: Some(3),
        disc: Some(1),
        year: Some(1026),
        genres: vec!["Chant".into()],
        picture: Some([b"\x89PNG\r\n\x1a\n".to_vec(), vec![7; 3000]].concat()),
        padding_comment,
    }
}

/// Everything but the place where it begins: tags in front of it move that.
#[track_caller]
fn assert_same_audio(found: Probe, original: Probe, what: &str) {
    assert_eq!(Probe { start: original.start, ..found }, original, "{what}");
}

#[test]
fn manglings_change_the_file_but_not_the_fingerprint() {
    for piece in Format::ALL.into_iter().flat_map(pieces) {
        let original = probe_bytes(&piece.bytes()).unwrap();
        for (name, mangled) in mangle::all(&piece) {
            assert!(mangled != piece.bytes(), "{piece:?}: {name} changes nothing");
            assert_same_audio(
                probe_bytes(&mangled).unwrap(),
                original,
                &format!("{piece:?}: {name}"),
            );
        }
    }
}

#[test]
fn retagging_changes_the_file_but_not_the_fingerprint() {
    let folder = tempfile::tempdir().unwrap();
    for piece in Format::ALL.into_iter().flat_map(pieces) {
        let path = folder.path().join(piece.format.extension());
        piece.write(&path).unwrap();
        let original = probe_path(&path).unwrap();
        let mut last_bytes = piece.bytes();
        for padding in [0, 100_000, 9] {
            tag(&path, &many_tags(padding)).unwrap();
            let bytes = std::fs::read(&path).unwrap();
            assert!(bytes != last_bytes, "{piece:?}: the tag was not written");
            assert!(padding < 100_000 || bytes.len() > last_bytes.len() + 90_000);
            last_bytes = bytes;
            assert_same_audio(
                probe_path(&path).unwrap(),
                original,
                &format!("{piece:?}: comment of {padding}"),
            );
        }
    }
}

#[test]
fn a_mangled_file_survives_a_retag_too() {
    let folder = tempfile::tempdir().unwrap();
    for format in Format::ALL {
        let piece = Piece::new(format, 8);
        for (name, mangled) in mangle::all(&piece) {
            let path = folder.path().join(format.extension());
            std::fs::write(&path, mangled).unwrap();
            tag(&path, &many_tags(100_000)).unwrap();
            let found = probe_path(&path).unwrap().fingerprint;
            assert_eq!(found, fingerprint(&piece.bytes()), "{format:?}: {name}, then a retag");
        }
    }
}

#[test]
fn ogg_flac_is_the_same_audio_as_native_flac() {
    let bytes = Piece::new(Format::Flac, 9).bytes();
    let native = probe_bytes(&bytes).unwrap();
    let frames = bytes.len() - usize::try_from(native.payload_bytes).unwrap();
    let head = [b"\x7FFLAC\x01\0\0\x01fLaC".as_slice(), &bytes[4..42]].concat();
    let comment = [b"\x84\0\0\x08".as_slice(), &[0; 8]].concat();

    let mut ogg = ogg_page(2, &head);
    ogg.extend(ogg_page(0, &comment));
    for packet in bytes[frames..].chunks(778) {
        ogg.extend(ogg_page(0, packet));
    }
    let found = probe_bytes(&ogg).unwrap();
    assert_eq!(found.container.content_type(), "audio/ogg");
    assert_eq!(found.fingerprint, native.fingerprint);
}

/// A page with one packet and no checksum, which is not looked at.
fn ogg_page(flags: u8, packet: &[u8]) -> Vec<u8> {
    let segments = packet.len() / 255 + 1;
    let mut page = vec![0; 27];
    page[..5].copy_from_slice(b"OggS\0");
    page[5] = flags;
    page[26] = u8::try_from(segments).unwrap();
    page.resize(27 + segments - 1, 255);
    page.push(u8::try_from(packet.len() % 255).unwrap());
    page.extend_from_slice(packet);
    page
}

#[test]
fn the_md5_of_the_samples_is_a_part() {
    let bytes = Piece::new(Format::Flac, 10).bytes();
    let mut signed = bytes.clone();
    signed[26..42].copy_from_slice(b"sixteen bytes of");
    assert_ne!(fingerprint(&signed), fingerprint(&bytes));
}

#[test]
fn one_changed_byte_at_start_middle_or_end_is_another_fingerprint() {
    for format in Format::ALL {
        let piece = Piece { frames: 200, ..Piece::new(format, 11) };
        let bytes = piece.bytes();
        let original = probe_bytes(&bytes).unwrap();
        let coded = Piece { frames: 200, ..Piece::new(format, 12) }.bytes();
        // Bytes that differ between two seeds are coded audio.
        let audio: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] != coded[at]).collect();
        for at in [100, audio.len() / 2, audio.len() - 100] {
            let mut changed = bytes.clone();
            changed[audio[at]] ^= 1;
            assert_ne!(fingerprint(&changed), original.fingerprint, "{format:?} at {at}");
        }
    }
}
