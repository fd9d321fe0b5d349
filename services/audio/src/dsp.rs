//! What happens to samples between a decoder and an encoder.

pub(crate) mod quantize;
