//! Kinds of measures, and since when each is measured as it is.

use serde::{Deserialize, Serialize};

/// A kind of measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MeasureKind {
    Loudness,
    Waveform,
    Features,
}

impl MeasureKind {
    pub const ALL: [Self; 3] = [Self::Loudness, Self::Waveform, Self::Features];

    /// The version of all kinds together: that of the newest.
    pub const VERSION: u8 = {
        let (mut newest, mut kind) = (0, 0);
        while kind < Self::ALL.len() {
            let since = Self::ALL[kind].since();
            newest = if since > newest { since } else { newest };
            kind += 1;
        }
        newest
    };

    /// The [`VERSION`](Self::VERSION) with which it became what it is: one more than the last for a new
    /// kind, or for one that is measured in another way.
    const fn since(self) -> u8 {
        match self {
            Self::Loudness | Self::Waveform => 1,
            Self::Features => 2,
        }
    }

    /// What is missing where all was measured with an older version.
    pub fn newer_than(version: u8) -> Vec<Self> {
        Self::ALL.into_iter().filter(|kind| kind.since() > version).collect()
    }
}
