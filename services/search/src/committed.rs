//! What a commit says of itself besides its documents.

use hexachord_contracts::feed::FeedCursor;
use serde::{Deserialize, Serialize};

use crate::schema::VERSION;

/// Whose feed it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Catalog,
    Profile,
}

/// The payload of a commit, in JSON: of one commit with the documents it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Committed {
    version: u32,
    catalog: Told,
    profile: Told,
}

/// How much of one feed is in the index.
///
/// Every run over a snapshot is a *telling* with a number of its own, which its documents carry.
/// So what an earlier telling left can be found until the new one is complete, and is removed then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Absent from the begin of a telling to its end.
    pub(crate) cursor: Option<FeedCursor>,
    /// Documents are of tellings from `complete` to `telling`.
    pub(crate) telling: u64,
    pub(crate) complete: u64,
}

/// What stands in a commit: a flipped bit in it is noticed.
#[derive(Serialize, Deserialize)]
struct Payload {
    committed: Committed,
    checksum: u64,
}

impl Source {
    /// What the documents of one telling have in common.
    pub(crate) fn telling(self, number: u64) -> String {
        match self {
            Self::Catalog => format!("catalog-{number}"),
            Self::Profile => format!("profile-{number}"),
        }
    }
}

impl Default for Committed {
    fn default() -> Self {
        Self { version: VERSION, catalog: Told::default(), profile: Told::default() }
    }
}

impl Committed {
    pub(crate) fn told(&self, source: Source) -> &Told {
        match source {
            Source::Catalog => &self.catalog,
            Source::Profile => &self.profile,
        }
    }

    pub(crate) fn told_mut(&mut self, source: Source) -> &mut Told {
        match source {
            Source::Catalog => &mut self.catalog,
            Source::Profile => &mut self.profile,
        }
    }

    /// Everything was told once.
    pub(crate) fn is_complete(&self) -> bool {
        [Source::Catalog, Source::Profile].iter().all(|source| self.told(*source).complete > 0)
    }

    pub(crate) fn to_payload(self) -> Result<String, serde_json::Error> {
        let checksum = checksum(&serde_json::to_vec(&self)?);
        serde_json::to_string(&Payload { committed: self, checksum })
    }

    /// `None` when it is damaged.
    pub(crate) fn from_payload(payload: &str) -> Option<Self> {
        let Payload { committed, checksum: expected } = serde_json::from_str(payload).ok()?;
        let found = checksum(&serde_json::to_vec(&committed).ok()?);
        (found == expected).then_some(committed)
    }

    /// Whether it was written by this version.
    pub(crate) fn is_current(&self) -> bool {
        self.version == VERSION
    }
}

/// FNV-1a: against bits that flip, not against people.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    let step = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_read_as_it_was_written_or_not_at_all() {
        let mut committed = Committed::default();
        committed.told_mut(Source::Profile).cursor = Some(FeedCursor { epoch: 3, sequence: 17 });
        let payload = committed.to_payload().unwrap();
        assert_eq!(Committed::from_payload(&payload), Some(committed));
        assert_eq!(Committed::from_payload(&payload.replace("17", "18")), None);
        assert_eq!(Committed::from_payload(""), None);
        let other = Committed { version: VERSION + 1, ..committed };
        let read = Committed::from_payload(&other.to_payload().unwrap()).unwrap();
        assert!(committed.is_current() && !read.is_current());
    }
}
