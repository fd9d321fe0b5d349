//! Decodes anything, from the start and from a place.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: hexachord_audio_fuzz::abort_at_own_panics(),
    |input: &[u8]| hexachord_audio_fuzz::decode(input)
);
