//! Encoders: frames of samples in, a stream of bytes out, as soon as a piece of it is complete.

mod flac;
mod mp3;
mod mp4_flac;
mod mp4_opus;
mod ogg_opus;
mod opus;
mod segment;
mod wav;

pub use flac::{Flac, FlacSettings};
pub use mp3::{MP3_WARM_UP, Mp3, Mp3Rate, Mp3Settings};
pub use mp4_flac::Mp4Flac;
pub use mp4_opus::Mp4Opus;
pub use ogg_opus::OggOpus;
pub use opus::{OPUS_FRAME, OPUS_RATE, OPUS_SEGMENT_WARM_UP, OPUS_WARM_UP, OpusSettings};
pub use segment::{FlacSegment, OpusSegment};
pub use wav::{Wav, WavSettings};

/// Makes a stream of bytes from samples.
pub trait Encode: Send {
    /// Takes whole frames, interleaved in the layout's order, and appends the bytes that are ready.
    fn encode(&mut self, frames: &[f32], out: &mut Vec<u8>) -> Result<(), EncodeError>;

    /// Appends the bytes that end the stream. Nothing may be encoded afterwards.
    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError>;
}

/// Why audio cannot be encoded.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The format has no place for such audio; says what to change.
    #[error("cannot be encoded: {0}")]
    Unsupported(&'static str),
    /// The coder failed: never seen with valid input.
    #[error("the {coder} encoder failed with code {code}")]
    Failed { coder: &'static str, code: i32 },
}
