//! Containers: coded packets into streams of bytes.

pub(crate) mod mp4;
pub(crate) mod ogg;
