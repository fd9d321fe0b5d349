//! The search service.
