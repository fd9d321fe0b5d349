//! What is done to a hostile file, and what must hold then: one for the fuzz targets and for the tests
//! with seeds.

use std::io::Cursor;
use std::ops::ControlFlow;

use hexachord_audio::{DecodeError, Decoder, Gain, Layout, Mp3Rate, Sink, Target, Transcode};

/// More than any small file may decode to, in samples: damage is never worth that much.
const MOST_SAMPLES: usize = 60 * 192_000 * 8;
/// More bytes than a stream of so many samples has.
const MOST_BYTES: usize = 5 * MOST_SAMPLES;

/// Decodes all of it, from a place in the middle as well; how many samples there are.
pub(crate) fn decode(bytes: Vec<u8>, place: u64) -> usize {
    let mut count = 0;
    let listen = || -> Result<(), DecodeError> {
        let mut decoder = Decoder::open(Cursor::new(bytes))?;
        assert!(decoder.facts().layout.channels() <= Layout::MOST_CHANNELS);
        assert!(decoder.facts().sample_rate > 0);
        while let Some(block) = decoder.next_block()? {
            count += block.len();
            assert!(block.iter().all(|sample| sample.is_finite()));
            assert!(count < MOST_SAMPLES, "it does not end");
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

/// Counts what it is given.
struct Counter(usize);

impl Sink for Counter {
    fn take(&mut self, piece: Vec<u8>) -> ControlFlow<()> {
        assert!(!piece.is_empty(), "a piece of nothing");
        self.0 += piece.len();
        assert!(self.0 < MOST_BYTES, "the stream does not end");
        ControlFlow::Continue(())
    }
}

/// Makes a stream of it; `choice` says of which kind and of which part.
pub(crate) fn transcode(bytes: Vec<u8>, choice: u32) -> usize {
    let Ok(mut decoder) = Decoder::open(Cursor::new(bytes)) else { return 0 };
    let targets = [
        Target::Wav { bits: 16 },
        Target::Flac { bits: 24 },
        Target::FlacMp4 { bits: 16 },
        Target::Opus { bitrate: 96_000 },
        Target::OpusMp4 { bitrate: 64_000 },
        Target::Mp3 { rate: Mp3Rate::Constant(128) },
        Target::Mp3 { rate: Mp3Rate::Variable(4) },
        Target::OpusSegment { bitrate: 96_000, is_last: true },
    ];
    let bits = |from: u32, count: u32| (choice >> from) & ((1 << count) - 1);
    let start = u64::from(bits(3, 8)) * 511;
    let transcode = Transcode {
        start,
        end: (bits(11, 1) == 1).then(|| start + u64::from(bits(12, 8)) * 997),
        gain: (bits(20, 1) == 1).then(|| Gain::from_decibels(12.0)),
        most_rate: (bits(21, 1) == 1).then_some(32_000),
        most_channels: [1, 2, 8, 8][bits(22, 2) as usize],
        ..Transcode::new(targets[bits(0, 3) as usize % targets.len()])
    };
    let promised = transcode.promised_bytes(decoder.facts());
    let mut counter = Counter(0);
    let ended = transcode.run(&mut decoder, &mut counter);
    if let (Some(promised), Ok(hexachord_audio::Ended::Complete)) = (promised, ended) {
        assert_eq!(counter.0 as u64, promised, "{transcode:?}");
    }
    counter.0
}
