//! Containers: coded packets into streams of bytes.

pub(crate) mod ogg;
