//! Decodes anything, from the start and from a place.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| hexachord_audio_fuzz::decode(input));
