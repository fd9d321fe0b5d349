//! Refusals, and what a caller hears of what failed below.

use hexachord_contracts::{pool::PoolError, recommendation::RecommendationError};
use hexachord_storage::StoreError;

pub(crate) fn invalid(field: &str, reason: impl Into<String>) -> RecommendationError {
    RecommendationError::Invalid { field: field.to_owned(), reason: reason.into() }
}

pub(crate) fn not_found(what: &str) -> RecommendationError {
    RecommendationError::NotFound { what: what.to_owned() }
}

/// What a caller hears of work that could not be done.
pub(crate) fn not_done(error: PoolError) -> RecommendationError {
    match error {
        PoolError::Full => RecommendationError::Busy,
        PoolError::Interrupted => RecommendationError::Storage(error.to_string()),
    }
}

/// The same for work on the store.
pub(crate) fn interrupted(error: PoolError) -> StoreError {
    match error {
        PoolError::Full => StoreError::Busy,
        PoolError::Interrupted => StoreError::Interrupted,
    }
}
