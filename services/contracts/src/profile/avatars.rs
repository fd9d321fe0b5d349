//! The pictures that accounts show of themselves.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Timestamp, ids::AccountId};

/// The account's picture from now on.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetAvatar {
    /// A JPEG that whoever took it in has made: of at most [`Picture::MOST_BYTES`].
    pub picture: Picture,
}

/// Refused when there is none.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveAvatar {}

/// The picture of any account of the house, for every account; `None` when it shows none.
#[derive(Debug, Serialize, Deserialize)]
pub struct GetAvatar {
    pub account: AccountId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Avatar {
    pub picture: Picture,
    pub changed_at: Timestamp,
}

/// The bytes of a small JPEG: base64 in JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(pub Vec<u8>);

impl Picture {
    /// It stays well below the size of a message.
    pub const MOST_BYTES: usize = 256 * 1024;
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} bytes)", self.0.len())
    }
}

impl Serialize for Picture {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            to.serialize_str(&BASE64_STANDARD.encode(&self.0))
        } else {
            to.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Picture {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            let text = String::deserialize(from)?;
            BASE64_STANDARD.decode(text).map(Self).map_err(de::Error::custom)
        } else {
            Vec::deserialize(from).map(Self)
        }
    }
}
