//! Ids: numbers inside, opaque prefixed text at the edge (`tr-0a1b2c3d4e5f6`).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Crockford's base 32 in lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 13 digits of 5 bits hold 64 bits.
const DIGITS: usize = 13;

/// Text that is not an id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not the id of {kind}")]
pub struct NotAnId {
    pub kind: &'static str,
    pub text: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $kind:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl $name {
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_id($prefix, self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                read_id($prefix, text).map(Self).ok_or_else(|| NotAnId {
                    kind: $kind,
                    text: text.chars().take(64).collect(),
                })
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                id_schema($prefix, $kind).into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                if to.is_human_readable() { to.collect_str(self) } else { self.0.serialize(to) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                if from.is_human_readable() {
                    String::deserialize(from)?.parse().map_err(de::Error::custom)
                } else {
                    u64::deserialize(from).map(Self)
                }
            }
        }
    };
}

id!(AccountId, "ac", "an account");
id!(SessionId, "se", "a session");
id!(DeviceKeyId, "dk", "a device key");
id!(InviteId, "in", "an invite");
id!(LibraryId, "li", "a library");
id!(TrackId, "tr", "a track");
id!(AlbumId, "al", "an album");
id!(ArtistId, "ar", "an artist");
id!(GenreId, "ge", "a genre");
id!(MixId, "mx", "a mix");
id!(EditId, "ed", "an edit");
id!(PodcastId, "pc", "a podcast");
id!(EpisodeId, "ep", "an episode");
id!(PlaylistId, "pl", "a playlist");
id!(PlayId, "py", "a play");
id!(ShareId, "sh", "a share");
id!(RadioStationId, "rs", "a radio station");
id!(PlanId, "pn", "a plan");
id!(SubscriptionId, "su", "a subscription");
id!(PaymentId, "pa", "a payment");

fn id_schema(prefix: &str, kind: &str) -> utoipa::openapi::Schema {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .description(Some(format!("The id of {kind}.")))
        .pattern(Some(format!("^{prefix}-[0-9a-hjkmnp-tv-z]{{{DIGITS}}}$")))
        .build()
        .into()
}

fn write_id(prefix: &str, number: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut digits = [0_u8; DIGITS];
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest & 31) as usize];
        rest >>= 5;
    }
    write!(f, "{prefix}-{}", str::from_utf8(&digits).map_err(|_not_ascii| fmt::Error)?)
}

fn read_id(prefix: &str, text: &str) -> Option<u64> {
    let digits = text.strip_prefix(prefix)?.strip_prefix('-')?.as_bytes();
    if digits.len() != DIGITS {
        return None;
    }
    let number = digits.iter().try_fold(0_u128, |number, digit| {
        let value = ALPHABET.iter().position(|known| known == digit)?;
        Some(number << 5 | value as u128)
    })?;
    u64::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_number_are_one_to_one() {
        for number in [0, 1, 31, 32, u64::MAX, 0x0123_4567_89ab_cdef] {
            let id = TrackId(number);
            assert_eq!(id.to_string().parse::<TrackId>().unwrap(), id);
        }
        assert_eq!(TrackId(0).to_string(), "tr-0000000000000");
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "tr-", "tr-0", "al-0000000000000", "tr-000000000000u", "tr-zzzzzzzzzzzzz"]
        {
            assert!(text.parse::<TrackId>().is_err(), "{text}");
        }
        let error = "x".parse::<TrackId>().unwrap_err();
        assert_eq!(error.to_string(), "`x` is not the id of a track");
    }

    #[test]
    fn json_has_text() {
        assert_eq!(serde_json::to_string(&AlbumId(1)).unwrap(), "\"al-0000000000001\"");
    }
}
