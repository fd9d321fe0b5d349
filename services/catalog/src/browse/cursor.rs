//! Opaque text for a place to read on at.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// No key is longer; longer text is refused before it is decoded.
const LONGEST: usize = 8 * 1024;

pub(crate) fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a cursor; `None` for other text.
pub(crate) fn decoded(text: &str) -> Option<Vec<u8>> {
    let text = Some(text).filter(|text| text.len() <= LONGEST)?;
    URL_SAFE_NO_PAD.decode(text).ok()
}
