//! Refusals in the words of the service, and what stops a write.

use hexachord_contracts::{
    ids::AccountId,
    item::{ItemId, ItemKind},
    profile::ProfileError,
};
use hexachord_storage::StoreError;

/// What a job on the store answers: a value, or a refusal.
pub(crate) type Answer<T> = Result<Refusable<T>, StoreError>;
pub(crate) type Refusable<T> = Result<T, ProfileError>;

/// Why a write did not take place; nothing was inserted.
#[derive(Debug)]
pub(crate) enum Stop {
    Refused(ProfileError),
    /// The projection does not know these items: the catalog may.
    Unknown(Vec<ItemId>),
    /// The account is not known: authentication may know it.
    Stranger(AccountId),
    Failed(StoreError),
}

impl From<ProfileError> for Stop {
    fn from(error: ProfileError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

pub(crate) fn invalid(field: &str, reason: impl Into<String>) -> ProfileError {
    ProfileError::Invalid { field: field.to_owned(), reason: reason.into() }
}

pub(crate) fn no_such(what: &str) -> ProfileError {
    ProfileError::NotFound { what: what.to_owned() }
}

pub(crate) fn no_such_playlist() -> ProfileError {
    no_such("playlist")
}

pub(crate) fn no_such_item(kind: ItemKind) -> ProfileError {
    ProfileError::NotFound { what: kind.to_string() }
}

/// What a caller hears of a store that failed.
pub(crate) fn refusal(error: StoreError) -> ProfileError {
    match error {
        StoreError::DiskFull => ProfileError::DiskFull,
        StoreError::Busy => ProfileError::Busy,
        other => ProfileError::Storage(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_full_queue_are_told_apart_from_the_rest() {
        assert_eq!(refusal(StoreError::DiskFull), ProfileError::DiskFull);
        assert_eq!(refusal(StoreError::Busy), ProfileError::Busy);
        let damaged = refusal(StoreError::Damaged("PlayRow: empty".to_owned()));
        assert!(matches!(damaged, ProfileError::Storage(text) if text.contains("PlayRow")));
    }
}
