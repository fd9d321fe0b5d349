//! Decoding, converting and encoding, through the public interface, with files made here.
#![cfg(test)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "numbers of channels and of frames are small here"
)]

mod aac;
#[path = "../../fuzz/src/attack.rs"]
mod attack;
mod bytes;
mod crafted;
mod decode;
mod flac;
mod hostile;
mod long;
mod mp3;
mod mp3_segments;
mod opus;
mod parts;
mod pipeline;
mod promises;
mod ranges;
mod support;
mod wav;
mod wavpack;
