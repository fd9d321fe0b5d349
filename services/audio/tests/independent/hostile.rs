//! Files that ffmpeg made, cut and changed: of codecs whose encoders this repository does not have.

use std::io::Cursor;
use std::time::{Duration, Instant};

use hexachord_audio::{DecodeError, Decoder, Layout};

use crate::files::FILES;

/// A file may not take longer, however it was changed.
const MOST_TIME: Duration = Duration::from_secs(20);
const CHANGES: u64 = 150;

/// Numbers that depend on the seed alone (`SplitMix64`).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Decodes from the start and from a place; how many samples there are.
fn play(bytes: Vec<u8>, place: u64) -> usize {
    let mut count = 0;
    let listen = || -> Result<(), DecodeError> {
        let mut decoder = Decoder::open(Cursor::new(bytes))?;
        assert!(decoder.facts().layout.channels() <= Layout::MOST_CHANNELS);
        assert!(decoder.facts().sample_rate > 0);
        while let Some(block) = decoder.next_block()? {
            count += block.len();
            assert!(block.iter().all(|sample| sample.is_finite()));
        }
        decoder.seek_to(place)?;
        for _ in 0..20 {
            decoder.next_block()?;
        }
        Ok(())
    };
    if let Err(error) = listen() {
        // The net under the decoders: nothing has to fall into it.
        assert!(!error.to_string().contains("cannot cope"), "a decoder panicked");
    }
    count
}

#[test]
#[ignore = "needs ffmpeg"]
fn changed_files_end() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "16.flac",
        "7.1.flac",
        "flac.oga",
        "16.m4a",
        "5.1-alac.m4a",
        "128.m4a",
        "v0.mp3",
        "low.mp3",
        "q5.ogg",
        "coupled.ogg",
        "128.opus",
        "5.1.opus",
        "speech.opus",
    ];
    for name in names {
        let file = FILES.iter().find(|file| file.name == name).unwrap();
        file.make(folder.path());
        let mut whole = std::fs::read(folder.path().join(name)).unwrap();
        // All but MP4, whose index may be at the end, can be cut short.
        if !whole[4..].starts_with(b"ftyp") {
            whole.truncate(60_000);
        }
        let expected = play(whole.clone(), 0);
        let mut numbers = Numbers(7);
        for change in 0..CHANGES {
            let mut bytes = whole.clone();
            // Half of the changes are near the start, where headers are, or near the end.
            for _ in 0..=numbers.below(10) {
                let len = bytes.len();
                let at = match numbers.below(4) {
                    0 => numbers.below(len.min(6_000)),
                    1 => len - 1 - numbers.below(len.min(3_000)),
                    _ => numbers.below(len),
                };
                let end = (at + 1 + numbers.below(6)).min(len);
                let value = numbers.next();
                for (index, byte) in bytes[at..end].iter_mut().enumerate() {
                    *byte = match value & 3 {
                        0 => 0xFF,
                        1 => 0,
                        _ => (value >> (8 + 8 * (index % 6))) as u8,
                    };
                }
            }
            if change % 5 == 0 {
                bytes.truncate(numbers.below(bytes.len()));
            }
            let began = Instant::now();
            let found = play(bytes, numbers.next() % 200_000);
            assert!(began.elapsed() < MOST_TIME, "{name}, change {change}: {:?}", began.elapsed());
            // Silence for what is missing is bounded as well.
            let most = expected.max(10_000) * 40 + 8 * 192_000 * 60;
            assert!(found < most, "{name}, change {change}: {found} samples");
        }
    }
}
