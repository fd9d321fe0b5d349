//! Audio files as Hexachord sees them: what a file holds (found by content, never by its name), the
//! fingerprint that recognises the same audio after a retag, a rename or a move, and the way from
//! samples to streams that can be heard everywhere.

mod aiff;
mod crc;
mod decode;
mod dsp;
mod encode;
mod error;
mod fingerprint;
mod flac;
mod format;
mod layout;
mod measure;
mod mp3;
mod mp4;
mod ogg;
mod pack;
mod payload;
mod pipeline;
mod probe;
mod source;
mod tags;
mod wav;
mod wavpack;

pub use decode::{AudioFacts, DecodeError, Decoder};
pub use dsp::gain::Gain;
pub use encode::{
    Encode, EncodeError, Flac, FlacSegment, FlacSettings, MP3_WARM_UP, Mp3, Mp3Rate, Mp3Settings,
    Mp4Flac, Mp4Opus, OPUS_FRAME, OPUS_RATE, OPUS_SEGMENT_WARM_UP, OPUS_WARM_UP, OggOpus,
    OpusSegment, OpusSettings, Wav, WavSettings,
};
pub use error::ProbeError;
pub use fingerprint::{FINGERPRINT_VERSION, Fingerprint};
pub use format::{Codec, Container, file_ending};
pub use layout::Layout;
pub use measure::{
    Blocks, Features, Finding, Loudness, Measure, MeasureError, MeasureKind, Waveform,
};
pub use pipeline::{Ended, Sink, StreamFacts, Target, Transcode, TranscodeError};
pub use probe::{Probe, probe};
pub use source::Scratch;
