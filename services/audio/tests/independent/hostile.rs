//! Files that ffmpeg made, cut and changed: of codecs whose encoders this repository does not have.

use std::time::{Duration, Instant};

use crate::attack;
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

#[test]
#[ignore = "needs ffmpeg and wavpack"]
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
        "16.wv",
        "32.wv",
        "float.wv",
        "5.1.wv",
        "hybrid.wv",
    ];
    for name in names {
        let file = FILES.iter().find(|file| file.name == name).unwrap();
        file.make(folder.path());
        let mut whole = std::fs::read(folder.path().join(name)).unwrap();
        // All but MP4, whose index may be at the end, can be cut short.
        if !whole[4..].starts_with(b"ftyp") {
            whole.truncate(60_000);
        }
        let expected = attack::decode(whole.clone(), 0);
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
            let found = attack::decode(bytes.clone(), numbers.next() % 200_000);
            assert!(began.elapsed() < MOST_TIME, "{name}, change {change}: {:?}", began.elapsed());
            // Silence for what is missing is bounded as well.
            let most = expected.max(10_000) * 40 + 8 * 192_000 * 60;
            assert!(found < most, "{name}, change {change}: {found} samples");
            // Encoders take longer, and what is missing is encoded as well.
            if change % 5 == 1 {
                let began = Instant::now();
                attack::transcode(bytes, numbers.next() as u32);
                let took = began.elapsed();
                assert!(took < 5 * MOST_TIME, "{name}, change {change}: {took:?} to transcode");
            }
        }
    }
}
