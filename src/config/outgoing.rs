//! Networks that outgoing requests may reach although they are inside.

use hexachord_outgoing::Network;
use serde::{Deserialize, Deserializer, de::Error};

pub(super) fn networks<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Network>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
}
