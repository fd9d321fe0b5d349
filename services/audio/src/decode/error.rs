//! Why a file cannot be decoded, in words for a listener.

use std::io;

/// Why there is no more audio.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The content is none of the formats that are looked for.
    #[error("not an audio file Hexachord knows")]
    Unknown,
    /// A known format or coding that Hexachord does not play; names it.
    #[error("not supported: {0}")]
    Unsupported(&'static str),
    /// Headers are missing or make no sense; says which.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// A long stretch of the file holds nothing that can be decoded.
    #[error("damaged: nothing to hear for a long stretch")]
    Lost,
    /// The operating system could not read the file.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[source] io::Error),
}

impl From<io::Error> for DecodeError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // What may be read without hearing anything is used up.
            io::ErrorKind::QuotaExceeded => Self::Lost,
            _ => Self::Unreadable(error),
        }
    }
}
