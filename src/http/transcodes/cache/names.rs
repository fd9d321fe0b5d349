//! Names of files in the folder of streams.

use std::fmt;

/// What a stream is, as a hash of its recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub [u8; 16]);

/// What a name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Finished { key: Key, len: u64 },
    Unfinished,
}

impl Key {
    pub(super) fn finished(self, len: u64) -> String {
        format!("{self}-{len}.stream")
    }

    pub(super) fn part(self, number: u64) -> String {
        format!("{self}-{number}.part")
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl Named {
    /// `None` for what is not ours.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (key, rest) = name.split_once('-')?;
        let (number, kind) = rest.split_once('.')?;
        let key = Key(u128::from_str_radix(key, 16).ok()?.to_be_bytes());
        let len = number.parse().ok()?;
        let (named, written) = match kind {
            "stream" => (Self::Finished { key, len }, key.finished(len)),
            "part" => (Self::Unfinished, key.part(len)),
            _ => return None,
        };
        (written == name).then_some(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_inside() {
        let key = Key([0x0A; 16]);
        let finished = key.finished(7);
        assert_eq!(finished, "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a-7.stream");
        assert_eq!(Named::parse(&finished), Some(Named::Finished { key, len: 7 }));
        assert_eq!(Named::parse(&key.part(3)), Some(Named::Unfinished));
        for foreign in [
            "",
            "notes.txt",
            "a-b.stream",
            "0a-7.stream",
            ".stream",
            "0a0a-7.part",
            "0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A-7.stream",
            "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a-07.stream",
            "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a-+7.stream",
            "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a-7.stream.bak",
            "+a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a-7.stream",
        ] {
            assert_eq!(Named::parse(foreign), None, "{foreign}");
        }
    }
}
