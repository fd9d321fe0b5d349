//! What happens to samples between a decoder and an encoder.

pub(crate) mod gain;
pub(crate) mod limit;
pub(crate) mod mix;
pub(crate) mod quantize;
pub(crate) mod resample;
