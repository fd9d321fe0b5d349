//! Transcodes anything into every format.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: hexachord_audio_fuzz::abort_at_own_panics(),
    |input: &[u8]| hexachord_audio_fuzz::transcode(input)
);
