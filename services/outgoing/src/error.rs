//! Why nothing was fetched.

/// Sentences for whoever gave the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    #[error("`{0}` is not an address of the web: write it like https://example.org/feed.xml")]
    NotAnAddress(String),
    #[error("the address is longer than {most} characters")]
    TooLong { most: usize },
    #[error("`{0}` addresses are not fetched: only http and https are")]
    Scheme(String),
    #[error("the address holds a name or a password: such addresses are not fetched")]
    UserInfo,
    #[error(
        "{host} is an address inside a network or of this machine: it is not fetched unless outgoing.allowed_networks names its network"
    )]
    Inside { host: String },
    #[error("{host} is not known: {reason}")]
    Unresolved { host: String, reason: String },
    #[error("{host} cannot be reached: {reason}")]
    Unreachable { host: String, reason: String },
    #[error("{host} does not answer in time")]
    TooSlow { host: String },
    #[error("{host} does not prove who it is: {reason}")]
    Unproven { host: String, reason: String },
    #[error("{host} answers with something else than HTTP: {reason}")]
    NotHttp { host: String, reason: String },
    #[error("{host} sends from one address to the next more than {most} times")]
    TooManyRedirects { host: String, most: usize },
    #[error("what {host} sends is larger than {most} bytes")]
    TooLarge { host: String, most: u64 },
    #[error("what {host} sends breaks off: {reason}")]
    BrokenOff { host: String, reason: String },
    #[error("{host} sends something that cannot be unpacked: {reason}")]
    NotUnpacked { host: String, reason: String },
}
