//! Listening to files: what is there, what is not, and what is made to hurt.

use hexachord_audio::{Finding, Fingerprint, MeasureKind};
use proptest::{prelude::*, test_runner::RngSeed};

use super::*;
use crate::{
    read::{Listened, MeasureJob, NotMeasured},
    store::Part,
};

fn listen_to(path: &Path, audio: Fingerprint, part: Option<Part>) -> Result<Listened, NotMeasured> {
    MeasureJob::new(path, audio, part, MeasureKind::ALL.into()).carry_out(&mut || true)
}

/// Listens to it as it was read.
fn listen(path: &Path) -> Result<Listened, NotMeasured> {
    listen_to(path, music(path).fingerprint, None)
}

#[test]
fn files_of_every_format_are_listened_to_or_refused_with_words() {
    let folder = TempDir::new().unwrap();
    for format in Format::ALL {
        let path = piece(&folder, format);
        match listen(&path) {
            Ok(listened) => {
                assert!(listened.frames > 0 && listened.sample_rate > 0, "{format:?}");
                match &listened.findings[..] {
                    [Finding::Loudness(_), Finding::Waveform(waveform), Finding::Features(_)] => {
                        assert!(!waveform.peaks.is_empty(), "{format:?}");
                    }
                    other => panic!("{format:?}: {other:?}"),
                }
            }
            Err(NotMeasured::Unmeasurable(reason)) => {
                assert!([Format::Vorbis, Format::Aac, Format::Alac].contains(&format));
                assert!(reason.contains(' '), "{format:?}: {reason}");
            }
            other => panic!("{format:?}: {other:?}"),
        }
    }
}

#[test]
fn other_audio_than_was_scanned_is_left_to_a_scan() {
    let folder = TempDir::new().unwrap();
    let path = piece(&folder, Format::Flac);
    let audio = music(&path).fingerprint;
    Piece::new(Format::Flac, 8).write(&path).unwrap();
    assert_eq!(listen_to(&path, audio, None), Err(NotMeasured::Elsewhere));
    let part = Part { number: 1, start_us: 0, end_us: None };
    let audio = music(&path).fingerprint;
    assert_eq!(listen_to(&path, audio, Some(part)), Err(NotMeasured::Elsewhere), "no part");
    fs::write(&path, "just words ".repeat(1000)).unwrap();
    assert_eq!(listen_to(&path, audio, None), Err(NotMeasured::Elsewhere));
    fs::remove_file(&path).unwrap();
    assert_eq!(listen_to(&path, audio, None), Err(NotMeasured::Elsewhere));
}

#[test]
fn who_is_told_to_stop_stops() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("long.wav");
    // Three minutes of silence.
    let data = vec![0; 44_100 * 2 * 180];
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    wav[4..8].copy_from_slice(&u32::try_from(data.len() + 36).unwrap().to_le_bytes());
    wav.extend(44_100_u32.to_le_bytes());
    wav.extend(88_200_u32.to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    wav.extend(data);
    fs::write(&path, wav).unwrap();
    let job = MeasureJob::new(&path, music(&path).fingerprint, None, vec![MeasureKind::Loudness]);
    let mut asked = 0;
    let stopped = job.carry_out(&mut || {
        asked += 1;
        asked < 2
    });
    assert_eq!((stopped, asked), (Err(NotMeasured::GivenUp), 2));
    let silence = job.carry_out(&mut || true).unwrap();
    assert_eq!(silence.findings, [Finding::Loudness(None)]);
    assert_eq!(silence.frames, 44_100 * 180);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn changed_bytes_give_an_outcome(
        format in 0..Format::ALL.len(),
        changes in prop::collection::vec((0..40_000_usize, any::<u8>()), 1..40),
        cut in 0..40_000_usize,
    ) {
        let folder = TempDir::new().unwrap();
        let path = piece(&folder, Format::ALL[format]);
        let mut bytes = fs::read(&path).unwrap();
        for (at, value) in changes {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
        }
        bytes.truncate(bytes.len() - cut.min(bytes.len() / 2));
        fs::write(&path, bytes).unwrap();
        if let ReadOutcome::Music(music) = outcome(&path) {
            let listened = listen_to(&path, music.fingerprint, None);
            prop_assert!(!matches!(listened, Err(NotMeasured::GivenUp)));
        }
    }
}
