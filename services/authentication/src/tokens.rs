//! Session tokens and device keys: long random text of which only a hash is kept.
//!
//! A password needs a slow hash because people choose it; 192 random bits and more do not.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hexachord_contracts::authentication::Secret;

/// BLAKE3 of a credential's text: what is stored, and what is looked up.
pub(crate) type TokenHash = [u8; 32];

pub(crate) fn session_token(random: [u8; 32]) -> Secret {
    Secret::new(format!("hxs_{}", BASE64_URL_SAFE_NO_PAD.encode(random)))
}

/// What every device key begins with.
pub(crate) const DEVICE_KEY: &str = "hxk_";

pub(crate) fn device_key(random: [u8; 24]) -> Secret {
    Secret::new(format!("{DEVICE_KEY}{}", BASE64_URL_SAFE_NO_PAD.encode(random)))
}

pub(crate) fn hash(text: &str) -> TokenHash {
    *blake3::hash(text.as_bytes()).as_bytes()
}
