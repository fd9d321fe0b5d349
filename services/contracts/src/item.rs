//! What a listener can love, rate and play: a track, an album or an artist.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

use crate::ids::{AlbumId, ArtistId, NotAnId, TrackId};

/// The id of one of the three kinds. Its text is that of the id inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemId {
    Track(TrackId),
    Album(AlbumId),
    Artist(ArtistId),
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    Track,
    Album,
    Artist,
}

impl ItemKind {
    pub const ALL: [Self; 3] = [Self::Track, Self::Album, Self::Artist];
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Track => "track",
            Self::Album => "album",
            Self::Artist => "artist",
        })
    }
}

impl ItemId {
    pub fn new(kind: ItemKind, number: u64) -> Self {
        match kind {
            ItemKind::Track => Self::Track(TrackId(number)),
            ItemKind::Album => Self::Album(AlbumId(number)),
            ItemKind::Artist => Self::Artist(ArtistId(number)),
        }
    }

    pub fn kind(self) -> ItemKind {
        match self {
            Self::Track(_) => ItemKind::Track,
            Self::Album(_) => ItemKind::Album,
            Self::Artist(_) => ItemKind::Artist,
        }
    }

    pub fn number(self) -> u64 {
        match self {
            Self::Track(id) => id.0,
            Self::Album(id) => id.0,
            Self::Artist(id) => id.0,
        }
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Track(id) => id.fmt(f),
            Self::Album(id) => id.fmt(f),
            Self::Artist(id) => id.fmt(f),
        }
    }
}

impl FromStr for ItemId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let of_kind = || {
            Some(match text.split_once('-')?.0 {
                TrackId::PREFIX => Self::Track(text.parse().ok()?),
                AlbumId::PREFIX => Self::Album(text.parse().ok()?),
                ArtistId::PREFIX => Self::Artist(text.parse().ok()?),
                _ => return None,
            })
        };
        let not_one = || NotAnId {
            kind: "a track, an album or an artist",
            text: text.chars().take(64).collect(),
        };
        of_kind().ok_or_else(not_one)
    }
}

impl Serialize for ItemId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            to.collect_str(self)
        } else {
            (self.kind(), self.number()).serialize(to)
        }
    }
}

impl<'de> Deserialize<'de> for ItemId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            return String::deserialize(from)?.parse().map_err(de::Error::custom);
        }
        let (kind, number) = Deserialize::deserialize(from)?;
        Ok(Self::new(kind, number))
    }
}

impl utoipa::PartialSchema for ItemId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("The id of a track, an album or an artist."))
            .pattern(Some("^(tr|al|ar)-[0-9a-hjkmnp-tv-z]{13}$"))
            .build()
            .into()
    }
}

impl ToSchema for ItemId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for kind in ItemKind::ALL {
            let item = ItemId::new(kind, 42);
            assert_eq!((item.kind(), item.number()), (kind, 42));
            assert_eq!(item.to_string().parse::<ItemId>(), Ok(item));
            let json = serde_json::to_string(&item).unwrap();
            assert_eq!(serde_json::from_str::<ItemId>(&json).unwrap(), item);
        }
    }

    #[test]
    fn other_ids_are_refused() {
        for text in ["", "tr-", "pl-0000000000001", "tr-00000000000001", "x"] {
            let error = text.parse::<ItemId>().unwrap_err().to_string();
            assert_eq!(error, format!("`{text}` is not the id of a track, an album or an artist"));
        }
    }
}
