//! Streams of ours read by decoders that others wrote, and files that they made read by ours. They
//! are not needed for `cargo test`; with `-- --ignored` a missing program fails its test.
#![cfg(test)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "numbers of channels and of frames are small here"
)]

#[path = "../../fuzz/src/attack.rs"]
mod attack;
mod decode;
mod files;
mod hearing;
mod hostile;
mod joins;
mod loudness;
mod mp3;
mod opus;
mod pipeline;
mod programs;
mod signals;
