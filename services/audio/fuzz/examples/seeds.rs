//! Writes small files of every format to `fuzz/corpus`, for the fuzzer to begin with.

use std::fs;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

use hexachord_audio::{Decoder, Mp3Rate, Sink, Target, Transcode};
use hexachord_fixtures::{Format, Piece, mangle};

/// Coded frames of a file made by hand.
const FRAMES: usize = 6;
/// Larger ones hold a fuzzer up.
const MOST_BYTES: usize = 16 * 1024;

/// All pieces of a stream.
struct Stream(Vec<u8>);

impl Sink for Stream {
    fn take(&mut self, piece: Vec<u8>) -> ControlFlow<()> {
        self.0.extend(piece);
        ControlFlow::Continue(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let piece = |format| Piece { frames: FRAMES, ..Piece::new(format, 8) };
    // Kinds of AAC and WavPack that nothing here encodes.
    let encoded = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/sound/files");
    let mut files: Vec<Vec<u8>> = Vec::new();
    for entry in fs::read_dir(encoded)? {
        files.push(fs::read(entry?.path())?);
    }
    for format in Format::ALL {
        let piece = piece(format);
        files.extend(mangle::all(&piece).into_iter().map(|(_name, bytes)| bytes));
        files.push(piece.bytes());
    }
    for target in [
        Target::Wav { bits: 24 },
        Target::Flac { bits: 16 },
        Target::FlacMp4 { bits: 16 },
        Target::Opus { bitrate: 64_000 },
        Target::OpusMp4 { bitrate: 64_000 },
        Target::Mp3 { rate: Mp3Rate::Constant(128) },
        Target::Mp3 { rate: Mp3Rate::Variable(4) },
    ] {
        let mut decoder = Decoder::open(Cursor::new(piece(Format::Flac).bytes()))?;
        let mut stream = Stream(Vec::new());
        let transcode = Transcode { end: Some(4_000), ..Transcode::new(target) };
        transcode.run(&mut decoder, &mut stream)?;
        files.push(stream.0);
    }
    files.retain(|file| file.len() <= MOST_BYTES);
    for name in ["decode", "transcode"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        fs::create_dir_all(&folder)?;
        for (number, file) in files.iter().enumerate() {
            // Every kind of stream, and parts of it.
            let choice = u32::try_from(number)?.wrapping_mul(0x0012_3457);
            let seed = [&choice.to_le_bytes(), &**file].concat();
            fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
    }
    Ok(())
}
