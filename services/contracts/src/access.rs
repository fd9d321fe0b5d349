//! Which libraries an account may see.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, OneOfBuilder, RefOr, Schema, schema::Type},
};

use crate::ids::LibraryId;

/// The libraries an account may see. In JSON `"all"`, or a list of ids.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LibraryAccess {
    All,
    Only(Arc<[LibraryId]>),
}

impl LibraryAccess {
    pub fn allows(&self, library: LibraryId) -> bool {
        match self {
            Self::All => true,
            Self::Only(libraries) => libraries.contains(&library),
        }
    }
}

/// How it is written in JSON.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Readable {
    Word(String),
    Only(Arc<[LibraryId]>),
}

impl Serialize for LibraryAccess {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let only = match self {
            Self::All => None,
            Self::Only(libraries) => Some(libraries),
        };
        match only {
            only if !to.is_human_readable() => only.serialize(to),
            Some(libraries) => libraries.serialize(to),
            None => to.serialize_str("all"),
        }
    }
}

impl<'de> Deserialize<'de> for LibraryAccess {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if !from.is_human_readable() {
            return Ok(Option::deserialize(from)?.map_or(Self::All, Self::Only));
        }
        match Readable::deserialize(from) {
            Ok(Readable::Word(word)) if word == "all" => Ok(Self::All),
            Ok(Readable::Only(libraries)) => Ok(Self::Only(libraries)),
            _ => Err(D::Error::custom("expected \"all\" or a list of library ids")),
        }
    }
}

impl PartialSchema for LibraryAccess {
    fn schema() -> RefOr<Schema> {
        let all = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["all"]));
        let only = ArrayBuilder::new().items(LibraryId::schema());
        Schema::OneOf(OneOfBuilder::new().item(all).item(only).build()).into()
    }
}

impl ToSchema for LibraryAccess {}
