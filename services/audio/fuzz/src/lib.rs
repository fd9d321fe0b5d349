//! What the fuzz targets do. They stand beside the workspace, and are run by cargo-fuzz (or another
//! driver of libFuzzer) in the folder `services/audio`, in their own target folder.
//!
//! `cargo run --manifest-path fuzz/Cargo.toml --example seeds` first: it writes small files of every
//! format to `fuzz/corpus`. Then `cargo +nightly fuzz run decode` (or `transcode`) with a nightly
//! compiler, and with a stable one `RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none decode`; limits as
//! `-- -timeout=10 -rss_limit_mb=2048` show what hangs and what takes too much memory.

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

/// Ends the process at every panic of our code, also where something would catch it. Those of other
/// people's decoders are what the nets under them are for: only what falls through counts.
pub fn abort_at_own_panics() {
    // The fuzzer's hook ends the process at any panic; without it the standard one is back.
    drop(std::panic::take_hook());
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        print(panic);
        let is_own = panic.location().is_some_and(|place| {
            let file = place.file();
            !file.contains("registry/src") && !file.starts_with("/rustc/")
        });
        if is_own {
            std::process::abort();
        }
    }));
}

/// A number that chooses what is done, and the file behind it.
fn split(input: &[u8]) -> (u32, &[u8]) {
    input.split_first_chunk().map_or((0, input), |(first, rest)| (u32::from_le_bytes(*first), rest))
}
