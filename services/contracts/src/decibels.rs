//! Gains in decibels.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// A gain in hundredths of a decibel; in JSON a number of decibels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decibels(pub i32);

impl Decibels {
    /// The nearest hundredth; `None` for what is no gain of music (beyond ±100 dB, or no number).
    pub fn from_db(db: f64) -> Option<Self> {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 10,000")]
        (db.abs() <= 100.0).then(|| Self((db * 100.0).round() as i32))
    }

    pub fn db(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl Serialize for Decibels {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { self.db().serialize(to) } else { self.0.serialize(to) }
    }
}

impl<'de> Deserialize<'de> for Decibels {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if !from.is_human_readable() {
            return i32::deserialize(from).map(Self);
        }
        let db = f64::deserialize(from)?;
        Self::from_db(db).ok_or_else(|| de::Error::custom("expected a gain of -100 to 100 dB"))
    }
}

impl PartialSchema for Decibels {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Number).description(Some("Decibels.")).into()
    }
}

impl ToSchema for Decibels {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_decibels() {
        let gain = Decibels::from_db(-6.254).unwrap();
        assert_eq!(serde_json::to_string(&gain).unwrap(), "-6.25");
        assert_eq!(serde_json::from_str::<Decibels>("-6.25").unwrap(), gain);
        for none in [f64::NAN, f64::INFINITY, -100.01] {
            assert_eq!(Decibels::from_db(none), None);
        }
    }
}
