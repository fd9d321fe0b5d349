//! What the fuzz targets do. They stand beside the workspace, and are run by cargo-fuzz in the folder
//! `services/audio`: `cargo +nightly fuzz run decode`, or `transcode`; best with some small files of every
//! format in `fuzz/corpus/decode`.

mod attack;

/// Decodes what a fuzzer made, from the start and from a place.
pub fn decode(input: &[u8]) {
    let (place, bytes) = split(input);
    attack::decode(bytes.to_vec(), u64::from(place));
}

/// Makes a stream of some format of what a fuzzer made.
pub fn transcode(input: &[u8]) {
    let (choice, bytes) = split(input);
    attack::transcode(bytes.to_vec(), choice);
}

/// A number that chooses what is done, and the file behind it.
fn split(input: &[u8]) -> (u32, &[u8]) {
    input.split_first_chunk().map_or((0, input), |(first, rest)| (u32::from_le_bytes(*first), rest))
}
