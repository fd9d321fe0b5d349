//! Transcodes anything into every format.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| hexachord_audio_fuzz::transcode(input));
