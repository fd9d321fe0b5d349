//! A new device key as its owner is told of it, this once: with all that an app asks for, and a code to
//! scan.

use hexachord_contracts::authentication::NewDeviceKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{percent::percent_encoded, qr::Qr};

/// The page that tells people how apps get in, and that shows a key which came with its address.
pub const PAGE: &str = "/keys";

/// Not shown by `Debug`: the link and the code hold the key.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct AppKey {
    #[serde(flatten)]
    pub key: NewDeviceKey,
    /// What an app asks for as the server's address.
    pub address: String,
    pub username: String,
    /// A page of this server that shows address, username and key to be copied. They stand behind its
    /// `#`, which browsers keep to themselves.
    pub link: String,
    /// `link` as a QR code, SVG; absent when it is too long for one.
    pub qr: Option<String>,
}

impl AppKey {
    pub fn new(key: NewDeviceKey, address: String, username: String) -> Self {
        let (user, secret) = (percent_encoded(&username), percent_encoded(key.secret.reveal()));
        let link = format!("{address}{PAGE}#user={user}&key={secret}");
        let qr = Qr::of(&link).map(|qr| qr.svg());
        Self { key, address, username, link, qr }
    }
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::{Timestamp, authentication::Secret, ids::DeviceKeyId};

    use super::*;

    #[test]
    fn the_link_is_in_one_piece() {
        let key = NewDeviceKey {
            id: DeviceKeyId(1),
            label: "app".to_owned(),
            created_at: Timestamp::from_millis(0),
            secret: Secret::new("hxk_a-b_c"),
        };
        let made = AppKey::new(key, "https://h".to_owned(), "Guido & ré#".to_owned());
        assert_eq!(made.link, "https://h/keys#user=Guido%20%26%20r%C3%A9%23&key=hxk_a-b_c");
        assert!(made.qr.is_some());
    }
}
