//! Stored values: one byte of version, then postcard.

use hexachord_contracts::steady::Moment;
use serde::{Serialize, de::DeserializeOwned};

use crate::StoreError;

/// A value of a table. A changed shape gets a new version and reads the older ones.
pub trait Record: Serialize + DeserializeOwned {
    /// Written before the value.
    const VERSION: u8;

    /// Reads the body of an older version; `None` when that version is not known.
    fn from_older(_version: u8, _body: &[u8]) -> Option<Self> {
        None
    }

    fn to_bytes(&self) -> Result<Vec<u8>, StoreError> {
        postcard::to_extend(self, vec![Self::VERSION])
            .map_err(|error| StoreError::Failed(format!("a value cannot be encoded: {error}")))
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let what = std::any::type_name::<Self>();
        match bytes.split_first() {
            Some((&version, body)) if version == Self::VERSION => postcard::from_bytes(body)
                .map_err(|error| StoreError::Damaged(format!("{what}: {error}"))),
            Some((&version, body)) => Self::from_older(version, body)
                .ok_or_else(|| StoreError::Damaged(format!("{what}: unknown version {version}"))),
            None => Err(StoreError::Damaged(format!("{what}: empty"))),
        }
    }
}

/// The last look at the clock, which services keep to count on from.
impl Record for Moment {
    const VERSION: u8 = 1;
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Second {
        name: String,
        plays: u32,
    }

    impl Record for Second {
        const VERSION: u8 = 2;
        fn from_older(version: u8, body: &[u8]) -> Option<Self> {
            let name = (version == 1).then(|| postcard::from_bytes(body).ok())??;
            Some(Self { name, plays: 0 })
        }
    }

    #[test]
    fn reads_its_own_and_the_older_version() {
        let now = Second { name: "So What".into(), plays: 3 };
        assert_eq!(Second::from_bytes(&now.to_bytes().unwrap()).unwrap(), now);
        let old = postcard::to_extend("So What", vec![1]).unwrap();
        assert_eq!(Second::from_bytes(&old).unwrap(), Second { plays: 0, ..now });
    }

    #[test]
    fn names_what_is_damaged() {
        for bytes in [&[][..], &[2], &[9, 0], &[2, 0xff, 0xff]] {
            let error = Second::from_bytes(bytes).unwrap_err();
            assert!(matches!(error, StoreError::Damaged(what) if what.contains("Second")));
        }
    }
}
