//! Why a file could not be probed, in words for a listener.

/// Why a file has no fingerprint.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The content is none of the formats that are looked for.
    #[error("not an audio file Hexachord knows")]
    Unknown,
    /// A known format or coding that Hexachord does not play; names it.
    #[error("not supported: {0}")]
    Unsupported(&'static str),
    /// The file ends before its audio; says where.
    #[error("truncated: {0}")]
    Truncated(&'static str),
    /// Headers contradict each other or the format's specification; says which.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// The operating system could not read the file.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
}
