//! Pictures: patterns of names, each list with what it is for.

use serde::{Deserialize, Deserializer, de::Error};

use crate::wiring::{PatternsOf, PicturePatterns};

fn patterns<'de, D: Deserializer<'de>>(
    of: PatternsOf,
    from: D,
) -> Result<PicturePatterns, D::Error> {
    let written = Vec::<String>::deserialize(from)?;
    PicturePatterns::parse(of, &written).map_err(D::Error::custom)
}

pub(super) fn tracks<'de, D: Deserializer<'de>>(from: D) -> Result<PicturePatterns, D::Error> {
    patterns(PatternsOf::Tracks, from)
}

pub(super) fn discs<'de, D: Deserializer<'de>>(from: D) -> Result<PicturePatterns, D::Error> {
    patterns(PatternsOf::Discs, from)
}

pub(super) fn albums<'de, D: Deserializer<'de>>(from: D) -> Result<PicturePatterns, D::Error> {
    patterns(PatternsOf::Albums, from)
}

pub(super) fn artists<'de, D: Deserializer<'de>>(from: D) -> Result<PicturePatterns, D::Error> {
    patterns(PatternsOf::Artists, from)
}
