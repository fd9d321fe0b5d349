//! How long a probe of a small file in the page cache takes, against a bound that only a
//! change of its order exceeds.

use std::fs::File;
use std::time::Instant;

use hexachord_audio::{Scratch, probe};
use hexachord_fixtures::{Format, Piece};

#[test]
#[ignore = "needs a quiet machine and a release build; prints with --nocapture"]
fn microseconds_of_a_small_warm_file() {
    const ROUNDS: u32 = 3000;
    let folder = tempfile::tempdir().unwrap();
    let mut scratch = Scratch::new();
    for (format, bytes) in
        Format::ALL.into_iter().flat_map(|format| [(format, 80_000), (format, 5_000_000)])
    {
        let one = Piece::new(format, 1);
        let frames = bytes * one.frames / one.bytes().len();
        let path = folder.path().join("file");
        Piece { frames, ..one }.write(&path).unwrap();
        let mut best = f64::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            for _ in 0..ROUNDS / 5 {
                let file = File::open(&path).unwrap();
                let len = file.metadata().unwrap().len();
                probe(&file, len, &mut scratch).unwrap();
            }
            best = best.min(start.elapsed().as_secs_f64() / f64::from(ROUNDS / 5));
        }
        assert!(best < 0.005, "{format:?}, {bytes} bytes: {best} s");
        println!("{format:?}, {bytes} bytes: {:.1} µs with open and stat", best * 1e6);
    }
}
