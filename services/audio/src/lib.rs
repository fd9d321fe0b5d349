//! Audio files as Hexachord sees them: what a file holds (found by content, never by its name) and
//! the fingerprint that recognises the same audio after a retag, a rename or a move.

mod aiff;
mod error;
mod fingerprint;
mod flac;
mod format;
mod mp3;
mod mp4;
mod ogg;
mod payload;
mod probe;
mod source;
mod tags;
mod wav;

pub use error::ProbeError;
pub use fingerprint::{FINGERPRINT_VERSION, Fingerprint};
pub use format::{Codec, Container};
pub use probe::{Probe, probe};
pub use source::Scratch;
